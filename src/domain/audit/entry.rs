//! An entry of the log as an admin is told of it.

use crate::domain::boards::Sight;
use crate::events::{Activity, Header};
use crate::values::id::UserId;

/// An entry of the log. Of a board that whoever asks does not see it says that something happened,
/// who did it, when and from where, and nothing else.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its number.
    pub sequence: i64,
    /// Who did it, when and from where.
    pub header: Header,
    /// What happened; none: on a board that whoever asks does not see.
    pub activity: Option<Activity>,
}

impl Entry {
    /// As much of an activity as somebody with this sight may know.
    pub(super) fn seen(activity: Activity, sight: &Sight) -> Self {
        let (sequence, header) = (activity.sequence, activity.header.clone());
        if header.board_id.is_none_or(|board| sight.hidden.binary_search(&board).is_err()) {
            return Self { sequence, header, activity: Some(activity) };
        }
        let header =
            Header { board_id: None, card_id: None, cause_id: None, undoes_id: None, ..header };
        Self { sequence, header, activity: None }
    }

    /// The people it names: its creator and those in its sentence.
    pub fn people(&self) -> impl Iterator<Item = UserId> {
        let named = self.activity.iter().flat_map(|activity| activity.sentence.people());
        self.header.creator_id.into_iter().chain(named)
    }
}
