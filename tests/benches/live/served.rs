//! The program itself, the names under which its boards are watched, and what is written to it.

use futures_util::StreamExt as _;
use futures_util::stream::iter;
use serde_json::{Value, json};

use super::client;
use super::dataset::{Dataset, SLUG};
use super::marks;
use super::server::{self, SECRET_KEY, Server};
use super::socket::now;
use super::watchers::Seat;

/// How many names are asked for at once.
const ASKING: usize = 8;

/// A server on the data set.
pub(super) struct Served<'a> {
    server: Server,
    http: reqwest::Client,
    dataset: &'a Dataset,
}

/// A card that gets another title.
#[derive(Debug, Clone, Copy)]
pub(super) struct Event {
    pub(super) mark: u32,
    /// The place of its board in the data set.
    pub(super) board: usize,
    /// How often something happened on that board before: its cards come by turns.
    pub(super) turn: usize,
}

/// When an event was asked for, and when that was answered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written {
    pub(super) mark: u32,
    pub(super) asked: u64,
    pub(super) answered: u64,
}

impl<'a> Served<'a> {
    /// A new process.
    pub(super) async fn start(dataset: &'a Dataset) -> Self {
        let mut command = server::program();
        command.env("DATABASE_URL", &dataset.url).env("CAIRN_SECRET_KEY", SECRET_KEY);
        command.env("CAIRN_BIND", "127.0.0.1:0").env("RUST_LOG", "warn,sqlx=error");
        Self { server: Server::spawn(command).await, http: client::http(), dataset }
    }

    pub(super) fn address(&self) -> &str {
        self.server.address()
    }

    pub(super) fn id(&self) -> u32 {
        self.server.id()
    }

    /// Seats for so many watchers of each of those boards, spread over all people.
    pub(super) async fn seats(&self, boards: &[usize], watchers: usize) -> Vec<Seat> {
        let people = self.dataset.people.len();
        let seat = async |(at, board, person, watchers): (usize, usize, usize, usize)| Seat {
            board,
            token: self.dataset.people[person].reveal().to_owned(),
            identifier: self.identifier(board, person).await,
            watchers,
            keeps: at == 0,
        };
        let parts = boards.iter().flat_map(|board| {
            // A few watchers are one person's, who is another one on the next board.
            let parts = if boards.len() > 1 { 1 } else { people.min(watchers) };
            (0..parts).map(move |at| {
                let share = watchers / parts + usize::from(at < watchers % parts);
                (at, *board, (at + board) % people, share)
            })
        });
        iter(parts).map(seat).buffered(ASKING).collect().await
    }

    /// What a client subscribes by, from where the log stands now.
    async fn identifier(&self, board: usize, person: usize) -> String {
        let path = format!("boards/{}/stream", self.dataset.boards[board].id);
        let url = format!("{}/api/v1/{SLUG}/{path}", self.address());
        let request = self.http.get(url).bearer_auth(self.dataset.people[person].reveal());
        let answer = request.send().await.expect("an answer").error_for_status();
        let stream = answer.expect("a board they see").text().await.expect("text");
        let stream: Value = serde_json::from_str(&stream).expect("JSON");
        let (channel, name) = (&stream["channel"], &stream["signed_stream_name"]);
        json!({ "channel": channel, "signed_stream_name": name }).to_string()
    }

    /// Gives a card of its board the title of an event.
    pub(super) async fn write(&self, event: Event) -> Written {
        let cards = &self.dataset.boards[event.board].cards;
        let card = cards[event.turn % cards.len()];
        let url = format!("{}/api/v1/{SLUG}/cards/{card}", self.address());
        let request = self
            .http
            .patch(url)
            .bearer_auth(self.dataset.people[0].reveal())
            .header("content-type", "application/json")
            .body(json!({ "title": marks::title(event.mark) }).to_string());
        let asked = now();
        let answer = request.send().await.expect("an answer");
        let answered = now();
        let answer = answer.error_for_status().expect("another title");
        // The connection is free again once all was read.
        answer.bytes().await.expect("a card");
        Written { mark: event.mark, asked, answered }
    }

    /// Stops it, and shows what it warned of.
    pub(super) async fn stop(mut self) {
        self.server.stop().await;
        for line in self.server.log() {
            eprintln!("{line}");
        }
    }
}
