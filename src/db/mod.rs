//! Postgres: the pool, the migrations, the private cluster, listening; no business words.
