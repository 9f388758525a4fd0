//! Medians and percentiles.

/// Percentiles of the time that fragments took, in milliseconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spread {
    pub(super) p50: f64,
    pub(super) p95: f64,
    pub(super) p99: f64,
}

impl Spread {
    /// Of nanoseconds; some are negative when a fragment overtakes the answer to the request.
    pub(super) fn of(mut times: Vec<i64>) -> Self {
        times.sort_unstable();
        let at = |percent: usize| {
            let place = (times.len() * percent).div_ceil(100).saturating_sub(1);
            times.get(place).map_or(f64::NAN, |time| *time as f64 / 1e6)
        };
        Self { p50: at(50), p95: at(95), p99: at(99) }
    }

    /// The median of each percentile over several runs.
    pub(super) fn median(runs: &[Self]) -> Self {
        let of = |figure: fn(&Self) -> f64| median(runs.iter().map(figure));
        Self { p50: of(|it| it.p50), p95: of(|it| it.p95), p99: of(|it| it.p99) }
    }
}

/// The one in the middle.
pub(super) fn median(figures: impl IntoIterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.into_iter().collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
