//! `_method`: a form can only POST, so it names the method it means in a field.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};

use super::error::Error;
use super::limits;
use super::state::App;

/// The fields of a form as they came, for whoever looks at them before the handler does.
#[derive(Debug, Clone, Default)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// The value of a field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// The values of a field that stands there more than once, such as boxes that are ticked.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

impl FromRequestParts<App> for Fields {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Error> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Error::not_a_form)
    }
}

/// Reads a form once, gives its method the name that `_method` says, and keeps its [`Fields`].
///
/// # Errors
/// The refusal of a form that is too large.
pub(super) async fn rewrite(request: Request) -> Result<Request, Error> {
    if !is_form(request.headers()) || is_read(request.method()) {
        return Ok(request);
    }
    let (mut parts, body) = request.into_parts();
    let bytes = to_bytes(body, limits::FORM_BYTES).await.map_err(|_| too_large())?;
    let fields = Fields(url::form_urlencoded::parse(&bytes).into_owned().collect());
    if parts.method == Method::POST
        && let Some(method) = fields.get("_method").and_then(meant)
    {
        parts.method = method;
    }
    parts.extensions.insert(fields);
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// Only methods that forms use in place of POST; anything else stays a POST.
fn meant(name: &str) -> Option<Method> {
    match name.to_ascii_lowercase().as_str() {
        "patch" => Some(Method::PATCH),
        "put" => Some(Method::PUT),
        "delete" => Some(Method::DELETE),
        _ => None,
    }
}

fn too_large() -> Error {
    Error::refused(
        StatusCode::PAYLOAD_TOO_LARGE,
        "This is more than Cairn takes in one form: shorten the text and send it again.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_may_mean_patch_or_delete_but_not_get() {
        assert_eq!(meant("PATCH"), Some(Method::PATCH));
        assert_eq!(meant("delete"), Some(Method::DELETE));
        assert_eq!(meant("get"), None);
        assert_eq!(meant("post"), None);
    }

    #[test]
    fn a_form_is_known_by_its_content_type() {
        let headers = |kind: &str| HeaderMap::from_iter([(CONTENT_TYPE, kind.parse().unwrap())]);
        assert!(is_form(&headers("application/x-www-form-urlencoded; charset=UTF-8")));
        assert!(!is_form(&headers("application/json")));
        assert!(!is_form(&HeaderMap::new()));
    }
}
