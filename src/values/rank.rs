//! A place between two neighbours, as a text that sorts byte by byte.

use super::Invalid;

/// The digits, in the order of their bytes.
const DIGITS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A place in an ordered row: a fraction between 0 and 1, its digits after the point in base 62.
///
/// There is always a rank between two others, so moving one thing writes one row. A rank never
/// ends in the lowest digit, since nothing would fit before it.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    sqlx::Type,
)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct Rank(String);

impl Rank {
    /// Takes a rank that was written before.
    ///
    /// # Errors
    /// [`Invalid`] when it is empty, has other characters, or ends in the lowest digit.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let digits = text.bytes().all(|byte| DIGITS.contains(&byte));
        if text.is_empty() || !digits || text.ends_with('0') {
            return Err(Invalid::because("This is not a rank."));
        }
        Ok(Self(text.to_owned()))
    }

    /// The rank's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A rank after `before` and before `after`; none means the end of the row on that side.
    ///
    /// Neighbours in the wrong order are taken as if only the first were there.
    pub fn between(before: Option<&Rank>, after: Option<&Rank>) -> Rank {
        let low = before.map_or(&b""[..], |rank| rank.0.as_bytes());
        let high = after.map(|rank| rank.0.as_bytes()).filter(|high| *high > low);
        Rank(midpoint(low, high))
    }
}

/// The shortest text between the two, near the middle; `high` none is 1, `low` empty is 0.
fn midpoint(low: &[u8], high: Option<&[u8]>) -> String {
    let mut text = String::new();
    let mut high = high;
    for place in 0.. {
        let floor = low.get(place).map_or(0, |digit| value(*digit));
        let ceiling = match high {
            Some(digits) => digits.get(place).map_or(0, |digit| value(*digit)),
            None => DIGITS.len(),
        };
        if ceiling > floor + 1 {
            text.push(char::from(DIGITS[(floor + ceiling) / 2]));
            break;
        }
        text.push(char::from(DIGITS[floor]));
        if ceiling > floor {
            // The digits so far are below `high`: whatever follows stays below it.
            high = None;
        }
    }
    text
}

fn value(digit: u8) -> usize {
    DIGITS.iter().position(|known| *known == digit).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn there_is_room_at_both_ends() {
        let only = Rank::between(None, None);
        assert!(Rank::between(None, Some(&only)) < only);
        assert!(Rank::between(Some(&only), None) > only);
    }

    #[test]
    fn ranks_grow_slowly_when_all_go_to_the_same_place() {
        let mut last = Rank::between(None, None);
        for _ in 0..1_000 {
            last = Rank::between(Some(&last), None);
        }
        assert!(last.as_str().len() < 300, "{} digits", last.as_str().len());
    }

    proptest! {
        #[test]
        fn a_row_keeps_its_order_wherever_things_are_put(places in prop::collection::vec(any::<prop::sample::Index>(), 1..200)) {
            let mut row: Vec<Rank> = Vec::new();
            for place in places {
                let at = place.index(row.len() + 1);
                let before = at.checked_sub(1).and_then(|left| row.get(left));
                let rank = Rank::between(before, row.get(at));
                prop_assert!(Rank::parse(rank.as_str()).is_ok());
                row.insert(at, rank);
            }
            prop_assert!(row.is_sorted());
            prop_assert!(row.windows(2).all(|pair| pair[0] != pair[1]));
        }
    }
}
