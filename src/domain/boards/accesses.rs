//! Who sees a board: everyone in the account, or the people who were chosen.
//!
//! People may be chosen while everyone sees a board: they are those who keep it when it is made
//! private. Whoever no longer sees a board follows none of its cards and has no notice of them, and
//! none is their work.

use std::sync::Arc;

use sqlx::{PgConnection, PgPool};

use super::{Board, lock_to_change};
use crate::domain::users::User;
use crate::domain::{Actor, Error, Result, assignments};
use crate::events::kinds::board_access_granted::BoardAccessGranted;
use crate::events::kinds::board_access_revoked::BoardAccessRevoked;
use crate::events::{Change, Event, Log};
use crate::values::id::{AccountId, BoardId, UserId};
use crate::values::{BoardAccess, Color, Grantee, Role, clock};

/// The people who were chosen to see a board, by name.
///
/// # Errors
/// A database that fails.
pub async fn chosen(pool: &PgPool, account: AccountId, board: BoardId) -> Result<Vec<User>> {
    let users = sqlx::query_as!(
        User,
        r#"select u.id as "id: UserId", u.name, u.role as "role: Role", u.color as "color: Color"
           from board_accesses a join users u on u.account_id = $1 and u.id = a.user_id
           where a.account_id = $1 and a.board_id = $2 and u.removed_at is null
           order by u.name, u.id"#,
        account as _,
        board as _,
    );
    Ok(users.fetch_all(pool).await?)
}

/// Lets a person see a board, or opens it to everyone. Nothing is recorded where nothing changes.
///
/// # Errors
/// [`Error::NotFound`] when there is no such board for them; [`Error::Invalid`] when the person is
/// no member; [`Error::Forbidden`] unless they manage it and it is not archived.
pub async fn grant(log: &Log, actor: &Actor, id: BoardId, to: Grantee) -> Result<Board> {
    let mut change = log.change(&actor.creator()).await?;
    let board = lock_to_change(&mut change, actor, id).await?;
    board.may_be_managed_by(actor)?;
    let account = actor.account.id;
    let (is_new, user_id) = match to {
        Grantee::Everyone => (board.access == BoardAccess::Chosen, None),
        Grantee::User(user) => {
            ensure_member(&mut change, account, user).await?;
            (choose(&mut change, account, id, user).await?, Some(user))
        }
    };
    if !is_new {
        return Ok(board);
    }
    if user_id.is_none() {
        set_access(&mut change, account, id, BoardAccess::Everyone).await?;
    }
    let granted = BoardAccessGranted { board: board.snapshot(), user_id };
    change.record(granted).await?;
    super::find(log.pool(), actor, id).await
}

/// Takes a board from a person, or from everyone who was not chosen. Whoever makes it private is
/// chosen. Nothing is recorded where nothing changes.
///
/// # Errors
/// [`Error::NotFound`] when there is no such board for them; [`Error::Invalid`] when nobody would
/// see it any more, or too many cards would have to be taken off people; [`Error::Forbidden`] unless they manage it and it is not archived.
pub async fn revoke(log: &Log, actor: &Actor, id: BoardId, from: Grantee) -> Result<()> {
    let mut change = log.change(&actor.creator()).await?;
    let board = lock_to_change(&mut change, actor, id).await?;
    board.may_be_managed_by(actor)?;
    match from {
        Grantee::Everyone if board.access == BoardAccess::Everyone => {
            close(change, actor, &board).await
        }
        Grantee::Everyone => Ok(()),
        Grantee::User(user) => unchoose(change, actor, &board, user).await,
    }
}

async fn close(mut change: Change, actor: &Actor, board: &Board) -> Result<()> {
    let (account, maker) = (actor.account.id, actor.user_id);
    set_access(&mut change, account, board.id, BoardAccess::Chosen).await?;
    let revoked = BoardAccessRevoked { board: board.snapshot(), user_id: None };
    let mut events: Vec<Arc<dyn Event>> = vec![Arc::new(revoked)];
    if choose(&mut change, account, board.id, maker).await? {
        let user_id = Some(maker);
        events.push(Arc::new(BoardAccessGranted { board: board.snapshot(), user_id }));
    }
    forget_those_without_sight(&mut change, account, board.id).await?;
    events.extend(end_work_without_sight(&mut change, account, board.id).await?);
    change.record_all(events).await?;
    Ok(())
}

