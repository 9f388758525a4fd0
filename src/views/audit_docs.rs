//! How a log is bound together, for those who rely on it and for those who check it.

use maud::{Markup, html};

use super::Page;
use super::layout::Frame;

/// The page.
pub fn show(page: &Page) -> Markup {
    page.show(Frame { title: "A log that can be trusted", ..Frame::default() }, &html! {
        main.page.page--narrow id="main" {
            header.page-head { div.page-head__words {
                h1 { "A log that can be trusted" }
                p { "Every change is an event in the account’s log, and no event is ever changed. Nobody has to believe that: each is bound to all before it by a hash, and anybody can compute the hashes anew." }
            } }
            (verifying())
            (heads())
            (archives())
            (chain())
        }
    })
}

fn verifying() -> Markup {
    html! {
        section.panel.stack id="verifying" aria-labelledby="verifying_name" {
            h2 id="verifying_name" { "Verifying" }
            p { code { "cairn verify" } " reads every log from its beginning, beside a server that runs or without one. It names the first number of the log that was changed, removed or inserted, in the log itself or in the table with the particulars of the event, and all others that it finds; and it looks whether everything that is owed to webhook endpoints is there, and whether every board, card, comment, member, token and endpoint is what its events come to. Its exit status is 1 if anything is not as it was recorded." }
            pre.code tabindex="0" role="region" aria-label="Commands that verify" {
                "cairn verify\n\
                 cairn verify --account northfold --head head.json"
            }
            p { "An event is sealed within seconds. What somebody changes before that, or changes together with every hash that follows, this alone does not find. A head does." }
        }
    }
}

fn heads() -> Markup {
    html! {
        section.panel.stack id="heads" aria-labelledby="heads_name" {
            h2 id="heads_name" { "Keeping a head elsewhere" }
            p { "The head says how far the log went, and the hash over all of it: a few lines that tell nothing of what happened. Keep one where whoever runs the server cannot reach it, and " code { "cairn verify --head" } " will find a log that was made anew behind it, or cut short. Admins find it on the audit page, too." }
            pre.code tabindex="0" role="region" aria-label="The command that takes a head" { "cairn head --account northfold > head.json" }
            p { "Owners who choose so on the audit page get it by mail, every day, week or month in which something happened: each letter brings such a file, so that a mailbox elsewhere becomes a row of them. A head is sent once, and one click ends it. That no letter comes proves nothing: whoever runs the server could keep it back." }
        }
    }
}

fn archives() -> Markup {
    html! {
        section.panel.stack id="archives" aria-labelledby="archives_name" {
            h2 id="archives_name" { "Archives" }
            p { code { "cairn archive" } " writes a span of a log into a file of lines, one for each event. Nothing is taken from the database. The file is checked without it, too: " code { "cairn verify --archive" } " computes its hashes anew, and says whether it is a part of the log." }
            pre.code tabindex="0" role="region" aria-label="Commands for archives" {
                "cairn archive --account northfold --first 1 --last 100000 northfold-1.ndjson\n\
                 cairn verify --archive northfold-1.ndjson"
            }
        }
    }
}

fn chain() -> Markup {
    html! {
        section.panel.stack id="chain" aria-labelledby="chain_name" {
            h2 id="chain_name" { "How it is computed" }
            p { "Before the first event stands SHA-256 over the words " code { "cairn chain 1 " } "and the account’s id. The hash of each event is SHA-256 over the hash before it, as 32 bytes, and the event’s record." }
            p { "A record is one line of JSON: keys in the order of their letters, nothing between them, what is null left out, no escapes but those that must be. Times are whole microseconds since 1970. In the lines of an archive it stands under " code { "record" } " exactly as it is hashed." }
            p { "Words (titles, comments, names of things, network addresses) are not in the record but a digest over them: SHA-256 over a salt and, for each, its length as eight bytes and its bytes in UTF-8. So words can be erased with their salt, and the chain still holds." }
        }
    }
}
