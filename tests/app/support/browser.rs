//! Journeys in a real browser: small scripts of Node below `tests/browser`, driven from here.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command as Blocking, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::Command;

use super::cluster::lock_file;
use super::people::Person;

/// How long a journey may take; each wait in it ends sooner.
const LONGEST: Duration = Duration::from_secs(180);

/// A person as a journey knows them: who they are, and at which server.
pub fn traveller(person: &Person, server: &str) -> Value {
    json!({ "name": person.actor.name, "server": server, "cookies": person.client.cookies() })
}

/// Runs a script with what it is given; what it asks for on the way is done by `act`.
pub async fn journey(name: &str, given: &Value, mut act: impl AsyncFnMut(&str)) {
    install();
    let pictures = target().join("pictures").join(name);
    let mut child = Command::new("node")
        .arg(folder().join(format!("{name}.mjs")))
        .env("JOURNEY", given.to_string())
        .env("PICTURES", &pictures)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("Node 20.11 or newer is on the path");
    let mut answers = child.stdin.take().expect("piped");
    let mut said = BufReader::new(child.stdout.take().expect("piped")).lines();
    let travelling = async {
        while let Ok(Some(line)) = said.next_line().await {
            match line.strip_prefix("ASK ") {
                Some(what) => {
                    act(what).await;
                    answers.write_all(b"done\n").await.expect("the journey listens");
                }
                None => println!("{name}: {line}"),
            }
        }
        child.wait().await.expect("its exit status")
    };
    let status = tokio::time::timeout(LONGEST, travelling).await;
    let status = status.unwrap_or_else(|_| panic!("the journey {name} took over {LONGEST:?}"));
    assert!(status.success(), "the journey {name} failed; pictures in {}", pictures.display());
}

/// A script that asks for nothing.
pub async fn run(name: &str, given: &Value) {
    journey(name, given, async |what| panic!("{name} asks for {what}, which nobody does")).await;
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser")
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser")
}

/// Installs what the scripts need, once for each lock file, one process at a time.
pub fn install() {
    let lock = lock_file("browser");
    lock.lock().expect("a lock on a file of ours");
    let wanted = fs::read(folder().join("package-lock.json")).expect("the lock file of npm");
    let wanted = hex::encode(Sha256::digest(wanted));
    let mark = folder().join("node_modules/.installed");
    if fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted) {
        return;
    }
    let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    let output = Blocking::new("npm").args(arguments).current_dir(folder()).output();
    let output = output.expect("npm is on the path");
    assert!(output.status.success(), "npm ci: {}", String::from_utf8_lossy(&output.stderr));
    fs::write(mark, wanted).expect("a mark in node_modules");
}
