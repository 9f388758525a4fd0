//! What must hold at the end of every history.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use cairn::domain::feed::{self, Filter};
use cairn::domain::{Actor, boards, cards, replay, search};
use cairn::events::{Activity, history, rebuild};
use cairn::notifications;
use cairn::values::SearchQuery;
use cairn::values::id::{BoardId, CardId, EventId, UserId};
use proptest::test_runner::TestCaseError;
use proptest::{prop_assert, prop_assert_eq};
use uuid::Uuid;

use super::world::{EVERY, World};

type Proof = Result<(), TestCaseError>;

impl World {
    /// Proves all of it, against what the tables say.
    pub(super) async fn prove(&self) -> Proof {
        self.endpoints_are_owed_what_they_asked_for().await?;
        self.audiences_are_told().await?;
        for member in self.members() {
            self.sees_the_boards_that_the_model_says(member).await?;
            self.reads_the_log_but_for_what_is_hidden(member).await?;
            self.reads_histories_but_for_what_is_hidden(member).await?;
            self.finds_all_that_they_see(member).await?;
            self.has_no_notice_of_what_is_hidden(member).await?;
        }
        self.boards_are_rebuilt_as_they_were().await?;
        self.pool().close().await;
        Ok(())
    }

    async fn endpoints_are_owed_what_they_asked_for(&self) -> Proof {
        let query = "select endpoint_id, number, sequence from webhook_deliveries
                     where account_id = $1 order by endpoint_id, number";
        let query = sqlx::query_as(query).bind(self.account.uuid());
        let rows: Vec<(Uuid, i64, i64)> = query.fetch_all(self.pool()).await.expect("deliveries");
        let mut owed: BTreeMap<Uuid, Vec<i64>> = BTreeMap::new();
        for (endpoint, number, sequence) in rows {
            let owed = owed.entry(endpoint).or_default();
            owed.push(sequence);
            prop_assert_eq!(usize::try_from(number), Ok(owed.len()), "the deliveries have a gap");
        }
        let asked = self.model.owed.iter();
        let asked: BTreeMap<Uuid, Vec<i64>> =
            asked.map(|(id, sequences)| (id.uuid(), sequences.clone())).collect();
        prop_assert_eq!(owed, asked, "deliveries (left) and what was asked for");
        Ok(())
    }

    async fn audiences_are_told(&self) -> Proof {
        let query = "select user_id, subject_id, unread::bigint, event_id from notifications
                     where account_id = $1";
        let query = sqlx::query_as(query).bind(self.account.uuid());
        let rows: Vec<(Uuid, Uuid, i64, Uuid)> =
            query.fetch_all(self.pool()).await.expect("notices");
        let notices: BTreeMap<(UserId, CardId), (i64, EventId)> = rows
            .into_iter()
            .map(|(user, card, unread, event)| ((user.into(), card.into()), (unread, event.into())))
            .collect();
        prop_assert_eq!(&notices, &self.model.notices, "notices (left) and audiences");
        Ok(())
    }

    async fn sees_the_boards_that_the_model_says(&self, member: &Actor) -> Proof {
        let sight = boards::Sight::of(self.pool(), member).await.expect("boards");
        let seen: BTreeSet<BoardId> = sight.seen.iter().map(|board| board.id).collect();
        let boards = self.boards.iter().copied();
        let expected = boards.filter(|board| self.model.sees(member.user_id, Some(*board)));
        prop_assert_eq!(seen, expected.collect::<BTreeSet<_>>(), "whom {} sees", member.name);
        Ok(())
    }

    /// Those of the log that somebody may read, the newest first.
    fn readable(&self, member: &Actor, shown: impl Fn(&Activity) -> bool) -> Vec<i64> {
        let sees = |activity: &&Activity| {
            shown(activity) && self.model.sees(member.user_id, activity.header.board_id)
        };
        let activities = self.model.activities.iter().rev();
        activities.filter(sees).map(|activity| activity.sequence).collect()
    }

