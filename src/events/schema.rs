//! The JSON Schema of events, taken from the types of their kinds, each complete in itself.

use std::collections::HashMap;

use serde_json::{Value, json};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema as _, ToSchema};

use super::{Envelope, Kind};
use crate::values::id::UserId;

/// Where a schema says that another one stands.
const PLACE: &str = "#/components/schemas/";

/// The schema of a type, with those that it refers to put in their places.
pub fn of<T: ToSchema>() -> Value {
    let mut parts: Vec<(String, RefOr<Schema>)> = Vec::new();
    T::schemas(&mut parts);
    let parts = parts.into_iter().map(|(name, schema)| (name, json!(schema))).collect();
    let mut schema = json!(T::schema());
    complete(&mut schema, &parts);
    schema
}

/// Puts what is referred to in the place of the reference. What is said beside a reference stays.
fn complete(schema: &mut Value, parts: &HashMap<String, Value>) {
    if let Some(part) = referred(schema, parts) {
        let said = schema.as_object_mut().map(std::mem::take).unwrap_or_default();
        *schema = part;
        if let Value::Object(fields) = schema {
            fields.extend(said.into_iter().filter(|(name, _)| name != "$ref"));
        }
    }
    match schema {
        Value::Object(fields) => fields.values_mut().for_each(|value| complete(value, parts)),
        Value::Array(items) => items.iter_mut().for_each(|value| complete(value, parts)),
        _ => {}
    }
}

fn referred(schema: &Value, parts: &HashMap<String, Value>) -> Option<Value> {
    let name = schema.get("$ref")?.as_str()?.strip_prefix(PLACE)?;
    parts.get(name).cloned()
}

impl Kind {
    /// When it happens, in a sentence.
    pub fn happens(&self) -> String {
        let schema = (self.schema)();
        let words = schema["description"].as_str().unwrap_or_default();
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The schema of its events as they go out.
    pub fn payload_schema(&self) -> Value {
        let mut schema = of::<Envelope>();
        schema["description"] = json!(self.happens());
        schema["properties"]["event"] = json!({ "type": "string", "const": self.wire_name() });
        schema["properties"]["data"] = self.data_schema();
        schema
    }

    /// Its own particulars, and who did it.
    fn data_schema(&self) -> Value {
        let mut schema = (self.schema)();
        if schema.get("properties").is_none() {
            schema["properties"] = json!({});
        }
        let mut creator = json!(UserId::schema());
        creator["type"] = json!(["string", "null"]);
        creator["description"] = json!("Who did it; null when the system did.");
        schema["properties"]["creator_id"] = creator;
        let required = schema.get("required").and_then(Value::as_array).cloned();
        let required = required.unwrap_or_default().into_iter().chain([json!("creator_id")]);
        schema["required"] = required.collect();
        if let Value::Object(fields) = &mut schema {
            fields.shift_remove("description");
        }
        schema
    }
}
