//! A page of a list: what comes after something, and how much of it at most.

/// Which part of a list is read. The ids of things grow with time, so the oldest come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page<Id> {
    /// Only what comes after this; none: from the beginning.
    pub after: Option<Id>,
    /// How many at most.
    pub limit: i64,
}
