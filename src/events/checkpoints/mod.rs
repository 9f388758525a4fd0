//! Boards as they were now and then, kept so that none is rebuilt from its first day.
//!
//! A checkpoint holds nothing that the log does not say: whoever deletes some loses time, and they are
//! made anew.

mod keep;
pub(super) mod row;

pub use self::keep::{EVERY, behind, forget, keep, keep_every, keep_part};
pub use self::row::{FORMAT, newest, of_board};
