//! How a delivery stands.

use std::str::FromStr;

use crate::values::Invalid;

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
#[schema(as = DeliveryStatus)]
pub enum Status {
    /// It will be tried, or tried again.
    Pending,
    /// It was answered with a 2xx.
    Delivered,
    /// It was given up.
    Failed,
    /// It waits, because its endpoint is switched off.
    Held,
    /// It was held, and not wanted any more when its endpoint was switched on.
    Skipped,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Pending, Self::Delivered, Self::Failed, Self::Held, Self::Skipped];

    /// Its name, as programs write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Held => "held",
            Self::Skipped => "skipped",
        }
    }
}

impl FromStr for Status {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let named = Self::ALL.into_iter().find(|status| status.as_str() == text);
        named.ok_or(Invalid::because("No delivery stands like that."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_name_is_the_one_in_json() {
        for status in Status::ALL {
            assert_eq!(serde_json::json!(status), status.as_str());
            assert_eq!(status.as_str().parse::<Status>().ok(), Some(status));
        }
        assert!("lost".parse::<Status>().is_err());
    }
}
