//! A page passes over the request to load itself anew while it is being loaded: it is asked once more.
//!
//! Turbo drops a refresh that comes during a visit, though what it loads may be from before. The
//! client of Rails subscribes again from what it has loaded, and learns of the rest then; the others
//! keep their subscription, and would never know.

use super::Frame;

/// The beat at which it is asked once more: time enough for a page to be loaded.
const AGAIN_AT: u8 = 2;

/// What one connection was asked of late.
#[derive(Debug, Default)]
pub struct Refreshes {
    beats: Option<u8>,
}

impl Refreshes {
    /// A frame was sent.
    pub fn sent(&mut self, frame: &Frame) {
        if frame.is_refresh {
            self.beats = Some(0);
        }
    }

    /// A beat; whether the page is to be asked once more now.
    pub fn beat(&mut self) -> bool {
        self.beats = self.beats.map(|beats| beats + 1);
        self.beats.take_if(|beats| *beats == AGAIN_AT).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_asked_once_more_however_often_it_was_asked_before() {
        let mut refreshes = Refreshes::default();
        refreshes.sent(&Frame::new(1, "<p>"));
        assert!(!refreshes.beat() && !refreshes.beat());
        refreshes.sent(&Frame::refresh(2));
        assert!(!refreshes.beat());
        refreshes.sent(&Frame::refresh(3));
        assert!(!refreshes.beat() && refreshes.beat());
        assert!(!refreshes.beat() && !refreshes.beat());
    }
}
