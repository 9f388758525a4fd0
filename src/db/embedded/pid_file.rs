//! `postmaster.pid`: which process holds a cluster, if any does.

use std::fs;
use std::path::Path;

use nix::sys::signal::kill;
use nix::unistd::Pid;

/// The process that runs the cluster in this folder: one that lives and is a Postgres.
pub(super) fn running(cluster: &Path) -> Option<Pid> {
    let text = fs::read_to_string(cluster.join("postmaster.pid")).ok()?;
    let pid = Pid::from_raw(text.lines().next()?.trim().parse().ok()?);
    (lives(pid) && is_postgres(pid)).then_some(pid)
}

/// Removes the file of a process that is no more, whose number some other program may have now:
/// Postgres would take that program for its own.
pub(super) fn remove_stale(cluster: &Path) -> std::io::Result<()> {
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

/// Where there is no `/proc` the number alone must do.
fn is_postgres(pid: Pid) -> bool {
    match fs::read_to_string(format!("/proc/{pid}/comm")) {
        Ok(name) => name.trim_end() == "postgres",
        Err(_) => true,
    }
}
