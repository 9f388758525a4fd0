//! Source files as the house tests see them: the text, the code without comments, the strings.

use std::fs;
use std::path::Path;

/// One file of the project.
pub struct Source {
    /// Its path from the top of the project, such as `src/events/kind.rs`.
    pub path: String,
    /// All of it.
    pub text: String,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// The code: comments are gone and strings are empty, every line keeps its number.
    pub fn code(&self) -> String {
        split(&self.text).0
    }

    /// What stands in string literals, each with its line, counted from one.
    pub fn strings(&self) -> Vec<(usize, String)> {
        split(&self.text).1
    }

    /// The path inside the crate, such as `events::kind`; none for what is not a module of it.
    pub fn module(&self) -> Option<Vec<String>> {
        let inner = self.path.strip_prefix("src/")?.strip_suffix(".rs")?;
        let mut module: Vec<String> = inner.split('/').map(str::to_owned).collect();
        if module.last().is_some_and(|last| last == "mod" || last == "lib") {
            module.pop();
        }
        Some(module)
    }

    /// The floor it stands on: the first word of its module.
    pub fn floor(&self) -> Option<String> {
        self.module()?.first().cloned()
    }
}

/// The files below a folder of the project that end in one of these, without what npm installed.
pub fn files(folder: &str, endings: &[&str]) -> Vec<Source> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    collect(top, &top.join(folder), endings, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn collect(top: &Path, folder: &Path, endings: &[&str], found: &mut Vec<Source>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.expect("a folder can be listed").path();
        if path.is_dir() {
            if !path.ends_with("node_modules") && !path.ends_with("target") {
                collect(top, &path, endings, found);
            }
        } else if endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)) {
            let name = path.strip_prefix(top).expect("below the top").to_string_lossy();
            found.push(Source::new(&name, &fs::read_to_string(&path).expect("a text file")));
        }
    }
}

/// All Rust files of the crate.
pub fn crate_files() -> Vec<Source> {
    files("src", &[".rs"])
}

/// Parts Rust into code and strings.
fn split(text: &str) -> (String, Vec<(usize, String)>) {
    let chars: Vec<char> = text.chars().collect();
    let (mut code, mut strings, mut at) = (String::new(), Vec::new(), 0);
    while at < chars.len() {
        let end = match (chars[at], chars.get(at + 1)) {
            ('/', Some('/')) => line_end(&chars, at),
            ('/', Some('*')) => block_end(&chars, at),
            ('"', _) => string_end(&chars, at),
            ('r', Some('"' | '#')) if !after_word(&chars, at) => raw_end(&chars, at),
            ('\'', _) => char_end(&chars, at),
            _ => at + 1,
        };
        let piece: String = chars[at..end].iter().collect();
        if end == at + 1 {
            code.push_str(&piece);
        } else {
            if !piece.starts_with('/') {
                strings.push((code.matches('\n').count() + 1, piece.clone()));
                code.push_str("\"\"");
            }
            code.extend(piece.chars().filter(|c| *c == '\n'));
        }
        at = end;
    }
    (code, strings)
}

fn after_word(chars: &[char], at: usize) -> bool {
    at > 0 && (chars[at - 1].is_alphanumeric() && chars[at - 1] != 'b' || chars[at - 1] == '_')
}

fn line_end(chars: &[char], at: usize) -> usize {
    chars[at..].iter().position(|c| *c == '\n').map_or(chars.len(), |length| at + length)
}

fn block_end(chars: &[char], at: usize) -> usize {
    let (mut depth, mut here) = (0, at);
    while here + 1 < chars.len() {
        match (chars[here], chars[here + 1]) {
            ('/', '*') => (depth, here) = (depth + 1, here + 2),
            ('*', '/') => (depth, here) = (depth - 1, here + 2),
            _ => here += 1,
        }
        if depth == 0 {
            return here;
        }
    }
    chars.len()
}

fn string_end(chars: &[char], at: usize) -> usize {
    let mut here = at + 1;
    while here < chars.len() && chars[here] != '"' {
        here += if chars[here] == '\\' { 2 } else { 1 };
    }
    (here + 1).min(chars.len())
}

/// `r"…"` or `r#"…"#`; a raw identifier such as `r#type` is one character long here.
fn raw_end(chars: &[char], at: usize) -> usize {
    let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
    if chars.get(at + 1 + hashes) != Some(&'"') {
        return at + 1;
    }
    let mut here = at + 2 + hashes;
    while here < chars.len() {
        let closes = chars[here] == '"'
            && chars[here + 1..].iter().take_while(|c| **c == '#').count() >= hashes;
        if closes {
            return here + 1 + hashes;
        }
        here += 1;
    }
    chars.len()
}

/// A character literal; a lifetime's quote is one character long here.
fn char_end(chars: &[char], at: usize) -> usize {
    match (chars.get(at + 1), chars.get(at + 2)) {
        (Some('\\'), _) => {
            let close = chars[at + 3..].iter().position(|c| *c == '\'');
            close.map_or(at + 1, |length| at + 4 + length)
        }
        (Some(_), Some('\'')) => at + 3,
        _ => at + 1,
    }
}

#[test]
fn code_and_strings_are_told_apart() {
    let text = "let a = \"crate::b // \\\" c\"; // crate::d\nlet e: &'f str = r#\"g\"h\"#; /* i /* j */\n */ '\"'; k";
    let source = Source::new("src/a.rs", text);
    assert_eq!(source.code(), "let a = \"\"; \nlet e: &'f str = \"\"; \n \"\"; k");
    let strings: Vec<String> = source.strings().into_iter().map(|(_, text)| text).collect();
    assert_eq!(strings, ["\"crate::b // \\\" c\"", "r#\"g\"h\"#", "'\"'"]);
}

#[test]
fn modules_are_named_by_their_files() {
    let module = |path: &str| Source::new(path, "").module().map(|words| words.join("::"));
    assert_eq!(module("src/events/kinds/mod.rs").as_deref(), Some("events::kinds"));
    assert_eq!(module("src/app.rs").as_deref(), Some("app"));
    assert_eq!(module("src/lib.rs").as_deref(), Some(""));
    assert_eq!(module("tests/app/main.rs"), None);
}
