//! Who looks at a board, a card or the log of an endpoint now, in all processes.
//!
//! Whoever follows the stream of a board looks at it: nobody reports anything, and nothing is
//! written. Each process hints to the others who came and went there, every few seconds that it is
//! still there, and all that it knows when another asks, which one does that begins to listen.
//! Who was heard of from a process that is silent is gone, whatever became of it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::mem::{replace, take};
use std::time::{Duration, Instant};

use super::Stream;
use crate::values::id::{AccountId, UserId};
use crate::values::secret::random;

/// How often a process says that it is there.
const ALIVE: Duration = Duration::from_secs(5);

/// So long after it said anything it is gone.
const GONE: Duration = Duration::from_secs(12);

/// The longest hint, in bytes; Postgres takes less than 8,000.
const LONGEST_HINT: usize = 7_500;

/// Of a crowd not everybody is named: a page shows a few of them anyway.
const MOST_NAMED: usize = 64;

/// A board, a card or the log of an endpoint, of an account.
pub(super) type Place = (AccountId, Stream);

/// Who is where.
pub(super) type Present = BTreeMap<Place, BTreeSet<UserId>>;

/// What this process knows of who is where.
pub(super) struct Presence {
    process: String,
    /// What other processes said of a place.
    elsewhere: HashMap<Place, HashMap<String, BTreeSet<UserId>>>,
    /// When each of them said anything.
    heard: HashMap<String, Instant>,
    /// What the others know of this one.
    said: Present,
    said_at: Option<Instant>,
    /// The others are to be asked.
    asks: bool,
    /// The others are to be told everything.
    says_all: bool,
    /// What the pages here know.
    told: Present,
}

/// What a process says, a line each.
#[derive(Debug, PartialEq, Eq)]
enum Word {
    /// It is there.
    Alive,
    /// It knows nothing of the others.
    Question,
    /// All that it knows follows.
    Whole,
    /// These are at a place, and nobody else.
    At(Place, BTreeSet<UserId>),
}

impl Default for Presence {
    fn default() -> Self {
        Self {
            process: hex::encode(random::<6>()),
            elsewhere: HashMap::new(),
            heard: HashMap::new(),
            said: Present::new(),
            said_at: None,
            asks: false,
            says_all: true,
            told: Present::new(),
        }
    }
}

impl Presence {
    /// What a place's pages know is not sure any more: they are told again.
    pub(super) fn tell_again(&mut self, place: &Place) {
        self.told.remove(place);
    }

    /// What the others said may not have been heard: they are asked.
    pub(super) fn ask(&mut self) {
        self.asks = true;
    }

    /// What was said may not have been heard: it is said again, all of it.
    pub(super) fn say_again(&mut self) {
        (self.asks, self.says_all) = (true, true);
    }

    pub(super) fn elsewhere(&self, place: &Place) -> BTreeSet<UserId> {
        let said = self.elsewhere.get(place).into_iter().flat_map(HashMap::values);
        said.flatten().copied().collect()
    }

    /// What is to be said to the others: as many lines as fit into each hint.
    pub(super) fn hints(&mut self, here: &Present, now: Instant) -> Vec<String> {
        let words = self.words(here, now);
        if !words.is_empty() {
            self.said_at = Some(now);
        }
        let mut hints: Vec<String> = Vec::new();
        for line in words.iter().map(|word| word.line(&self.process)) {
            match hints.last_mut() {
                Some(hint) if hint.len() + line.len() < LONGEST_HINT => *hint += &line,
                _ => hints.push(line),
            }
        }
        hints
    }

    fn words(&mut self, here: &Present, now: Instant) -> Vec<Word> {
        let mut words = Vec::new();
        if take(&mut self.asks) {
            words.push(Word::Question);
        }
        let mut said = replace(&mut self.said, here.clone());
        if take(&mut self.says_all) {
            said.clear();
            words.push(Word::Whole);
        }
        let left = said.keys().filter(|place| !here.contains_key(place));
        words.extend(left.map(|place| Word::At(*place, BTreeSet::new())));
        let changed = here.iter().filter(|(place, users)| said.get(place) != Some(users));
        words.extend(changed.map(|(place, users)| Word::At(*place, users.clone())));
        let silent = self.said_at.is_none_or(|at| now.duration_since(at) >= ALIVE);
        if words.is_empty() && silent {
            words.push(Word::Alive);
        }
        words
    }

    /// Takes what another process says; where somebody came there.
    pub(super) fn hear(&mut self, hint: &str, now: Instant) -> Vec<Place> {
        let mut entered = Vec::new();
        for (process, word) in hint.lines().filter_map(Word::read) {
            if process == self.process {
                continue;
            }
            self.heard.insert(process.to_owned(), now);
            match word {
                Word::Alive => {}
                Word::Question => self.says_all = true,
                Word::Whole => self.forget(|of| of == process),
                Word::At(place, users) => {
                    if !users.is_empty() {
                        entered.push(place);
                    }
                    let said = self.elsewhere.entry(place).or_default();
                    said.insert(process.to_owned(), users);
                }
            }
        }
        entered
    }

    /// Where somebody is in other processes.
    pub(super) fn places_elsewhere(&self) -> Vec<Place> {
        self.elsewhere.keys().copied().collect()
    }

