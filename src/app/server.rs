//! `cairn serve`: everything started in order, and stopped in the order it must be.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::serve::ListenerExt as _;
use ipnet::IpNet;
use sqlx::PgPool;
use tokio::net::TcpListener;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::database::Database;
use super::signals::{self, Stop};
use super::{Failure, consequences, demo, keys, listener, upkeep};
use crate::config::Config;
use crate::db::{self, notify};
use crate::domain::accounts;
use crate::events::Log;
use crate::events::chain::Sealer;
use crate::live::Hub;
use crate::mail::{Mailer, Outgoing};
use crate::tracking::Tracker;
use crate::values::Email;
use crate::values::secret::{KeyRing, Secret};
use crate::web;
use crate::webhooks::{Deliverer, Guard, Replayer, Trials, send::Sender};
use crate::worker::{self, Workers};

/// How long requests that are being answered may still take when the server stops.
const DRAIN: Duration = Duration::from_secs(10);

/// This machine, as networks.
const LOOPBACK: [&str; 2] = ["127.0.0.0/8", "::1/128"];

/// Starts the writer of what browsers report over a pool of its own.
pub type StartTracker = fn(PgPool) -> (Tracker, JoinHandle<()>);

/// Serves until it is asked to stop.
///
/// # Errors
/// [`Failure`] says in one line why it could not start.
pub async fn serve(config: &Config) -> Result<(), Failure> {
    serve_with(config, Tracker::start).await
}

/// Serves with another way to store what browsers report, for benches to compare with.
///
/// # Errors
/// [`Failure`] says in one line why it could not start.
pub async fn serve_with(config: &Config, start_tracker: StartTracker) -> Result<(), Failure> {
    let mut stop = Stop::listen()?;
    signals::raise_open_files();
    let lock = Database::reserve(config)?;
    let listener = listener::bind(config.bind).await?;
    let held = stop.unless_requested(Database::hold(config, lock)).await;
    let Some(mut database) = held.transpose()? else { return Ok(()) };
    let outcome = run(config, start_tracker, &mut database, listener, &mut stop).await;
    database.close().await?;
    outcome
}

