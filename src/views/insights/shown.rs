//! What the insights page shows.

use crate::domain::boards::Board;
use crate::domain::users::User;
use crate::tracking::insights::{Filter, Insights, Now};

/// What the page shows.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// What the figures are about.
    pub filter: &'a Filter,
    /// The figures.
    pub insights: &'a Insights,
    /// What is looked at just now.
    pub now: &'a Now,
    /// The boards that can be chosen.
    pub boards: &'a [Board],
    /// The people who can be chosen.
    pub people: &'a [User],
}
