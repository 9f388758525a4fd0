//! Webhook endpoints: all of them, the forms that add and edit one, and one with its deliveries.

use maud::{Markup, html};

use super::icon;
use super::layout::{Frame, Section};
use crate::values::Color;
use crate::webhooks::Endpoint;
use crate::webhooks::health::Status;

mod index;
mod of_event;
mod replays;
mod settings;
mod show;
mod signature_check;
mod trial;

pub use index::index;
pub use of_event::of_event;
pub use replays::replays;
pub use settings::{edit, filled};
pub use show::show;
pub use signature_check::{curl, signature_check};
pub use trial::trial;

fn frame(title: &str) -> Frame<'_> {
    Frame { title, section: Section::Webhooks, ..Frame::default() }
}

fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

fn state(endpoint: &Endpoint) -> Markup {
    let (color, name, words) = match (endpoint.removed_at, endpoint.health.status) {
        (Some(_), _) => (Color::Stone, "trash", "Removed"),
        (None, Status::Disabled) => (Color::Rowan, "pause", "Off"),
        (None, Status::Failing) => (Color::Ochre, "triangle-alert", "Failing"),
        (None, Status::Well) => (Color::Moss, "check", "Active"),
    };
    html! { span.state data-color=(color) { (icon::icon(name)) (words) } }
}