async fn run(
    config: &Config,
    start_tracker: StartTracker,
    database: &mut Database,
    listener: TcpListener,
    asked: &mut Stop,
) -> Result<(), Failure> {
    let keys = keys::load(config)?;
    // What is counted before there is somebody to count is lost.
    web::health::recorder();
    let prepared = asked.unless_requested(database.prepare()).await;
    let Some(pool) = prepared.transpose()? else { return Ok(()) };
    upkeep::make_partitions(&pool).await?;
    let bind = listener.local_addr().map_err(|error| Failure::new(error.to_string()))?;
    let address = config.address(bind);
    let log = Log::new(pool.clone(), consequences::all(&address));
    let (tracker, writer) = start_tracker(database.connect(1).await?);
    let demo_code = demo_code(config, database, bind, (&log, &tracker), &keys).await?;
    let setup_code = setup_code(&pool, &keys).await?;
    let draining = Arc::new(AtomicBool::new(false));
    let actors = web::actors::Actors::new(&log);
    let hub = Hub::new(log.clone(), keys.clone()).await?;
    let stop = CancellationToken::new();
    let guard = guard(config, demo_code.is_some());
    let outgoing = Outgoing::new(keys.clone(), &address);
    let outbox_code = outbox_code(config, database, &keys);
    let trials =
        Trials::new(log.clone(), keys.clone(), Sender::new(guard.clone()), address.clone());
    let workers = workers(config, &guard, &log, &keys, &stop, &address)?;
    let (replayer, deliveries) = (workers.replayer.clone(), workers.deliverer.changes());
    let jobs = start_jobs(workers, &log, &stop);
    let writes = config.relay.is_some() || database.is_private();
    let letters = writes.then(|| (outgoing.clone(), keys.clone()));
    let looking_after = upkeep::start(&log, letters, &stop);
    let mut tasks = hub.follow();
    tasks.push(hub.follow_deliveries(deliveries));
    tasks.push(hub.follow_receipts(tracker.noted()));
    tasks.push(tokio::spawn(notify::notify_after_commits(pool.clone(), log.committed())));
    let (refusals, refusing) = web::refusals::Refusals::start(log.clone());
    let app = web::App::new(web::Parts {
        log,
        hub: hub.clone(),
        keys,
        outgoing,
        sends_mail: config.relay.is_some(),
        outbox_code: outbox_code.clone(),
        guard,
        trials,
        backlog: Default::default(),
        replayer,
        public_url: config.public_url.clone(),
        bind,
        private_cluster: database.is_private(),
        demo: demo_code.clone().and_then(one_click),
        setup_code: setup_code.clone(),
        trusted_proxies: config.trusted_proxies.clone(),
        metrics_token: config.metrics_token.clone(),
        draining: Arc::clone(&draining),
        sessions: Default::default(),
        actors,
        feeds: Default::default(),
        tracker,
        tracking_limits: Default::default(),
        sign_in_limits: Default::default(),
        refusals,
    });
    announce(config, bind, setup_code.as_ref(), demo_code.as_ref(), outbox_code.as_ref());
    let ending = async {
        tokio::select! {
            failure = database.keep_up() => Err(failure),
            () = asked.requested() => Ok(()),
        }
    };
    let outcome = answer(listener, app, &hub, draining, ending).await;
    for task in tasks {
        task.abort();
    }
    stop.cancel();
    let unsent = "some webhooks or letters were still being sent; they will be sent again";
    finish(jobs, unsent).await;
    finish(writer, "some reports of browsers were still being stored").await;
    finish(refusing, "some refused sign-ins were still being recorded").await;
    finish(
        looking_after,
        "the database was still being looked after; it goes on at the next start",
    )
    .await;
    db::close(&pool).await;
    outcome
}

/// Waits a while until what is under way has ended, and cuts off what has not.
async fn finish(work: JoinHandle<()>, unfinished: &str) {
    let cut_off = work.abort_handle();
    if tokio::time::timeout(DRAIN, work).await.is_err() {
        tracing::warn!("{unfinished}");
        cut_off.abort();
    }
}

/// Where webhooks may go. The demo's may reach the machine that it runs on, which is its only user.
fn guard(config: &Config, demo: bool) -> Guard {
    let mut networks = config.webhook_networks.clone();
    if demo {
        networks.extend(LOOPBACK.map(|network| network.parse::<IpNet>().expect("it is one")));
    }
    Guard::new(networks)
}

/// What the jobs work with.
fn workers(
    config: &Config,
    guard: &Guard,
    log: &Log,
    keys: &KeyRing,
    stop: &CancellationToken,
    address: &str,
) -> Result<Workers, Failure> {
    let sender = Sender::new(guard.clone());
    let deliverer = Deliverer::new(log.clone(), keys.clone(), sender, stop.clone());
    let (again, origin) = (deliverer.clone(), address.to_owned());
    let replayer = Replayer::new(log.clone(), origin, again, stop.clone());
    let relay = config.relay.clone();
    let mailer =
        relay.map(|relay| Mailer::new(log.pool().clone(), keys.clone(), relay, stop.clone()));
    let sealer = Sealer::new(log.clone(), stop.clone());
    Ok(Workers { deliverer, replayer, sealer, mailer })
}

/// Starts the jobs; webhooks are woken by each commit of this process.
fn start_jobs(workers: Workers, log: &Log, stop: &CancellationToken) -> JoinHandle<()> {
    let (woken, mut committed) = (workers.deliverer.clone(), log.committed());
    let (pool, stop) = (log.pool().clone(), stop.clone());
    tokio::spawn(async move {
        let waking = async {
            // One that lags has missed hints, not commits.
            while !matches!(committed.recv().await, Err(RecvError::Closed)) {
                woken.wake();
            }
        };
        let jobs = worker::run(pool, workers, stop.clone());
        tokio::join!(jobs, stop.run_until_cancelled(waking));
    })
}