async fn unchoose(mut change: Change, actor: &Actor, board: &Board, user: UserId) -> Result<()> {
    let account = actor.account.id;
    let removed = sqlx::query!(
        "delete from board_accesses where account_id = $1 and board_id = $2 and user_id = $3",
        account as _,
        board.id as _,
        user as _,
    );
    if removed.execute(&mut *change).await?.rows_affected() == 0 {
        return Ok(());
    }
    ensure_somebody_sees(&mut change, account, board.id).await?;
    forget_those_without_sight(&mut change, account, board.id).await?;
    let revoked = BoardAccessRevoked { board: board.snapshot(), user_id: Some(user) };
    let mut events: Vec<Arc<dyn Event>> = vec![Arc::new(revoked)];
    events.extend(end_work_without_sight(&mut change, account, board.id).await?);
    change.record_all(events).await?;
    Ok(())
}

/// Takes the board’s cards off those who do not see it any more, unless they are too many.
async fn end_work_without_sight(
    connection: &mut PgConnection,
    account: AccountId,
    board: BoardId,
) -> Result<Vec<Arc<dyn Event>>> {
    let ended = assignments::end_without_sight(connection, account, board).await?;
    if ended.len() > assignments::MOST {
        let words = "More than 400 cards would have to be taken off people; take some off first.";
        return Err(Error::invalid("user_id", words));
    }
    Ok(ended)
}

/// Writes that somebody was chosen; whether they were not before.
pub(super) async fn choose(
    connection: &mut PgConnection,
    account: AccountId,
    board: BoardId,
    user: UserId,
) -> Result<bool> {
    let chosen = sqlx::query!(
        "insert into board_accesses (account_id, board_id, user_id, created_at)
         values ($1, $2, $3, $4) on conflict do nothing",
        account as _,
        board as _,
        user as _,
        clock::now(),
    );
    Ok(chosen.execute(connection).await?.rows_affected() > 0)
}

async fn set_access(
    connection: &mut PgConnection,
    account: AccountId,
    board: BoardId,
    access: BoardAccess,
) -> Result<()> {
    sqlx::query!(
        "update boards set access = $3 where account_id = $1 and id = $2",
        account as _,
        board as _,
        access.as_str(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn ensure_member(
    connection: &mut PgConnection,
    account: AccountId,
    user: UserId,
) -> Result<()> {
    let is_member = sqlx::query_scalar!(
        r#"select exists (select from users where account_id = $1 and id = $2
                          and removed_at is null) as "is_member!""#,
        account as _,
        user as _,
    );
    if is_member.fetch_one(connection).await? {
        return Ok(());
    }
    Err(Error::invalid("user_id", "Choose a member of this account."))
}

async fn ensure_somebody_sees(
    connection: &mut PgConnection,
    account: AccountId,
    board: BoardId,
) -> Result<()> {
    let somebody = sqlx::query_scalar!(
        r#"select exists (select from board_viewers where account_id = $1 and board_id = $2)
               as "somebody!""#,
        account as _,
        board as _,
    );
    if somebody.fetch_one(connection).await? {
        return Ok(());
    }
    let words = "Somebody must see this board: choose another person first.";
    Err(Error::invalid("user_id", words))
}

/// Ends what ties people to a board that they do not see: they follow none of its cards, and have
/// no notice of them. Notices are taken card by card in the order of people, as whoever writes
/// them does.
async fn forget_those_without_sight(
    connection: &mut PgConnection,
    account: AccountId,
    board: BoardId,
) -> Result<()> {
    sqlx::query!(
        "delete from watches w using cards c
         where w.account_id = $1 and c.account_id = $1 and c.id = w.card_id and c.board_id = $2
           and not exists (select from board_viewers v where v.account_id = $1
                           and v.board_id = $2 and v.user_id = w.user_id)",
        account as _,
        board as _,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "with gone as (
             select n.subject_id, n.user_id
             from notifications n join cards c on c.account_id = $1 and c.id = n.subject_id
             where n.account_id = $1 and c.board_id = $2
               and not exists (select from board_viewers v where v.account_id = $1
                               and v.board_id = $2 and v.user_id = n.user_id)
             order by n.subject_id, n.user_id for update of n
         )
         delete from notifications n using gone
         where n.account_id = $1 and n.user_id = gone.user_id and n.subject_id = gone.subject_id",
        account as _,
        board as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
