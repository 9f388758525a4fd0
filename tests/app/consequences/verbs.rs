//! The verbs of the random histories, and what the model learns from each.

use cairn::domain::restorations::{self, Choice};
use cairn::domain::{Actor, Error, Result, boards, cards, columns, comments, members};
use cairn::events::{KINDS, Log, history};
use cairn::values::id::{BoardId, ColumnId, UserId};
use cairn::values::secret::KeyRing;
use cairn::values::{
    BoardAccess, Color, CommentBody, Description, Grantee, Name, Role, TagName, Title,
};
use cairn::webhooks::endpoints;
use proptest::test_runner::TestCaseError;
use proptest::{prop_assert, prop_assert_eq};

use super::step::{Step, Verb};
use super::world::World;

/// One of some things, if there are any.
fn pick<T: Clone>(from: &[T], number: usize) -> Result<T> {
    if from.is_empty() { Err(Error::NotFound) } else { Ok(from[number % from.len()].clone()) }
}

impl World {
    /// Does what a step says; what is refused must leave no event.
    pub(super) async fn take(&mut self, step: &Step) -> std::result::Result<(), TestCaseError> {
        let done = self.act(step).await;
        let recorded = self.settle().await?;
        if recorded > 0 {
            self.remember().await;
        }
        match done {
            Err(Error::Unexpected(error)) => {
                prop_assert!(false, "{:?} broke: {}", step, error);
            }
            Err(_) => prop_assert_eq!(recorded, 0, "refused, and recorded: {:?}", step),
            Ok(()) => {}
        }
        Ok(())
    }

    async fn act(&mut self, step: &Step) -> Result<()> {
        let present: Vec<usize> =
            (0..self.people.len()).filter(|at| self.people[*at].present).collect();
        let who = pick(&present, step.who)?;
        match step.verb {
            Verb::CreateBoard => self.create_board(who, step.one.is_multiple_of(2)).await,
            Verb::RenameBoard | Verb::ArchiveBoard | Verb::RestoreBoard => {
                self.change_board(who, step).await
            }
            Verb::Grant | Verb::Revoke | Verb::Open | Verb::Close => {
                self.change_access(who, step).await
            }
            Verb::AddColumn | Verb::EditColumn | Verb::MoveColumn | Verb::RemoveColumn => {
                self.change_columns(who, step).await
            }
            Verb::AddCard => self.add_card(who, step).await,
            Verb::Comment | Verb::EditComment | Verb::DeleteComment => {
                self.change_comments(who, step).await
            }
            Verb::Join => {
                let name = format!("guest{}", self.people.len());
                self.join(
                    &name,
                    if step.one.is_multiple_of(3) { Role::Admin } else { Role::Member },
                )
                .await;
                Ok(())
            }
            Verb::Remove | Verb::ChangeRole => self.change_members(who, step, &present).await,
            Verb::EditEndpoint => self.edit_endpoint(who, step).await,
            Verb::Undo => self.undo(who, step).await,
            _ => self.change_card(who, step).await,
        }
    }

    fn doer(&self, who: usize) -> (Log, Actor) {
        (self.log.clone(), self.people[who].actor.clone())
    }

    pub(super) async fn create_board(&mut self, who: usize, private: bool) -> Result<()> {
        let (log, actor) = self.doer(who);
        let access = if private { BoardAccess::Chosen } else { BoardAccess::Everyone };
        let name = Name::parse(&format!("Board {}", self.boards.len())).expect("a name");
        let board = boards::create(&log, &actor, name, access).await?.id;
        self.boards.push(board);
        if private {
            self.model.private.insert(board);
            self.model.chosen.insert((board, actor.user_id));
        }
        for name in ["To do", "Done"] {
            self.settle().await.expect("a log");
            columns::add(&log, &actor, board, Name::parse(name).expect("a name")).await?;
        }
        self.settle().await.expect("a log");
        Ok(())
    }

    async fn change_board(&mut self, who: usize, step: &Step) -> Result<()> {
        let (log, actor) = self.doer(who);
        let board = pick(&self.boards, step.one)?;
        let name = Name::parse(&format!("Renamed {}", step.other)).expect("a name");
        match step.verb {
            Verb::RenameBoard => boards::rename(&log, &actor, board, name).await?,
            Verb::ArchiveBoard => boards::archive(&log, &actor, board).await?,
            _ => boards::restore(&log, &actor, board).await?,
        };
        Ok(())
    }

