//! Where webhooks may go: not into the operator's own network, whatever name leads there.
//!
//! An address is looked at when it is saved, for a friendly message, and each time it is dialled,
//! for safety: a name may lead somewhere else by then.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use ipnet::IpNet;
use url::{Host, Url};

use crate::values::Invalid;

/// The longest address that is taken, in characters.
const LONGEST: usize = 2_048;

/// Networks that are not the open internet, from the IANA special-purpose registries. Of version
/// 6 these are within global unicast: protocol assignments, documentation, 6to4, AS112.
const SPECIAL: &[&str] = &[
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.31.196.0/24",
    "192.52.193.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "192.175.48.0/24",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/3",
    "2001::/23",
    "2001:db8::/32",
    "2002::/16",
    "2620:4f:8000::/48",
    "3fff::/20",
];

/// Global unicast of version 6; everything outside it is special.
const GLOBAL_V6: &str = "2000::/3";

/// Decides which network addresses webhooks may reach. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Guard(Arc<Networks>);

#[derive(Debug)]
struct Networks {
    allowed: Vec<IpNet>,
    special: Vec<IpNet>,
    global_v6: IpNet,
}

impl Guard {
    /// A guard that lets everything public pass, and these networks of the operator's.
    pub fn new(allowed: Vec<IpNet>) -> Self {
        let parse = |text: &str| text.parse::<IpNet>().expect("the networks above are well formed");
        let special = SPECIAL.iter().map(|text| parse(text)).collect();
        Self(Arc::new(Networks { allowed, special, global_v6: parse(GLOBAL_V6) }))
    }

    /// Whether the operator allowed the network of this address.
    pub fn allows(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        self.0.allowed.iter().any(|network| network.contains(&ip))
    }

    /// Whether webhooks may reach this address.
    pub fn admits(&self, ip: IpAddr) -> bool {
        self.allows(ip) || self.is_public(ip.to_canonical())
    }

    /// Whether webhooks may reach all of these addresses at this port: the operator's networks at
    /// any, by plain http too, everything else that is public by https at some.
    ///
    /// # Errors
    /// A sentence for the admin.
    pub fn judge(&self, secure: bool, port: u16, found: &[IpAddr]) -> Result<(), Invalid> {
        if found.iter().any(|ip| !self.admits(*ip)) {
            return Err(Invalid::because("This address leads into a private network."));
        }
        // A name that leads nowhere yet may lead anywhere.
        let allowed = !found.is_empty() && found.iter().all(|ip| self.allows(*ip));
        if !secure && !allowed {
            return Err(Invalid::because("An address begins with https://."));
        }
        if !is_open(port) && !allowed {
            return Err(Invalid::because("An address has port 443, or one from 1024 on."));
        }
        Ok(())
    }

    fn is_public(&self, ip: IpAddr) -> bool {
        if let IpAddr::V6(v6) = ip {
            // NAT64 carries an address of version 4, and is as public as that.
            if let Some(v4) = behind_nat64(v6) {
                return self.is_public(IpAddr::V4(v4));
            }
            // So does ISATAP, within any network.
            if behind_isatap(v6).is_some_and(|v4| !self.is_public(IpAddr::V4(v4))) {
                return false;
            }
            if !self.0.global_v6.contains(&ip) {
                return false;
            }
        }
        !self.0.special.iter().any(|network| network.contains(&ip))
    }

    /// Reads the address of an endpoint and looks where it leads now.
    ///
    /// # Errors
    /// A sentence for the admin who typed it.
    pub async fn vet(&self, text: &str) -> Result<Url, Invalid> {
        let url = self.read(text)?;
        if let (Some(Host::Domain(host)), Some(port)) = (url.host(), url.port_or_known_default()) {
            // A name that cannot be found now may be found when it is needed, and is judged then.
            let found = tokio::net::lookup_host((host, port)).await;
            let found: Vec<IpAddr> = found.into_iter().flatten().map(|to| to.ip()).collect();
            self.judge(url.scheme() == "https", port, &found)?;
        }
        Ok(url)
    }

    /// What can be said of an address without looking anything up.
    ///
    /// # Errors
    /// A sentence for the admin who typed it.
    pub fn read(&self, text: &str) -> Result<Url, Invalid> {
        if text.chars().count() > LONGEST {
            return Err(Invalid::because("An address has at most 2,048 characters."));
        }
        let url = Url::parse(text.trim()).map_err(|_| {
            Invalid::because("This is not an address such as https://example.com/.")
        })?;
        let http = url.scheme() == "http";
        if url.scheme() != "https" && (!http || self.0.allowed.is_empty()) {
            return Err(Invalid::because("An address begins with https://."));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Invalid::because("An address carries no name or password."));
        }
        let port = url.port_or_known_default().unwrap_or(0);
        match url.host() {
            Some(Host::Ipv4(ip)) => self.judge(!http, port, &[ip.into()])?,
            Some(Host::Ipv6(ip)) => self.judge(!http, port, &[ip.into()])?,
            Some(Host::Domain(host)) if is_here(host) => {
                self.judge(!http, port, &[Ipv4Addr::LOCALHOST.into()])?;
            }
            Some(Host::Domain(_)) if self.0.allowed.is_empty() => self.judge(true, port, &[])?,
            Some(Host::Domain(_)) => {}
            None => return Err(Invalid::because("This address names no host.")),
        }
        Ok(url)
    }
}

