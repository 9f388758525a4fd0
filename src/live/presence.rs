//! Who looks at a board or a card now, in all processes.
//!
//! Whoever follows the stream of a board looks at it: nobody reports anything, and nothing is
//! written. Each process hints to the others who follows what there when that changes, and all of
//! it every few seconds; what was not said again for a while is over, whatever became of the process.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{Duration, Instant};

use super::Stream;
use crate::values::id::{AccountId, UserId};
use crate::values::secret::random;

/// How often everything is said again.
const SAY_AGAIN: Duration = Duration::from_secs(5);

/// So long after it was said last it is over.
const OVER: Duration = Duration::from_secs(12);

/// The longest hint, in bytes; Postgres takes less than 8,000.
const LONGEST_HINT: usize = 7_500;

/// A board or a card of an account.
pub(super) type Place = (AccountId, Stream);

/// Who is where.
pub(super) type Present = BTreeMap<Place, BTreeSet<UserId>>;

/// What this process knows of who is where.
pub(super) struct Presence {
    process: String,
    /// What other processes said, and when.
    elsewhere: HashMap<(String, Place), (BTreeSet<UserId>, Instant)>,
    /// What the others know of this one.
    said: Present,
    said_at: Option<Instant>,
    /// What the pages here know.
    told: Present,
}

impl Default for Presence {
    fn default() -> Self {
        Self {
            process: hex::encode(random::<6>()),
            elsewhere: HashMap::new(),
            said: Present::new(),
            said_at: None,
            told: Present::new(),
        }
    }
}

impl Presence {
    /// What a place's pages know is not sure any more: they are told again.
    pub(super) fn tell_again(&mut self, place: &Place) {
        self.told.remove(place);
    }

    pub(super) fn elsewhere(&self, place: &Place) -> BTreeSet<UserId> {
        let said = self.elsewhere.iter().filter(|((_, of), _)| of == place);
        said.flat_map(|(_, (users, _))| users.iter().copied()).collect()
    }

    /// What is to be said to the others: a line for each place, as many as fit into a hint.
    pub(super) fn hints(&mut self, here: &Present, now: Instant) -> Vec<String> {
        let again = self.said_at.is_none_or(|at| now.duration_since(at) >= SAY_AGAIN);
        let nobody = BTreeSet::new();
        let left = self.said.keys().filter(|place| !here.contains_key(place));
        let left = left.map(|place| (place, &nobody));
        let changed =
            here.iter().filter(|(place, users)| again || self.said.get(place) != Some(users));
        let mut hints: Vec<String> = Vec::new();
        for (place, users) in left.chain(changed) {
            let line = line(&self.process, place, users);
            match hints.last_mut() {
                Some(hint) if hint.len() + line.len() < LONGEST_HINT => *hint += &line,
                _ => hints.push(line),
            }
        }
        if again {
            self.said_at = Some(now);
        }
        self.said.clone_from(here);
        hints
    }

    pub(super) fn hear(&mut self, hint: &str, now: Instant) {
        for (process, place, users) in hint.lines().filter_map(read) {
            if process == self.process {
                continue;
            }
            let key = (process, place);
            match users.is_empty() {
                true => drop(self.elsewhere.remove(&key)),
                false => drop(self.elsewhere.insert(key, (users, now))),
            }
        }
    }

    /// The places whose pages here know something else than is so now.
    pub(super) fn changes(&mut self, here: &Present, now: Instant) -> Present {
        self.elsewhere.retain(|_, (_, said)| now.duration_since(*said) < OVER);
        let mut all = here.clone();
        for (place, users) in &mut all {
            users.extend(self.elsewhere(place));
        }
        let changed = all.iter().filter(|(place, users)| self.told.get(place) != Some(users));
        let changed = changed.map(|(place, users)| (*place, users.clone())).collect();
        self.told = all;
        changed
    }
}

/// `<process> <account> <stream> <user>,<user>` and the end of the line.
fn line(process: &str, (account, stream): &Place, users: &BTreeSet<UserId>) -> String {
    // Of a crowd not everybody is named: a page shows a few of them anyway.
    let users: Vec<String> = users.iter().take(64).map(UserId::to_string).collect();
    format!("{process} {account} {stream} {}\n", users.join(","))
}

fn read(line: &str) -> Option<(String, Place, BTreeSet<UserId>)> {
    let mut words = line.split(' ');
    let (process, account) = (words.next()?.to_owned(), words.next()?.parse().ok()?);
    let stream = words.next()?.parse().ok()?;
    let users = words.next()?.split(',').filter_map(|user| user.parse().ok()).collect();
    Some((process, (account, stream), users))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::id::BoardId;

    fn place() -> Place {
        (AccountId::new(), Stream::Board(BoardId::new()))
    }

    #[test]
    fn what_one_process_says_the_other_tells_until_it_is_over() {
        let (mut one, mut other) = (Presence::default(), Presence::default());
        let (place, olive, now) = (place(), UserId::new(), Instant::now());
        let here = Present::from([(place, BTreeSet::from([olive]))]);
        let hints = one.hints(&here, now);
        assert_eq!(hints.len(), 1);
        assert!(one.hints(&here, now).is_empty(), "nothing has changed");
        assert_eq!(one.hints(&here, now + SAY_AGAIN).len(), 1, "it is said again");

        hints.iter().for_each(|hint| other.hear(hint, now));
        let tomas = UserId::new();
        let watched = Present::from([(place, BTreeSet::from([tomas]))]);
        let both = Present::from([(place, BTreeSet::from([olive, tomas]))]);
        assert_eq!(other.changes(&watched, now), both);
        assert!(other.changes(&watched, now).is_empty(), "it was told");
        assert_eq!(other.changes(&watched, now + OVER), watched, "the process was killed");
    }

    #[test]
    fn whoever_leaves_is_gone_at_once() {
        let (mut one, mut other) = (Presence::default(), Presence::default());
        let (place, now) = (place(), Instant::now());
        let here = Present::from([(place, BTreeSet::from([UserId::new()]))]);
        one.hints(&here, now).iter().for_each(|hint| other.hear(hint, now));
        assert_eq!(other.elsewhere(&place).len(), 1);
        one.hints(&Present::new(), now).iter().for_each(|hint| other.hear(hint, now));
        assert!(other.elsewhere(&place).is_empty());
    }

    #[test]
    fn hints_fit_into_a_notification() {
        let mut presence = Presence::default();
        let crowd: BTreeSet<UserId> = (0..500).map(|_| UserId::new()).collect();
        let here: Present = (0..50).map(|_| (place(), crowd.clone())).collect();
        let hints = presence.hints(&here, Instant::now());
        assert!(hints.len() > 1 && hints.iter().all(|hint| hint.len() < 8_000));
    }
}
