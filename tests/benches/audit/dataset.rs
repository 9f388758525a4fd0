//! An account with a long log over typed tables, some of it done from addresses that are known.

use std::path::Path;

use cairn::db::embedded::{Cluster, Settings};
use sqlx::{Executor as _, PgPool};

use super::feed;

/// A log in a database of its own, kept between runs.
pub(super) struct Dataset(feed::Dataset);

impl Dataset {
    /// The log of this length; made now, unless an earlier run of the same schema did.
    pub(super) async fn of(cluster: &Cluster, entries: i64) -> Self {
        let dataset = Self(feed::Dataset::of(cluster, entries).await);
        dataset.place().await;
        dataset
    }

    pub(super) fn entries(&self) -> i64 {
        self.0.activities()
    }

    pub(super) fn pool(&self) -> &PgPool {
        self.0.pool()
    }

    pub(super) fn url(&self) -> String {
        self.0.url_with("")
    }

    /// Says of every hundredth entry that it came from one of a thousand addresses, and of a few of
    /// the oldest that they came from one where nobody was since.
    async fn place(&self) {
        let placed: i64 = sqlx::query_scalar("select count(*) from addresses")
            .fetch_one(self.pool())
            .await
            .expect("a count");
        if placed > 0 {
            return;
        }
        // The id of an address says when anybody was there first.
        let places = "insert into addresses (account_id, id, address, digest)
            select account_id, (lpad(to_hex(began), 12, '0') || '7000' || '8000'
                || lpad(to_hex(n), 12, '0'))::uuid, address, sha256(address::bytea)
            from account_heads, (
                select floor(extract(epoch from min(created_at)) * 1000)::bigint as began
                from activities
            ) beginning, (
                select n, '10.0.' || n / 250 || '.' || n % 250 as address
                from generate_series(0, 999) n
                union all
                select 1000, '203.0.113.7'
            ) place";
        let oldest = "update activities set address_id =
                (select id from addresses where address = '203.0.113.7')
            where sequence between 1000 and 1010";
        let others = "update activities a set address_id = p.id
            from (select id, row_number() over (order by id) - 1 as n from addresses
                  where address <> '203.0.113.7') p
            where a.sequence % 100 = 7 and p.n = a.sequence / 100 % 1000";
        let mut connection = self.pool().acquire().await.expect("a connection");
        for statement in ["set statement_timeout = 0", places, others, oldest, "vacuum activities"]
        {
            connection.execute(statement).await.expect("addresses");
        }
    }
}

/// A Postgres that is kept between runs, with the log in it.
pub(super) async fn cluster() -> Cluster {
    let data_dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-audit");
    std::fs::create_dir_all(&data_dir).expect("a folder below target");
    let options = [
        "shared_preload_libraries=pg_stat_statements",
        "shared_buffers=1GB",
        "max_wal_size=8GB",
        "jit=off",
    ];
    let options = options.map(str::to_owned).to_vec();
    let settings = Settings { data_dir, durable: false, options };
    let mut cluster = Cluster::start(&settings).await.expect("a private Postgres");
    cluster.ready().await.expect("it answers");
    cluster
}
