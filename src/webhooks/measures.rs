//! What is measured of the tries of this process, for whoever runs the server.

use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use time::OffsetDateTime;

use super::send::Fault;

/// From when a delivery was owed to its 2xx.
pub const DELIVERY_SECONDS: &str = "cairn_webhook_delivery_seconds";

/// Upper bounds of its buckets: what goes well takes milliseconds, what is tried again days.
pub const DELIVERY_BUCKETS: [f64; 14] =
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 15.0, 60.0, 600.0, 3_600.0, 21_600.0, 86_400.0];

const TRIES: &str = "cairn_webhook_tries_total";

const IN_FLIGHT: &str = "cairn_webhook_in_flight";

const SUSPECTED_DUPLICATES: &str = "cairn_webhook_suspected_duplicates_total";

/// A try that is under way, which counts as one until this is dropped.
pub(super) struct UnderWay(());

/// Says what there is, so that all of it is there before anything was tried: a count that begins at
/// one has not risen.
pub(super) fn begin() {
    describe_counter!(
        TRIES,
        "Tries that have ended, by what came of them: delivered, or the fault."
    );
    describe_gauge!(IN_FLIGHT, "Tries under way in this process.");
    describe_counter!(
        SUSPECTED_DUPLICATES,
        "Tries at deliveries of which an earlier lease ran out with nothing recorded: the receiver \
         may have heard of them before."
    );
    describe_histogram!(DELIVERY_SECONDS, "Seconds from when a delivery was owed to its 2xx.");
    for outcome in outcomes() {
        counter!(TRIES, "outcome" => outcome).absolute(0);
    }
    gauge!(IN_FLIGHT).increment(0);
    counter!(SUSPECTED_DUPLICATES).absolute(0);
}

fn outcomes() -> impl Iterator<Item = &'static str> {
    Fault::ALL.into_iter().map(Fault::as_str).chain([DELIVERED])
}

const DELIVERED: &str = "delivered";

impl UnderWay {
    /// A try begins; it is uncertain when nobody knows what came of an earlier lease.
    pub(super) fn begin(is_uncertain: bool) -> Self {
        gauge!(IN_FLIGHT).increment(1);
        if is_uncertain {
            counter!(SUSPECTED_DUPLICATES).increment(1);
        }
        Self(())
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        gauge!(IN_FLIGHT).decrement(1);
    }
}

/// A delivery that was owed at some time has arrived.
pub(super) fn arrived(owed_at: OffsetDateTime, arrived_at: OffsetDateTime) {
    counter!(TRIES, "outcome" => DELIVERED).increment(1);
    histogram!(DELIVERY_SECONDS).record((arrived_at - owed_at).as_seconds_f64());
}

/// A try has failed.
pub(super) fn failed(fault: Fault) {
    counter!(TRIES, "outcome" => fault.as_str()).increment(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_has_the_word_that_the_api_gives_it() {
        for fault in Fault::ALL {
            assert_eq!(serde_json::json!(fault), fault.as_str());
        }
    }
}
