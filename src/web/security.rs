//! Headers that keep a browser from doing more than the pages ask of it.

use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The nonce of one answer: the only inline style sheet that it allows is Turbo's progress bar.
#[derive(Debug, Clone)]
pub struct Nonce(pub String);

/// Makes a [`Nonce`], for the request and for the headers of its answer.
pub(super) fn nonce(request: &mut Request) -> Nonce {
    let nonce = Nonce(URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>()));
    request.extensions_mut().insert(nonce.clone());
    nonce
}

/// Adds the headers to an answer.
pub(super) fn add(headers: &mut HeaderMap, nonce: &Nonce, https: bool) {
    if let Ok(policy) = HeaderValue::from_str(&policy(nonce)) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    );
    headers.insert(
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=()"),
    );
    if https {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(STRICT_TRANSPORT_SECURITY, year);
    }
    // What a member sees is for nobody else's cache; files say otherwise themselves.
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
}

fn policy(nonce: &Nonce) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{}'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'",
        nonce.0
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_inline_runs_but_what_carries_the_nonce() {
        let mut headers = HeaderMap::new();
        add(&mut headers, &Nonce("n0nce".into()), false);
        let policy = headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("style-src 'self' 'nonce-n0nce'"));
        assert!(!policy.contains("unsafe"));
        assert!(!headers.contains_key(STRICT_TRANSPORT_SECURITY));
    }

    #[test]
    fn a_file_keeps_its_own_caching() {
        let long = HeaderValue::from_static("public, max-age=31536000, immutable");
        let mut headers = HeaderMap::from_iter([(CACHE_CONTROL, long.clone())]);
        add(&mut headers, &Nonce("n".into()), true);
        assert_eq!(headers[CACHE_CONTROL], long);
        assert!(headers.contains_key(STRICT_TRANSPORT_SECURITY));
    }
}
