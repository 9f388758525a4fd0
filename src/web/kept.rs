//! What a session holds.

use time::Date;

use crate::values::id::SignInId;
use crate::values::secret::Secret;

/// All that a session holds.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Kept {
    /// What every form of this session shows.
    pub csrf: String,
    /// The sign-in; none before it, and then the row only serves the sign-in form.
    pub sign_in: Option<SignInId>,
    /// The day (UTC) from which the session's life is counted.
    pub renewed_on: Date,
}

impl Kept {
    /// What a session holds from this day on, with a new secret for its forms.
    pub fn new(sign_in: Option<SignInId>, today: Date) -> Self {
        Self { csrf: Secret::token().reveal().to_owned(), sign_in, renewed_on: today }
    }

    /// The same, counted from today; none when it is so already, or when nobody is signed in.
    pub fn renewed(&self, today: Date) -> Option<Self> {
        let due = self.sign_in.is_some() && self.renewed_on < today;
        due.then(|| Self { renewed_on: today, ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn a_session_is_renewed_once_a_day_while_somebody_is_signed_in() {
        let (monday, tuesday) = (date!(2026 - 11 - 23), date!(2026 - 11 - 24));
        let kept = Kept::new(Some(SignInId::new()), monday);
        assert_eq!(kept.renewed(monday), None);
        let renewed = kept.renewed(tuesday).expect("a new day");
        assert_eq!(renewed, Kept { renewed_on: tuesday, ..kept.clone() });
        assert_eq!(renewed.renewed(tuesday), None);
        assert_eq!(Kept { sign_in: None, ..kept }.renewed(tuesday), None);
    }
}
