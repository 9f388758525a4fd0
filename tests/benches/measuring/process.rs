//! What a process costs, as Linux counts it.

use std::collections::HashMap;
use std::fs;

use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// The CPU that the threads of a process had used at some moment, in nanoseconds.
///
/// `/proc/<pid>/stat` counts in hundredths of a second, which is all that a hundred watchers cost
/// in a run; each thread's `schedstat` counts in nanoseconds.
pub(super) struct Cpu {
    process: u32,
    threads: HashMap<String, u64>,
}

impl Cpu {
    /// What was used until now.
    pub(super) fn of(process: u32) -> Self {
        let tasks = fs::read_dir(format!("/proc/{process}/task")).expect("a process");
        let threads = tasks.filter_map(|task| {
            let task = task.ok()?;
            let stat = fs::read_to_string(task.path().join("schedstat")).ok()?;
            let nanoseconds = stat.split(' ').next()?.parse().ok()?;
            Some((task.file_name().to_string_lossy().into_owned(), nanoseconds))
        });
        Self { process, threads: threads.collect() }
    }

    /// Seconds that were used since. What a thread used that has ended meanwhile is not among
    /// them: only idle helpers of the runtime end.
    pub(super) fn since(&self) -> f64 {
        let now = Self::of(self.process).threads;
        let used = |(thread, then): (&String, &u64)| {
            then.saturating_sub(self.threads.get(thread).copied().unwrap_or(0))
        };
        now.iter().map(used).sum::<u64>() as f64 / 1e9
    }
}

/// The memory that a process holds, in KiB.
pub(super) fn memory(process: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("a process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let figure = line.and_then(|line| line.trim().split(' ').next()?.parse().ok());
    figure.expect("its resident memory")
}

/// Raises the soft limit of open files to the hard one: every watcher holds a socket at each end.
pub(super) fn raise_open_files() {
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE).expect("a limit");
    setrlimit(Resource::RLIMIT_NOFILE, hard, hard).expect("a limit that can be raised");
}
