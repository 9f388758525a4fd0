//! A mail server that remembers the letters it took, and answers as it is told (RFC 5321).

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::server::until;

/// The largest letter it takes, in bytes.
const LARGEST: usize = 256 * 1024;

/// A mail server on a port of its own; it is gone when it is dropped.
pub struct MailServer {
    address: String,
    seen: Arc<Seen>,
    serving: JoinHandle<()>,
}

#[derive(Default)]
struct Seen {
    letters: Mutex<Vec<Received>>,
    answers: Mutex<VecDeque<Answer>>,
    tries: Mutex<usize>,
}

/// How it ends a letter; one for which it was not told any is taken.
#[derive(Debug, Clone, Copy)]
pub enum Answer {
    /// With this line in place of the one that says that it took it.
    Say(&'static str),
    /// It hangs up when the letter was sent, without a word.
    HangUp,
    /// It takes the letter and hangs up before it says so.
    TakeAndHangUp,
    /// It says nothing until the other end is gone.
    Hang,
}

/// A letter that it took, as it came.
#[derive(Debug, Clone, Default)]
pub struct Received {
    pub from: String,
    pub to: String,
    pub data: String,
}

impl MailServer {
    /// A server that takes everything.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address").to_string();
        let seen = Arc::<Seen>::default();
        let shared = Arc::clone(&seen);
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(Conversation::hold(stream, Arc::clone(&shared)));
            }
        });
        Self { address, seen, serving }
    }

    /// What `CAIRN_SMTP_URL` is set to.
    pub fn url(&self) -> String {
        format!("smtp://{}?from=cairn@northfold.example", self.address)
    }

    /// What it is to answer to the letters that come next, in order.
    pub fn will_answer(&self, answers: impl IntoIterator<Item = Answer>) {
        self.seen.answers.lock().expect("nobody panics in here").extend(answers);
    }

    /// The letters that it took so far.
    pub fn letters(&self) -> Vec<Received> {
        self.seen.letters.lock().expect("nobody panics in here").clone()
    }

    /// How many letters were offered to it.
    pub fn tries(&self) -> usize {
        *self.seen.tries.lock().expect("nobody panics in here")
    }

    /// Waits until it has taken so many letters to an address; the last of them.
    pub async fn has(&self, count: usize, to: &str) -> Received {
        until("a letter", async || {
            let letters = self.letters();
            let mut theirs = letters.into_iter().filter(|letter| letter.to == to);
            theirs.nth(count - 1)
        })
        .await
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Received {
    /// A header, unfolded; empty if it is not there.
    pub fn header(&self, name: &str) -> String {
        let (head, _) = self.data.split_once("\n\n").unwrap_or((&self.data, ""));
        let head = head.replace("\n ", " ");
        let prefix = format!("{name}: ");
        let line = head.lines().find_map(|line| line.strip_prefix(&prefix));
        line.unwrap_or_default().to_owned()
    }

    /// The letter with the soft line breaks and the escapes of quoted-printable undone (RFC 2045).
    pub fn text(&self) -> String {
        let joined = self.data.replace("=\n", "");
        let (mut bytes, mut rest) = (Vec::new(), joined.as_bytes());
        while let Some((first, after)) = rest.split_first() {
            let escaped = after.get(..2).filter(|_| *first == b'=');
            match escaped.and_then(|digits| hex::decode(digits).ok()) {
                Some(byte) => {
                    bytes.extend(byte);
                    rest = &after[2..];
                }
                None => {
                    bytes.push(*first);
                    rest = after;
                }
            }
        }
        String::from_utf8(bytes).expect("text")
    }

    /// The file that came with it: its name, and what is in it.
    pub fn attachment(&self) -> (String, String) {
        let start = "Content-Disposition: attachment; filename=\"";
        let (_, rest) = self.data.split_once(start).expect("a file");
        let (name, rest) = rest.split_once('"').expect("the end of its name");
        let (_, rest) = rest.split_once("\n\n").expect("the end of its headers");
        let (encoded, _) = rest.split_once("\n--").expect("the end of the part");
        let bytes = STANDARD.decode(encoded.replace('\n', "")).expect("base64");
        (name.to_owned(), String::from_utf8(bytes).expect("text"))
    }

    /// The path of the first link in it that has this in it.
    pub fn link(&self, part: &str) -> String {
        let text = self.text();
        let link =
            text.split_whitespace().find(|word| word.starts_with("http") && word.contains(part));
        let link = link.unwrap_or_else(|| panic!("no link to {part} in {text}"));
        url::Url::parse(link).expect("an address").path().to_owned()
    }
}

/// One connection.
struct Conversation {
    lines: Lines<BufReader<OwnedReadHalf>>,
    writer: OwnedWriteHalf,
    seen: Arc<Seen>,
}

impl Conversation {
    async fn hold(stream: TcpStream, seen: Arc<Seen>) {
        let (reader, writer) = stream.into_split();
        let mut conversation = Self { lines: BufReader::new(reader).lines(), writer, seen };
        // A client that goes away ends it, as it does at any mail server.
        let _ = conversation.talk().await;
    }

    async fn talk(&mut self) -> std::io::Result<()> {
        let mut letter = Received::default();
        self.say("220 mail.northfold.example").await?;
        while let Some(line) = self.lines.next_line().await? {
            let word = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            match word.as_str() {
                "EHLO" => self.say("250-mail.northfold.example\r\n250 8BITMIME").await?,
                "MAIL" => {
                    letter = Received { from: between(&line), ..Received::default() };
                    self.say("250 OK").await?;
                }
                "RCPT" => {
                    letter.to = between(&line);
                    self.say("250 OK").await?;
                }
                "DATA" => {
                    self.say("354 Go on").await?;
                    letter.data = self.data().await?;
                    if !self.end(letter.clone()).await? {
                        return Ok(());
                    }
                }
                "QUIT" => return self.say("221 Bye").await,
                _ => self.say("250 OK").await?,
            }
        }
        Ok(())
    }

    /// The lines up to the one with a full stop alone.
    async fn data(&mut self) -> std::io::Result<String> {
        let mut data = String::new();
        while let Some(line) = self.lines.next_line().await?.filter(|line| line != ".") {
            data += line.strip_prefix('.').unwrap_or(&line);
            data.push('\n');
            assert!(data.len() < LARGEST, "a letter of more than {LARGEST} bytes");
        }
        Ok(data)
    }

    /// Takes the letter or does not; whether the conversation goes on.
    async fn end(&mut self, letter: Received) -> std::io::Result<bool> {
        *self.seen.tries.lock().expect("nobody panics in here") += 1;
        let answer = self.seen.answers.lock().expect("nobody panics in here").pop_front();
        if matches!(answer, None | Some(Answer::TakeAndHangUp)) {
            self.seen.letters.lock().expect("nobody panics in here").push(letter);
        }
        match answer {
            None => self.say("250 Taken").await?,
            Some(Answer::Say(line)) => self.say(line).await?,
            Some(Answer::HangUp | Answer::TakeAndHangUp) => return Ok(false),
            Some(Answer::Hang) => while self.lines.next_line().await?.is_some() {},
        }
        Ok(true)
    }

    async fn say(&mut self, line: &str) -> std::io::Result<()> {
        self.writer.write_all(format!("{line}\r\n").as_bytes()).await
    }
}

/// What stands between the angle brackets.
fn between(line: &str) -> String {
    let (_, rest) = line.split_once('<').unwrap_or_default();
    rest.split('>').next().unwrap_or_default().to_owned()
}
