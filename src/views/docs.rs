//! What a user of Cairn may want to look up: webhooks, boards, letters.

use maud::{Markup, html};

use super::Page;
use super::layout::Frame;
use crate::webhooks::health::{PROBES, RULE};

/// When somebody should look.
const ALERTS: &str = include_str!("../../assets/alerts.yaml");

/// The page.
pub fn show(page: &Page) -> Markup {
    page.show(Frame { title: "Events and webhooks", ..Frame::default() }, &html! {
        main.page.page--narrow id="main" {
            header.page-head { div.page-head__words {
                h1 { "Events and webhooks" }
                p { "Every change is one event. Endpoints are sent each event they choose, signed, and again until they answer." }
                p { a href="/docs/events" { "Every event" } ", " a href="/docs/receivers" { "receivers in a few lines" } ", " a href="/docs/api" { "the API" } ", " a href="/docs/audit" { "a log that can be trusted" } " and " a href="/docs/privacy" { "what is recorded of visits" } " have pages of their own." }
            } }
            section.panel.stack aria-labelledby="verify_name" {
                h2 id="verify_name" { "How to verify a call" }
                p { "Calls follow Standard Webhooks: " code { "webhook-id" } ", " code { "webhook-timestamp" } " and " code { "webhook-signature" } ", so that any of its libraries checks them. " code { "X-Webhook-Signature" } " holds the HMAC-SHA256 of the body in lower-case hex, keyed with the secret as it is shown." }
                p { "An endpoint can be signed with an ed25519 key instead: " code { "webhook-signature" } " then holds " code { "v1a," } " and a signature that the public key on its page checks. After a switch both kinds are sent for a day." }
                p { "A body over 256 KiB goes out with " code { "data" } " null, and " code { "data_url" } " says where the whole event can be fetched." }
                p { "While a secret is being rotated, " code { "webhook-signature" } " holds a signature of each of the two, " code { "X-Webhook-Signature" } " is made with the older one and " code { "X-Webhook-Signature-Next" } " with the newer." }
                p { (RULE) " " (PROBES) " An admin may switch it on before, and chooses what of the held is sent." }
                p { "The id is the same for every try. Answer with any 2xx within fifteen seconds; otherwise the call is made again after 5 seconds, 5 minutes, 30 minutes, 2, 5, 10, 14, 20 and 24 hours." }
            }
            (listening())
            (boards())
            (mail())
            (watching())
        }
    })
}

/// For whoever writes a receiver.
fn listening() -> Markup {
    html! {
        section.panel.stack id="listening" aria-labelledby="listening_name" {
            h2 id="listening_name" { "Events on your own machine" }
            p { code { "cairn listen" } " follows an account’s log and calls a receiver on your machine with each event, byte for byte and header for header as an endpoint is called. No tunnel is needed, and no endpoint. It says with which secret it signs, and comes back by itself when the server was away." }
            pre.code tabindex="0" role="region" aria-label="Listening" {
                "export CAIRN_TOKEN=cairn_…\n\
                 cairn listen --server https://cairn.example --account northfold --forward http://127.0.0.1:4000/"
            }
            p { "It begins with what happens from now on, or after a number of the log with " code { "--after" } ". An event is sent again while the receiver gives no answer, so that it can be started anew meanwhile; once there is one, whatever it says, the next event follows. Unless " code { "--anywhere" } " is said it calls this machine alone." }
        }
    }
}

/// For whoever works with cards.
fn boards() -> Markup {
    html! {
        section.panel.stack id="boards" aria-labelledby="boards_name" {
            h2 id="boards_name" { "Cards that are done, and boards that not everybody sees" }
            p { "A card that is done is closed: it leaves its column, stands under the board’s closed cards, and is reopened from there. A card is made somebody’s work on its page; they follow it from then on, and are told when it is taken off them." }
            p { "A board is seen by everyone, or by the people who were chosen in its settings. To everybody else a private board does not exist: not in lists, feeds, searches, notices or letters. An endpoint hears of it only if somebody who sees it names it. Whoever loses sight of a board loses the work they had on it; when the last person who sees one is removed, it passes to whoever removes them." }
            p { "An archived board can be read, and nothing on it changes until it is restored." }
        }
    }
}

/// For whoever runs the server.
fn mail() -> Markup {
    html! {
        section.panel.stack id="mail" aria-labelledby="mail_name" {
            h2 id="mail_name" { "How letters go out" }
            p { "With " code { "CAIRN_SMTP_URL" } " set, invitations, password links and news about followed cards go out by mail: " code { "smtps://user:password@mail.example.com?from=cairn@example.com" } ", or " code { "smtp://…:587?tls=required" } " for STARTTLS. Without " code { "from" } " they come from " code { "cairn@" } " the host of " code { "CAIRN_PUBLIC_URL" } ", which is also where their links lead." }
            p { "What a mail server refuses for good is given up; anything else is tried again after 1, 5 and 30 minutes, 2 hours, and then every 6 hours, for three days. Admins see what became of each letter in the outbox, under Members." }
            p { "Without a mail server nothing is sent. On Cairn’s own Postgres the outbox shows what letters say, and the log has the address where password links are kept; elsewhere " code { "cairn user link --email …" } " prints one." }
        }
    }
}

/// For whoever runs the server, too.
fn watching() -> Markup {
    html! {
        section.panel.stack id="watching" aria-labelledby="watching_name" {
            h2 id="watching_name" { "How webhooks are watched" }
            p { code { "/metrics" } " has the measurements of a server for Prometheus: to this machine, or with " code { "CAIRN_METRICS_TOKEN" } " as a bearer token to any. Of webhooks it counts tries by what came of them, those under way, the time from a commit to its 2xx, and tries of which the receiver may have heard before, because an earlier lease ran out with nothing recorded. How late the oldest delivery is that is due, how many wait, how many are held and how many endpoints fail or are off stands in the database: every server says the same of it, and looks at most every five seconds." }
            p { "An endpoint that fails, or that has a limit of calls, is late by its own doing; it is measured apart as " code { "slow" } "." }
            pre.code tabindex="0" role="region" aria-label="Rules for Prometheus" { (ALERTS) }
        }
    }
}
