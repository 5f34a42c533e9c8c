//! Reading a branch: its newest commit and the pipeline file there.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::domain::chain::hex;
use crate::engine::core::Core;
use crate::engine::deeds::refuse;
use crate::engine::git::{self, Location, Repository, Sha};
use crate::engine::rules::begin::{Commit, File};
use crate::engine::spec;
use crate::engine::state::person::Initiator;
use crate::protocol::fault::Fault;

/// What a branch holds.
pub struct Read {
    /// Where the repository lies, as it is kept.
    pub repository: String,
    /// The branch.
    pub branch: String,
    /// Its newest commit.
    pub commit: Commit,
    /// The pipeline file there.
    pub file: File,
}

/// Reads a branch, or the default one; a mirror is brought up to date first if `fresh`.
pub async fn read(core: &Core, repository: &str, branch: Option<&str>, fresh: bool) -> Result<Read, Fault> {
    let opened = core.repository(repository).await.map_err(|fault| refused(&fault))?;
    let kept = match opened.location() {
        Location::Folder(path) => path.canonicalize().unwrap_or_else(|_| path.clone()).to_string_lossy().into_owned(),
        Location::Remote(url) => url.clone(),
    };
    if fresh {
        opened.refresh().await.map_err(|fault| refused(&fault))?;
    }
    let branch = match branch {
        Some(branch) => branch.to_owned(),
        None => opened.default_branch().await.map_err(|fault| refused(&fault))?,
    };
    let sha = opened.tip(&branch).await.map_err(|fault| refused(&fault))?;
    let (commit, file) = at(&opened, &sha).await.map_err(|fault| refused(&fault))?;
    Ok(Read { repository: kept, branch, commit, file })
}

/// A commit and the pipeline file there.
pub async fn at(repository: &Repository, sha: &Sha) -> Result<(Commit, File), git::Fault> {
    let (commit, shown) = tokio::try_join!(repository.commit(sha), repository.show(sha, spec::FILE))?;
    let author = Initiator {
        name: commit.author.name.as_str().to_owned(),
        email: Some(commit.author.email.as_str().to_owned()).filter(|email| !email.is_empty()),
    };
    let read = Commit { id: sha.as_str().to_owned(), title: commit.title, author };
    Ok((read, file(shown)))
}

fn file(bytes: Option<Vec<u8>>) -> File {
    let Some(bytes) = bytes else {
        return File::Broken(format!(
            "there is no {} at the root of the repository\nhint: write one: engine init",
            spec::FILE
        ));
    };
    let Ok(text) = String::from_utf8(bytes) else { return File::Broken(format!("{} is not UTF-8", spec::FILE)) };
    match spec::parse(&text, spec::FILE) {
        Ok(pipeline) => {
            File::Good { digest: hex(&Sha256::digest(text.as_bytes())), text, pipeline: Arc::new(pipeline) }
        }
        Err(faults) => File::Broken(faults.to_string()),
    }
}

/// A fault of git as an answer of the API.
pub fn refused(fault: &git::Fault) -> Fault {
    match fault.hint() {
        Some(hint) => refuse::not_possible_until(fault.to_string(), hint),
        None => refuse::not_possible(fault.to_string()),
    }
}
