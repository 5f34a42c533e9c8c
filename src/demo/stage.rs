//! The demonstration as the process that people see has it: its folder, its host, and the end of both.

use std::fs::{DirBuilder, File};
use std::io::Read as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use rustix::fs::{FlockOperation, flock};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use super::{host, leftover};
use crate::domain::text::Text;

/// How long the host may take to end everything.
const LAST: Duration = Duration::from_secs(30);

/// A demonstration that runs.
pub struct Stage {
    folder: PathBuf,
    temporary: bool,
    host: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

/// Why there is no demonstration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The folder holds something else.
    #[error("{0} is not empty, and no demonstration was kept there")]
    NotOurs(Text),
    /// The folder cannot be used.
    #[error("{folder} cannot be used: {said}")]
    Folder {
        /// The folder.
        folder: Text,
        /// Why.
        said: Text,
    },
    /// An engine runs there already.
    #[error("{folder} is used by an engine that runs already, pid {pid}")]
    Taken {
        /// The folder.
        folder: Text,
        /// The engine's process.
        pid: Text,
    },
    /// It does not run, or does not go on.
    #[error("the demonstration does not run: {0}")]
    Host(Text),
}

impl Stage {
    /// Starts a demonstration in `keep`, or in a folder that is removed at its end.
    pub fn start(keep: Option<&Path>) -> Result<Self, Fault> {
        let folder = folder(keep)?;
        let refused = |error: std::io::Error| Fault::Host(Text::new(error.to_string()));
        let program = std::env::current_exe().map_err(refused)?;
        let mut command = Command::new(program);
        command.args(["demo-host", "--data"]).arg(&folder).args(keep.is_none().then_some("--temporary"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(host::log(&folder).map_err(refused)?);
        let mut host = command.spawn().map_err(refused)?;
        let Some(out) = host.stdout.take() else { return Err(Fault::Host(Text::new("it cannot be heard"))) };
        Ok(Self { folder, temporary: keep.is_none(), host, lines: BufReader::new(out).lines() })
    }

    /// The configuration that a console connects with.
    pub fn config(&self) -> PathBuf {
        self.folder.join("config.toml")
    }

    /// Waits until a console can connect.
    pub async fn engine(&mut self) -> Result<(), Fault> {
        self.hear("engine").await
    }

    /// Waits until all is as it is meant to be at the start.
    pub async fn ready(&mut self) -> Result<(), Fault> {
        self.hear("ready").await
    }

    /// Waits until the host has ended, which it should not do by itself.
    pub async fn broken(&mut self) -> Fault {
        match self.hear("end").await {
            Err(fault) => fault,
            Ok(()) => Fault::Host(Text::new("it has ended")),
        }
    }

    /// Waits until the host says `word`.
    async fn hear(&mut self, word: &str) -> Result<(), Fault> {
        while let Ok(Some(line)) = self.lines.next_line().await {
            match line.split_once(' ') {
                Some(("failed", why)) => return Err(Fault::Host(Text::new(why))),
                _ if line == word => return Ok(()),
                _ => {}
            }
        }
        Err(Fault::Host(Text::new("its host has ended")))
    }

    /// Ends every process of it, and removes the folder unless it is kept.
    pub async fn end(mut self) {
        drop(self.host.stdin.take());
        if tokio::time::timeout(LAST, self.host.wait()).await.is_err() {
            // What it leaves is ended below.
            let _ = self.host.kill().await;
        }
        leftover::end(&self.folder).await;
        if self.temporary
            && let Err(error) = leftover::remove(&self.folder)
        {
            tracing::warn!(%error, "the demonstration's folder was not removed");
        }
    }
}

/// The folder, made if it is not there. One that is kept must be empty, or one of a demonstration.
fn folder(keep: Option<&Path>) -> Result<PathBuf, Fault> {
    let wanted = keep.map_or_else(temporary, Path::to_path_buf);
    let refused = |error: std::io::Error| Fault::Folder {
        folder: Text::new(wanted.to_string_lossy()),
        said: Text::new(error.to_string()),
    };
    DirBuilder::new().recursive(keep.is_some()).mode(0o700).create(&wanted).map_err(refused)?;
    let folder = wanted.canonicalize().map_err(refused)?;
    let empty = folder.read_dir().map_err(refused)?.next().is_none();
    if empty {
        return Ok(folder);
    }
    let shown = Text::new(folder.to_string_lossy());
    if !folder.join("repositories").is_dir() {
        return Err(Fault::NotOurs(shown));
    }
    match taken(&folder) {
        Some(pid) => Err(Fault::Taken { folder: shown, pid: Text::new(pid) }),
        None => Ok(folder),
    }
}

/// The process that uses the folder, as its lock names it. Asked beforehand, because whatever ends a demonstration ends
/// the engine in its folder too.
fn taken(folder: &Path) -> Option<String> {
    let mut lock = File::open(folder.join("engine.lock")).ok()?;
    if flock(&lock, FlockOperation::NonBlockingLockExclusive).is_ok() {
        return None;
    }
    let mut pid = String::new();
    // Without the pid it is taken all the same.
    let _ = lock.read_to_string(&mut pid);
    Some(pid.trim().to_owned())
}

fn temporary() -> PathBuf {
    let name = format!("leverframe-demo-{}-{:08x}", std::process::id(), rand::random::<u32>());
    std::env::temp_dir().join(name)
}
