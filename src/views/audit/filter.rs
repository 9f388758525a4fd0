//! What an audit is narrowed to: a sentence whose words open menus, and fields for what is typed.

use maud::{Markup, html};

use super::narrowed::Narrowed;
use super::shown::Shown;
use crate::domain::Actor;
use crate::events::{KINDS, Kind};
use crate::values::{Color, Day, clock};
use crate::views::kinds::{badge, label, nouns};
use crate::views::menu::{self, menu, toggle};
use crate::views::{Form, form, icon, paths};

/// The fields that stand in the form, with what is wrong beside each.
const FIELDS: &[&str] = &["card", "address", "since", "until"];

/// The sentence, and what is wrong with what only an address can ask for.
pub(super) fn sentence(viewer: &Actor, shown: &Shown<'_>) -> Markup {
    let menus = Menus { viewer, shown, path: paths::within(&viewer.account.slug, "audit") };
    html! {
        div.sentence {
            "Showing " (menus.kinds()) " that " (menus.people()) " did on " (menus.boards()) ", " (menus.days()) "."
        }
        (shown.form.other_errors(FIELDS))
    }
}

/// The fields.
pub(super) fn fields(viewer: &Actor, shown: &Shown<'_>) -> Markup {
    let path = paths::within(&viewer.account.slug, "audit");
    let narrowed = shown.narrowed;
    let kept = Narrowed {
        board: narrowed.board.clone(),
        person: narrowed.person.clone(),
        ..Narrowed::default()
    };
    let kept = Narrowed { kinds: narrowed.kinds.clone(), ..kept };
    html! {
        form.narrow method="get" action=(path) aria-label="Narrow it down" {
            @for (name, value) in kept.pairs() { input type="hidden" name=(name) value=(value); }
            (field(shown.form, "card", "Card number", "text"))
            (field(shown.form, "address", "Address or network", "text"))
            (field(shown.form, "since", "From", "date"))
            (field(shown.form, "until", "To", "date"))
            div.narrow__buttons {
                button.button type="submit" { (icon::icon("search")) "Show" }
                @if !narrowed.is_empty() { a.button.button--bare href=(path) { "Show everything" } }
            }
        }
    }
}

/// A field. What is wrong with a day is no day, which a field for days would not show.
fn field(form: &Form, name: &str, label: &str, kind: &str) -> Markup {
    let error = form.error(name);
    let value = form.value(name);
    let kind = if Day::parse(value).is_err() && !value.is_empty() { "text" } else { kind };
    html! {
        div.field {
            label for=(name) { (label) }
            input.input id=(name) name=(name) type=(kind) value=(value) autocomplete="off"
                min=[(kind == "date").then_some("1970-01-01")]
                aria-invalid=[error.map(|_| "true")] aria-describedby=[form::described_by(name, error, None)];
            (form::notes(name, error, None))
        }
    }
}

/// The menus of one page.
struct Menus<'a> {
    viewer: &'a Actor,
    shown: &'a Shown<'a>,
    path: String,
}

