//! What becomes of a member: another role, being removed, leaving.

use std::sync::Arc;

use sqlx::PgConnection;

use super::users::User;
use super::{Actor, Error, Result, assignments, tokens};
use crate::events::kinds::board_access_granted::BoardAccessGranted;
use crate::events::kinds::member_removed::{Departure, MemberRemoved};
use crate::events::kinds::member_role_changed::MemberRoleChanged;
use crate::events::{BoardSnapshot, Change, Event, Log};
use crate::values::id::{AccountId, BoardId, UserId};
use crate::values::{Color, Role, clock};

/// Gives a member another role. The role they have already is no event.
///
/// # Errors
/// [`Error::Forbidden`] for those who may not look after this member or may not give this role;
/// [`Error::Invalid`] when the account would have no owner left; [`Error::NotFound`] when there is
/// no such member.
pub async fn change_role(log: &Log, actor: &Actor, id: UserId, role: Role) -> Result<User> {
    actor.may_administer()?;
    let mut change = log.change(&actor.creator()).await?;
    let Standing { actor, member, owners } = Standing::lock(&mut change, actor, id).await?;
    actor.may_look_after(member.role)?;
    actor.may_appoint(role)?;
    if member.role == role {
        return Ok(member);
    }
    if owners == [id] {
        return Err(last_owner("role"));
    }
    sqlx::query!(
        "with heads as (
             delete from head_letters where account_id = $1 and user_id = $2 and $3 <> 'owner'
         )
         update users set role = $3 where account_id = $1 and id = $2",
        actor.account.id as _,
        id as _,
        role.as_str(),
    )
    .execute(&mut *change)
    .await?;
    let event = MemberRoleChanged { user_id: id, old_role: member.role, new_role: role };
    change.record(event).await?;
    Ok(User { role, ..member })
}

/// Removes a member, or oneself: then one leaves. What they did stays, and so does their row, for
/// the day when they are invited again; their tokens, their following and their work are over. More
/// work than one change holds is taken off them in changes before.
///
/// # Errors
/// [`Error::Forbidden`] for those who may not look after this member; [`Error::Invalid`] when the
/// account would have no owner left; [`Error::NotFound`] when there is no such member.
pub async fn remove(log: &Log, actor: &Actor, id: UserId) -> Result<()> {
    let leaves = id == actor.user_id;
    if leaves {
        actor.may_write()?;
    } else {
        actor.may_administer()?;
    }
    loop {
        let mut change = log.change(&actor.creator()).await?;
        let Standing { actor, member, owners } = Standing::lock(&mut change, actor, id).await?;
        if !leaves {
            actor.may_look_after(member.role)?;
        }
        if owners == [id] {
            return Err(last_owner("member"));
        }
        let other_owner = owners.into_iter().find(|owner| *owner != id);
        let heir = other_owner.filter(|_| leaves).unwrap_or(actor.user_id);
        let passed = pass_boards_on(&mut change, actor.account.id, id, heir).await?;
        let unassigned = assignments::end_of_member(&mut change, actor.account.id, id).await?;
        if unassigned.len() < assignments::MOST {
            let events = passed.into_iter().chain(unassigned).collect();
            return depart(change, &actor, id, events).await;
        }
        change.record_all(passed.into_iter().chain(unassigned).collect()).await?;
    }
}

/// The departure itself, and what it entails besides these events.
async fn depart(
    mut change: Change,
    actor: &Actor,
    id: UserId,
    entailed: Vec<Arc<dyn Event>>,
) -> Result<()> {
    let account = actor.account.id;
    sqlx::query!(
        "update users set removed_at = $3 where account_id = $1 and id = $2",
        account as _,
        id as _,
        clock::now(),
    )
    .execute(&mut *change)
    .await?;
    forget_what_is_theirs(&mut change, account, id).await?;
    let revoked = tokens::revoke_all(&mut change, account, id).await?;
    let departure = if id == actor.user_id { Departure::Left } else { Departure::Removed };
    let mut events: Vec<Arc<dyn Event>> = vec![Arc::new(MemberRemoved { user_id: id, departure })];
    events.extend(revoked.into_iter().map(|event| Arc::new(event) as Arc<dyn Event>));
    events.extend(entailed);
    change.record_all(events).await?;
    Ok(())
}

fn last_owner(field: &'static str) -> Error {
    Error::invalid(
        field,
        "This is the account’s last owner. Make somebody else an owner first, then this can be done.",
    )
}

/// Who acts and on whom, as they are now, and the owners there are.
struct Standing {
    actor: Actor,
    member: User,
    owners: Vec<UserId>,
}

impl Standing {
    /// Locks all three in the order of their ids. Every change of members takes the owners’ rows,
    /// so of two at once the second sees what the first has done: two owners who demote each other
    /// do not both succeed.
    async fn lock(connection: &mut PgConnection, actor: &Actor, id: UserId) -> Result<Self> {
        let users = sqlx::query_as!(
            User,
            r#"select id as "id: UserId", name, role as "role: Role", color as "color: Color"
               from users
               where account_id = $1 and removed_at is null and (role = 'owner' or id = any($2))
               order by id for no key update"#,
            actor.account.id as _,
            &[id, actor.user_id] as _,
        )
        .fetch_all(connection)
        .await?;
        let find = |id| users.iter().find(|user| user.id == id).cloned().ok_or(Error::NotFound);
        let (member, now) = (find(id)?, find(actor.user_id)?);
        let owners = users.iter().filter(|user| user.role == Role::Owner).map(|user| user.id);
        Ok(Self {
            actor: Actor { role: now.role, ..actor.clone() },
            owners: owners.collect(),
            member,
        })
    }
}

/// Takes somebody’s access to private boards. One that nobody would see any more passes on to the
/// heir; an event for each of those.
async fn pass_boards_on(
    connection: &mut PgConnection,
    account: AccountId,
    from: UserId,
    heir: UserId,
) -> Result<Vec<Arc<dyn Event>>> {
    let boards = sqlx::query!(
        r#"with lost as (
               delete from board_accesses where account_id = $1 and user_id = $2 returning board_id
           ), passed as (
               insert into board_accesses (account_id, board_id, user_id, created_at)
               select $1, lost.board_id, $3, $4
               from lost join boards b on b.account_id = $1 and b.id = lost.board_id
               where b.access = 'chosen'
                 and not exists (select from board_accesses a
                                 join users u on u.account_id = $1 and u.id = a.user_id
                                 where a.account_id = $1 and a.board_id = lost.board_id
                                   and a.user_id <> $2 and u.removed_at is null)
               returning board_id
           )
           select b.id as "id: BoardId", b.name
           from passed join boards b on b.account_id = $1 and b.id = passed.board_id order by b.id"#,
        account as _,
        from as _,
        heir as _,
        clock::now(),
    );
    let passed = boards.fetch_all(connection).await?.into_iter().map(|row| {
        let board = BoardSnapshot { id: row.id, name: row.name };
        Arc::new(BoardAccessGranted { board, user_id: Some(heir) }) as Arc<dyn Event>
    });
    Ok(passed.collect())
}

/// Deletes what somebody follows, what they were told, and that heads of the log are sent to them.
async fn forget_what_is_theirs(
    connection: &mut PgConnection,
    account: AccountId,
    user: UserId,
) -> Result<()> {
    sqlx::query!(
        "with followed as (delete from watches where account_id = $1 and user_id = $2),
              heads as (delete from head_letters where account_id = $1 and user_id = $2)
         delete from notifications where account_id = $1 and user_id = $2",
        account as _,
        user as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
