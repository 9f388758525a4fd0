//! The demo account, made once on a private Postgres so that there is something to look at.

mod visits;

use self::visits::Visits;
use super::Failure;
use crate::domain::accounts::{self, Founded, NewAccount};
use crate::domain::cards::{self, Edit};
use crate::domain::passwords::Password;
use crate::domain::{Actor, Error, NoLetters, boards, columns, comments, invitations, sign_ins};
use crate::events::Log;
use crate::tracking::Tracker;
use crate::values::id::{BoardId, ColumnId, IdentityId};
use crate::values::secret::Secret;
use crate::values::{
    BoardAccess, CommentBody, Description, Email, Invalid, Name, Role, Slug, TagName, Title,
};

const SLUG: &str = "northfold";

/// The address of the demo's owner, whom the one click signs in.
pub(super) const OWNER: &str = "olive@northfold.example";

/// The cards by the column they end up in; all begin in the first.
const CARDS: &[(usize, &str)] = &[
    (3, "Agree on the nine walks"),
    (3, "Scan the 1962 survey sheets"),
    (2, "Check every bus time against the winter timetable"),
    (2, "A page for people who walk with dogs"),
    (1, "Redraw the north ridge at 1:25 000"),
    (1, "Shorten the packing list to one page"),
    (0, "List the springs that ran dry in August"),
    (0, "Pick the paper for the cover"),
    (0, "Write the letter to the hut wardens"),
];

/// The cards that are opened, by number, and how often beside each other.
const OPENED: &[(i64, u32)] =
    &[(2, 3), (3, 6), (4, 4), (5, 9), (10, 5), (11, 3), (12, 7), (13, 4), (7, 8), (9, 16)];

/// The other boards: the columns of each, and the cards, which stay in the first.
const OTHERS: &[(&str, &[&str], &[&str])] = &[
    (
        "Trail guides",
        &["Ask", "Write", "Proof"],
        &[
            "Who mends the footbridge at Corrie",
            "A walk for days of rain",
            "Proof the Greek place names",
        ],
    ),
    (
        "Website",
        &["Ideas", "Building", "Live"],
        &["Show which huts are open", "A map that prints on one page"],
    ),
];

/// Makes the account with its people, boards and cards, through the verbs that people use, and reports
/// who has looked at them; does nothing when there is an account already.
///
/// # Errors
/// [`Failure`] when the database fails.
pub async fn seed(log: &Log, tracker: &Tracker) -> Result<(), Failure> {
    if accounts::any(log.pool()).await? {
        return Ok(());
    }
    let people = people(log).await?;
    let (board, columns) = board(log, &people).await?;
    work(log, &people, &columns).await?;
    let others = others(log, &people).await?;
    visit(log, tracker, &people, &[board, others[0], others[1]]).await
}

struct People {
    olive: Actor,
    tomas: Actor,
    amara: Actor,
}

async fn people(log: &Log) -> Result<People, Error> {
    let new = NewAccount {
        slug: taken(Slug::parse(SLUG))?,
        name: taken(Name::parse("Northfold"))?,
        owner_email: taken(Email::parse(OWNER))?,
        owner_name: taken(Name::parse("Olive Marsh"))?,
    };
    let Founded { identity_id, .. } = accounts::create(log, new).await?;
    let olive = actor(log, identity_id).await?;
    let tomas =
        join(log, &olive, "tomas@northfold.example", "Tomas Lindqvist", Role::Admin).await?;
    let amara = join(log, &olive, "amara@northfold.example", "Amara Okafor", Role::Member).await?;
    Ok(People { olive, tomas, amara })
}

/// Somebody who was invited and accepts, with a password that nobody knows.
async fn join(
    log: &Log,
    inviter: &Actor,
    email: &str,
    name: &str,
    role: Role,
) -> Result<Actor, Error> {
    let email = taken(Email::parse(email))?;
    let (_, token) = invitations::invite(log, inviter, &email, role, &NoLetters).await?;
    let invitation = invitations::find(log.pool(), SLUG, &token).await?;
    let password = taken(Password::parse(Secret::token().reveal()))?;
    let name = taken(Name::parse(name))?;
    let identity = invitations::accept(log, &invitation, name, Some(&password)).await?;
    actor(log, identity).await
}