impl Menus<'_> {
    fn kinds(&self) -> Markup {
        let chosen = &self.shown.narrowed.kinds;
        let words = match chosen.as_slice() {
            [] => "everything".to_owned(),
            [one] => label(one),
            many => format!("{} kinds", many.len()),
        };
        let with = |kinds| Narrowed { kinds, ..self.narrowed() };
        let toggled = |name: &str| with(toggle(chosen, name.to_owned()));
        let offered: Vec<&'static Kind> =
            KINDS.iter().copied().filter(|kind| kind.shows.audit).collect();
        menu(
            &words,
            &html! {
                li { (self.choice("Everything", "activity", None, chosen.is_empty(), &with(Vec::new()))) }
                @for noun in nouns(&offered) {
                    @let name = format!("{noun}.*");
                    @let (icon, color) = badge(&offered, &name);
                    li { (self.choice(&label(&name), icon, Some(color), chosen.contains(&name), &toggled(&name))) }
                    @if chosen.iter().any(|chosen| chosen.split('.').next() == Some(noun)) {
                        @for kind in offered.iter().filter(|kind| kind.noun() == noun) {
                            @let name = kind.wire_name();
                            li.menu__inner { (self.choice(kind.label, kind.icon, Some(kind.color), chosen.contains(&name), &toggled(&name))) }
                        }
                    }
                }
            },
        )
    }

    fn people(&self) -> Markup {
        let chosen = &self.shown.narrowed.person;
        let found = self.shown.people.iter().find(|user| user.id.to_string() == *chosen);
        let words = match found {
            Some(user) if user.id == self.viewer.user_id => "you",
            Some(user) => &user.name,
            None if chosen.is_empty() => "anybody",
            None => "a former member",
        };
        let by = |person| Narrowed { person, ..self.narrowed() };
        menu(
            words,
            &html! {
                li { (self.choice("Anybody", "users", None, chosen.is_empty(), &by(String::new()))) }
                @for user in self.shown.people {
                    @let name = if user.id == self.viewer.user_id { "You" } else { &user.name };
                    @let id = user.id.to_string();
                    li { (self.choice(name, "user", Some(user.color), *chosen == id, &by(id))) }
                }
            },
        )
    }

    fn boards(&self) -> Markup {
        let chosen = &self.shown.narrowed.board;
        let found = self.shown.boards.iter().find(|board| board.id.to_string() == *chosen);
        let words = match found {
            Some(board) => &board.name,
            None if chosen.is_empty() => "all boards and none",
            None => "a board",
        };
        let on = |board| Narrowed { board, ..self.narrowed() };
        menu(
            words,
            &html! {
                li { (self.choice("All boards and none", "layout-grid", None, chosen.is_empty(), &on(String::new()))) }
                @for board in self.shown.boards {
                    @let id = board.id.to_string();
                    li { (self.choice(&board.name, "square-kanban", Some(board.color), *chosen == id, &on(id))) }
                }
            },
        )
    }

    fn days(&self) -> Markup {
        let today = Day::of(clock::now(), &self.viewer.account.zone);
        let spans = [
            ("Any time", "calendar", String::new()),
            ("Today", "sun", today.to_string()),
            ("The last seven days", "clock", today.plus(-6).to_string()),
            ("The last thirty days", "clock", today.plus(-29).to_string()),
        ];
        let narrowed = self.shown.narrowed;
        let (since, until) = (&narrowed.since, &narrowed.until);
        let is_chosen = |first: &str| until.is_empty() && since == first;
        let from = |since: &str| {
            let since = since.to_owned();
            Narrowed { since, until: String::new(), ..self.narrowed() }
        };
        menu(
            &days(since, until, today),
            &html! {
                @for (words, icon, first) in &spans {
                    li { (self.choice(words, icon, None, is_chosen(first), &from(first))) }
                }
            },
        )
    }

    fn narrowed(&self) -> Narrowed {
        self.shown.narrowed.clone()
    }

    fn choice(
        &self,
        words: &str,
        icon: &str,
        color: Option<Color>,
        chosen: bool,
        narrowed: &Narrowed,
    ) -> Markup {
        menu::choice(&narrowed.address(&self.path, None), words, icon, color, chosen)
    }
}

/// A span in words; what is no day is told as it was written.
fn days(since: &str, until: &str, today: Day) -> String {
    let words = |text: &str| Day::parse(text).map_or_else(|_| text.to_owned(), Day::in_words);
    match (since, until) {
        ("", "") => "at any time".to_owned(),
        (since, "") if since == today.to_string() => "today".to_owned(),
        (since, "") => format!("since {}", words(since)),
        ("", until) => format!("up to {}", words(until)),
        (since, until) if since == until => format!("on {}", words(since)),
        (since, until) => format!("from {} to {}", words(since), words(until)),
    }
}
