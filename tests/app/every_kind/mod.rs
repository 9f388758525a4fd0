//! Every kind is recorded by a verb, reads well everywhere, and is read back as it was recorded.

mod scenario;

use std::fmt::Display;
use std::fs;

use cairn::domain::feed::Gone;
use cairn::events::sentence::People;
use cairn::events::{AccountRef, Activity, Creator, KINDS, Kind, Log, Part, history};
use cairn::values::Slug;
use cairn::values::id::AccountId;
use cairn::views::{activities, icon};
use serde_json::Value;
use uuid::Uuid;

use self::scenario::Scenario;
use crate::support::TestDatabase;

/// What is wrong, each with the kind that it is wrong with.
#[derive(Default)]
struct Complaints(Vec<String>);

impl Complaints {
    fn unless(&mut self, holds: bool, kind: &Kind, what: impl Display) {
        if !holds {
            self.0.push(format!("{}: {what}", kind.name));
        }
    }

    #[track_caller]
    fn expect_none(&self) {
        assert!(self.0.is_empty(), "{}", self.0.join("\n"));
    }
}

/// A text that somebody can read: words, no gap where one should be, nobody’s id.
fn reads_well(text: &str) -> bool {
    let word = |c: char| c.is_ascii_hexdigit() || c == '-';
    let names_an_id = text.split(|c| !word(c)).any(|word| word.len() > 8 && is_id(word));
    !text.trim().is_empty() && text.trim() == text && !text.contains("  ") && !names_an_id
}

fn is_id(word: &str) -> bool {
    Uuid::parse_str(word).is_ok()
}

/// What stands between the tags of a piece of HTML.
fn words(html: &str) -> String {
    let texts = html.split('<').filter_map(|piece| piece.split_once('>')).map(|(_, text)| text);
    texts.collect::<String>().replace("&amp;", "&").replace("&quot;", "\"")
}

/// The whole log as it is read from the tables.
async fn log_of(pool: &sqlx::PgPool, account: AccountId) -> Vec<Activity> {
    let cold = Log::new(pool.clone(), Vec::new());
    let page = history::Page::newest(history::Scope::Account, 1_000, KINDS.to_vec());
    let page = history::Page { from: history::From::After(0), ..page };
    history::page(&cold, account, &page).await.expect("the log")
}

#[tokio::test]
async fn a_verb_records_every_kind_and_it_reads_well_everywhere() {
    let scenario = Scenario::play().await;
    let account = &scenario.account.owner.actor.account;
    let loaded = log_of(scenario.app.pool(), account.id).await;
    let mut complaints = Complaints::default();
    for kind in KINDS {
        let stands = loaded.iter().any(|activity| activity.event.kind().name == kind.name);
        complaints.unless(stands || !kind.recorded, kind, "no verb records it");
        complaints.unless(!stands || kind.recorded, kind, "it is recorded and says that it is not");
    }
    let told = scenario.program.get("activities?after=0&limit=1000").await.expect(200).json();
    let told = told.as_array().expect("a list");
    assert_eq!(told.len(), loaded.len(), "the owner is told of everything");
    for (activity, told) in loaded.iter().zip(told) {
        let kind = activity.event.kind();
        // The server holds the events as they were recorded.
        complaints.unless(told["data"] == activity.event.data(), kind, "it is read back otherwise");
        let description = told["description"].as_str().unwrap_or_default();
        complaints.unless(reads_well(description), kind, format!("it reads {description:?}"));
        check_line(&mut complaints, &account.slug, activity);
    }
    check_pages(&mut complaints, &scenario).await;
    complaints.expect_none();
    scenario.app.finish().await;
}

