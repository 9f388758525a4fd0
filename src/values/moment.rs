//! A moment that somebody names, as RFC 3339 writes it.

use std::str::FromStr;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::Invalid;

/// A moment, such as 2026-11-25T09:30:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, utoipa::ToSchema)]
#[schema(value_type = String, format = DateTime)]
pub struct Moment(pub OffsetDateTime);

impl FromStr for Moment {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let at = OffsetDateTime::parse(text.trim(), &Rfc3339);
        at.map(Self).map_err(|_| Invalid::because("Write a time as 2026-11-25T09:30:00Z."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_moment_has_a_zone() {
        let moment = Moment(datetime!(2026-11-25 9:30 +2));
        assert_eq!("2026-11-25T09:30:00+02:00".parse(), Ok(moment));
        for text in ["", "2026-11-25", "2026-11-25T09:30:00", "soon"] {
            assert!(text.parse::<Moment>().is_err(), "{text:?} was taken for a moment");
        }
    }
}
