//! The search box: what is found, by whom, and what is not.

use cairn::domain::{cards, search};
use cairn::events::Log;
use cairn::values::id::BoardId;
use cairn::values::{Role, Scope, SearchQuery, Title, words};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::app::Account;
use crate::support::client::Answer;
use crate::support::people::Person;

async fn board(account: &Account) -> (BoardId, cairn::values::id::ColumnId) {
    let board = account.owner.create_board("Spring catalogue").await;
    (board, account.owner.add_column(board, "To do").await)
}

/// The path of a search, with what is looked for as it stands in an address.
fn path(q: &str) -> String {
    let q: String = url::form_urlencoded::byte_serialize(q.as_bytes()).collect();
    format!("search?q={q}")
}

async fn ask(person: &Person, token: &str, path: &str) -> Answer {
    let path = format!("/api/v1/{}/{path}", person.actor.account.slug);
    let request = person.client.request(Method::GET, &path).bearer_auth(token);
    person.client.send(request).await
}

/// The numbers of the cards that are found, in their order, with an asterisk for a comment.
async fn found(person: &Person, token: &str, q: &str) -> Vec<String> {
    let hits = ask(person, token, &path(q)).await.expect(200).json();
    let hits = hits.as_array().expect("a list").iter();
    let name = |hit: &Value| match hit["comment_id"].is_null() {
        true => hit["card_number"].to_string(),
        false => format!("{}*", hit["card_number"]),
    };
    hits.map(name).collect()
}

#[tokio::test]
async fn words_are_found_in_titles_descriptions_and_comments() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    let token = app.token(&account.owner, Scope::Read).await.reveal().to_owned();
    let owner = &account.owner;
    let (board, column) = board(&account).await;
    let letter = owner.add_card(board, column, "Write the letter to the wardens").await;
    let other = owner.add_card(board, column, "Choose the Größe").await;
    owner.comment(other, "The *letter* is in the blue folder.").await.expect(303);
    let kanji = owner.add_card(board, column, "春のカタログを作る").await;
    let edit = [("title", "Choose the Größe"), ("description", "Ask in Zürich about letterpress")];
    owner.patch(&format!("cards/{other}"), &edit).await.expect(303);

    let find = async |q: &str| found(owner, &token, q).await;
    let names = [letter, other, kanji].map(|number| number.to_string());
    let [letter, other, kanji] = names.each_ref().map(String::as_str);
    let in_comment = format!("{other}*");
    assert_eq!(
        find("LETTER").await,
        [letter, in_comment.as_str(), other],
        "titles lead, the newest first"
    );
    assert_eq!(find("let ward").await, [letter]);
    assert_eq!(find("zurich").await, [other]);
    assert_eq!(find("grosse").await, [other]);
    assert_eq!(find("カタログ").await, [kanji]);
    assert_eq!(find("春").await, [kanji]);
    assert_eq!(find("blue folder").await, [in_comment.as_str()]);
    assert_eq!(find("letter zebra").await, Vec::<String>::new());
    assert_eq!(find(&format!("#{kanji}")).await, [kanji]);

    owner.rename_card(letter.parse().expect("a number"), "Write the note").await.expect(303);
    assert_eq!(find("wardens").await, Vec::<String>::new(), "what it said before is not found");
    assert_eq!(find("note").await, [letter]);
    app.finish().await;
}

#[tokio::test]
async fn the_card_with_the_number_leads() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    let token = app.token(&account.owner, Scope::Read).await.reveal().to_owned();
    let (board, column) = board(&account).await;
    let one = account.owner.add_card(board, column, "The first").await;
    let named = account.owner.add_card(board, column, &format!("Continue {one}")).await;
    for q in [format!("{one}"), format!("#{one}")] {
        let expected = [one.to_string(), named.to_string()];
        assert_eq!(found(&account.owner, &token, &q).await, expected);
    }
    app.finish().await;
}

#[tokio::test]
async fn the_page_marks_what_was_looked_for_and_leads_there() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    let owner = &account.owner;
    let (board, column) = board(&account).await;
    let card = owner.add_card(board, column, "Write the <b>letter</b>").await;
    owner.comment(card, "A **letter** & more").await.expect(303);
    let page = owner.get(&path("letter")).await.expect(200);
    assert!(page.body.contains("&lt;b&gt;<mark>letter</mark>&lt;/b&gt;"), "{}", page.body);
    assert!(page.body.contains("A <mark>letter</mark> &amp; more"), "{}", page.body);
    assert!(page.body.contains(&format!("/northfold/cards/{card}#comment_")), "{}", page.body);
    assert!(page.body.contains("value=\"letter\""), "{}", page.body);
    let nothing = owner.get(&path("zebra")).await.expect(200);
    assert!(nothing.body.contains("Nothing has all of these words"), "{}", nothing.body);
    let empty = owner.get("search").await.expect(200);
    assert!(empty.body.contains("Every card and every comment"), "{}", empty.body);
    app.finish().await;
}

