//! Committed events pushed to open pages as Turbo Streams.
