//! Texts that people write: names, titles, descriptions, comments.

use super::Invalid;

/// The most bytes of a text with Markdown in it.
pub const MOST_BYTES: usize = 64 * 1024;

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident => $parse:expr),* $(,)?) => {$(
        #[derive(
            Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, sqlx::Type, utoipa::ToSchema,
        )]
        $(#[$doc])*
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes what somebody typed, without the spaces around it.
            ///
            /// # Errors
            /// [`Invalid`] says what is wrong in a sentence for that person.
            pub fn parse(text: &str) -> Result<Self, Invalid> {
                $parse(text).map(Self)
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text, taken out.
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

texts! {
    /// What a person, board, column, account or token is called: one line, 1 to 100 characters.
    #[schema(pattern = "^.{1,100}$")]
    Name => |text| line(text, 100),
    /// What a card is called: one line, 1 to 250 characters.
    #[schema(pattern = "^.{1,250}$")]
    Title => |text| line(text, 250),
    /// What a tag is called: one line, 1 to 50 characters.
    #[schema(pattern = "^.{1,50}$")]
    TagName => |text| line(text, 50),
    /// What a card is about: Markdown, up to 64 KiB, perhaps empty.
    Description => markdown,
    /// What a comment says: Markdown, up to 64 KiB, not empty.
    #[schema(pattern = "\\S")]
    CommentBody => |text| markdown(text).and_then(not_empty),
}

fn line(text: &str, most: usize) -> Result<String, Invalid> {
    let text = not_empty(text.trim().to_owned())?;
    if text.chars().any(char::is_control) {
        return Err(Invalid::because("This must be one line, without control characters."));
    }
    let length = text.chars().count();
    if length > most {
        return Err(Invalid::because(format!(
            "This is {length} characters long; {most} is the most."
        )));
    }
    Ok(text)
}

fn markdown(text: &str) -> Result<String, Invalid> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(Invalid::because("This must not hold control characters."));
    }
    if text.len() > MOST_BYTES {
        return Err(Invalid::because("This is too long; 64 KiB is the most."));
    }
    Ok(text)
}

fn not_empty(text: String) -> Result<String, Invalid> {
    if is_blank(&text) {
        return Err(Invalid::because("This can’t be empty."));
    }
    Ok(text)
}

/// Whether nothing would be seen: only white space and the characters that take no room.
fn is_blank(text: &str) -> bool {
    text.chars().all(|c| {
        c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_has_1_to_250_characters() {
        assert_eq!(
            Title::parse("  Write the letter ").expect("a title").as_str(),
            "Write the letter"
        );
        assert!(Title::parse(&"é".repeat(250)).is_ok());
        assert!(Title::parse(&"é".repeat(251)).is_err());
    }

    #[test]
    fn what_nobody_could_read_is_refused() {
        for text in ["", "   ", "\u{200B}", "a\0b", "a\nb", "\t"] {
            assert!(Title::parse(text).is_err(), "{text:?} was taken for a title");
        }
        assert!(CommentBody::parse(" \n ").is_err());
        assert!(CommentBody::parse("a\0").is_err());
    }

    #[test]
    fn markdown_keeps_its_lines() {
        let body = CommentBody::parse("one\r\ntwo\n").expect("a comment");
        assert_eq!(body.as_str(), "one\ntwo");
        assert!(Description::parse("").is_ok());
        assert!(Description::parse(&"a".repeat(MOST_BYTES + 1)).is_err());
    }
}
