//! What a feed is narrowed to, as a sentence whose words open menus; every choice is a link.

use maud::{Markup, html};
use url::form_urlencoded::Serializer;

use super::feed_page::{FeedPage, Of};
use crate::domain::Actor;
use crate::domain::feed::{self, Filter};
use crate::values::id::{BoardId, UserId};
use crate::values::{Color, Day, Slug, clock};
use crate::views::kinds::{badge, label, nouns};
use crate::views::menu::{self, menu, toggle};

/// The address of a feed that is narrowed so, or of an older page of it.
pub(super) fn address(slug: &Slug, of: Of<'_>, filter: &Filter, before: Option<i64>) -> String {
    let mut query = Serializer::new(String::new());
    query.extend_pairs(filter.boards.iter().map(|board| ("board_id", board.to_string())));
    query.extend_pairs(filter.person.map(|person| ("creator_id", person.to_string())));
    query.extend_pairs(filter.kinds.iter().map(|kind| ("kind", kind)));
    query.extend_pairs(filter.day.map(|day| ("day", day.to_string())));
    query.extend_pairs(before.map(|before| ("before", before.to_string())));
    let (path, query) = (of.path(slug), query.finish());
    if query.is_empty() { path } else { format!("{path}?{query}") }
}

/// The sentence.
pub(super) fn sentence(viewer: &Actor, shown: &FeedPage<'_>) -> Markup {
    let menus = Menus { viewer, shown };
    html! {
        div.sentence {
            "Showing " (menus.kinds())
            @if !matches!(shown.of, Of::Person(_)) { " that " (menus.people()) " did" }
            @if !matches!(shown.of, Of::Board(_)) { " on " (menus.boards()) }
            ", " (menus.days()) "."
        }
    }
}

/// The menus of one page.
struct Menus<'a> {
    viewer: &'a Actor,
    shown: &'a FeedPage<'a>,
}

