//! A made-up card with all that stands beside it.

use time::Duration;

use crate::domain::cards::{Assignee, Card, Closure, Marks};
use crate::domain::comments::Comment;
use crate::domain::tags::Tag;
use crate::values::id::{BoardId, CardId, ColumnId, CommentId, TagId, UserId};
use crate::values::{Color, Rank, clock};

/// What would do harm if it were taken for HTML.
pub(super) const SHARP: &str = "\"><script>alert('x')</script>";

pub(super) fn tags(many: usize) -> Vec<Tag> {
    let names = [("print", Color::Clay), ("words", Color::Lake), (SHARP, Color::Rowan)];
    let tags = names.into_iter().take(many).map(|(name, color)| Tag {
        id: TagId::new(),
        name: name.to_owned(),
        color,
    });
    tags.collect()
}

pub(super) fn people(many: usize) -> Vec<Assignee> {
    let names =
        [("Olive Marsh", Color::Moss), ("Tomas Lindqvist", Color::Lake), (SHARP, Color::Clay)];
    let people = names.into_iter().take(many).map(|(name, color)| Assignee {
        id: UserId::new(),
        name: name.to_owned(),
        color,
    });
    people.collect()
}

pub(super) fn marks() -> Marks {
    Marks { closure: None, assignees: people(2), tags: tags(3), changed: None }
}

pub(super) fn closed() -> Marks {
    let (closer_id, closer_name) = (UserId::new(), SHARP.to_owned());
    Marks { closure: Some(Closure { closer_id, closer_name, created_at: clock::now() }), ..marks() }
}

pub(super) fn card(board: BoardId, column: ColumnId) -> Card {
    Card {
        id: CardId::new(),
        number: 142,
        board_id: board,
        column_id: column,
        rank: Rank::between(None, None),
        title: "Write the letter to the hut wardens".to_owned(),
        description: "Ask each warden two things: what it costs to stay and who has the key.\n\n\
                      ## Before it goes out\n\n- Collect the eight addresses\n- Agree on the *two* questions\n\n\
                      Quote it as `[survey 2019]`.\n\n<script>alert(1)</script>"
            .to_owned(),
        version: 3,
        creator_id: UserId::new(),
        created_at: clock::now(),
        updated_at: clock::now(),
    }
}

pub(super) fn comments(card: CardId) -> Vec<Comment> {
    let said = [
        (
            "Tomas Lindqvist",
            Color::Lake,
            "The wardens at Hollin answer by post only. I have their addresses in the blue folder.",
        ),
        (
            "Amara Okafor",
            Color::Clay,
            "Then let us write **one letter** that works on paper.\n\n> What does it cost to stay?",
        ),
    ];
    let comments = said.into_iter().map(|(author, color, body)| Comment {
        id: CommentId::new(),
        card_id: card,
        author_id: UserId::new(),
        author_name: author.to_owned(),
        author_color: color,
        body: body.to_owned(),
        version: 2,
        created_at: clock::now() - Duration::hours(5),
        edited_at: Some(clock::now() - Duration::hours(4)),
    });
    comments.collect()
}
