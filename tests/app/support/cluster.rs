//! One private cluster for the whole run, whatever binaries and processes the run is made of.
//!
//! Whoever comes first starts it, and with it a watcher: this same binary again, which waits until
//! no test process is left and then stops the cluster. Processes know of each other by two file
//! locks: `in-use` is shared by all that use the cluster, `starting` is held while one starts it.

use std::env;
use std::fs::{File, OpenOptions, create_dir_all};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cairn::db::embedded::{Cluster, Settings};
use tokio::sync::OnceCell;

/// Set for the watcher, which is this binary run anew.
const WATCHER: &str = "TEST_WATCHER";

/// The cluster as this process uses it.
pub struct TestCluster {
    cluster: Cluster,
    /// Held until the process ends: then the system lets go of it, whatever happened.
    _in_use: File,
}

static CLUSTER: OnceCell<TestCluster> = OnceCell::const_new();

impl TestCluster {
    /// The cluster of this run, started now if nobody has.
    pub async fn get() -> &'static Self {
        CLUSTER.get_or_init(start).await
    }

    /// How to connect to one of its databases.
    pub fn url(&self, database: &str) -> String {
        self.cluster.url(database)
    }

    /// Keeps other processes out while the template is made; until the file is dropped.
    pub fn lock(&self, name: &str) -> File {
        let file = lock_file(name);
        file.lock().expect("a lock on a file of ours");
        file
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("cluster")
}

/// A file that processes of a test run lock against each other.
pub(super) fn lock_file(name: &str) -> File {
    create_dir_all(folder()).expect("a folder below target");
    let path = folder().join(format!("{name}.lock"));
    OpenOptions::new().create(true).truncate(false).write(true).open(path).expect("a lock file")
}

async fn start() -> TestCluster {
    let in_use = lock_file("in-use");
    in_use.lock_shared().expect("a lock on a file of ours");
    let starting = lock_file("starting");
    starting.lock().expect("a lock on a file of ours");
    let settings = Settings { data_dir: folder(), durable: false, options: Vec::new() };
    let mut cluster = Cluster::start(&settings).await.expect("a private Postgres for the tests");
    cluster.ready().await.expect("it answers");
    watch();
    TestCluster { cluster, _in_use: in_use }
}

/// Starts a watcher, which outlives this binary. A second one does no harm: it finds the cluster
/// stopped.
#[expect(clippy::zombie_processes, reason = "the watcher waits for us, not we for it")]
fn watch() {
    let binary = env::current_exe().expect("the path of this binary");
    let name = "support::cluster::the_watcher_stops_the_cluster";
    Command::new(binary)
        .args(["--exact", name, "--nocapture"])
        .env(WATCHER, "1")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .expect("this binary again, as the watcher");
}

/// What the watcher runs; among the other tests it has nothing to do.
#[tokio::test]
async fn the_watcher_stops_the_cluster() {
    if env::var_os(WATCHER).is_none() {
        return;
    }
    let in_use = lock_file("in-use");
    in_use.lock().expect("a lock on a file of ours");
    if let Ok(Some(cluster)) = Cluster::running(&folder()).await {
        cluster.stop().await.expect("the cluster stops");
    }
}
