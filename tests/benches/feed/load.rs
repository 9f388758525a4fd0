//! Opening pages from a process of its own, over connections that are kept.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Connections, each with one request under way.
const CONNECTIONS: usize = 8;

/// How long pages are opened again and again.
const SPAN: Duration = Duration::from_secs(5);

/// The word that makes this binary the process that opens pages.
const DRIVE: &str = "drive";

/// What is opened, and where.
pub(super) struct Load<'a> {
    pub(super) address: &'a str,
    pub(super) cookie: &'a str,
    pub(super) paths: &'a [String],
    /// Whether each page is opened once, rather than all of them again and again.
    pub(super) once: bool,
}

/// Pages a second, and the milliseconds of CPU that the server spent on each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rate {
    pub(super) rate: f64,
    pub(super) cpu: f64,
}

/// The run in the middle.
pub(super) fn median(mut rates: Vec<Rate>) -> Rate {
    rates.sort_by(|one, other| one.rate.total_cmp(&other.rate));
    rates[rates.len() / 2]
}

impl Load<'_> {
    /// Opens the pages from another process, and watches the CPU of the server's.
    pub(super) fn measure(&self, server: u32) -> Rate {
        let before = cpu(server);
        let (pages, seconds) = self.run(SPAN);
        Rate { rate: pages / seconds, cpu: (cpu(server) - before) * 1_000.0 / pages }
    }

    fn run(&self, span: Duration) -> (f64, f64) {
        let mut child = Command::new(std::env::current_exe().expect("this binary"))
            .args([DRIVE, self.address.trim_start_matches("http://"), self.cookie])
            .arg(if self.once { "once" } else { "again" })
            .arg(span.as_millis().to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this binary again");
        let mut input = child.stdin.take().expect("piped");
        input.write_all(self.paths.join("\n").as_bytes()).expect("the paths");
        drop(input);
        let output = child.wait_with_output().expect("it ends");
        let said = String::from_utf8(output.stdout).expect("text");
        let (pages, seconds) = said.trim().split_once(' ').expect("two figures");
        (pages.parse().expect("a figure"), seconds.parse().expect("a figure"))
    }
}

/// Opens pages for a moment, which counts for nothing.
pub(super) fn warm_up(address: &str, cookie: &str, paths: &[String]) {
    Load { address, cookie, paths, once: false }.run(Duration::from_millis(700));
}

/// Seconds of CPU that a process has used.
fn cpu(process: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).expect("a process");
    let after_name = stat.rsplit(')').next().expect("its figures");
    let figures: Vec<f64> = after_name.split(' ').filter_map(|it| it.parse().ok()).collect();
    // utime and stime, in hundredths of a second (proc_pid_stat(5)).
    (figures[10] + figures[11]) / 100.0
}

/// What the other process was asked for.
pub(super) struct Asked {
    address: String,
    cookie: String,
    once: bool,
    span: Duration,
}

impl Load<'static> {
    /// The load that a command line asks for, if it does.
    pub(super) fn asked(arguments: &[String]) -> Option<Asked> {
        let [drive, address, cookie, once, span] = arguments else { return None };
        (drive == DRIVE).then(|| Asked {
            address: address.clone(),
            cookie: cookie.clone(),
            once: once == "once",
            span: Duration::from_millis(span.parse().expect("milliseconds")),
        })
    }
}

impl Asked {
    /// Opens pages, and prints how many they were and how many seconds it took.
    pub(super) fn drive(&self) {
        let input = std::io::read_to_string(std::io::stdin()).expect("paths");
        let paths: Vec<&str> = input.lines().collect();
        let (next, pages) = (AtomicUsize::new(0), AtomicU64::new(0));
        let start = Instant::now();
        thread::scope(|scope| {
            for _ in 0..CONNECTIONS {
                scope.spawn(|| {
                    let mut connection = self.connect();
                    loop {
                        let turn = next.fetch_add(1, Ordering::Relaxed);
                        let over = if self.once {
                            turn >= paths.len()
                        } else {
                            start.elapsed() >= self.span
                        };
                        if over {
                            return;
                        }
                        self.open(&mut connection, paths[turn % paths.len()]);
                        pages.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
        println!("{} {}", pages.into_inner(), start.elapsed().as_secs_f64());
    }

    fn connect(&self) -> BufReader<TcpStream> {
        let stream = TcpStream::connect(&self.address).expect("a server");
        stream.set_nodelay(true).expect("a socket");
        BufReader::new(stream)
    }

    fn open(&self, connection: &mut BufReader<TcpStream>, path: &str) {
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\naccept: text/html\r\n\r\n",
            self.address, self.cookie
        );
        connection.get_mut().write_all(request.as_bytes()).expect("a request");
        let (mut line, mut length) = (String::new(), 0);
        connection.read_line(&mut line).expect("a status");
        assert!(line.starts_with("HTTP/1.1 200"), "{path}: {line}");
        while line != "\r\n" {
            line.clear();
            connection.read_line(&mut line).expect("a header");
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
        }
        let mut body = vec![0; length];
        connection.read_exact(&mut body).expect("a body");
        assert!(length > 0, "{path} is empty");
    }
}
