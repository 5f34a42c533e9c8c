//! Commits, how far one is from another, and the version that a commit gets.

use jiff::Timestamp;

use super::fault::Fault;
use super::repository::Repository;
use super::sha::Sha;
use crate::domain::release::VersionName;
use crate::domain::text::Text;

/// Who made a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// The name, as the commit says it.
    pub name: Text,
    /// The address, as the commit says it.
    pub email: Text,
}

/// One commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Its full name.
    pub sha: Sha,
    /// Who wrote the change.
    pub author: Author,
    /// When it was committed.
    pub committed_at: Timestamp,
    /// Its first line.
    pub title: Text,
}

/// How far one commit is from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Distance {
    /// How many commits the one has that the other has not.
    pub changes: u32,
    /// When the oldest of them was committed; `None` if there is none.
    pub oldest_at: Option<Timestamp>,
}

const FORMAT: &str = "--format=tformat:%H%x00%an%x00%ae%x00%ct%x00%s";
const FIELDS: usize = 5;

impl Repository {
    /// The newest commit of `branch`.
    pub async fn head(&self, branch: &str) -> Result<Commit, Fault> {
        let sha = self.tip(branch).await?;
        self.commit(&sha).await
    }

    /// One commit.
    pub async fn commit(&self, sha: &Sha) -> Result<Commit, Fault> {
        let answer = self.call("log", ["-z", "--no-walk", FORMAT, "--end-of-options", sha.as_str(), "--"]).await?;
        if !answer.succeeded() {
            return Err(self.missing_or("log", &[sha], answer).await);
        }
        let missing = || Fault::Failed { what: "log", said: Text::new("it answered without a commit") };
        commits(&answer.bytes).into_iter().next().ok_or_else(missing)
    }

    /// How many commits `to` has that `from` has not, and when the oldest of them was made.
    pub async fn distance(&self, from: &Sha, to: &Sha) -> Result<Distance, Fault> {
        let range = format!("{from}..{to}");
        let answer = self.call("log", ["--format=%ct", "--end-of-options", &range, "--"]).await?;
        if !answer.succeeded() {
            return Err(self.missing_or("log", &[from, to], answer).await);
        }
        let text = String::from_utf8_lossy(&answer.bytes);
        let times: Vec<i64> = text.lines().filter_map(|line| line.parse().ok()).collect();
        let oldest_at = times.iter().min().and_then(|second| Timestamp::from_second(*second).ok());
        Ok(Distance { changes: u32::try_from(times.len()).unwrap_or(u32::MAX), oldest_at })
    }

    /// The version of a commit; another for every commit. Tags that begin with a digit, or with `v` and a digit, are
    /// versions:
    /// - a commit that has such a tag: the tag, `v1.4.0`;
    /// - one that comes after it: the tag, the number of commits since, and the commit, `v1.4.0-3-g3f9c2e1`;
    /// - one without any before it: `0.0.0-N-gSHA`, `N` being the number of commits up to it.
    ///
    /// Characters of a tag that could not stand in a path or a URL become `-`, and the commit is added.
    pub async fn describe(&self, sha: &Sha) -> Result<VersionName, Fault> {
        let tags = ["--match=[0-9]*", "--match=v[0-9]*"];
        let answer = self.call("describe", ["--tags", "--abbrev=7", tags[0], tags[1], sha.as_str()]).await?;
        if answer.succeeded() {
            return Ok(plain(String::from_utf8_lossy(&answer.bytes).trim_end(), sha));
        }
        let answer = self.call("rev-list", ["--count", "--end-of-options", sha.as_str(), "--"]).await?;
        if !answer.succeeded() {
            return Err(self.missing_or("rev-list", &[sha], answer).await);
        }
        let count = String::from_utf8_lossy(&answer.bytes);
        Ok(VersionName::new(format!("0.0.0-{}-g{}", count.trim_end(), sha.short())))
    }

    /// The commit of `shas` that is missing, if that is why git failed; else what it said.
    pub(super) async fn missing_or(&self, what: &'static str, shas: &[&Sha], answer: super::command::Answer) -> Fault {
        for sha in shas {
            let object = format!("{sha}^{{commit}}");
            match self.call("cat-file", ["-e", &object]).await {
                Ok(there) if there.succeeded() => {}
                Ok(_) => {
                    return Fault::CommitMissing { location: self.location().shown(), sha: sha.as_str().to_owned() };
                }
                Err(fault) => return fault,
            }
        }
        Fault::Failed { what, said: answer.said() }
    }
}

fn commits(bytes: &[u8]) -> Vec<Commit> {
    let text = String::from_utf8_lossy(bytes);
    let fields: Vec<&str> = text.strip_suffix('\0').unwrap_or(&text).split('\0').collect();
    fields.chunks_exact(FIELDS).filter_map(commit).collect()
}

/// The commit whose name, author, address, time and title these are.
pub(super) fn commit(fields: &[&str]) -> Option<Commit> {
    let [sha, name, email, at, title] = fields else { return None };
    Some(Commit {
        sha: Sha::new(sha)?,
        author: Author { name: Text::new(name), email: Text::new(email) },
        committed_at: at.parse().ok().and_then(|second| Timestamp::from_second(second).ok()).unwrap_or_default(),
        title: Text::new(title),
    })
}

/// `described`, if it can stand in a path; else made so, with the commit to keep it unique.
fn plain(described: &str, sha: &Sha) -> VersionName {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+');
    if described.chars().all(is_plain) && described.len() <= 100 {
        return VersionName::new(described);
    }
    let clean: String = described.chars().take(80).map(|c| if is_plain(c) { c } else { '-' }).collect();
    VersionName::new(format!("{clean}-g{}", sha.short()))
}
