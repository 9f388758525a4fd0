//! A receiver of webhooks in Rust, as a router of axum 0.8. It needs `axum`, `standardwebhooks`,
//! `serde_json`, `hmac` 0.12, `sha2` 0.10 and `hex`.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use standardwebhooks::Webhook;

/// What is known of the sender, and what came already; in earnest a table whose ids are unique.
pub struct Receiver {
    pub secret: String,
    pub seen: Mutex<HashSet<String>>,
}

pub fn router(receiver: Arc<Receiver>) -> Router {
    Router::new().route("/", post(receive)).with_state(receiver)
}

async fn receive(
    State(receiver): State<Arc<Receiver>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    // One of the two is enough.
    let secret = &receiver.secret;
    if !checks_with_library(secret, &headers, &body) || !checks_by_hand(secret, &headers, &body) {
        return StatusCode::UNAUTHORIZED;
    }
    let Ok(call) = serde_json::from_slice::<serde_json::Value>(&body) else {
        return StatusCode::BAD_REQUEST;
    };
    // The same event may come again, with the same id.
    let id = call["id"].to_string();
    if receiver.seen.lock().is_ok_and(|mut seen| seen.insert(id)) {
        println!("{} {} {}", call["event"], call["id"], call["data"]);
    }
    StatusCode::NO_CONTENT
}

/// Signature and time, over the bytes as they came.
fn checks_with_library(secret: &str, headers: &HeaderMap, body: &[u8]) -> bool {
    Webhook::new(secret).is_ok_and(|webhook| webhook.verify(body, headers).is_ok())
}

/// If you would rather have no library. While a secret is rotated there are two.
fn checks_by_hand(secret: &str, headers: &HeaderMap, body: &[u8]) -> bool {
    ["x-webhook-signature", "x-webhook-signature-next"].iter().any(|name| {
        let given = headers.get(*name).and_then(|value| hex::decode(value).ok());
        let code = Hmac::<Sha256>::new_from_slice(secret.as_bytes());
        given
            .zip(code.ok())
            .is_some_and(|(given, code)| code.chain_update(body).verify_slice(&given).is_ok())
    })
}
