//! A program that asks the API with a token.

use cairn::values::Slug;
use cairn::values::secret::Secret;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use super::client::{Answer, Client};

/// A program with a token of one account.
pub struct Program {
    client: Client,
    slug: Slug,
    pub token: Secret,
}

impl Program {
    /// A program at a server.
    pub fn new(address: &str, slug: &Slug, token: Secret) -> Self {
        Self { client: Client::new(address), slug: slug.clone(), token }
    }

    /// The same program at another server.
    pub fn at(&self, address: &str) -> Self {
        Self::new(address, &self.slug, self.token.clone())
    }

    /// A request below the account, to be completed and given to [`Program::send`].
    pub fn request(&self, method: Method, rest: &str) -> RequestBuilder {
        let path = format!("/api/v1/{}/{rest}", self.slug);
        self.client.request(method, &path).bearer_auth(self.token.reveal())
    }

    /// Sends a request.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        self.client.send(request).await
    }

    /// Reads something of the account.
    pub async fn get(&self, rest: &str) -> Answer {
        self.send(self.request(Method::GET, rest)).await
    }

    /// Asks for a change with a JSON body.
    pub async fn post(&self, rest: &str, body: &Value) -> Answer {
        self.send(with_json(self.request(Method::POST, rest), body)).await
    }

    /// The same with an idempotency key.
    pub async fn post_once(&self, key: &str, rest: &str, body: &Value) -> Answer {
        let request = self.request(Method::POST, rest).header("idempotency-key", key);
        self.send(with_json(request, body)).await
    }

    /// Asks for changes to something with a JSON body.
    pub async fn patch(&self, rest: &str, body: &Value) -> Answer {
        self.send(with_json(self.request(Method::PATCH, rest), body)).await
    }

    /// Asks for something to be removed.
    pub async fn delete(&self, rest: &str) -> Answer {
        self.send(self.request(Method::DELETE, rest)).await
    }

    /// Follows a list from page to page to its end; the length of each page, and all of it.
    pub async fn pages(&self, rest: &str) -> (Vec<usize>, Vec<Value>) {
        let (mut lengths, mut all) = (Vec::new(), Vec::new());
        let mut next = Some(format!("/api/v1/{}/{rest}", self.slug));
        while let Some(path) = next {
            let request = self.client.request(Method::GET, &path);
            let answer = self.send(request.bearer_auth(self.token.reveal())).await.expect(200);
            let page = answer.json().as_array().expect("a list is an array").clone();
            lengths.push(page.len());
            all.extend(page);
            next = next_page(answer.header("link"));
        }
        (lengths, all)
    }
}

/// Puts a JSON body to a request.
pub fn with_json(request: RequestBuilder, body: &Value) -> RequestBuilder {
    request.header("content-type", "application/json").body(body.to_string())
}

fn next_page(link: &str) -> Option<String> {
    let (path, rel) = link.strip_prefix('<')?.split_once('>')?;
    assert_eq!(rel, "; rel=\"next\"");
    Some(path.to_owned())
}
