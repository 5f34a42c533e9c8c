//! What lies between two commits: the commits with the files that each touches, and the files in which the two differ.

use super::fault::Fault;
use super::history::{Commit, commit};
use super::repository::Repository;
use super::sha::Sha;
use crate::domain::change;
use crate::domain::text::Text;

/// One commit and the files it touches by itself; a merge touches none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The commit.
    pub commit: Commit,
    /// The files, a renamed one under its new path.
    pub files: Vec<change::File>,
}

/// Begins a commit in the answer of `git log`, where it could otherwise be the status of a file.
const MARK: char = '\u{1}';
const FORMAT: &str = "--format=tformat:%x01%H%x00%an%x00%ae%x00%ct%x00%s";

impl Repository {
    /// The commits that `to` has and `from` has not, newest first, at most `limit`.
    pub async fn commits_between(&self, from: &Sha, to: &Sha, limit: usize) -> Result<Vec<Change>, Fault> {
        let most = format!("--max-count={limit}");
        let range = format!("{from}..{to}");
        let args = ["-z", "-M", "--name-status", "--no-ext-diff", FORMAT, &most, "--end-of-options", &range, "--"];
        let answer = self.call("log", args).await?;
        if !answer.succeeded() {
            return Err(self.missing_or("log", &[from, to], answer).await);
        }
        Ok(changes(&String::from_utf8_lossy(&answer.bytes)))
    }

    /// The files in which the trees of two commits differ. A renamed file stands under its new path.
    pub async fn files_between(&self, from: &Sha, to: &Sha) -> Result<Vec<change::File>, Fault> {
        let args = ["-r", "-z", "-M", "--name-status", "--no-ext-diff", "--end-of-options", from.as_str(), to.as_str()];
        let answer = self.call("diff-tree", args).await?;
        if !answer.succeeded() {
            return Err(self.missing_or("diff-tree", &[from, to], answer).await);
        }
        let text = String::from_utf8_lossy(&answer.bytes);
        let mut fields = text.split('\0');
        Ok(std::iter::from_fn(|| file(fields.next()?, &mut fields)).collect())
    }
}

/// Reads the answer field by field: what a title or a path holds is never taken for the beginning of a commit.
fn changes(text: &str) -> Vec<Change> {
    let mut fields = text.split('\0').peekable();
    let mut changes = Vec::new();
    while let Some(first) = fields.next() {
        let Some(sha) = first.strip_prefix(MARK) else { continue };
        let mut next = || fields.next().unwrap_or_default();
        let Some(commit) = commit(&[sha, next(), next(), next(), next()]) else { continue };
        let mut files = Vec::new();
        while let Some(status) = fields.next_if(|field| !field.starts_with(MARK)) {
            files.extend(file(status.trim_start_matches('\n'), &mut fields));
        }
        changes.push(Change { commit, files });
    }
    changes
}

/// The file whose status is `status`; its path is the next field, of a rename and a copy the one after.
fn file<'a>(status: &str, fields: &mut impl Iterator<Item = &'a str>) -> Option<change::File> {
    let (skipped, word) = match status.chars().next()? {
        'A' => (0, "added"),
        'M' => (0, "modified"),
        'D' => (0, "deleted"),
        'R' => (1, "renamed"),
        'C' => (1, "copied"),
        'T' => (0, "type_changed"),
        _ => (0, "unknown"),
    };
    Some(change::File { path: Text::new(fields.nth(skipped)?), status: Text::new(word) })
}
