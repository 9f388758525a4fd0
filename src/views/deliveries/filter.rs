//! What a log of deliveries is narrowed to, as a sentence whose words open menus.

use maud::{Markup, html};

use super::Narrowed;
use crate::events::Kind;
use crate::values::{Color, Day, Zone, clock};
use crate::views::kinds::{badge, label, nouns};
use crate::views::menu::{self, menu, toggle};
use crate::webhooks::deliveries::Status;
use crate::webhooks::events;
use crate::webhooks::send::Fault;

/// The sentence; `path` is where the log is, `zone` where whoever looks lives.
pub fn sentence(path: &str, narrowed: &Narrowed, zone: &Zone) -> Markup {
    let menus = Menus { path, narrowed, zone };
    html! {
        div.sentence.sentence--small {
            "Showing " (menus.statuses()) " of " (menus.events()) ", " (menus.faults()) ", " (menus.days()) "."
        }
    }
}

/// The icon, the colour and the word of a status.
pub(super) fn face(status: Status) -> (Color, &'static str, &'static str) {
    match status {
        Status::Pending => (Color::Ochre, "clock", "Pending"),
        Status::Delivered => (Color::Moss, "check", "Delivered"),
        Status::Failed => (Color::Rowan, "x", "Failed"),
        Status::Held => (Color::Stone, "pause", "Held"),
        Status::Skipped => (Color::Stone, "x", "Skipped"),
    }
}

/// The menus of one page.
struct Menus<'a> {
    path: &'a str,
    narrowed: &'a Narrowed,
    zone: &'a Zone,
}

