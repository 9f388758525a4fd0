//! Claiming what is due: the endpoints in turn, a few deliveries of each, under a lease.

use sqlx::{PgConnection, PgPool};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::changes::Changed;
use super::claimed::Claimed;
use super::held;
use super::pace::Pace;
use super::probe;
use super::room::Room;
use super::signature::Scheme;
use crate::values::id::{AccountId, DeliveryId, EndpointId, EventId};

/// How long a claim holds: longer than any try. Then the delivery is due again by itself.
const LEASE: Duration = Duration::seconds(45);

/// How many endpoints have their turn in one round.
const ENDPOINTS_A_ROUND: i64 = 64;

/// Lets every endpoint that is owed something be looked at, in a database that was just restored.
///
/// # Errors
/// A database that fails.
pub async fn look_at_all(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into webhook_due (account_id, endpoint_id, due_at)
         select account_id, endpoint_id, min(due_at) from webhook_deliveries
         where status = 'pending' group by account_id, endpoint_id
         on conflict do nothing"
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// When anything is due that there is room for; none: not in the foreseeable future.
pub(super) async fn earliest(pool: &PgPool, room: &Room) -> sqlx::Result<Option<OffsetDateTime>> {
    sqlx::query_scalar!(
        "select due_at from webhook_due where endpoint_id <> all($1) and due_at < 'infinity'
         order by due_at limit 1",
        &room.full(),
    )
    .fetch_optional(pool)
    .await
}

/// An endpoint whose turn it is, for as long as the transaction lasts.
struct Turn {
    account: AccountId,
    endpoint: EndpointId,
    is_called: bool,
    rate_limit: Option<i32>,
    full_at: Option<OffsetDateTime>,
}

impl Turn {
    fn pace(&self) -> Option<Pace> {
        Pace::of(self.rate_limit, self.full_at)
    }
}

/// What came of a look.
#[derive(Default)]
pub(super) struct Looked {
    /// What was claimed.
    pub(super) claimed: Vec<Claimed>,
    /// The logs of endpoints that are not called, whose deliveries were settled.
    pub(super) settled: Vec<Changed>,
}

/// Claims of what is due as much as there is room for: of the endpoints that wait longest, a few
/// deliveries of each, and puts these endpoints at the end of the queue.
///
/// Whoever holds an endpoint's row has the turn, so no two claim from one endpoint at once, and an
/// event that is owed meanwhile sets its time after this one. From one that is not called nothing is
/// claimed but a probe: what is owed to it is settled.
pub(super) async fn claim(pool: &PgPool, now: OffsetDateTime, room: &Room) -> sqlx::Result<Looked> {
    let mut transaction = pool.begin().await?;
    let turns = turns(&mut transaction, now, room).await?;
    if turns.is_empty() {
        return Ok(Looked::default());
    }
    let (mut claimed, mut settled) = (Vec::new(), Vec::new());
    for Turn { account, endpoint, .. } in turns.iter().filter(|turn| !turn.is_called) {
        let of = (*account, *endpoint);
        claimed.extend(probe::claim(&mut transaction, of, now, now + LEASE).await?);
        held::settle(&mut transaction, *account, *endpoint, now).await?;
        settled.push(Changed { account_id: *account, endpoint_id: *endpoint });
    }
    let called: Vec<&Turn> = turns.iter().filter(|turn| turn.is_called).collect();
    if !called.is_empty() {
        claimed.extend(claim_of(&mut transaction, now, &called, room).await?);
    }
    transaction.commit().await?;
    Ok(Looked { claimed, settled })
}

/// The endpoints that are due, the longest waiting first: those of which there is room to claim more, and
/// those that are not called, whose deliveries are settled.
async fn turns(
    connection: &mut PgConnection,
    now: OffsetDateTime,
    room: &Room,
) -> sqlx::Result<Vec<Turn>> {
    sqlx::query_as!(
        Turn,
        r#"select d.account_id as "account: AccountId", d.endpoint_id as "endpoint: EndpointId",
               e.removed_at is null and o.id is null as "is_called!", e.rate_limit, d.full_at
           from webhook_due d
           join webhook_endpoints e on e.account_id = d.account_id and e.id = d.endpoint_id
           left join webhook_disablements o on o.account_id = d.account_id
               and o.endpoint_id = d.endpoint_id and o.ended_at is null
           where d.due_at <= $1
             and (d.endpoint_id <> all($2) or e.removed_at is not null or o.id is not null)
           order by d.due_at limit $3
           for update of d skip locked"#,
        now,
        &room.full(),
        ENDPOINTS_A_ROUND,
    )
    .fetch_all(connection)
    .await
}

/// A statement of its own: it must see what was committed before the turns were taken.
async fn claim_of(
    connection: &mut PgConnection,
    now: OffsetDateTime,
    turns: &[&Turn],
    room: &Room,
) -> sqlx::Result<Vec<Claimed>> {
    let accounts: Vec<Uuid> = turns.iter().map(|turn| turn.account.uuid()).collect();
    let endpoints: Vec<Uuid> = turns.iter().map(|turn| turn.endpoint.uuid()).collect();
    let shares = room.share(turns.iter().map(|turn| turn.endpoint));
    let paces = turns.iter().zip(shares).map(|(turn, share)| match turn.pace() {
        Some(pace) => pace.allows(now).min(share),
        None => share,
    });
    let shares: Vec<i64> = paces.collect();
    let claimed = sqlx::query_as!(
        Claimed,
        r#"with turn as (
               select * from unnest($1::uuid[], $2::uuid[], $3::bigint[])
                   as turn (account_id, endpoint_id, share)
           ), next as (
               select t.account_id, t.endpoint_id, t.share, waiting.id, waiting.due_at,
                   waiting.lease_id,
                   row_number() over (partition by t.account_id, t.endpoint_id
                                      order by waiting.due_at, waiting.number) as place
               from turn t cross join lateral (
                   select id, due_at, number, lease_id from webhook_deliveries d
                   where d.account_id = t.account_id and d.endpoint_id = t.endpoint_id
                     and d.status = 'pending'
                   order by due_at limit t.share + 1) waiting
           ), claimed as (
               update webhook_deliveries d set lease_id = $5, due_at = $6
               from next
               where d.account_id = next.account_id and d.id = next.id and d.status = 'pending'
                 and next.due_at <= $4 and next.place <= next.share
               returning d.*, next.due_at as was_due_at, next.lease_id as former_lease_id
           ), queued as (
               update webhook_due w set due_at = least(
                   (select min(greatest(n.due_at, $4 + interval '1 us')) from next n
                    where n.account_id = w.account_id and n.endpoint_id = w.endpoint_id
                      and (n.place > n.share or n.due_at > $4)),
                   case when exists(select from next n where n.account_id = w.account_id
                            and n.endpoint_id = w.endpoint_id and n.due_at <= $4
                            and n.place <= n.share)
                        then $6 else 'infinity' end)
               from turn t where w.account_id = t.account_id and w.endpoint_id = t.endpoint_id
           )
           select d.account_id as "account!: AccountId", d.endpoint_id as "endpoint!: EndpointId",
               d.id as "id!: DeliveryId", d.lease_id as "lease!", d.due_at as "leased_until!",
               d.was_due_at as "due_at!", (d.former_lease_id is not null) as "is_uncertain!",
               d.created_at as "created_at!",
               d.number as "number!", d.sequence as "sequence!", d.event_id as "event_id!: EventId",
               d.attempts as "attempts!", d.postponements as "postponements!", false as "is_probe!",
               d.replay_id is not null or d.resent_id is not null as "is_again!",
               exists(select from boards b where b.account_id = d.account_id and b.id = d.board_id
                   and b.access = 'chosen')
                 and not exists(select from webhook_endpoint_boards n
                     where n.account_id = d.account_id and n.endpoint_id = d.endpoint_id
                       and n.board_id = d.board_id) as "is_withheld!",
               e.url, e.sealed_secret,
               case when e.older_until > $4 then e.older_sealed_secret end as older_sealed_secret,
               e.signature as "signature: Scheme", (e.other_until > $4) is true as "other_too!",
               e.sealed_key,
               case when e.older_until > $4 then e.older_sealed_key end as older_sealed_key,
               e.sealed_headers, p.body
           from claimed d
           join webhook_endpoints e on e.account_id = d.account_id and e.id = d.endpoint_id
           join webhook_payloads p on p.account_id = d.account_id and p.event_id = d.event_id
               and p.format = d.format
           order by d.number"#,
        &accounts,
        &endpoints,
        &shares,
        now,
        Uuid::now_v7(),
        now + LEASE,
    )
    .fetch_all(&mut *connection)
    .await?;
    for turn in turns {
        if let Some(pace) = turn.pace() {
            let taken = claimed.iter().filter(|it| it.endpoint == turn.endpoint).count();
            pace.after(taken, now).keep(connection, turn.account, turn.endpoint).await?;
        }
    }
    Ok(claimed)
}

