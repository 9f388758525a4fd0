//! `postmaster.pid`: which process holds a cluster, if any does.

use std::fs;
use std::io;
use std::path::Path;

use nix::sys::signal::kill;
use nix::unistd::Pid;

/// The process that runs the cluster in this folder: one that lives and works there.
pub(super) fn running(cluster: &Path) -> Option<Pid> {
    let text = fs::read_to_string(cluster.join("postmaster.pid")).ok()?;
    let pid = Pid::from_raw(text.lines().next()?.trim().parse().ok()?);
    (lives(pid) && works_in(pid, cluster)).then_some(pid)
}

/// Removes the file of a process that is no more, whose number some other program may have now:
/// Postgres would take that program for its own.
pub(super) fn remove_stale(cluster: &Path) -> io::Result<()> {
    let file = cluster.join("postmaster.pid");
    if running(cluster).is_none() && file.exists() {
        tracing::info!("removing the postmaster.pid of a Postgres that is no more");
        fs::remove_file(file)?;
    }
    Ok(())
}

/// Whether there is such a process. A zombie, which only waits to be reaped, is none.
pub(super) fn lives(pid: Pid) -> bool {
    kill(pid, None).is_ok() && !is_zombie(pid)
}

fn is_zombie(pid: Pid) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_some_and(|(_, rest)| rest.trim_start().starts_with('Z'))
}

/// Postgres works in the folder of its cluster, whichever other one may have its number now.
/// Where there is no `/proc` the number alone must do.
fn works_in(pid: Pid, cluster: &Path) -> bool {
    match fs::read_link(format!("/proc/{pid}/cwd")) {
        Ok(folder) => folder == cluster,
        Err(_) => !Path::new("/proc/self").exists(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_another_program_has_now_is_not_taken_for_postgres() {
        let cluster = std::env::temp_dir().join(format!("cairn-pid-file-{}", std::process::id()));
        fs::create_dir_all(&cluster).expect("a folder");
        fs::write(cluster.join("postmaster.pid"), std::process::id().to_string()).expect("a file");
        assert_eq!(running(&cluster), None, "we live, but not there");
        remove_stale(&cluster).expect("a file that can be removed");
        assert!(!cluster.join("postmaster.pid").exists());
        fs::remove_dir_all(cluster).expect("to clean up");
    }
}
