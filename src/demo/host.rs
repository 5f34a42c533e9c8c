//! The host of a demonstration: the process that runs its engine, its traffic and its committer, and that clears up
//! behind them. It is not the one that people see and may kill: when that one ends, however it does, the host's input
//! ends, and the host ends everything.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio_util::sync::CancellationToken;

use super::api::Api;
use super::committer::{self, Committer};
use super::engine::{SECOND_TOKEN, STATE};
use super::repository::Repository;
use super::{ending, leftover, traffic};
use crate::domain::text::Text;

/// How long is waited for every service's first run, before a console opens.
const FIRST_RUNS: Duration = Duration::from_secs(1);
/// How long the engine may take to end its services and itself.
const LAST: Duration = Duration::from_secs(15);

/// Runs the demonstration in `folder` until it is told to end. Says `engine` once a console can connect, `ready` once
/// all is as it is meant to be at the start, and `failed`, with the reason, if it cannot go on.
pub async fn run(folder: PathBuf, temporary: bool) -> Result<(), Text> {
    // A terminal's signals are for the process that people see. One that leads its session already has none.
    let _ = rustix::process::setsid();
    let cancel = CancellationToken::new();
    ending::on_signals(&cancel).map_err(|error| Text::new(error.to_string()))?;
    ending::at_end_of_input(&cancel);
    let mut engine = None;
    let lived = tokio::select! {
        () = cancel.cancelled() => Ok(()),
        failed = live(&folder, temporary, &mut engine) => failed,
    };
    if let Err(fault) = &lived {
        ending::say(&format!("failed {fault}"));
    }
    if let Some(engine) = engine {
        end(engine).await;
    }
    leftover::end(&folder).await;
    if temporary {
        leftover::remove(&folder).map_err(|error| Text::new(error.to_string()))?;
    }
    lived
}

/// Everything that goes on; ends only by a fault.
async fn live(folder: &Path, temporary: bool, engine: &mut Option<Child>) -> Result<(), Text> {
    let program = std::env::current_exe().map_err(|error| said("this program is not found", &error))?;
    let program = program.to_string_lossy().into_owned();
    let engine = engine.insert(start(folder, temporary, &program)?);
    let repositories = folder.join("repositories");
    std::fs::create_dir_all(&repositories).map_err(|error| said("the repositories", &error))?;
    let (url, opened) = tokio::try_join!(ready(engine), open(&repositories, &program))?;
    write_second(folder).map_err(|error| said("second.toml", &error))?;
    let access = |file: &str| access(folder, file, &url);
    let (owner, second) = (access("token")?, access(SECOND_TOKEN)?);
    let committer = Committer::new(opened, program, owner, second).await;
    let mut committer = committer.map_err(|fault| Text::new(fault.to_string()))?;
    // Whoever looks from now on sees everything begin.
    let _ = tokio::time::timeout(FIRST_RUNS, committer.first_runs()).await;
    ending::say("engine");
    let traffic = access("token")?;
    tokio::select! {
        failed = commit(&mut committer) => failed,
        () = traffic::run(traffic) => Ok(()),
    }
}

async fn commit(committer: &mut Committer) -> Result<(), Text> {
    committer.make_ready().await.map_err(|fault| Text::new(fault.to_string()))?;
    ending::say("ready");
    committer.commit_in_turn().await;
    Ok(())
}

async fn open(folder: &Path, program: &str) -> Result<BTreeMap<&'static str, Repository>, Text> {
    committer::open(folder, program).await.map_err(|fault| Text::new(fault.to_string()))
}

fn access(folder: &Path, file: &str, url: &str) -> Result<Api, Text> {
    let token = std::fs::read_to_string(folder.join(file)).map_err(|error| said(file, &error))?;
    Api::new(url, &token).map_err(|fault| Text::new(fault.to_string()))
}

fn said(what: &str, error: &std::io::Error) -> Text {
    Text::new(format!("{what}: {error}"))
}

/// Starts the engine; its input is held open until it is to end.
fn start(folder: &Path, temporary: bool, program: &str) -> Result<Child, Text> {
    let log = log(folder).map_err(|error| said("demo.log", &error))?;
    let mut command = Command::new(program);
    command.args(["demo-engine", "--data"]).arg(folder).args(temporary.then_some("--temporary"));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(log);
    command.spawn().map_err(|error| said("the engine does not start", &error))
}

/// What the demonstration's processes complain about.
pub fn log(folder: &Path) -> std::io::Result<File> {
    OpenOptions::new().create(true).append(true).mode(0o600).open(folder.join("demo.log"))
}

/// Waits until the engine answers; its address.
async fn ready(engine: &mut Child) -> Result<String, Text> {
    let gone = || Text::new("the engine ended before it was ready; demo.log says more");
    let mut lines = BufReader::new(engine.stdout.take().ok_or_else(gone)?).lines();
    let line = lines.next_line().await.ok().flatten().ok_or_else(gone)?;
    match line.split_once(' ') {
        Some(("ready", url)) => Ok(url.to_owned()),
        Some(("failed", why)) => Err(Text::new(why)),
        _ => Err(gone()),
    }
}

/// The second person's configuration: the owner's, with another token and a state of its own.
fn write_second(folder: &Path) -> std::io::Result<()> {
    let owners = std::fs::read_to_string(folder.join("config.toml"))?;
    let text = owners
        .replace("--config config.toml", "--config second.toml")
        .replace("file = \"token\"", &format!("file = \"{SECOND_TOKEN}\""))
        .replace(&format!("state_dir = \"{STATE}\""), &format!("state_dir = \"{STATE}-second\""));
    let mut file = OpenOptions::new();
    let mut file = file.create(true).write(true).truncate(true).mode(0o600).open(folder.join("second.toml"))?;
    file.write_all(text.as_bytes())
}

/// Ends the engine with its services; by force if it takes too long.
async fn end(mut engine: Child) {
    drop(engine.stdin.take());
    if tokio::time::timeout(LAST, engine.wait()).await.is_err() {
        // It is gone either way; what it leaves is looked for afterwards.
        let _ = engine.kill().await;
    }
}
