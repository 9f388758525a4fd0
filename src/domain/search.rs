//! Finding cards and comments by their words, or a card by its number.

use std::collections::BTreeSet;

use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;

use super::{Actor, Result};
use crate::events::sentence::unmarked;
use crate::values::id::{AccountId, BoardId, CardId, CommentId, FindableId};
use crate::values::{Color, Excerpt, SearchQuery, words};

/// How many are given at once.
pub const PAGE: usize = 50;

/// What is to be found by its words.
#[derive(Debug, Clone, Copy)]
pub enum Findable<'a> {
    /// A card, by its title and its description.
    Card {
        /// The card.
        id: CardId,
        /// Its title.
        title: &'a str,
        /// Its description.
        description: &'a str,
    },
    /// A comment, by what it says.
    Comment {
        /// The comment.
        id: CommentId,
        /// The card that it is about.
        card: CardId,
        /// What it says.
        body: &'a str,
    },
}

/// Something that was found.
#[derive(Debug, Clone)]
pub struct Hit {
    /// The card's or the comment's id, from which the next page goes on.
    pub id: FindableId,
    /// The comment, if it is one.
    pub comment_id: Option<CommentId>,
    /// The number of the card, or of the one that the comment is about.
    pub card_number: i64,
    /// That card's title.
    pub title: Excerpt,
    /// Some of the description or of the comment; empty where nothing is written.
    pub excerpt: Excerpt,
    /// The board that the card is on.
    pub board_id: BoardId,
    /// What that board is called.
    pub board_name: String,
    /// Its colour.
    pub board_color: Color,
    /// Who wrote the comment, if it is one.
    pub author: Option<String>,
    /// When it was written.
    pub created_at: OffsetDateTime,
}

/// A page of what was found: first what has the words in its title, and the newest first.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// What was found.
    pub hits: Vec<Hit>,
    /// Where the next page begins: the id of the last one here, if there is more.
    pub next: Option<FindableId>,
}

struct Row {
    id: FindableId,
    comment_id: Option<CommentId>,
    card_number: i64,
    title: String,
    text: String,
    board_id: BoardId,
    board_name: String,
    board_color: Color,
    author: Option<String>,
    created_at: OffsetDateTime,
}

/// Lets something be found by the words that it has now. Whoever writes the text calls this in the
/// same transaction; what is deleted is forgotten by itself.
///
/// # Errors
/// A database that fails.
pub async fn put(
    connection: &mut PgConnection,
    account: AccountId,
    findable: Findable<'_>,
) -> Result<()> {
    let (id, card, comment, title, text) = match findable {
        Findable::Card { id, title, description } => (id.uuid(), id, None, title, description),
        Findable::Comment { id, card, body } => (id.uuid(), card, Some(id), "", body),
    };
    let title_words = lexemes(account, &words::to_index(title));
    let words = lexemes(account, &words::to_index(&format!("{title}\n{text}")));
    sqlx::query!(
        "insert into search_entries (account_id, id, card_id, comment_id, title_words, words)
         values ($1, $2, $3, $4, array_to_tsvector($5::text[]), array_to_tsvector($6::text[]))
         on conflict (account_id, id) do update
         set title_words = excluded.title_words, words = excluded.words",
        account as _,
        id,
        card as _,
        comment as _,
        &title_words,
        &words,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What is found of the boards that somebody sees; with `after`, what comes after that one. A card
/// whose number was given leads the first page.
///
/// # Errors
/// A database that fails.
pub async fn find(
    pool: &PgPool,
    actor: &Actor,
    query: &SearchQuery,
    after: Option<FindableId>,
) -> Result<Found> {
    let number = query.card_number().filter(|_| after.is_none());
    let mut rows = match number {
        Some(number) => by_number(pool, actor, number).await?,
        None => Vec::new(),
    };
    let leading: Option<FindableId> = rows.first().map(|row| row.id);
    let found = by_words(pool, actor, query, after).await?;
    let next = found.get(PAGE - 1).filter(|_| found.len() > PAGE).map(|row| row.id);
    rows.extend(found.into_iter().take(PAGE).filter(|row| Some(row.id) != leading));
    Ok(Found { hits: rows.into_iter().map(|row| hit(row, query)).collect(), next })
}

/// One more than a page, so that it is seen whether there is another.
async fn by_words(
    pool: &PgPool,
    actor: &Actor,
    query: &SearchQuery,
    after: Option<FindableId>,
) -> Result<Vec<Row>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select e.id as "id: FindableId", e.comment_id as "comment_id: CommentId", c.number as card_number, c.title,
               coalesce(m.body, c.description) as "text!", b.id as "board_id: BoardId",
               b.name as board_name, b.color as "board_color: Color", u.name as "author?",
               coalesce(m.created_at, c.created_at) as "created_at!"
           from search_entries e
           join cards c on c.account_id = $1 and c.id = e.card_id
           join boards b on b.account_id = $1 and b.id = c.board_id
           left join comments m on m.account_id = $1 and m.id = e.comment_id
           left join users u on u.account_id = $1 and u.id = m.author_id
           where e.account_id = $1 and e.words @@ $3::text::tsquery
             and exists (select from board_viewers v
                         where v.account_id = $1 and v.board_id = c.board_id and v.user_id = $2)
             and ($4::uuid is null or (e.title_words @@ $3::text::tsquery, e.id)
                  < (select a.title_words @@ $3::text::tsquery, a.id from search_entries a
                     where a.account_id = $1 and a.id = $4))
           order by e.title_words @@ $3::text::tsquery desc, e.id desc limit $5"#,
        actor.account.id as _,
        actor.user_id as _,
        all_of(actor.account.id, query),
        after as _,
        i64::try_from(PAGE + 1).unwrap_or(i64::MAX),
    );
    Ok(rows.fetch_all(pool).await?)
}

