//! A WebSocket's client side, spoken by hand, so that receiving a frame costs little more than the
//! read: it looks at a frame's header (RFC 6455, section 5.2) and hands out its bytes.

use std::io::{self, ErrorKind};
use std::ops::Range;

use cairn::values::clock;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Sixteen bytes of anybody’s choice, in base64.
const KEY: &str = "d2F0Y2hlciBvZiBjYWlybg==";

const TEXT: u8 = 1;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

/// One connection.
pub(super) struct Socket {
    stream: TcpStream,
    /// What was read; up to `taken` it was handed out.
    buffer: Vec<u8>,
    taken: usize,
    read_at: u64,
}

/// Nanoseconds since 1970: what all processes on one machine agree on.
pub(super) fn now() -> u64 {
    u64::try_from(clock::now().unix_timestamp_nanos()).expect("after 1970")
}

impl Socket {
    /// Connects, and speaks `actioncable-v1-json` from then on.
    pub(super) async fn open(address: &str, path: &str, token: &str) -> io::Result<Self> {
        let mut stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: upgrade\r\n\
             upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: {KEY}\r\n\
             sec-websocket-protocol: actioncable-v1-json\r\nauthorization: Bearer {token}\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut socket = Self { stream, buffer: Vec::new(), taken: 0, read_at: 0 };
        socket.upgraded().await?;
        Ok(socket)
    }

    /// Reads the head of the answer.
    async fn upgraded(&mut self) -> io::Result<()> {
        loop {
            self.read().await?;
            let end = self.buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n");
            let Some(end) = end else { continue };
            if !self.buffer.starts_with(b"HTTP/1.1 101") {
                let answer = String::from_utf8_lossy(&self.buffer[..end]).into_owned();
                return Err(io::Error::other(answer));
            }
            self.taken = end + 4;
            return Ok(());
        }
    }

    /// Sends a text.
    pub(super) async fn send(&mut self, text: &str) -> io::Result<()> {
        self.send_frame(TEXT, text.as_bytes()).await
    }

    /// The next text, and when it was there to be read. Pings are answered meanwhile.
    pub(super) async fn next(&mut self) -> io::Result<(&str, u64)> {
        loop {
            let Some((kind, payload)) = self.take() else {
                self.read().await?;
                continue;
            };
            match kind {
                TEXT => {
                    let text = std::str::from_utf8(&self.buffer[payload]);
                    return Ok((text.map_err(io::Error::other)?, self.read_at));
                }
                PING => {
                    let payload = self.buffer[payload].to_vec();
                    self.send_frame(PONG, &payload).await?;
                }
                CLOSE => return Err(ErrorKind::ConnectionAborted.into()),
                _ => {}
            }
        }
    }

    /// Takes a whole frame from the buffer, if there is one: its kind and where its payload is.
    /// Servers mask nothing, and Cairn sends no frame in parts.
    fn take(&mut self) -> Option<(u8, Range<usize>)> {
        let rest = &self.buffer[self.taken..];
        let (head, length) = match *rest.get(1)? {
            126 => (4, usize::from(u16::from_be_bytes(rest.get(2..4)?.try_into().ok()?))),
            127 => {
                let length = u64::from_be_bytes(rest.get(2..10)?.try_into().ok()?);
                (10, usize::try_from(length).ok()?)
            }
            short => (2, usize::from(short)),
        };
        if rest.len() < head + length {
            return None;
        }
        let kind = rest[0] & 0x0f;
        let start = self.taken + head;
        self.taken = start + length;
        Some((kind, start..start + length))
    }

    async fn read(&mut self) -> io::Result<()> {
        self.buffer.drain(..self.taken);
        self.taken = 0;
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        self.read_at = now();
        Ok(())
    }

    /// Clients must mask what they send; with a mask of zeros it stays what it is.
    async fn send_frame(&mut self, kind: u8, payload: &[u8]) -> io::Result<()> {
        let mut frame = vec![0x80 | kind];
        match u16::try_from(payload.len()).expect("a short message") {
            length @ 0..126 => frame.push(0x80 | length as u8),
            length => {
                frame.push(0x80 | 126);
                frame.extend(length.to_be_bytes());
            }
        }
        frame.extend([0; 4]);
        frame.extend(payload);
        self.stream.write_all(&frame).await
    }
}
