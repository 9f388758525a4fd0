//! Every board, from its first event on, beside what the tables and the checkpoints say.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::PgConnection;

use super::difference::{Compared, Comparing, Difference};
use super::stored_board::stored_board;
use crate::domain::Result;
use crate::events::board_as_it_was::{CardAsItWas, ColumnAsItWas, TagAsItWas};
use crate::events::{BoardAsItWas, Log, Rebuilding, checkpoints};
use crate::values::id::{AccountId, BoardId, CardId, TagId};

/// Rebuilds every board of an account up to the head; how many, and the first difference.
pub(super) async fn replay(
    log: &Log,
    connection: &mut PgConnection,
    account: AccountId,
    head: i64,
) -> Result<(usize, Option<Difference>)> {
    let ids = ids(&mut *connection, account).await?;
    for (rebuilt, id) in (1..).zip(&ids) {
        let difference = replay_board(log, &mut *connection, account, *id, head).await?;
        if difference.is_some() {
            return Ok((rebuilt, difference));
        }
    }
    Ok((ids.len(), None))
}

/// The boards that the tables have, the oldest first.
async fn ids(connection: &mut PgConnection, account: AccountId) -> Result<Vec<BoardId>> {
    let boards = sqlx::query_scalar!(
        r#"select id as "id: BoardId" from boards where account_id = $1 order by id"#,
        account as _,
    );
    Ok(boards.fetch_all(connection).await?)
}

async fn replay_board(
    log: &Log,
    connection: &mut PgConnection,
    account: AccountId,
    id: BoardId,
    head: i64,
) -> Result<Option<Difference>> {
    let mut rebuilding = Rebuilding::from_nothing(account, id);
    for sequence in checkpoints::of_board(connection, account, id).await? {
        rebuilding.go_on(log, connection, sequence).await?;
        let kept = checkpoints::newest(connection, account, id, sequence).await?;
        let Some((_, kept)) = kept.filter(|(at, _)| *at == sequence) else { continue };
        if let Some(difference) = difference(id, &rebuilding.board, &kept) {
            let thing = format!("its checkpoint at {sequence}, {}", difference.thing);
            return Ok(Some(Difference { thing, ..difference }));
        }
    }
    rebuilding.go_on(log, connection, head).await?;
    let stored = stored_board(connection, account, id).await?.unwrap_or_default();
    Ok(unknown(id, &rebuilding).or_else(|| difference(id, &rebuilding.board, &stored)))
}

/// A board that cannot be rebuilt here, since not all that happened on it can be read.
fn unknown(id: BoardId, rebuilding: &Rebuilding) -> Option<Difference> {
    (!rebuilding.is_whole).then(|| Difference {
        of: format!("board {id}"),
        thing: "its events".to_owned(),
        attribute: "what they say",
        events: format!("{} changes that can be read", rebuilding.board.changes),
        found: "more, whose rows are missing or whose kinds are unknown".to_owned(),
    })
}

/// The first difference between what a board's events come to and what was found.
pub fn difference(
    board_id: BoardId,
    log: &BoardAsItWas,
    found: &BoardAsItWas,
) -> Option<Difference> {
    compare(&Comparing::of(format!("board {board_id}")), log, found)
        .err()
        .map(|difference| *difference)
}

fn compare(comparing: &Comparing, log: &BoardAsItWas, found: &BoardAsItWas) -> Compared {
    comparing.done("creator", log.made, found.made)?;
    comparing.text("name", &log.name, &found.name)?;
    comparing.same("color", &log.color, &found.color)?;
    comparing.same("access", &log.access, &found.access)?;
    comparing.same("chosen", &log.chosen, &found.chosen)?;
    comparing.done("archived", log.archived, found.archived)?;
    comparing.each("column", &log.columns, &found.columns, column)?;
    comparing.each("card", &by_number(log), &by_number(found), card)?;
    comparing.each("tag", &used(log), &used(found), tag)
}

fn column(comparing: &Comparing, log: &ColumnAsItWas, found: &ColumnAsItWas) -> Compared {
    comparing.text("name", &log.name, &found.name)?;
    comparing.same("color", &log.color, &found.color)?;
    comparing.same("rank", &log.rank, &found.rank)
}

fn card(
    comparing: &Comparing,
    (log_id, log): &(CardId, &CardAsItWas),
    (found_id, found): &(CardId, &CardAsItWas),
) -> Compared {
    comparing.same("id", log_id, found_id)?;
    comparing.text("title", &log.title, &found.title)?;
    comparing.text("description", &log.description, &found.description)?;
    comparing.same("column", &log.column_id, &found.column_id)?;
    comparing.same("rank", &log.rank, &found.rank)?;
    comparing.same("comments", &log.comments, &found.comments)?;
    comparing.done("closed", log.closed, found.closed)?;
    // Two people may be put to a card at once, and in whichever order.
    let people = |card: &CardAsItWas| card.assignees.iter().copied().collect::<BTreeSet<_>>();
    comparing.same("assignees", &people(log), &people(found))?;
    comparing.same("how many assignees", &log.assignees.len(), &found.assignees.len())?;
    comparing.same("tags", &log.tags, &found.tags)
}

fn tag(comparing: &Comparing, log: &&TagAsItWas, found: &&TagAsItWas) -> Compared {
    comparing.text("name", &log.name, &found.name)?;
    comparing.same("color", &log.color, &found.color)
}

/// The cards by their numbers, as people know them.
fn by_number(board: &BoardAsItWas) -> BTreeMap<i64, (CardId, &CardAsItWas)> {
    board.cards.iter().map(|(id, card)| (card.number, (*id, card))).collect()
}

/// The tags that cards are marked with.
fn used(board: &BoardAsItWas) -> BTreeMap<TagId, &TagAsItWas> {
    let used: BTreeSet<_> = board.cards.values().flat_map(|card| &card.tags).collect();
    let tags = board.tags.iter().filter(|(id, _)| used.contains(id));
    tags.map(|(id, tag)| (*id, tag)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::board_as_it_was::Stamp;

    #[test]
    fn a_board_without_events_differs_from_one_that_is_there() {
        let found = BoardAsItWas { made: Some(Stamp::default()), ..BoardAsItWas::default() };
        let id = BoardId::new();
        let difference = difference(id, &BoardAsItWas::default(), &found).expect("a difference");
        assert_eq!(difference.attribute, "creator");
    }
}
