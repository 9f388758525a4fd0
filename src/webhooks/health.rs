//! How endpoints are: when one counts as failing and when it is switched off, and saying so once.

use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

use super::held;
use crate::events::kinds::webhook_endpoint_disabled::{Reason, WebhookEndpointDisabled};
use crate::events::kinds::webhook_endpoint_enabled::WebhookEndpointEnabled;
use crate::events::kinds::webhook_endpoint_failing::WebhookEndpointFailing;
use crate::events::{AccountRef, Creator, EndpointSnapshot, Log};
use crate::values::id::{AccountId, DisablementId, EndpointId, FailingId};
use crate::values::{Slug, clock};

/// The rule in words, as the pages show it.
pub const RULE: &str = "An endpoint is failing once 5 tries in a row failed over at least \
    10 minutes, and is switched off once 10 in a row failed over at least 5 days, or at once \
    when it answers 410 (Gone).";

/// After so many failed tries in a row, over so long, an endpoint counts as failing.
const FAILING: Run = Run { tries: 5, over: Duration::minutes(10) };

/// After so many failed tries in a row, over so long, an endpoint is switched off.
const HOPELESS: Run = Run { tries: 10, over: Duration::days(5) };

/// What happens to one that is switched off, in words.
pub const PROBES: &str = "What it is owed is held. After an hour one delivery of that is tried, then \
    ever more rarely, at least once a day; as soon as it answers, it is switched on and sent the rest.";

/// How long one is left alone that was just switched off.
const FIRST_PROBE: Duration = Duration::HOUR;

/// Tries in a row that failed, and the time from the first to the last of them.
#[derive(Debug, Clone, Copy)]
struct Run {
    tries: i32,
    over: Duration,
}

/// How an endpoint is.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
#[schema(as = WebhookHealth)]
pub struct Health {
    /// In a word.
    pub status: Status,
    /// How many tries in a row failed; one success sets it back to 0.
    pub failures: i32,
    /// When the first of them failed.
    #[serde(with = "time::serde::rfc3339::option")]
    pub failing_since: Option<OffsetDateTime>,
    /// When it was switched off, if it is.
    #[serde(with = "time::serde::rfc3339::option")]
    pub disabled_at: Option<OffsetDateTime>,
    /// Why it was switched off, if it is.
    pub disabled_because: Option<Reason>,
}

impl Health {
    /// That of an endpoint whose last try did not fail.
    pub const WELL: Self = Self {
        status: Status::Well,
        failures: 0,
        failing_since: None,
        disabled_at: None,
        disabled_because: None,
    };
}

/// How an endpoint is, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = WebhookHealthStatus)]
pub enum Status {
    /// It answers.
    Well,
    /// It has not answered for a while.
    Failing,
    /// It is switched off.
    Disabled,
}

/// An endpoint whose last recorded try failed.
#[derive(Debug)]
pub(super) struct Ailing {
    pub(super) account: AccountId,
    pub(super) endpoint: EndpointId,
    pub(super) failures: i32,
    pub(super) since: OffsetDateTime,
    /// Whether it just answered 410 (Gone).
    pub(super) gone: bool,
    /// Whether it was said already that it is failing.
    pub(super) known: bool,
    /// Whether it is switched off already.
    pub(super) disabled: bool,
}

/// What is to be said of an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Failing,
    Disabled(Reason),
}

impl Run {
    fn is_reached(self, ailing: &Ailing, now: OffsetDateTime) -> bool {
        ailing.failures >= self.tries && now - ailing.since >= self.over
    }
}

impl Ailing {
    fn turn(&self, now: OffsetDateTime) -> Option<Turn> {
        if self.disabled {
            None
        } else if self.gone {
            Some(Turn::Disabled(Reason::Gone))
        } else if HOPELESS.is_reached(self, now) {
            Some(Turn::Disabled(Reason::Failing))
        } else {
            (!self.known && FAILING.is_reached(self, now)).then_some(Turn::Failing)
        }
    }
}

/// Says what is to be said of an endpoint whose try failed; most of the time nothing is. Whoever
/// calls this holds no lock.
pub(super) async fn judge(log: &Log, ailing: &Ailing) -> sqlx::Result<()> {
    match ailing.turn(clock::now()) {
        None => Ok(()),
        Some(Turn::Failing) => say_failing(log, ailing).await,
        Some(Turn::Disabled(reason)) => disable(log, ailing, reason).await,
    }
}

async fn say_failing(log: &Log, ailing: &Ailing) -> sqlx::Result<()> {
    let Some((account, endpoint)) = names(log, ailing.account, ailing.endpoint).await? else {
        return Ok(());
    };
    let mut change = log.change(&Creator::system(account)).await?;
    let opened = sqlx::query!(
        "insert into webhook_failings (account_id, id, endpoint_id, created_at)
         values ($1, $2, $3, $4)
         on conflict (account_id, endpoint_id) where ended_at is null do nothing",
        ailing.account as _,
        FailingId::new() as _,
        ailing.endpoint as _,
        clock::now(),
    );
    if opened.execute(&mut *change).await?.rows_affected() == 0 {
        return Ok(());
    }
    let (failures, since) = (ailing.failures, ailing.since);
    change.record(WebhookEndpointFailing { endpoint, failures, since }).await?;
    Ok(())
}

