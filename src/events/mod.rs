//! What happened: the kinds of events, the log they are recorded in, and reading it back.