impl Menus<'_> {
    fn kinds(&self) -> Markup {
        let (chosen, offered) = (&self.shown.filter.kinds, feed::in_feed());
        let words = match chosen.as_slice() {
            [] => "everything".to_owned(),
            [one] => label(one),
            many => format!("{} kinds", many.len()),
        };
        menu(
            &words,
            &html! {
                (self.choice("Everything", "activity", None, chosen.is_empty(), self.with_kinds(&[])))
                @for noun in nouns(&offered) {
                    @let name = format!("{noun}.*");
                    @let (icon, color) = badge(&offered, &name);
                    (self.choice(&label(&name), icon, Some(color), chosen.contains(&name), self.toggled(&name)))
                    @if chosen.iter().any(|chosen| chosen.split('.').next() == Some(noun)) {
                        @for kind in offered.iter().filter(|kind| kind.noun() == noun) {
                            @let name = kind.wire_name();
                            li.menu__inner { (self.entry(kind.label, kind.icon, Some(kind.color), chosen.contains(&name), &self.toggled(&name))) }
                        }
                    }
                }
            },
        )
    }

    fn people(&self) -> Markup {
        let chosen = self.shown.filter.person;
        let found = self.shown.people.iter().find(|user| Some(user.id) == chosen);
        let words = match found {
            Some(user) if user.id == self.viewer.user_id => "you",
            Some(user) => &user.name,
            None if chosen.is_some() => "a former member",
            None => "anybody",
        };
        menu(
            words,
            &html! {
                (self.choice("Anybody", "users", None, chosen.is_none(), self.by(None)))
                @for user in self.shown.people {
                    @let name = if user.id == self.viewer.user_id { "You" } else { &user.name };
                    (self.choice(name, "user", Some(user.color), chosen == Some(user.id), self.by(Some(user.id))))
                }
            },
        )
    }

    fn boards(&self) -> Markup {
        let chosen = &self.shown.filter.boards;
        let named = self.shown.boards.iter().find(|board| chosen.first() == Some(&board.id));
        let words = match (chosen.as_slice(), named) {
            ([], _) => "all boards".to_owned(),
            ([_], Some(board)) => board.name.clone(),
            (many, _) => format!("{} boards", many.len()),
        };
        menu(
            &words,
            &html! {
                (self.choice("All boards", "layout-grid", None, chosen.is_empty(), self.on(Vec::new())))
                @for board in self.shown.boards {
                    (self.choice(&board.name, "square-kanban", Some(board.color), chosen.contains(&board.id), self.on(toggle(chosen, board.id))))
                }
            },
        )
    }

    fn days(&self) -> Markup {
        let today = Day::of(clock::now(), &self.viewer.zone);
        let chosen = self.shown.filter.day;
        let words = match chosen {
            None => "on any day".to_owned(),
            Some(day) if day == today => "today".to_owned(),
            Some(day) if day == today.before() => "yesterday".to_owned(),
            Some(day) => format!("on {}", day.in_words()),
        };
        menu(
            &words,
            &html! {
                (self.choice("Any day", "calendar", None, chosen.is_none(), self.during(None)))
                (self.choice("Today", "sun", None, chosen == Some(today), self.during(Some(today))))
                (self.choice("Yesterday", "clock", None, chosen == Some(today.before()), self.during(Some(today.before()))))
                @if let Some(day) = chosen {
                    (self.choice("The day before", "chevron-left", None, false, self.during(Some(day.before()))))
                    @if day < today { (self.choice("The day after", "chevron-right", None, false, self.during(Some(day.after())))) }
                }
                li { (self.other_day(chosen)) }
            },
        )
    }

    /// Any day, typed or picked.
    fn other_day(&self, chosen: Option<Day>) -> Markup {
        let filter = self.shown.filter;
        html! {
            form.menu__form method="get" action=(self.shown.of.path(&self.viewer.account.slug)) {
                @for board in &filter.boards { input type="hidden" name="board_id" value=(board); }
                @if let Some(person) = filter.person { input type="hidden" name="creator_id" value=(person); }
                @for kind in &filter.kinds { input type="hidden" name="kind" value=(kind); }
                label.sr-only for="day" { "Another day" }
                input.input id="day" type="date" name="day" required min="1970-01-01" value=[chosen];
                button.button.button--small type="submit" { "Show" }
            }
        }
    }

    fn toggled(&self, kind: &str) -> Filter {
        self.with_kinds(&toggle(&self.shown.filter.kinds, kind.to_owned()))
    }

    fn with_kinds(&self, kinds: &[String]) -> Filter {
        Filter { kinds: kinds.to_vec(), ..self.shown.filter.clone() }
    }

    fn by(&self, person: Option<UserId>) -> Filter {
        Filter { person, ..self.shown.filter.clone() }
    }

    fn on(&self, boards: Vec<BoardId>) -> Filter {
        Filter { boards, ..self.shown.filter.clone() }
    }

    fn during(&self, day: Option<Day>) -> Filter {
        Filter { day, ..self.shown.filter.clone() }
    }

    #[expect(clippy::needless_pass_by_value, reason = "each choice is a filter of its own")]
    fn choice(
        &self,
        words: &str,
        icon: &str,
        color: Option<Color>,
        chosen: bool,
        filter: Filter,
    ) -> Markup {
        html! { li { (self.entry(words, icon, color, chosen, &filter)) } }
    }

    fn entry(
        &self,
        words: &str,
        icon: &str,
        color: Option<Color>,
        chosen: bool,
        filter: &Filter,
    ) -> Markup {
        let address = address(&self.viewer.account.slug, self.shown.of, filter, None);
        menu::choice(&address, words, icon, color, chosen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_all_that_was_chosen() {
        let slug = Slug::parse("northfold").expect("a slug");
        let filter = Filter {
            kinds: vec!["card.*".to_owned(), "comment.added".to_owned()],
            day: Some(Day::parse("2026-11-25").expect("a day")),
            ..Filter::default()
        };
        let address = address(&slug, Of::Account, &filter, Some(7));
        assert_eq!(
            address,
            "/northfold/activity?kind=card.*&kind=comment.added&day=2026-11-25&before=7"
        );
    }
}
