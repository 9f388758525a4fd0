//! What the schema promises, read from `pg_catalog`: tenancy, indexes, kinds without JSON.

use std::collections::BTreeSet;

use cairn::db::tables::LOCAL;
use cairn::events::KINDS;
use sqlx::{Executor as _, PgPool};

use crate::support::TestDatabase;

/// Every statement on these has `account_id = $1`; they can be spread over machines by account.
const TENANT: &[&str] = &[
    "account_heads",
    "activities",
    "addresses",
    "assignments",
    "board_accesses",
    "board_archivals",
    "board_checkpoints",
    "boards",
    "card_numbers",
    "card_updated_changes",
    "cards",
    "checkpoint_readings",
    "closures",
    "columns",
    "comments",
    "feed_readings",
    "head_letters",
    "idempotency_keys",
    "invitations",
    "letter_refusals",
    "notifications",
    "receipts",
    "seals",
    "search_entries",
    "taggings",
    "tags",
    "tokens",
    "tracking_boards",
    "tracking_changes",
    "tracking_events",
    "tracking_hours",
    "tracking_months",
    "tracking_people",
    "tracking_things",
    "tracking_visits",
    "users",
    "watches",
    "webhook_attempts",
    "webhook_counters",
    "webhook_deliveries",
    "webhook_disablements",
    "webhook_endpoint_boards",
    "webhook_endpoint_changed_changes",
    "webhook_endpoint_events",
    "webhook_endpoints",
    "webhook_failings",
    "webhook_health",
    "webhook_payloads",
    "webhook_replays",
];

/// Few writes, the same everywhere; these may hold global unique keys.
const REFERENCE: &[&str] = &["accounts", "identities"];

/// What happened; no row of these refers to a row by a foreign key.
const LOG: &[&str] = &[
    "account_heads",
    "activities",
    "addresses",
    "card_updated_changes",
    "tracking_events",
    "webhook_attempts",
    "webhook_deliveries",
    "webhook_endpoint_changed_changes",
    "webhook_payloads",
];

/// Read by account and time; deliveries are by account, endpoint and time.
const BY_TIME: &[&str] = &["activities", "tracking_events"];

/// Tables of tenants: those that are listed and one for each kind.
fn tenant() -> BTreeSet<&'static str> {
    TENANT.iter().copied().chain(KINDS.iter().map(|kind| kind.name)).collect()
}

fn log() -> BTreeSet<&'static str> {
    LOG.iter().copied().chain(KINDS.iter().map(|kind| kind.name)).collect()
}

/// One complaint for each row of a query; parts of tables count as the table.
async fn rows(pool: &PgPool, query: &str) -> Vec<String> {
    sqlx::query_scalar(query).fetch_all(pool).await.expect("pg_catalog")
}

/// All tables but the partitions of others.
async fn tables(pool: &PgPool) -> BTreeSet<String> {
    let query =
        "select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
                 where c.relkind in ('r', 'p') and not c.relispartition
                   and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'";
    rows(pool, query).await.into_iter().collect()
}

/// Tables, each with the first column of its keys of one sort.
async fn unkeyed(pool: &PgPool) -> BTreeSet<String> {
    let indexes = "select c.relname || ': ' || i.indexrelid::regclass
                   from pg_index i join pg_class c on c.oid = i.indrelid
                   join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
                   where (i.indisunique or i.indisprimary) and not c.relispartition
                     and a.attname <> 'account_id'";
    let foreign_keys = "select c.relname || ': ' || k.conname
                        from pg_constraint k join pg_class c on c.oid = k.conrelid
                        join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
                        where k.contype = 'f' and a.attname <> 'account_id'";
    let mut found: BTreeSet<String> = rows(pool, indexes).await.into_iter().collect();
    found.extend(rows(pool, foreign_keys).await);
    found
}

fn of<'a>(found: &'a BTreeSet<String>, tables: &BTreeSet<&str>) -> Vec<&'a String> {
    let table = |row: &str| row.split(':').next().unwrap_or_default().to_owned();
    found.iter().filter(|row| tables.contains(table(row).as_str())).collect()
}

async fn untimed(pool: &PgPool, tables: &BTreeSet<&str>) -> Vec<String> {
    let query = "select distinct c.relname::text from pg_class c
                 join pg_index i on i.indrelid = c.oid
                 join pg_attribute one on one.attrelid = c.oid and one.attnum = i.indkey[0]
                 join pg_attribute two on two.attrelid = c.oid and two.attnum = i.indkey[1]
                 where one.attname = 'account_id' and two.attname = 'created_at'";
    let timed: BTreeSet<String> = rows(pool, query).await.into_iter().collect();
    tables
        .iter()
        .filter(|table| !timed.contains(**table))
        .map(|table| (*table).to_owned())
        .collect()
}

