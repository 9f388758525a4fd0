//! A connection, plain or secure, that takes only so much for one call.

use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use hyper_util::client::legacy::connect::{Connected, Connection};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use super::fault::TooMuch;

/// How much is taken after something was said, in bytes: the head and what is kept of the body,
/// and some that is read ahead. A receiver that goes on saying `100 Continue` ends here.
const MOST: usize = 256 * 1024;

/// A connection to an address.
pub(super) struct Stream {
    address: IpAddr,
    wire: Wire,
    left: usize,
}

enum Wire {
    Plain(TcpStream),
    Secure(Box<TlsStream<TcpStream>>),
}

/// The address that a connection leads to, as its answers tell it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dialled(pub(super) IpAddr);

impl Stream {
    pub(super) fn plain(address: IpAddr, stream: TcpStream) -> Self {
        Self { address, wire: Wire::Plain(stream), left: MOST }
    }

    pub(super) fn secure(address: IpAddr, stream: TlsStream<TcpStream>) -> Self {
        Self { address, wire: Wire::Secure(Box::new(stream)), left: MOST }
    }
}

/// What hyper asks of a connection; a client’s connections are wrapped for it.
impl Connection for Stream {
    fn connected(&self) -> Connected {
        Connected::new().extra(Dialled(self.address))
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = match &mut self.wire {
            Wire::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Wire::Secure(stream) => Pin::new(stream).poll_read(context, buffer),
        };
        ready!(read)?;
        let read = buffer.filled().len() - before;
        match self.left.checked_sub(read) {
            Some(left) => self.left = left,
            None => return Poll::Ready(Err(io::Error::other(TooMuch))),
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.left = MOST;
        match &mut self.wire {
            Wire::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Wire::Secure(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.wire {
            Wire::Plain(stream) => Pin::new(stream).poll_flush(context),
            Wire::Secure(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.wire {
            Wire::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Wire::Secure(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}