/// Whether a name is one of this machine, whatever a resolver says of it (RFC 6761).
fn is_here(host: &str) -> bool {
    let host = host.trim_end_matches('.');
    host == "localhost" || host.ends_with(".localhost")
}

/// Whether a port of a stranger may be called: those below 1024 are of other services.
fn is_open(port: u16) -> bool {
    port == 443 || port >= 1024
}

/// The address of version 4 in an interface identifier of ISATAP (RFC 5214).
fn behind_isatap(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    match ip.segments() {
        [.., marks, 0x5efe, high, low] if marks & 0xfcff == 0 => Some(joined(high, low)),
        _ => None,
    }
}

/// The address of version 4 behind the well-known NAT64 prefix (RFC 6052).
fn behind_nat64(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    match ip.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(joined(high, low)),
        _ => None,
    }
}

fn joined(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from((u32::from(high) << 16) | u32::from(low))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CLOSED: &str = "127.0.0.1 0x7f.1 2130706433 0177.0.0.1 10.1.2.3 169.254.169.254 0.0.0.0 \
        255.255.255.255 100.64.0.1 [::1] [::] [::ffff:10.0.0.1] [::ffff:7f00:1] \
        [64:ff9b::a9fe:a9fe] [64:ff9b:1::a00:1] [2002:7f00:1::] [fd00::1] [fe80::1] [ff02::1] \
        [fec0::1] [::127.0.0.1] [100::1] [2001:db8::1] [2001::1] [5f00::1]";

    fn guard(allowed: &[&str]) -> Guard {
        Guard::new(allowed.iter().map(|text| text.parse().expect("a network")).collect())
    }

    fn is_refused(text: &str) -> bool {
        guard(&[]).read(text).is_err()
    }

    #[test]
    fn literals_of_any_spelling_are_seen_through() {
        for host in CLOSED.split_whitespace() {
            assert!(is_refused(&format!("https://{host}/")), "{host} was let through");
        }
        for host in ["1.1.1.1", "[2606:4700::1111]", "[64:ff9b::101:101]", "example.com"] {
            assert!(!is_refused(&format!("https://{host}/")), "{host} was refused");
        }
    }

    #[test]
    fn schemes_user_info_and_length() {
        let long = format!("https://example.com/{}", "a".repeat(2_048));
        for text in ["", "example.com", "ftp://example.com", "http://example.com", &long] {
            assert!(is_refused(text), "{text:?} was taken");
        }
        for text in ["http://1.1.1.1/", "https://olive@example.com", "https://:secret@example.com"]
        {
            assert!(is_refused(text), "{text:?} was taken");
        }
    }

    #[test]
    fn the_operator_may_allow_a_network() {
        let guard = guard(&["127.0.0.0/8"]);
        assert!(guard.read("http://127.0.0.1:4000/").is_ok());
        assert!(guard.read("https://[::ffff:127.0.0.1]/").is_ok());
        assert!(guard.read("http://10.0.0.1/").is_err());
        assert!(guard.read("http://1.1.1.1/").is_err());
    }

    #[tokio::test]
    async fn a_name_is_judged_by_where_it_leads() {
        assert!(guard(&[]).vet("https://localhost/").await.is_err());
    }

    proptest! {
        #[test]
        fn private_networks_are_closed_in_every_encoding(last in any::<[u8; 3]>()) {
            let guard = guard(&[]);
            for first in [0, 10, 127, 224, 240, 255] {
                let v4 = Ipv4Addr::new(first, last[0], last[1], last[2]);
                let high = (u16::from(first) << 8) | u16::from(last[0]);
                let low = (u16::from(last[1]) << 8) | u16::from(last[2]);
                prop_assert!(!guard.admits(v4.into()));
                prop_assert!(!guard.admits(v4.to_ipv6_mapped().into()));
                let nat64 = Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low);
                prop_assert!(!guard.admits(nat64.into()));
                prop_assert!(!guard.admits(Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1).into()));
            }
        }

        #[test]
        fn only_global_unicast_is_open(segments in any::<[u16; 8]>()) {
            let ip = Ipv6Addr::from(segments);
            if guard(&[]).admits(ip.into()) {
                let carries = ip.to_ipv4_mapped().is_some() || behind_nat64(ip).is_some();
                prop_assert!(carries || segments[0] >> 13 == 1);
            }
        }
    }
}
