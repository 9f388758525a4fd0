//! The page that says why a signature does not check, and a delivery as a command of curl.

use super::*;
use crate::support::browser::{run, traveller};

/// What is pasted into the page.
#[derive(Clone, Default)]
struct Pasted {
    headers: String,
    body: String,
    secret: String,
    computed: String,
}

impl Pasted {
    fn of(call: &Call) -> Self {
        let headers = call
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {}\n", value.to_str().expect("words")));
        let body = String::from_utf8(call.body.to_vec()).expect("JSON");
        Self { headers: headers.collect(), body, ..Self::default() }
    }
}

impl Scene {
    async fn check(&self, endpoint: &Endpoint, pasted: &Pasted) -> String {
        let path = format!("webhooks/{}/signature_checks", endpoint.id);
        let fields = [
            ("headers", pasted.headers.as_str()),
            ("body", &pasted.body),
            ("secret", &pasted.secret),
            ("computed", &pasted.computed),
        ];
        self.account.owner.post(&path, &fields).await.expect(200).body
    }
}

#[track_caller]
fn says(page: &str, words: &str) {
    assert!(page.contains(words), "it does not say “{words}”: {page}");
}

#[tokio::test]
async fn it_says_what_is_wrong_in_plain_words() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({ "events": ["card.*"] })).await;
    scene.move_to(1).await;
    let call = scene.sink.has(1).await.remove(0);
    let good = Pasted { secret: endpoint.secret.clone(), ..Pasted::of(&call) };
    let page = scene.check(&endpoint, &good).await;
    says(&page, "All is well");
    says(&page, "The body is what was sent, to the byte.");
    says(&page, "The secret is the one that signs.");
    assert!(!page.contains(&endpoint.secret), "the secret comes back");

    let timestamp: i64 = call.header("webhook-timestamp").parse().expect("seconds");
    let pretty = serde_json::to_string_pretty(&call.json()).expect("JSON");
    let bare = endpoint.secret.trim_start_matches("whsec_").to_owned();
    let other = SigningSecret::new().shown().reveal().to_owned();
    let with = |change: &dyn Fn(&mut Pasted)| {
        let mut pasted = good.clone();
        change(&mut pasted);
        pasted
    };
    let replaced =
        |old: String, new: String| with(&|it| it.headers = it.headers.replace(&old, &new));
    let hours = (timestamp - 3 * 3_600).to_string();
    let signature = call.header("webhook-signature").to_owned();
    for (pasted, words) in [
        (with(&|it| it.body = pretty.clone()), "it was parsed and written again"),
        (with(&|it| it.body += "\n"), "A line break or a space was added"),
        (with(&|it| it.body = it.body.replace("Doing", "Done")), "here stands “"),
        (with(&|it| it.secret = bare.clone()), "The secret lacks its whsec_."),
        (with(&|it| it.secret = other.clone()), "This is another secret"),
        (with(&|it| it.secret.insert(0, ' ')), "There are spaces"),
        (with(&|it| it.secret = "hunter2".to_owned()), "This is no secret of Cairn’s"),
        (replaced(timestamp.to_string(), hours), "3 hours behind"),
        (replaced(timestamp.to_string(), format!("{timestamp}000")), "milliseconds, perhaps"),
        (replaced("v1,".to_owned(), String::new()), "Here the v1, is missing"),
        (replaced(signature.clone(), format!("v1,{}", "ab".repeat(32))), "is in hex"),
        (replaced(signature.clone(), signature.replace('=', "")), "is no base64"),
        (
            replaced("webhook-id".to_owned(), "x-id".to_owned()),
            "These headers are missing: webhook-id",
        ),
    ] {
        let page = scene.check(&endpoint, &pasted).await;
        says(&page, words);
        says(&page, "What is wrong");
        let secret = pasted.secret.trim();
        assert!(secret.is_empty() || !page.contains(secret), "a secret comes back");
    }
    scene.app.finish().await;
}

#[tokio::test]
async fn the_older_secret_and_what_code_computes_are_known() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({ "events": ["card.*"] })).await;
    let path = format!("webhook_endpoints/{}/secret_rotations", endpoint.id);
    scene.ask(Method::POST, &path, Some(json!({}))).await.expect(201);
    scene.move_to(1).await;
    let call = scene.sink.has(1).await.remove(0);
    let good = Pasted { secret: endpoint.secret.clone(), ..Pasted::of(&call) };
    says(&scene.check(&endpoint, &good).await, "The secret is the older one");

    let secret = SigningSecret::parse(&endpoint.secret).expect("a secret");
    let right = secret.standard(
        call.header("webhook-id"),
        call.header("webhook-timestamp").parse().expect("seconds"),
        &call.body,
    );
    let computed = |computed: String| Pasted { computed, ..good.clone() };
    let page = scene.check(&endpoint, &computed(right)).await;
    says(&page, "What your code computed is right, with the older secret.");
    let page = scene.check(&endpoint, &computed(secret.plain(&call.body))).await;
    says(&page, "What your code computed is right, with the older secret.");
    let page = scene.check(&endpoint, &computed("bm90aGluZw==".to_owned())).await;
    says(&page, "comes from none of the usual ways");
    scene.app.finish().await;
}

