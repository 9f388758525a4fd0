//! The one writer: what many requests bring is stored in one statement, with its counts.

use std::collections::HashSet;
use std::time::Duration;

use sqlx::PgPool;
use tokio::sync::broadcast::Receiver;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::item::Refused;
use super::noted::{Noted, Notes};
use super::row::Row;
use super::store::{Fate, Unstored, store};

/// How many requests may wait to be stored.
const QUEUE: usize = 1_024;

/// How many requests one statement takes.
const MOST_TOGETHER: usize = 256;

/// Whoever finds so many waiting waits for no others: Postgres would stand idle.
const ENOUGH: usize = 64;

/// How long the first of fewer waits for others.
const GATHER: Duration = Duration::from_millis(1);

struct Request {
    rows: Vec<Row>,
    stored: oneshot::Sender<Result<Vec<Refused>, Unstored>>,
}

/// The way to the writer. Cheap to clone; the writer ends when the last one is gone and all that
/// waited is stored.
#[derive(Clone)]
pub struct Tracker {
    queue: mpsc::Sender<Request>,
    answers_early: bool,
    notes: Notes,
}

impl Tracker {
    /// Starts the writer over a pool that only it uses, so that a board never waits for it.
    pub fn start(pool: PgPool) -> (Self, JoinHandle<()>) {
        Self::over(pool, false)
    }

    /// Starts one that answers as soon as there is room in the queue, and loses what waits in a crash:
    /// benches measure against it what it costs to await the commit, and nobody else may want it.
    pub fn answering_early(pool: PgPool) -> (Self, JoinHandle<()>) {
        Self::over(pool, true)
    }

    fn over(pool: PgPool, answers_early: bool) -> (Self, JoinHandle<()>) {
        let (queue, requests) = mpsc::channel(QUEUE);
        let notes = Notes::default();
        let writer = tokio::spawn(write(pool, requests, notes.clone()));
        (Self { queue, answers_early, notes }, writer)
    }

    /// Stores rows; returns once they are committed, with those that were refused. A row whose id
    /// is there already stays as it was first.
    ///
    /// # Errors
    /// [`Unstored`] when too many wait, or the database fails.
    pub async fn store(&self, rows: Vec<Row>) -> Result<Vec<Refused>, Unstored> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let (stored, answer) = oneshot::channel();
        let request = Request { rows, stored };
        if self.answers_early {
            let queued = self.queue.send(request).await;
            return queued.map(|()| Vec::new()).map_err(|_| Unstored::Failed);
        }
        self.queue.try_send(request).map_err(|_| Unstored::Full)?;
        answer.await.unwrap_or(Err(Unstored::Failed))
    }

    /// The boards and cards that are seen from now on, where it is shown who has seen them.
    pub fn noted(&self) -> Receiver<Noted> {
        self.notes.listen()
    }

    /// Says that somebody has seen a board or a card of whom it is shown.
    pub(super) fn say(&self, noted: Noted) {
        self.notes.say(noted);
    }
}

async fn write(pool: PgPool, mut requests: mpsc::Receiver<Request>, notes: Notes) {
    while let Some(batch) = gather(&mut requests).await {
        store_all(&pool, &notes, batch).await;
    }
}

/// Waits for a request, takes those that wait with it, and lets a moment pass for others to join a few.
async fn gather(requests: &mut mpsc::Receiver<Request>) -> Option<Vec<Request>> {
    let mut batch = Vec::with_capacity(MOST_TOGETHER);
    if requests.recv_many(&mut batch, MOST_TOGETHER).await == 0 {
        return None;
    }
    let _ = timeout(GATHER, async {
        while batch.len() < ENOUGH {
            let room = MOST_TOGETHER - batch.len();
            if requests.recv_many(&mut batch, room).await == 0 {
                break;
            }
        }
    })
    .await;
    Some(batch)
}

/// Stores a batch, and answers each request what became of its rows.
async fn store_all(pool: &PgPool, notes: &Notes, mut batch: Vec<Request>) {
    let counts: Vec<usize> = batch.iter().map(|request| request.rows.len()).collect();
    let rows: Vec<Row> =
        batch.iter_mut().flat_map(|request| std::mem::take(&mut request.rows)).collect();
    let fates = store(pool, &rows).await;
    seen(&rows, &fates).into_iter().for_each(|noted| notes.say(noted));
    let mut fates = rows.iter().zip(fates);
    for (request, count) in batch.into_iter().zip(counts) {
        let refused = fates.by_ref().take(count).filter_map(|(row, fate)| refusal(row, fate));
        // Whoever asked may have gone; what is stored stays.
        let _ = request.stored.send(refused.collect());
    }
}

/// What others are shown to be seen by those that are stored, each once.
fn seen(rows: &[Row], fates: &[Result<Fate, Unstored>]) -> HashSet<Noted> {
    let stored = rows.iter().zip(fates).filter(|(_, fate)| **fate == Ok(Fate::Stored));
    stored.filter_map(|(row, _)| row.noted).collect()
}

fn refusal(row: &Row, fate: Result<Fate, Unstored>) -> Option<Result<Refused, Unstored>> {
    match fate {
        Ok(Fate::Stored) => None,
        Ok(Fate::Unseen) => Some(Ok(row.refused("trackable_id names nothing that you can see."))),
        Ok(Fate::Spoiled) => Some(Ok(row.refused("this item cannot be stored."))),
        Err(unstored) => Some(Err(unstored)),
    }
}
