//! What this process has claimed for each endpoint, and how much more it may.
//!
//! Each endpoint has a lane: a few tries under way, so that one that hangs takes no places of others,
//! and some that wait their turn here. One that answers quickly is claimed for further ahead; one
//! that fails is tried one by one until it answers again.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use time::OffsetDateTime;

use super::claimed::Claimed;
use super::room::Room;
use crate::values::id::EndpointId;

/// How many tries one endpoint has under way at most.
const WIDEST: usize = 8;

/// How many deliveries of one that answers quickly are claimed ahead, as a multiple of that.
const AHEAD: usize = 16;

/// An answer within that is quick.
const QUICK: Duration = Duration::from_millis(250);

/// Longer than any try takes.
const LONGEST_TRY: Duration = Duration::from_secs(20);

/// How many deliveries are claimed in all, and their results not recorded yet.
const MOST: usize = 2_048;

/// The lanes of all endpoints.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    lanes: HashMap<EndpointId, Lane>,
    /// Claimed, and not recorded yet.
    held: usize,
}

#[derive(Debug)]
struct Lane {
    waiting: VecDeque<Claimed>,
    under_way: usize,
    /// How many may be under way now.
    width: usize,
    is_quick: bool,
}

impl Lanes {
    /// How much more may be claimed now; none when there is no room at all.
    pub(super) fn room(&self) -> Option<Room> {
        let of = self.lanes.iter().map(|(endpoint, lane)| (*endpoint, lane.room())).collect();
        let whole = MOST.saturating_sub(self.held);
        (whole > 0).then_some(Room { of, otherwise: Lane::default().room(), whole })
    }

    /// Takes what was claimed.
    pub(super) fn take(&mut self, claimed: Vec<Claimed>) {
        self.held += claimed.len();
        for claimed in claimed {
            self.lanes.entry(claimed.endpoint).or_default().waiting.push_back(claimed);
        }
    }

    /// What has waited in the lane of an endpoint for so long that a try could outlast its lease.
    /// That is for whoever claims it next.
    pub(super) fn late(&mut self, endpoint: EndpointId, now: OffsetDateTime) -> Vec<Claimed> {
        let Some(lane) = self.lanes.get_mut(&endpoint) else { return Vec::new() };
        let is_late = |claimed: &&Claimed| claimed.leased_until - now <= LONGEST_TRY;
        let count = lane.waiting.iter().take_while(is_late).count();
        self.held -= count;
        lane.waiting.drain(..count).collect()
    }

    /// What is to be tried now in the lane of an endpoint.
    pub(super) fn start(&mut self, endpoint: EndpointId) -> Vec<Claimed> {
        let Some(lane) = self.lanes.get_mut(&endpoint) else { return Vec::new() };
        let places = lane.width.saturating_sub(lane.under_way).min(lane.waiting.len());
        lane.under_way += places;
        lane.waiting.drain(..places).collect()
    }

    /// All that waits here.
    pub(super) fn clear(&mut self) -> Vec<Claimed> {
        let waiting: Vec<Claimed> =
            self.lanes.values_mut().flat_map(|lane| lane.waiting.drain(..)).collect();
        self.held -= waiting.len();
        waiting
    }

    /// A try has ended, well or not, after so long; whether the lane has room again.
    pub(super) fn ended(&mut self, endpoint: EndpointId, well: bool, took: Duration) -> bool {
        let Some(lane) = self.lanes.get_mut(&endpoint) else { return false };
        let was_full = lane.room() == 0;
        lane.under_way = lane.under_way.saturating_sub(1);
        lane.is_quick = well && took < QUICK;
        lane.width = if well { WIDEST.min(lane.width * 2) } else { 1 };
        let has_room = lane.room() > 0;
        if lane.is_idle() && lane.width == WIDEST {
            self.lanes.remove(&endpoint);
        }
        was_full && has_room
    }

    /// So many results were recorded, or never will be.
    pub(super) fn recorded(&mut self, count: usize) {
        self.held = self.held.saturating_sub(count);
    }
}

impl Default for Lane {
    fn default() -> Self {
        Self { waiting: VecDeque::new(), under_way: 0, width: WIDEST, is_quick: true }
    }
}

impl Lane {
    /// How many more may be claimed; none until half of what was claimed ahead is on its way.
    fn room(&self) -> usize {
        let ahead = if self.is_quick && self.width == WIDEST { AHEAD } else { 1 };
        let (most, held) = (self.width * ahead, self.waiting.len() + self.under_way);
        if held * 2 > most { 0 } else { most - held }
    }

    fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.under_way == 0
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;
    use crate::values::id::{AccountId, DeliveryId, EventId};
    use crate::webhooks::signature::Scheme;

    const LATER: OffsetDateTime = datetime!(2026-11-28 10:01 UTC);

