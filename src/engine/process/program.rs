//! Starting: a program in a process group of its own, with nothing on its standard input and only the environment that
//! it is given.

use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};

use tokio::net::unix::pipe;
use tokio::process::{Child, Command};

use super::{ENGINE, Identity, Mark, PROCESS};

/// What is to be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// The program and its arguments.
    pub argv: Vec<OsString>,
    /// Its whole environment, the marks excepted.
    pub env: Vec<(OsString, OsString)>,
    /// The folder it starts in.
    pub folder: PathBuf,
    /// What it is marked with.
    pub mark: Mark,
}

/// A process that was started here. Dropping it ends nothing.
#[derive(Debug)]
pub struct Started {
    /// Which it is; `None` if it had ended before that was asked.
    pub identity: Option<Identity>,
    child: Child,
}

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// With an exit code.
    Code(i32),
    /// By a signal.
    Signal(i32),
}

impl Program {
    /// A line for `sh -e`.
    pub fn shell(line: &str, folder: impl Into<PathBuf>, mark: Mark) -> Self {
        let argv = ["sh", "-e", "-c", line].map(OsString::from).to_vec();
        Self { argv, env: Vec::new(), folder: folder.into(), mark }
    }

    /// With one more variable in its environment.
    #[must_use]
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// Starts it; what it says goes to a file, so that it can outlive the engine.
    pub fn start_into(&self, file: File) -> io::Result<Started> {
        let too = file.try_clone()?;
        self.start(Stdio::from(file), Stdio::from(too))
    }

    /// Starts it; what it says, on either output and in order, can be read here. The end of the pipe comes when the last
    /// process that holds it has ended, which may be one that was forked.
    pub fn start_piped(&self) -> io::Result<(Started, pipe::Receiver)> {
        let (reader, writer) = io::pipe()?;
        let too = writer.try_clone()?;
        let started = self.start(Stdio::from(writer), Stdio::from(too))?;
        Ok((started, pipe::Receiver::from_owned_fd(OwnedFd::from(reader))?))
    }

    fn start(&self, out: Stdio, err: Stdio) -> io::Result<Started> {
        let (program, arguments) = self
            .argv
            .split_first()
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "there is no program"))?;
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&self.folder).process_group(0);
        command.env_clear().envs(self.env.iter().map(|(name, value)| (name, value)));
        command.env(ENGINE, &self.mark.engine).env(PROCESS, &self.mark.name);
        command.stdin(Stdio::null()).stdout(out).stderr(err);
        let child = command.spawn()?;
        Ok(Started { identity: child.id().and_then(Identity::of), child })
    }
}

impl Started {
    /// Waits for its end. What it forked may still run.
    pub async fn wait(&mut self) -> io::Result<Ended> {
        self.child.wait().await.map(Ended::from)
    }
}

impl Ended {
    /// Whether all is well.
    pub const fn succeeded(self) -> bool {
        matches!(self, Self::Code(0))
    }
}

impl From<ExitStatus> for Ended {
    fn from(status: ExitStatus) -> Self {
        match (status.code(), status.signal()) {
            (Some(code), _) => Self::Code(code),
            (None, signal) => Self::Signal(signal.unwrap_or_default()),
        }
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "exit code {code}"),
            Self::Signal(signal) => write!(f, "ended by signal {signal}"),
        }
    }
}
