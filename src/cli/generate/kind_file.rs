//! The file of a kind, as it is before anybody has said what is special about it.

use super::field::{Column, Field, Type};
use super::name::Name;
use super::shape::{Board, Shape, columns};
use super::words::EXAMPLE_ID;

/// The text of the file; rustfmt gives it its form.
pub(super) fn render(name: &Name, fields: &[Field]) -> String {
    let shape = Shape::of(fields);
    let columns = columns(fields, shape);
    [
        head(name, fields, shape),
        kind(name),
        structure(name, fields, shape),
        event(name, fields, shape),
        insert(name, &columns, shape),
        load(name, fields, &columns, shape),
        example(name, fields, shape),
        tests(name, fields, shape),
    ]
    .join("\n")
}

fn head(name: &Name, fields: &[Field], shape: Shape) -> String {
    let mut events =
        vec!["Event", "Header", "Kind", "Part", "Place", "Sentence", "Shows", "schema"];
    let (mut values, mut ids) = (vec!["Color"], vec!["AccountId", "EventId"]);
    if shape.board == Some(Board::ById) {
        ids.push("BoardId");
    }
    if shape.on_card {
        events.push("Region");
    }
    for import in fields.iter().flat_map(Field::imports) {
        match import.rsplit_once("::") {
            Some(("events", one)) => events.push(one),
            Some(("values::id", one)) => ids.push(one),
            Some((_, one)) => values.push(one),
            None => {}
        }
    }
    let texts = match shape.has_texts {
        true => "use crate::events::texts::Texts;\nuse crate::events::snapshot::kept;\n",
        false => "",
    };
    format!(
        "//! {label}.

        use std::sync::Arc;

        use futures_util::future::BoxFuture;
        use serde_json::Value;
        use sqlx::PgConnection;

        use crate::events::kind::Loaded;
        {texts}use crate::events::{{{events}}};
        use crate::values::id::{{{ids}}};
        use crate::values::{values};
        ",
        label = name.label(),
        events = list(events),
        ids = list(ids),
        values = braced(values),
    )
}

fn kind(name: &Name) -> String {
    format!(
        "/// What all of its events share.
        pub static KIND: Kind = Kind {{
            name: \"{name}\",
            label: \"{label}\",
            icon: \"activity\",
            color: Color::Stone,
            shows: Shows::EVERYWHERE,
            folds: false,
            recorded: false,
            load: |connection, account, ids| Box::pin(load(connection, account, ids)),
            example: || Arc::new({type_name}::example()),
            schema: schema::of::<{type_name}>,
        }};
        ",
        label = name.label(),
        type_name = name.type_name(),
    )
}

fn structure(name: &Name, fields: &[Field], shape: Shape) -> String {
    let board = match shape.board {
        Some(Board::ById) => "/// The board it happened on.\npub board_id: BoardId,\n",
        _ => "",
    };
    let members = fields.iter().map(|field| {
        let words = field.name.replace('_', " ");
        format!("/// The {words}.\npub {}: {},\n", field.member(), field.type_name())
    });
    format!(
        "/// Somebody {verb}.
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
        pub struct {type_name} {{
            {board}{members}
        }}
        ",
        verb = name.verb(),
        type_name = name.type_name(),
        members = members.collect::<String>(),
    )
}

fn event(name: &Name, fields: &[Field], shape: Shape) -> String {
    format!(
        "impl Event for {type_name} {{
            fn kind(&self) -> &'static Kind {{
                &KIND
            }}

            fn place(&self) -> Place {{
                {place}
            }}

            fn sentence(&self) -> Sentence {{
                {sentence}
            }}
            {touches}
            fn data(&self) -> Value {{
                serde_json::json!(self)
            }}

            fn insert<'a>(
                &'a self,
                connection: &'a mut PgConnection,
                header: &'a Header,
            ) -> BoxFuture<'a, sqlx::Result<()>> {{
                Box::pin(insert(self, connection, header))
            }}
        }}
        ",
        type_name = name.type_name(),
        place = place(shape),
        sentence = sentence(name, fields),
        touches = match shape.on_card {
            true => "\nfn touches(&self) -> Vec<Region> { vec![Region::Card(self.card.id)] }\n",
            false => "",
        },
    )
}

fn place(shape: Shape) -> String {
    let board = match shape.board {
        Some(Board::Held) => "self.board.id",
        Some(Board::ById) => "self.board_id",
        None => return "Place::default()".to_owned(),
    };
    match shape.on_card {
        true => format!("Place::card({board}, self.card.id, self.card.number)"),
        false => format!("Place::board({board})"),
    }
}

/// The verb, then each field, the later ones by their names, and the first text as a quote.
fn sentence(name: &Name, fields: &[Field]) -> String {
    let mut parts = vec![format!("Part::Words(\"{}\")", name.verb())];
    for (at, field) in fields.iter().enumerate() {
        let Some(part) = field.part() else { continue };
        if at > 0 {
            parts.push(format!("Part::Words(\"{}\")", field.name.replace('_', " ")));
        }
        parts.push(part);
    }
    let text = fields.iter().find(|field| field.of == Type::Text);
    let quote = text.map(|field| format!(".quoting(&self.{})", field.name)).unwrap_or_default();
    format!("Sentence::of([{}]){quote}", parts.join(", "))
}

