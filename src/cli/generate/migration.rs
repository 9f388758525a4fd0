//! The migration that makes a kind's table.

use super::field::Field;
use super::name::Name;
use super::shape::{Shape, columns};

/// The text of the migration.
pub(super) fn render(name: &Name, fields: &[Field]) -> String {
    let shape = Shape::of(fields);
    let mut lines = vec![
        ("account_id".to_owned(), "uuid not null".to_owned()),
        ("id".to_owned(), "uuid not null".to_owned()),
    ];
    lines.extend(
        columns(fields, shape).into_iter().map(|column| (column.name, column.sql.to_owned())),
    );
    if shape.has_texts {
        lines.push(("salt".to_owned(), "bytea".to_owned()));
        lines.push(("digest".to_owned(), "bytea not null".to_owned()));
    }
    lines.push(("created_at".to_owned(), "timestamptz not null".to_owned()));
    let width = lines.iter().map(|(column, _)| column.len()).max().unwrap_or(0) + 2;
    let columns: String =
        lines.iter().map(|(column, sql)| format!("    {column:width$}{sql},\n")).collect();
    format!(
        "-- {label}.\ncreate table {name} (\n{columns}    primary key (account_id, id)\n);\n\
         create index {name}_created_at on {name} (account_id, created_at);\n",
        label = name.label(),
    )
}