/// Answers requests until the end, and those under way a little longer; how it came to the end.
async fn answer(
    listener: TcpListener,
    app: web::App,
    hub: &Hub,
    draining: Arc<AtomicBool>,
    ending: impl Future<Output = Result<(), Failure>>,
) -> Result<(), Failure> {
    let (asked, stopping) = tokio::sync::watch::channel(false);
    let mut until = stopping.clone();
    let listener = listener.tap_io(listener::set_options);
    let service = web::router(app).into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(async move {
        let _ = until.wait_for(|stop| *stop).await;
    });
    let mut serving = tokio::spawn(async move { serving.await });
    let outcome = tokio::select! {
        ended = &mut serving => {
            return Err(Failure::new(format!("the server ended by itself: {ended:?}")));
        }
        outcome = ending => outcome,
    };
    tracing::info!("stopping");
    // Whoever asks is told first that no more should come; requests are answered until all sockets
    // have left.
    draining.store(true, Ordering::Relaxed);
    tokio::time::sleep_until(hub.close()).await;
    let _ = asked.send(true);
    if tokio::time::timeout(DRAIN, serving).await.is_err() {
        tracing::warn!("some requests were still being answered");
    }
    outcome
}

/// The code of the one-click sign-in: only with a private cluster and bound to loopback. The
/// account it signs in to is made once.
async fn demo_code(
    config: &Config,
    database: &Database,
    bind: SocketAddr,
    (log, tracker): (&Log, &Tracker),
    keys: &KeyRing,
) -> Result<Option<Secret>, Failure> {
    if !config.demo || !database.is_private() {
        return Ok(None);
    }
    demo::seed(log, tracker).await?;
    let code = hex::encode(&keys.sign("demo sign-in", b"one click")[..16]);
    Ok(bind.ip().is_loopback().then(|| Secret::new(code)))
}

/// The code that guards the first-run page, while there is no account; the same in every process.
async fn setup_code(pool: &PgPool, keys: &KeyRing) -> Result<Option<Secret>, Failure> {
    if accounts::any(pool).await? {
        return Ok(None);
    }
    Ok(Some(Secret::new(hex::encode(&keys.sign("setup", b"first account")[..16]))))
}

/// The code that guards the outbox of the machine; none where letters are sent, or others share
/// the database.
fn outbox_code(config: &Config, database: &Database, keys: &KeyRing) -> Option<Secret> {
    let kept = database.is_private() && config.relay.is_none();
    kept.then(|| Secret::new(hex::encode(&keys.sign("outbox", b"letters of the machine")[..16])))
}

/// The one-click sign-in of the demo's owner.
fn one_click(code: Secret) -> Option<web::state::Demo> {
    let email = Email::parse(demo::OWNER).ok()?;
    Some(web::state::Demo { code, email })
}

/// Says where it is, and how to get in for the first time.
fn announce(
    config: &Config,
    bind: SocketAddr,
    setup_code: Option<&Secret>,
    demo_code: Option<&Secret>,
    outbox_code: Option<&Secret>,
) {
    let address = config.address(bind);
    println!("Cairn is listening on {address}");
    if let Some(code) = setup_code.map(Secret::reveal) {
        tracing::info!("no account yet; make the first one: {address}setup?code={code}");
    }
    if let Some(code) = outbox_code.map(Secret::reveal) {
        tracing::info!("letters with password links stay here: http://{bind}/outbox?code={code}");
    }
    if let Some(code) = demo_code.map(Secret::reveal) {
        println!("Sign in with one click: http://{bind}/session/demo?code={code}");
    }
}
