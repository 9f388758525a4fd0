//! Words of any language, taken out of a text as they are compared: without case and diacritics.
//!
//! A word is a run of letters, digits and their marks. Where a script puts no spaces between words,
//! its characters are taken singly and in pairs instead, so that any part of a run is found by the
//! pairs that it is made of.

use std::collections::BTreeSet;
use std::ops::Range;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// The longest word that is told apart, in characters; longer ones are compared up to there.
const LONGEST: usize = 64;

/// A word, or a single character of a script without spaces, where it stands in its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Where, in bytes.
    pub range: Range<usize>,
    /// As it is compared.
    pub folded: String,
    /// Whether it is of a script without spaces, and follows or is followed without a gap.
    pub is_spaceless: bool,
}

/// The words of a text in their order.
pub fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for (at, c) in text.char_indices() {
        let is_spaceless = is_spaceless(c);
        if !is_spaceless && !c.is_alphanumeric() && !is_combining_mark(c) {
            continue;
        }
        let (end, folded) = (at + c.len_utf8(), folded(c));
        match words.last_mut().filter(|word| word.range.end == at) {
            // A mark that is left out still belongs to what stands before it.
            Some(word) if folded.is_empty() || !is_spaceless && !word.is_spaceless => {
                word.range.end = end;
                word.folded.push_str(&folded);
            }
            _ if folded.is_empty() => {}
            _ => words.push(Word { range: at..end, folded, is_spaceless }),
        }
    }
    for word in &mut words {
        shorten(&mut word.folded);
    }
    words
}

/// What a text is found by: its words, and of scripts without spaces the single characters and the
/// pairs of neighbours.
pub fn to_index(text: &str) -> BTreeSet<String> {
    let words = words(text);
    let pairs = words.windows(2).filter_map(pair);
    let pairs: Vec<String> = pairs.collect();
    words.into_iter().map(|word| word.folded).chain(pairs).collect()
}

/// What must be found for a text to be found: its words, and of scripts without spaces the pairs,
/// or the character where it has no neighbour.
pub fn to_find(text: &str) -> BTreeSet<String> {
    let words = words(text);
    let joined = |at: usize| pair(words.get(at..at + 2)?);
    let found = (0..words.len()).filter_map(|at| match joined(at) {
        Some(pair) => Some(pair),
        None if at > 0 && joined(at - 1).is_some() => None,
        None => Some(words[at].folded.clone()),
    });
    found.collect()
}

/// Two neighbours of a script without spaces, as one.
fn pair(two: &[Word]) -> Option<String> {
    let [one, other] = two else { return None };
    let adjoin = one.is_spaceless && other.is_spaceless && one.range.end == other.range.start;
    adjoin.then(|| format!("{}{}", one.folded, other.folded))
}

/// A character as it is compared. Its marks of the kinds that European scripts and kana have are
/// left out; elsewhere marks are vowels, and stay.
fn folded(c: char) -> String {
    let mut folded = String::new();
    decompose_compatible(c, |part| {
        for part in part.to_lowercase() {
            match plain(part) {
                Some(plain) => folded.push_str(plain),
                None if is_diacritic(part) => {}
                None if part.is_alphanumeric() || is_combining_mark(part) => folded.push(part),
                None => {}
            }
        }
    });
    folded
}

/// Letters that Unicode does not take apart, but people do.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        'ς' => "σ",
        _ => return None,
    })
}

fn is_diacritic(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{3099}' | '\u{309A}')
}

/// Scripts that put no spaces between words: Thai, Lao, Myanmar, Khmer, kana, Han.
pub fn is_spaceless(c: char) -> bool {
    let script = matches!(c,
        '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}'
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FF66}'..='\u{FF9F}' | '\u{20000}'..='\u{3FFFF}');
    script && (c.is_alphanumeric() || is_combining_mark(c))
}

fn shorten(word: &mut String) {
    if let Some((end, _)) = word.char_indices().nth(LONGEST) {
        word.truncate(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn folded_words(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.folded).collect()
    }

    #[test]
    fn case_and_diacritics_make_no_difference() {
        assert_eq!(folded_words("Zürich, ÉTÉ; Straße"), ["zurich", "ete", "strasse"]);
        assert_eq!(folded_words("Ångström Łódź smørrebrød"), ["angstrom", "lodz", "smorrebrod"]);
        assert_eq!(folded_words("ΟΔΥΣΣΕΥΣ Ὀδυσσεύς"), ["οδυσσευσ", "οδυσσευσ"]);
        assert_eq!(folded_words("Ёлка ﬁn Ｆｕｌｌ"), ["елка", "fin", "full"]);
        assert_eq!(folded_words("don’t e\u{301}te"), ["don", "t", "ete"]);
    }

    #[test]
    fn vowel_signs_stay_with_their_words() {
        assert_eq!(folded_words("हिन्दी में").len(), 2);
        assert_ne!(folded_words("कि"), folded_words("का"));
    }

    #[test]
    fn scripts_without_spaces_are_found_by_parts() {
        let index = to_index("春のカタログ 2026");
        for part in ["カタログ", "春の", "ログ", "春", "2026"] {
            assert!(to_find(part).is_subset(&index), "{part} was not found");
        }
        assert!(to_find("か\u{3099}く").is_subset(&to_index("学がく")));
        assert!(!to_find("カロ").is_subset(&index));
        assert_eq!(to_find("春"), BTreeSet::from(["春".to_owned()]));
    }

    #[test]
    fn a_word_knows_where_it_stands() {
        let text = "Été: 春";
        let found: Vec<&str> = words(text).into_iter().map(|word| &text[word.range]).collect();
        assert_eq!(found, ["Été", "春"]);
    }

    #[test]
    fn what_is_very_long_is_compared_up_to_a_point() {
        assert_eq!(folded_words(&"é".repeat(5_000)), ["e".repeat(LONGEST)]);
    }

    proptest! {
        #[test]
        fn any_text_is_found_by_its_own_words(text in "\\PC{0,200}") {
            let index = to_index(&text);
            prop_assert!(to_find(&text).is_subset(&index));
            for word in words(&text) {
                prop_assert!(to_find(&text[word.range]).is_subset(&index));
            }
        }

        #[test]
        fn words_are_letters_and_digits_alone(text in any::<String>()) {
            for word in to_index(&text) {
                prop_assert!(word.chars().all(|c| c.is_alphanumeric() || is_combining_mark(c)));
            }
        }
    }
}
