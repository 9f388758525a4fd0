//! Lucide's icons by name, as SVG in the page.

use maud::{Markup, PreEscaped, html};

/// Names and shapes, in the order of the names; written by the build script.
static ICONS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/icons.rs"));

/// What is drawn for a name that Lucide does not have.
const DEFAULT: &str = "activity";

/// An icon in the size of the words beside it, unseen by screen readers.
pub fn icon(name: &str) -> Markup {
    draw(name, "icon")
}

/// A smaller one.
pub fn small(name: &str) -> Markup {
    draw(name, "icon icon--small")
}

/// Whether there is an icon of this name.
pub fn exists(name: &str) -> bool {
    shapes(name).is_some()
}

fn draw(name: &str, class: &str) -> Markup {
    let shapes = shapes(name).or_else(|| shapes(DEFAULT)).unwrap_or_default();
    html! { svg class=(class) viewBox="0 0 24 24" aria-hidden="true" { (PreEscaped(shapes)) } }
}

fn shapes(name: &str) -> Option<&'static str> {
    let at = ICONS.binary_search_by_key(&name, |(name, _)| name).ok()?;
    Some(ICONS[at].1)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::events::KINDS;

    #[test]
    fn icons_are_found_by_name() {
        assert!(ICONS.is_sorted());
        assert!(exists(DEFAULT));
        assert!(!exists("no such icon"));
    }

    #[test]
    fn every_kind_has_an_icon_that_exists() {
        for kind in KINDS {
            assert!(exists(kind.icon), "{} names the icon {:?}", kind.name, kind.icon);
        }
    }

    /// The text of every file in a folder and the folders below it.
    fn sources(folder: &Path) -> Vec<String> {
        let paths = fs::read_dir(folder).expect("the views are there");
        let paths = paths.map(|entry| entry.expect("readable").path());
        let below = paths.flat_map(|path| match path.is_dir() {
            true => sources(&path),
            false => vec![fs::read_to_string(path).expect("text")],
        });
        below.collect()
    }

    #[test]
    fn every_icon_that_a_view_names_exists() {
        for source in sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/views"))) {
            for call in ["icon(\"", "small(\""] {
                for name in source.split(call).skip(1).filter_map(|rest| rest.split('"').next()) {
                    let literal = name.bytes().all(|byte| {
                        byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
                    });
                    assert!(!literal || name.is_empty() || exists(name), "no icon {name:?}");
                }
            }
        }
    }
}
