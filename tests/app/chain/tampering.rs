//! In every table of the log rows are changed, deleted, inserted and put in another's place, one at a
//! time, as somebody would who can write to the database; each is named.

use cairn::events::KINDS;
use cairn::events::chain::Finding;
use uuid::Uuid;

use super::log::SealedLog;

/// A table of typed rows or of their details.
struct Target {
    table: String,
    /// The column with the id of the event.
    id: &'static str,
    columns: Vec<(String, String)>,
    /// Two events in it, and their numbers in the log.
    events: [(Uuid, i64); 2],
}

#[tokio::test]
async fn what_is_as_it_was_recorded_is_found_to_be() {
    let log = SealedLog::of_every_kind().await;
    let verified = log.verify(&[]).await;
    assert_eq!(verified.findings, []);
    let events = 2 * i64::try_from(KINDS.len()).expect("few");
    assert_eq!((verified.events, verified.sequence, verified.sealed), (events, events, events));
}

#[tokio::test]
async fn each_column_of_each_typed_row_is_under_the_chain() {
    let log = SealedLog::of_every_kind().await;
    log.drop_checks().await;
    for target in log.targets().await {
        let [(id, sequence), _] = target.events;
        for (column, type_name) in &target.columns {
            let another = another(column, type_name);
            let Target { table, id: of, .. } = &target;
            let change = format!("update {table} set {column} = {another} where {of} = '{id}'");
            log.names(table, &change, sequence).await;
        }
    }
}

#[tokio::test]
async fn typed_rows_that_are_deleted_inserted_or_exchanged_are_named() {
    let log = SealedLog::of_every_kind().await;
    for target in log.targets().await {
        let Target { table, id, events: [(one, first), (other, second)], .. } = &target;
        log.names(table, &format!("delete from {table} where {id} = '{other}'"), *second).await;
        let third = Uuid::from_u128(7);
        let exchange: String = [(one, &third), (other, one), (&third, other)]
            .map(|(from, to)| format!("update {table} set {id} = '{to}' where {id} = '{from}';"))
            .concat();
        log.names(table, &exchange, *first).await;
        let names: Vec<&str> = target.columns.iter().map(|(name, _)| &**name).collect();
        let copied = names.iter().map(|name| if name == id { "gen_random_uuid()" } else { name });
        let insert = format!(
            "insert into {table} ({}) select {} from {table} where {id} = '{one}' limit 1",
            names.join(", "),
            copied.collect::<Vec<_>>().join(", ")
        );
        let found = log.found(table, &insert).await;
        let [Finding::RowInserted { table: named, .. }] = &found[..] else {
            panic!("{insert}: {found:?}")
        };
        assert_eq!(named, table);
    }
}

#[tokio::test]
async fn activities_that_are_changed_deleted_inserted_or_exchanged_are_named() {
    let log = SealedLog::of_every_kind().await;
    log.drop_checks().await;
    for (column, type_name) in log.columns("activities").await {
        let another = another(&column, &type_name);
        let change = format!("update activities set {column} = {another} where sequence = 40");
        log.names("activities", &change, 40).await;
    }
    log.names("activities", "delete from activities where sequence = 40", 40).await;
    let exchange = "update activities set sequence = 0 where sequence = 40;
        update activities set sequence = 40 where sequence = 50;
        update activities set sequence = 50 where sequence = 0";
    log.names("activities", exchange, 40).await;
    let last = log.verify(&[]).await.sequence;
    let insert = format!(
        "insert into activities (account_id, sequence, id, subject_type, source, created_at)
         select account_id, {last} + 1, gen_random_uuid(), subject_type, source, created_at
         from activities where sequence = 40"
    );
    log.names("activities", &insert, last + 1).await;
    let the_last = format!("delete from activities where sequence = {last}");
    log.names("activities", &the_last, last).await;
}

#[tokio::test]
async fn what_stands_beside_the_log_is_compared_with_it() {
    let log = SealedLog::of_every_kind().await;
    let last = log.verify(&[]).await.sequence;
    for column in ["address", "salt", "digest"] {
        let value = if column == "address" { "'198.51.100.1'" } else { "'\\x00'" };
        log.names("addresses", &format!("update addresses set {column} = {value}"), 1).await;
    }
    log.names("addresses", "delete from addresses", 1).await;
    log.names("account_heads", "update account_heads set sequence = sequence + 1", last + 1).await;
    log.names("account_heads", "update account_heads set sequence = sequence - 1", last).await;
    log.names("account_heads", "delete from account_heads", 1).await;
}

