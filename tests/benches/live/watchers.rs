//! The load: a process with some hundreds of watchers, each with a socket of its own.
//!
//! So that the driver is not what is measured: the watchers are spread over several processes, each
//! with a runtime of one thread; a frame is read by hand and searched for its marks, never parsed as
//! JSON or HTML; its time is taken right after the read; all figures are made up afterwards, in the
//! process that started them. The CPU of each process is counted apart, and the bare loop is
//! received by the very same code.

use std::collections::HashSet;
use std::io::{self, BufRead as _, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::marks;
use super::socket::Socket;

/// How many sockets a process opens at once: how a stampede is met is another question.
const OPENING: usize = 8;

/// How long to wait after the server could not be reached.
const AGAIN: Duration = Duration::from_millis(250);

/// How long it may take until all of them watch: nobody keeps trying after that.
const PATIENCE: Duration = Duration::from_secs(110);

/// What a process is to do: the first line that it is told.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Orders {
    /// Where the server listens, such as `127.0.0.1:49152`.
    pub(super) address: String,
    /// Who watches what.
    pub(super) seats: Vec<Seat>,
    /// How sockets are cut from the word `cut` on.
    pub(super) cuts: Cuts,
}

/// Watchers of one board that share a signed name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Seat {
    /// The board's place among the boards of the run.
    pub(super) board: usize,
    pub(super) token: String,
    /// The identifier of the subscription.
    pub(super) identifier: String,
    pub(super) watchers: usize,
    /// Whether the first of them keeps the frames that come.
    pub(super) keeps: bool,
}

/// How often every watcher is cut, after how long again, and how long each time.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct Cuts {
    pub(super) times: u32,
    pub(super) every: Duration,
    pub(super) away: Duration,
}

/// What the watchers of a process have received.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Report {
    /// The first time that a watcher saw a mark, for each watcher and mark.
    pub(super) receipts: Vec<(u32, u64)>,
    /// Fragments that came in all.
    pub(super) fragments: u64,
    /// Those that asked the page to load itself anew.
    pub(super) refreshes: u64,
    /// How often a socket was closed, or could not be opened, by no wish of ours.
    pub(super) failures: u64,
    /// How often one was cut.
    pub(super) cuts: u64,
    /// Boards and frames, in the order in which they came.
    pub(super) kept: Vec<(usize, String)>,
}

/// How many marks and fragments were received so far.
#[derive(Debug, Default, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Count {
    pub(super) receipts: usize,
    pub(super) fragments: u64,
}

impl Report {
    fn count(&self) -> Count {
        Count { receipts: self.receipts.len(), fragments: self.fragments }
    }
}

/// Receives until it is asked for its report, or until whoever asks is gone.
pub(super) fn run() {
    let mut lines = io::stdin().lock().lines();
    let mut line = || lines.next().and_then(Result::ok);
    let Some(orders) = line() else { return };
    let orders: Orders = serde_json::from_str(&orders).expect("orders");
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(1).enable_all().build().expect("a runtime");
    let crowd = Crowd::default();
    let cut = watch::Sender::new(None);
    runtime.block_on(crowd.gather(&orders, &cut));
    say("ready");
    while let Some(word) = line() {
        match word.as_str() {
            "cut" => drop(cut.send_replace(Some(Instant::now()))),
            "count" => say(&json!(crowd.report().count()).to_string()),
            _ => return say(&json!(*crowd.report()).to_string()),
        }
    }
}

fn say(line: &str) {
    let mut output = io::stdout().lock();
    writeln!(output, "{line}").and_then(|()| output.flush()).expect("somebody listens");
}

/// All watchers of this process.
#[derive(Clone, Default)]
struct Crowd {
    report: Arc<Mutex<Report>>,
}

