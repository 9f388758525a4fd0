//! What stands behind the question mark: only what the route declares, and read in our words.

use std::convert::Infallible;
use std::fmt::Display;
use std::str::FromStr;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use url::form_urlencoded::{Serializer, parse};

use super::problem::{Problem, Result};
use crate::web::operation::Parameter;
use crate::web::state::App;

/// Refuses parameters that the route does not declare, and one twice that may stand there once.
pub(super) async fn check(
    State(declared): State<&'static [Parameter]>,
    request: Request,
    next: Next,
) -> Response {
    match vet(request.uri(), declared) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

fn vet(uri: &Uri, declared: &[Parameter]) -> Result<()> {
    let pairs = pairs(uri);
    for (at, (name, _)) in pairs.iter().enumerate() {
        let Some(parameter) = declared.iter().find(|parameter| parameter.name == name) else {
            return Err(refuse(name, "there is no such parameter."));
        };
        if !parameter.repeats && pairs[..at].iter().any(|(earlier, _)| earlier == name) {
            return Err(refuse(name, "give this once."));
        }
    }
    Ok(())
}

fn pairs(uri: &Uri) -> Vec<(String, String)> {
    parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect()
}

/// Refuses a parameter.
pub(super) fn refuse(name: &str, why: &str) -> Problem {
    Problem::refused(StatusCode::BAD_REQUEST, format!("{name}: {why}"))
}

/// What a request asks for behind the question mark, and where it asks.
pub(super) struct Query {
    path: String,
    pairs: Vec<(String, String)>,
}

impl FromRequestParts<App> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        _: &App,
    ) -> std::result::Result<Self, Infallible> {
        Ok(Self { path: parts.uri.path().to_owned(), pairs: pairs(&parts.uri) })
    }
}

impl Query {
    /// The value of a parameter, if it was given.
    pub(super) fn one<T: FromStr>(&self, parameter: &Parameter) -> Result<Option<T>> {
        Ok(self.all(parameter)?.pop())
    }

    /// The values of a parameter, in the order in which they were given.
    pub(super) fn all<T: FromStr>(&self, parameter: &Parameter) -> Result<Vec<T>> {
        let values = self.pairs.iter().filter(|(name, _)| name == parameter.name);
        let read = values.map(|(name, value)| {
            let wrong = |_| refuse(name, &format!("this takes {}.", parameter.takes));
            value.parse().map_err(wrong)
        });
        read.collect()
    }

    /// This same address, but from another place in the list on: that of the next page.
    pub(super) fn from(&self, start: &Parameter, value: impl Display) -> String {
        let kept = self.pairs.iter().filter(|(name, _)| name != start.name);
        let query = Serializer::new(String::new())
            .extend_pairs(kept)
            .append_pair(start.name, &value.to_string())
            .finish();
        format!("{}?{query}", self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AFTER: Parameter = Parameter::of::<i64>("after", "", "a whole number");
    const KIND: Parameter = Parameter::of::<String>("kind", "", "a name").repeated();

    fn refused(query: &str) -> bool {
        vet(&format!("/things?{query}").parse().unwrap(), &[AFTER, KIND]).is_err()
    }

    #[test]
    fn only_what_is_declared_may_stand_there() {
        assert!(!refused("after=1&kind=a&kind=b"));
        assert!(!refused(""));
        assert!(refused("before=1"));
        assert!(refused("after=1&after=2"));
    }

    #[test]
    fn the_next_page_keeps_the_rest_of_the_query() {
        let uri: Uri = "/things?kind=a%20b&after=7&kind=c".parse().unwrap();
        let query = Query { path: "/things".to_owned(), pairs: pairs(&uri) };
        assert_eq!(query.one::<i64>(&AFTER).unwrap(), Some(7));
        assert_eq!(query.all::<String>(&KIND).unwrap(), ["a b", "c"]);
        assert!(query.all::<i64>(&KIND).is_err());
        assert_eq!(query.from(&AFTER, 9), "/things?kind=a+b&kind=c&after=9");
    }
}
