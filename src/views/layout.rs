//! What surrounds every page: the head, the bar, what is announced, the streams.

use maud::{DOCTYPE, Markup, html};
use uuid::Uuid;

use super::{assets, avatar, brand, dom, form, icon, notice_count, paths};
use crate::domain::Actor;
use crate::domain::users::User;
use crate::tracking::receipts::Own;
use crate::values::{Slug, Tracked};

/// Who looks at a page, and what the server gives it besides its own data.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Who looks; nobody before sign-in.
    pub viewer: Option<Actor>,
    /// The token that their forms and requests carry.
    pub csrf_token: String,
    /// The nonce of this response, for Turbo's progress bar.
    pub nonce: String,
    /// The signed names of the streams that keep it true.
    pub streams: Vec<String>,
    /// A line of answer to what was just done.
    pub flash: Option<String>,
    /// How many notices they have not read.
    pub unread: i64,
    /// Who else has it open now.
    pub present: Vec<User>,
    /// Up to where they have seen what the page shows, if what is new to them is marked.
    pub receipts: Option<Own>,
}

/// What a page says about itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Frame<'a> {
    /// Its title.
    pub title: &'a str,
    /// The entry of the bar that it belongs to.
    pub section: Section,
    /// What its views are counted for: a type that tracking knows, and the id.
    pub trackable: Option<(&'static str, Uuid)>,
}

/// The entries of the bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "they are called what they are")]
pub enum Section {
    #[default]
    None,
    Boards,
    Activity,
    Search,
    Members,
    Insights,
    Webhooks,
    Audit,
}

impl Page {
    /// A page of an account, with the bar.
    pub fn show(&self, frame: Frame<'_>, main: &Markup) -> Markup {
        let bar = html! {
            a.skip href="#main" { "Skip to the page" }
            @match &self.viewer {
                Some(viewer) => (masthead(self, viewer, frame.section)),
                None => header.masthead { a.brand href="/" { (brand::mark()) span { "Cairn" } } },
            }
            (self.answers())
        };
        self.document(frame, &bar, main)
    }

    /// A page before sign-in: art on one side, `form` on the other.
    pub fn door(&self, title: &str, form: &Markup) -> Markup {
        self.document(
            Frame { title, ..Frame::default() },
            &self.answers(),
            &html! {
                main.door id="main" {
                    div.door__art {
                        (brand::cairn(brand::Top::Laid))
                        p { "Every change leaves a stone, so nobody has to ask the way." }
                    }
                    div.door__form { div { (form) } }
                }
            },
        )
    }

    /// What stands before a page’s own part comes apart from it: long pages are copied once less.
    fn document(&self, frame: Frame<'_>, before: &Markup, main: &Markup) -> Markup {
        let (trackable_type, trackable_id) = frame.trackable.unzip();
        let tracked = self.viewer.as_ref().map(|_| "tracking");
        html! {
            (DOCTYPE)
            html lang="en" {
                (self.head(frame.title))
                body data-controller=[tracked] data-tracking-event-type-value=[tracked.map(|_| "page_view")]
                    data-tracking-trackable-type-value=[trackable_type]
                    data-tracking-trackable-id-value=[trackable_id] {
                    (before)
                    (main)
                    p.sr-only id="announcements" aria-live="polite" {}
                    @for (at, name) in self.streams.iter().enumerate() {
                        turbo-cable-stream-source id={ "stream_" (at) } channel="Turbo::StreamsChannel" signed-stream-name=(name) {}
                    }
                }
            }
        }
    }

    fn head(&self, title: &str) -> Markup {
        html! {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (self::title(title)) }
                meta name="color-scheme" content="light dark";
                meta name="csrf-token" content=(self.csrf_token);
                meta name="csp-nonce" content=(self.nonce);
                meta name="turbo-refresh-method" content="morph";
                meta name="turbo-refresh-scroll" content="preserve";
                @if let Some(viewer) = &self.viewer {
                    meta name="current-user-id" content=(viewer.user_id);
                    @if viewer.administers() { meta name="current-user-administers" content="true"; }
                    meta name="time-zone" content=(viewer.zone.as_str());
                    @if viewer.tracked != Tracked::Off {
                        meta name="tracking-url" content=(paths::within(&viewer.account.slug, "tracking_events"));
                    }
                }
                @if let Some(own) = &self.receipts {
                    meta name="receipts" content=(serde_json::to_string(own).unwrap_or_default());
                }
                link rel="icon" type="image/svg+xml" href=(assets::FAVICON.path());
                link rel="stylesheet" href=(assets::STYLE.path()) data-turbo-track="reload";
                script type="module" src=(assets::SCRIPT.path()) data-turbo-track="reload" {}
            }
        }
    }

    fn answers(&self) -> Markup {
        html! {
            div.flashes id="flashes" aria-live="polite" {
                @if let Some(words) = &self.flash {
                    p.flash role="status" data-controller="flash" data-turbo-temporary { (icon::icon("check")) (words) }
                }
            }
        }
    }
}