#[tokio::test]
async fn seals_that_are_changed_deleted_inserted_or_exchanged_are_named() {
    let log = SealedLog::of_every_kind().await;
    let starts: Vec<i64> = sqlx::query_scalar("select sequence from seals order by sequence")
        .fetch_all(log.pool())
        .await
        .expect("seals");
    let [_, second, third, ..] = starts[..] else { panic!("too few seals: {starts:?}") };
    let last = log.verify(&[]).await.sequence;
    let change = format!(
        "update seals set hashes = set_byte(hashes, 32, get_byte(hashes, 32) # 1) where sequence = {second}"
    );
    log.names("seals", &change, second + 1).await;
    let delete = format!("delete from seals where sequence = {second}");
    log.names("seals", &delete, second).await;
    let exchange = format!(
        "update seals set sequence = 0 where sequence = {second};
         update seals set sequence = {second} where sequence = {third};
         update seals set sequence = {third} where sequence = 0"
    );
    log.names("seals", &exchange, second).await;
    let insert = format!("insert into seals select account_id, {last} + 1, hashes from seals");
    log.names("seals", &format!("{insert} where sequence = 1"), last + 1).await;
    let shorter = "update seals set hashes = substr(hashes, 1, 64) where sequence = 1";
    log.names("seals", shorter, 3).await;
}

impl SealedLog {
    /// All tables of typed rows and details.
    async fn targets(&self) -> Vec<Target> {
        let mut targets = Vec::new();
        for kind in KINDS {
            let events = sqlx::query_as(
                "select id, sequence from activities where subject_type = $1 order by sequence",
            );
            let events = events.bind(kind.name).fetch_all(self.pool()).await.expect("events");
            let events: [(Uuid, i64); 2] = events.try_into().expect("two of each kind");
            for (table, id) in
                [(kind.name.to_owned(), "id"), (format!("{}_changes", kind.name), "event_id")]
            {
                let columns = self.columns(&table).await;
                if !columns.is_empty() {
                    targets.push(Target { table, id, columns, events });
                }
            }
        }
        targets
    }

    async fn columns(&self, table: &str) -> Vec<(String, String)> {
        sqlx::query_as(
            "select attname::text, typname::text from pg_attribute
             join pg_type on pg_type.oid = atttypid
             where attrelid = to_regclass($1) and attnum > 0 order by attnum",
        )
        .bind(table)
        .fetch_all(self.pool())
        .await
        .expect("columns")
    }

    /// Whoever can change rows can do away with what watches over them.
    async fn drop_checks(&self) {
        let checks: Vec<String> = sqlx::query_scalar(
            "select format('alter table %s drop constraint %I', conrelid::regclass, conname)
             from pg_constraint
             where contype = 'c' and connamespace = current_schema()::regnamespace",
        )
        .fetch_all(self.pool())
        .await
        .expect("checks");
        for check in checks {
            self.execute(&check).await;
        }
    }

    /// What is found after something was done to a table; then the table is as it was.
    async fn found(&self, table: &str, tampering: &str) -> Vec<Finding> {
        self.execute(&format!("create table kept as table {table}")).await;
        self.execute(tampering).await;
        let findings = self.verify(&[]).await.findings;
        let restore = format!("truncate {table}; insert into {table} table kept; drop table kept");
        self.execute(&restore).await;
        findings
    }

    /// Does something to a table, and expects that the first finding names this sequence.
    async fn names(&self, table: &str, tampering: &str, sequence: i64) {
        let findings = self.found(table, tampering).await;
        let first = findings.first().unwrap_or_else(|| panic!("{tampering}: nothing was found"));
        assert_eq!(first.sequence(), Some(sequence), "{tampering}: {findings:?}");
        let kind = table.trim_end_matches("_changes");
        assert!(
            KINDS.iter().all(|known| known.name != kind) || first.to_string().contains(kind),
            "{tampering}: {first}"
        );
    }
}

/// Another value of a column, in SQL.
fn another(column: &str, type_name: &str) -> String {
    match type_name {
        "text" => format!("coalesce({column}, '') || 'x'"),
        "uuid" => "gen_random_uuid()".to_owned(),
        "int2" | "int4" | "int8" => format!("{column} + 1000"),
        "timestamptz" => format!("coalesce({column}, now()) + interval '1 second'"),
        "bytea" => format!("coalesce({column}, '') || '\\x00'"),
        "_uuid" => format!("{column} || gen_random_uuid()"),
        "_text" => format!("{column} || 'x'::text"),
        other => panic!("the log has no columns of type {other}"),
    }
}
