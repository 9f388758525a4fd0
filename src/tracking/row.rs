//! A report with who sent it, as it is stored.

use std::net::IpAddr;

use ipnet::IpNet;

use super::item::{Refused, Report};
use super::noted::Noted;
use crate::domain::Actor;
use crate::values::id::{AccountId, UserId};

/// A report with who sent it.
#[derive(Debug, Clone)]
pub struct Row {
    pub(super) account_id: AccountId,
    pub(super) user_id: UserId,
    pub(super) zone: String,
    pub(super) address: Option<String>,
    /// What others are shown to be seen once it is stored.
    pub(super) noted: Option<Noted>,
    pub(super) report: Report,
}

impl Row {
    /// A member's report; of their address the account keeps nothing, or the network.
    pub fn new(actor: &Actor, report: Report) -> Self {
        let address = actor.address.filter(|_| actor.account.keeps_addresses);
        Self {
            account_id: actor.account.id,
            user_id: actor.user_id,
            zone: actor.account.zone.as_str().to_owned(),
            address: address.map(|address| network(address).to_string()),
            noted: report.viewed().and_then(|trackable| Noted::by(actor, trackable)),
            report,
        }
    }

    pub(super) fn refused(&self, reason: &str) -> Refused {
        let id = Some(self.report.id.to_string());
        Refused { index: self.report.index, id, reason: reason.to_owned() }
    }
}

/// The network that an address is of: a /24, or a /48, which is a site.
fn network(address: IpAddr) -> IpNet {
    let address = address.to_canonical();
    let length = if address.is_ipv4() { 24 } else { 48 };
    IpNet::new(address, length).map_or_else(|_| address.into(), |network| network.trunc())
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn of_an_address_the_network_is_left() {
        for (address, left) in [
            ("203.0.113.77", "203.0.113.0/24"),
            ("::ffff:203.0.113.77", "203.0.113.0/24"),
            ("2001:db8:1234:5678::1", "2001:db8:1234::/48"),
        ] {
            assert_eq!(network(address.parse().unwrap()).to_string(), left);
        }
    }
}
