//! A card made somebody's work.

use cairn::notifications;
use cairn::values::Role;

use super::Scene;
use crate::support::client::Answer;
use crate::support::people::Person;

impl Scene {
    async fn assign(&self, user: &str) -> Answer {
        self.olive().post(&self.of_card("assignments"), &[("user_id", user)]).await
    }

    /// How many notices somebody has not read.
    async fn unread(&self, person: &Person) -> i64 {
        let (account, user) = (person.actor.account.id, person.actor.user_id);
        notifications::unread(self.app.pool(), account, user).await.expect("a count")
    }
}

#[tokio::test]
async fn whoever_is_assigned_is_told_and_follows_the_card() {
    let scene = Scene::set().await;
    let amara = scene.app.member(&scene.account, "Amara Okafor", Role::Member).await;
    scene.assign(&amara.actor.user_id.to_string()).await.expect(303);
    assert_eq!(scene.newest(1).await, ["card.assigned"]);
    assert_eq!(scene.unread(&amara).await, 1, "she was not told");
    assert_eq!(scene.unread(scene.olive()).await, 0, "the creator was told");
    assert_eq!(scene.unread(&scene.tomas).await, 0, "somebody else was told");
    let board = scene.olive().get(&format!("boards/{}", scene.board)).await.expect(200).body;
    assert!(board.contains("aria-label=\"Amara Okafor\""), "no pebble on the face");
    let tray = amara.get("notifications").await.expect(200).body;
    assert!(tray.contains("Olive Marsh assigned Write the letter to Amara Okafor"), "{tray}");

    scene.page(&amara).await;
    scene.tomas.comment(scene.card, "It reads well.").await.expect(303);
    assert_eq!(scene.unread(&amara).await, 1, "she does not follow the card");
    scene.app.finish().await;
}

#[tokio::test]
async fn assigning_twice_and_unassigning_nobody_is_no_event() {
    let scene = Scene::set().await;
    let tomas = scene.tomas.actor.user_id.to_string();
    let path = scene.of_card(&format!("assignments/{tomas}"));
    let before = scene.activities().await;
    scene.olive().delete(&path).await.expect(303);
    assert_eq!(scene.activities().await, before, "nobody was unassigned");
    scene.assign(&tomas).await.expect(303);
    scene.assign(&tomas).await.expect(303);
    assert_eq!(scene.activities().await, before + 1, "he was assigned twice");
    scene.olive().delete(&path).await.expect(303);
    assert_eq!(scene.newest(2).await, ["card.unassigned", "card.assigned"]);
    assert_eq!(scene.count("assignments").await, 0);
    scene.app.finish().await;
}

#[tokio::test]
async fn who_is_no_member_or_does_not_see_the_board_is_refused_beside_the_field() {
    let scene = Scene::set().await;
    let southfold = scene.app.account("southfold").await;
    let gone = scene.app.member(&scene.account, "Amara Okafor", Role::Member).await;
    let removed = sqlx::query("update users set removed_at = now() where id = $1");
    let removed = removed.bind(gone.actor.user_id.uuid()).execute(scene.app.pool());
    removed.await.expect("a member less");
    let stranger = southfold.owner.actor.user_id.to_string();
    let before = scene.activities().await;
    for user in [stranger.as_str(), &gone.actor.user_id.to_string(), "", "nobody"] {
        let refused = scene.assign(user).await.expect(422);
        assert!(refused.body.contains("Choose somebody who sees this board."), "{user:?}");
        assert!(refused.body.contains("aria-invalid=\"true\""), "{user:?}: no field is marked");
    }
    assert_eq!(scene.activities().await, before, "something was recorded");
    scene.app.finish().await;
}

#[tokio::test]
async fn a_hundred_people_are_the_most() {
    let scene = Scene::set().await;
    let actor = &scene.olive().actor;
    let query = "with person as (
                     insert into identities (id, email, created_at)
                     select gen_random_uuid(), n || '@crowd.example', now()
                     from generate_series(1, 100) n returning id
                 ), member as (
                     insert into users (account_id, id, identity_id, name, role, color, created_at)
                     select $1, id, id, 'Somebody', 'member', 'moss', now() from person
                     returning id
                 )
                 insert into assignments (account_id, card_id, user_id, assigner_id, created_at)
                 select $1, c.id, m.id, $2, now() from member m, cards c
                 where c.account_id = $1 and c.number = $3";
    let crowd = sqlx::query(query).bind(actor.account.id.uuid()).bind(actor.user_id.uuid());
    crowd.bind(scene.card).execute(scene.app.pool()).await.expect("a hundred assignees");
    let refused = scene.assign(&scene.tomas.actor.user_id.to_string()).await.expect(422);
    assert!(refused.body.contains("a hundred people at the most"), "{}", refused.body);
    scene.app.finish().await;
}
