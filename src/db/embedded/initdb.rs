//! Making a cluster, whole or not at all.

use std::fs;
use std::path::Path;

use super::Error;
use super::binaries::Binaries;
use super::place::Place;
use crate::values::secret::random;

/// Makes the cluster of a place that has none. It gets its name when it is whole: Postgres would
/// take a half-made one for whole. When this is dropped, the program is ended.
///
/// # Errors
/// [`Error`] with the last line that initdb said.
pub(super) async fn run(place: &Place, binaries: &Binaries) -> Result<(), Error> {
    tracing::info!(version = binaries.major, "making a private Postgres");
    remove_drafts(&place.cluster);
    let draft = place.cluster.with_extension(format!("new-{}", hex::encode(random::<4>())));
    place.owner.make_private_folder(&draft)?;
    let mut command = place.owner.command(&binaries.program("initdb"));
    command.arg("--pgdata").arg(&draft).args(["--username", place.owner.name()]);
    command.args(["--encoding=UTF8", "--locale=C", "--no-instructions"]);
    command.args(["--auth-local=trust", "--auth-host=reject"]);
    // There is nothing in it yet that a crash of the machine could take away.
    command.arg("--no-sync");
    let output = command.kill_on_drop(true).output().await?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.lines().last().unwrap_or("it said nothing").to_owned();
        return Err(Error::Failed { program: "initdb", said });
    }
    Ok(fs::rename(draft, &place.cluster)?)
}

/// Removes what interrupted runs left behind, unless their last processes still write to it: the
/// next run will.
fn remove_drafts(cluster: &Path) {
    let beside = cluster.parent().and_then(|home| fs::read_dir(home).ok());
    for entry in beside.into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with("cluster.new-") {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