impl Crowd {
    fn report(&self) -> MutexGuard<'_, Report> {
        self.report.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns once all of them watch.
    async fn gather(&self, orders: &Orders, cut: &watch::Sender<Option<Instant>>) {
        let opening = Arc::new(Semaphore::new(OPENING));
        let total: usize = orders.seats.iter().map(|seat| seat.watchers).sum();
        let (watching, mut all) = watch::channel(0);
        let (watching, mut number) = (Arc::new(watching), 0);
        for seat in &orders.seats {
            let seat = Arc::new(seat.clone());
            for place in 0..seat.watchers {
                // Spread, so that at any moment the same share of them is away.
                let phase = f64::from(number) / total as f64;
                number += 1;
                let watcher = Watcher {
                    crowd: self.clone(),
                    address: orders.address.clone(),
                    seat: Arc::clone(&seat),
                    keeps: seat.keeps && place == 0,
                    opening: Arc::clone(&opening),
                    seen: HashSet::new(),
                };
                let cuts = (orders.cuts, orders.cuts.every.mul_f64(phase), cut.subscribe());
                tokio::spawn(watcher.watch(Arc::clone(&watching), cuts));
            }
        }
        let all = timeout(PATIENCE, all.wait_for(|watching| *watching == total)).await;
        all.expect("all of them watch in time").expect("they watch");
    }
}

struct Watcher {
    crowd: Crowd,
    address: String,
    seat: Arc<Seat>,
    keeps: bool,
    opening: Arc<Semaphore>,
    seen: HashSet<u32>,
}

impl Watcher {
    /// Watches for good, and is cut as it was told, once the word has come.
    async fn watch(
        mut self,
        watching: Arc<watch::Sender<usize>>,
        (cuts, phase, mut told): (Cuts, Duration, watch::Receiver<Option<Instant>>),
    ) {
        let mut socket = self.follow().await;
        watching.send_modify(|watching| *watching += 1);
        drop(watching);
        let start = tokio::select! {
            () = self.receive(&mut socket) => return,
            start = told.wait_for(Option::is_some) => match start {
                Ok(start) => start.expect("it was waited for"),
                Err(_) => return,
            },
        };
        for time in 0..cuts.times {
            tokio::select! {
                () = self.receive(&mut socket) => return,
                () = sleep_until(start + phase + cuts.every * time) => {}
            }
            drop(socket);
            self.crowd.report().cuts += 1;
            sleep(cuts.away).await;
            socket = self.follow().await;
        }
        self.receive(&mut socket).await;
    }

    /// A socket that is subscribed; tried until there is one.
    async fn follow(&self) -> Socket {
        loop {
            match self.subscribe().await {
                Ok(socket) => return socket,
                Err(error) => self.fail(&error),
            }
            sleep(AGAIN).await;
        }
    }

    fn fail(&self, error: &io::Error) {
        let mut report = self.crowd.report();
        if report.failures == 0 {
            eprintln!("a watcher: {error}");
        }
        report.failures += 1;
    }

    async fn subscribe(&self) -> io::Result<Socket> {
        let _turn = self.opening.acquire().await.expect("it is never closed");
        let Seat { board, token, identifier, .. } = &*self.seat;
        let path = format!("/cable?board={board}");
        let mut socket = Socket::open(&self.address, &path, token).await?;
        let subscribe = json!({ "command": "subscribe", "identifier": identifier });
        socket.send(&subscribe.to_string()).await?;
        loop {
            let (text, _) = socket.next().await?;
            if text.contains(r#""type":"confirm_subscription""#) {
                return Ok(socket);
            }
            if text.contains("reject_subscription") || text.contains(r#""disconnect""#) {
                return Err(io::Error::other(text));
            }
        }
    }

    /// Receives for ever; whoever loses the socket comes back at once.
    async fn receive(&mut self, socket: &mut Socket) {
        loop {
            match socket.next().await {
                Ok((text, at)) => self.take(text, at),
                Err(error) => {
                    self.fail(&error);
                    *socket = self.follow().await;
                }
            }
        }
    }

    /// Notes what is in a message, if it is a fragment; all else begins otherwise.
    fn take(&mut self, text: &str, at: u64) {
        if !text.starts_with(r#"{"identifier""#) {
            return;
        }
        if text.ends_with(r#""type":"reject_subscription"}"#) {
            return self.fail(&io::Error::other("the subscription was ended"));
        }
        let mut report = self.crowd.report();
        report.fragments += 1;
        report.refreshes += u64::from(text.contains(r#"action=\"refresh\""#));
        let seen = &mut self.seen;
        report
            .receipts
            .extend(marks::of(text).filter(|mark| seen.insert(*mark)).map(|it| (it, at)));
        if self.keeps {
            report.kept.push((self.seat.board, text.to_owned()));
        }
    }
}