    fn forget(&mut self, is_gone: impl Fn(&str) -> bool) {
        for said in self.elsewhere.values_mut() {
            said.retain(|process, users| !users.is_empty() && !is_gone(process));
        }
        self.elsewhere.retain(|_, said| !said.is_empty());
    }

    /// The places whose pages here know something else than is so now.
    pub(super) fn changes(&mut self, here: &Present, now: Instant) -> Present {
        self.heard.retain(|_, at| now.duration_since(*at) < GONE);
        let there: HashSet<String> = self.heard.keys().cloned().collect();
        self.forget(|process| !there.contains(process));
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

impl Word {
    /// `<process>`, `<process> ?`, `<process> !` or `<process> <account> <stream> <user>,<user>`,
    /// and the end of the line.
    fn line(&self, process: &str) -> String {
        match self {
            Self::Alive => format!("{process}\n"),
            Self::Question => format!("{process} ?\n"),
            Self::Whole => format!("{process} !\n"),
            Self::At((account, stream), users) => {
                let users: Vec<String> =
                    users.iter().take(MOST_NAMED).map(UserId::to_string).collect();
                format!("{process} {account} {stream} {}\n", users.join(","))
            }
        }
    }

    fn read(line: &str) -> Option<(&str, Self)> {
        let words: Vec<&str> = line.split(' ').collect();
        let word = match words.as_slice() {
            [_] => Self::Alive,
            [_, "?"] => Self::Question,
            [_, "!"] => Self::Whole,
            [_, account, stream, users] => {
                let users = users.split(',').filter_map(|user| user.parse().ok()).collect();
                Self::At((account.parse().ok()?, stream.parse().ok()?), users)
            }
            _ => return None,
        };
        Some((words[0], word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::id::BoardId;

    fn place() -> Place {
        (AccountId::new(), Stream::Board(BoardId::new()))
    }

    fn somebody_at(place: Place) -> Present {
        Present::from([(place, BTreeSet::from([UserId::new()]))])
    }

    fn say(from: &mut Presence, here: &Present, to: &mut Presence, now: Instant) -> usize {
        let hints = from.hints(here, now);
        hints.iter().for_each(|hint| drop(to.hear(hint, now)));
        hints.len()
    }

    #[test]
    fn what_one_process_says_the_other_tells_until_it_is_silent() {
        let (mut one, mut other) = (Presence::default(), Presence::default());
        let (place, now) = (place(), Instant::now());
        let (here, watched) = (somebody_at(place), somebody_at(place));
        assert_eq!(say(&mut one, &here, &mut other, now), 1);
        assert_eq!(say(&mut one, &here, &mut other, now), 0, "nothing has changed");
        let both = Present::from([(place, &here[&place] | &watched[&place])]);
        assert_eq!(other.changes(&watched, now), both);
        assert!(other.changes(&watched, now).is_empty(), "it was told");

        let later = now + ALIVE;
        assert_eq!(say(&mut one, &here, &mut other, later), 1, "it says that it is there");
        assert!(other.changes(&watched, now + GONE).is_empty());
        assert_eq!(other.changes(&watched, later + GONE), watched, "the process was killed");
    }

    #[test]
    fn a_crowd_that_comes_between_two_looks_is_told_of_once() {
        let (mut presence, place, now) = (Presence::default(), place(), Instant::now());
        let mut here = Present::from([(place, BTreeSet::new())]);
        for _ in 0..300 {
            here.entry(place).or_default().insert(UserId::new());
            presence.tell_again(&place);
        }
        assert_eq!(presence.changes(&here, now), here, "of all of them at once");
        assert!(presence.changes(&here, now).is_empty(), "and not again");
        assert_eq!(presence.hints(&here, now).len(), 1, "nor said more than once");
    }

    #[test]
    fn whoever_leaves_is_gone_at_once() {
        let (mut one, mut other) = (Presence::default(), Presence::default());
        let (place, now) = (place(), Instant::now());
        say(&mut one, &somebody_at(place), &mut other, now);
        assert_eq!(other.elsewhere(&place).len(), 1);
        say(&mut one, &Present::new(), &mut other, now);
        assert!(other.elsewhere(&place).is_empty());
    }

    #[test]
    fn whoever_begins_to_listen_asks_and_is_told_everything() {
        let (mut one, mut other) = (Presence::default(), Presence::default());
        let (place, left, now) = (place(), place(), Instant::now());
        let here = somebody_at(place);
        say(&mut one, &somebody_at(left), &mut other, now);
        // What it says next is lost on the way.
        one.hints(&here, now);
        other.ask();
        say(&mut other, &Present::new(), &mut one, now);
        say(&mut one, &here, &mut other, now);
        assert_eq!(other.elsewhere(&place), here[&place]);
        assert!(other.elsewhere(&left).is_empty(), "who left meanwhile is gone too");
    }

    #[test]
    fn what_could_not_be_said_is_said_again() {
        let (mut one, mut other) = (Presence::default(), Presence::default());
        let (place, now) = (place(), Instant::now());
        let here = somebody_at(place);
        one.hints(&here, now);
        one.say_again();
        say(&mut one, &here, &mut other, now);
        assert_eq!(other.elsewhere(&place), here[&place]);
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