async fn disable(log: &Log, ailing: &Ailing, reason: Reason) -> sqlx::Result<()> {
    let Some((account, endpoint)) = names(log, ailing.account, ailing.endpoint).await? else {
        return Ok(());
    };
    let mut change = log.change(&Creator::system(account)).await?;
    if !open_disablement(&mut change, ailing, reason).await? {
        return Ok(());
    }
    change.record(WebhookEndpointDisabled { endpoint, reason }).await?;
    held::settle_now(log.pool(), ailing.account, ailing.endpoint).await;
    Ok(())
}

/// Switches an endpoint on again that has answered though it is switched off; what is held is sent.
pub(super) async fn recover(
    log: &Log,
    account: AccountId,
    endpoint: EndpointId,
) -> sqlx::Result<()> {
    let Some((account, endpoint)) = names(log, account, endpoint).await? else { return Ok(()) };
    let (account_id, id) = (account.id, endpoint.id);
    let mut change = log.change(&Creator::system(account)).await?;
    let ended = sqlx::query!(
        "update webhook_disablements set ended_at = $3
         where account_id = $1 and endpoint_id = $2 and ended_at is null",
        account_id as _,
        id as _,
        clock::now(),
    );
    if ended.execute(&mut *change).await?.rows_affected() == 0 {
        return Ok(());
    }
    change.record(WebhookEndpointEnabled { endpoint }).await?;
    held::release(log.pool(), account_id, id).await
}

/// Whether it was not open yet.
async fn open_disablement(
    connection: &mut PgConnection,
    ailing: &Ailing,
    reason: Reason,
) -> sqlx::Result<bool> {
    let now = clock::now();
    // One that is gone said so itself.
    let probe_at = (reason == Reason::Failing).then(|| now + FIRST_PROBE);
    let opened = sqlx::query!(
        "insert into webhook_disablements (account_id, id, endpoint_id, reason, created_at, probe_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (account_id, endpoint_id) where ended_at is null do nothing",
        ailing.account as _,
        DisablementId::new() as _,
        ailing.endpoint as _,
        reason as _,
        now,
        probe_at,
    );
    Ok(opened.execute(connection).await?.rows_affected() > 0)
}

/// The account and the endpoint as an event speaks of them; none when the endpoint was removed.
async fn names(
    log: &Log,
    account: AccountId,
    endpoint: EndpointId,
) -> sqlx::Result<Option<(AccountRef, EndpointSnapshot)>> {
    let row = sqlx::query!(
        r#"select a.slug as "slug: Slug", e.url
           from webhook_endpoints e join accounts a on a.id = e.account_id
           where e.account_id = $1 and e.id = $2 and e.removed_at is null"#,
        account as _,
        endpoint as _,
    );
    let row = row.fetch_optional(log.pool()).await?;
    Ok(row.map(|row| {
        let account = AccountRef { id: account, slug: row.slug };
        (account, EndpointSnapshot::new(endpoint, &row.url))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-24 10:00 UTC);

    fn ailing(failures: i32, failing_for: Duration) -> Ailing {
        Ailing {
            account: AccountId::new(),
            endpoint: EndpointId::new(),
            failures,
            since: NOW - failing_for,
            gone: false,
            known: false,
            disabled: false,
        }
    }

    #[test]
    fn failing_needs_both_tries_and_time() {
        assert_eq!(ailing(5, Duration::minutes(10)).turn(NOW), Some(Turn::Failing));
        assert_eq!(ailing(4, Duration::hours(10)).turn(NOW), None);
        assert_eq!(ailing(500, Duration::minutes(9)).turn(NOW), None);
        assert_eq!(Ailing { known: true, ..ailing(9, Duration::DAY) }.turn(NOW), None);
    }

    #[test]
    fn days_of_failing_end_in_switching_off_once() {
        let disabled = Some(Turn::Disabled(Reason::Failing));
        let hopeless = ailing(10, Duration::days(5));
        assert_eq!(hopeless.turn(NOW), disabled);
        assert_eq!(ailing(9, Duration::days(30)).turn(NOW), Some(Turn::Failing));
        assert_eq!(Ailing { known: true, ..ailing(10, Duration::days(5)) }.turn(NOW), disabled);
        assert_eq!(Ailing { disabled: true, ..hopeless }.turn(NOW), None);
    }

    #[test]
    fn gone_is_gone_at_once() {
        let gone = Ailing { gone: true, ..ailing(1, Duration::ZERO) };
        assert_eq!(gone.turn(NOW), Some(Turn::Disabled(Reason::Gone)));
    }

    #[test]
    fn the_rule_in_words_says_what_the_numbers_say() {
        for run in [FAILING, HOPELESS] {
            assert!(RULE.contains(&format!("{} ", run.tries)), "{RULE}");
        }
        assert!(RULE.contains(&format!("{} minutes", FAILING.over.whole_minutes())));
        assert!(RULE.contains(&format!("{} days", HOPELESS.over.whole_days())));
    }
}
