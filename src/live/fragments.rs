//! What a stream says of some activities: each region once, as it is now.
//!
//! A fragment may show a state that is newer than its event, never an older one; so it does not
//! matter how often or in how large steps the log is followed.

use std::collections::HashMap;

use sqlx::PgConnection;

use super::Stream;
use crate::domain::feed::{self, Gone};
use crate::domain::{Account, Result, boards, cards, columns, comments, tags, users};
use crate::events::{Activity, Audience, Region};
use crate::notifications;
use crate::tracking::receipts::{self, Reader};
use crate::tracking::{Noted, Thing};
use crate::values::id::{AccountId, BoardId, CardId, UserId};
use crate::views::stream;

/// Beyond so many fragments a page is better loaded anew.
const MOST_FRAGMENTS: usize = 200;

/// A stream element that asks the page to load itself anew, in place.
pub fn refresh() -> String {
    stream::refresh().into_string()
}

/// A stream element that asks the page to load the log that it shows anew.
pub fn reload_log() -> String {
    stream::reload_log().into_string()
}

/// What the activities, in the order of the log, change for those who follow a stream; empty when
/// it is nothing.
///
/// # Errors
/// A database that fails.
pub async fn render(
    connection: &mut PgConnection,
    account: &Account,
    follows: Stream,
    activities: &[Activity],
) -> Result<String> {
    match follows {
        Stream::Board(id) => {
            let viewers = viewers(connection, account, id, activities).await?;
            Ok(viewers + &board(connection, account, id, &on_board(activities, id)).await?)
        }
        Stream::BoardActivities(id) => lines(connection, account, &on_board(activities, id)).await,
        Stream::Card(id) if is_elsewhere(connection, account, id, activities).await? => {
            Ok(refresh())
        }
        Stream::Card(id) => card(connection, account, id, &on_card(activities, id)).await,
        Stream::CardActivities(id) => lines(connection, account, &on_card(activities, id)).await,
        Stream::AccountActivities => {
            let open = open_to_all(connection, account, activities).await?;
            lines(connection, account, &open).await
        }
        Stream::AccountRefreshes => {
            Ok(if shown(activities).is_empty() { String::new() } else { refresh() })
        }
        Stream::Deliveries(_) => Ok(String::new()),
        Stream::User(id) => of_user(connection, account, id, activities).await,
    }
}

fn on_board(activities: &[Activity], id: BoardId) -> Vec<Activity> {
    activities.iter().filter(|activity| activity.header.board_id == Some(id)).cloned().collect()
}

fn on_card(activities: &[Activity], id: CardId) -> Vec<Activity> {
    activities.iter().filter(|activity| activity.header.card_id == Some(id)).cloned().collect()
}

