//! One run of ours, or of the limit: some watch, something happens at a pace, and what it cost.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::time::sleep;

use super::bare::Bare;
use super::figures::{Spread, median};
use super::load::Load;
use super::marks;
use super::process::{Cpu, memory};
use super::served::{Event, Served, Written};
use super::watchers::{Cuts, Report, Seat};

/// Events that come first and count for nothing: whatever is done once is done then.
const FIRST: u32 = 3;

/// How long sockets rest after they were opened, before the memory is looked at.
const SETTLE: Duration = Duration::from_secs(1);

/// How long it is looked what a server takes while nothing happens: some beats long.
const REST: Duration = Duration::from_secs(6);

/// How long is waited for whatever the last event leads to.
const END: Duration = Duration::from_millis(300);

/// Writes that nobody watches, to learn what a write costs without watchers.
const UNWATCHED: u32 = 60;

/// Who watches what in a run, and what happens.
#[derive(Debug, Clone)]
pub(super) struct Scene {
    /// The boards, by their places in the data set.
    pub(super) boards: Vec<usize>,
    /// How many watch each of them.
    pub(super) watchers: usize,
    pub(super) events: u32,
    /// From one event to the next.
    pub(super) pace: Duration,
    pub(super) cuts: Cuts,
}

/// What a run has shown.
#[derive(Debug)]
pub(super) struct Outcome {
    /// Microseconds of the server's CPU for each fragment.
    pub(super) cpu: f64,
    /// Those that the writes would have taken with nobody watching.
    pub(super) of_writes: f64,
    /// Those that would have been taken had nothing happened: by beats, and by all else that a server
    /// does of itself.
    pub(super) at_rest: f64,
    /// Milliseconds from the answer to the write, or from the broadcast, to the receipt.
    pub(super) since_answer: Spread,
    /// Milliseconds from when the write was asked for to the receipt.
    pub(super) since_asked: Spread,
    /// Milliseconds of a write, in the middle.
    pub(super) commit: f64,
    /// KiB of a watcher.
    pub(super) memory: f64,
    /// Of a hundred fragments that should have come, how many came.
    pub(super) delivered: f64,
    /// Seconds until all watched.
    pub(super) gathered_in: f64,
    /// How many of the machine's processors the watchers took.
    pub(super) load: f64,
    pub(super) report: Report,
}

/// Marks, and the times from which their receipts count.
type Sent = HashMap<u32, Written>;

/// The program with its watchers; a write costs so many seconds of CPU when nobody watches.
pub(super) async fn ours(
    served: &Served<'_>,
    scene: &Scene,
    seats: Vec<Seat>,
    of_a_write: f64,
    marks: &mut u32,
) -> Outcome {
    let (load, memory) = gather(served.address(), served.id(), seats, scene).await;
    let mut run = Run::new(scene, load, memory);
    let first = scene.next(FIRST, marks);
    run.receive(happen(served, &first, scene.pace).await).await;
    let events = scene.next(scene.events, marks);
    let before = run.before(served.id()).await;
    let written = happen(served, &events, scene.pace).await;
    let mut outcome = run.outcome(before, written).await;
    outcome.of_writes = of_a_write * events.len() as f64 / outcome.report.fragments as f64 * 1e6;
    outcome
}

/// The same frames from the bare loop.
pub(super) async fn bare(scene: &Scene, seats: Vec<Seat>, kept: &[(usize, String)]) -> Outcome {
    let mut bare = Bare::start().await;
    let (load, memory) = gather(&bare.address.clone(), bare.id(), seats, scene).await;
    let mut run = Run::new(scene, load, memory);
    let mut frames = kept.to_vec();
    frames.sort_by_key(|(_, frame)| marks::of(frame).max());
    let events = frames.split_off(frames.len().min(FIRST as usize));
    let sent = bare.broadcast(frames.clone(), scene.pace).await;
    run.receive(broadcast(&frames, &sent)).await;
    let before = run.before(bare.id()).await;
    let sent = bare.broadcast(events.clone(), scene.pace).await;
    run.outcome(before, broadcast(&events, &sent)).await
}

/// What was broadcast, as what was written: asked for and answered at once.
fn broadcast(frames: &[(usize, String)], sent: &[u64]) -> Vec<Written> {
    let marked = frames.iter().zip(sent).flat_map(|((_, frame), at)| {
        marks::of(frame).map(|mark| Written { mark, asked: *at, answered: *at })
    });
    let written: Sent = marked.map(|written| (written.mark, written)).collect();
    written.into_values().collect()
}

