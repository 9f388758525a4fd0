//! Telling somebody’s open pages that they have read notices on one of them.
//!
//! Reading is no event, so it stands in no log: a hint says whose count is another one, and the
//! count that is sent is the one of that moment. A page that subscribes is told its count at once,
//! and after a time without hints all are told: so a lost hint is made good.

use std::collections::HashSet;
use std::sync::{MutexGuard, PoisonError};

use sqlx::PgConnection;

use super::{Frame, Hub, Stream, fragments};
use crate::domain::Result;
use crate::notifications::Reading;
use crate::values::id::AccountId;

impl Hub {
    /// Somebody has read notices.
    pub(super) fn has_read(&self, reading: Reading) {
        self.readings().insert(reading);
    }

    /// Hints may have been lost: whoever follows their notices here may have read some.
    pub(super) fn everybody_may_have_read(&self) {
        let accounts = self.accounts();
        let followed = accounts.iter().flat_map(|(id, watched)| {
            watched.streams.keys().filter_map(|stream| match stream {
                Stream::User(user) => Some(Reading { account_id: *id, user_id: *user }),
                _ => None,
            })
        });
        self.readings().extend(followed);
    }

    /// Tells the pages of all who have read how many notices are left. Those who could not be told
    /// stay noted.
    pub(super) async fn tell_readers(&self, connection: &mut PgConnection) -> Result<()> {
        while let Some(reading) = self.a_reading() {
            if let Err(error) = self.tell_reader(connection, reading).await {
                self.has_read(reading);
                return Err(error);
            }
        }
        Ok(())
    }

    fn a_reading(&self) -> Option<Reading> {
        let mut readings = self.readings();
        let reading = readings.iter().next().copied()?;
        readings.take(&reading)
    }

    async fn tell_reader(&self, connection: &mut PgConnection, reading: Reading) -> Result<()> {
        let Reading { account_id, user_id } = reading;
        let stream = Stream::User(user_id);
        let Some(told) = self.told(account_id, stream) else { return Ok(()) };
        let html = fragments::notice_count(connection, account_id, user_id).await?;
        // If the log was exchanged for another meanwhile, the followers who came since know more.
        if let Some(watched) =
            self.accounts().get(&account_id).filter(|watched| watched.told == told)
            && let Some(ring) = watched.streams.get(&stream)
        {
            ring.tell(Frame::new(told, &html));
        }
        Ok(())
    }

    /// Up to where the followers of a stream have been told; none when nobody follows it here.
    fn told(&self, account: AccountId, stream: Stream) -> Option<i64> {
        let accounts = self.accounts();
        accounts.get(&account).filter(|it| it.streams.contains_key(&stream)).map(|it| it.told)
    }

    fn readings(&self) -> MutexGuard<'_, HashSet<Reading>> {
        self.0.readings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
