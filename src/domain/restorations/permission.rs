//! Who may undo what.

use super::{Actor, Error, Result};
use crate::events::{Activity, Undoing};

/// May somebody who sees an activity undo it, as far as it alone says?
///
/// # Errors
/// [`Error::Forbidden`] with a token that only reads, and for all but those who did it where only they,
/// or admins, may; [`Error::Invalid`] when it is nothing that can be undone.
pub fn may_undo(actor: &Actor, activity: &Activity) -> Result<()> {
    actor.may_write()?;
    let is_theirs = activity.header.creator_id == Some(actor.user_id);
    match activity.event.undoing() {
        None => Err(Error::invalid("event", "This cannot be undone from here.")),
        Some(Undoing::CommentWords { .. }) if !is_theirs => {
            Err(Error::Forbidden("Only its author may say again what a comment said before."))
        }
        Some(Undoing::Card { .. }) if !is_theirs && !actor.administers() => {
            Err(Error::Forbidden("Only whoever deleted a card, or an admin, may restore it."))
        }
        Some(Undoing::Comment { author_id, .. }) if !is_theirs => {
            // What somebody took back, nobody else says for them.
            if activity.header.creator_id == Some(author_id) {
                return Err(Error::Forbidden("Its author took it back; only they may restore it."));
            }
            actor.may_administer()
        }
        Some(_) => Ok(()),
    }
}
