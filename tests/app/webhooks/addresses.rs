//! Addresses that webhooks must not reach, in every network of the registries and every spelling.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net};
use proptest::prelude::*;

use super::tries::guard;

/// IANA's registries of special-purpose addresses, and multicast.
const SPECIAL_V4: &[&str] = &[
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
    "224.0.0.0/4",
    "240.0.0.0/4",
];

const SPECIAL_V6: &[&str] = &[
    "::/128",
    "::1/128",
    "::/96",
    "::ffff:0:0:0/96",
    "64:ff9b:1::/48",
    "100::/64",
    "100:0:0:1::/64",
    "2001::/23",
    "2001::/32",
    "2001:2::/48",
    "2001:10::/28",
    "2001:20::/28",
    "2001:db8::/32",
    "2002::/16",
    "2620:4f:8000::/48",
    "3fff::/20",
    "5f00::/16",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
];

/// Addresses of the open internet next to special networks.
const OPEN: &[&str] = &[
    "1.1.1.1",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "191.255.255.255",
    "192.0.1.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2001:200::1",
    "2001:4860:4860::8888",
    "2606:4700::1111",
    "2003::1",
    "2a00::1",
];

fn network(text: &str) -> IpNet {
    text.parse().expect("a network")
}

/// An address of a network, with these bits behind its prefix.
fn within(network: IpNet, bits: u128) -> IpAddr {
    match network {
        IpNet::V4(net) => {
            let bits = bits as u32 & u32::from(net.hostmask());
            Ipv4Addr::from(u32::from(net.network()) | bits).into()
        }
        IpNet::V6(net) => {
            let bits = bits & u128::from(net.hostmask());
            Ipv6Addr::from(u128::from(net.network()) | bits).into()
        }
    }
}

/// Every way in which an address of version 6 carries one of version 4.
fn carriers(v4: Ipv4Addr, prefix: u16) -> Vec<Ipv6Addr> {
    let bits = u128::from(u32::from(v4));
    let [high, low] = [(bits >> 16) as u16, bits as u16];
    let six = |segments: [u16; 8]| Ipv6Addr::from(segments);
    vec![
        v4.to_ipv6_mapped(),
        Ipv6Addr::from(bits),
        six([0, 0, 0, 0, 0xffff, 0, high, low]),
        six([0x64, 0xff9b, 0, 0, 0, 0, high, low]),
        six([0x64, 0xff9b, 1, prefix, 0, 0, high, low]),
        six([0x2002, high, low, prefix, 0, 0, 0, 1]),
        six([0x2001, 0, 0x4136, 0xe378, 0x8000, 0x63bf, !high, !low]),
        six([0x2001, 0, high, low, 0, prefix, 0, 0]),
        six([0x2606, 0x4700, 0, prefix, 0, 0x5efe, high, low]),
        six([0x2606, 0x4700, 0, prefix, 0x0200, 0x5efe, high, low]),
        six([0xfe80, 0, 0, 0, 0, 0x5efe, high, low]),
    ]
}

/// The spellings of an address of version 4 that browsers and resolvers know.
fn spellings(v4: Ipv4Addr) -> Vec<String> {
    let [a, b, c, d] = v4.octets();
    let whole = u32::from(v4);
    let wide = |text: String| -> String {
        let widened = text.chars().map(|letter| match letter {
            '0'..='9' => char::from_u32(u32::from(letter) - 0x30 + 0xff10).expect("a digit"),
            '.' => '\u{3002}',
            other => other,
        });
        widened.collect()
    };
    vec![
        v4.to_string(),
        format!("{v4}."),
        whole.to_string(),
        format!("0x{whole:x}"),
        format!("0X{whole:08X}"),
        format!("0{whole:o}"),
        format!("0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}"),
        format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
        format!("{a}.{}", whole & 0xff_ffff),
        format!("{a}.{b}.{}", whole & 0xffff),
        format!("0{a:03o}.{b}.0x{c:x}.{d}"),
        wide(v4.to_string()),
        format!("%{:x}{}", v4.to_string().as_bytes()[0], &v4.to_string()[1..]),
        format!("[::ffff:{v4}]"),
        format!("[::{v4}]"),
        format!("[64:ff9b::{v4}]"),
    ]
}

#[test]
fn the_edges_of_special_networks_are_closed_and_what_is_beside_them_is_open() {
    let guard = guard(&[]);
    for text in SPECIAL_V4.iter().chain(SPECIAL_V6) {
        let network = network(text);
        for ip in [network.network(), network.broadcast()] {
            assert!(!guard.admits(ip), "{ip} of {text} was let through");
        }
    }
    for text in OPEN {
        assert!(guard.admits(text.parse().expect("an address")), "{text} was refused");
    }
}