/// Its line in HTML says what its sentence says.
fn check_line(complaints: &mut Complaints, slug: &Slug, activity: &Activity) {
    let (people, gone) = (People::new(), Gone::default());
    let kind = activity.event.kind();
    let line = words(&activities::line(slug, activity, &people, &gone).into_string());
    complaints.unless(!line.contains("  "), kind, format!("its line has a gap: {line:?}"));
    for part in activity.event.sentence().parts {
        let said = match part {
            Part::Words(words) => words.to_owned(),
            Part::Text(text) => text,
            Part::Card { title, .. } => title,
            Part::Column { name, .. } | Part::Board { name, .. } | Part::Tag { name, .. } => name,
            Part::Person(_) => continue,
        };
        let says = !said.trim().is_empty() && line.contains(&said);
        complaints.unless(says, kind, format!("its line lacks {said:?}: {line:?}"));
    }
}

/// The documents and the form of webhooks name it.
async fn check_pages(complaints: &mut Complaints, scenario: &Scenario) {
    let stranger = scenario.app.stranger();
    let docs = stranger.get("/docs/events").await.expect(200).body;
    let openapi = stranger.get("/api/v1/openapi.json").await.expect(200).body;
    let form = scenario.account.owner.get("webhooks").await.expect(200).body;
    for kind in KINDS {
        let (name, called) = (kind.wire_name(), kind.shows.webhooks);
        let entry = docs.contains(&format!("id=\"{name}\""));
        complaints.unless(entry == called, kind, "the catalogue of events disagrees");
        let choice = form.contains(&format!("value=\"{name}\""));
        complaints.unless(choice == called, kind, "the form of webhooks disagrees");
        let listed = openapi.contains(&format!("\"{name}\""));
        complaints.unless(listed, kind, "the OpenAPI document does not name it");
    }
}

#[test]
fn every_kind_has_an_example_that_is_complete() {
    let mut complaints = Complaints::default();
    for kind in KINDS {
        let example = (kind.example)();
        let text = example.sentence().plain_text(None, &People::new());
        complaints.unless(!example.sentence().parts.is_empty(), kind, "it has no sentence");
        complaints.unless(reads_well(&text), kind, format!("it reads {text:?}"));
        complaints.unless(icon::exists(kind.icon), kind, "there is no such icon");
        complaints.unless(!kind.label.trim().is_empty(), kind, "it has no label");
        complaints.unless(matches!(example.data(), Value::Object(_)), kind, "no object");
        let path = format!("src/events/kinds/{}.rs", kind.name);
        let file = fs::read_to_string(path).unwrap_or_default();
        let promised = file.contains("its_payload_is_a_promise");
        complaints.unless(promised, kind, "no test holds its payload");
    }
    complaints.expect_none();
}

#[tokio::test]
async fn every_kind_is_read_back_as_it_was_recorded() {
    let database = TestDatabase::new().await;
    let account =
        AccountRef { id: AccountId::new(), slug: Slug::parse("northfold").expect("a slug") };
    let head = "with a as (insert into accounts (id, slug, name, created_at)
                           values ($1, 'northfold', 'Northfold', now()))
                insert into account_heads (account_id, sequence) values ($1, 0)";
    let head = sqlx::query(head).bind(account.id.uuid()).execute(database.pool());
    head.await.expect("an account");
    let log = Log::new(database.pool().clone(), Vec::new());
    let change = log.change(&Creator::system(account.clone())).await.expect("a change");
    let examples: Vec<_> = KINDS.iter().map(|kind| (kind.example)()).collect();
    change.record_all(examples.clone()).await.expect("every example is recorded");
    let loaded = log_of(database.pool(), account.id).await;
    assert_eq!(loaded.len(), examples.len());
    let mut complaints = Complaints::default();
    for (loaded, example) in loaded.iter().zip(&examples) {
        let (kind, loaded) = (example.kind(), &loaded.event);
        complaints.unless(loaded.data() == example.data(), kind, "another payload");
        let (read, wrote) = (format!("{loaded:?}"), format!("{example:?}"));
        complaints.unless(read == wrote, kind, format!("read {read}, recorded {wrote}"));
    }
    complaints.expect_none();
    database.pool().close().await;
}
