//! Undoing what happened, from its history: as a new event that names the one it undid.
//!
//! An event says what takes it back ([`Undoing`](crate::events::Undoing)). A [`Plan`] is what that comes
//! to as things are now, so that whoever undoes something sees before what it will do; [`restore()`] makes
//! the plan again and carries it out by the verbs that there are anyway.

mod offered;
mod permission;
mod plan;
mod restore;
mod undone;

pub use self::offered::{Offered, offered};
pub use self::permission::may_undo;
pub use self::plan::{Act, Plan, Target, plan};
pub use self::restore::{Choice, restore};
pub use self::undone::Undone;
use super::{Actor, Error, Result, boards, cards, columns, comments, feed};
