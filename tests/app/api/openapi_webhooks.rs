//! The calls of webhooks in the OpenAPI document: every kind has one, and its example is what its
//! schema says.

use std::collections::BTreeSet;

use cairn::events::{Envelope, KINDS};
use serde_json::{Value, json};

use crate::support::TestApp;

#[tokio::test]
async fn every_kind_that_is_called_out_stands_in_it_with_a_schema_and_an_example() {
    let app = TestApp::start().await;
    let document = app.stranger().get("/api/v1/openapi.json").await.expect(200).json();
    let calls = document["webhooks"].as_object().expect("webhooks");
    let names = KINDS.iter().filter(|kind| kind.shows.webhooks).map(|kind| kind.wire_name());
    assert_eq!(calls.keys().cloned().collect::<BTreeSet<_>>(), names.collect());
    for (name, call) in calls {
        let call = &call["post"];
        assert!(call["description"].as_str().is_some_and(|text| text.ends_with('.')), "{name}");
        let body = &call["requestBody"]["content"]["application/json"];
        assert_eq!(body["example"]["event"], *name);
        assert_eq!(body["example"]["data"].get("creator_id").map(Value::is_string), Some(true));
        complaints(name, &body["schema"], &body["example"], true).assert_empty();
    }
    app.finish().await;
}

#[test]
fn a_schema_refuses_what_its_kind_never_is() {
    for kind in KINDS {
        let (name, schema) = (kind.wire_name(), kind.payload_schema());
        let example = json!(Envelope::documented(kind));
        for field in example["data"].as_object().expect("particulars").keys() {
            let mut wrong = example.clone();
            wrong["data"][field] = json!({ "surprise": true });
            let found = complaints(&name, &schema, &wrong, false);
            assert!(!found.0.is_empty(), "{name} takes anything as {field}");
        }
    }
}

/// What is wrong with a value.
struct Complaints(Vec<String>);

impl Complaints {
    #[track_caller]
    fn assert_empty(&self) {
        assert!(self.0.is_empty(), "{}", self.0.join("\n"));
    }
}

/// As much of JSON Schema as the document uses; a word that is not known here is a complaint.
/// `exactly`: what the schema does not name may not be there.
fn complaints(place: &str, schema: &Value, value: &Value, exactly: bool) -> Complaints {
    let mut found = Vec::new();
    for (word, said) in schema.as_object().expect("a schema") {
        let well = match word.as_str() {
            "description" | "example" | "format" | "minLength" | "maxLength" | "pattern"
            | "examples" | "minimum" | "maximum" | "propertyNames" => true,
            "type" => types(said).contains(&type_of(value)),
            "const" => said == value,
            "enum" => said.as_array().expect("values").contains(value),
            "minItems" => value.as_array().is_some_and(|it| it.len() as u64 >= number(said)),
            "maxItems" => value.as_array().is_some_and(|it| it.len() as u64 <= number(said)),
            "required" => {
                let names = said.as_array().expect("names");
                names.iter().all(|name| value.get(name.as_str().expect("a name")).is_some())
            }
            "oneOf" => {
                let choices = said.as_array().expect("schemas").iter();
                let fits = choices.filter(|it| complaints(place, it, value, exactly).0.is_empty());
                fits.count() == 1
            }
            "items" => {
                let items = value.as_array().into_iter().flatten();
                found.extend(items.flat_map(|item| complaints(place, said, item, exactly).0));
                true
            }
            "additionalProperties" => {
                let fields = value.as_object().into_iter().flatten();
                found.extend(fields.flat_map(|(_, it)| complaints(place, said, it, exactly).0));
                true
            }
            "properties" => {
                for (name, value) in value.as_object().into_iter().flatten() {
                    let place = format!("{place}.{name}");
                    match said.get(name) {
                        Some(schema) => found.extend(complaints(&place, schema, value, exactly).0),
                        None if exactly => found.push(format!("{place} is not in its schema")),
                        None => {}
                    }
                }
                true
            }
            _ => false,
        };
        if !well {
            found.push(format!("{place}: {word} {said} does not fit {value}"));
        }
    }
    Complaints(found)
}

fn types(said: &Value) -> Vec<&str> {
    match said {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn number(said: &Value) -> u64 {
    said.as_u64().expect("a number")
}
