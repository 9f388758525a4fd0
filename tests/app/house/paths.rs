//! The paths a file names (`crate::a::B`, `super::C`, `child::D`), as full paths in the crate.

use super::source::Source;

/// One path, and whether a `pub use` names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// From the top of the crate: `["events", "kind", "Kind"]`.
    pub path: Vec<String>,
    /// A re-export hands something on; it does not use it.
    pub handed_on: bool,
}

/// All paths that start at `crate`, `super`, `self` or a child module declared in this file.
pub fn named(source: &Source) -> Vec<Named> {
    let Some(module) = source.module() else { return Vec::new() };
    let tokens = tokens(&source.code());
    let children = declared(&tokens);
    let mut reader =
        Reader { tokens: &tokens, at: 0, inner: Vec::new(), depth: 0, found: Vec::new() };
    reader.read(&module, &children);
    reader.found
}

/// The child modules that a file declares with `mod name;`.
pub fn children(source: &Source) -> Vec<String> {
    declared(&tokens(&source.code()))
}

fn declared(tokens: &[String]) -> Vec<String> {
    let triples = tokens.windows(3).filter(|three| three[0] == "mod" && three[2] == ";");
    triples.map(|three| three[1].clone()).collect()
}

fn tokens(code: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut in_word = false;
    for c in code.chars() {
        let is_word = c.is_alphanumeric() || c == '_';
        match tokens.last_mut() {
            Some(last) if (is_word && in_word) || (c == ':' && last == ":") => last.push(c),
            _ if c.is_whitespace() => {}
            _ => tokens.push(c.to_string()),
        }
        in_word = is_word;
    }
    tokens
}

struct Reader<'a> {
    tokens: &'a [String],
    at: usize,
    /// Inline modules that are open here, each with the depth of braces outside it.
    inner: Vec<(String, usize)>,
    depth: usize,
    found: Vec<Named>,
}

impl Reader<'_> {
    fn read(&mut self, module: &[String], children: &[String]) {
        while self.at < self.tokens.len() {
            self.braces();
            let token = &self.tokens[self.at];
            let starts =
                self.token(1) == "::" && (self.at == 0 || self.tokens[self.at - 1] != "::");
            let handed_on = self.is_handed_on();
            let here: Vec<String> = module
                .iter()
                .cloned()
                .chain(self.inner.iter().map(|(name, _)| name.clone()))
                .collect();
            match token.as_str() {
                "crate" if starts => self.path(&[], handed_on),
                "self" if starts => self.path(&here, handed_on),
                "super" if starts => self.path(&here[..here.len().saturating_sub(1)], handed_on),
                word if starts && self.inner.is_empty() && children.iter().any(|c| c == word) => {
                    let child: Vec<String> =
                        here.iter().cloned().chain([word.to_owned()]).collect();
                    self.path(&child, handed_on);
                }
                _ => self.at += 1,
            }
        }
    }

    fn token(&self, ahead: usize) -> &str {
        self.tokens.get(self.at + ahead).map_or("", String::as_str)
    }

    fn braces(&mut self) {
        match self.token(0) {
            "mod" if self.token(2) == "{" => {
                self.inner.push((self.token(1).to_owned(), self.depth));
            }
            "{" => self.depth += 1,
            "}" => {
                self.depth = self.depth.saturating_sub(1);
                self.inner.retain(|(_, outside)| *outside < self.depth);
            }
            _ => {}
        }
    }

    /// Looks back to the start of the statement for `pub use`.
    fn is_handed_on(&self) -> bool {
        let before = &self.tokens[..self.at];
        let start = before.iter().rposition(|t| t == ";" || t == "}").map_or(0, |at| at + 1);
        let statement = &before[start..];
        statement.first().is_some_and(|t| t == "pub")
            && statement.last().is_some_and(|t| t == "use")
    }

    /// Reads on from the word the path starts with; `base` is what that word stands for.
    fn path(&mut self, base: &[String], handed_on: bool) {
        self.at += 1;
        self.tree(base.to_vec(), handed_on);
    }

    /// Reads `::a::{b, c::d}` and the like behind what was read already.
    fn tree(&mut self, mut path: Vec<String>, handed_on: bool) {
        while self.token(0) == "::" {
            self.at += 1;
            match self.token(0) {
                "super" => {
                    path.pop();
                }
                "self" => {}
                "{" => return self.group(&path, handed_on),
                "*" | "<" => break,
                word => path.push(word.to_owned()),
            }
            self.at += 1;
        }
        self.found.push(Named { path, handed_on });
    }

    fn group(&mut self, path: &[String], handed_on: bool) {
        self.at += 1;
        while self.at < self.tokens.len() && self.token(0) != "}" {
            match self.token(0) {
                "," => self.at += 1,
                "as" => self.at += 2,
                "self" | "*" => self.path(path, handed_on),
                word => {
                    let longer: Vec<String> =
                        path.iter().cloned().chain([word.to_owned()]).collect();
                    self.path(&longer, handed_on);
                }
            }
        }
        self.at += 1;
    }
}

#[test]
fn every_way_to_write_a_path_is_read() {
    let text = "pub mod kind;\nmod log;\npub use kind::Kind;\nuse crate::{values::{id::CardId, *}, db};\n\
                use super::domain as below; fn f() { crate::live::start::<u8>(); log::append(); }\n\
                mod tests { use super::Kind; use super::super::views::card; }";
    let source = Source::new("src/events/mod.rs", text);
    let found: Vec<String> = named(&source).iter().map(|named| named.path.join("::")).collect();
    assert_eq!(
        found,
        [
            "events::kind::Kind",
            "values::id::CardId",
            "values",
            "db",
            "domain",
            "live::start",
            "events::log::append",
            "events::Kind",
            "views::card",
        ]
    );
    let handed_on: Vec<bool> = named(&source).iter().map(|named| named.handed_on).collect();
    assert_eq!(handed_on, [true, false, false, false, false, false, false, false, false]);
}