/// Opens the sockets; the KiB that each of them took.
pub(super) async fn gather(
    address: &str,
    server: u32,
    seats: Vec<Seat>,
    scene: &Scene,
) -> (Load, f64) {
    let before = memory(server);
    let load = Load::start(address, seats, scene.cuts).await;
    sleep(SETTLE).await;
    let watchers = scene.watchers * scene.boards.len();
    (load, (memory(server) - before) / watchers as f64)
}

/// Seconds of CPU of a write that nobody watches.
pub(super) async fn cost_of_a_write(served: &Served<'_>, scene: &Scene, marks: &mut u32) -> f64 {
    // Statements are prepared first, and settle on their plans.
    for event in scene.next(UNWATCHED, marks) {
        served.write(event).await;
    }
    let before = Cpu::of(served.id());
    for event in scene.next(UNWATCHED, marks) {
        served.write(event).await;
    }
    before.since() / f64::from(UNWATCHED)
}

/// Writes the events at their pace, whether the ones before were answered or not.
pub(super) async fn happen(served: &Served<'_>, events: &[Event], pace: Duration) -> Vec<Written> {
    let start = Instant::now();
    let writes = events.iter().zip(0..).map(async |(event, turn)| {
        sleep((pace * turn).saturating_sub(start.elapsed())).await;
        served.write(*event).await
    });
    join_all(writes).await
}

impl Scene {
    /// The next events, board by board.
    pub(super) fn next(&self, count: u32, marks: &mut u32) -> Vec<Event> {
        let event = |_| {
            *marks += 1;
            let (mark, boards) = (*marks as usize, self.boards.len());
            Event { mark: *marks, board: self.boards[mark % boards], turn: mark / boards }
        };
        (0..count).map(event).collect()
    }

    /// How long the events take.
    pub(super) fn span(&self) -> Duration {
        self.pace * self.events
    }
}

struct Run<'a> {
    scene: &'a Scene,
    load: Load,
    memory: f64,
    expected: usize,
}

/// How things stood when that began which counts.
struct Before {
    fragments: u64,
    /// Seconds of CPU a second.
    at_rest: f64,
    server: Cpu,
    watchers: Vec<Cpu>,
    at: Instant,
}

impl<'a> Run<'a> {
    fn new(scene: &'a Scene, load: Load, memory: f64) -> Self {
        Self { scene, load, memory, expected: 0 }
    }

    /// Waits until everybody has what was written.
    async fn receive(&mut self, written: Vec<Written>) {
        self.expected += written.len() * self.scene.watchers;
        self.load.wait_for(self.expected).await;
    }

    async fn before(&mut self, server: u32) -> Before {
        if self.scene.cuts.times > 0 {
            self.load.cut().await;
        }
        let rest = Cpu::of(server);
        if self.scene.cuts.times == 0 {
            sleep(REST).await;
        }
        let at_rest = rest.since() / REST.as_secs_f64();
        let fragments = self.load.count().await.fragments;
        Before {
            fragments,
            at_rest,
            server: Cpu::of(server),
            watchers: self.load.cpu(),
            at: Instant::now(),
        }
    }

    async fn outcome(mut self, before: Before, written: Vec<Written>) -> Outcome {
        self.receive(written.clone()).await;
        // Until then ours and the limit run equally long.
        let end = self.scene.span() + END;
        sleep(end.saturating_sub(before.at.elapsed())).await;
        let (used, span) = (before.server.since(), before.at.elapsed().as_secs_f64());
        let load = before.watchers.iter().map(Cpu::since).sum::<f64>() / span;
        let gathered_in = self.load.gathered_in;
        let mut report = self.load.report().await;
        let sent: Sent = written.iter().map(|written| (written.mark, *written)).collect();
        report.receipts.retain(|(mark, _)| sent.contains_key(mark));
        report.fragments -= before.fragments;
        let since = |from: fn(&Written) -> u64| {
            let receipts = report.receipts.iter();
            Spread::of(receipts.map(|(mark, at)| *at as i64 - from(&sent[mark]) as i64).collect())
        };
        Outcome {
            cpu: used / report.fragments as f64 * 1e6,
            of_writes: 0.0,
            at_rest: before.at_rest * span / report.fragments as f64 * 1e6,
            since_answer: since(|written| written.answered),
            since_asked: since(|written| written.asked),
            commit: median(written.iter().map(|it| (it.answered - it.asked) as f64 / 1e6)),
            memory: self.memory,
            delivered: report.receipts.len() as f64 * 100.0
                / (written.len() * self.scene.watchers) as f64,
            gathered_in,
            load,
            report,
        }
    }
}
