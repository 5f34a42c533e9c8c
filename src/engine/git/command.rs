//! One call of the `git` program: without hooks, monitors, prompts, pagers and the caller's git variables, in a process
//! group of its own, held to a time and a size.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};

use super::fault::Fault;
use crate::domain::text::Text;
use crate::engine::process::{ENGINE, Mark, PROCESS};

/// What git needs of the engine's own environment: to find programs, keys, credentials and proxies.
const KEPT: [&str; 21] = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "TMPDIR",
    "XDG_CONFIG_HOME",
    "XDG_CACHE_HOME",
    "XDG_RUNTIME_DIR",
    "SSH_AUTH_SOCK",
    "GIT_SSH_COMMAND",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_NOSYSTEM",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "all_proxy",
    "HTTPS_PROXY",
    "NO_PROXY",
    "ALL_PROXY",
];

/// Settings that win over those of the repository and of the user.
const SETTINGS: [&str; 16] = [
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.pager=cat",
    "core.quotePath=false",
    "core.sparseCheckout=false",
    "core.splitIndex=false",
    "core.askPass=",
    "credential.interactive=false",
    "protocol.ext.allow=never",
    "log.showSignature=false",
    "log.mailmap=false",
    "i18n.logOutputEncoding=UTF-8",
    "submodule.recurse=false",
    "fetch.recurseSubmodules=false",
    "gc.autoDetach=false",
    "gc.pruneExpire=never",
];

/// No questions; and no shared connection, whose keeper would outlive the call and hold its pipes.
const SSH: &str = "ssh -o BatchMode=yes -o ConnectTimeout=15 -o ControlMaster=no -o ControlPath=none";

/// The most that one answer may hold; bytes.
pub(super) const MOST: usize = 64 << 20;
/// How much of what git complains is kept; bytes.
const COMPLAINT: usize = 64 << 10;

/// What git answered.
pub(super) struct Answer {
    /// Its exit code; `None` if a signal ended it.
    pub(super) code: Option<i32>,
    /// Its standard output.
    pub(super) bytes: Vec<u8>,
    /// Its standard error.
    pub(super) complaint: String,
}

impl Answer {
    pub(super) fn succeeded(&self) -> bool {
        self.code == Some(0)
    }

    /// The last line of the complaint that says something.
    pub(super) fn said(&self) -> Text {
        let line = self.complaint.lines().rev().find(|line| !line.trim().is_empty());
        match (line, self.code) {
            (Some(line), _) => Text::new(line.trim().trim_start_matches("fatal: ").trim_start_matches("error: ")),
            (None, Some(code)) => Text::new(format!("exit code {code}")),
            (None, None) => Text::new("a signal ended it"),
        }
    }
}

/// A call of git that is being put together.
pub(super) struct Git {
    command: Command,
    what: &'static str,
    limit: Duration,
}

impl Git {
    /// A call of `git WHAT`, outside of any repository unless `in_repository` says otherwise.
    pub(super) fn new(what: &'static str, limit: Duration) -> Self {
        let mut command = Command::new("git");
        command.env_clear().envs(KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        command.env("LC_ALL", "C").env("GIT_TERMINAL_PROMPT", "0").env("GIT_OPTIONAL_LOCKS", "0");
        command.env("GIT_ALLOW_PROTOCOL", "file:git:http:https:ssh").env("GIT_LITERAL_PATHSPECS", "1");
        command.env("GIT_NO_REPLACE_OBJECTS", "1").env("GIT_PAGER", "cat");
        if std::env::var_os("GIT_SSH_COMMAND").is_none() {
            command.env("GIT_SSH_COMMAND", SSH);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.process_group(0).kill_on_drop(true).current_dir("/");
        Self { command, what, limit }
    }

    /// One that carries a mark, as do all that it starts.
    pub(super) fn marked(mut self, mark: &Mark) -> Self {
        self.command.env(ENGINE, &mark.engine).env(PROCESS, &mark.name);
        self
    }

    pub(super) fn in_repository(mut self, git_dir: &Path) -> Self {
        self.command.env("GIT_DIR", git_dir).current_dir(git_dir);
        self
    }

    pub(super) fn in_folder(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    pub(super) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs it with `args` after the subcommand's name, and waits for its end.
    pub(super) async fn run<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Result<Answer, Fault> {
        for setting in SETTINGS {
            self.command.arg("-c").arg(setting);
        }
        self.command.arg(self.what).args(args);
        let child = self.command.spawn().map_err(|error| self.unable(&error))?;
        let group = Group::of(&child);
        let answer = tokio::time::timeout(self.limit, collect(child)).await;
        match answer {
            Ok(answer) => {
                group.ended();
                answer.map_err(|error| self.unable(&error)).and_then(|answer| self.fits(answer))
            }
            Err(_) => Err(Fault::TimedOut { what: self.what, limit: self.limit }),
        }
    }

    fn fits(&self, answer: Answer) -> Result<Answer, Fault> {
        let what = || Text::new(format!("the answer of git {}", self.what));
        if answer.bytes.len() > MOST { Err(Fault::TooLarge { what: what(), most: MOST }) } else { Ok(answer) }
    }

    fn unable(&self, error: &std::io::Error) -> Fault {
        let folder_there = self.command.as_std().get_current_dir().is_none_or(Path::exists);
        if error.kind() == std::io::ErrorKind::NotFound && folder_there {
            return Fault::NotInstalled;
        }
        Fault::System { what: Text::new(format!("git {}", self.what)), said: Text::new(error.to_string()) }
    }
}

async fn collect(mut child: Child) -> std::io::Result<Answer> {
    let (out, err) = (child.stdout.take(), child.stderr.take());
    // One byte more than may be is read, so that "too much" can be told from "just enough".
    let (bytes, complaint) = tokio::join!(drain(out, MOST + 1), drain(err, COMPLAINT));
    let code = child.wait().await?.code();
    Ok(Answer { code, bytes: bytes?, complaint: String::from_utf8_lossy(&complaint?).into_owned() })
}

/// Reads to the end and keeps the first `most` bytes, so that git never waits for a reader.
async fn drain(from: Option<impl AsyncRead + Unpin>, most: usize) -> std::io::Result<Vec<u8>> {
    let mut kept = Vec::new();
    if let Some(mut from) = from {
        (&mut from).take(most as u64).read_to_end(&mut kept).await?;
        tokio::io::copy(&mut from, &mut tokio::io::sink()).await?;
    }
    Ok(kept)
}

/// The process group of a git that runs; whoever drops it early (a limit, a cancelled task) ends the group.
struct Group(Option<Pid>);

impl Group {
    fn of(child: &Child) -> Self {
        Self(child.id().and_then(|id| Pid::from_raw(id.cast_signed())))
    }

    fn ended(mut self) {
        self.0 = None;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(pid) = self.0 {
            // It may have ended by itself in this moment; then there is nothing to end.
            let _ = kill_process_group(pid, Signal::KILL);
        }
    }
}
