//! The list of what follows from an event in its own transaction.

use std::sync::Arc;

use crate::events::Consequence;
use crate::{notifications, tracking, webhooks};

/// Everything that follows, in the order in which it is prepared.
/// `address` is where the site is, for links in messages.
pub fn all(address: &str) -> Vec<Arc<dyn Consequence>> {
    vec![
        Arc::new(webhooks::Owing::new(address)),
        Arc::new(notifications::Telling),
        Arc::new(webhooks::Forgetting),
        Arc::new(tracking::Forgetting),
    ]
}
