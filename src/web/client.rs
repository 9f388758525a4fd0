//! Who is at the other end: the client's address and the host it asked for.
//!
//! Forwarding headers can be written by anybody. They are believed only when the connection
//! comes from a network that the operator trusts, and then only as far back as that trust goes.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, Request};
use axum::http::header::HOST;
use axum::http::{HeaderMap, Uri};
use ipnet::IpNet;
use url::Url;

use super::state::App;

/// Headers by which a proxy shows that a request passed through it.
const FORWARDING: [&str; 6] =
    ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];

/// The other end of a request.
#[derive(Debug, Clone)]
pub struct Client {
    /// Its address, as far as it can be believed.
    pub address: IpAddr,
    /// Where it thinks this server is, without a slash at the end, such as `https://cairn.example`.
    pub origin: String,
    peer: IpAddr,
    forwarded: bool,
}

impl Client {
    /// Whether the request came from this very machine, for this very machine, through nobody.
    /// A page elsewhere can point a name of its own at 127.0.0.1, so the host must be local too.
    pub fn is_direct_loopback(&self) -> bool {
        self.peer.is_loopback() && !self.forwarded && has_local_host(&self.origin)
    }
}

/// Adds the [`Client`] to the request.
pub(super) fn identify(app: &App, request: &mut Request) {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip().to_canonical());
    let client = client(app, peer, request.headers(), request.uri());
    request.extensions_mut().insert(client);
}

fn client(app: &App, peer: IpAddr, headers: &HeaderMap, uri: &Uri) -> Client {
    let trusts = |address: IpAddr| trusts(&app.trusted_proxies, address);
    let address = forwarded_for(headers, peer, trusts);
    let origin = match &app.public_url {
        Some(url) => url.as_str().trim_end_matches('/').to_owned(),
        None => asked_origin(headers, uri, trusts(peer)),
    };
    let forwarded = FORWARDING.iter().any(|name| headers.contains_key(*name));
    Client { address, origin, peer, forwarded }
}

fn trusts(networks: &[IpNet], address: IpAddr) -> bool {
    networks.iter().any(|network| network.contains(&address))
}

/// The last address of the chain that no trusted proxy vouches for being one of us.
fn forwarded_for(headers: &HeaderMap, peer: IpAddr, trusts: impl Fn(IpAddr) -> bool) -> IpAddr {
    let mut client = peer;
    for hop in hops(headers).into_iter().rev() {
        if !trusts(client) {
            break;
        }
        let Some(hop) = hop else { break };
        client = hop;
    }
    client
}

fn hops(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(|hop| parse_hop(hop.trim())).collect()
}

/// An address, perhaps with a port, perhaps in brackets.
fn parse_hop(hop: &str) -> Option<IpAddr> {
    let plain = hop.trim_start_matches('[').trim_end_matches(']');
    let plain = plain.parse::<IpAddr>().ok();
    plain.or_else(|| hop.parse::<SocketAddr>().ok().map(|hop| hop.ip())).map(|ip| ip.to_canonical())
}

/// What the browser calls this server; the forwarded name only when its sender is trusted.
fn asked_origin(headers: &HeaderMap, uri: &Uri, trusted: bool) -> String {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let forwarded = |name: &str| trusted.then(|| text(name)).flatten();
    let scheme = forwarded("x-forwarded-proto").filter(|scheme| *scheme == "https");
    let host = forwarded("x-forwarded-host").or_else(|| text(HOST.as_str()));
    let host = host.or_else(|| uri.authority().map(|authority| authority.as_str()));
    let origin = format!("{}://{}", scheme.unwrap_or("http"), host.unwrap_or("localhost"));
    Url::parse(&origin)
        .map_or_else(|_| "http://localhost".into(), |url| url.origin().ascii_serialization())
}

fn has_local_host(origin: &str) -> bool {
    match Url::parse(origin).ok().as_ref().and_then(Url::host) {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (axum::http::HeaderName::from_static(name), value.parse().unwrap())
            })
            .collect()
    }

    fn seen(chain: &str, peer: &str) -> String {
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap()];
        let headers = headers(&[("x-forwarded-for", chain)]);
        forwarded_for(&headers, peer.parse().unwrap(), |ip| trusts(&trusted, ip)).to_string()
    }

    #[test]
    fn a_stranger_cannot_forge_an_address() {
        assert_eq!(seen("1.2.3.4", "203.0.113.9"), "203.0.113.9");
        assert_eq!(seen("1.2.3.4, 198.51.100.7", "10.0.0.2"), "198.51.100.7");
        assert_eq!(seen("198.51.100.7, 10.0.0.3", "10.0.0.2"), "198.51.100.7");
        assert_eq!(seen("nonsense", "10.0.0.2"), "10.0.0.2");
        assert_eq!(seen("[2001:db8::1]:443", "10.0.0.2"), "2001:db8::1");
    }

    #[test]
    fn the_forwarded_host_is_believed_only_of_a_trusted_proxy() {
        let headers = headers(&[
            ("host", "inside:3000"),
            ("x-forwarded-host", "cairn.example"),
            ("x-forwarded-proto", "https"),
        ]);
        let uri = Uri::from_static("/");
        assert_eq!(asked_origin(&headers, &uri, true), "https://cairn.example");
        assert_eq!(asked_origin(&headers, &uri, false), "http://inside:3000");
    }

    #[test]
    fn a_name_that_points_at_loopback_is_not_local() {
        assert!(has_local_host("http://127.0.0.1:3000"));
        assert!(has_local_host("http://localhost:3000"));
        assert!(has_local_host("http://[::1]:3000"));
        assert!(!has_local_host("http://rebound.example:3000"));
    }
}
