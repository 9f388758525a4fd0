//! An account as those who act in it know it.

use crate::values::id::AccountId;
use crate::values::{Slug, TrackingDays, Zone};

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Its name in addresses.
    pub slug: Slug,
    /// What it is called.
    pub name: String,
    /// The zone whose days its figures are counted in.
    pub zone: Zone,
    /// Whether it is shown who has seen a board or a card.
    pub shows_receipts: bool,
    /// Whether reports of browsers keep a shortened network address.
    pub keeps_addresses: bool,
    /// How long reports of browsers are kept.
    pub tracking_days: TrackingDays,
}