impl Menus<'_> {
    fn statuses(&self) -> Markup {
        let chosen = &self.narrowed.statuses;
        let words = match chosen.as_slice() {
            [] => "every delivery".to_owned(),
            [one] => format!("{} deliveries", one.as_str()),
            [one, other] => format!("{} and {} deliveries", one.as_str(), other.as_str()),
            many => format!("deliveries that stand in {} ways", many.len()),
        };
        let with = |statuses| Narrowed { statuses, ..self.narrowed.clone() };
        menu(
            &words,
            &html! {
                (self.choice("Every delivery", "webhook", None, chosen.is_empty(), &with(Vec::new())))
                @for status in Status::ALL {
                    @let (color, icon, words) = face(status);
                    (self.choice(words, icon, Some(color), chosen.contains(&status), &with(toggle(chosen, status))))
                }
            },
        )
    }

    fn events(&self) -> Markup {
        let chosen = &self.narrowed.events;
        let words = match chosen.as_slice() {
            [] => "every event".to_owned(),
            [one] => one.clone(),
            [one, other] => format!("{one} and {other}"),
            many => format!("{} kinds of events", many.len()),
        };
        let with = |events| Narrowed { events, ..self.narrowed.clone() };
        let toggled = |name: &str| with(toggle(chosen, name.to_owned()));
        let offered: Vec<&'static Kind> = events::offered().collect();
        menu(
            &words,
            &html! {
                (self.choice("Every event", "activity", None, chosen.is_empty(), &with(Vec::new())))
                @for noun in nouns(&offered) {
                    @let name = format!("{noun}.*");
                    @let (icon, color) = badge(&offered, &name);
                    (self.choice(&label(&name), icon, Some(color), chosen.contains(&name), &toggled(&name)))
                    @if chosen.iter().any(|chosen| chosen.split('.').next() == Some(noun)) {
                        @for kind in offered.iter().filter(|kind| kind.noun() == noun) {
                            @let name = kind.wire_name();
                            li.menu__inner { (self.entry(kind.label, kind.icon, Some(kind.color), chosen.contains(&name), &toggled(&name))) }
                        }
                    }
                }
            },
        )
    }

    fn faults(&self) -> Markup {
        let chosen = &self.narrowed.faults;
        let words = match chosen.as_slice() {
            [] => "however the last try went".to_owned(),
            [one] => format!("whose last try {}", went(*one)),
            many => format!("whose last try had one of {} faults", many.len()),
        };
        let with = |faults| Narrowed { faults, ..self.narrowed.clone() };
        menu(
            &words,
            &html! {
                (self.choice("However it went", "activity", None, chosen.is_empty(), &with(Vec::new())))
                @for fault in Fault::ALL {
                    (self.choice(name(fault), "triangle-alert", Some(Color::Rowan), chosen.contains(&fault), &with(toggle(chosen, fault))))
                }
            },
        )
    }

    fn days(&self) -> Markup {
        let today = Day::of(clock::now(), self.zone);
        let week = (0..6).fold(today, |day, _| day.before());
        let chosen = (self.narrowed.since, self.narrowed.until);
        let words = match chosen {
            (None, None) => "owed at any time".to_owned(),
            (Some(since), None) if since == today => "owed today".to_owned(),
            (Some(since), None) => format!("owed since {}", since.in_words()),
            (None, Some(until)) => format!("owed up to {}", until.in_words()),
            (Some(since), Some(until)) if since == until => format!("owed on {}", since.in_words()),
            (Some(since), Some(until)) => {
                format!("owed from {} to {}", since.in_words(), until.in_words())
            }
        };
        let with = |since, until| Narrowed { since, until, ..self.narrowed.clone() };
        let since = |day| (Some(day), None);
        menu(
            &words,
            &html! {
                (self.choice("Any time", "calendar", None, chosen == (None, None), &with(None, None)))
                (self.choice("Today", "sun", None, chosen == since(today), &with(Some(today), None)))
                (self.choice("The last seven days", "clock", None, chosen == since(week), &with(Some(week), None)))
                li { (self.other_days()) }
            },
        )
    }

    /// Any days, typed or picked.
    fn other_days(&self) -> Markup {
        let kept = Narrowed { since: None, until: None, ..self.narrowed.clone() };
        html! {
            form.menu__form.menu__form--span method="get" action=(self.path) {
                @for (name, value) in kept.pairs() { input type="hidden" name=(name) value=(value); }
                label for="since_day" { "From" }
                input.input id="since_day" type="date" name="since" min="1970-01-01" value=[self.narrowed.since];
                label for="until_day" { "to" }
                input.input id="until_day" type="date" name="until" min="1970-01-01" value=[self.narrowed.until];
                button.button.button--small type="submit" { "Show" }
            }
        }
    }

    fn choice(
        &self,
        words: &str,
        icon: &str,
        color: Option<Color>,
        chosen: bool,
        narrowed: &Narrowed,
    ) -> Markup {
        html! { li { (self.entry(words, icon, color, chosen, narrowed)) } }
    }

    fn entry(
        &self,
        words: &str,
        icon: &str,
        color: Option<Color>,
        chosen: bool,
        narrowed: &Narrowed,
    ) -> Markup {
        menu::choice(&narrowed.address(self.path, None), words, icon, color, chosen)
    }
}

/// What a fault is called in a list.
fn name(fault: Fault) -> &'static str {
    match fault {
        Fault::Dns => "Host not found",
        Fault::Connect => "No connection",
        Fault::Tls => "No secure connection",
        Fault::Timeout => "Took too long",
        Fault::RefusedAddress => "Address not allowed",
        Fault::Redirect => "Redirect",
        Fault::Status => "Not a 2xx",
        Fault::TooLarge => "Head too large",
        Fault::Broken => "Broke off",
        Fault::Secret => "Could not be signed",
    }
}

/// How a try with a fault went.
fn went(fault: Fault) -> &'static str {
    match fault {
        Fault::Dns => "found no host",
        Fault::Connect => "got no connection",
        Fault::Tls => "got no secure connection",
        Fault::Timeout => "took too long",
        Fault::RefusedAddress => "led to an address that is not allowed",
        Fault::Redirect => "was redirected",
        Fault::Status => "was answered with no 2xx",
        Fault::TooLarge => "was answered with too large a head",
        Fault::Broken => "broke off",
        Fault::Secret => "could not be signed",
    }
}
