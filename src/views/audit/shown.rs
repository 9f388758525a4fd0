//! What the page of an audit shows.

use super::by_mail::ByMail;
use super::narrowed::Narrowed;
use crate::domain::audit::Audited;
use crate::domain::boards::Board;
use crate::domain::users::User;
use crate::views::Form;

/// What the page of an audit shows.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// What it is narrowed to.
    pub narrowed: &'a Narrowed,
    /// The same as it stands in the fields, with what is wrong.
    pub form: &'a Form,
    /// The people who can be chosen.
    pub people: &'a [User],
    /// The boards that can be chosen.
    pub boards: &'a [Board],
    /// The entries; none while something is wrong.
    pub audited: Option<&'a Audited>,
    /// Where an older page begins; none on the newest one.
    pub before: Option<i64>,
    /// How the head comes to whoever looks; none for those who are no owners.
    pub by_mail: Option<ByMail>,
}