#[tokio::test]
async fn the_lists_name_every_table_once() {
    let database = TestDatabase::new().await;
    let listed: Vec<&str> = tenant()
        .into_iter()
        .chain(REFERENCE.iter().copied())
        .chain(LOCAL.iter().copied())
        .collect();
    let once: BTreeSet<String> = listed.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(once.len(), listed.len(), "a table stands in two lists");
    assert_eq!(tables(&database).await, once, "the schema (left) and the lists in catalogue.rs");
}

#[tokio::test]
async fn account_id_is_first_in_every_key_of_a_tenant_table() {
    let database = TestDatabase::new().await;
    let found = unkeyed(&database).await;
    let wrong: Vec<&String> = of(&found, &tenant())
        .into_iter()
        // A person is one for all accounts, so this key alone points out of the account.
        .filter(|row| *row != "users: users_identity_id_fkey")
        .collect();
    assert!(wrong.is_empty(), "put account_id first in {wrong:?}");
    database.execute("create table boards_x (id uuid primary key)").await.expect("a table");
    let found = unkeyed(&database).await;
    assert_eq!(of(&found, &BTreeSet::from(["boards_x"])).len(), 1, "the check sees nothing");
}

#[tokio::test]
async fn every_tenant_table_has_a_primary_key() {
    let database = TestDatabase::new().await;
    let query = "select c.relname::text from pg_class c join pg_index i on i.indrelid = c.oid
                 where i.indisprimary";
    let keyed: BTreeSet<String> = rows(&database, query).await.into_iter().collect();
    let without: Vec<&str> = tenant().into_iter().filter(|name| !keyed.contains(*name)).collect();
    assert!(without.is_empty(), "no primary key: {without:?}");
}

#[tokio::test]
async fn a_kind_has_typed_columns_and_no_flags() {
    let database = TestDatabase::new().await;
    let query = "select table_name || '.' || column_name from information_schema.columns
                 where data_type in ('json', 'jsonb', 'boolean')";
    let loose: BTreeSet<String> = rows(&database, query).await.into_iter().collect();
    let wrong: Vec<&String> = loose
        .iter()
        .filter(|column| log().contains(column.split('.').next().unwrap_or_default()))
        .collect();
    assert!(wrong.is_empty(), "json or boolean in the log: {wrong:?}");
}

#[tokio::test]
async fn what_is_read_by_time_has_its_index() {
    let database = TestDatabase::new().await;
    let present = tables(&database).await;
    let by_time: BTreeSet<&str> =
        BY_TIME.iter().copied().filter(|t| present.contains(*t)).collect();
    let kinds = KINDS.iter().map(|kind| kind.name);
    let missing = untimed(&database, &by_time.into_iter().chain(kinds).collect()).await;
    assert!(missing.is_empty(), "no index starting (account_id, created_at): {missing:?}");
    assert_eq!(untimed(&database, &BTreeSet::from(["boards"])).await, ["boards"]);
}

#[tokio::test]
async fn the_log_refers_to_nothing_by_a_foreign_key() {
    let database = TestDatabase::new().await;
    let query = "select c.relname || ': ' || k.conname from pg_constraint k
                 join pg_class c on c.oid = k.conrelid where k.contype = 'f'";
    let keys: BTreeSet<String> = rows(&database, query).await.into_iter().collect();
    let wrong = of(&keys, &log());
    assert!(wrong.is_empty(), "foreign keys from the log: {wrong:?}");
    assert!(!of(&keys, &BTreeSet::from(["cards"])).is_empty(), "the check sees nothing");
}

#[tokio::test]
async fn no_endpoint_is_without_a_secret() {
    let database = TestDatabase::new().await;
    let query = "select table_name || '.' || column_name from information_schema.columns
                 where column_name = 'sealed_secret' and is_nullable = 'NO'";
    assert_eq!(rows(&database, query).await, ["webhook_endpoints.sealed_secret"]);
}

#[tokio::test]
async fn no_table_has_a_trigger() {
    let database = TestDatabase::new().await;
    let query = "select tgrelid::regclass || ': ' || tgname from pg_trigger where not tgisinternal";
    assert_eq!(rows(&database, query).await, Vec::<String>::new());
}
