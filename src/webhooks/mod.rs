//! What is owed to webhook endpoints, and how it gets there.
