//! How a program speaks with Cairn: tokens, pages of lists, keys for requests, problems.

use maud::{Markup, html};

use super::Page;
use super::layout::Frame;

/// An address of the API.
#[derive(Debug, Clone, Copy)]
pub struct Address {
    /// How it is asked.
    pub method: &'static str,
    /// Its path, with what it names in braces.
    pub path: &'static str,
    /// What it does, in a few words.
    pub summary: &'static str,
}

/// The page; `origin` is where whoever reads it sees this server.
pub fn show(page: &Page, origin: &str, addresses: &[Address]) -> Markup {
    page.show(Frame { title: "The API", ..Frame::default() }, &html! {
        main.page.page--narrow.stack id="main" {
            header.page-head { div.page-head__words {
                h1 { "The API" }
                p { "Whatever a member does on a page, a program can do with JSON. Its addresses are below " code { "/api/v1" } ", and " a href="/api/v1/openapi.json" { "the OpenAPI document" } " describes every one of them. " a href="/docs" { "Events and webhooks" } " have a page of their own." }
            } }
            (token(origin))
            (pages(origin))
            (edits(origin))
            (keys(origin))
            (problems())
            (table(addresses))
        }
    })
}

fn section(id: &str, name: &str, words: &Markup) -> Markup {
    html! {
        section.panel.stack aria-labelledby=(id) { h2 id=(id) { (name) } (words) }
    }
}

fn example(name: &str, lines: &str) -> Markup {
    html! { pre.code tabindex="0" role="region" aria-label=(name) { (lines) } }
}

fn token(origin: &str) -> Markup {
    section(
        "token_name",
        "A token",
        &html! {
            p { "A program acts in the name of a member, with a token that reaches no further than that person does. Whoever runs this server makes one, and it is shown this once:" }
            (example("Making a token", "cairn token create --account northfold --email olive@example.com --scope write"))
            p { "The scope " code { "read" } " reads, " code { "write" } " also does what a member may, " code { "admin" } " does all that the person’s role allows. Send it with every request:" }
            (example("Making a board", &format!(
                "TOKEN=cairn_…\n\
                 curl {origin}/api/v1/northfold/boards \\\n  \
                   -H \"Authorization: Bearer $TOKEN\" \\\n  \
                   -H 'Content-Type: application/json' \\\n  \
                   -d '{{\"name\": \"Spring catalogue\"}}'"
            )))
            p { "What is made is answered with 201 and the whole of it. Times are RFC 3339 in UTC; a field that is not known is refused." }
        },
    )
}

fn pages(origin: &str) -> Markup {
    section(
        "pages_name",
        "Pages of lists",
        &html! {
            p { "A list is a JSON array of 50 things, or of as many as " code { "limit" } " says, up to 1,000. The " code { "Link" } " header leads to the next page; the last one has none." }
            (example("A page of members", &format!(
                "curl -i '{origin}/api/v1/northfold/members?limit=2' -H \"Authorization: Bearer $TOKEN\"\n\n\
                 Link: </api/v1/northfold/members?limit=2&after=0192d2f0-c5d4-…>; rel=\"next\""
            )))
            p { "The log has no end: ask " code { "activities" } " or " code { "events" } " for what came " code { "after" } " the last sequence you saw, and nothing is missed." }
            (example("What came after", &format!(
                "curl '{origin}/api/v1/northfold/events?after=41' -H \"Authorization: Bearer $TOKEN\""
            )))
        },
    )
}

fn edits(origin: &str) -> Markup {
    section(
        "edits_name",
        "Edits that do not overwrite",
        &html! {
            p { "A card comes with an " code { "ETag" } ". Send it back as " code { "If-Match" } " with an edit, and the edit is refused with 412 if the card has changed since; send it as " code { "If-None-Match" } " with a read, and the answer is 304 if it has not." }
            (example("Editing a card", &format!(
                "curl -X PATCH {origin}/api/v1/northfold/cards/7 \\\n  \
                   -H \"Authorization: Bearer $TOKEN\" -H 'If-Match: \"3-1764000000000000\"' \\\n  \
                   -H 'Content-Type: application/json' -d '{{\"title\": \"Write the letter\"}}'"
            )))
        },
    )
}

fn keys(origin: &str) -> Markup {
    section(
        "keys_name",
        "Requests sent again",
        &html! {
            p { "When an answer does not arrive, a program cannot know whether its request did. Give a POST a key of your choice, and send it again with the same one for up to 24 hours: it is carried out once, and answered as it was, with " code { "Idempotency-Replayed: true" } "." }
            (example("A request with a key", &format!(
                "curl {origin}/api/v1/northfold/cards/7/comments \\\n  \
                   -H \"Authorization: Bearer $TOKEN\" -H \"Idempotency-Key: $(uuidgen)\" \\\n  \
                   -H 'Content-Type: application/json' -d '{{\"body\": \"It reads well.\"}}'"
            )))
            p { "A key belongs to its token and to one request: with another body or address it is refused with 422. While the first request runs, a second is answered 409 with " code { "Retry-After" } ". A request that is refused or fails leaves its key free. In the rare case that the server dies between the change and its answer, the key says 409 and that the change was made." }
        },
    )
}

fn problems() -> Markup {
    section(
        "problems_name",
        "Problems",
        &html! {
            p { "Whatever is refused is answered with a problem document (RFC 9457), " code { "application/problem+json" } ". Its " code { "detail" } " is a sentence for people, and " code { "errors" } " names the fields." }
            (example("A problem document", "{\n  \"type\": \"about:blank\",\n  \"title\": \"Unprocessable Entity\",\n  \"status\": 422,\n  \"detail\": \"This can’t be empty.\",\n  \"errors\": [{\"field\": \"title\", \"message\": \"This can’t be empty.\"}]\n}"))
            p { "401: no good token. 403: its scope or its member’s role does not reach so far. 404: nothing there, or nothing for this token. 5xx: our fault; try again." }
        },
    )
}

fn table(addresses: &[Address]) -> Markup {
    section(
        "addresses_name",
        "Every address",
        &html! {
            div.table-wrap tabindex="0" role="region" aria-label="Table of addresses" {
                table.table {
                    thead { tr { th scope="col" { "Ask" } th scope="col" { "Address" } th scope="col" { "What it does" } } }
                    tbody {
                        @for address in addresses {
                            tr { td { (address.method) } td { code { (address.path) } } td { (address.summary) } }
                        }
                    }
                }
            }
        },
    )
}