    async fn change_access(&mut self, who: usize, step: &Step) -> Result<()> {
        let (log, actor) = self.doer(who);
        let (board, user) = (pick(&self.boards, step.one)?, self.anybody(step.other)?);
        match step.verb {
            Verb::Grant => {
                boards::grant(&log, &actor, board, Grantee::User(user)).await?;
                self.model.chosen.insert((board, user));
            }
            Verb::Open => {
                boards::grant(&log, &actor, board, Grantee::Everyone).await?;
                self.model.private.remove(&board);
            }
            Verb::Revoke => {
                boards::revoke(&log, &actor, board, Grantee::User(user)).await?;
                if self.model.chosen.remove(&(board, user)) {
                    self.forget(board).await;
                }
            }
            _ => {
                boards::revoke(&log, &actor, board, Grantee::Everyone).await?;
                if self.model.private.insert(board) {
                    self.model.chosen.insert((board, actor.user_id));
                    self.forget(board).await;
                }
            }
        }
        Ok(())
    }

    /// Anybody who ever was a member.
    fn anybody(&self, number: usize) -> Result<UserId> {
        Ok(pick(&self.people, number)?.actor.user_id)
    }

    async fn columns(&self, board: BoardId) -> Result<Vec<ColumnId>> {
        let columns = columns::of_board(self.pool(), self.account, board).await?;
        Ok(columns.into_iter().map(|column| column.id).collect())
    }

    async fn change_columns(&mut self, who: usize, step: &Step) -> Result<()> {
        let (log, actor) = self.doer(who);
        let board = pick(&self.boards, step.one)?;
        let columns = self.columns(board).await?;
        let name = Name::parse(&format!("Column {}", step.other)).expect("a name");
        if matches!(step.verb, Verb::AddColumn) {
            columns::add(&log, &actor, board, name).await?;
            return Ok(());
        }
        let (column, to) = (pick(&columns, step.other)?, pick(&columns, step.other / 7)?);
        match step.verb {
            Verb::EditColumn => {
                let edit = columns::Edit { name: Some(name), color: Some(Color::nth(step.other)) };
                columns::update(&log, &actor, board, column, edit).await?;
            }
            Verb::MoveColumn => {
                let position = u32::try_from(step.other % 4).ok();
                columns::relocate(&log, &actor, board, column, position).await?;
            }
            _ => columns::remove(&log, &actor, board, column, Some(to)).await?,
        }
        Ok(())
    }

    async fn add_card(&mut self, who: usize, step: &Step) -> Result<()> {
        let (log, actor) = self.doer(who);
        let board = pick(&self.boards, step.one)?;
        let column = pick(&self.columns(board).await?, step.other)?;
        let title = Title::parse(&format!("Word {}", step.other)).expect("a title");
        self.cards = cards::add(&log, &actor, board, Some(column), title).await?.number;
        Ok(())
    }

    /// The number of some card that was ever added.
    fn number(&self, number: usize) -> i64 {
        1 + i64::try_from(number).unwrap_or(0) % self.cards.max(1)
    }

    async fn change_card(&mut self, who: usize, step: &Step) -> Result<()> {
        let (log, actor) = self.doer(who);
        let number = self.number(step.one);
        let card = cards::find(self.pool(), &actor, number).await?;
        let user = self.anybody(step.other)?;
        match step.verb {
            Verb::MoveCard => {
                let column = pick(&self.columns(card.board_id).await?, step.other)?;
                let position = u32::try_from(step.other % 5).ok();
                cards::relocate(&log, &actor, number, column, position).await?;
            }
            Verb::EditCard => {
                let title = Title::parse(&format!("Word, edited {}", step.other));
                let description = Description::parse(&format!("Some words {}", step.who));
                let edit = cards::Edit {
                    title: Some(title.expect("a title")),
                    description: Some(description.expect("a description")),
                    version: None,
                };
                cards::update(&log, &actor, number, edit).await?;
            }
            Verb::Assign => {
                cards::assign(&log, &actor, number, user).await?;
            }
            Verb::Unassign => {
                cards::unassign(&log, &actor, number, user).await?;
            }
            Verb::Tag => {
                let name = TagName::parse(&format!("tag{}", step.other % 5)).expect("a name");
                cards::tag(&log, &actor, number, name).await?;
            }
            Verb::Untag => {
                let marks =
                    cards::marks(&mut *self.pool().acquire().await?, self.account, card.id).await?;
                let tag = pick(&marks.tags, step.other)?;
                cards::untag(&log, &actor, number, tag.id).await?;
            }
            Verb::CloseCard => {
                cards::close(&log, &actor, number).await?;
            }
            Verb::ReopenCard => {
                cards::reopen(&log, &actor, number).await?;
            }
            Verb::MoveToBoard => {
                let board = pick(&self.boards, step.other)?;
                cards::move_to_board(&log, &actor, number, board, None).await?;
            }
            _ => cards::delete(&log, &actor, number).await?,
        }
        Ok(())
    }