    async fn reads_the_log_but_for_what_is_hidden(&self, member: &Actor) -> Proof {
        let (log, mut read, mut before) = (self.cold(), Vec::new(), None);
        loop {
            let sight = boards::Sight::of(self.pool(), member).await.expect("boards");
            let mut connection = log.pool().acquire().await.expect("a connection");
            let nothing = Filter::default();
            let page =
                feed::filtered(&log, &mut connection, member, &sight, &nothing, before).await;
            let page = page.expect("a page of the feed");
            read.extend(page.activities.iter().map(|activity| activity.sequence));
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        let expected = self.readable(member, |activity| activity.event.kind().shows.feed);
        prop_assert_eq!(read, expected, "the feed of {} (left) and the log", member.name);
        let from = history::From::After(0);
        let all = feed::log(&log, member, &Filter::default(), from, 10_000).await.expect("the log");
        let all: Vec<i64> = all.activities.iter().rev().map(|it| it.sequence).collect();
        let admin = member.administers();
        let expected =
            self.readable(member, |activity| admin || !activity.event.kind().shows.admins_only);
        prop_assert_eq!(all, expected, "what the API tells {} (left) and the log", member.name);
        Ok(())
    }

    async fn reads_histories_but_for_what_is_hidden(&self, member: &Actor) -> Proof {
        let log = self.cold();
        let mut connection = self.pool().acquire().await.expect("a connection");
        for number in 1..=self.cards {
            let Ok(card) = cards::find(&mut *connection, member, number).await else { continue };
            prop_assert!(self.model.sees(member.user_id, Some(card.board_id)));
            let from = history::From::Newest;
            let read = feed::history_of(&log, &mut connection, member, card.id, from, 10_000).await;
            let read = read.expect("a history").activities;
            let read: Vec<i64> = read.iter().map(|activity| activity.sequence).collect();
            let expected = self.readable(member, |activity| {
                activity.header.card_id == Some(card.id) && activity.event.kind().shows.audit
            });
            prop_assert_eq!(read, expected, "the history of card {} (left)", number);
        }
        Ok(())
    }

    async fn finds_all_that_they_see(&self, member: &Actor) -> Proof {
        let query = SearchQuery::parse("word").expect("a query");
        let (mut found, mut after) = (BTreeSet::new(), None);
        loop {
            let page = search::find(self.pool(), member, &query, after).await.expect("a search");
            for hit in &page.hits {
                prop_assert!(self.model.sees(member.user_id, Some(hit.board_id)));
                found.insert(hit.id.uuid());
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let query = "select id, board_id from cards
                     union all select m.id, c.board_id from comments m
                               join cards c on c.id = m.card_id";
        let written: Vec<(Uuid, Uuid)> =
            sqlx::query_as(query).fetch_all(self.pool()).await.expect("what is written");
        let seen = written
            .into_iter()
            .filter(|(_, board)| self.model.sees(member.user_id, Some(BoardId::from(*board))));
        prop_assert_eq!(found, seen.map(|(id, _)| id).collect::<BTreeSet<_>>());
        Ok(())
    }

    async fn has_no_notice_of_what_is_hidden(&self, member: &Actor) -> Proof {
        let newest = notifications::newest(&self.cold(), member).await;
        let (notices, _) = newest.expect("notices");
        for notice in &notices {
            let board = notice.activity.header.board_id;
            prop_assert!(
                self.model.sees(member.user_id, board),
                "{} is told of a board they do not see: {:?}",
                member.name,
                notice.activity.event
            );
        }
        let unread = notifications::unread(self.pool(), self.account, member.user_id).await;
        let shown = i64::try_from(notices.len()).expect("a count");
        prop_assert_eq!(unread.expect("a count"), shown, "the count and the notices of one person");
        Ok(())
    }

    /// How many events the board has that has most.
    fn busiest(&self) -> i64 {
        let mut events: HashMap<BoardId, i64> = HashMap::new();
        let boards = self.model.activities.iter().filter_map(|activity| activity.header.board_id);
        boards.for_each(|board| *events.entry(board).or_default() += 1);
        events.into_values().max().unwrap_or(0)
    }

    /// Each board at each moment of the history, by way of the checkpoints that were made meanwhile.
    async fn boards_are_rebuilt_as_they_were(&self) -> Proof {
        let (log, account) = (self.cold(), self.account);
        let mut connection = self.pool().acquire().await.expect("a connection");
        for (sequence, board, was) in &self.moments {
            let rebuilt = rebuild(&log, &mut connection, account, *board, *sequence).await;
            let rebuilt = rebuilt.expect("a board").board;
            let difference = replay::difference_of_board(*board, &rebuilt, was);
            prop_assert_eq!(difference, None, "at {} of the log", sequence);
        }
        let kept = "select count(*) from board_checkpoints";
        let kept: i64 = sqlx::query_scalar(kept).fetch_one(self.pool()).await.expect("a count");
        prop_assert!(kept > 0 || self.busiest() < 2 * EVERY, "nothing was kept on the way");
        let replayed = replay::replay(self.pool(), account).await.expect("a replay");
        prop_assert_eq!(replayed.boards, self.boards.len());
        prop_assert_eq!(replayed.differences, [], "the log and the tables");
        Ok(())
    }
}
