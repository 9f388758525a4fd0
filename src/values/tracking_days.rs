//! For how many days the reports of browsers are kept.

use super::Invalid;

/// A number of days that reports are kept: longer than a browser may be offline, and not for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, sqlx::Type, utoipa::ToSchema)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct TrackingDays(i32);

impl TrackingDays {
    /// Takes a number of days.
    ///
    /// # Errors
    /// [`Invalid`] outside 14 to 730.
    pub fn new(days: i32) -> Result<Self, Invalid> {
        let is_some = (14..=730).contains(&days);
        is_some.then_some(Self(days)).ok_or_else(|| Invalid::because("From 14 to 730 days."))
    }

    /// Takes it as somebody types it.
    ///
    /// # Errors
    /// [`Invalid`] for what is no such number.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let days = text.trim().parse();
        Self::new(days.map_err(|_| Invalid::because("A whole number of days."))?)
    }

    /// The number.
    pub fn get(self) -> i32 {
        self.0
    }
}

impl Default for TrackingDays {
    fn default() -> Self {
        Self(90)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_neither_too_few_nor_too_many() {
        assert_eq!(TrackingDays::parse(" 90 "), Ok(TrackingDays::default()));
        for text in ["", "13", "731", "-90", "9e1", "ninety", "99999999999"] {
            assert!(TrackingDays::parse(text).is_err(), "{text:?} was taken");
        }
    }
}
