//! The fragments of one stream, kept for those who are a little behind.
//!
//! Nobody has a queue of their own: all who follow a stream read the same ring, each at their own
//! pace, and whoever falls out of it goes back to the log.

use std::collections::{HashMap, VecDeque};
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
pub(super) struct Ring(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    frames: VecDeque<Frame>,
    bytes: usize,
    /// How many frames there have been.
    told: u64,
    followers: HashMap<u64, Follower>,
    /// How many followers there have been.
    joined: u64,
}

#[derive(Debug)]
struct Follower {
    user: UserId,
    bell: Arc<Notify>,
    is_in_doubt: bool,
}

/// Somebody's place in a ring. They follow it until this is dropped.
#[derive(Debug)]
pub struct Reader {
    ring: Arc<Ring>,
    id: u64,
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
        let mut kept = self.kept();
        kept.joined += 1;
        let (id, next) = (kept.joined, kept.told);
        let follower = Follower { user, bell: Arc::clone(bell), is_in_doubt: false };
        kept.followers.insert(id, follower);
        Reader { ring: Arc::clone(self), id, next }
    }

    /// Tells all who follow; how many they are.
    pub(super) fn tell(&self, frame: Frame) -> usize {
        let mut kept = self.kept();
        kept.keep(frame);
        for follower in kept.followers.values() {
            follower.bell.notify_one();
        }
        kept.followers.len()
    }

    /// Has those who follow it asked again whether they may, before they are told anything more.
    pub(super) fn doubt(&self, concerns: impl Fn(UserId) -> bool) {
        for follower in self.kept().followers.values_mut() {
            if concerns(follower.user) {
                follower.is_in_doubt = true;
                follower.bell.notify_one();
            }
        }
    }

    /// How many follow it.
    pub(super) fn followers(&self) -> usize {
        self.kept().followers.len()
    }

    /// Who follows it.
    pub(super) fn users(&self) -> Vec<UserId> {
        self.kept().followers.values().map(|follower| follower.user).collect()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn keep(&mut self, frame: Frame) {
        self.bytes += frame.fragment.len();
        self.frames.push_back(frame);
        self.told += 1;
        while self.frames.len() > MOST_FRAMES || (self.bytes > MOST_BYTES && self.frames.len() > 1)
        {
            if let Some(old) = self.frames.pop_front() {
                self.bytes -= old.fragment.len();
            }
        }
    }

    fn frame(&self, number: u64) -> Read {
        let behind = usize::try_from(self.told - number).unwrap_or(usize::MAX);
        if behind == 0 {
            return Read::Nothing;
        }
        match self.frames.len().checked_sub(behind).and_then(|at| self.frames.get(at)) {
            Some(frame) => Read::Frame(frame.clone()),
            None => Read::Again,
        }
    }
}

impl Reader {
    /// The next fragment, if there is one.
    pub fn read(&mut self) -> Read {
        let kept = self.ring.kept();
        let read = match kept.followers.get(&self.id) {
            Some(follower) if !follower.is_in_doubt => kept.frame(self.next),
            _ => Read::Again,
        };
        drop(kept);
        if matches!(read, Read::Frame(_)) {
            self.next += 1;
        }
        read
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.ring.kept().followers.remove(&self.id);
    }
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
