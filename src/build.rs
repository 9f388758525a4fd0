//! Builds what is embedded in the binary: the pages' JavaScript and CSS, their icons, the favicon.
//!
//! It needs Node and npm, and writes nothing into the tree but `js/node_modules`. npm runs only
//! when the lock file changed, and one build at a time, for editors and cargo build side by side.

use std::env;
use std::error::Error;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use sha2::{Digest, Sha256};

/// What is watched: whatever is named here, and nothing else, runs this again.
const WATCHED: &[&str] = &[
    "assets",
    "js/.npmrc",
    "js/application.js",
    "js/build.js",
    "js/controllers",
    "js/lib",
    "js/package-lock.json",
    "js/package.json",
    "migrations",
    "src/build.rs",
];

/// The oldest Node that builds the pages.
const OLDEST_NODE: (u32, u32) = (20, 11);

/// What is served under `/assets`: the built file, its constant, its name's two halves and its type.
const SERVED: &[(&str, &str, &str, &str, &str)] = &[
    ("application.js", "SCRIPT", "application", "js", "text/javascript; charset=utf-8"),
    ("application-style.css", "STYLE", "application", "css", "text/css; charset=utf-8"),
    ("icon.svg", "FAVICON", "icon", "svg", "image/svg+xml"),
];

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    for path in WATCHED {
        println!("cargo:rerun-if-changed={path}");
    }
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error={}", error.to_string().trim().replace('\n', " | "));
            ExitCode::FAILURE
        }
    }
}

fn build() -> Outcome {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let output = PathBuf::from(env::var("OUT_DIR")?);
    require_node()?;
    install(&root.join("js"))?;
    bundle(&root, &output)?;
    embed(&output)
}

/// Node is there, and new enough.
fn require_node() -> Outcome {
    let (major, minor) = OLDEST_NODE;
    let needed = format!("Node {major}.{minor} or newer is needed to build Cairn's pages");
    let Ok(version) = run(Command::new("node").arg("--version")) else {
        return Err(format!("{needed}, and no `node` was found on the PATH.").into());
    };
    let mut numbers = version.trim().trim_start_matches('v').split('.');
    let mut next = || numbers.next().and_then(|number| number.parse::<u32>().ok()).unwrap_or(0);
    if (next(), next()) < OLDEST_NODE {
        return Err(format!("{needed}; the `node` on the PATH is {}.", version.trim()).into());
    }
    Ok(())
}

/// Installs the packages of the lock file, unless they are already there.
fn install(js: &Path) -> Outcome {
    let lock_path = js.join("package-lock.json");
    let lock = File::open(&lock_path)?;
    lock.lock()?;
    let wanted = fingerprint(&fs::read(&lock_path)?);
    let mark = js.join("node_modules/.installed");
    if fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    if Command::new("npm").arg("--version").output().is_err() {
        return Err("npm is needed to build Cairn's pages (it comes with Node 20.11 or newer), \
                    and no `npm` was found on the PATH."
            .into());
    }
    run(npm.current_dir(js)).map_err(|error| format!("`npm ci` in js/ failed: {error}"))?;
    fs::write(mark, wanted)?;
    Ok(())
}

/// Puts the bundles, the icons and the favicon into the output folder.
fn bundle(root: &Path, output: &Path) -> Outcome {
    run(Command::new("node").arg(root.join("js/build.js")).arg(output))
        .map_err(|error| format!("bundling js/ and assets/ failed: {error}"))?;
    fs::copy(root.join("assets/icon.svg"), output.join("icon.svg"))?;
    Ok(())
}

/// Writes the Rust that embeds each file under a name that changes with its bytes.
fn embed(output: &Path) -> Outcome {
    let mut source = String::new();
    for (file, constant, stem, extension, kind) in SERVED {
        let path = output.join(file);
        let name = format!("{stem}-{}.{extension}", &fingerprint(&fs::read(&path)?)[..12]);
        source += &format!(
            "/// `{stem}.{extension}`.\npub const {constant}: Asset = Asset {{ name: {name:?}, \
             content_type: {kind:?}, bytes: include_bytes!({path:?}) }};\n"
        );
    }
    fs::write(output.join("assets.rs"), source)?;
    Ok(())
}

fn fingerprint(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Runs a command; its output, or what it said when it failed.
fn run(command: &mut Command) -> Outcome<String> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned().into())
}
