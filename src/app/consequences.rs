//! The list of what follows from an event in its own transaction.

use std::sync::Arc;

use crate::events::Consequence;
use crate::notifications;
use crate::webhooks;

/// Everything that follows, in the order in which it is prepared.
pub fn all() -> Vec<Arc<dyn Consequence>> {
    vec![Arc::new(webhooks::Owing), Arc::new(notifications::Telling)]
}
