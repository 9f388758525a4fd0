//! Whoever loses what they follow hears nothing more of it, over whatever socket they listen.

use cairn::live::Stream;
use cairn::values::{Role, Scope};
use reqwest::Method;
use uuid::Uuid;

use super::ear::{Ear, Kind, REFRESH};
use super::scene::{Bystander, Scene, ours};
use crate::support::people::Person;

/// A board that Tomas has open over every kind of socket, and somebody else too.
struct Watched {
    scene: Scene,
    tomas: Person,
    bystander: Bystander,
    ears: Vec<Ear>,
}

impl Watched {
    async fn by_browser() -> Self {
        Self::by(false).await
    }

    /// The same by a program that has a token.
    async fn by_token() -> Self {
        Self::by(true).await
    }

    async fn by(token: bool) -> Self {
        let scene = Scene::set().await;
        let tomas = scene.app.member(&scene.account, "Tomas Lindqvist", Role::Member).await;
        let bystander = scene.watched_by(scene.owner()).await;
        let token = match token {
            true => Some(scene.app.token(&tomas, Scope::Read).await),
            false => None,
        };
        let mut ears = Vec::new();
        for kind in Kind::ALL {
            // A page each: the board and its feed.
            let cursor = scene.cursor().await;
            let streams = [Stream::Board(scene.board), Stream::BoardActivities(scene.board)];
            let names = streams.map(|stream| ours(&tomas, stream, cursor.clone()));
            ears.push(Ear::open(&scene, kind, &tomas, token.as_ref(), &names).await);
        }
        let watched = Self { scene, tomas, bystander, ears };
        watched.scene.add("While all was well").await;
        for ear in &watched.ears {
            ear.hears("While all was well").await;
        }
        watched
    }

    /// What happens from now on is heard by others.
    async fn goes_on(&mut self) {
        for title in ["Not for Tomas", "Nor this for Tomas"] {
            self.scene.add(title).await;
            self.bystander.hears_of(title).await;
        }
    }

    /// Each is told that they follow it no more, in its own words; cables after their page was asked
    /// to load itself anew.
    async fn is_refused(&self) {
        for ear in &self.ears {
            ear.hears(REFRESH).await;
            if ear.kind.is_cable() {
                ear.hears("reject_subscription").await;
                let heard = ear.heard();
                let at = |words| heard.iter().position(|text| text.contains(words));
                assert!(at(REFRESH) < at("reject_subscription"), "{:?}: {heard:?}", ear.kind);
            }
        }
    }

    /// To the end of all connections, nothing was heard that was not for them.
    async fn heard_nothing_more(self) {
        let Self { scene, bystander, ears, .. } = self;
        drop(bystander);
        let listening = async {
            for ear in ears {
                let kind = ear.kind;
                let heard = ear.until_the_end().await.concat();
                assert!(heard.contains("While all was well"), "{kind:?}: {heard}");
                assert!(!heard.contains("for Tomas"), "{kind:?}: {heard}");
            }
        };
        // A server that stops lets all go, after all that it had to tell them.
        tokio::join!(scene.app.finish(), listening);
    }
}

#[tokio::test]
async fn whoever_is_removed_is_told_nothing_more() {
    for mut watched in [Watched::by_browser().await, Watched::by_token().await] {
        let owner = watched.scene.owner();
        owner.delete(&watched.tomas.place()).await.expect(303);
        watched.goes_on().await;
        watched.is_refused().await;
        watched.heard_nothing_more().await;
    }
}

#[tokio::test]
async fn whoever_loses_a_board_is_told_nothing_more_of_it() {
    let mut watched = Watched::by_browser().await;
    let everyone = format!("boards/{}/accesses/everyone", watched.scene.board);
    watched.scene.owner().delete(&everyone).await.expect(303);
    watched.goes_on().await;
    watched.is_refused().await;
    watched.heard_nothing_more().await;
}

#[tokio::test]
async fn a_token_that_is_revoked_is_told_nothing_more() {
    let mut watched = Watched::by_token().await;
    let id = sqlx::query_scalar("select id from tokens").fetch_one(watched.scene.app.pool());
    let id: Uuid = id.await.expect("the token");
    watched.tomas.delete(&format!("tokens/{id}")).await.expect(303);
    watched.goes_on().await;
    watched.is_refused().await;
    watched.heard_nothing_more().await;
}

#[tokio::test]
async fn whoever_signs_out_is_sent_away_and_told_nothing_more() {
    let mut watched = Watched::by_browser().await;
    watched.tomas.client.submit(Method::DELETE, "/session", &[]).await.expect(303);
    let goodbye = r#"{"type":"disconnect","reason":"unauthorized","reconnect":false}"#;
    for ear in &watched.ears {
        ear.hears(if ear.kind.is_cable() { goodbye } else { REFRESH }).await;
        ear.ends().await;
    }
    watched.goes_on().await;
    watched.heard_nothing_more().await;
}
