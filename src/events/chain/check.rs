//! Compares events with the hashes that were written for them; knows no database.

use std::collections::BTreeMap;

use super::findings::Finding;
use super::hash::Hash;
use super::reader::{Fault, Record};

/// How far the comparison has come.
#[derive(Debug)]
pub(super) struct Check {
    /// The last sequence that was seen.
    last: i64,
    /// Its hash; none where it cannot be known, because what was before is gone.
    hash: Option<Hash>,
    /// The last sequence whose hash stood written.
    sealed: i64,
    doubt: Option<Doubt>,
    findings: Vec<Finding>,
}

/// An event whose hash is not the written one: the next one tells which of the two was changed.
#[derive(Debug)]
struct Doubt {
    sequence: i64,
    kind: String,
    computed: Hash,
}

impl Check {
    /// A comparison of what comes behind a sequence with this hash.
    pub(super) fn behind(sequence: i64, hash: Hash) -> Self {
        Self {
            last: sequence,
            hash: Some(hash),
            sealed: sequence,
            doubt: None,
            findings: Vec::new(),
        }
    }

    /// The last sequence that was seen, and its hash.
    pub(super) fn at(&self) -> (i64, Option<Hash>) {
        (self.last, self.hash)
    }

    /// The last sequence whose hash stood written.
    pub(super) fn sealed(&self) -> i64 {
        self.sealed
    }

    /// Compares the next event with the hashes that were written.
    pub(super) fn event(&mut self, record: &Record, written: &BTreeMap<i64, Hash>) {
        if record.sequence > self.last + 1 {
            self.gap(record.sequence, written);
        }
        self.faults(record);
        let stored = written.get(&record.sequence).copied();
        self.resolve(stored, Some(record));
        let computed = self.hash.map(|hash| hash.then(&record.line));
        if let (Some(computed), Some(stored)) = (computed, stored)
            && computed != stored
        {
            let (sequence, kind) = (record.sequence, record.kind.clone());
            self.doubt = Some(Doubt { sequence, kind, computed });
        }
        if stored.is_some() {
            self.sealed = record.sequence;
        }
        self.hash = stored.or(computed);
        self.last = record.sequence;
    }

    /// Passes over events that are gone; what follows is compared from the hash that was written.
    fn gap(&mut self, next: i64, written: &BTreeMap<i64, Hash>) {
        self.resolve(None, None);
        self.findings.push(Finding::Removed { first: self.last + 1, last: next - 1 });
        self.hash = written.get(&(next - 1)).copied();
    }

    /// Decides what was changed, if anything was: the event, or the hash, from which the next was not made.
    fn resolve(&mut self, stored: Option<Hash>, next: Option<&Record>) {
        let Some(Doubt { sequence, kind, computed }) = self.doubt.take() else { return };
        let goes_on = next.is_some_and(|next| stored == Some(computed.then(&next.line)));
        if goes_on {
            self.hash = Some(computed);
        }
        self.findings.push(match goes_on {
            true => Finding::SealChanged { sequence },
            false => Finding::Changed { sequence, kind },
        });
    }

    fn faults(&mut self, record: &Record) {
        let sequence = record.sequence;
        let table = || record.kind.clone();
        let findings = record.faults.iter().map(|fault| match fault {
            Fault::NoKind => Finding::Unknown { sequence, kind: table() },
            Fault::NoRow => Finding::RowRemoved { sequence, table: table() },
            Fault::NoAddress => Finding::AddressRemoved { sequence },
            Fault::Texts => Finding::TextsChanged { sequence, table: table() },
            Fault::Address => Finding::AddressChanged { sequence },
        });
        self.findings.extend(findings);
    }

    /// Adds what was found elsewhere.
    pub(super) fn found(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// What was found, when nothing comes any more.
    pub(super) fn end(mut self) -> Vec<Finding> {
        self.resolve(None, None);
        self.findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(sequence: i64, line: &str) -> Record {
        let kind = "card_moved".to_owned();
        Record { sequence, kind, line: line.as_bytes().to_vec(), faults: Vec::new() }
    }

    fn beginning() -> Hash {
        Hash::beginning(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000001").into())
    }

    /// The hashes of events, the first of which is number 1.
    fn hashes(lines: &[&str]) -> BTreeMap<i64, Hash> {
        let mut hash = beginning();
        let next = |line: &&str| {
            hash = hash.then(line.as_bytes());
            hash
        };
        (1..).zip(lines.iter().map(next)).collect()
    }

    fn found(records: &[Record], written: &BTreeMap<i64, Hash>) -> Vec<String> {
        let mut check = Check::behind(0, beginning());
        records.iter().for_each(|record| check.event(record, written));
        check.end().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_as_it_was_is_passed_over() {
        let records = [record(1, "a"), record(2, "b"), record(3, "not sealed yet")];
        assert!(found(&records, &hashes(&["a", "b"])).is_empty());
    }

    #[test]
    fn an_event_that_was_changed_is_told_from_a_hash_that_was() {
        let written = hashes(&["a", "b", "c", "d"]);
        let records = [record(1, "a"), record(2, "other"), record(3, "c"), record(4, "d")];
        assert_eq!(
            found(&records, &written),
            ["sequence 2 was changed, in activities or in card_moved"]
        );
        let records = [record(1, "a"), record(2, "b"), record(3, "c"), record(4, "d")];
        let mut forged = written.clone();
        forged.insert(2, beginning());
        assert_eq!(
            found(&records, &forged),
            ["sequence 2 was changed in seals; the event is as it was"]
        );
    }

    #[test]
    fn the_first_of_two_that_changed_places_is_named_and_the_second_too() {
        let written = hashes(&["a", "b", "c"]);
        let records = [record(1, "b"), record(2, "a"), record(3, "c")];
        let found = found(&records, &written);
        assert_eq!(found.len(), 2);
        assert!(found[0].starts_with("sequence 1 was changed"));
    }

    #[test]
    fn what_is_gone_is_named_and_what_follows_still_compared() {
        let written = hashes(&["a", "b", "c", "d"]);
        let records = [record(1, "a"), record(4, "other")];
        assert_eq!(
            found(&records, &written),
            [
                "sequences 2 to 3 were removed from activities",
                "sequence 4 was changed, in activities or in card_moved"
            ]
        );
    }
}
