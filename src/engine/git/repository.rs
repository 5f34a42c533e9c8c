//! A repository that the engine watches: opened in place or mirrored, refreshed, and asked for its branches.

use std::path::{Path, PathBuf};

use super::caller::Caller;
use super::command::{Answer, Git};
use super::fault::Fault;
use super::location::{Location, without_password};
use super::sha::Sha;
use crate::domain::nearest::nearest;
use crate::domain::text::Text;

/// A repository that can be read. Cheap to clone; every question is one or two calls of git.
#[derive(Debug, Clone)]
pub struct Repository {
    location: Location,
    git_dir: PathBuf,
    caller: Caller,
}

/// What a mirror takes over: branches and tags, also rewritten ones; what is gone there goes here.
const REFS: [&str; 2] = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];

impl Repository {
    /// Opens a repository. A folder is read in place; a URL is cloned to `mirror` first, unless it already lies there.
    pub async fn open(location: Location, mirror: &Path, caller: impl Into<Caller>) -> Result<Self, Fault> {
        let caller = caller.into();
        let git_dir = match &location {
            Location::Folder(folder) => found(&location, folder, &caller).await?,
            Location::Remote(url) => mirrored(&location, url, mirror, &caller).await?,
        };
        Ok(Self { location, git_dir, caller })
    }

    /// Where it lies.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Its `.git` folder.
    pub fn git_dir(&self) -> &Path {
        &self.git_dir
    }

    /// Brings the mirror up to date; does nothing for a folder, which is read in place.
    pub async fn refresh(&self) -> Result<(), Fault> {
        let Location::Remote(url) = &self.location else { return Ok(()) };
        let call = self.caller.network("fetch").in_repository(&self.git_dir);
        let answer = call.run(["--quiet", "--prune", "--no-write-fetch-head", "--", url, REFS[0], REFS[1]]).await?;
        if answer.succeeded() { Ok(()) } else { Err(unreachable(&self.location, &answer)) }
    }

    /// The commit that `branch` stands at. One call of git: fit for polling.
    pub async fn tip(&self, branch: &str) -> Result<Sha, Fault> {
        if !is_branch_name(branch) {
            return Err(self.branch_missing(branch).await);
        }
        let name = format!("refs/heads/{branch}");
        let answer = self.ask("for-each-ref", ["--format=%(refname)%00%(objectname)", &name]).await?;
        let text = String::from_utf8_lossy(&answer.bytes);
        let line = text.lines().find_map(|line| line.split_once('\0').filter(|(found, _)| *found == name));
        match line.and_then(|(_, sha)| Sha::new(sha)) {
            Some(sha) => Ok(sha),
            None => Err(self.branch_missing(branch).await),
        }
    }

    /// The names of all branches, in git's order.
    pub async fn branches(&self) -> Result<Vec<String>, Fault> {
        let answer = self.ask("for-each-ref", ["--format=%(refname:lstrip=2)", "refs/heads/"]).await?;
        Ok(String::from_utf8_lossy(&answer.bytes).lines().map(str::to_owned).collect())
    }

    /// The default branch: where `HEAD` points; with a detached one the only branch, `main` or `master`.
    pub async fn default_branch(&self) -> Result<String, Fault> {
        let branches = self.branches().await?;
        let answer = self.call("symbolic-ref", ["--quiet", "HEAD"]).await?;
        let head = String::from_utf8_lossy(&answer.bytes);
        let head = head.trim_end().strip_prefix("refs/heads/");
        if let Some(head) = head.filter(|head| branches.iter().any(|branch| branch == head)) {
            return Ok(head.to_owned());
        }
        let usual = |name: &&String| matches!(name.as_str(), "main" | "master");
        match (branches.as_slice(), branches.iter().find(usual)) {
            ([], _) => Err(Fault::Empty(self.location.shown())),
            ([only], _) => Ok(only.clone()),
            (_, Some(usual)) => Ok(usual.clone()),
            _ => Err(Fault::NoDefaultBranch(self.location.shown())),
        }
    }

    async fn branch_missing(&self, branch: &str) -> Fault {
        match self.branches().await {
            Err(fault) => fault,
            Ok(branches) if branches.is_empty() => Fault::Empty(self.location.shown()),
            Ok(branches) => Fault::BranchMissing {
                location: self.location.shown(),
                branch: Text::new(branch),
                there: nearest_first(branch, &branches),
            },
        }
    }

