//! An e-mail address, in lower case.

use std::fmt;

use super::Invalid;

/// An e-mail address that a letter could be sent to (RFC 5321 section 4.5.3.1 for the lengths).
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, sqlx::Type, utoipa::ToSchema)]
#[serde(transparent)]
#[sqlx(transparent)]
#[schema(format = Email, example = "olive@example.com")]
pub struct Email(String);

impl Email {
    /// Takes an address as somebody typed it; upper and lower case are the same address.
    ///
    /// # Errors
    /// [`Invalid`] when it could not be one.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = text.trim().to_lowercase();
        let wrong = || Invalid::because("This does not look like an e-mail address.");
        let (local, domain) = text.rsplit_once('@').ok_or_else(wrong)?;
        if is_local_part(local) && is_domain(domain) { Ok(Self(text)) } else { Err(wrong()) }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_local_part(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && !text
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || "@<>()[],;:\\\"".contains(c))
}

fn is_domain(text: &str) -> bool {
    (3..=255).contains(&text.len())
        && text.contains('.')
        && text.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_in_lower_case() {
        assert_eq!(
            Email::parse(" Olive@Example.COM ").expect("an address").as_str(),
            "olive@example.com"
        );
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "olive",
            "@example.com",
            "olive@",
            "olive@example",
            "a b@example.com",
            "a@-x.com",
            "a@x..com",
            "a\0@example.com",
        ] {
            assert!(Email::parse(text).is_err(), "{text:?} was taken for an address");
        }
    }
}
