//! The world put together: pool, log, hub, router, worker; started and stopped in order.
