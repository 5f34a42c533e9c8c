//! The files of a commit: one of them read, or all of them put into a folder.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::fault::Fault;
use super::repository::Repository;
use super::sha::Sha;
use crate::domain::text::Text;

/// The most that [`Repository::show`] reads; bytes.
const MOST: usize = 1 << 20;

impl Repository {
    /// The content of a file at a commit, up to 1 MiB; `None` if no regular file is there.
    pub async fn show(&self, sha: &Sha, path: &str) -> Result<Option<Vec<u8>>, Fault> {
        let args = ["-z", "-l", "--full-tree", sha.as_str(), "--", path];
        let answer = self.call("ls-tree", args).await?;
        if !answer.succeeded() {
            return Err(self.missing_or("ls-tree", &[sha], answer).await);
        }
        let Some((object, size)) = entry(&answer.bytes, path) else { return Ok(None) };
        if size > MOST {
            return Err(Fault::TooLarge { what: Text::new(path), most: MOST });
        }
        Ok(Some(self.ask("cat-file", ["blob", object.as_str()]).await?.bytes))
    }

    /// Puts the files of a commit into `dir`, which must not exist or be empty: all of them, with their modes and
    /// links, without `.git` and without the network. Submodules become empty folders. What fails leaves nothing.
    pub async fn export(&self, sha: &Sha, dir: &Path) -> Result<(), Fault> {
        let unable = |error: std::io::Error| Fault::System {
            what: Text::new(format!("the checkout {}", dir.display())),
            said: Text::new(error.to_string()),
        };
        let dir = &std::path::absolute(dir).map_err(unable)?;
        std::fs::create_dir_all(dir).map_err(unable)?;
        if std::fs::read_dir(dir).map_err(unable)?.next().is_some() {
            return Err(unable(std::io::Error::other("the folder is not empty")));
        }
        let index = Index(beside(dir));
        let done = self.check_out(sha, dir, &index.0).await;
        if done.is_err() {
            let _ = std::fs::remove_dir_all(dir);
        }
        done
    }

    async fn check_out(&self, sha: &Sha, dir: &Path, index: &Path) -> Result<(), Fault> {
        let read = self.prepare("read-tree").env("GIT_INDEX_FILE", index).run([sha.as_str()]).await?;
        if !read.succeeded() {
            return Err(self.missing_or("read-tree", &[sha], read).await);
        }
        let call = self.prepare("checkout-index").env("GIT_INDEX_FILE", index).env("GIT_WORK_TREE", dir).in_folder(dir);
        let answer = call.run([OsStr::new("--all"), OsStr::new("--force"), OsStr::new("--quiet")]).await?;
        self.succeeded("checkout-index", answer).map(drop)
    }
}

/// `dist` → `dist.index`, beside the folder, so that it never is among the files.
fn beside(dir: &Path) -> PathBuf {
    let mut name = dir.file_name().unwrap_or(OsStr::new("checkout")).to_owned();
    name.push(".index");
    dir.with_file_name(name)
}

/// A temporary index; removed when dropped.
struct Index(PathBuf);

impl Drop for Index {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The object and the size of the regular file at `path` in the answer of `ls-tree -z -l`.
fn entry(bytes: &[u8], path: &str) -> Option<(Sha, usize)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (facts, found) = text.split('\0').next()?.split_once('\t')?;
    let mut facts = facts.split_ascii_whitespace();
    let (mode, kind, object, size) = (facts.next()?, facts.next()?, facts.next()?, facts.next()?);
    let regular = matches!(mode, "100644" | "100755") && kind == "blob" && found == path;
    if regular { Some((Sha::new(object)?, size.parse().ok()?)) } else { None }
}
