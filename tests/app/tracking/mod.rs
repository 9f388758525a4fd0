//! What browsers report: taken, refused, counted, shown, handed out and erased.

mod ingest;
mod insights;
mod insights_page;
mod items;
mod navigation;
mod outages;
mod privacy;
mod rollups;
mod seen;
mod seen_live;

use cairn::values::Role;
use cairn::values::id::{BoardId, ColumnId, TrackingEventId};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::TestApp;
use crate::support::app::Account;
use crate::support::client::Answer;
use crate::support::people::Person;

/// An account with a board, a card on it, and two people.
struct Scene {
    app: TestApp,
    account: Account,
    tomas: Person,
    board: BoardId,
    column: ColumnId,
    number: i64,
    card: Uuid,
}

impl Scene {
    async fn set() -> Self {
        let app = TestApp::start().await;
        let account = app.account("northfold").await;
        let tomas = app.member(&account, "Tomas Lindqvist", Role::Member).await;
        let board = account.owner.create_board("Spring catalogue").await;
        let column = account.owner.add_column(board, "To do").await;
        let number = account.owner.add_card(board, column, "Write the letter").await;
        let card = card(app.pool(), &account.owner, number).await;
        Self { app, account, tomas, board, column, number, card }
    }

    fn olive(&self) -> &Person {
        &self.account.owner
    }

    /// How many reports are stored.
    async fn stored(&self) -> i64 {
        count(self.app.pool(), "select count(*) from tracking_events").await
    }

    /// It is shown who has seen what from now on.
    async fn show_receipts(&self) {
        let fields = [("receipts", "on"), ("tracking_days", "90")];
        self.olive().patch("settings/tracking", &fields).await.expect(303);
    }
}

async fn count(pool: &PgPool, query: &str) -> i64 {
    sqlx::query_scalar(query).fetch_one(pool).await.expect("a count")
}

/// The id of a card.
async fn card(pool: &PgPool, person: &Person, number: i64) -> Uuid {
    sqlx::query_scalar("select id from cards where account_id = $1 and number = $2")
        .bind(person.actor.account.id.uuid())
        .bind(number)
        .fetch_one(pool)
        .await
        .expect("the card")
}

/// A page view of nothing in particular.
fn view() -> Value {
    json!({
        "id": TrackingEventId::new(), "event_type": "page_view",
        "url": "https://cairn.example/northfold",
    })
}

/// A page view of a thing.
#[expect(clippy::needless_pass_by_value, reason = "an id is as small as a reference to it")]
fn view_of(kind: &str, id: impl ToString) -> Value {
    let mut item = view();
    item["trackable_type"] = kind.into();
    item["trackable_id"] = id.to_string().into();
    item
}

/// What a browser sends; the body is sent as it is.
fn reporting(person: &Person, body: String) -> RequestBuilder {
    let request = person.client.request(Method::POST, &person.path("tracking_events"));
    let request = request.header("x-csrf-token", person.client.csrf_token());
    request
        .header("accept", "application/json")
        .header("content-type", "application/json")
        .body(body)
}

/// Reports some items.
async fn report(person: &Person, items: &[Value]) -> Answer {
    let body = json!({ "tracking_events": items }).to_string();
    person.client.send(reporting(person, body)).await
}

/// The places of the items that an answer refuses, with the reasons.
fn refused(answer: &Answer) -> Vec<(u64, String)> {
    let errors = answer.json()["errors"].as_array().cloned().unwrap_or_default();
    let place = |error: &Value| {
        let reason = error["reason"].as_str().unwrap_or_default().to_owned();
        (error["index"].as_u64().expect("a place"), reason)
    };
    errors.iter().map(place).collect()
}

/// What is counted otherwise than the reports say, one line each.
async fn miscounted(pool: &PgPool) -> Vec<String> {
    let counts = "count(*) filter (where event_type = 'page_view') as page_views,
                  count(*) filter (where event_type = 'link_click') as link_clicks,
                  count(*) filter (where event_type = 'form_submit') as form_submits";
    let mut lines = Vec::new();
    for (table, keys, condition) in [
        ("tracking_hours", "account_id, day, hour", "true"),
        ("tracking_people", "account_id, day, user_id", "true"),
        ("tracking_boards", "account_id, day, board_id", "board_id is not null"),
        (
            "tracking_things",
            "account_id, day, trackable_type, trackable_id",
            "trackable_id is not null",
        ),
    ] {
        let recounted = format!(
            "select {keys}, {counts} from tracking_events where {condition} group by {keys}"
        );
        let counted = format!("select {keys}, page_views, link_clicks, form_submits from {table}");
        lines.extend(differences(pool, table, &counted, &recounted).await);
    }
    let months = "select account_id, date_trunc('month', day)::date, trackable_type, trackable_id,
                      sum(page_views), sum(link_clicks), sum(form_submits),
                      bit_or((page_views > 0)::int << (extract(day from day)::int - 1))
                  from tracking_things group by 1, 2, 3, 4";
    lines.extend(differences(pool, "tracking_months", "table tracking_months", months).await);
    let visits = "select account_id, date_trunc('month', day)::date, scope.board_id, user_id,
                      bit_or(1 << (extract(day from day)::int - 1))
                  from tracking_events event cross join lateral (
                      values ('00000000-0000-0000-0000-000000000000'::uuid), (event.board_id))
                      scope (board_id)
                  where event_type = 'page_view' and scope.board_id is not null
                  group by 1, 2, 3, 4";
    lines.extend(differences(pool, "tracking_visits", "table tracking_visits", visits).await);
    let keys = "account_id, trackable_type, trackable_id, user_id";
    let recounted = format!(
        "select {keys}, min(occurred_at), max(occurred_at), count(*) from tracking_events
         where event_type = 'page_view' and trackable_type in ('Board', 'Card') group by {keys}"
    );
    let counted = format!("select {keys}, first_seen_at, last_seen_at, page_views from receipts");
    lines.extend(differences(pool, "receipts", &counted, &recounted).await);
    lines
}

async fn differences(pool: &PgPool, table: &str, one: &str, other: &str) -> Vec<String> {
    let query = format!(
        "select '{table} has ' || t::text from (({one}) except ({other})) t
         union all select '{table} lacks ' || t::text from (({other}) except ({one})) t"
    );
    sqlx::query_scalar(&query).fetch_all(pool).await.expect("a comparison")
}
