//! The mark: three stones and a painted one, small in the bar and large where there is room.

use maud::{Markup, html};

/// The mark of the bar.
pub fn mark() -> Markup {
    html! {
        svg.brand__mark viewBox="0 0 28 28" aria-hidden="true" {
            path d="M3.2 23.4c.3-2.7 4.9-3.6 10.9-3.6s10.5 1 10.7 3.5c.1 2-4.7 2.7-10.8 2.7S3 25.5 3.2 23.4Z" {}
            path d="M6.3 16.2c.2-2.3 3.5-3.1 8.1-3 4.4.1 7.7 1.1 7.6 3.1-.1 1.9-3.5 2.6-8 2.5-4.5-.1-7.9-.8-7.7-2.6Z" {}
            path d="M8.9 9.9c.1-1.9 2.3-2.7 5.4-2.6 3 .1 5.2 1 5 2.7-.1 1.6-2.4 2.2-5.3 2.1-3-.1-5.2-.7-5.1-2.2Z" {}
            path.brand__top d="M11.2 4.5c.1-1.5 1.3-2.3 3-2.2 1.6.1 2.7 1 2.6 2.2-.1 1.2-1.3 1.7-2.9 1.7s-2.8-.5-2.7-1.7Z" {}
        }
    }
}

/// The large cairn; its top stone is still to be laid where nothing is yet.
pub fn cairn(top: Top) -> Markup {
    html! {
        svg.cairn-art viewBox="0 0 220 230" aria-hidden="true" {
            path.cairn-art__ground d="M6 214C50 206 80 216 120 211s70-6 96 2" {}
            path.cairn-art__stone d="M28 190c2-21 36-28 84-28s82 8 84 27c1 17-37 23-85 23s-85-5-83-22Z" {}
            path.cairn-art__stone.cairn-art__stone--2 d="M52 139c1-18 27-25 63-24s60 9 59 24c-1 14-27 20-62 19s-61-5-60-19Z" {}
            path.cairn-art__stone.cairn-art__stone--3 d="M71 96c1-15 19-21 44-20s42 8 41 20c-1 12-20 17-44 16s-42-4-41-16Z" {}
            path.cairn-art__stone.cairn-art__stone--4 d="M87 61c1-12 12-17 28-16s26 7 25 16c-1 10-13 13-28 12s-26-3-25-12Z" {}
            path class=(top.class()) d="M97 31c1-10 8-14 18-13s16 6 15 13-8 10-17 10-17-2-16-10Z" {}
        }
    }
}

/// The top stone of the large cairn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Top {
    /// It lies there, painted.
    Laid,
    /// It is only drawn, to be laid.
    Missing,
}

impl Top {
    fn class(self) -> &'static str {
        match self {
            Self::Laid => "cairn-art__top",
            Self::Missing => "cairn-art__next",
        }
    }
}
