//! Every card that is there, as its story tells it: who added it, how often it was edited, and what is said
//! about it. Where it stands and what it says, its board says.

use std::collections::{BTreeMap, HashMap};

use sqlx::PgConnection;

use super::difference::{Compared, Comparing, Difference};
use crate::domain::Result;
use crate::events::snapshot::ERASED;
use crate::events::story::CommentAsItWas;
use crate::events::{Log, Story, stories_of};
use crate::values::id::{AccountId, CardId, CommentId, UserId};

/// So many cards are told at once.
const WINDOW: i64 = 200;

/// A card as the tables have it.
struct Card {
    id: CardId,
    number: i64,
    creator_id: UserId,
    version: i64,
}

type Comments = BTreeMap<CommentId, CommentAsItWas>;

/// Tells every card of an account anew, up to the head; how many, and the first difference.
pub(super) async fn replay(
    log: &Log,
    connection: &mut PgConnection,
    account: AccountId,
    head: i64,
) -> Result<(usize, Option<Difference>)> {
    let (mut told, mut after) = (0, 0);
    loop {
        let cards = cards(&mut *connection, account, after).await?;
        let Some(last) = cards.last() else { return Ok((told, None)) };
        after = last.number;
        let ids: Vec<CardId> = cards.iter().map(|card| card.id).collect();
        let mut stories = stories_of(log, &mut *connection, account, &ids, head).await?;
        let mut comments = comments(&mut *connection, account, &ids).await?;
        for card in &cards {
            told += 1;
            let story = stories.remove(&card.id).unwrap_or_default();
            let comments = comments.remove(&card.id).unwrap_or_default();
            if let Err(difference) = compare(card, &comments, &story) {
                return Ok((told, Some(*difference)));
            }
        }
    }
}

async fn cards(
    connection: &mut PgConnection,
    account: AccountId,
    after: i64,
) -> sqlx::Result<Vec<Card>> {
    let cards = sqlx::query_as!(
        Card,
        r#"select id as "id: CardId", number, creator_id as "creator_id: UserId", version
           from cards where account_id = $1 and number > $2 order by number limit $3"#,
        account as _,
        after,
        WINDOW,
    );
    cards.fetch_all(connection).await
}

async fn comments(
    connection: &mut PgConnection,
    account: AccountId,
    cards: &[CardId],
) -> sqlx::Result<HashMap<CardId, Comments>> {
    let rows = sqlx::query!(
        r#"select id as "id: CommentId", card_id as "card_id: CardId",
               author_id as "author_id: UserId", body, version, created_at, edited_at
           from comments where account_id = $1 and card_id = any($2)"#,
        account as _,
        cards as _,
    );
    let mut comments: HashMap<CardId, Comments> = HashMap::new();
    for row in rows.fetch_all(connection).await? {
        let comment = CommentAsItWas {
            author_id: Some(row.author_id),
            body: row.body,
            version: row.version,
            created_at: row.created_at,
            edited_at: row.edited_at,
        };
        comments.entry(row.card_id).or_default().insert(row.id, comment);
    }
    Ok(comments)
}

fn compare(card: &Card, comments: &Comments, story: &Story) -> Compared {
    let comparing = Comparing::of(format!("card {}", card.number));
    let creator = story.added.and_then(|added| added.by);
    comparing.same("creator", &creator, &Some(card.creator_id))?;
    comparing.same("version", &(story.edits + 1), &card.version)?;
    comparing.each("comment", &story.comments, comments, comment)
}

fn comment(comparing: &Comparing, log: &CommentAsItWas, found: &CommentAsItWas) -> Compared {
    comparing.same("author", &log.author_id, &found.author_id)?;
    comparing.text("text", &log.body, &found.body)?;
    // What was erased has another version by that.
    if found.body == ERASED {
        return Ok(());
    }
    comparing.same("version", &log.version, &found.version)?;
    comparing.same("whether it was edited", &log.edited_at.is_some(), &found.edited_at.is_some())
}