#[tokio::test]
async fn a_signature_by_key_and_the_names_of_headers_are_known_and_no_value_is_told() {
    let scene = Scene::set().await;
    let more = json!({
        "events": ["card.*"], "signature": "ed25519", "headers": { "x-gate": "open-sesame" },
    });
    let endpoint = scene.add("/hook", more).await;
    scene.move_to(1).await;
    let call = scene.sink.has(1).await.remove(0);
    assert_eq!(call.header("x-gate"), "open-sesame");
    let page = scene.check(&endpoint, &Pasted::of(&call)).await;
    says(&page, "webhook-signature is right for this body.");
    let changed = Pasted { body: "{}".to_owned(), ..Pasted::of(&call) };
    says(&scene.check(&endpoint, &changed).await, "right for the body that was sent, and not for");

    let delivery = scene.stands(&endpoint, "delivered", 1).await;
    let id = delivery["id"].as_str().expect("an id");
    let path = format!("webhooks/{}/deliveries/{id}/curl", endpoint.id);
    let page = scene.account.owner.get(&path).await.expect(200).body;
    says(&page, "x-gate: &lt;its value&gt;");
    assert!(!page.contains("open-sesame"), "the value of a header is told");
    let path = format!("webhook_endpoints/{}/tests", endpoint.id);
    let with = json!({ "event": "card.closed" });
    scene.ask(Method::POST, &path, Some(with)).await.expect(200);
    let tried = scene.sink.has(2).await.remove(1);
    assert_eq!(tried.header("x-gate"), "open-sesame", "a test has the endpoint’s headers");
    scene.app.finish().await;
}

#[tokio::test]
async fn a_delivery_as_curl_is_taken_by_a_receiver_and_holds_no_secret() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook?a=1&b='2'", json!({ "events": ["card.*"] })).await;
    scene
        .account
        .owner
        .add_card(scene.board, scene.columns[0], "It’s `a` \"card\" of 'ours' $HOME")
        .await;
    let call = scene.sink.has(1).await.remove(0);
    let delivery = scene.stands(&endpoint, "delivered", 1).await;
    let id = delivery["id"].as_str().expect("an id");
    let path = format!("webhooks/{}/deliveries/{id}/curl", endpoint.id);
    let page = scene.account.owner.get(&path).await.expect(200).body;
    assert!(
        !page.contains(endpoint.secret.trim_start_matches("whsec_")),
        "the secret stands in it"
    );
    let command = page.split("data-copy-target=\"text\">").nth(1).expect("a command");
    let command = command.split("</pre>").next().expect("its end");
    let command = command
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    let ran = tokio::process::Command::new("sh").args(["-c", &command]).output().await;
    let ran = ran.expect("a shell");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let again = scene.sink.has(2).await.remove(1);
    assert_eq!(again.body, call.body);
    is_signed(&again, &endpoint.secret);
    for name in ["webhook-id", "cairn-delivery", "cairn-sequence", "content-type"] {
        assert_eq!(again.header(name), call.header(name), "{name}");
    }

    let closed = "update boards set access = 'chosen' where id = $1";
    sqlx::query(closed).bind(scene.board.uuid()).execute(scene.app.pool()).await.expect("a board");
    scene.account.owner.get(&path).await.expect(404);
    let page = scene.check(&endpoint, &Pasted::of(&call)).await;
    assert!(!page.contains("to the byte"), "the bytes of a hidden board are compared");
    scene.app.finish().await;
}

#[tokio::test]
async fn the_tools_of_developers_work_in_a_browser() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({ "events": ["card.*"] })).await;
    scene.move_to(1).await;
    let call = scene.sink.has(1).await.remove(0);
    let delivery = scene.stands(&endpoint, "delivered", 1).await;
    let pasted = Pasted::of(&call);
    let given = json!({
        "account": "northfold", "endpoint": endpoint.id, "delivery": delivery["id"],
        "headers": pasted.headers, "body": pasted.body, "secret": endpoint.secret,
        "people": [traveller(&scene.account.owner, scene.app.server.address())],
    });
    run("developers", &given).await;
    scene.app.finish().await;
}