/// What a page of that name is called in the browser's tabs.
pub(super) fn title(name: &str) -> Markup {
    html! { (name) " · Cairn" }
}

/// Says whether the page changes by itself; the browser knows, and shows it.
pub fn live_status() -> Markup {
    html! {
        span.live-status id="live_status" role="status" hidden data-turbo-permanent
            data-controller="live-status" data-action="connection:change@document->live-status#update" {}
    }
}

fn masthead(page: &Page, viewer: &Actor, section: Section) -> Markup {
    let slug = &viewer.account.slug;
    html! {
        header.masthead {
            a.brand href=(paths::account(slug)) {
                (brand::mark()) span { "Cairn" } span.brand__account { (viewer.account.name) }
            }
            (nav(slug, viewer.administers(), section))
            @if section != Section::Search { (jump(slug)) }
            a.button.button--bare.button--icon.bell href=(paths::within(slug, "notifications")) {
                (icon::icon("bell")) span.sr-only { "Notices" }
                span id=(dom::NOTICE_COUNT) { (notice_count::count(page.unread)) }
            }
            (account_menu(page, viewer))
        }
    }
}

/// Where to go. What only admins have stands behind a button where there is no room for it.
fn nav(slug: &Slug, administers: bool, section: Section) -> Markup {
    let more = matches!(section, Section::Insights | Section::Webhooks | Section::Audit);
    html! {
        nav.nav aria-label="Account" {
            (entry(&paths::account(slug), "layout-grid", "Boards", "g b", section == Section::Boards))
            (entry(&paths::within(slug, "activity"), "activity", "Activity", "g a", section == Section::Activity))
            (entry(&paths::within(slug, "members"), "users", "Members", "g m", section == Section::Members))
            @if administers {
                button.nav__more type="button" popovertarget="nav_more" aria-current=[more.then_some("true")] {
                    (icon::icon("ellipsis")) "More"
                }
                div.nav__rest id="nav_more" popover {
                    (entry(&paths::within(slug, "insights"), "chart-line", "Insights", "g i", section == Section::Insights))
                    (entry(&paths::within(slug, "webhooks"), "webhook", "Webhooks", "g w", section == Section::Webhooks))
                    (entry(&paths::within(slug, "audit"), "scroll-text", "Audit", "g u", section == Section::Audit))
                }
            }
        }
    }
}

/// What is one’s own or the whole account’s, and not looked for every day.
fn account_menu(page: &Page, viewer: &Actor) -> Markup {
    let slug = &viewer.account.slug;
    html! {
        details.account-menu data-controller="menu"
            data-action="click@window->menu#closeOutside keydown.esc@window->menu#escape" {
            summary {
                (avatar::large(&viewer.name, viewer.color))
                span.sr-only { "You and the account" }
            }
            div.account-menu__list {
                p.account-menu__who { b { (viewer.name) } span { (viewer.role.with_article()) " of " (viewer.account.name) } }
                a href=(paths::within(slug, "profile")) { (icon::icon("user")) "Profile" }
                a href=(paths::within(slug, "tokens")) { (icon::icon("key-round")) "Tokens" }
                a href=(paths::within(slug, "settings")) { (icon::icon("settings")) "Settings" }
                form action="/session" method="post" data-controller="tracking" data-action="tracking#forget" {
                    (form::token(&page.csrf_token)) (form::method("delete"))
                    button type="submit" { (icon::icon("log-out")) "Sign out" }
                }
            }
        }
    }
}

/// The search box of the bar; where there is no room for one, a link to the search page.
fn jump(slug: &Slug) -> Markup {
    let path = paths::within(slug, "search");
    html! {
        form.jump action=(path) role="search" {
            (icon::icon("search"))
            input.jump__words name="q" type="search" placeholder="Search" aria-label="Search cards and comments"
                autocomplete="off" data-controller="hotkey" data-hotkey="/";
            kbd { "/" }
        }
        a.jump-link.button.button--bare.button--icon href=(path) { (icon::icon("search")) span.sr-only { "Search" } }
    }
}

fn entry(path: &str, name: &str, label: &str, keys: &str, current: bool) -> Markup {
    html! {
        a href=(path) aria-current=[current.then_some("page")] data-controller="hotkey" data-hotkey=(keys) {
            (icon::icon(name)) (label)
        }
    }
}
