//! The log of an endpoint in open pages: told while things happen, in every process, to admins only.

use std::time::{Duration, Instant};

use cairn::live::{Cursor, Stream};
use cairn::values::Role;
use reqwest::Response;
use sqlx::postgres::PgListener;

use super::*;
use crate::sockets::scene::ours;
use crate::support::client::Client;
use crate::support::people::Person;
use crate::support::server::patiently;

/// Asks a page to load its log anew.
const RELOAD: &str = r#"<turbo-stream action="reload" target="log">"#;

/// An open page of an endpoint.
struct Page {
    client: Client,
    /// Where its log alone is.
    log: String,
    heard: Response,
    reloads: usize,
}

impl Page {
    /// Opens the page at a server and follows its first stream.
    async fn open(scene: &Scene, server: &Server, endpoint: &Endpoint, query: &str) -> Self {
        let owner = &scene.account.owner;
        let client = owner.client.at(server.address());
        let path = |rest: &str| owner.path(&format!("webhooks/{}{rest}{query}", endpoint.id));
        let (page, log) = (client.get(&path("")).await.expect(200).body, path("/log"));
        let name =
            page.split("signed-stream-name=\"").nth(1).and_then(|rest| rest.split('"').next());
        let heard = follow(&client, name.expect("a name")).await;
        assert_eq!(heard.status(), 200);
        Self { client, log, heard, reloads: 0 }
    }

    /// Waits until it is asked to load its log anew.
    async fn asked(&mut self) {
        patiently("a word to load the log anew", async {
            loop {
                let chunk = self.heard.chunk().await.expect("a stream").expect("that goes on");
                let asked = String::from_utf8_lossy(&chunk).matches(RELOAD).count();
                self.reloads += asked;
                if asked > 0 {
                    return;
                }
            }
        })
        .await;
    }

    /// Loads its log anew as often as it is asked to, until it shows this.
    async fn comes_to_show(&mut self, words: &str) {
        loop {
            self.asked().await;
            if self.client.get(&self.log).await.expect(200).body.contains(words) {
                return;
            }
        }
    }
}

async fn follow(client: &Client, name: &str) -> Response {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let query = query.append_pair("s", name).finish();
    let request = client.request(Method::GET, &format!("/live/sse?{query}"));
    request.header("origin", client.address()).send().await.expect("an answer")
}

/// Waits until it is said that a stream is not to be followed any more; what was heard till then.
async fn until_asked_to_refresh(stream: &mut Response) -> String {
    patiently("the end of it", async {
        let mut heard = String::new();
        while !heard.contains("action=\"refresh\"") {
            let chunk = stream.chunk().await.expect("a stream").expect("that goes on");
            heard += &String::from_utf8_lossy(&chunk);
        }
        heard
    })
    .await
}

#[tokio::test]
async fn open_pages_of_every_process_show_what_is_owed_and_what_came_of_it() {
    let scene = Scene::set().await;
    let mut second = Server::start(&scene.app.database.url().await).await;
    let endpoint = scene.add("/hook", json!({})).await;
    let mut pages = [
        Page::open(&scene, &scene.app.server, &endpoint, "").await,
        Page::open(&scene, &second, &endpoint, "?status=pending").await,
        Page::open(&scene, &second, &endpoint, "").await,
    ];
    scene.sink.will_answer([sink::Answer::Status(500)]);
    scene.move_to(1).await;
    for page in &mut pages {
        page.comes_to_show("number 1<").await;
        page.comes_to_show("500 in ").await;
    }
    // Nothing is committed to the account’s log any more: only the try is told of.
    scene.hurry().await;
    pages[0].comes_to_show("204 after 2 tries").await;
    pages[1].comes_to_show("Nothing of that sort.").await;
    pages[2].comes_to_show("204 after 2 tries").await;
    drop(pages);
    assert!(second.stop().await.success());
    scene.app.finish().await;
}

#[tokio::test]
async fn what_is_held_and_let_go_is_shown_too() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({})).await;
    scene.sink.will_answer([sink::Answer::Status(410)]);
    scene.move_to(1).await;
    until("the endpoint to be switched off", async || {
        (scene.look(&endpoint).await["active"] == false).then_some(())
    })
    .await;
    let mut page = Page::open(&scene, &scene.app.server, &endpoint, "").await;
    scene.move_to(0).await;
    page.comes_to_show(">Held").await;
    let path = scene.account.owner.path(&format!("webhooks/{}/disablement", endpoint.id));
    scene.account.owner.client.submit(Method::DELETE, &path, &[]).await.expect(303);
    page.comes_to_show(">Delivered").await;
    drop(page);
    scene.app.finish().await;
}

#[tokio::test]
async fn a_page_is_told_a_few_times_a_second_however_much_is_delivered() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({})).await;
    let mut page = Page::open(&scene, &scene.app.server, &endpoint, "").await;
    page.asked().await;
    let began = Instant::now();
    for turn in 0..100 {
        scene.move_to((turn + 1) % 2).await;
    }
    page.comes_to_show("number 100<").await;
    let periods = began.elapsed().as_millis() / Duration::from_millis(500).as_millis();
    let most = usize::try_from(periods).expect("a short test") + 3;
    assert!(page.reloads <= most, "{} reloads in {:?}", page.reloads, began.elapsed());
    drop(page);
    scene.app.finish().await;
}

#[tokio::test]
async fn nothing_is_hinted_while_nobody_in_another_process_looks() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({})).await;
    let mut listener = PgListener::connect_with(scene.app.pool()).await.expect("a connection");
    listener.listen("deliveries").await.expect("a channel");
    let mut page = Page::open(&scene, &scene.app.server, &endpoint, "").await;
    scene.move_to(1).await;
    page.comes_to_show("204 in ").await;
    // Whatever would have been hinted was told here at the same time.
    sqlx::query("notify deliveries, 'the end'").execute(scene.app.pool()).await.expect("a hint");
    let first = patiently("a hint", listener.recv()).await.expect("a hint");
    assert_eq!(first.payload(), "the end");
    drop(page);
    scene.app.finish().await;
}

#[tokio::test]
async fn only_admins_follow_the_log_of_an_endpoint() {
    let scene = Scene::set().await;
    let endpoint = scene.add("/hook", json!({})).await;
    let id = endpoint.id.parse().expect("an id");
    let epoch = cairn::db::epoch(scene.app.pool()).await.expect("an epoch");
    let cursor = Cursor { epoch, sequence: 0 };
    let name = |person: &Person, id| ours(person, Stream::Deliveries(id), cursor.clone());
    let tomas = scene.app.member(&scene.account, "Tomas Lindqvist", Role::Member).await;
    let wren = scene.app.member(&scene.account, "Wren Castillo", Role::Admin).await;
    let southfold = scene.app.account("southfold").await;
    let unknown = Uuid::nil().into();
    for (person, id) in [(&tomas, id), (&southfold.owner, id), (&wren, unknown)] {
        let mut refused = follow(&person.client, &name(person, id)).await;
        let heard = until_asked_to_refresh(&mut refused).await;
        assert!(!heard.contains(RELOAD), "{heard}");
    }

    let mut heard = follow(&wren.client, &name(&wren, id)).await;
    assert_eq!(heard.status(), 200);
    let role = format!("members/{}", wren.actor.user_id);
    scene.account.owner.patch(&role, &[("role", "member")]).await.expect(303);
    until_asked_to_refresh(&mut heard).await;
    scene.app.finish().await;
}
