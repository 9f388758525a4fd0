//! Connecting: a name is looked up and judged, and what was judged is dialled.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use hyper::Uri;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tower::Service;

use super::fault::{Failure, Fault};
use super::names::Names;
use super::stream::Stream;
use super::trace;
use crate::webhooks::address::Guard;

/// How long connecting may take, looking up and agreeing on TLS included.
const CONNECT_DEADLINE: Duration = Duration::from_secs(5);

/// Connects to hosts for the client. A name cannot lead elsewhere between looking and dialling,
/// because what was looked at is dialled. Cheap to clone.
#[derive(Clone)]
pub(super) struct Connector(Arc<Inner>);

struct Inner {
    guard: Guard,
    names: Arc<dyn Names>,
    tls: TlsConnector,
}

impl Connector {
    pub(super) fn new(guard: Guard, names: Arc<dyn Names>, roots: rustls::RootCertStore) -> Self {
        let tls = TlsConnector::from(Arc::new(tls(roots)));
        Self(Arc::new(Inner { guard, names, tls }))
    }
}

impl Service<Uri> for Connector {
    type Response = TokioIo<Stream>;
    type Error = Failure;
    type Future = BoxFuture<'static, Result<Self::Response, Failure>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let inner = Arc::clone(&self.0);
        Box::pin(async move {
            let connected = timeout(CONNECT_DEADLINE, inner.connect(&uri)).await;
            connected.unwrap_or_else(|_| {
                let seconds = CONNECT_DEADLINE.as_secs();
                let sentence = format!("It could not be reached within {seconds} seconds.");
                Err(Failure::new(Fault::Timeout, sentence))
            })
        })
    }
}

impl Inner {
    async fn connect(&self, uri: &Uri) -> Result<TokioIo<Stream>, Failure> {
        let host = uri.host().unwrap_or_default();
        let secure = uri.scheme_str() == Some("https");
        let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
        let (address, plain) = dial(&self.find(host, secure, port).await?, port).await?;
        let stream = if secure {
            Stream::secure(address, self.agree(host, plain).await?)
        } else {
            Stream::plain(address, plain)
        };
        Ok(TokioIo::new(stream))
    }

    /// Where a host is, if webhooks may go to all of that: without TLS only to the operator's
    /// own networks.
    async fn find(&self, host: &str, secure: bool, port: u16) -> Result<Vec<IpAddr>, Failure> {
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        let found = match literal {
            Ok(ip) => vec![ip],
            Err(_) => self.look_up(host).await?,
        };
        let judged = self.guard.judge(secure, port, &found);
        judged.map_err(|refused| Failure::new(Fault::RefusedAddress, refused.to_string()))?;
        Ok(found)
    }

    async fn look_up(&self, host: &str) -> Result<Vec<IpAddr>, Failure> {
        let begun = Instant::now();
        let not_found = |why: &str| {
            Failure::new(Fault::Dns, format!("The name of the host was not found: {why}."))
        };
        let found =
            self.names.look_up(host).await.map_err(|error| not_found(&error.to_string()))?;
        if found.is_empty() {
            return Err(not_found("it has no address"));
        }
        trace::note(|told| told.timings.lookup = Some(begun.elapsed()));
        Ok(found)
    }

    async fn agree(
        &self,
        host: &str,
        plain: TcpStream,
    ) -> Result<tokio_rustls::client::TlsStream<TcpStream>, Failure> {
        let begun = Instant::now();
        let host = host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.');
        let name = ServerName::try_from(host.to_owned()).map_err(|_| {
            Failure::new(Fault::Tls, "No certificate can be made out to this host.")
        })?;
        let agreed = self.tls.connect(name, plain).await.map_err(|e| Failure::of_tls(&e))?;
        trace::note(|told| told.timings.tls = Some(begun.elapsed()));
        Ok(agreed)
    }
}

/// Dials one address after the other until one answers; each gets its share of the time.
async fn dial(addresses: &[IpAddr], port: u16) -> Result<(IpAddr, TcpStream), Failure> {
    let begun = Instant::now();
    let share = CONNECT_DEADLINE / u32::try_from(addresses.len().max(1)).unwrap_or(u32::MAX);
    let mut last = io::Error::from(io::ErrorKind::TimedOut);
    for ip in addresses {
        trace::note(|told| told.address = Some(*ip));
        match timeout(share, TcpStream::connect(SocketAddr::new(*ip, port))).await {
            Ok(Ok(stream)) => {
                // A body goes out at once, whatever of the head is still on its way.
                stream.set_nodelay(true).ok();
                trace::note(|told| told.timings.connect = Some(begun.elapsed()));
                return Ok((*ip, stream));
            }
            Ok(Err(error)) => last = error,
            Err(_) => {}
        }
    }
    Err(Failure::new(Fault::Connect, format!("It could not be reached: {last}.")))
}

/// TLS 1.2 and 1.3 with the given roots, so that neither the machine's certificates nor a provider
/// for the whole process are needed.
fn tls(roots: rustls::RootCertStore) -> rustls::ClientConfig {
    rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring knows TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth()
}
