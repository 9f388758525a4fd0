//! A receiver of webhooks that does on the wire what no receiver should.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What it does once it has read a call.
#[derive(Debug, Clone, Copy)]
pub enum Misdeed {
    /// It says one letter of the head at a time, and never all.
    DripHead,
    /// It says one letter of the body at a time, and never all.
    DripBody,
    /// It never stops to talk.
    EndlessBody,
    /// Its headers have 100 KB.
    HugeHead,
    /// It says `100 Continue` for ever.
    Continue,
    /// It says these bytes and cuts the connection off.
    Reset(&'static [u8]),
    /// It says these bytes and no more, and goes on listening.
    HalfClose(&'static [u8]),
    /// It says these bytes and closes the connection.
    Say(&'static [u8]),
    /// It answers the first call of a connection, says these bytes to the second one, and closes the
    /// connection.
    Leave(&'static [u8]),
    /// It answers the greeting of TLS as one who knows only this version.
    OldTls([u8; 2]),
}

/// A receiver on a port of its own; it is gone when it is dropped.
pub struct Misbehaving {
    address: SocketAddr,
    said: Arc<AtomicUsize>,
    connections: Arc<AtomicUsize>,
    ended: Arc<AtomicUsize>,
    serving: JoinHandle<()>,
}

impl Misbehaving {
    /// One that does this to everybody.
    pub async fn start(misdeed: Misdeed) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let [said, connections, ended] = [(); 3].map(|()| Arc::<AtomicUsize>::default());
        let counts = [&said, &connections, &ended].map(Arc::clone);
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let [said, connections, ended] = counts.clone();
                connections.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(async move {
                    // Whoever is misbehaved to hangs up sooner or later.
                    let _ = misbehave(stream, misdeed, &said).await;
                    ended.fetch_add(1, Ordering::Relaxed);
                });
            }
        });
        Self { address, said, connections, ended, serving }
    }

    /// Its address.
    pub fn url(&self, scheme: &str) -> String {
        format!("{scheme}://{}/hook", self.address)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// How many bytes it could say so far.
    pub fn said(&self) -> usize {
        self.said.load(Ordering::Relaxed)
    }

    /// How many came so far.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    /// How many of them have gone.
    pub fn ended(&self) -> usize {
        self.ended.load(Ordering::Relaxed)
    }
}

impl Drop for Misbehaving {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn misbehave(mut stream: TcpStream, misdeed: Misdeed, said: &AtomicUsize) -> io::Result<()> {
    if let Misdeed::OldTls(version) = misdeed {
        return greet(&mut stream, version).await;
    }
    read_call(&mut stream).await?;
    if let Misdeed::Leave(_) = misdeed {
        stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await?;
        read_call(&mut stream).await?;
        said.fetch_add(1, Ordering::Relaxed);
    }
    let head: &[u8] = match misdeed {
        Misdeed::DripHead => b"HTTP/1.1 200 OK\r\nx-drip: ",
        Misdeed::DripBody => b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n",
        Misdeed::EndlessBody => b"HTTP/1.1 200 OK\r\n\r\n",
        Misdeed::HugeHead => b"HTTP/1.1 200 OK\r\n",
        Misdeed::Continue | Misdeed::OldTls(_) => b"",
        Misdeed::Reset(bytes)
        | Misdeed::HalfClose(bytes)
        | Misdeed::Leave(bytes)
        | Misdeed::Say(bytes) => bytes,
    };
    stream.write_all(head).await?;
    match misdeed {
        Misdeed::DripHead | Misdeed::DripBody => loop {
            say(&mut stream, b".", said).await?;
            tokio::time::sleep(Duration::from_millis(20)).await;
        },
        Misdeed::EndlessBody => loop {
            say(&mut stream, &[b'.'; 4096], said).await?;
        },
        Misdeed::Continue => loop {
            say(&mut stream, b"HTTP/1.1 100 Continue\r\n\r\n", said).await?;
        },
        Misdeed::HugeHead => {
            for number in 0..50 {
                let header = format!("x-{number}: {}\r\n", "a".repeat(2_000));
                say(&mut stream, header.as_bytes(), said).await?;
            }
            say(&mut stream, b"content-length: 0\r\n\r\n", said).await
        }
        Misdeed::Reset(_) => stream.set_zero_linger(),
        Misdeed::HalfClose(_) => {
            stream.shutdown().await?;
            stream.read_to_end(&mut Vec::new()).await.map(drop)
        }
        Misdeed::Say(_) | Misdeed::Leave(_) | Misdeed::OldTls(_) => Ok(()),
    }
}

async fn say(stream: &mut TcpStream, bytes: &[u8], said: &AtomicUsize) -> io::Result<()> {
    stream.write_all(bytes).await?;
    said.fetch_add(bytes.len(), Ordering::Relaxed);
    Ok(())
}

/// Reads the head of a call and as much of a body as it announces.
async fn read_call(stream: &mut TcpStream) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).to_lowercase();
    let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
    let mut body = vec![0; length.and_then(|length| length.parse().ok()).unwrap_or(0)];
    stream.read_exact(&mut body).await.map(drop)
}

/// Takes the greeting and chooses an old version and a cipher of its time.
async fn greet(stream: &mut TcpStream, version: [u8; 2]) -> io::Result<()> {
    let mut record = [0; 5];
    stream.read_exact(&mut record).await?;
    let mut greeting = vec![0; usize::from(u16::from_be_bytes([record[3], record[4]]))];
    stream.read_exact(&mut greeting).await?;
    let mut hello = vec![2, 0, 0, 38, version[0], version[1]];
    hello.extend([7; 32]);
    hello.extend([0, 0xc0, 0x13, 0]);
    let mut answer = vec![22, version[0], version[1], 0, 42];
    answer.extend(hello);
    stream.write_all(&answer).await?;
    stream.read_to_end(&mut Vec::new()).await.map(drop)
}