    async fn change_comments(&mut self, who: usize, step: &Step) -> Result<()> {
        let (log, actor) = self.doer(who);
        let number = self.number(step.one);
        let body = CommentBody::parse(&format!("A word {}", step.who)).expect("a comment");
        if matches!(step.verb, Verb::Comment) {
            comments::add(&log, &actor, number, body).await?;
            return Ok(());
        }
        let card = cards::find(self.pool(), &actor, number).await?;
        let comments = comments::of_card(self.pool(), self.account, card.id).await?;
        let comment = pick(&comments, step.other)?.id;
        match step.verb {
            Verb::EditComment => {
                comments::edit(&log, &actor, number, comment, body, None).await?;
            }
            _ => comments::delete(&log, &actor, number, comment).await?,
        }
        Ok(())
    }

    /// Undoes one of the newest events, whatever it was.
    async fn undo(&mut self, who: usize, step: &Step) -> Result<()> {
        let (log, actor) = self.doer(who);
        let newest = history::Page::newest(history::Scope::Account, 40, KINDS.to_vec());
        let newest = history::page(&log, self.account, &newest).await?;
        let event = pick(&newest, step.one)?.header.id;
        let column = match step.other % 3 {
            0 => pick(&self.columns(pick(&self.boards, step.other / 3)?).await?, step.other).ok(),
            _ => None,
        };
        let choice = Choice { column_id: column, version: None };
        restorations::restore(&log, &actor, event, choice).await.map(drop)
    }

    async fn change_members(&mut self, who: usize, step: &Step, present: &[usize]) -> Result<()> {
        let (log, actor) = self.doer(who);
        // Olive stays, so that there is always somebody who may invite.
        let at = pick(&present[1..], step.one)?;
        let user = self.people[at].actor.user_id;
        if matches!(step.verb, Verb::ChangeRole) {
            let role = [Role::Member, Role::Admin, Role::Owner][step.other % 3];
            self.people[at].actor.role = members::change_role(&log, &actor, user, role).await?.role;
            return Ok(());
        }
        members::remove(&log, &actor, user).await?;
        self.people[at].present = false;
        self.pass_on(user, actor.user_id);
        Ok(())
    }

    /// What a former member leaves: a private board that nobody else sees goes to whoever removed
    /// them; of one who left by themselves, to the first owner.
    fn pass_on(&mut self, from: UserId, remover: UserId) {
        let owners = self.members().filter(|actor| actor.role == Role::Owner);
        let first = owners.map(|actor| actor.user_id).min();
        let heir = first.filter(|_| remover == from).unwrap_or(remover);
        let model = &mut self.model;
        model.notices.retain(|(user, _), _| *user != from);
        for board in &self.boards {
            let lost = model.chosen.remove(&(*board, from));
            let alone = !model.chosen.iter().any(|(of, _)| of == board);
            if lost && alone && model.private.contains(board) {
                model.chosen.insert((*board, heir));
            }
        }
    }

    async fn edit_endpoint(&mut self, who: usize, step: &Step) -> Result<()> {
        let (log, actor) = self.doer(who);
        let ids: Vec<_> = self.model.asked.keys().copied().collect();
        let names: &[&str] = [
            &["*"][..],
            &["card.*", "comment.added"],
            &["board.*", "member.*", "column.*"],
            &["card.moved", "comment.*", "webhook.*"],
        ][step.other % 4];
        let edit = endpoints::Edit {
            events: Some(names.iter().map(|name| (*name).to_owned()).collect()),
            ..endpoints::Edit::default()
        };
        let id = pick(&ids, step.one)?;
        let keys = KeyRing::new(b"the key of the tests, which is no secret", None);
        let edited = endpoints::edit(&log, &keys, &self.guard, &actor, id, edit).await?;
        self.model.hears(edited);
        Ok(())
    }
}