async fn by_number(pool: &PgPool, actor: &Actor, number: i64) -> Result<Vec<Row>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select c.id as "id: FindableId", null::uuid as "comment_id: CommentId", c.number as card_number, c.title,
               c.description as text, b.id as "board_id: BoardId", b.name as board_name,
               b.color as "board_color: Color", null as author, c.created_at
           from cards c join boards b on b.account_id = $1 and b.id = c.board_id
           where c.account_id = $1 and c.number = $3
             and exists (select from board_viewers v
                         where v.account_id = $1 and v.board_id = c.board_id and v.user_id = $2)"#,
        actor.account.id as _,
        actor.user_id as _,
        number,
    );
    Ok(rows.fetch_all(pool).await?)
}

fn hit(row: Row, query: &SearchQuery) -> Hit {
    Hit {
        id: row.id,
        comment_id: row.comment_id,
        card_number: row.card_number,
        title: Excerpt::whole(&row.title, query),
        excerpt: Excerpt::around(&unmarked(&row.text), query),
        board_id: row.board_id,
        board_name: row.board_name,
        board_color: row.board_color,
        author: row.author,
        created_at: row.created_at,
    }
}

/// Words with their account's mark in front.
fn lexemes(account: AccountId, words: &BTreeSet<String>) -> Vec<String> {
    let mark = mark(account);
    words.iter().map(|word| format!("{mark}{word}")).collect()
}

/// A query in Postgres' words: every word begins one of the text's. A word is letters, digits and
/// marks alone, so nothing in it could end its quotes.
fn all_of(account: AccountId, query: &SearchQuery) -> String {
    let mark = mark(account);
    query.words().map(|word| format!("'{mark}{word}':*")).collect::<Vec<_>>().join(" & ")
}

/// What tells one account's words from another's: the end of its id, which is random. Should two
/// be alike, the search is slower and no less right.
fn mark(account: AccountId) -> String {
    let id = account.uuid().simple().to_string();
    format!("{}/", &id[id.len() - 6..])
}

#[cfg(test)]
impl Found {
    /// A card and a comment, the words of which end like this, and more to come.
    pub(crate) fn example(query: &SearchQuery, end: &str) -> Self {
        let text = format!("Ask in the letter what it costs to stay. {end}");
        let hit = |comment_id, author| Hit {
            id: FindableId::new(),
            comment_id,
            card_number: 142,
            title: Excerpt::whole("Write the letter to the hut wardens", query),
            excerpt: Excerpt::around(&text, query),
            board_id: BoardId::new(),
            board_name: "Spring catalogue".to_owned(),
            board_color: Color::Clay,
            author,
            created_at: crate::values::clock::now(),
        };
        let comment = hit(Some(CommentId::new()), Some("Tomas Lindqvist".to_owned()));
        let next = Some(comment.id);
        Self { hits: vec![hit(None, None), comment], next }
    }
}
