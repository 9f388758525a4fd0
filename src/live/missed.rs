//! What a page has missed since it was rendered or told last.

use std::sync::Arc;

use super::{Frame, Hub, Stream, Subscription, fragments};
use crate::domain::{self, Result};

/// Beyond so many activities a page is better loaded anew than caught up.
const MOST_MISSED: i64 = 1_000;

impl Hub {
    /// What a page has missed between the cursor it came with and the frames that come; none when
    /// it is nothing. It may take a while: confirm the subscription first.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn missed(&self, subscription: &Subscription) -> Result<Option<Frame>> {
        let Subscription { name, account, known, head, .. } = subscription;
        let told = &name.cursor;
        let foreign = known.epoch != told.epoch || known.sequence > (*head).max(told.sequence);
        if foreign || told.sequence - known.sequence > MOST_MISSED {
            metrics::counter!("cairn_live_refreshes").increment(1);
            return Ok(Some(Frame::refresh(told.sequence)));
        }
        let mut html: Arc<str> = "".into();
        if known.sequence < told.sequence {
            metrics::counter!("cairn_live_catch_ups").increment(1);
            html = self.told_between(subscription).await?;
        }
        if let Stream::Deliveries(_) = name.stream {
            // What was tried meanwhile stands in no log of events.
            html = fragments::reload_log().into();
        }
        if let Stream::User(user) = name.stream
            && html.is_empty()
        {
            // What somebody read elsewhere meanwhile stands in no log.
            let mut connection = self.log().pool().acquire().await?;
            html = fragments::notice_count(&mut connection, account.id, user).await?.into();
        }
        // Nor does it stand there who has seen what.
        let receipts = self.receipts(account, name.stream).await?;
        if !receipts.is_empty() {
            html = [&*html, &receipts].concat().into();
        }
        Ok((!html.is_empty()).then(|| Frame::new(told.sequence, &html)))
    }

    async fn told_between(&self, subscription: &Subscription) -> Result<Arc<str>> {
        let Subscription { name, account, known, .. } = subscription;
        let (after, up_to) = (known.sequence, name.cursor.sequence);
        let part = self.0.catch_ups.part((account.id, name.stream, after, up_to));
        let made = part.get_or_try_init(async || {
            let mut connection = self.log().pool().acquire().await?;
            let activities = self.0.activities(&mut connection, account.id, after, up_to).await?;
            let html =
                fragments::render(&mut connection, account, name.stream, &activities).await?;
            Ok::<_, domain::Error>(html.into())
        });
        made.await.cloned()
    }
}
