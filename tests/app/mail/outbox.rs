//! The outbox: what is read there, by whom, and where.

use cairn::mail::{self, Body, Letter, Outgoing, Readers};
use cairn::values::Role;
use cairn::values::secret::KeyRing;
use reqwest::Method;

use crate::support::TestApp;
use crate::support::client::Client;
use crate::support::data_dir::DataDir;
use crate::support::mail_server::MailServer;
use crate::support::people::Person;
use crate::support::server::{SECRET_KEY, Server, until};

/// The demo's owner, and the path of their account.
async fn one_click(server: &Server) -> (Client, String) {
    let line = server.printed(|line| line.starts_with("Sign in with one click: ")).await;
    let (_, path) = line.split_once(server.address()).expect("an address");
    let olive = Client::new(server.address());
    olive.get(path).await.expect(303);
    let home = olive.get("/").await.expect(303).header("location").to_owned();
    olive.get(&home).await.expect(200);
    (olive, home)
}

#[tokio::test]
async fn a_private_server_keeps_its_letters_to_be_read() {
    let data = DataDir::new("outbox");
    let mut server = Server::spawn(data.command("on")).await;
    let (olive, home) = one_click(&server).await;
    let fields = [("email", "rowan@example.com"), ("role", "member")];
    olive.submit(Method::POST, &format!("{home}/invitations"), &fields).await.expect(201);
    let page = olive.get(&format!("{home}/outbox")).await.expect(200).body;
    let (_, link) =
        page.split_once(&format!("{}{home}/invitations/", server.address())).expect("a link");
    let token: String = link.chars().take_while(|c| !c.is_whitespace()).collect();
    let stranger = Client::new(server.address());
    stranger.get(&format!("{home}/invitations/{token}")).await.expect(200);

    // A password link is in no admin's outbox: only in that of the machine, behind its code.
    let line = server.logged(|line| line.contains("/outbox?code=")).await;
    let (_, path) = line.split_once(server.address()).expect("an address");
    let path = path.trim_end();
    stranger.get("/password_links/new").await.expect(200);
    let fields = [("email", "tomas@northfold.example")];
    let asked = stranger.submit(Method::POST, "/password_links", &fields).await.expect(200);
    assert!(asked.body.contains("outbox of this machine"), "{}", asked.body);
    let outbox = until("the letter", async || {
        let page = stranger.get(path).await.expect(200).body;
        page.contains("/password_links/").then_some(page)
    })
    .await;
    assert!(!outbox.contains("/invitations/"), "{outbox}");
    let page = olive.get(&format!("{home}/outbox")).await.expect(200).body;
    assert!(!page.contains("/password_links/"), "{page}");

    olive.get("/outbox").await.expect(404);
    olive.get("/outbox?code=").await.expect(404);
    olive.get("/outbox?code=0123456789abcdef0123456789abcdef").await.expect(404);
    for (header, value) in [("x-forwarded-for", "203.0.113.7"), ("host", "cairn.example")] {
        let request = stranger.request(Method::GET, path).header(header, value);
        stranger.send(request).await.expect(404);
    }
    assert!(server.stop().await.success());
}

/// Each letter of the account that somebody reads, by its subject and its recipient.
async fn readable(app: &TestApp, person: &Person) -> Vec<String> {
    let keys = KeyRing::new(SECRET_KEY.as_bytes(), None);
    let outgoing = Outgoing::new(keys, app.server.address());
    let letters = mail::of_account(app.pool(), &person.actor, Some(&outgoing)).await;
    let letters = letters.expect("an outbox").into_iter().filter(|letter| letter.text.is_some());
    letters.map(|letter| letter.email).collect()
}

#[tokio::test]
async fn nobody_reads_a_letter_that_gives_more_than_they_may() {
    let app = TestApp::start().await;
    let account = app.account("northfold").await;
    let (owner, admin) = (&account.owner, app.member(&account, "Tomas", Role::Admin).await);
    for (email, role) in [("amara@example.com", "owner"), ("rowan@example.com", "member")] {
        owner.post("invitations", &[("email", email), ("role", role)]).await.expect(201);
    }
    let keys = KeyRing::new(SECRET_KEY.as_bytes(), None);
    let outgoing = Outgoing::new(keys, app.server.address());
    let notices = |person: &Person| Letter {
        readers: Readers::Recipient(person.actor.account.id, person.actor.user_id),
        email: person.email.clone(),
        subject: "News on a card in northfold".to_owned(),
        body: Body::default().paragraph("It is secret."),
        unsubscribe: None,
        attachment: None,
    };
    let mut connection = app.pool().acquire().await.expect("a connection");
    let letters = [notices(owner), notices(&admin)];
    outgoing.owe(&mut connection, &letters).await.expect("two letters");
    drop(connection);

    let (olive, tomas) = (owner.email.as_str(), admin.email.as_str());
    assert_eq!(readable(&app, owner).await, [olive, "rowan@example.com", "amara@example.com"]);
    assert_eq!(readable(&app, &admin).await, [tomas, "rowan@example.com"]);
    let member = app.member(&account, "Amara", Role::Member).await;
    member.get("outbox").await.expect(403);
    // Others share this server's database: nothing is read, and nothing is at the machine.
    let page = owner.get("outbox").await.expect(200).body;
    assert!(page.contains("Waiting") && !page.contains("/invitations/"), "{page}");
    owner.client.get("/outbox?code=").await.expect(404);
    app.finish().await;
}

#[tokio::test]
async fn with_a_mail_server_the_outbox_tells_what_became_of_letters() {
    let relay = MailServer::start().await;
    let app = TestApp::start_with_mail(&relay).await;
    let owner = app.account("northfold").await.owner;
    let fields = [("email", "rowan@example.com"), ("role", "member")];
    owner.post("invitations", &fields).await.expect(201);
    let page = until("the record", async || {
        let page = owner.get("outbox").await.expect(200).body;
        page.contains("Sent").then_some(page)
    })
    .await;
    assert!(page.contains("Olive Marsh invited you to northfold"), "{page}");
    assert!(page.contains("rowan@example.com") && !page.contains("/invitations/"), "{page}");
    app.finish().await;
}
