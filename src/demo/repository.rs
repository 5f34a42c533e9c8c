//! The repositories of the sample services: real, bare git repositories. Commits are written by `git fast-import`: one
//! call makes all commits of a release and its tag.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use jiff::{SignedDuration, Timestamp};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use super::shop::{Commit, Sample};
use crate::domain::text::Text;

/// Who commits: neither of the two people who operate the demonstration.
const AUTHOR: &str = "Robin Vega <robin@shop.example>";

/// A repository of one sample service.
#[derive(Debug, Clone)]
pub struct Repository {
    /// Where it lies.
    pub path: PathBuf,
    sample: &'static Sample,
}

/// Why something was not committed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// There is no git.
    #[error("git is not installed, and the demonstration commits with it")]
    NotInstalled,
    /// Git, or the operating system, refused.
    #[error("git {what}: {said}")]
    Failed {
        /// The subcommand.
        what: &'static str,
        /// Why.
        said: Text,
    },
}

impl Repository {
    /// The repository of `sample` below `folder`; it is made if it is not there.
    pub async fn open(folder: &Path, sample: &'static Sample) -> Result<Self, Fault> {
        let path = folder.join(format!("{}.git", sample.name));
        let repository = Self { path, sample };
        if !repository.path.join("HEAD").exists() {
            let path = repository.path.to_string_lossy().into_owned();
            git("init", &["--quiet", "--bare", "--template=", "--initial-branch=main", "--", &path], b"").await?;
        }
        Ok(repository)
    }

    /// How many releases were committed.
    pub async fn releases(&self) -> Result<usize, Fault> {
        let tags = self.git("for-each-ref", &["--format=%(refname)", "refs/tags/"], b"").await?;
        Ok(String::from_utf8_lossy(&tags).lines().count())
    }

    /// Commits the next release, and gives its number.
    pub async fn commit(&self, program: &str, now: Timestamp) -> Result<usize, Fault> {
        let number = self.releases().await? + 1;
        let commits = self.sample.commits(number, program);
        let stream = stream(&commits, number == 1, &self.sample.version(number), now);
        self.git("fast-import", &["--quiet", "--date-format=raw", "--done"], stream.as_bytes()).await?;
        Ok(number)
    }

    async fn git(&self, what: &'static str, args: &[&str], input: &[u8]) -> Result<Vec<u8>, Fault> {
        let folder = self.path.to_string_lossy();
        let args: Vec<&str> = [&["--git-dir", &folder, what], args].concat();
        run(what, &args, input).await
    }
}

async fn git(what: &'static str, args: &[&str], input: &[u8]) -> Result<Vec<u8>, Fault> {
    run(what, &[&[what], args].concat(), input).await
}

/// Runs git without anybody's settings and hooks.
async fn run(what: &'static str, args: &[&str], input: &[u8]) -> Result<Vec<u8>, Fault> {
    let refused = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => Fault::NotInstalled,
        _ => Fault::Failed { what, said: Text::new(error.to_string()) },
    };
    let mut child = Command::new("git")
        .args(["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"])
        .args(args)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("LC_ALL", "C")
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_INDEX_FILE")
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(refused)?;
    if let Some(mut stdin) = child.stdin.take() {
        // A git that stopped reading says why.
        let _ = stdin.write_all(input).await;
    }
    let output = child.wait_with_output().await.map_err(refused)?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    let said = complaint.lines().find(|line| line.starts_with("fatal: ")).unwrap_or("it failed and did not say why");
    Err(Fault::Failed { what, said: Text::new(said.trim_start_matches("fatal: ")) })
}

/// What `git fast-import` reads: the commits one after another on `main`, and the tag of the last.
fn stream(commits: &[Commit], first: bool, tag: &str, now: Timestamp) -> String {
    let mut stream = String::from("feature done\n");
    for (at, commit) in commits.iter().enumerate() {
        let when = (now - age(commits.len() - 1 - at, first)).as_second();
        let title = &commit.title;
        let _ = write!(stream, "commit refs/heads/main\nmark :{}\n", at + 1);
        let _ = write!(stream, "author {AUTHOR} {when} +0000\ncommitter {AUTHOR} {when} +0000\n");
        let _ = write!(stream, "data {}\n{title}\n", title.len() + 1);
        if at == 0 && !first {
            stream.push_str("from refs/heads/main^0\n");
        }
        for (path, content) in &commit.files {
            let _ = write!(stream, "M 100644 inline {path}\ndata {}\n{content}\n", content.len());
        }
        stream.push('\n');
    }
    let _ = write!(stream, "reset refs/tags/{tag}\nfrom :{}\n\ndone\n", commits.len());
    stream
}

/// How long ago a commit was made, by how many of its release came after it.
fn age(after: usize, first: bool) -> SignedDuration {
    let step = SignedDuration::from_mins(if first { 31 * 60 + 17 } else { 3 * 60 + 17 });
    step * i32::try_from(after).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::shop::SAMPLES;

    #[tokio::test]
    async fn releases_are_commits_with_tags_one_after_another() {
        let folder = tempfile::tempdir().unwrap();
        let now: Timestamp = "2026-03-04T12:00:00Z".parse().unwrap();
        for sample in SAMPLES {
            let repository = Repository::open(folder.path(), sample).await.unwrap();
            assert_eq!(repository.releases().await.unwrap(), 0);
            for number in 1..=12 {
                assert_eq!(repository.commit("/bin/true", now).await.unwrap(), number);
            }
            let again = Repository::open(folder.path(), sample).await.unwrap();
            assert_eq!(again.releases().await.unwrap(), 12);
            let described = again.git("describe", &["--tags", "main"], b"").await.unwrap();
            assert_eq!(String::from_utf8(described).unwrap().trim(), sample.version(12));
            let shown = again.git("show", &["main:release.toml"], b"").await.unwrap();
            assert!(String::from_utf8(shown).unwrap().contains(&sample.version(12)));
            let authors = again.git("log", &["--format=%an", "main"], b"").await.unwrap();
            assert!(String::from_utf8(authors).unwrap().lines().all(|author| author == "Robin Vega"));
            again.git("fsck", &["--strict"], b"").await.unwrap();
        }
    }
}
