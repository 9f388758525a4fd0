//! Who is told of an event, and what they have read.
