//! The tables of the schema, in an order in which their rows can be put in.

use std::collections::HashSet;

use sqlx::PgConnection;

/// Tables that belong to one machine or to one process: what is in them can be made anew, or is
/// lost without harm.
pub const LOCAL: &[&str] = &[
    "_sqlx_migrations",
    "letters",
    "mq_msgs",
    "password_links",
    "session",
    "sign_ins",
    "webhook_due",
];

/// A table with rows that are worth keeping.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: String,
    /// Its columns as a list in SQL, in their order.
    pub(super) columns: String,
    pub(super) is_partitioned: bool,
    refers_to: Vec<String>,
}

/// Every table but the local ones, each after those that its foreign keys refer to.
pub(super) async fn kept(connection: &mut PgConnection) -> sqlx::Result<Vec<Table>> {
    let tables = sqlx::query_as!(
        Table,
        r#"select c.relname::text as "name!", c.relkind = 'p' as "is_partitioned!",
               (select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
                where attrelid = c.oid and attnum > 0 and not attisdropped) as "columns!",
               array(select k.confrelid::regclass::text from pg_constraint k
                     where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid)
                   as "refers_to!"
           from pg_class c
           where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
             and not c.relispartition and c.relname <> all($1::text[])
           order by c.relname"#,
        LOCAL as _,
    );
    Ok(in_order(tables.fetch_all(connection).await?))
}

fn in_order(mut waiting: Vec<Table>) -> Vec<Table> {
    let (mut ordered, mut placed): (Vec<Table>, HashSet<String>) = Default::default();
    while !waiting.is_empty() {
        let ready = |table: &mut Table| table.refers_to.iter().all(|name| placed.contains(name));
        let mut ready: Vec<Table> = waiting.extract_if(.., ready).collect();
        if ready.is_empty() {
            // A circle of foreign keys has no such order; Postgres will say which one it is.
            ready.append(&mut waiting);
        }
        placed.extend(ready.iter().map(|table| table.name.clone()));
        ordered.append(&mut ready);
    }
    ordered
}
