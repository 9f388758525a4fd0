//! The one way in which a value is written in a record, so that any program can compute its hash.
//!
//! Keys stand in order, nothing between them, what is null is left out; ids are hyphenated, times are
//! whole microseconds since 1970, bytes are hexadecimal, and a text has only the escapes that it must.

use sqlx::Decode as _;
use sqlx::postgres::PgValueRef;
use uuid::Uuid;

/// Microseconds from 1970 to 2000, where Postgres counts from.
const EPOCH: i64 = 946_684_800_000_000;

/// How values of a column are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Uuid,
    Text,
    Integer,
    Time,
    Bytes,
    Uuids,
    Texts,
}

impl Form {
    /// The form of the values of a type, by the type’s name in the catalogue; none for a type that no
    /// typed row has.
    pub(super) fn of(type_name: &str) -> Option<Self> {
        Some(match type_name {
            "uuid" => Self::Uuid,
            "text" => Self::Text,
            "int2" | "int4" | "int8" => Self::Integer,
            "timestamptz" => Self::Time,
            "bytea" => Self::Bytes,
            "_uuid" => Self::Uuids,
            "_text" => Self::Texts,
            _ => return None,
        })
    }

    /// Writes a value as Postgres sent it.
    pub(super) fn write(self, out: &mut Vec<u8>, value: PgValueRef<'_>) -> sqlx::Result<()> {
        match self {
            Self::Uuid => uuid(out, Uuid::from_slice(bytes(&value)?).map_err(decode)?),
            Self::Text => text(out, str::from_utf8(bytes(&value)?).map_err(decode)?),
            Self::Integer => integer(out, big_endian(bytes(&value)?)),
            Self::Time => integer(out, EPOCH + big_endian(bytes(&value)?)),
            Self::Bytes => hexadecimal(out, bytes(&value)?),
            Self::Uuids => {
                list(out, Vec::<Uuid>::decode(value).map_err(sqlx::Error::Decode)?, uuid);
            }
            Self::Texts => {
                let texts = Vec::<String>::decode(value).map_err(sqlx::Error::Decode)?;
                list(out, texts, |out, each| text(out, &each));
            }
        }
        Ok(())
    }
}

pub(super) fn bytes<'r>(value: &PgValueRef<'r>) -> sqlx::Result<&'r [u8]> {
    value.as_bytes().map_err(sqlx::Error::Decode)
}

fn big_endian(bytes: &[u8]) -> i64 {
    let negative = bytes.first().is_some_and(|byte| *byte > 0x7f);
    let start = if negative { -1 } else { 0 };
    bytes.iter().fold(start, |number, byte| (number << 8) | i64::from(*byte))
}

fn decode(error: impl std::error::Error + Send + Sync + 'static) -> sqlx::Error {
    sqlx::Error::Decode(Box::new(error))
}

pub(super) fn uuid(out: &mut Vec<u8>, uuid: Uuid) {
    let mut buffer = Uuid::encode_buffer();
    out.push(b'"');
    out.extend_from_slice(uuid.hyphenated().encode_lower(&mut buffer).as_bytes());
    out.push(b'"');
}

pub(super) fn text(out: &mut Vec<u8>, text: &str) {
    serde_json::to_writer(out, text).expect("a text is written into memory");
}

pub(super) fn integer(out: &mut Vec<u8>, number: i64) {
    serde_json::to_writer(out, &number).expect("a number is written into memory");
}

pub(super) fn hexadecimal(out: &mut Vec<u8>, bytes: &[u8]) {
    text(out, &hex::encode(bytes));
}

/// Writes the values of a list with a comma between two.
pub(super) fn list<T>(
    out: &mut Vec<u8>,
    values: impl IntoIterator<Item = T>,
    mut write: impl FnMut(&mut Vec<u8>, T),
) {
    out.push(b'[');
    for (index, value) in values.into_iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write(out, value);
    }
    out.push(b']');
}

/// An object that is being written; whoever writes it keeps its keys in order.
pub(super) struct Object<'a> {
    out: &'a mut Vec<u8>,
    is_empty: bool,
}

impl<'a> Object<'a> {
    pub(super) fn begin(out: &'a mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, is_empty: true }
    }

    /// Writes a key, and gives the place where its value belongs.
    pub(super) fn key(&mut self, key: &str) -> &mut Vec<u8> {
        if !std::mem::replace(&mut self.is_empty, false) {
            self.out.push(b',');
        }
        // The names of columns need no escapes.
        self.out.push(b'"');
        self.out.extend_from_slice(key.as_bytes());
        self.out.extend_from_slice(b"\":");
        self.out
    }

    pub(super) fn uuid(&mut self, key: &str, value: Option<Uuid>) {
        if let Some(value) = value {
            uuid(self.key(key), value);
        }
    }

    pub(super) fn end(self) {
        self.out.push(b'}');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_sign_at_any_width() {
        assert_eq!(big_endian(&[0xff, 0xfe]), -2);
        assert_eq!(big_endian(&258_i64.to_be_bytes()), 258);
        assert_eq!(big_endian(&i64::MIN.to_be_bytes()), i64::MIN);
        assert_eq!(big_endian(&7_i32.to_be_bytes()), 7);
    }

    #[test]
    fn an_object_has_commas_between_its_keys_and_leaves_out_what_is_null() {
        let mut out = Vec::new();
        let mut object = Object::begin(&mut out);
        object.uuid("a", None);
        text(object.key("b"), "“x”\n\u{1}/");
        list(object.key("c"), [1, 2], integer);
        object.end();
        assert_eq!(str::from_utf8(&out), Ok("{\"b\":\"“x”\\n\\u0001/\",\"c\":[1,2]}"));
    }
}
