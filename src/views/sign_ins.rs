//! Where somebody is signed in: each browser with when and where, and a way to end it.

use maud::{Markup, html};

use super::{form, icon, paths, times};
use crate::domain::sign_ins::SignIn;
use crate::domain::{Access, Actor};

/// The list for somebody’s own profile. The browser that looks is marked.
pub fn list(viewer: &Actor, csrf_token: &str, sign_ins: &[SignIn]) -> Markup {
    html! {
        section.panel aria-labelledby="sign_ins_name" {
            header.panel__head { h2 id="sign_ins_name" { "Where you are signed in" } }
            ul.people { @for sign_in in sign_ins {
                li.person.person--wraps {
                    (icon::icon(picture(&sign_in.user_agent)))
                    div.person__words {
                        p { b { (device(&sign_in.user_agent)) } }
                        p.soft {
                            "since " (times::at(sign_in.created_at))
                            @if let Some(address) = &sign_in.address { ", from " (address) }
                        }
                    }
                    @if viewer.access == Access::SignIn(sign_in.id) {
                        span.state.push data-color="moss" { (icon::icon("check")) "This one" }
                    } @else { (sign_out(viewer, csrf_token, sign_in)) }
                }
            } }
        }
    }
}

fn sign_out(viewer: &Actor, csrf_token: &str, sign_in: &SignIn) -> Markup {
    html! {
        form.push action=(paths::sign_in(&viewer.account.slug, sign_in.id)) method="post" {
            (form::token(csrf_token)) (form::method("delete"))
            button.button.button--small type="submit" { "Sign out" span.sr-only { " " (device(&sign_in.user_agent)) } }
        }
    }
}

fn picture(user_agent: &str) -> &'static str {
    if is_phone(user_agent) { "smartphone" } else { "monitor" }
}

fn is_phone(user_agent: &str) -> bool {
    ["iPhone", "iPad", "Android", "Mobile"].iter().any(|word| user_agent.contains(word))
}

/// A browser and its system by the names that people know, as far as it says.
fn device(user_agent: &str) -> String {
    // Each calls itself also by the names of those that come after it here.
    let browsers = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let systems = [
        ("iPhone", "an iPhone"),
        ("iPad", "an iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let named = |known: &[(&str, &'static str)]| {
        known.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    match (named(&browsers), named(&systems)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, Some(system)) => format!("A browser on {system}"),
        (None, None) => "A browser".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_called_as_people_call_them() {
        for (user_agent, name) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox on Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 \
                 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
                "Safari on an iPhone",
            ),
            ("curl/8.5.0", "A browser"),
        ] {
            assert_eq!(device(user_agent), name);
        }
    }
}