    /// Calls git in this repository and takes any exit code.
    pub(super) async fn call<'a>(
        &self,
        what: &'static str,
        args: impl IntoIterator<Item = &'a str>,
    ) -> Result<Answer, Fault> {
        let answer = self.caller.local(what).in_repository(&self.git_dir).run(args).await;
        answer.and_then(|answer| self.readable(answer)).map_err(|fault| self.or_gone(fault))
    }

    /// Calls git in this repository; an exit code other than 0 is a fault.
    pub(super) async fn ask<'a>(
        &self,
        what: &'static str,
        args: impl IntoIterator<Item = &'a str>,
    ) -> Result<Answer, Fault> {
        let answer = self.call(what, args).await?;
        self.succeeded(what, answer)
    }

    /// A call of git that its caller completes.
    pub(super) fn prepare(&self, what: &'static str) -> Git {
        self.caller.local(what).in_repository(&self.git_dir)
    }

    pub(super) fn succeeded(&self, what: &'static str, answer: Answer) -> Result<Answer, Fault> {
        if answer.succeeded() {
            return Ok(answer);
        }
        Err(self.or_gone(Fault::Failed { what, said: answer.said() }))
    }

    fn readable(&self, answer: Answer) -> Result<Answer, Fault> {
        match refusal(&self.location, &answer) {
            Some(fault) => Err(fault),
            None => Ok(answer),
        }
    }

    /// `fault`, unless the reason for it is that the repository is gone.
    fn or_gone(&self, fault: Fault) -> Fault {
        if self.git_dir.exists() { fault } else { Fault::Gone(self.location.shown()) }
    }
}

/// Whether git may be asked for a branch of this name: none of what git forbids in names, and no pattern.
fn is_branch_name(branch: &str) -> bool {
    let forbidden = |c: char| c.is_control() || matches!(c, ' ' | '~' | '^' | ':' | '?' | '*' | '[' | '\\');
    !branch.is_empty() && !branch.contains(forbidden) && !branch.ends_with('/')
}

fn nearest_first(wanted: &str, there: &[String]) -> Vec<Text> {
    let near = nearest(wanted, there.iter().map(String::as_str));
    let rest = there.iter().map(String::as_str).filter(|name| Some(*name) != near);
    near.into_iter().chain(rest).take(5).map(Text::new).collect()
}

/// Git's own refusal to touch a repository, told by its words.
fn refusal(location: &Location, answer: &Answer) -> Option<Fault> {
    if answer.succeeded() {
        return None;
    }
    let says = |words: &str| answer.complaint.contains(words);
    if says("dubious ownership") {
        return Some(Fault::NotOwned(location.shown()));
    }
    says("not a git repository").then(|| Fault::NotARepository(location.shown()))
}

/// The `.git` folder of a repository in `folder`, which must be its root.
async fn found(location: &Location, folder: &Path, caller: &Caller) -> Result<PathBuf, Fault> {
    if !folder.is_dir() {
        return Err(Fault::Gone(location.shown()));
    }
    let real = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let ceiling = real.parent().unwrap_or(&real);
    let call = caller.local("rev-parse").in_folder(&real).env("GIT_CEILING_DIRECTORIES", ceiling);
    let answer = call.run(["--absolute-git-dir"]).await?;
    if let Some(fault) = refusal(location, &answer) {
        return Err(fault);
    }
    let path = answer.bytes.strip_suffix(b"\n").unwrap_or(&answer.bytes);
    if !answer.succeeded() || path.is_empty() {
        return Err(Fault::Failed { what: "rev-parse", said: answer.said() });
    }
    Ok(PathBuf::from(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(path)))
}

/// Clones `url` to `mirror` unless a finished mirror lies there. A clone that was cut off leaves nothing in its place.
async fn mirrored(location: &Location, url: &str, mirror: &Path, caller: &Caller) -> Result<PathBuf, Fault> {
    let system = |error: std::io::Error| Fault::System {
        what: Text::new(format!("the mirror {}", mirror.display())),
        said: Text::new(error.to_string()),
    };
    let mirror = std::path::absolute(mirror).map_err(system)?;
    if mirror.join("HEAD").exists() {
        return Ok(mirror);
    }
    let half = mirror.with_extension("half");
    if half.exists() {
        std::fs::remove_dir_all(&half).map_err(system)?;
    }
    if let Some(parent) = mirror.parent() {
        std::fs::create_dir_all(parent).map_err(system)?;
    }
    let target = half.as_os_str();
    let args = ["--quiet", "--bare", "--template=", "--"].map(std::ffi::OsStr::new);
    let answer = caller.network("clone").run(args.into_iter().chain([std::ffi::OsStr::new(url), target])).await?;
    if !answer.succeeded() {
        let _ = std::fs::remove_dir_all(&half);
        return Err(unreachable(location, &answer));
    }
    std::fs::rename(&half, &mirror).map_err(system)?;
    Ok(mirror)
}

fn unreachable(location: &Location, answer: &Answer) -> Fault {
    let shown = |said: &str| match location {
        Location::Remote(url) => Text::new(said.replace(url, &without_password(url))),
        Location::Folder(_) => Text::new(said),
    };
    // Git explains first and names the consequence last; the first line says more.
    let first = answer.complaint.lines().find(|line| {
        let line = line.trim();
        line.starts_with("fatal:")
            || line.starts_with("error:")
            || line.starts_with("remote:")
            || line.starts_with("ssh:")
    });
    let said = first.map_or_else(|| answer.said().as_str().to_owned(), |line| line.trim().to_owned());
    Fault::Unreachable { location: location.shown(), said: shown(said.trim_start_matches("fatal: ")) }
}
