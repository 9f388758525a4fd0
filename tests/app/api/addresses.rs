//! Addresses, methods and bodies that the API does not know, and what it leaves to the asker.

use cairn::web::limits::JSON_BYTES;
use reqwest::Method;
use serde_json::json;

use super::{Scene, problem};
use crate::support::program::with_json;

#[tokio::test]
async fn what_is_unknown_is_a_problem_and_no_page() {
    let scene = Scene::set().await;
    let stranger = scene.app.stranger();
    for path in ["/api/", "/api/v2", "/api/activity", "/api/boards/7", "/api/v1/northfold/nothing"]
    {
        for method in [Method::GET, Method::POST, Method::DELETE] {
            problem(stranger.send(stranger.request(method, path)).await, 404);
        }
    }
    problem(stranger.get("/api/v1/northfold/boards").await, 401);
    let wrong = stranger.request(Method::GET, "/api/v1/northfold/boards").bearer_auth("wrong");
    let refused = stranger.send(wrong).await;
    assert_eq!(refused.header("www-authenticate"), "Bearer");
    problem(refused, 401);
    scene.app.finish().await;
}

#[tokio::test]
async fn a_method_that_is_unknown_is_told_which_are_not() {
    let scene = Scene::set().await;
    for (method, path, allowed) in
        [(Method::DELETE, "boards", "GET,HEAD,POST"), (Method::POST, "members", "GET,HEAD")]
    {
        let answer = scene.program.send(scene.program.request(method, path)).await;
        assert_eq!(answer.header("allow"), allowed);
        problem(answer, 405);
    }
    scene.app.finish().await;
}

#[tokio::test]
async fn a_body_is_json_and_not_too_large() {
    let scene = Scene::set().await;
    let before = scene.activities().await;
    let long = json!({ "name": "x".repeat(JSON_BYTES) });
    problem(scene.program.post("boards", &long).await, 413);
    problem(scene.program.post_once("a-key", "boards", &long).await, 413);
    for kind in ["text/plain", "application/x-www-form-urlencoded"] {
        let request = scene.program.request(Method::POST, "boards").header("content-type", kind);
        problem(scene.program.send(request.body("name=A")).await, 415);
    }
    assert_eq!(scene.activities().await, before, "something was recorded");
    scene.app.finish().await;
}

#[tokio::test]
async fn head_is_a_get_without_its_body_and_accept_is_the_askers_affair() {
    let scene = Scene::set().await;
    let card = format!("cards/{}", scene.add_card("Write the letter").await);
    let whole = scene.program.get(&card).await.expect(200);
    let head = scene.program.send(scene.program.request(Method::HEAD, &card)).await.expect(200);
    assert_eq!(head.header("etag"), whole.header("etag"));
    assert_eq!(head.body, "");
    for accept in ["text/html", "text/vnd.turbo-stream.html", "image/png"] {
        let request = scene.program.request(Method::GET, &card).header("accept", accept);
        let answer = scene.program.send(request).await.expect(200);
        assert_eq!(answer.header("content-type"), "application/json");
        let request = scene.program.request(Method::GET, "cards/404").header("accept", accept);
        problem(scene.program.send(request).await, 404);
    }
    scene.app.finish().await;
}

#[tokio::test]
async fn no_page_of_another_origin_is_let_in() {
    let scene = Scene::set().await;
    let request = scene.program.request(Method::GET, "boards");
    let answer = scene.program.send(request.header("origin", "https://elsewhere.example")).await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
    let request = scene.program.request(Method::OPTIONS, "boards");
    let request = with_json(request, &json!({})).header("origin", "https://elsewhere.example");
    problem(scene.program.send(request).await, 405);
    scene.app.finish().await;
}