    fn claimed(endpoint: EndpointId, count: usize) -> Vec<Claimed> {
        let claimed = |number| Claimed {
            account: AccountId::new(),
            endpoint,
            id: DeliveryId::new(),
            lease: Uuid::nil(),
            due_at: LATER,
            is_uncertain: false,
            created_at: LATER,
            leased_until: LATER,
            number,
            sequence: number,
            event_id: EventId::new(),
            attempts: 0,
            postponements: 0,
            is_probe: false,
            is_again: false,
            is_withheld: false,
            url: String::new(),
            sealed_secret: Vec::new(),
            older_sealed_secret: None,
            signature: Scheme::default(),
            other_too: false,
            sealed_key: None,
            older_sealed_key: None,
            sealed_headers: None,
            body: Vec::new(),
        };
        (1..=count as i64).map(claimed).collect()
    }

    fn numbers(claimed: &[Claimed]) -> Vec<i64> {
        claimed.iter().map(|claimed| claimed.number).collect()
    }

    #[test]
    fn a_lane_has_a_few_under_way_in_order_and_is_full_until_half_of_it_is() {
        let (mut lanes, endpoint) = (Lanes::default(), EndpointId::new());
        lanes.take(claimed(endpoint, WIDEST * AHEAD));
        let room = lanes.room().expect("room for others");
        assert_eq!(room.full(), [endpoint.uuid()]);
        assert_eq!(numbers(&lanes.start(endpoint)), [1, 2, 3, 4, 5, 6, 7, 8]);
        assert!(lanes.start(endpoint).is_empty());
        assert!(!lanes.ended(endpoint, true, Duration::ZERO));
        assert_eq!(numbers(&lanes.start(endpoint)), [9]);
        let half = WIDEST * AHEAD / 2;
        let again = (0..half).filter(|_| {
            let has_room = lanes.ended(endpoint, true, Duration::ZERO);
            lanes.start(endpoint);
            has_room
        });
        assert_eq!(again.count(), 1, "it is said once that there is room again");
    }

    #[test]
    fn one_that_fails_is_tried_one_by_one_until_it_answers() {
        let (mut lanes, endpoint) = (Lanes::default(), EndpointId::new());
        lanes.take(claimed(endpoint, 8));
        assert_eq!(lanes.start(endpoint).len(), 8);
        for _ in 0..8 {
            lanes.ended(endpoint, false, Duration::ZERO);
        }
        let one = |lanes: &Lanes| lanes.room().expect("room").share([endpoint].into_iter());
        assert_eq!(one(&lanes), [1]);
        for width in [2, 4, 8 * AHEAD as i64] {
            lanes.take(claimed(endpoint, 1));
            lanes.start(endpoint);
            lanes.ended(endpoint, true, Duration::ZERO);
            assert_eq!(one(&lanes), [width]);
        }
    }

    #[test]
    fn one_that_is_slow_is_not_claimed_for_ahead() {
        let (mut lanes, endpoint) = (Lanes::default(), EndpointId::new());
        lanes.take(claimed(endpoint, 2));
        lanes.start(endpoint);
        lanes.ended(endpoint, true, QUICK);
        assert_eq!(lanes.room().expect("room").share([endpoint].into_iter()), [7]);
    }

    #[test]
    fn all_lanes_together_hold_no_more_than_there_is_room_for_until_it_is_recorded() {
        let (mut lanes, many) = (Lanes::default(), (0..64).map(|_| EndpointId::new()));
        let many: Vec<EndpointId> = many.collect();
        let shares = lanes.room().expect("room").share(many.iter().copied());
        assert_eq!(shares.iter().sum::<i64>(), MOST as i64);
        lanes.take(claimed(many[0], MOST));
        assert!(lanes.room().is_none());
        lanes.recorded(1);
        assert_eq!(lanes.room().expect("room").share(many[1..3].iter().copied()), [1, 0]);
    }

    #[test]
    fn what_has_waited_for_too_long_is_left_to_others() {
        let (mut lanes, endpoint) = (Lanes::default(), EndpointId::new());
        lanes.take(claimed(endpoint, WIDEST + 2));
        assert_eq!(lanes.start(endpoint).len(), WIDEST);
        lanes.ended(endpoint, true, Duration::ZERO);
        let just_in_time = LATER - LONGEST_TRY - time::Duration::MICROSECOND;
        assert!(lanes.late(endpoint, just_in_time).is_empty());
        assert_eq!(numbers(&lanes.late(endpoint, LATER - LONGEST_TRY)), [9, 10]);
        assert!(lanes.start(endpoint).is_empty());
        lanes.recorded(WIDEST);
        assert_eq!(lanes.held, 0);
    }

    #[test]
    fn what_waits_is_given_back_at_the_end_and_not_what_is_under_way() {
        let (mut lanes, endpoint) = (Lanes::default(), EndpointId::new());
        lanes.take(claimed(endpoint, WIDEST + 2));
        assert_eq!(lanes.start(endpoint).len(), WIDEST);
        assert_eq!(numbers(&lanes.clear()), [9, 10]);
        assert_eq!(lanes.held, WIDEST);
    }
}
