//! The text of server-sent events (WHATWG HTML, section 9.2), as Turbo's source reads them.

use super::Cursor;

/// How soon a browser comes back after a loss, in milliseconds. It adds no chance of its own.
const RETRY_MS: u32 = 1_000;

/// Says how soon to come back.
pub fn retry() -> String {
    format!("retry: {RETRY_MS}\n\n")
}

/// A fragment. It has no id: others of the same moment may still be on their way.
pub fn data(html: &str) -> String {
    let html = html.replace("\r\n", "\n");
    let lines: String = html.split(['\n', '\r']).map(|line| format!("data: {line}\n")).collect();
    lines + "\n"
}

/// Up to where all was told. An event without data reaches no page, but the browser keeps its id and
/// says it when it comes back.
pub fn position(cursor: &Cursor) -> String {
    format!("id: {cursor}\n\n")
}

/// A comment, so that proxies see that the connection lives.
pub fn nothing() -> String {
    ":\n\n".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fragment_is_one_message_whatever_its_lines() {
        assert_eq!(data("<p>a\nb</p>"), "data: <p>a\ndata: b</p>\n\n");
        assert_eq!(data("id: 1"), "data: id: 1\n\n");
        assert_eq!(data("a\r\nb\rc"), "data: a\ndata: b\ndata: c\n\n");
    }

    #[test]
    fn a_position_is_an_id_alone() {
        let cursor = Cursor { epoch: "0a1b2c3d".to_owned(), sequence: 42 };
        assert_eq!(position(&cursor), "id: 0a1b2c3d.42\n\n");
    }
}
