//! People of an account, each signed in with a browser: the very rows that signing in leaves.

use std::sync::Arc;

use cairn::domain::sign_ins;
use cairn::values::clock;
use cairn::values::id::IdentityId;
use cairn::web::kept::Kept;
use cairn::web::session::COOKIE;
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use tower_sessions::{Expiry, Session};
use tower_sessions_sqlx_store::PostgresStore;
use uuid::Uuid;

/// Under which a session keeps what it holds.
const KEY: &str = "cairn";

/// The browser of somebody who is signed in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Browser {
    pub(super) user: Uuid,
    pub(super) sign_in: Uuid,
    pub(super) cookie: String,
    pub(super) csrf_token: String,
}

/// So many members more.
pub(super) async fn join(pool: &PgPool, account: Uuid, count: i64) {
    let join = "with identity as (
            insert into identities (id, email, created_at)
            select gen_random_uuid(), 'person' || n || '@northfold.example', now()
            from generate_series(1, $2) n returning id, email
        )
        insert into users (account_id, id, identity_id, name, role, color, created_at)
        select $1, gen_random_uuid(), id, 'Robin ' || substring(email from '[0-9]+'), 'member',
            (select color from users where account_id = $1 limit 1), now() - interval '200 days'
        from identity";
    let join = sqlx::query(join).bind(account).bind(count).execute(pool);
    join.await.expect("members");
}

/// Everybody of the account signs in, its owner first.
pub(super) async fn sign_in(pool: &PgPool, account: Uuid) -> Vec<Browser> {
    let users = "select id, identity_id from users where account_id = $1
                 order by role = 'owner' desc, id";
    let users = sqlx::query_as::<_, (Uuid, Uuid)>(users).bind(account).fetch_all(pool).await;
    let mut browsers = Vec::new();
    for (user, identity) in users.expect("members") {
        browsers.push(browser(pool, user, identity).await);
    }
    browsers
}

/// The owner of the account signs in.
pub(super) async fn sign_in_owner(pool: &PgPool, account: Uuid) -> Browser {
    let owner = "select id, identity_id from users where account_id = $1 and role = 'owner'";
    let owner = sqlx::query_as::<_, (Uuid, Uuid)>(owner).bind(account).fetch_one(pool).await;
    let (user, identity) = owner.expect("an owner");
    browser(pool, user, identity).await
}

async fn browser(pool: &PgPool, user: Uuid, identity: Uuid) -> Browser {
    let sign_in = sign_ins::start(pool, IdentityId::from(identity), None, "bench").await;
    let sign_in = sign_in.expect("a sign-in");
    let kept = Kept::new(Some(sign_in), clock::now().date());
    let store = Arc::new(PostgresStore::new(pool.clone()));
    let session = Session::new(None, store, Some(Expiry::OnInactivity(time::Duration::days(60))));
    session.insert(KEY, &kept).await.expect("a session");
    session.save().await.expect("a session that is kept");
    let id = session.id().expect("an id");
    let cookie = format!("{COOKIE}={id}");
    Browser { user, sign_in: sign_in.uuid(), cookie, csrf_token: kept.csrf }
}
