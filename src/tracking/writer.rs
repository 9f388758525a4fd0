//! The one writer: what many requests bring is stored in one statement, with its counts.

use std::time::Duration;

use sqlx::PgPool;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::item::Refused;
use super::row::Row;
use super::store::{Fate, Unstored, store};

/// How many requests may wait to be stored.
const QUEUE: usize = 1_024;

/// How many may wait where nobody waits for them.
const QUEUE_OF_EARLY: usize = 1 << 20;

/// How many requests one statement takes.
const MOST_TOGETHER: usize = 256;

/// How long the first of them waits for others.
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
}

impl Tracker {
    /// Starts the writer over a pool that only it uses, so that a board never waits for it.
    pub fn start(pool: PgPool) -> (Self, JoinHandle<()>) {
        let (queue, requests) = mpsc::channel(QUEUE);
        (Self { queue, answers_early: false }, tokio::spawn(write(pool, requests)))
    }

    /// Starts one that answers before anything is stored and loses what waits in a crash: benches
    /// measure against it what it costs to await the commit, and nobody else may want it.
    pub fn answering_early(pool: PgPool) -> (Self, JoinHandle<()>) {
        let (queue, requests) = mpsc::channel(QUEUE_OF_EARLY);
        (Self { queue, answers_early: true }, tokio::spawn(write(pool, requests)))
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
        self.queue.try_send(Request { rows, stored }).map_err(|_| Unstored::Full)?;
        if self.answers_early {
            return Ok(Vec::new());
        }
        answer.await.unwrap_or(Err(Unstored::Failed))
    }
}

async fn write(pool: PgPool, mut requests: mpsc::Receiver<Request>) {
    while let Some(batch) = gather(&mut requests).await {
        store_all(&pool, batch).await;
    }
}

/// Waits for a request, and a moment for others to join it.
async fn gather(requests: &mut mpsc::Receiver<Request>) -> Option<Vec<Request>> {
    let mut batch = vec![requests.recv().await?];
    let _ = timeout(GATHER, async {
        while batch.len() < MOST_TOGETHER {
            match requests.recv().await {
                Some(request) => batch.push(request),
                None => break,
            }
        }
    })
    .await;
    Some(batch)
}

/// Stores a batch, and answers each request what became of its rows.
async fn store_all(pool: &PgPool, mut batch: Vec<Request>) {
    let counts: Vec<usize> = batch.iter().map(|request| request.rows.len()).collect();
    let rows: Vec<Row> =
        batch.iter_mut().flat_map(|request| std::mem::take(&mut request.rows)).collect();
    let fates = store(pool, &rows).await;
    let mut fates = rows.iter().zip(fates);
    for (request, count) in batch.into_iter().zip(counts) {
        let refused = fates.by_ref().take(count).filter_map(|(row, fate)| refusal(row, fate));
        // Whoever asked may have gone; what is stored stays.
        let _ = request.stored.send(refused.collect());
    }
}

fn refusal(row: &Row, fate: Result<Fate, Unstored>) -> Option<Result<Refused, Unstored>> {
    match fate {
        Ok(Fate::Stored) => None,
        Ok(Fate::Unseen) => Some(Ok(row.refused("trackable_id names nothing that you can see."))),
        Ok(Fate::Spoiled) => Some(Ok(row.refused("this item cannot be stored."))),
        Err(unstored) => Some(Err(unstored)),
    }
}
