//! The account itself: its settings, who is in it, and the tokens that open it.

use std::collections::BTreeMap;

use sqlx::PgConnection;

use super::difference::{Compared, Comparing, Difference};
use crate::domain::Result;
use crate::events::account_as_it_was::{MemberAsTheyWere, TokenAsItWas};
use crate::events::history::{self, From, Page, Scope as Whose};
use crate::events::{AccountAsItWas, KINDS, Kind, Log, Place};
use crate::values::id::{AccountId, TokenId, UserId};
use crate::values::{Role, Scope, Zone};

/// So many activities are read at once.
const WINDOW: i64 = 1_000;

/// Tells an account anew; the first difference.
pub(super) async fn replay(
    log: &Log,
    connection: &mut PgConnection,
    account: AccountId,
) -> Result<Option<Difference>> {
    let told = told(log, &mut *connection, account).await?;
    let stored = stored(connection, account).await?;
    Ok(compare(&told, &stored).err().map(|difference| *difference))
}

async fn told(
    log: &Log,
    connection: &mut PgConnection,
    account: AccountId,
) -> sqlx::Result<AccountAsItWas> {
    let mut told = AccountAsItWas::default();
    let mut page = Page::newest(Whose::Account, WINDOW, on_no_board());
    page.from = From::After(0);
    loop {
        let activities = history::page_on(log, &mut *connection, account, &page).await?;
        let Some(last) = activities.last() else { return Ok(told) };
        page.from = From::After(last.sequence);
        for activity in &activities {
            activity.event.settle(&mut told);
        }
    }
}

fn on_no_board() -> Vec<&'static Kind> {
    let is_on_none = |kind: &&'static Kind| (kind.example)().place() == Place::default();
    KINDS.iter().copied().filter(is_on_none).collect()
}

async fn stored(connection: &mut PgConnection, account: AccountId) -> sqlx::Result<AccountAsItWas> {
    let itself = sqlx::query!(
        r#"select name, time_zone as "time_zone: Zone" from accounts where id = $1"#,
        account as _,
    );
    let itself = itself.fetch_one(&mut *connection).await?;
    Ok(AccountAsItWas {
        name: Some(itself.name),
        zone: Some(itself.time_zone),
        members: members(&mut *connection, account).await?,
        tokens: tokens(connection, account).await?,
        // The floor that calls them compares them.
        endpoints: BTreeMap::new(),
    })
}

async fn members(
    connection: &mut PgConnection,
    account: AccountId,
) -> sqlx::Result<BTreeMap<UserId, MemberAsTheyWere>> {
    let rows = sqlx::query!(
        r#"select id as "id: UserId", role as "role: Role", removed_at is null as "is_present!"
           from users where account_id = $1"#,
        account as _,
    );
    let rows = rows.fetch_all(connection).await?.into_iter();
    let member = |role, is_present| MemberAsTheyWere { role, is_present };
    Ok(rows.map(|row| (row.id, member(row.role, row.is_present))).collect())
}

async fn tokens(
    connection: &mut PgConnection,
    account: AccountId,
) -> sqlx::Result<BTreeMap<TokenId, TokenAsItWas>> {
    let rows = sqlx::query!(
        r#"select id as "id: TokenId", user_id as "user_id: UserId", scope as "scope: Scope"
           from tokens where account_id = $1 and revoked_at is null"#,
        account as _,
    );
    let rows = rows.fetch_all(connection).await?.into_iter();
    Ok(rows.map(|row| (row.id, TokenAsItWas { user_id: row.user_id, scope: row.scope })).collect())
}

fn compare(log: &AccountAsItWas, found: &AccountAsItWas) -> Compared {
    let comparing = Comparing::of("the account");
    let name = |account: &AccountAsItWas| account.name.clone().unwrap_or_default();
    comparing.text("name", &name(log), &name(found))?;
    if log.zone.is_some() {
        comparing.same("time zone", &log.zone, &found.zone)?;
    }
    comparing.each("member", &log.members, &found.members, |comparing, log, found| {
        comparing.same("role", &log.role, &found.role)?;
        comparing.same("whether they are a member", &log.is_present, &found.is_present)
    })?;
    comparing.each("token", &log.tokens, &found.tokens, |comparing, log, found| {
        comparing.same("whose it is", &log.user_id, &found.user_id)?;
        comparing.same("scope", &log.scope, &found.scope)
    })
}
