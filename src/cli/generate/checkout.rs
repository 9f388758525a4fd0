//! The checkout of Cairn's own source that somebody stands in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::name::Name;
use crate::app::Failure;
use crate::events::Kind;

/// The folder of the kinds, and the list in it.
const KINDS: &str = "src/events/kinds";
const LIST: &str = "src/events/kinds/mod.rs";
const MIGRATIONS: &str = "migrations";

/// A checkout.
pub(super) struct Checkout(PathBuf);

impl Checkout {
    /// The one that the present folder belongs to.
    pub(super) fn find() -> Result<Self, Failure> {
        let here = std::env::current_dir().map_err(|error| Failure::new(error.to_string()))?;
        let top = here.ancestors().find(|folder| folder.join(LIST).is_file());
        let top =
            top.ok_or_else(|| Failure::new("this is no checkout of Cairn’s source".to_owned()))?;
        Ok(Self(top.to_owned()))
    }

    /// Refuses a name that a kind, a file or a table has already.
    pub(super) fn refuse_known(&self, name: &Name) -> Result<(), Failure> {
        let file = self.0.join(KINDS).join(format!("{name}.rs"));
        let table = self.migrations()?.iter().any(|(_, text)| makes(text, name));
        if Kind::by_name(name.as_str()).is_some() || file.exists() || table {
            return Err(Failure::new(format!("there is a {name} already")));
        }
        Ok(())
    }

    /// Writes the file of the kind in its form; says where.
    pub(super) fn write_kind(&self, name: &Name, text: &str) -> Result<String, Failure> {
        let file = format!("{KINDS}/{name}.rs");
        self.write(&file, text)?;
        self.run(Command::new("rustfmt").arg("--edition").arg("2024").arg(&file))?;
        Ok(file)
    }

    /// Writes the migration behind all others; says where.
    pub(super) fn write_migration(&self, name: &Name, text: &str) -> Result<String, Failure> {
        let last = self.migrations()?.into_iter().map(|(number, _)| number).max();
        let file = format!("{MIGRATIONS}/{:04}_{name}.sql", last.unwrap_or(0) + 1);
        self.write(&file, text)?;
        Ok(file)
    }

    /// Puts the kind in the list: its `pub mod` line and its place in the slice.
    pub(super) fn add_to_list(&self, name: &Name) -> Result<(), Failure> {
        let text = self.read(&self.0.join(LIST))?;
        self.write(
            LIST,
            &with_line(&with_line(&text, "pub mod ", ";", name), "    &", "::KIND,", name),
        )
    }

    /// Makes the cache of checked queries anew, which compiles everything.
    pub(super) fn prepare(&self) -> Result<(), Failure> {
        self.run(&mut Command::new(self.0.join(".ci/prepare")))
    }

    /// The number and the text of each migration.
    fn migrations(&self) -> Result<Vec<(u32, String)>, Failure> {
        let folder = self.0.join(MIGRATIONS);
        let entries = fs::read_dir(&folder).map_err(|error| failure(&folder, &error))?;
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        let sql = paths.filter(|path| path.extension().is_some_and(|extension| extension == "sql"));
        sql.map(|path| Ok((number(&path), self.read(&path)?))).collect()
    }

    fn read(&self, path: &Path) -> Result<String, Failure> {
        fs::read_to_string(path).map_err(|error| failure(path, &error))
    }

    fn write(&self, file: &str, text: &str) -> Result<(), Failure> {
        let path = self.0.join(file);
        fs::write(&path, text).map_err(|error| failure(&path, &error))
    }

    fn run(&self, command: &mut Command) -> Result<(), Failure> {
        let program = command.get_program().to_string_lossy().into_owned();
        match command.current_dir(&self.0).status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(Failure::new(format!("{program}: {status}"))),
            Err(error) => Err(Failure::new(format!("{program}: {error}"))),
        }
    }
}

/// Whether a migration makes a table of this name.
fn makes(text: &str, name: &Name) -> bool {
    text.lines().any(|line| line.trim() == format!("create table {name} ("))
}

/// The number that a migration's name begins with.
fn number(path: &Path) -> u32 {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.split('_').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// The text with one more line of a sort, in its place among them.
fn with_line(text: &str, before: &str, after: &str, name: &Name) -> String {
    let named = |line: &str| Some(line.strip_prefix(before)?.strip_suffix(after)?.to_owned());
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let is_later = |line: &String| named(line).is_some_and(|other| other.as_str() > name.as_str());
    let last = lines.iter().rposition(|line| named(line).is_some()).map_or(0, |at| at + 1);
    let at = lines.iter().position(is_later).unwrap_or(last);
    lines.insert(at, format!("{before}{name}{after}"));
    lines.join("\n") + "\n"
}

fn failure(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_takes_its_place() {
        let line = |name: &str| {
            with_line(
                "a\npub mod card_added;\npub mod card_moved;\nb\n",
                "pub mod ",
                ";",
                &Name::parse(name).unwrap(),
            )
        };
        assert_eq!(
            line("card_kept"),
            "a\npub mod card_added;\npub mod card_kept;\npub mod card_moved;\nb\n"
        );
        assert_eq!(
            line("tag_made"),
            "a\npub mod card_added;\npub mod card_moved;\npub mod tag_made;\nb\n"
        );
    }
}