#[test]
fn hosts_that_only_look_public_are_seen_through() {
    for host in [
        "127.0.0.1\t",
        "127.0\n.0.1",
        "127。0。0。1",
        "①②⑦.⓪.⓪.①",
        "0",
        "0x",
        "[::]",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[fe80::1%25eth0]",
        "[fd00:ec2::254]",
        "169.254.169.254.",
    ] {
        let read = guard(&[]).read(&format!("https://{host}/"));
        assert!(read.is_err(), "{host:?} was taken as {read:?}");
    }
    for text in
        ["https:\\\\127.0.0.1\\", "https:127.0.0.1", "https:///127.0.0.1/", " https://127.1 "]
    {
        assert!(guard(&[]).read(text).is_err(), "{text:?} was taken");
    }
    let read = guard(&[]).read("https://b\u{fc}cher.example/").expect("a name");
    assert_eq!(read.host_str(), Some("xn--bcher-kva.example"));
}

#[tokio::test]
async fn names_of_this_machine_lead_nowhere_in_any_spelling() {
    for host in
        ["localhost", "LOCALHOST", "localhost.", "a.localhost", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "l\u{ad}ocalhost"]
    {
        let vetted = guard(&[]).vet(&format!("https://{host}/")).await;
        assert!(vetted.is_err(), "{host} was taken as {vetted:?}");
    }
}

#[test]
fn ports_of_other_services_are_closed_but_in_the_networks_of_the_operator() {
    for port in [443, 1024, 8443, 65_535] {
        assert!(guard(&[]).read(&format!("https://1.1.1.1:{port}/")).is_ok(), "{port}");
        assert!(guard(&[]).read(&format!("https://example.com:{port}/")).is_ok(), "{port}");
    }
    for port in [0, 1, 22, 25, 53, 80, 110, 143, 389, 445, 465, 587, 636, 993, 1023] {
        for host in ["1.1.1.1", "example.com", "[2606:4700::1111]"] {
            let url = format!("https://{host}:{port}/");
            assert!(guard(&[]).read(&url).is_err(), "{url} was taken");
        }
        let operator = guard(&["127.0.0.0/8"]);
        assert!(operator.read(&format!("http://127.0.0.1:{port}/")).is_ok(), "{port}");
        assert!(operator.read(&format!("https://1.1.1.1:{port}/")).is_err(), "{port}");
        assert!(operator.judge(true, port, &[Ipv4Addr::new(1, 1, 1, 1).into()]).is_err());
        assert!(operator.judge(true, port, &[]).is_err(), "a name that leads nowhere yet");
    }
}

proptest! {
    #[test]
    fn special_networks_are_closed_throughout(which in any::<prop::sample::Index>(), bits: u128) {
        let all: Vec<&str> = SPECIAL_V4.iter().chain(SPECIAL_V6).copied().collect();
        let text = all[which.index(all.len())];
        let ip = within(network(text), bits);
        prop_assert!(!guard(&[]).admits(ip), "{ip} of {text}");
    }

    #[test]
    fn an_address_inside_another_is_no_way_in(
        which in any::<prop::sample::Index>(), bits: u128, prefix: u16,
    ) {
        let text = SPECIAL_V4[which.index(SPECIAL_V4.len())];
        let IpAddr::V4(v4) = within(network(text), bits) else { unreachable!("of version 4") };
        for carrier in carriers(v4, prefix) {
            prop_assert!(!guard(&[]).admits(carrier.into()), "{carrier} carries {v4}");
        }
    }

    #[test]
    fn no_spelling_of_a_closed_address_is_read(which in any::<prop::sample::Index>(), bits: u128) {
        let text = SPECIAL_V4[which.index(SPECIAL_V4.len())];
        let IpAddr::V4(v4) = within(network(text), bits) else { unreachable!("of version 4") };
        for host in spellings(v4) {
            let read = guard(&[]).read(&format!("https://{host}/hook"));
            prop_assert!(read.is_err(), "{host} is {v4} and was taken");
        }
    }

    #[test]
    fn every_spelling_of_an_open_address_is_read_as_that(which in any::<prop::sample::Index>()) {
        let open: Vec<Ipv4Addr> = OPEN.iter().filter_map(|text| text.parse().ok()).collect();
        let v4 = open[which.index(open.len())];
        for host in spellings(v4).into_iter().take(13) {
            let url = guard(&[]).read(&format!("https://{host}/hook")).expect("an open address");
            prop_assert_eq!(url.host_str(), Some(&*v4.to_string()), "{}", host);
        }
    }

    #[test]
    fn the_operator_opens_exactly_what_is_named(bits: u32, length in 8..=32_u8, other: u32) {
        let net = Ipv4Net::new(Ipv4Addr::from(bits), length).expect("a length").trunc();
        let text = net.to_string();
        let (opened, closed) = (guard(&[&text]), guard(&[]));
        let other = IpAddr::V4(Ipv4Addr::from(other));
        prop_assert!(opened.allows(net.addr().into()));
        prop_assert_eq!(opened.admits(other), net.contains(&ipv4(other)) || closed.admits(other));
    }

    #[test]
    fn whatever_is_typed_is_read_or_refused(text in ".{0,200}") {
        let _ = guard(&[]).read(&text);
        let _ = guard(&[]).read(&format!("https://{text}/"));
    }
}

fn ipv4(ip: IpAddr) -> Ipv4Addr {
    match ip {
        IpAddr::V4(v4) => v4,
        IpAddr::V6(v6) => panic!("{v6}"),
    }
}