/// Those on no board, or on one that everyone in the account sees now: each private board has a
/// stream of its own.
async fn open_to_all(
    connection: &mut PgConnection,
    account: &Account,
    activities: &[Activity],
) -> Result<Vec<Activity>> {
    let mut ids: Vec<BoardId> =
        activities.iter().filter_map(|activity| activity.header.board_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let open = match ids.is_empty() {
        true => Vec::new(),
        false => boards::open_of(&mut *connection, account.id, &ids).await?,
    };
    let is_open =
        |activity: &&Activity| activity.header.board_id.is_none_or(|board| open.contains(&board));
    Ok(activities.iter().filter(is_open).cloned().collect())
}

/// Whether what a card's page says of its surroundings is out of date: the board's name, whether it
/// is archived, its columns, who sees it and may be given the card.
async fn is_elsewhere(
    connection: &mut PgConnection,
    account: &Account,
    id: CardId,
    activities: &[Activity],
) -> Result<bool> {
    let regions = regions(activities);
    if regions.contains(&Region::Members) {
        return Ok(true);
    }
    let boards: Vec<BoardId> = regions.iter().filter_map(whole_board).collect();
    if boards.is_empty() {
        return Ok(false);
    }
    let card = cards::by_id(&mut *connection, account.id, id).await?;
    Ok(card.is_some_and(|card| boards.contains(&card.board_id)))
}

fn whole_board(region: &Region) -> Option<BoardId> {
    match region {
        Region::Board(id) | Region::BoardPage(id) | Region::Columns(id) => Some(*id),
        _ => None,
    }
}

/// Every region that is out of date, once.
fn regions(activities: &[Activity]) -> Vec<Region> {
    let mut regions: Vec<Region> = Vec::new();
    for region in activities.iter().flat_map(|activity| activity.event.touches()) {
        if !regions.contains(&region) {
            regions.push(region);
        }
    }
    regions
}

/// How many people see a private board, once somebody came or went.
async fn viewers(
    connection: &mut PgConnection,
    account: &Account,
    id: BoardId,
    activities: &[Activity],
) -> Result<String> {
    if !regions(activities).contains(&Region::Members) {
        return Ok(String::new());
    }
    let board = boards::by_id(connection, account.id, id).await?;
    let private = board.filter(|board| board.viewers.is_some());
    Ok(private
        .map_or_else(String::new, |board| stream::board_head(&account.slug, &board).into_string()))
}

async fn board(
    connection: &mut PgConnection,
    account: &Account,
    id: BoardId,
    activities: &[Activity],
) -> Result<String> {
    let mut regions = regions(activities);
    if regions.len() > MOST_FRAGMENTS || regions.contains(&Region::BoardPage(id)) {
        return Ok(refresh());
    }
    if regions.contains(&Region::Columns(id)) {
        // All columns with all their cards are drawn anew: nothing smaller need be.
        regions.retain(|region| matches!(region, Region::Board(_) | Region::Columns(_)));
    }
    let (slug, mut html) = (&account.slug, String::new());
    for region in regions {
        match region {
            Region::Board(id) => {
                if let Some(board) = boards::by_id(&mut *connection, account.id, id).await? {
                    html += &stream::board_head(slug, &board).into_string();
                }
            }
            Region::Columns(id) => html += &board_columns(connection, account, id).await?,
            Region::Column(id) => {
                if let Some(column) = columns::by_id(&mut *connection, account.id, id).await? {
                    let faces = cards::faces_of_column(connection, account.id, id).await?;
                    html += &stream::column(slug, &column, &faces).into_string();
                }
            }
            Region::Card(id) => {
                if let Some(face) = cards::face(connection, account.id, id).await? {
                    html += &stream::card(slug, &face).into_string();
                }
            }
            _ => {}
        }
    }
    Ok(html)
}

async fn board_columns(
    connection: &mut PgConnection,
    account: &Account,
    id: BoardId,
) -> Result<String> {
    let Some(board) = boards::by_id(&mut *connection, account.id, id).await? else {
        return Ok(String::new());
    };
    let columns = boards::with_cards(connection, account.id, id).await?;
    Ok(stream::board_columns(&account.slug, &board, &columns).into_string())
}

async fn card(
    connection: &mut PgConnection,
    account: &Account,
    id: CardId,
    activities: &[Activity],
) -> Result<String> {
    let regions = regions(activities);
    if regions.contains(&Region::CardPage(id)) {
        // Who may see it now, each page asks for itself.
        return Ok(refresh());
    }
    let number = activities.iter().find_map(|activity| activity.event.place().card);
    let Some((_, number)) = number else { return Ok(String::new()) };
    let (slug, mut html) = (&account.slug, String::new());
    for region in regions {
        match region {
            Region::Card(_) => html += &sheet(connection, account, id).await?,
            Region::Comment(id) => {
                let comment = comments::by_id(&mut *connection, account.id, id).await?;
                let stream = comment.map(|comment| stream::comment(slug, number, &comment));
                html += &stream.unwrap_or_else(|| stream::no_comment(id)).into_string();
            }
            Region::CommentText(id) => {
                if let Some(comment) = comments::by_id(&mut *connection, account.id, id).await? {
                    html += &stream::comment_text(slug, number, &comment).into_string();
                }
            }
            _ => {}
        }
    }
    Ok(html)
}

/// The sheet of a card, and what stands beside it.
async fn sheet(connection: &mut PgConnection, account: &Account, id: CardId) -> Result<String> {
    let Some(card) = cards::by_id(&mut *connection, account.id, id).await? else {
        return Ok(String::new());
    };
    let Some(board) = boards::by_id(&mut *connection, account.id, card.board_id).await? else {
        return Ok(String::new());
    };
    let columns = columns::of_board(&mut *connection, account.id, board.id).await?;
    let marks = cards::marks(connection, account.id, id).await?;
    let candidates = cards::candidates(&mut *connection, account.id, board.id).await?;
    let known = tags::of_board(&mut *connection, account.id, board.id).await?;
    let sheet = stream::sheet(&account.slug, &card, &marks, &board, &columns);
    let facts = stream::facts(&account.slug, card.number, &marks, &candidates, &known);
    Ok(sheet.into_string() + &facts.into_string())
}

/// How many notices somebody has not read, if somebody was told of something. A page loads itself
/// anew when its viewer sees another board than before, or one less.
async fn of_user(
    connection: &mut PgConnection,
    account: &Account,
    user: UserId,
    activities: &[Activity],
) -> Result<String> {
    let sees_otherwise = |region: &Region| match region {
        Region::Sight(Some(id)) => *id == user,
        Region::Sight(None) => true,
        _ => false,
    };
    if regions(activities).iter().any(sees_otherwise) {
        return Ok(refresh());
    }
    if activities.iter().all(|activity| activity.event.audience() == Audience::Nobody) {
        return Ok(String::new());
    }
    notice_count(connection, account.id, user).await
}

/// Who looks at a board or a card now.
///
/// # Errors
/// A database that fails.
pub async fn presence(
    connection: &mut PgConnection,
    account: AccountId,
    present: &[UserId],
) -> Result<String> {
    let users = users::some(&mut *connection, account, present).await?;
    Ok(stream::presence(&users).into_string())
}

/// Who has seen a board or a card; nobody where that is not shown.
///
/// # Errors
/// A database that fails.
pub async fn readers(
    connection: &mut PgConnection,
    Noted { account_id, thing }: Noted,
) -> Result<Vec<Reader>> {
    let board = match thing {
        Thing::Board(id) => Some(id),
        Thing::Card(id) => {
            cards::by_id(&mut *connection, account_id, id).await?.map(|card| card.board_id)
        }
    };
    let Some(board) = board else { return Ok(Vec::new()) };
    receipts::readers(connection, account_id, board, thing.into()).await
}

/// All of those who have seen it; empty where that is not shown.
pub fn all_readers(readers: &[Reader]) -> String {
    if readers.is_empty() { String::new() } else { stream::readers(readers).into_string() }
}

/// Those of them who have seen more than pages show by now, or less; all of them where pages show others.
pub fn changed_readers(readers: &[Reader], shown: &HashMap<UserId, i64>) -> String {
    let is_known = |reader: &Reader| shown.contains_key(&reader.user.id);
    if readers.len() != shown.len() || !readers.iter().all(is_known) {
        return all_readers(readers);
    }
    let has_changed = |reader: &&Reader| shown[&reader.user.id] != reader.sequence;
    let changed: Vec<&Reader> = readers.iter().filter(has_changed).collect();
    if changed.is_empty() { String::new() } else { stream::some_readers(&changed).into_string() }
}

/// How many notices somebody has not read now.
///
/// # Errors
/// A database that fails.
pub async fn notice_count(
    connection: &mut PgConnection,
    account: AccountId,
    user: UserId,
) -> Result<String> {
    let unread = notifications::unread(&mut *connection, account, user).await?;
    Ok(stream::notice_count(unread).into_string())
}

/// Those that feeds show.
fn shown(activities: &[Activity]) -> Vec<Activity> {
    activities.iter().filter(|activity| activity.event.kind().shows.feed).cloned().collect()
}

/// The lines of a feed, the oldest first: each is put on top of the one before. When they speak of
/// something that is gone, the lines of before may still lead to it, and when it is there again, they
/// do not lead to it yet; so the page loads itself anew.
async fn lines(
    connection: &mut PgConnection,
    account: &Account,
    activities: &[Activity],
) -> Result<String> {
    let shown = shown(activities);
    let most = usize::try_from(feed::PAGE).unwrap_or(usize::MAX);
    let newest = &shown[shown.len().saturating_sub(most)..];
    if newest.is_empty() {
        return Ok(String::new());
    }
    let people = feed::people(&mut *connection, account.id, newest).await?;
    let gone = Gone::of(&mut *connection, account.id, newest).await?;
    let slug = &account.slug;
    let lines = newest.iter().map(|activity| stream::activity(slug, activity, &people, &gone));
    let html: String = lines.map(maud::PreEscaped::into_string).collect();
    let leads_otherwise = |region: &Region| matches!(region, Region::CardLinks(_));
    let is_old = gone != Gone::default() || regions(newest).iter().any(leads_otherwise);
    Ok(if is_old { html + &refresh() } else { html })
}
