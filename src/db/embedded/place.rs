//! Where a cluster lives: in its data directory, or linked from there.

use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::Error;
use super::owner::Owner;
use crate::values::secret::random;

/// Where clusters of root live when the data directory is in a folder that others cannot enter.
const REACHABLE: &str = "/var/lib/cairn";

/// The longest path of a socket, less its name (sockaddr_un, 108 bytes).
const LONGEST_SOCKET_FOLDER: usize = 85;

/// Where a cluster lives, and who owns it.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// Whom it runs as.
    pub(super) owner: Owner,
    /// The cluster itself; not there before it is whole.
    pub(super) cluster: PathBuf,
    /// The folder of its socket.
    pub(super) sockets: PathBuf,
    /// The programs of Postgres that were fetched for it.
    pub(super) binaries: PathBuf,
    /// What its Postgres said since it was started last.
    pub(super) log: PathBuf,
}

impl Place {
    /// The place of a data directory, which is made if need be.
    ///
    /// # Errors
    /// A folder that cannot be made.
    pub(super) fn of(data_dir: &Path) -> Result<Self, Error> {
        fs::create_dir_all(data_dir)?;
        let owner = Owner::find()?;
        let home = home(&owner, &fs::canonicalize(data_dir)?)?;
        Ok(Self {
            cluster: home.join("cluster"),
            sockets: socket_folder(&home),
            binaries: home.join("binaries"),
            log: home.join("postgres.log"),
            owner,
        })
    }

    /// The major version that the cluster was made by, as Postgres itself remembers it there; none
    /// when there is no cluster yet.
    ///
    /// # Errors
    /// A cluster that is damaged.
    pub(super) fn version(&self) -> Result<Option<u32>, Error> {
        if !self.cluster.exists() {
            return Ok(None);
        }
        let file = self.cluster.join("PG_VERSION");
        let version = fs::read_to_string(&file)?.trim().parse();
        version.map(Some).map_err(|_| Error::postgres(format!("{} is damaged", file.display())))
    }
}

/// The folder for what its owner must reach: in the data directory, or linked from there when
/// others cannot pass, so that it moves and goes with the directory.
fn home(owner: &Owner, data_dir: &Path) -> io::Result<PathBuf> {
    let home = data_dir.join("postgres");
    if !home.exists() && !owner.can_reach(data_dir) {
        let elsewhere = Path::new(REACHABLE).join(hex::encode(random::<8>()));
        make_open(Path::new(REACHABLE))?;
        make_open(&elsewhere)?;
        // A link that leads nowhere may be in the way.
        let _ = fs::remove_file(&home);
        symlink(elsewhere, &home)?;
    }
    make_open(&home)?;
    fs::canonicalize(home)
}

/// A folder that everybody may pass through, whatever our umask.
fn make_open(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

/// A folder for the socket: beside the cluster, unless its path is too long for one.
fn socket_folder(home: &Path) -> PathBuf {
    let sockets = home.join("sockets");
    let path = sockets.as_os_str().as_encoded_bytes();
    if path.len() <= LONGEST_SOCKET_FOLDER {
        return sockets;
    }
    Path::new("/tmp").join(format!("cairn-{}", hex::encode(&Sha256::digest(path)[..6])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_socket_has_a_short_path_however_long_that_of_the_data_directory_is() {
        assert_eq!(socket_folder(Path::new("/srv/cairn")), Path::new("/srv/cairn/sockets"));
        let long = format!("/srv/{}", "deep/".repeat(20));
        let folder = socket_folder(Path::new(&long));
        assert!(folder.as_os_str().len() <= LONGEST_SOCKET_FOLDER, "{folder:?}");
        assert_eq!(folder, socket_folder(Path::new(&long)), "the next start finds it again");
    }
}
