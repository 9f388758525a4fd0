//! The fragments of one stream, kept for those who are a little behind.
//!
//! Nobody has a queue of their own: all who follow a stream read the same ring, each at their own
//! pace, and whoever falls out of it goes back to the log.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::Frame;
use crate::values::id::UserId;

/// How many fragments are kept.
const MOST_FRAMES: usize = 256;

/// How many bytes of them.
const MOST_BYTES: usize = 1024 * 1024;

/// One stream in this process: what it said last, and who follows it.
#[derive(Debug, Default)]
pub(super) struct Ring {
    kept: Mutex<Kept>,
    /// How many frames there have been.
    told: AtomicU64,
    followers: Mutex<Followers>,
    /// Up to where people have seen what it is about, as all who follow it were told.
    shown: Mutex<HashMap<UserId, i64>>,
}

#[derive(Debug, Default)]
struct Kept {
    frames: VecDeque<Frame>,
    bytes: usize,
}

#[derive(Debug, Default)]
struct Followers {
    present: HashMap<u64, Arc<Follower>>,
    /// How many there have been.
    joined: u64,
}

#[derive(Debug)]
struct Follower {
    user: UserId,
    bell: Arc<Notify>,
    is_in_doubt: AtomicBool,
}

/// Somebody's place in a ring. They follow it until this is dropped.
#[derive(Debug)]
pub struct Reader {
    ring: Arc<Ring>,
    id: u64,
    follower: Arc<Follower>,
    /// The number of the frame that comes next.
    next: u64,
}

/// What a reader finds.
#[derive(Debug)]
pub enum Read {
    /// The next fragment.
    Frame(Frame),
    /// Nothing more for now.
    Nothing,
    /// It must be asked again whether they may follow the stream, and what they missed: they fell
    /// behind, something changed that might concern their sight, or the log is another one.
    Again,
}

impl Ring {
    /// Joins: all frames from now on are read by the reader, whose bell is rung for each.
    pub(super) fn join(self: &Arc<Self>, user: UserId, bell: &Arc<Notify>) -> Reader {
        let mut followers = lock(&self.followers);
        followers.joined += 1;
        let (id, next) = (followers.joined, self.told.load(Ordering::Acquire));
        let is_in_doubt = AtomicBool::new(false);
        let follower = Arc::new(Follower { user, bell: Arc::clone(bell), is_in_doubt });
        followers.present.insert(id, Arc::clone(&follower));
        Reader { ring: Arc::clone(self), id, follower, next }
    }

    /// Tells all who follow; how many they are. One at a time may tell.
    pub(super) fn tell(&self, frame: Frame) -> usize {
        {
            let mut kept = lock(&self.kept);
            kept.keep(frame);
            self.told.fetch_add(1, Ordering::Release);
        }
        // Whoever wakes up finds the frames free to be read, though others are still being woken.
        let followers = lock(&self.followers);
        followers.present.values().for_each(|follower| follower.bell.notify_one());
        followers.present.len()
    }

    /// Takes note of up to where people have seen what it is about, as it is told now; what was told before.
    pub(super) fn show(&self, now: HashMap<UserId, i64>) -> HashMap<UserId, i64> {
        std::mem::replace(&mut *lock(&self.shown), now)
    }

    /// Has those who follow it asked again whether they may, before they are told anything more.
    pub(super) fn doubt(&self, concerns: impl Fn(UserId) -> bool) {
        for follower in lock(&self.followers).present.values() {
            if concerns(follower.user) {
                follower.is_in_doubt.store(true, Ordering::Release);
                follower.bell.notify_one();
            }
        }
    }

    /// How many follow it.
    pub(super) fn followers(&self) -> usize {
        lock(&self.followers).present.len()
    }

    /// Who follows it.
    pub(super) fn users(&self) -> Vec<UserId> {
        lock(&self.followers).present.values().map(|follower| follower.user).collect()
    }

    /// The frame of a number. What was told last is the last of those that are kept.
    fn frame(&self, number: u64) -> Read {
        if self.told.load(Ordering::Acquire) == number {
            return Read::Nothing;
        }
        let kept = lock(&self.kept);
        let behind = self.told.load(Ordering::Acquire) - number;
        let behind = usize::try_from(behind).unwrap_or(usize::MAX);
        match kept.frames.len().checked_sub(behind).and_then(|at| kept.frames.get(at)) {
            Some(frame) => Read::Frame(frame.clone()),
            None => Read::Again,
        }
    }
}

impl Kept {
    fn keep(&mut self, frame: Frame) {
        self.bytes += frame.fragment.len();
        self.frames.push_back(frame);
        while self.frames.len() > MOST_FRAMES || (self.bytes > MOST_BYTES && self.frames.len() > 1)
        {
            if let Some(old) = self.frames.pop_front() {
                self.bytes -= old.fragment.len();
            }
        }
    }
}

impl Reader {
    /// The next fragment, if there is one.
    pub fn read(&mut self) -> Read {
        let read = self.ring.frame(self.next);
        // Looked at after the frame was: a doubt comes before what it is about.
        if self.follower.is_in_doubt.load(Ordering::Acquire) {
            return Read::Again;
        }
        if matches!(read, Read::Frame(_)) {
            self.next += 1;
        }
        read
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        lock(&self.ring.followers).present.remove(&self.id);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(sequence: i64) -> Frame {
        Frame::new(sequence, "<p>")
    }

    fn read(reader: &mut Reader) -> Option<i64> {
        match reader.read() {
            Read::Frame(frame) => Some(frame.sequence),
            Read::Nothing => None,
            Read::Again => Some(-1),
        }
    }

    #[test]
    fn everybody_reads_all_that_is_told_after_they_joined() {
        let (ring, bell, user) = (Arc::new(Ring::default()), Arc::default(), UserId::new());
        ring.tell(frame(1));
        let mut early = ring.join(user, &bell);
        assert_eq!(ring.tell(frame(2)), 1);
        let mut late = ring.join(user, &bell);
        assert_eq!(ring.tell(frame(3)), 2);
        assert_eq!(
            [read(&mut early), read(&mut early), read(&mut early)],
            [Some(2), Some(3), None]
        );
        assert_eq!([read(&mut late), read(&mut late)], [Some(3), None]);
        drop(early);
        assert_eq!(ring.followers(), 1);
    }

    #[test]
    fn whoever_falls_out_of_the_ring_is_told_so() {
        let (ring, bell) = (Arc::new(Ring::default()), Arc::default());
        let mut slow = ring.join(UserId::new(), &bell);
        for sequence in 0..=256 {
            ring.tell(frame(sequence));
        }
        assert_eq!(read(&mut slow), Some(-1));
        let mut large = ring.join(UserId::new(), &bell);
        for sequence in 0..3 {
            ring.tell(Frame::new(sequence, &"x".repeat(MOST_BYTES)));
        }
        assert_eq!(read(&mut large), Some(-1), "a ring holds so many bytes");
    }

    #[test]
    fn whoever_is_in_doubt_reads_nothing_more() {
        let (ring, bell) = (Arc::new(Ring::default()), Arc::default());
        let (olive, tomas) = (UserId::new(), UserId::new());
        let (mut one, mut other) = (ring.join(olive, &bell), ring.join(tomas, &bell));
        ring.doubt(|user| user == tomas);
        ring.tell(frame(1));
        assert_eq!(read(&mut one), Some(1));
        assert_eq!(read(&mut other), Some(-1));
    }
}
