//! A small browser without pages: it keeps cookies, shows the token of its forms, follows nothing.

use std::collections::BTreeMap;
use std::sync::{Mutex, Once};

use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderMap, SET_COOKIE};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;

/// A browser at one server.
pub struct Client {
    http: reqwest::Client,
    address: String,
    cookies: Mutex<BTreeMap<String, String>>,
    csrf_token: Mutex<String>,
}

/// What the server answered.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Client {
    /// A browser that was never here before.
    pub fn new(address: &str) -> Self {
        Self {
            http: http(),
            address: address.to_owned(),
            cookies: Mutex::default(),
            csrf_token: Mutex::default(),
        }
    }

    /// The same browser at another address: its cookies and the token of its forms go with it.
    pub fn at(&self, address: &str) -> Self {
        Self {
            http: self.http.clone(),
            address: address.to_owned(),
            cookies: Mutex::new(self.cookies()),
            csrf_token: Mutex::new(self.csrf_token()),
        }
    }

    /// Where it sends its requests.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Opens a page; the token of its forms is kept for what is sent next.
    pub async fn get(&self, path: &str) -> Answer {
        let answer = self.send(self.request(Method::GET, path)).await;
        if let Some(token) = answer.csrf_token().filter(|token| !token.is_empty()) {
            *self.csrf_token.lock().expect("nobody panics in here") = token;
        }
        answer
    }

    /// Sends a form as a page with JavaScript does.
    pub async fn submit(&self, method: Method, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.csrf_token();
        let request = self.request(method, path).header("x-csrf-token", token);
        self.send(with_form(request, fields)).await
    }

    /// Sends a form as a page without JavaScript does: all methods are POST, the token is a field.
    pub async fn submit_plainly(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.csrf_token();
        let fields: Vec<_> =
            fields.iter().copied().chain([("authenticity_token", token.as_str())]).collect();
        self.send(with_form(self.request(Method::POST, path), &fields)).await
    }

    /// The token that its last page showed.
    pub fn csrf_token(&self) -> String {
        self.csrf_token.lock().expect("nobody panics in here").clone()
    }

    /// A request with the browser's cookies, to be completed and given to [`Client::send`].
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let cookies = self.cookies.lock().expect("nobody panics in here");
        let pairs: Vec<String> =
            cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = self.http.request(method, format!("{}{path}", self.address));
        if pairs.is_empty() { request } else { request.header(COOKIE, pairs.join("; ")) }
    }

    /// Sends a request and keeps the cookies of its answer.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        for cookie in headers.get_all(SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok()) {
            self.keep(cookie);
        }
        let body = response.text().await.expect("text");
        Answer { status, headers, body }
    }

    /// Keeps a cookie; an empty one takes back the one before.
    fn keep(&self, cookie: &str) {
        let pair = cookie.split(';').next().unwrap_or_default();
        let Some((name, value)) = pair.split_once('=') else { return };
        let mut cookies = self.cookies.lock().expect("nobody panics in here");
        match value {
            "" => cookies.remove(name.trim()),
            _ => cookies.insert(name.trim().to_owned(), value.to_owned()),
        };
    }

    /// The cookies, for a browser or a socket that is to be the same person.
    pub fn cookies(&self) -> BTreeMap<String, String> {
        self.cookies.lock().expect("nobody panics in here").clone()
    }
}

/// An HTTP client that follows no redirect and asks no proxy.
pub fn http() -> reqwest::Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        let installed = rustls::crypto::ring::default_provider().install_default();
        installed.expect("nobody else installs one");
    });
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
    builder.build().expect("a client")
}

fn with_form(request: RequestBuilder, fields: &[(&str, &str)]) -> RequestBuilder {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body)
}

impl Answer {
    /// A header as text; empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// Fails with all of the answer when its status is another.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{} {}", self.header("location"), self.body);
        self
    }

    /// The token of the page's forms.
    fn csrf_token(&self) -> Option<String> {
        let (_, rest) = self.body.split_once("name=\"csrf-token\" content=\"")?;
        Some(rest.split('"').next()?.to_owned())
    }
}
