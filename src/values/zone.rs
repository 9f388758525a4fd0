//! A time zone, in which somebody's days begin and end.

use std::fmt;

use super::Invalid;

/// A zone of the tz database by its name, such as `Europe/Zurich`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, sqlx::Type, utoipa::ToSchema)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct Zone(String);

impl Zone {
    /// Takes a zone by its name.
    ///
    /// # Errors
    /// [`Invalid`] when the tz database knows no such zone.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match jiff::tz::TimeZone::get(text.trim()) {
            Ok(zone) => Ok(Self(zone.iana_name().unwrap_or("UTC").to_owned())),
            Err(_) => Err(Invalid::because("There is no such time zone.")),
        }
    }

    /// The zone whose days are those of UTC.
    pub fn utc() -> Self {
        Self("UTC".to_owned())
    }

    /// The zone's name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The names of the zones there are, for a choice in a form.
    pub fn names() -> Vec<String> {
        jiff::tz::db().available().map(|name| name.as_str().to_owned()).collect()
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_those_of_the_tz_database() {
        assert_eq!(Zone::parse("Europe/Zurich").expect("a zone").as_str(), "Europe/Zurich");
        assert!(Zone::parse("Europe/Atlantis").is_err());
        assert!(Zone::parse("").is_err());
    }
}