#[tokio::test]
async fn only_boards_that_one_sees_are_searched() {
    let app = TestApp::start().await;
    let (account, other) = (app.account("northfold").await, app.account("elsewhere").await);
    let (board, column) = board(&account).await;
    let card = account.owner.add_card(board, column, "Write the letter").await;
    account.owner.comment(card, "The letter is long.").await.expect(303);
    let member = app.member(&account, "Amara Okafor", Role::Member).await;
    let token = app.token(&member, Scope::Read).await.reveal().to_owned();
    let foreign = app.token(&other.owner, Scope::Read).await.reveal().to_owned();
    assert_eq!(found(&member, &token, "letter").await.len(), 2);
    assert!(found(&other.owner, &foreign, "letter").await.is_empty());
    assert!(found(&other.owner, &foreign, &format!("#{card}")).await.is_empty());
    let closed = "update boards set access = 'chosen' where id = $1";
    sqlx::query(closed).bind(board.uuid()).execute(app.pool()).await.expect("a board");
    assert!(found(&member, &token, "letter").await.is_empty());
    assert!(found(&member, &token, &format!("#{card}")).await.is_empty());
    app.finish().await;
}

#[tokio::test]
async fn fifty_are_given_at_once_and_the_link_leads_on() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    let token = app.token(&account.owner, Scope::Read).await.reveal().to_owned();
    let (board, column) = board(&account).await;
    let log = Log::new(app.pool().clone(), Vec::new());
    let actor = &account.owner.actor;
    for at in 0..61 {
        let title = Title::parse(&format!("Letter {at}")).expect("a title");
        cards::add(&log, actor, board, Some(column), title).await.expect("a card");
    }
    let first = ask(&account.owner, &token, &path("letter")).await.expect(200);
    let link = first.header("link").to_owned();
    let next = link.trim_start_matches('<').split('>').next().expect("an address");
    let next = next.trim_start_matches("/api/v1/northfold/");
    let second = ask(&account.owner, &token, next).await.expect(200);
    let numbers = |answer: &Answer| {
        let hits = answer.json();
        let hits = hits.as_array().expect("a list").iter();
        hits.map(|hit| hit["card_number"].as_i64().expect("a number")).collect::<Vec<_>>()
    };
    let all: Vec<i64> = numbers(&first).into_iter().chain(numbers(&second)).collect();
    assert_eq!(all, (1..=61).rev().collect::<Vec<_>>());
    assert!(second.headers.get("link").is_none());
    let page = account.owner.get(&path("letter")).await.expect(200);
    assert!(page.body.contains("rel=\"next\""), "{}", page.body);
    app.finish().await;
}

#[tokio::test]
async fn whatever_is_typed_is_answered_in_words() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    let token = app.token(&account.owner, Scope::Read).await.reveal().to_owned();
    board(&account).await;
    for q in [
        "'", "a'b", "a\\", "a & b", "a | b", "!a", "a:*", "a <-> b", "(a", "\"a\"", "a\0b", "%",
        "ａ",
    ] {
        let status = ask(&account.owner, &token, &path(q)).await.status.as_u16();
        let page = account.owner.get(&path(q)).await.status.as_u16();
        let expected = if words::words(q).is_empty() { (400, 422) } else { (200, 200) };
        assert_eq!((status, page), expected, "{q:?}");
    }
    for q in ["&|!", "\0", "#", &"long ".repeat(2_048)] {
        let refused = ask(&account.owner, &token, &path(q)).await.expect(400);
        assert!(refused.json()["detail"].as_str().expect("words").starts_with("q: "), "{q:.9}");
        let page = account.owner.get(&path(q)).await.expect(422);
        assert!(page.body.contains("id=\"q_error\""), "{}", page.body);
    }
    ask(&account.owner, &token, "search").await.expect(400);
    ask(&account.owner, &token, "search?q=a&after=1").await.expect(400);
    account.owner.get("search?q=a&after=1").await.expect(400);
    app.finish().await;
}

#[tokio::test]
async fn any_title_is_found_by_its_own_words() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    let (board, column) = board(&account).await;
    let log = Log::new(app.pool().clone(), Vec::new());
    let (actor, mut runner) = (&account.owner.actor, TestRunner::deterministic());
    for _ in 0..100 {
        let text = "\\PC{1,60}".new_tree(&mut runner).expect("a text").current();
        let (Ok(title), Ok(query)) = (Title::parse(&text), SearchQuery::parse(&text)) else {
            continue;
        };
        let card = cards::add(&log, actor, board, Some(column), title).await.expect("a card");
        let found = search::find(app.pool(), actor, &query, None).await.expect("an answer");
        let numbers: Vec<i64> = found.hits.iter().map(|hit| hit.card_number).collect();
        assert!(numbers.contains(&card.number), "{text:?} was not found");
    }
    app.finish().await;
}

#[tokio::test]
async fn the_longest_text_of_the_most_words_is_taken() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    let token = app.token(&account.owner, Scope::Read).await.reveal().to_owned();
    let (board, column) = board(&account).await;
    let card = account.owner.add_card(board, column, "Write the letter").await;
    // Characters that are all different, so that every one of them and every pair is a word.
    let body: String =
        ('\u{4E00}'..='\u{9FFF}').chain('\u{3400}'..='\u{3800}').take(21_000).collect();
    account.owner.comment(card, &body).await.expect(303);
    let part: String = body.chars().skip(20_900).take(4).collect();
    assert_eq!(found(&account.owner, &token, &part).await, [json!(card).to_string() + "*"]);
    app.finish().await;
}
