//! The OpenAPI document: every route of the API stands in it, and whatever it refers to is there.

use std::collections::BTreeSet;

use cairn::web::api;
use cairn::web::operation::Gives;
use cairn::web::route::{Route, Verb, Who};
use reqwest::Method;
use serde_json::Value;

use crate::support::TestApp;

async fn document(app: &TestApp) -> Value {
    app.stranger().get("/api/v1/openapi.json").await.expect(200).json()
}

fn operation<'a>(document: &'a Value, route: &Route) -> &'a Value {
    let method = route.verb.as_str().to_lowercase();
    let operation = &document["paths"][route.path][method.as_str()];
    assert!(operation.is_object(), "{method} {} does not stand in the document", route.path);
    operation
}

#[tokio::test]
async fn it_is_public_and_can_be_kept() {
    let app = TestApp::start().await;
    let (stranger, path) = (app.stranger(), "/api/v1/openapi.json");
    let answer = stranger.get(path).await.expect(200);
    assert_eq!(answer.header("content-type"), "application/json");
    assert!(answer.header("cache-control").starts_with("public"), "{answer:?}");
    let request = stranger.request(Method::GET, path);
    let request = request.header("if-none-match", answer.header("etag"));
    stranger.send(request).await.expect(304);
    app.finish().await;
}

#[tokio::test]
async fn every_route_stands_in_it_with_what_it_takes_and_gives() {
    let app = TestApp::start().await;
    let document = document(&app).await;
    let mut ids = BTreeSet::new();
    for route in api::table() {
        let (operation, name) = (operation(&document, route), route.path);
        let words = |field: &str| operation[field].as_str().unwrap_or_default();
        assert!(!words("summary").is_empty(), "{name} has no summary");
        assert!(!words("operationId").is_empty(), "{name} has no name");
        assert!(ids.insert(words("operationId")), "{} is the name of two", words("operationId"));
        let expected: BTreeSet<&str> = statuses(route).into_iter().collect();
        let responses = operation["responses"].as_object().expect("responses");
        let found: BTreeSet<&str> = responses.keys().map(String::as_str).collect();
        assert_eq!(found, expected, "{} {name}", route.verb.as_str());
        let takes = route.operation.takes.is_some();
        assert_eq!(operation["requestBody"].is_object(), takes, "the body of {name}");
    }
    let listed = document["paths"].as_object().expect("paths").values();
    let listed: usize = listed.map(|methods| methods.as_object().expect("methods").len()).sum();
    assert_eq!(listed, ids.len(), "it speaks of routes that are not there");
    app.finish().await;
}

/// The statuses that a route may answer with.
fn statuses(route: &Route) -> Vec<&'static str> {
    let mut statuses = vec!["default", "400"];
    statuses.push(match route.operation.gives {
        Gives::Nothing => "204",
        Gives::One(_) | Gives::Page(_) | Gives::Lines(_) => "200",
        Gives::New(_) => "201",
    });
    if route.who != Who::Public {
        statuses.extend(["401", "404"]);
    }
    if route.verb != Verb::Get || route.who == Who::Admin {
        statuses.push("403");
    }
    match route.verb {
        Verb::Get if route.operation.tagged => statuses.push("304"),
        Verb::Post => statuses.extend(["409", "422"]),
        Verb::Patch if route.operation.tagged => statuses.extend(["412", "422"]),
        Verb::Patch | Verb::Delete => statuses.push("422"),
        Verb::Get => {}
    }
    if route.operation.takes.is_some() {
        statuses.extend(["413", "415"]);
    }
    statuses
}

#[tokio::test]
async fn every_parameter_of_a_path_and_of_a_query_is_described() {
    let app = TestApp::start().await;
    let document = document(&app).await;
    for route in api::table() {
        let parameters = operation(&document, route)["parameters"].as_array().cloned();
        let parameters = parameters.unwrap_or_default();
        let named = |place: &str| {
            let there = parameters.iter().filter(|parameter| parameter["in"] == place);
            let names = there.map(|parameter| parameter["name"].as_str().expect("a name"));
            names.collect::<Vec<_>>()
        };
        let braced = route.path.split('/').filter_map(|part| part.strip_prefix('{'));
        let braced: Vec<&str> = braced.map(|part| part.trim_end_matches('}')).collect();
        assert_eq!(named("path"), braced, "{}", route.path);
        let query = route.operation.query.iter().map(|parameter| parameter.name);
        assert_eq!(named("query"), query.collect::<Vec<_>>(), "{}", route.path);
        let header = match (route.verb, route.operation.tagged) {
            (Verb::Post, _) => vec!["Idempotency-Key"],
            (Verb::Patch, true) => vec!["If-Match"],
            (Verb::Get, true) => vec!["If-None-Match"],
            _ => vec![],
        };
        assert_eq!(named("header"), header, "{}", route.path);
        for parameter in &parameters {
            assert!(parameter["schema"]["type"].is_string(), "no type: {parameter}");
            assert_eq!(parameter["required"], parameter["in"] == "path", "{parameter}");
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn whatever_it_refers_to_is_there() {
    let app = TestApp::start().await;
    let document = document(&app).await;
    assert_eq!(document["openapi"], "3.1.0");
    for field in ["title", "version", "description"] {
        assert!(document["info"][field].is_string(), "info says no {field}");
    }
    assert_eq!(document["components"]["securitySchemes"]["bearer"]["scheme"], "bearer");
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(references.len() > 100, "{references:?}");
    for reference in references {
        let pointer = reference.strip_prefix('#').expect("a place in this document");
        assert!(document.pointer(pointer).is_some(), "{reference} is not there");
    }
    app.finish().await;
}

/// All that stands behind a `$ref`.
fn collect(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| match value {
            Value::String(reference) if name == "$ref" => references.push(reference.clone()),
            other => collect(other, references),
        }),
        Value::Array(items) => items.iter().for_each(|item| collect(item, references)),
        _ => {}
    }
}