fn insert(name: &Name, columns: &[Column], shape: Shape) -> String {
    let texts: Vec<String> = columns
        .iter()
        .filter(|column| column.is_text)
        .map(|column| format!("&event.{}", column.written.trim_start_matches("event.")))
        .collect();
    let sealing = match shape.has_texts {
        true => format!("let texts = Texts::over(&[{}]);\n", texts.join(", ")),
        false => String::new(),
    };
    let mut names = vec!["account_id", "id"];
    names.extend(columns.iter().map(|column| column.name.as_str()));
    if shape.has_texts {
        names.extend(["salt", "digest"]);
    }
    names.push("created_at");
    let numbers: Vec<String> = (1..=names.len()).map(|number| format!("${number}")).collect();
    let written = columns.iter().map(|column| match column.rust {
        Some(_) => format!("{} as _,\n", column.written),
        None => format!("{},\n", column.written),
    });
    format!(
        "async fn insert(
            event: &{type_name},
            connection: &mut PgConnection,
            header: &Header,
        ) -> sqlx::Result<()> {{
            {sealing}sqlx::query!(
                \"insert into {name} ({names})
                 values ({numbers})\",
                header.account_id as _,
                header.id as _,
                {written}{sealed}header.created_at,
            )
            .execute(connection)
            .await?;
            Ok(())
        }}
        ",
        type_name = name.type_name(),
        names = wrapped(&names),
        numbers = numbers.join(", "),
        written = written.collect::<String>(),
        sealed = if shape.has_texts { "texts.salt,\ntexts.digest,\n" } else { "" },
    )
}

fn load(name: &Name, fields: &[Field], columns: &[Column], shape: Shape) -> String {
    let read = columns.iter().map(|column| match column.rust {
        Some(rust) => format!("{column} as \"{column}: {rust}\"", column = column.name),
        None => column.name.clone(),
    });
    let read: Vec<String> = [r#"id as "id: EventId""#.to_owned()].into_iter().chain(read).collect();
    let board = match shape.board {
        Some(Board::ById) => "board_id: row.board_id,\n",
        _ => "",
    };
    let members = fields.iter().map(|field| format!("{}: {},\n", field.member(), field.read()));
    format!(
        "async fn load(
            connection: &mut PgConnection,
            account: AccountId,
            ids: &[EventId],
        ) -> sqlx::Result<Loaded> {{
            let rows = sqlx::query!(
                r#\"select {columns}
                   from {name} where account_id = $1 and id = any($2)\"#,
                account as _,
                ids as _,
            )
            .fetch_all(connection)
            .await?;
            let events = rows.into_iter().map(|row| {{
                let event: Arc<dyn Event> = Arc::new({type_name} {{ {board}{members} }});
                (row.id, event)
            }});
            Ok(events.collect())
        }}
        ",
        columns = wrapped(&read.iter().map(String::as_str).collect::<Vec<_>>()),
        type_name = name.type_name(),
        members = members.collect::<String>(),
    )
}

fn example(name: &Name, fields: &[Field], shape: Shape) -> String {
    let board = match shape.board {
        Some(Board::ById) => {
            format!("board_id: BoardId::from(uuid::uuid!(\"{EXAMPLE_ID}1\")),\n")
        }
        _ => String::new(),
    };
    let members = fields.iter().map(|field| format!("{}: {},\n", field.member(), field.example()));
    format!(
        "impl {type_name} {{
            fn example() -> Self {{
                Self {{ {board}{members} }}
            }}
        }}
        ",
        type_name = name.type_name(),
        members = members.collect::<String>(),
    )
}

fn tests(name: &Name, fields: &[Field], shape: Shape) -> String {
    let board = match shape.board {
        Some(Board::ById) => format!("            \"board_id\": \"{EXAMPLE_ID}1\",\n"),
        _ => String::new(),
    };
    let members = fields
        .iter()
        .map(|field| format!("            \"{}\": {},\n", field.member(), field.json()));
    format!(
        "#[cfg(test)]
        mod tests {{
            use super::*;

            #[test]
            fn its_payload_is_a_promise() {{
                let expected = serde_json::json!({{\n{board}{members}        }});
                assert_eq!({type_name}::example().data(), expected);
            }}
        }}
        ",
        type_name = name.type_name(),
        members = members.collect::<String>(),
    )
}

/// Names in the order of the alphabet, each once.
fn list(mut names: Vec<&str>) -> String {
    names.sort_unstable();
    names.dedup();
    names.join(", ")
}

fn braced(names: Vec<&str>) -> String {
    let many = names.len() > 1;
    let names = list(names);
    if many { format!("{{{names}}}") } else { names }
}

/// Names of columns in lines that are not too long: rustfmt leaves SQL as it is.
fn wrapped(names: &[&str]) -> String {
    let mut lines = vec![String::new()];
    for (at, name) in names.iter().enumerate() {
        let comma = if at + 1 < names.len() { ", " } else { "" };
        let line = lines.last_mut().filter(|line| line.len() + name.len() < 70);
        match line {
            Some(line) => *line += &format!("{name}{comma}"),
            None => lines.push(format!("{name}{comma}")),
        }
    }
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n                 ")
}
