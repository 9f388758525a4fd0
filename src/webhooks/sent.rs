//! What was sent, byte by byte: a delivery as one would repeat it by hand, and the frozen body of an
//! event.

use sqlx::PgPool;

use super::format::Format;
use super::signature::Signing;
use crate::domain::{Actor, Error, Result};
use crate::values::clock;
use crate::values::id::{DeliveryId, EndpointId, EventId};

/// What an endpoint was owed.
struct Owed {
    url: String,
    /// The names of headers of the endpoint’s own; their values are secrets.
    header_names: Vec<String>,
    number: i64,
    sequence: i64,
    event_id: EventId,
    body: Vec<u8>,
}

/// A delivery as a command of curl: the very bytes, signed now, since a receiver refuses the
/// signature of long ago. No secret stands in it.
///
/// # Errors
/// [`Error::NotFound`] when there is no such delivery for them; [`Error::Forbidden`] for those who
/// are no admins.
pub async fn as_curl(
    pool: &PgPool,
    actor: &Actor,
    endpoint: EndpointId,
    id: DeliveryId,
    signing: &Signing,
) -> Result<String> {
    actor.may_administer()?;
    let owed = sqlx::query_as!(
        Owed,
        r#"select e.url, e.header_names, d.number, d.sequence, d.event_id as "event_id: EventId", p.body
           from webhook_deliveries d
           join webhook_endpoints e on e.account_id = $1 and e.id = d.endpoint_id
           join webhook_payloads p on p.account_id = $1 and p.event_id = d.event_id
               and p.format = d.format
           join activities a on a.account_id = $1 and a.sequence = d.sequence
           where d.account_id = $1 and d.endpoint_id = $2 and d.id = $3
             and (a.board_id is null or exists(select from board_viewers v
                 where v.account_id = $1 and v.board_id = a.board_id and v.user_id = $4))"#,
        actor.account.id as _,
        endpoint as _,
        id as _,
        actor.user_id as _,
    );
    let owed = owed.fetch_optional(pool).await?.ok_or(Error::NotFound)?;
    Ok(command(&owed, signing, clock::now().unix_timestamp()))
}

fn command(owed: &Owed, signing: &Signing, timestamp: i64) -> String {
    let id = owed.event_id.to_string();
    let mut headers = vec![
        ("content-type", "application/json".to_owned()),
        ("webhook-id", id.clone()),
        ("webhook-timestamp", timestamp.to_string()),
        ("webhook-signature", signing.standard(&id, timestamp, &owed.body)),
        ("x-webhook-signature", signing.plain(&owed.body)),
        ("cairn-sequence", owed.sequence.to_string()),
        ("cairn-delivery", owed.number.to_string()),
    ];
    headers.extend(signing.next(&owed.body).map(|next| ("x-webhook-signature-next", next)));
    headers.extend(owed.header_names.iter().map(|name| (name.as_str(), "<its value>".to_owned())));
    let headers = headers.iter().map(|(name, value)| quoted("-H", &format!("{name}: {value}")));
    let first = format!("curl --include --globoff {}", quoted("--url", &owed.url));
    let body = quoted("--data-binary", &String::from_utf8_lossy(&owed.body));
    let parts: Vec<String> = [first].into_iter().chain(headers).chain([body]).collect();
    parts.join(" \\\n  ")
}

/// An option with its value, as a shell takes it whatever stands in it.
fn quoted(option: &str, value: &str) -> String {
    format!("{option} '{}'", value.replace('\'', r"'\''"))
}

/// The frozen body of an event by an id that somebody gives, if there is such an event for them.
///
/// # Errors
/// A database that fails.
pub async fn body(
    pool: &PgPool,
    actor: &Actor,
    format: Format,
    id: Option<&str>,
) -> Result<Option<Vec<u8>>> {
    match id.and_then(|id| id.parse().ok()) {
        Some(event) => frozen(pool, actor, format, event).await,
        None => Ok(None),
    }
}

/// The frozen body of an event that somebody may know of.
pub(super) async fn frozen(
    pool: &PgPool,
    actor: &Actor,
    format: Format,
    event: EventId,
) -> Result<Option<Vec<u8>>> {
    let body = sqlx::query_scalar!(
        "select p.body from webhook_payloads p
         join activities a on a.account_id = $1 and a.created_at = p.created_at and a.id = p.event_id
         where p.account_id = $1 and p.event_id = $2 and p.format = $4
           and (a.board_id is null or exists(select from board_viewers v
               where v.account_id = $1 and v.board_id = a.board_id and v.user_id = $3))",
        actor.account.id as _,
        event as _,
        actor.user_id as _,
        format as _,
    );
    Ok(body.fetch_optional(pool).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::webhooks::signature::SigningSecret;

    #[test]
    fn a_shell_gives_curl_the_very_bytes() {
        let newer = SigningSecret::new();
        let owed = Owed {
            url: "https://example.com/?a=1&b='c'".to_owned(),
            header_names: vec!["authorization".to_owned()],
            number: 3,
            sequence: 9,
            event_id: EventId::new(),
            body: r#"{"title":"It’s `$HOME` \"and\" 'more' \\n !"}"#.as_bytes().to_vec(),
        };
        let shown = newer.shown().reveal().to_owned();
        let command = command(&owed, &Signing::of(newer), 1_700_000_000);
        assert!(!command.contains(&shown), "{command}");
        // A shell that says its words one by one stands for curl.
        let script = command.replacen("curl", "printf '%s\\n'", 1);
        let output = std::process::Command::new("sh").arg("-c").arg(&script).output();
        let output = output.expect("a shell");
        let said = String::from_utf8(output.stdout).expect("words");
        let words: Vec<&str> = said.lines().collect();
        assert_eq!(words[3], owed.url);
        assert_eq!(words.last().map(|word| word.as_bytes()), Some(owed.body.as_slice()));
    }
}
