//! The audit and the histories in a browser.

use serde_json::json;

use super::Scene;
use crate::support::browser::{run, traveller};

#[tokio::test]
async fn an_audit_is_read_in_light_and_dark_on_a_phone_and_without_javascript() {
    let scene = Scene::set().await;
    let (olive, card) = (scene.owner(), scene.cards[0]);
    let text = |word: &str| format!("{} {word} {}", "before ".repeat(900), "after ".repeat(900));
    for word in ["one", "two"] {
        let text = text(word);
        olive.patch(&format!("cards/{card}"), &[("description", &text)]).await.expect(303);
    }
    olive.rename_card(card, "Sow early").await.expect(303);
    let given = json!({
        "account": scene.account.slug,
        "board": scene.boards[0],
        "card": card,
        "people": [traveller(olive, scene.app.server.address())],
    });
    run("audit", &given).await;
    scene.app.finish().await;
}
