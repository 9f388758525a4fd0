//! Two months of visits to the demo account, so that its insights say something from the first start.

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use time::{Duration, OffsetDateTime, Time, Weekday};

use crate::domain::Actor;
use crate::domain::cards::Card;
use crate::tracking::{EventType, Report, Row, Trackable, TrackableType, Tracker, Unstored};
use crate::values::clock;
use crate::values::id::{BoardId, TrackingEventId};

/// As many days as the longest usual span and the one before it begin to fill.
const DAYS: i64 = 60;

/// How many pages are opened in an hour of a working day, from seven on, by whoever opens many.
const RHYTHM: [u32; 12] = [1, 3, 6, 5, 4, 1, 3, 4, 3, 2, 1, 1];

/// Of a hundred such pages so many are opened on a weekend.
const WEEKEND: u32 = 12;

/// How many reports are stored at once.
const AT_ONCE: usize = 500;

/// Whoever visits, how much of a hundred pages of the rhythm they open, and what there is to see.
pub(super) struct Visits<'a> {
    pub(super) people: &'a [(&'a Actor, u32)],
    pub(super) boards: &'a [(BoardId, u32)],
    pub(super) cards: &'a [(Card, u32)],
}

/// Reports them through the one writer, like everything that is counted; the same in each demo, but for
/// the days on which they fall.
pub(super) async fn report(tracker: &Tracker, visits: &Visits<'_>) -> Result<(), Unstored> {
    let (now, mut chance) = (clock::now(), StdRng::seed_from_u64(1962));
    let mut rows = Vec::new();
    for day in (0..DAYS).rev() {
        for (actor, share) in visits.people {
            rows.extend(visits.of_day(actor, *share, now - Duration::days(day), now, &mut chance));
        }
    }
    rows.extend(visits.just_now(now));
    for some in rows.chunks(AT_ONCE) {
        tracker.store(some.to_vec()).await?;
    }
    Ok(())
}

impl Visits<'_> {
    /// What somebody reported on a day, as far as it is over.
    fn of_day(
        &self,
        actor: &Actor,
        share: u32,
        day: OffsetDateTime,
        now: OffsetDateTime,
        chance: &mut StdRng,
    ) -> Vec<Row> {
        let is_weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        // Some work more on some days, and more as the catalogue comes near.
        let days_ago = u32::try_from((now - day).whole_days()).unwrap_or(0);
        let share = share * chance.gen_range(60..130) / 100 * (120 - days_ago) / 120;
        let share = if is_weekend { share * WEEKEND / 100 } else { share };
        let mut rows = Vec::new();
        for (hour, pages) in (7..).zip(RHYTHM) {
            let hundredths = pages * share + chance.gen_range(0..100);
            for _ in 0..hundredths / 100 {
                let time = Time::from_hms(hour, chance.gen_range(0..60), chance.gen_range(0..60));
                let at = day.replace_time(time.unwrap_or(Time::MIDNIGHT));
                if at < now {
                    rows.extend(self.visit(actor, at, chance));
                }
            }
        }
        rows
    }

    /// A page that is opened, and sometimes a link or a form that is used on it.
    fn visit(&self, actor: &Actor, at: OffsetDateTime, chance: &mut StdRng) -> Vec<Row> {
        let trackable = match chance.gen_range(0..10) {
            0..=1 => None,
            2..=4 => pick(self.boards, chance).map(|board| of_board(*board)),
            _ => pick(self.cards, chance).map(of_card),
        };
        let mut rows = vec![row(actor, EventType::PageView, trackable, at)];
        match chance.gen_range(0..20) {
            0..=2 => rows.push(row(actor, EventType::LinkClick, trackable, at)),
            3 => rows.push(row(actor, EventType::FormSubmit, trackable, at)),
            _ => {}
        }
        rows
    }

    /// What the others look at while somebody first opens the demo.
    fn just_now(&self, now: OffsetDateTime) -> Vec<Row> {
        let seconds = (20..).step_by(35);
        let others = self.people.iter().skip(1).zip(seconds);
        let looks = others.flat_map(|((actor, _), seconds)| {
            let at = now - Duration::seconds(seconds);
            let board = self.boards.first().map(|(board, _)| of_board(*board));
            let card = self.cards.last().map(|(card, _)| of_card(card));
            [board, card].map(|trackable| row(actor, EventType::PageView, trackable, at))
        });
        looks.collect()
    }
}

/// One of some, each as often as its weight says.
fn pick<'a, T>(weighted: &'a [(T, u32)], chance: &mut StdRng) -> Option<&'a T> {
    let all: u32 = weighted.iter().map(|(_, weight)| weight).sum();
    let mut place = chance.gen_range(0..all.max(1));
    weighted.iter().find_map(|(one, weight)| match place.checked_sub(*weight) {
        None => Some(one),
        Some(rest) => {
            place = rest;
            None
        }
    })
}

fn of_board(board: BoardId) -> Trackable {
    Trackable { kind: TrackableType::Board, id: board.uuid() }
}

fn of_card(card: &Card) -> Trackable {
    Trackable { kind: TrackableType::Card, id: card.id.uuid() }
}

fn row(
    actor: &Actor,
    event_type: EventType,
    trackable: Option<Trackable>,
    occurred_at: OffsetDateTime,
) -> Row {
    let url = format!("https://cairn.example/{}", actor.account.slug);
    let id = TrackingEventId::new();
    Row::new(actor, Report { index: 0, id, event_type, trackable, url, occurred_at })
}
