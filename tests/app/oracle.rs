//! The oracle of live pages: after any history, when all is quiet, every page equals a fresh one.
//!
//! A script makes the history of a seed; the servers that crash in it are ours. The same seeds
//! every time: a history that fails today fails tomorrow.

use std::ops::Range;

use cairn::values::{Role, Scope};
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::app::Account;
use crate::support::browser::{journey, traveller};
use crate::support::people::Person;
use crate::support::server::Server;

/// So many histories are tried; `CAIRN_CASES` asks for more, `CAIRN_SEED` for others.
const CASES: u32 = 2;

/// Who watches.
const WATCHERS: [(&str, Role); 4] = [
    ("Tomas Lindqvist", Role::Admin),
    ("Rowan Field", Role::Member),
    ("Amara Obi", Role::Member),
    ("Ines Duarte", Role::Member),
];

/// The seeds of the histories.
fn seeds() -> Range<u32> {
    let asked = |name, otherwise| {
        std::env::var(name).map_or(otherwise, |number| number.parse().expect("a number"))
    };
    let first = asked("CAIRN_SEED", 1);
    first..first + asked("CAIRN_CASES", CASES)
}

/// An account, and two servers on its database; either may crash and be started where it was.
struct World {
    app: TestApp,
    second: Server,
    account: Account,
    people: Vec<Person>,
}

impl World {
    async fn new() -> Self {
        let app = TestApp::start().await;
        let second = Server::start(&app.database.url().await).await;
        let account = app.account("northfold").await;
        let mut people = Vec::new();
        for (name, role) in WATCHERS {
            people.push(app.member(&account, name, role).await);
        }
        Self { app, second, account, people }
    }

    /// Lives through the history of a seed.
    async fn live(mut self, seed: u32) {
        let given = self.given(seed).await;
        journey("oracle", &given, async |wanted| match wanted.split_once(' ') {
            Some(("kill", number)) => self.at(number).kill().await,
            Some(("start", number)) => self.start(number).await,
            Some(("invite", id)) => self.invite(id).await,
            _ => panic!("nobody can {wanted}"),
        })
        .await;
        self.second.stop().await;
        self.app.finish().await;
    }

    async fn given(&self, seed: u32) -> Value {
        let mut people = Vec::new();
        for person in &self.people {
            people.push(self.known(person).await);
        }
        json!({
            "seed": seed,
            "account": self.account.slug,
            "owner": self.known(&self.account.owner).await,
            "people": people,
            "servers": [self.app.server.address(), self.second.address()],
        })
    }

    /// Somebody as the script knows them: a browser and a program.
    async fn known(&self, person: &Person) -> Value {
        let mut known = traveller(person, self.app.server.address());
        known["id"] = person.actor.user_id.to_string().into();
        known["token"] = self.app.token(person, Scope::Admin).await.reveal().into();
        known
    }

    fn at(&mut self, number: &str) -> &mut Server {
        if number == "0" { &mut self.app.server } else { &mut self.second }
    }

    async fn start(&mut self, number: &str) {
        let url = self.app.database.url().await;
        let bind = self.at(number).address().trim_start_matches("http://").to_owned();
        *self.at(number) = Server::start_at(&url, &bind).await;
    }

    /// Somebody who was removed comes back.
    async fn invite(&self, id: &str) {
        let is_them = |person: &&Person| person.actor.user_id.to_string() == id;
        let person = self.people.iter().find(is_them).expect("one of the people");
        let Person { actor, email, .. } = person;
        self.app.welcome(&self.account, email, &actor.name, actor.role).await;
    }
}

#[tokio::test]
async fn when_all_is_quiet_every_live_page_equals_a_fresh_one() {
    for seed in seeds() {
        World::new().await.live(seed).await;
    }
}
