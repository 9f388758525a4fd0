//! What a request takes for an answer.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;

/// The content type of Turbo's streams.
pub const STREAM: &str = "text/vnd.turbo-stream.html";

/// Whether the request could show a page as its answer; without a word on it, it could.
pub fn takes_pages(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or("*/*");
    accept.contains("text/html") || !accept.contains(STREAM) && !accept.contains("json")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(accept: &str) -> bool {
        takes_pages(&HeaderMap::from_iter([(ACCEPT, accept.parse().unwrap())]))
    }

    #[test]
    fn a_turbo_form_is_redirected_and_a_script_is_not() {
        assert!(accepts("text/vnd.turbo-stream.html, text/html, application/xhtml+xml"));
        assert!(accepts("*/*"));
        assert!(takes_pages(&HeaderMap::new()));
        assert!(!accepts("text/vnd.turbo-stream.html"));
        assert!(!accepts("application/json"));
    }
}
