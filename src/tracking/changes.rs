//! How many changes each person made in each stretch of the log, counted once the stretch is full.
//!
//! The log only grows, so what was counted of a full stretch stays true; the stretch that is not full
//! yet, and those in which a span begins or ends, are counted when somebody asks. Recording knows
//! nothing of it.

use sqlx::PgPool;
use uuid::Uuid;

use crate::values::id::AccountId;

/// How many activities a stretch has.
pub(super) const STRETCH: i64 = 4_096;

/// Counts the stretches that have become full since the last time.
///
/// # Errors
/// A database that fails.
pub async fn count(pool: &PgPool) -> sqlx::Result<()> {
    let full = sqlx::query!(
        r#"select head.account_id as "account: AccountId", counted.next as "next!",
               (head.sequence + 1) / $1 as "end!"
           from account_heads head cross join lateral (
               select coalesce(max(stretch) + 1, 0) as next from tracking_changes counted
               where counted.account_id = head.account_id and counted.board_id = $2
           ) counted
           where counted.next < (head.sequence + 1) / $1"#,
        STRETCH,
        Uuid::nil(),
    );
    for account in full.fetch_all(pool).await? {
        for stretch in account.next..account.end {
            count_stretch(pool, account.account, stretch).await?;
        }
    }
    Ok(())
}

/// On any board, and on each. Two processes that count at once count the same.
async fn count_stretch(pool: &PgPool, account: AccountId, stretch: i64) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into tracking_changes
             (account_id, board_id, stretch, first_at, last_at, user_ids, changes)
         select $1, board_id, $2, min(first_at), max(last_at),
             coalesce(array_agg(user_id) filter (where user_id is not null), '{}'),
             coalesce(array_agg(changes) filter (where user_id is not null), '{}')
         from (
             select scope.board_id, creator_id as user_id, count(*) as changes,
                 min(created_at) as first_at, max(created_at) as last_at
             from activities activity
             cross join lateral (values ($4::uuid), (activity.board_id)) scope (board_id)
             where account_id = $1 and sequence >= $2::bigint * $3::bigint
               and sequence < ($2 + 1) * $3
               and scope.board_id is not null
             group by 1, 2
         ) counted
         group by board_id
         on conflict do nothing",
        account as _,
        stretch,
        STRETCH,
        Uuid::nil(),
    )
    .execute(pool)
    .await?;
    Ok(())
}
