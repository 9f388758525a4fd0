//! Whom the sender trusts: certificates that are valid now, for this host, from a known authority.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use cairn::webhooks::send::names::{Found, Names};
use cairn::webhooks::send::{Fault, Sender, Try};
use futures_util::future::{BoxFuture, FutureExt as _, ready};
use rcgen::{CertificateParams, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::tries::{SOON, call, fault, guard};
use crate::support::misbehaving::{Misbehaving, Misdeed};

const HOST: &str = "hooks.example";

/// Every name leads to this machine.
struct Here;

impl Names for Here {
    fn look_up(&self, _: &str) -> BoxFuture<'static, Found> {
        ready(Ok(vec![IpAddr::V4(Ipv4Addr::LOCALHOST)])).boxed()
    }
}

/// An authority that the sender trusts.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    roots: rustls::RootCertStore,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let own = params.self_signed(&key).expect("a certificate");
        let mut roots = rustls::RootCertStore::empty();
        roots.add(own.der().clone()).expect("a root");
        Self { issuer: Issuer::new(params, key), roots }
    }

    /// Calls a receiver that shows a certificate.
    async fn call(&self, certificate: CertificateDer<'static>, key: &KeyPair) -> Try {
        let port = serve(certificate, key).await;
        let sender = Sender::with(guard(&["127.0.0.0/8"]), Arc::new(Here), self.roots.clone());
        call(&sender, &format!("https://{HOST}:{port}/")).await
    }

    /// Calls a receiver that shows a certificate of this authority.
    async fn call_certified(&self, params: &CertificateParams) -> Try {
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        self.call(certificate.der().clone(), &key).await
    }
}

/// Serves one connection with a certificate; its port.
async fn serve(certificate: CertificateDer<'static>, key: &KeyPair) -> u16 {
    let key = PrivatePkcs8KeyDer::from(key.serialize_der());
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()
        .expect("TLS 1.2 and 1.3")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key.into())
        .expect("a certificate with its key");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("its address").port();
    tokio::spawn(async move {
        let (plain, _) = listener.accept().await.expect("a connection");
        // One that is refused never agrees.
        let Ok(mut secure) = TlsAcceptor::from(Arc::new(config)).accept(plain).await else {
            return;
        };
        let mut call = [0; 4096];
        if secure.read(&mut call).await.is_ok_and(|read| read > 0) {
            let _ = secure.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await;
        }
    });
    port
}

fn params(host: &str) -> CertificateParams {
    CertificateParams::new(vec![host.to_owned()]).expect("a name")
}

#[tokio::test]
async fn a_good_certificate_is_taken_and_its_time_told() {
    let outcome = Authority::new().call_certified(&params(HOST)).await;
    assert_eq!((fault(&outcome), outcome.code), (None, Some(204)), "{outcome:?}");
    let timings = outcome.timings;
    assert!(timings.lookup.is_some() && timings.connect.is_some(), "{timings:?}");
    assert!(timings.tls.is_some() && timings.tls <= timings.first_byte, "{timings:?}");
}

#[tokio::test]
async fn bad_certificates_are_refused_and_nothing_is_said_to_them() {
    let authority = Authority::new();
    let mut expired = params(HOST);
    expired.not_after = date_time_ymd(2024, 1, 1);
    expired.not_before = date_time_ymd(2023, 1, 1);
    let mut future = params(HOST);
    future.not_before = date_time_ymd(2990, 1, 1);
    future.not_after = date_time_ymd(2999, 1, 1);
    for (what, certificate) in
        [("expired", expired), ("not valid yet", future), ("wrong host", params("other.example"))]
    {
        let outcome = authority.call_certified(&certificate).await;
        assert_eq!((fault(&outcome), outcome.code), (Some(Fault::Tls), None), "{what}");
        let sentence = outcome.failure.expect("a failure").to_string();
        assert!(sentence.starts_with("Its certificate was refused"), "{what}: {sentence}");
        assert_eq!(outcome.timings.tls, None, "{what}");
    }
    let key = KeyPair::generate().expect("a key");
    let own = params(HOST).self_signed(&key).expect("a certificate");
    let outcome = authority.call(own.der().clone(), &key).await;
    assert_eq!((fault(&outcome), outcome.code), (Some(Fault::Tls), None));
    let strangers = Authority::new();
    let certified = params(HOST).signed_by(&key, &strangers.issuer).expect("a certificate");
    let outcome = authority.call(certified.der().clone(), &key).await;
    assert_eq!((fault(&outcome), outcome.code), (Some(Fault::Tls), None));
}

#[tokio::test]
async fn receivers_that_know_only_old_tls_are_refused() {
    for version in [[3, 1], [3, 2]] {
        let receiver = Misbehaving::start(Misdeed::OldTls(version)).await;
        let sender =
            Sender::with(guard(&["127.0.0.0/8"]), Arc::new(Here), rustls::RootCertStore::empty());
        let outcome = call(&sender.within(SOON), &receiver.url("https")).await;
        assert_eq!((fault(&outcome), outcome.code), (Some(Fault::Tls), None), "{outcome:?}");
    }
}

#[tokio::test]
async fn receivers_without_tls_are_not_spoken_to_in_plain() {
    let receiver = Misbehaving::start(Misdeed::Say(b"HTTP/1.1 204 No Content\r\n\r\n")).await;
    let sender =
        Sender::with(guard(&["127.0.0.0/8"]), Arc::new(Here), rustls::RootCertStore::empty());
    let outcome = call(&sender.within(SOON), &receiver.url("https")).await;
    assert!(outcome.code.is_none() && outcome.failure.is_some(), "{outcome:?}");
}
