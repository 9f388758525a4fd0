//! Forged forms: every write of a browser shows the secret of its session.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use subtle::ConstantTimeEq as _;
use tower_sessions::Session;

use super::error::Error;
use super::kept::Kept;
use super::method::Fields;
use super::route::Who;
use super::session;
use super::state::App;

/// The header in which scripts show the token.
pub const HEADER: &str = "x-csrf-token";

/// The field in which forms show it.
pub const FIELD: &str = "authenticity_token";

/// Lets a write through when it shows its session's token, in the header or in the form.
pub async fn check(State(who): State<Who>, request: Request, next: Next) -> Response {
    let (app, session) = (request.extensions().get::<App>(), request.extensions().get::<Session>());
    let kept = match kept(app.cloned(), session.cloned()).await {
        Ok(kept) => kept,
        Err(error) => return error.into_response(),
    };
    if who != Who::Public && kept.as_ref().is_none_or(|kept| kept.sign_in.is_none()) {
        return Error::SignedOut.into_response();
    }
    if !kept.is_some_and(|kept| matches(&kept.csrf, shown(&request))) {
        return forged(&request).into_response();
    }
    next.run(request).await
}

async fn kept(app: Option<App>, session: Option<Session>) -> Result<Option<Kept>, Error> {
    match (app, session) {
        (Some(app), Some(session)) => session::load(&app, &session).await,
        _ => Ok(None),
    }
}

fn shown(request: &Request) -> Option<&str> {
    let header = request.headers().get(HEADER).and_then(|value| value.to_str().ok());
    header.or_else(|| request.extensions().get::<Fields>()?.get(FIELD))
}

fn matches(expected: &str, shown: Option<&str>) -> bool {
    shown.is_some_and(|shown| expected.as_bytes().ct_eq(shown.as_bytes()).into())
}

/// The refusal; what was typed is handed back, so that it can be copied.
fn forged(request: &Request) -> Error {
    let typed = request.extensions().get::<Fields>().map(typed).unwrap_or_default();
    Error::Refused {
        status: StatusCode::FORBIDDEN,
        message: "This page was open too long, or the form came from elsewhere. \
                  Nothing was changed: go back, reload the page and try again."
            .into(),
        typed,
    }
}

fn typed(fields: &Fields) -> Vec<String> {
    let is_text = |name: &str| matches!(name, "title" | "description" | "body" | "name");
    let texts = fields.0.iter().filter(|(name, text)| is_text(name) && !text.trim().is_empty());
    texts.map(|(_, text)| text.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_token_matches() {
        assert!(matches("abc", Some("abc")));
        assert!(!matches("abc", Some("ab")));
        assert!(!matches("abc", Some("")));
        assert!(!matches("abc", None));
    }

    #[test]
    fn passwords_and_tokens_are_not_handed_back() {
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let fields = Fields(vec![
            field(FIELD, "secret"),
            field("password", "open sesame"),
            field("title", "Write the letter"),
            field("body", " "),
        ]);
        assert_eq!(typed(&fields), ["Write the letter"]);
    }
}
