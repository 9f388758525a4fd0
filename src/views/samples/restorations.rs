//! What undoing will do: words, a comment, a card whose column is gone, and what cannot be undone.

use maud::Markup;

use super::cards::SHARP;
use crate::domain::FieldError;
use crate::domain::boards::Board;
use crate::domain::cards::{Card, Spot};
use crate::domain::columns::Column;
use crate::domain::comments::Comment;
use crate::domain::feed::Feed;
use crate::domain::restorations::{Act, Offered, Plan, Target};
use crate::views::{Form, Page, restorations};

/// Each page by its name.
pub(super) fn pages(
    page: &Page,
    feed: &Feed,
    (board, columns): (&Board, &[Column]),
    card: &Card,
    comment: &Comment,
) -> Vec<(&'static str, Markup)> {
    let card = || card.clone();
    let words = Act::Words {
        card: card(),
        title: Some("Write the letter".to_owned()),
        description: Some(SHARP.repeat(3)),
    };
    let said = Act::CommentWords { card: card(), comment: comment.clone(), body: SHARP.to_owned() };
    let left = columns[0].snapshot();
    let nowhere = Act::Place { card: card(), column: left.clone(), to: None, spot: Spot::Last };
    let target = Target { board: board.clone(), column: columns[1].clone() };
    let back = Act::Place { card: card(), column: left, to: Some(target), spot: Spot::Last };
    let offered = [Offered { board: SHARP.to_owned(), columns: columns.to_vec() }];
    let wrong = |field, message: &str| {
        Form::default().refused(vec![FieldError { field, message: message.to_owned() }])
    };
    let plan = |act| Plan { activity: feed.activities[0].clone(), act };
    let show = |act, form: &Form| restorations::new(page, feed, Some(&plan(act)), &offered, form);
    let twice = wrong("event", "This was undone already.");
    vec![
        ("restoration", show(words, &Form::default())),
        ("restoration-changed", show(said, &wrong("event", "Somebody changed this."))),
        ("restoration-where", show(nowhere, &wrong("column_id", "Choose where it goes."))),
        ("restoration-back", show(back, &Form::default())),
        ("restoration-refused", restorations::new(page, feed, None, &[], &twice)),
    ]
}
