//! The audit as files: what stands in them, what is left when nobody reads to the end, and that nobody
//! reads on who may not.

use cairn::values::Scope;
use futures_util::future::join_all;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use super::Scene;
use crate::support::people::Person;

#[tokio::test]
async fn lines_of_json_say_what_the_api_says_and_from_where() {
    let scene = Scene::set().await;
    let program = scene.app.program(scene.owner(), Scope::Admin).await;
    let path = format!("cards/{}/comments", scene.cards[0]);
    program.post(&path, &json!({ "body": "By a script." })).await.expect(201);
    let answer = scene.owner().get("audit.ndjson").await.expect(200);
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    assert!(answer.header("content-disposition").contains("northfold-audit.ndjson"), "{answer:?}");
    let lines: Vec<Value> =
        answer.body.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let listed = program.get("activities?limit=1000").await.expect(200).json();
    assert_eq!(lines.len(), listed.as_array().expect("a list").len());
    for (line, activity) in lines.iter().zip(listed.as_array().expect("a list")) {
        let mut line = line.clone();
        let fields = line.as_object_mut().expect("fields");
        let (source, token) = (fields.remove("source"), fields.remove("token").expect("a token"));
        fields.remove("address").expect("an address");
        assert_eq!(line, *activity);
        assert_eq!(source == Some(json!("token")), token != Value::Null, "{activity}");
    }
    assert_eq!(lines[0]["token"]["name"], "test");
    assert_eq!(lines[0]["address"], "127.0.0.1");
    scene.app.finish().await;
}

#[tokio::test]
async fn a_table_has_a_row_for_each_and_no_formula() {
    let scene = Scene::set().await;
    let (olive, card) = (scene.owner(), scene.cards[0]);
    olive.rename_card(card, "=HYPERLINK(\"http://x.example\"), \"now\"").await.expect(303);
    olive.patch(&format!("boards/{}", scene.boards[0]), &[("name", "@SUM(A1)")]).await.expect(303);
    olive.post("tokens", &[("name", "+1"), ("scope", "write")]).await;
    let answer = olive.get("audit.csv?kind=card.updated").await.expect(200);
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    let mut lines = answer.body.split("\r\n");
    assert_eq!(
        lines.next(),
        Some("sequence,time,person,event,description,from,address,board,card,changes,undoes")
    );
    let row = lines.next().expect("a row");
    let sequence = scene.head().await - 2;
    assert!(row.starts_with(&format!("{sequence},20")), "{row}");
    assert!(row.contains("Z,Olive Marsh,card.updated,"), "{row}");
    assert!(
        row.contains(&format!(",browser,127.0.0.1,'@SUM(A1),{card},\"title: Sow → =HYPER")),
        "{row}"
    );
    assert_eq!((lines.next(), lines.next()), (Some(""), None));
    scene.app.finish().await;
}

#[tokio::test]
async fn both_files_have_all_of_a_long_log_in_its_order() {
    let scene = Scene::set().await;
    scene.add_comments(3_000).await;
    let head = scene.head().await;
    let expected: Vec<i64> = (1..=head).rev().collect();
    let csv = scene.owner().get("audit.csv").await.expect(200).body;
    let rows = csv.lines().skip(1).map(|row| row.split(',').next().expect("a number"));
    assert_eq!(rows.map(|it| it.parse::<i64>().expect("one")).collect::<Vec<_>>(), expected);
    let lines = scene.owner().get("audit.ndjson").await.expect(200).body;
    let numbers = lines.lines().map(|line| {
        let line: Value = serde_json::from_str(line).expect("JSON");
        line["sequence"].as_i64().expect("a number")
    });
    assert_eq!(numbers.collect::<Vec<_>>(), expected);
    scene.app.finish().await;
}

#[tokio::test]
async fn an_export_that_nobody_reads_to_its_end_holds_nothing() {
    let scene = Scene::set().await;
    scene.add_comments(20_000).await;
    let client = &scene.owner().client;
    let beginning = async |form: &str| {
        let request = client.request(Method::GET, &format!("/northfold/audit.{form}"));
        let mut answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
        answer.chunk().await.expect("a beginning").expect("some of it").len()
    };
    // Together many more than the server has connections.
    for form in ["csv", "ndjson"].repeat(5) {
        let lengths = join_all((0..6).map(|_| beginning(form))).await;
        assert!(lengths.into_iter().all(|length| length > 0));
    }
    let all = scene.owner().get("audit.csv").await.expect(200);
    assert_eq!(i64::try_from(all.body.lines().count()), Ok(scene.head().await + 1));
    let open = "select count(*) from pg_stat_activity
                where datname = current_database() and state like 'idle in transaction%'";
    let open: i64 = sqlx::query_scalar(open).fetch_one(scene.app.pool()).await.expect("a count");
    assert_eq!(open, 0);
    // As many at once as there are connections, and more.
    let pages = join_all((0..40).map(|_| client.get("/northfold/audit"))).await;
    assert!(pages.iter().all(|page| page.status == 200));
    scene.app.finish().await;
}

#[tokio::test]
async fn whoever_may_not_read_an_audit_any_more_reads_no_further() {
    let mut scene = Scene::set().await;
    scene.app.expect_warning("an export of the audit broke off");
    // Much more than lies between the server and a reader who waits.
    scene.add_comments(50_000).await;
    let (olive, tomas) = (scene.owner(), &scene.tomas);
    let place = tomas.place();
    for form in ["csv", "ndjson"] {
        olive.patch(&place, &[("role", "admin")]).await.expect(303);
        let answer = begun(tomas, form).await;
        olive.patch(&place, &[("role", "member")]).await.expect(303);
        breaks_off(answer).await;
    }
    olive.patch(&place, &[("role", "admin")]).await.expect(303);
    let answer = begun(tomas, "csv").await;
    olive.delete(&place).await.expect(303);
    breaks_off(answer).await;
    let answer = begun(olive, "csv").await;
    olive.client.submit(Method::DELETE, "/session", &[]).await.expect(303);
    breaks_off(answer).await;
    scene.app.finish().await;
}

/// An export whose beginning was read.
async fn begun(person: &Person, form: &str) -> Response {
    let request = person.client.request(Method::GET, &person.path(&format!("audit.{form}")));
    let mut answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    answer.chunk().await.expect("a beginning").expect("some of it");
    answer
}

/// The rest of an answer does not come to its end.
async fn breaks_off(mut answer: Response) {
    while let Ok(chunk) = answer.chunk().await {
        assert!(chunk.is_some(), "all of it came");
    }
}
