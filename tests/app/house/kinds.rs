//! A kind's wire name, table and words stand in one file, and the list names every file.

use super::source::{Source, crate_files};
use super::{expect_none, made_up, paths};

const FOLDER: &str = "src/events/kinds/";

/// The names of the files of kinds.
fn names(sources: &[Source]) -> Vec<String> {
    let files = sources.iter().filter_map(|source| source.path.strip_prefix(FOLDER));
    let names = files.filter(|file| *file != "mod.rs").filter_map(|file| file.strip_suffix(".rs"));
    names.map(str::to_owned).collect()
}

/// The `mod` lines, the slice and the files are the same list.
fn unequal_lists(sources: &[Source]) -> Vec<String> {
    let Some(list) = sources.iter().find(|source| source.path == format!("{FOLDER}mod.rs")) else {
        return vec![format!("{FOLDER}mod.rs is missing")];
    };
    let files = names(sources);
    let lines = paths::children(list);
    let slice: Vec<String> = list.code().split("::KIND").filter_map(last_word).collect();
    let mut complaints = Vec::new();
    for (what, those) in [("`pub mod` lines", lines), ("slice KINDS", slice)] {
        let mut those: Vec<String> = those.into_iter().filter(|name| name != "tests").collect();
        those.sort();
        if those != files {
            complaints.push(format!(
                "{FOLDER}mod.rs: the {what} {those:?} differ from the files {files:?}"
            ));
        }
    }
    complaints
}

/// The word before each `::KIND`; what stands behind the last one is not followed by it.
fn last_word(text: &str) -> Option<String> {
    let (_, word) = text.rsplit_once('&')?;
    (!word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
        .then(|| word.to_owned())
}

/// `name: "card_moved"` stands in `card_moved.rs`.
fn misnamed(sources: &[Source]) -> Vec<String> {
    let kinds = names(sources).into_iter().filter_map(|name| {
        let file = sources.iter().find(|source| source.path == format!("{FOLDER}{name}.rs"))?;
        let says = file.text.contains(&format!("name: \"{name}\""));
        (!says).then(|| format!("{}: its KIND must say name: \"{name}\"", file.path))
    });
    kinds.collect()
}

/// Strings that name a kind, or its table, outside its file.
fn named_elsewhere(sources: &[Source]) -> Vec<String> {
    let mut complaints = Vec::new();
    for name in names(sources) {
        let wire_name = name.replacen('_', ".", 1);
        let own = format!("{FOLDER}{name}.rs");
        for source in sources.iter().filter(|source| source.path != own) {
            for (at, text) in source.strings() {
                for word in [&name, &wire_name].into_iter().filter(|word| says(&text, word)) {
                    complaints.push(format!(
                        "{}:{at}: names `{word}`, which only {own} may",
                        source.path
                    ));
                }
            }
        }
    }
    complaints
}

/// Whether a string says a word that is not a part of a longer one.
fn says(text: &str, word: &str) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(word).any(|(at, _)| {
        !is_word(text[..at].chars().next_back()) && !is_word(text[at + word.len()..].chars().next())
    })
}

/// Made-up names in tests beside the code are no second place: inline tests, and test modules in
/// files of their own.
fn without_tests(sources: Vec<Source>) -> Vec<Source> {
    let cut = |source: Source| {
        let text = source.text.split("#[cfg(test)]").next().unwrap_or_default();
        Source::new(&source.path, text)
    };
    let tests: Vec<String> = sources.iter().flat_map(test_modules).collect();
    let code = sources.into_iter().filter(|source| !tests.contains(&source.path));
    code.map(cut).collect()
}

/// The files of `#[cfg(test)] mod name;`.
fn test_modules(source: &Source) -> Vec<String> {
    let folder = source.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let text = source.code();
    let modules = text.split("#[cfg(test)]\nmod ").skip(1);
    let names = modules.filter_map(|rest| rest.split_once(';')).map(|(name, _)| name.to_owned());
    names.filter(|name| !name.contains('{')).map(|name| format!("{folder}/{name}.rs")).collect()
}

#[test]
fn the_list_of_kinds_names_every_file() {
    expect_none(&unequal_lists(&crate_files()));
}

#[test]
fn a_kind_is_named_as_its_file() {
    expect_none(&misnamed(&crate_files()));
}

#[test]
fn a_kind_is_named_in_its_file_alone() {
    expect_none(&named_elsewhere(&without_tests(crate_files())));
}

#[test]
fn a_kind_that_is_forgotten_misnamed_or_named_elsewhere_is_found() {
    let house = made_up(&[
        (
            "src/events/kinds/mod.rs",
            "pub mod card_moved;\npub const KINDS: &[&Kind] = &[\n    &card_moved::KIND,\n];",
        ),
        ("src/events/kinds/card_moved.rs", "name: \"card_moved\"; \"insert into card_moved (id)\""),
        ("src/events/kinds/card_closed.rs", "name: \"card_shut\""),
        ("src/views/feed.rs", "if name == \"card.moved\" {} \"card_moved_by\"; \"card.moved.x\""),
    ]);
    assert_eq!(unequal_lists(&house).len(), 2);
    assert_eq!(
        misnamed(&house),
        ["src/events/kinds/card_closed.rs: its KIND must say name: \"card_closed\""]
    );
    let elsewhere = named_elsewhere(&house);
    assert_eq!(elsewhere.len(), 2, "{elsewhere:?}");
    assert!(elsewhere[0].starts_with("src/views/feed.rs:1: names `card.moved`"), "{elsewhere:?}");
}

#[test]
fn tests_may_name_kinds() {
    let house = made_up(&[
        ("src/views/mod.rs", "#[cfg(test)]\nmod samples;\npub mod feed;"),
        ("src/views/samples.rs", "\"card.moved\""),
        ("src/views/feed.rs", "\"feed\"\n#[cfg(test)]\nmod tests { \"card.moved\" }"),
        ("src/events/kinds/card_moved.rs", ""),
    ]);
    assert_eq!(named_elsewhere(&without_tests(house)), Vec::<String>::new());
}
