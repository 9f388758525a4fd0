//! The limit: an axum handler that runs a page's statements and sends its bytes, and nothing else.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use cairn::db;
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{Either, Executor as _, PgPool, Postgres, Statement as _, TypeInfo as _};
use time::OffsetDateTime;
use time::format_description::well_known::Iso8601;
use uuid::Uuid;

use super::dataset::Dataset;
use super::load::{self, Load, Rate};
use super::served::Served;
use super::statements::{Statement, StatementLog};

/// Connections to Postgres, as many as the program has.
const CONNECTIONS: u32 = 10;

/// Pages as the program made them: their statements, ready to be run, and their bytes.
pub(super) struct Recorded {
    pages: Vec<Page>,
}

struct Page {
    statements: Vec<Ready>,
    body: Bytes,
}

struct Ready {
    sql: Arc<str>,
    values: Vec<Value>,
}

/// A parameter, in the types that feeds use.
#[derive(Debug)]
enum Value {
    Uuid(Option<Uuid>),
    Uuids(Option<Vec<Uuid>>),
    Text(Option<String>),
    Texts(Option<Vec<String>>),
    Number(Option<i64>),
    Numbers(Option<Vec<i64>>),
    Truth(Option<bool>),
    Time(Option<OffsetDateTime>),
}

impl Recorded {
    /// Opens pages in the program while Postgres logs each statement.
    pub(super) async fn of(dataset: &Dataset, paths: &[String]) -> Self {
        let mut served = Served::start(dataset, "-c log_min_duration_statement=0").await;
        // What is asked with no page opened is no part of one; nor is the first page of all.
        served.get(&paths[0]).await;
        let mut log = StatementLog::at_end(dataset.pool()).await;
        tokio::time::sleep(std::time::Duration::from_secs(3)).await;
        let beside: Vec<String> = log.next().await.into_iter().map(|it| it.sql).collect();
        // Who asks is known for a second after they were asked for, and no part of a page either.
        served.get(dataset.other_page()).await;
        log.next().await;
        let (mut pages, mut types) = (Vec::new(), HashMap::new());
        for path in paths {
            let body = Bytes::from(served.get(path).await);
            let mut statements = Vec::new();
            let of_jobs = |sql: &str| sql.contains("mq_");
            let asked = log.next().await.into_iter();
            for statement in asked.filter(|it| !beside.contains(&it.sql) && !of_jobs(&it.sql)) {
                statements.push(ready(dataset.pool(), &mut types, statement).await);
            }
            assert!(statements.len() > 2, "the statements of {path} are missing in the log");
            pages.push(Page { statements, body });
        }
        served.stop().await;
        Self { pages }
    }

    /// Serves them bare.
    pub(super) async fn serve(self, dataset: &Dataset) -> Bare {
        let pool = db::connect(&dataset.url_with(""), CONNECTIONS).await.expect("the database");
        let count = self.pages.len();
        let state = (pool, Arc::new(self.pages));
        let router = Router::new().route("/{page}", get(answer)).with_state(state);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("a port").to_string();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Bare { address, paths: (0..count).map(|page| format!("/{page}")).collect() }
    }
}

async fn answer(
    State((pool, pages)): State<(PgPool, Arc<Vec<Page>>)>,
    Path(page): Path<usize>,
) -> impl IntoResponse {
    let page = &pages[page];
    let mut connection = pool.acquire().await.expect("a connection");
    for statement in &page.statements {
        statement.query().fetch_all(&mut *connection).await.expect("what the program asked too");
    }
    ([(CONTENT_TYPE, "text/html; charset=utf-8")], page.body.clone())
}

impl Ready {
    fn query(&self) -> Query<'_, Postgres, PgArguments> {
        self.values.iter().fold(sqlx::query(&self.sql), |query, value| match value {
            Value::Uuid(value) => query.bind(value),
            Value::Uuids(value) => query.bind(value),
            Value::Text(value) => query.bind(value),
            Value::Texts(value) => query.bind(value),
            Value::Number(value) => query.bind(value),
            Value::Numbers(value) => query.bind(value),
            Value::Truth(value) => query.bind(value),
            Value::Time(value) => query.bind(value),
        })
    }
}

/// A statement with its parameters in the types that Postgres expects.
async fn ready(
    pool: &PgPool,
    types: &mut HashMap<String, Vec<String>>,
    Statement { sql, parameters }: Statement,
) -> Ready {
    if !types.contains_key(&sql) {
        let prepared = pool.prepare(&sql).await.expect("a statement that was run");
        let Some(Either::Left(of)) = prepared.parameters() else { panic!("no types: {sql}") };
        types.insert(sql.clone(), of.iter().map(|it| it.name().to_owned()).collect());
    }
    let typed = parameters.into_iter().zip(&types[&sql]);
    Ready { values: typed.map(|(text, name)| value(name, text)).collect(), sql: sql.into() }
}

fn value(name: &str, text: Option<String>) -> Value {
    let parsed = |text: String| text.parse().expect("a number");
    match name {
        "UUID" => Value::Uuid(text.map(|it| it.parse().expect("an id"))),
        "UUID[]" => Value::Uuids(text.map(|it| members(&it, |it| it.parse().expect("an id")))),
        "TEXT" | "VARCHAR" => Value::Text(text),
        "TEXT[]" | "VARCHAR[]" => Value::Texts(text.map(|it| members(&it, str::to_owned))),
        "INT8" => Value::Number(text.map(parsed)),
        "INT8[]" => Value::Numbers(text.map(|it| members(&it, |it| parsed(it.to_owned())))),
        "BOOL" => Value::Truth(text.map(|it| it == "t")),
        "TIMESTAMPTZ" => Value::Time(text.map(|it| time(&it))),
        other => panic!("no page had a parameter of type {other} when this was written"),
    }
}

/// The members of an array without quotes in it.
fn members<T>(text: &str, read: impl Fn(&str) -> T) -> Vec<T> {
    let inner = text.trim_matches(['{', '}']);
    inner.split(',').filter(|it| !it.is_empty()).map(read).collect()
}

/// A time as Postgres writes it in UTC.
fn time(text: &str) -> OffsetDateTime {
    let text = format!("{}:00", text.replace(' ', "T"));
    OffsetDateTime::parse(&text, &Iso8601::DEFAULT).expect("a time")
}

/// The bare server.
pub(super) struct Bare {
    address: String,
    paths: Vec<String>,
}

impl Bare {
    /// Opens its pages from another process; it runs in this one.
    pub(super) async fn load(&self, once: bool) -> Rate {
        let (address, paths) = (self.address.clone(), self.paths.clone());
        let measured = tokio::task::spawn_blocking(move || {
            load::warm_up(&address, "", &paths[..1]);
            let load = Load { address: &address, cookie: "", paths: &paths, once };
            load.measure(std::process::id())
        });
        measured.await.expect("a load that ends")
    }
}