/// Gives back what was claimed and will not be tried here, so that nobody waits for these leases to run
/// out. A probe is left: it is held again when its lease has run out.
pub(super) async fn give_back(pool: &PgPool, claimed: &[Claimed]) -> sqlx::Result<()> {
    let column = |value: fn(&Claimed) -> Uuid| -> Vec<Uuid> {
        claimed.iter().filter(|it| !it.is_probe).map(value).collect()
    };
    let due_at: Vec<OffsetDateTime> =
        claimed.iter().filter(|it| !it.is_probe).map(|it| it.due_at).collect();
    if due_at.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "with back as (
             select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[])
                 as back (account_id, id, lease_id, due_at)
         ), given as (
             update webhook_deliveries d set lease_id = null, due_at = back.due_at
             from back
             where d.account_id = back.account_id and d.id = back.id
               and d.lease_id = back.lease_id and d.status = 'pending'
             returning d.account_id, d.endpoint_id, d.due_at
         )
         insert into webhook_due (account_id, endpoint_id, due_at)
         select account_id, endpoint_id, min(due_at) from given
         group by account_id, endpoint_id order by account_id, endpoint_id
         on conflict (account_id, endpoint_id) do update set due_at = excluded.due_at
         where webhook_due.due_at > excluded.due_at",
        &column(|it| it.account.uuid()),
        &column(|it| it.id.uuid()),
        &column(|it| it.lease),
        &due_at,
    )
    .execute(pool)
    .await?;
    Ok(())
}
