//! Activities by the million: COPY of the rows that real verbs recorded, with other ids.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cairn::domain::Actor;
use cairn::values::clock;
use futures_util::TryStreamExt as _;
use sqlx::{Executor as _, PgPool};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// How many of a hundred activities are of which kind; the last one is in no feed.
const KINDS: [(&str, usize); 8] = [
    ("card_moved", 30),
    ("comment_added", 25),
    ("card_added", 8),
    ("card_updated", 12),
    ("card_closed", 5),
    ("card_assigned", 8),
    ("card_tagged", 5),
    ("card_reordered", 7),
];

/// Rows of one COPY.
const BATCH: i64 = 50_000;

/// From one activity to the next.
const PACE: Duration = Duration::seconds(6);

/// Rows of typed tables in the text form of COPY, to be written again and again with other ids.
pub(super) struct Multiplied<'a> {
    pool: &'a PgPool,
    account: Uuid,
    people: Vec<Uuid>,
    /// The cards of each board: their ids and numbers.
    cards: Vec<(Uuid, Vec<(Uuid, i64)>)>,
    templates: BTreeMap<&'static str, Template>,
}

struct Template {
    columns: Vec<String>,
    values: Vec<String>,
}

/// An activity that is made up.
struct Made {
    sequence: i64,
    id: Uuid,
    kind: &'static str,
    creator: Uuid,
    board: Uuid,
    card: (Uuid, i64),
    created_at: OffsetDateTime,
}

impl<'a> Multiplied<'a> {
    pub(super) async fn of(pool: &'a PgPool, owner: &Actor) -> Self {
        let people = sqlx::query_scalar("select id from users").fetch_all(pool);
        let query = "select b.id, c.id, c.number from boards b join cards c on c.board_id = b.id
                     order by b.created_at, b.id, c.number";
        let rows: Vec<(Uuid, Uuid, i64)> =
            sqlx::query_as(query).fetch_all(pool).await.expect("cards");
        let cards = rows.chunk_by(|one, next| one.0 == next.0);
        let cards = cards.map(|of| (of[0].0, of.iter().map(|row| (row.1, row.2)).collect()));
        let mut templates = BTreeMap::new();
        for (kind, _) in KINDS {
            templates.insert(kind, Template::of(pool, kind).await);
        }
        Self {
            pool,
            account: owner.account.id.uuid(),
            people: people.await.expect("people"),
            cards: cards.collect(),
            templates,
        }
    }

    /// Writes activities until there are so many.
    pub(super) async fn copy(&self, activities: i64) {
        let head = "select sequence from account_heads where account_id = $1";
        let head = sqlx::query_scalar::<_, i64>(head).bind(self.account).fetch_one(self.pool);
        let mut next = head.await.expect("a head") + 1;
        let start = clock::now() - PACE * i32::try_from(activities).expect("a size");
        while next <= activities {
            let end = (next + BATCH - 1).min(activities);
            let made = (next..=end).map(|sequence| self.made(sequence, activities, start));
            self.copy_batch(&made.collect::<Vec<_>>()).await;
            next = end + 1;
        }
        let query = "update account_heads set sequence = $2 where account_id = $1";
        let query = sqlx::query(query).bind(self.account).bind(activities);
        query.execute(self.pool).await.expect("the head");
    }

    fn made(&self, sequence: i64, activities: i64, start: OffsetDateTime) -> Made {
        let chance = usize::try_from(sequence).expect("a number").wrapping_mul(2_654_435_761) >> 7;
        let (board, cards) = &self.cards[board(sequence, activities)];
        let created_at = start + PACE * i32::try_from(sequence).expect("a number");
        let millis = u128::try_from(created_at.unix_timestamp()).expect("after 1970") * 1_000;
        let count = u128::try_from(sequence).expect("a number");
        Made {
            sequence,
            id: Uuid::from_u128((millis << 80) | (0x7 << 76) | (0x2 << 62) | count),
            kind: kind(chance % 100),
            creator: self.people[chance / 100 % self.people.len()],
            board: *board,
            card: cards[chance / 1_000 % cards.len()],
            created_at,
        }
    }

    async fn copy_batch(&self, made: &[Made]) {
        let mut texts: BTreeMap<&str, String> = BTreeMap::new();
        for activity in made {
            let line = texts.entry("activities").or_default();
            let Made { sequence, id, kind, creator, board, card, created_at } = activity;
            let account = self.account;
            writeln!(
                line,
                "{account}\t{sequence}\t{id}\t{kind}\t{creator}\t{board}\t{}\t\\N\tbrowser\t\\N\t\\N\t{created_at}",
                card.0
            )
            .expect("text");
            self.templates[kind].write(texts.entry(kind).or_default(), activity);
        }
        let mut connection = self.pool.acquire().await.expect("a connection");
        connection.execute("set statement_timeout = 0").await.expect("a setting");
        for (table, text) in texts {
            let columns = self.templates.get(table).map_or_else(
                || {
                    "account_id, sequence, id, subject_type, creator_id, board_id, card_id, cause_id,
                     source, token_id, address_id, created_at"
                        .to_owned()
                },
                |template| template.columns.join(", "),
            );
            let copy = format!("copy {table} ({columns}) from stdin");
            let mut copying = connection.copy_in_raw(&copy).await.expect("a copy");
            copying.send(text.as_bytes()).await.expect("rows");
            copying.finish().await.expect("rows that fit");
        }
    }
}

impl Template {
    async fn of(pool: &PgPool, table: &str) -> Self {
        let query = "select column_name::text from information_schema.columns
                     where table_name = $1 order by ordinal_position";
        let columns: Vec<String> =
            sqlx::query_scalar(query).bind(table).fetch_all(pool).await.expect("columns");
        let mut connection = pool.acquire().await.expect("a connection");
        let copy = format!("copy (select * from {table} limit 1) to stdout");
        let rows = connection.copy_out_raw(&copy).await.expect("a copy");
        let bytes: Vec<u8> = rows.map_ok(|bytes| bytes.to_vec()).try_concat().await.expect("a row");
        let line = String::from_utf8(bytes).expect("text");
        let values: Vec<String> =
            line.trim_end_matches('\n').split('\t').map(str::to_owned).collect();
        assert_eq!(values.len(), columns.len(), "no verb has recorded a {table}");
        Self { columns, values }
    }

    fn write(&self, text: &mut String, made: &Made) {
        for (place, (column, value)) in self.columns.iter().zip(&self.values).enumerate() {
            if place > 0 {
                text.push('\t');
            }
            match column.as_str() {
                "id" => write!(text, "{}", made.id),
                "board_id" => write!(text, "{}", made.board),
                "card_id" => write!(text, "{}", made.card.0),
                "number" => write!(text, "{}", made.card.1),
                "created_at" => write!(text, "{}", made.created_at),
                _ => write!(text, "{value}"),
            }
            .expect("text");
        }
        text.push('\n');
    }
}

fn kind(mut chance: usize) -> &'static str {
    for (kind, share) in KINDS {
        if chance < share {
            return kind;
        }
        chance -= share;
    }
    unreachable!("the shares are a hundred")
}

/// The quiet board had its share of the first fifth; the seven have a tenth of all.
fn board(sequence: i64, activities: i64) -> usize {
    match sequence % 10 {
        0 if sequence < activities / 5 => 1,
        9 => 2 + usize::try_from(sequence / 10 % 7).expect("a number"),
        _ => 0,
    }
}
