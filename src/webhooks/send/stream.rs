//! A connection, plain or secure, that takes only so much for one call.

use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
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
    dialled: Dialled,
    wire: Wire,
    left: usize,
}

enum Wire {
    Plain(TcpStream),
    Secure(Box<TlsStream<TcpStream>>),
}

/// What is known of a connection, as its answers and failures tell it. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Dialled {
    /// The address that it leads to.
    pub(super) address: IpAddr,
    line: Arc<Line>,
}

#[derive(Debug, Default)]
struct Line {
    /// Whether a call over it was answered.
    has_answered: AtomicBool,
    /// Whether anything came since something was said last.
    was_heard: AtomicBool,
}

impl Dialled {
    fn at(address: IpAddr) -> Self {
        Self { address, line: Arc::default() }
    }

    /// A call over it was answered.
    pub(super) fn note_answer(&self) {
        self.line.has_answered.store(true, Ordering::Relaxed);
    }

    /// Whether it had answered an earlier call, and said nothing to the last one: then it most likely
    /// was closed, for having rested too long, just as that went out.
    pub(super) fn was_left(&self) -> bool {
        let Line { has_answered, was_heard } = &*self.line;
        has_answered.load(Ordering::Relaxed) && !was_heard.load(Ordering::Relaxed)
    }
}

impl Stream {
    pub(super) fn plain(address: IpAddr, stream: TcpStream) -> Self {
        Self { dialled: Dialled::at(address), wire: Wire::Plain(stream), left: MOST }
    }

    pub(super) fn secure(address: IpAddr, stream: TlsStream<TcpStream>) -> Self {
        Self { dialled: Dialled::at(address), wire: Wire::Secure(Box::new(stream)), left: MOST }
    }
}

/// What hyper asks of a connection; a client’s connections are wrapped for it.
impl Connection for Stream {
    fn connected(&self) -> Connected {
        Connected::new().extra(self.dialled.clone())
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
        if read > 0 {
            self.dialled.line.was_heard.store(true, Ordering::Relaxed);
        }
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
        self.dialled.line.was_heard.store(false, Ordering::Relaxed);
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
