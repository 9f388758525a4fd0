//! The steps of random histories.

use proptest::prelude::{Strategy, any};
use proptest::prop_oneof;

/// A verb of a history; who does it to what is found by these numbers among what there is then.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) verb: Verb,
    pub(super) who: usize,
    pub(super) one: usize,
    pub(super) other: usize,
}

/// What members do.
#[derive(Debug, Clone, Copy)]
pub(super) enum Verb {
    CreateBoard,
    RenameBoard,
    ArchiveBoard,
    RestoreBoard,
    Grant,
    Revoke,
    Open,
    Close,
    AddColumn,
    EditColumn,
    MoveColumn,
    RemoveColumn,
    AddCard,
    MoveCard,
    EditCard,
    Assign,
    Unassign,
    Tag,
    Untag,
    CloseCard,
    ReopenCard,
    MoveToBoard,
    DeleteCard,
    Comment,
    EditComment,
    DeleteComment,
    Join,
    Remove,
    ChangeRole,
    EditEndpoint,
    Undo,
}

/// What people do most.
const OFTEN: &[Verb] = &[
    Verb::AddColumn,
    Verb::AddCard,
    Verb::MoveCard,
    Verb::Assign,
    Verb::Comment,
    Verb::Grant,
    Verb::MoveToBoard,
    Verb::Undo,
];

/// Whatever they may do.
const ALL: &[Verb] = &[
    Verb::CreateBoard,
    Verb::RenameBoard,
    Verb::ArchiveBoard,
    Verb::RestoreBoard,
    Verb::Grant,
    Verb::Revoke,
    Verb::Open,
    Verb::Close,
    Verb::AddColumn,
    Verb::EditColumn,
    Verb::MoveColumn,
    Verb::RemoveColumn,
    Verb::AddCard,
    Verb::MoveCard,
    Verb::EditCard,
    Verb::Assign,
    Verb::Unassign,
    Verb::Tag,
    Verb::Untag,
    Verb::CloseCard,
    Verb::ReopenCard,
    Verb::MoveToBoard,
    Verb::DeleteCard,
    Verb::Comment,
    Verb::EditComment,
    Verb::DeleteComment,
    Verb::Join,
    Verb::Remove,
    Verb::ChangeRole,
    Verb::EditEndpoint,
    Verb::Undo,
];

/// A random step: what people do often comes often.
pub(super) fn step() -> impl Strategy<Value = Step> {
    let verb = prop_oneof![
        2 => proptest::sample::select(OFTEN),
        3 => proptest::sample::select(ALL),
    ];
    let number = || any::<u16>().prop_map(usize::from);
    (verb, number(), number(), number()).prop_map(|(verb, who, one, other)| Step {
        verb,
        who,
        one,
        other,
    })
}
