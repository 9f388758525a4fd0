//! A log with every kind of event in it, sealed in several rows, and what is found in it.

use std::sync::Arc;

use cairn::events::chain::{self, Hash, Tables, Verified};
use cairn::events::{AccountRef, Creator, Event, KINDS, Log};
use cairn::values::Slug;
use cairn::values::id::{AccountId, UserId};
use sqlx::PgPool;

use crate::support::TestDatabase;

/// A log of one account.
pub(super) struct SealedLog {
    database: TestDatabase,
    pub(super) account: AccountId,
    tables: Arc<Tables>,
}

impl SealedLog {
    /// One in which each kind happened twice, from one address, sealed after every third of it.
    pub(super) async fn of_every_kind() -> Self {
        let database = TestDatabase::new().await;
        let account = AccountId::new();
        let pool = database.pool().clone();
        sqlx::query("insert into account_heads values ($1, 0)")
            .bind(account)
            .execute(&pool)
            .await
            .expect("a head");
        let tables = Arc::new(Tables::read(&pool).await.expect("tables that can be read"));
        let sealed = Self { database, account, tables };
        let (log, creator) = (Log::new(pool, Vec::new()), sealed.creator());
        let twice = KINDS.iter().flat_map(|kind| [(kind.example)(), (kind.example)()]);
        let events: Vec<Arc<dyn Event>> = twice.collect();
        for third in events.chunks(events.len() / 3) {
            for event in third {
                let change = log.change(&creator).await.expect("a change");
                change.record_all(vec![Arc::clone(event)]).await.expect("it is recorded");
            }
            sealed.seal().await;
        }
        sealed
    }

    fn creator(&self) -> Creator {
        let slug = Slug::parse("northfold").expect("a slug");
        let system = Creator::system(AccountRef { id: self.account, slug });
        let address = Some("203.0.113.7".parse().expect("an address"));
        Creator { user_id: Some(UserId::new()), address, ..system }
    }

    pub(super) fn pool(&self) -> &PgPool {
        self.database.pool()
    }

    pub(super) async fn seal(&self) {
        chain::seal(self.pool(), &self.tables, self.account).await.expect("it is sealed");
    }

    /// What a verification of all of it comes to.
    pub(super) async fn verify(&self, heads: &[(i64, Hash)]) -> Verified {
        let beginning = (0, Hash::beginning(self.account));
        chain::verify(self.pool(), &self.tables, self.account, beginning, heads)
            .await
            .expect("it is verified")
    }

    pub(super) async fn execute(&self, statement: &str) {
        let outcome = sqlx::raw_sql(statement).execute(self.pool()).await;
        outcome.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
}