/// A person as a member, by a signing in that is over at once.
async fn actor(log: &Log, identity: IdentityId) -> Result<Actor, Error> {
    let sign_in = sign_ins::start(log.pool(), identity, None, "").await?;
    let actor = sign_ins::resolve(log.pool(), sign_in, SLUG, None).await?;
    sign_ins::revoke(log.pool(), sign_in).await?;
    actor.ok_or(Error::NotFound)
}

async fn board(log: &Log, people: &People) -> Result<(BoardId, Vec<ColumnId>), Error> {
    let board = boards::create(
        log,
        &people.olive,
        taken(Name::parse("Spring catalogue"))?,
        BoardAccess::Everyone,
    )
    .await?;
    let mut ids = Vec::new();
    for name in ["To do", "Doing", "In review", "Done"] {
        ids.push(columns::add(log, &people.olive, board.id, taken(Name::parse(name))?).await?.id);
    }
    for (_, title) in CARDS {
        cards::add(log, &people.olive, board.id, None, taken(Title::parse(title))?).await?;
    }
    Ok((board.id, ids))
}

/// The boards that are there besides.
async fn others(log: &Log, people: &People) -> Result<Vec<BoardId>, Error> {
    let (creator, mut ids) = (&people.tomas, Vec::new());
    for (name, columns, cards) in OTHERS {
        let name = taken(Name::parse(name))?;
        let board = boards::create(log, creator, name, BoardAccess::Everyone).await?;
        for column in *columns {
            columns::add(log, creator, board.id, taken(Name::parse(column))?).await?;
        }
        for title in *cards {
            cards::add(log, creator, board.id, None, taken(Title::parse(title))?).await?;
        }
        ids.push(board.id);
    }
    Ok(ids)
}

async fn work(log: &Log, people: &People, columns: &[ColumnId]) -> Result<(), Error> {
    let People { olive, tomas, amara } = people;
    for (number, (column, _)) in (1..).zip(CARDS) {
        let mover = if number % 2 == 0 { tomas } else { amara };
        cards::relocate(log, mover, number, columns[*column], None).await?;
    }
    let last = i64::try_from(CARDS.len()).unwrap_or(1);
    let description = "Ask each warden two things: what it costs to stay and who has the key.\n\n\
                       ## Before it goes out\n\n- Collect the eight addresses\n- Agree on the two \
                       questions\n- Print two, mail six\n";
    let description = Some(taken(Description::parse(description))?);
    cards::update(log, olive, last, Edit { description, ..Edit::default() }).await?;
    let said = [
        (tomas, "The wardens at Hollin and Corrie answer by post only. I have their addresses."),
        (amara, "Then let us write **one letter** that works on paper. Two versions will drift."),
        (tomas, "Reads well. I would drop “kindly”; nobody up there says it."),
    ];
    for (author, body) in said {
        comments::add(log, author, last, taken(CommentBody::parse(body))?).await?;
    }
    marks(log, people, last).await
}

/// Tags and people on some of the cards, and one that is closed.
async fn marks(log: &Log, people: &People, last: i64) -> Result<(), Error> {
    let People { olive, tomas, amara } = people;
    for (number, name) in [(last, "words"), (last - 1, "print"), (last - 2, "safety"), (5, "maps")]
    {
        cards::tag(log, olive, number, taken(TagName::parse(name))?).await?;
    }
    for (number, person) in
        [(last, olive), (last, tomas), (last - 1, amara), (5, tomas), (4, amara), (3, tomas)]
    {
        cards::assign(log, olive, number, person.user_id).await?;
    }
    cards::close(log, tomas, 1).await?;
    Ok(())
}

/// Some cards are opened often, most seldom, and a few never.
async fn visit(
    log: &Log,
    tracker: &Tracker,
    people: &People,
    boards: &[BoardId],
) -> Result<(), Failure> {
    let People { olive, tomas, amara } = people;
    let mut cards = Vec::new();
    for (number, weight) in OPENED {
        cards.push((cards::find(log.pool(), olive, *number).await?, *weight));
    }
    let boards: Vec<(BoardId, u32)> = boards.iter().copied().zip([6, 3, 2]).collect();
    let people = [(olive, 60), (tomas, 52), (amara, 40)];
    let visits = Visits { people: &people, boards: &boards, cards: &cards };
    visits::report(tracker, &visits).await.map_err(|unstored| Failure::new(unstored.to_string()))
}

/// What the demo is made of is well formed; a slip of ours reads as any other refusal.
fn taken<T>(value: Result<T, Invalid>) -> Result<T, Error> {
    value.map_err(Error::in_field("demo"))
}
