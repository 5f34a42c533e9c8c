//! Where contents are kept: one file each, named by its SHA-256, written whole or not at all, never changed.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest as _, Sha256};

use super::fault::Fault;
use super::manifest::{Entry, Manifest};
use crate::domain::chain::hex;

/// How much is read at once; bytes.
const CHUNK: usize = 128 << 10;
/// What the names of unfinished files begin with.
const UNFINISHED: &str = "new-";

/// The contents below one folder.
#[derive(Debug, Clone)]
pub struct Store {
    root: PathBuf,
}

impl Store {
    /// The contents below `root`, which is there.
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// Takes a file's content in; its digest and its length. On the disk when this returns.
    pub fn put(&self, from: &Path) -> Result<(String, u64), Fault> {
        let mut source = File::open(from).map_err(Fault::system("read", from))?;
        let half = Half::new(&self.root)?;
        let mut file = File::create(&half.0).map_err(Fault::system("write", &half.0))?;
        let (digest, size) = copy(&mut source, &mut file).map_err(Fault::system("store", from))?;
        let path = self.path(&digest);
        if fs::metadata(&path).is_ok_and(|there| there.len() == size) {
            return Ok((digest, size));
        }
        let parent = path.parent().unwrap_or(&self.root);
        let keep = || -> io::Result<()> {
            file.set_permissions(fs::Permissions::from_mode(0o444))?;
            file.sync_all()?;
            fs::create_dir_all(parent)?;
            fs::rename(&half.0, &path)?;
            File::open(parent)?.sync_all()?;
            File::open(&self.root)?.sync_all()
        };
        keep().map_err(Fault::system("store", from))?;
        Ok((digest, size))
    }

    /// Lays the files of a listing into `dir`, over what lies there. With `fixed` they can only be read and executed.
    pub fn lay(&self, manifest: &Manifest, dir: &Path, fixed: bool) -> Result<(), Fault> {
        for (path, entry) in &manifest.entries {
            let to = dir.join(path);
            let parent = to.parent().unwrap_or(dir);
            fs::create_dir_all(parent).map_err(Fault::system("make the folder", parent))?;
            make_way(&to)?;
            match entry {
                Entry::Link { target } => symlink(target, &to).map_err(Fault::system("write", &to))?,
                Entry::File { executable, digest, .. } => {
                    let mode = if *executable { 0o755 } else { 0o644 };
                    self.take(digest, &to, if fixed { mode & !0o222 } else { mode })?;
                }
            }
        }
        Ok(())
    }

    /// Lays the files of a listing out as the folder `dir`: all of them or none, on the disk when this returns. What lies
    /// there is replaced.
    pub fn unpack(&self, manifest: &Manifest, dir: &Path) -> Result<(), Fault> {
        let above = dir.parent().unwrap_or(dir);
        fs::create_dir_all(above).map_err(Fault::system("make the folder", above))?;
        let half = Half::new(above)?;
        fs::create_dir(&half.0).map_err(Fault::system("make the folder", &half.0))?;
        self.lay(manifest, &half.0, true)?;
        let done = || -> io::Result<()> {
            rustix::fs::syncfs(&File::open(&half.0)?)?;
            if dir.exists() {
                fs::remove_dir_all(dir)?;
            }
            fs::rename(&half.0, dir)?;
            File::open(above)?.sync_all()
        };
        done().map_err(Fault::system("make the folder", dir))
    }

    /// Removes all contents but those in `needed`, and what was left unfinished. Nothing may be taken in meanwhile. How
    /// many went.
    pub fn sweep(&self, needed: &HashSet<String>) -> Result<usize, Fault> {
        let mut gone = 0;
        for first in entries(&self.root)? {
            if first.file_name().is_some_and(|name| name.to_string_lossy().starts_with(UNFINISHED)) {
                remove(&first)?;
                continue;
            }
            for path in entries(&first)? {
                let digest = [&first, &path].map(|path| path.file_name().unwrap_or_default().to_string_lossy());
                if !needed.contains(&digest.concat()) {
                    remove(&path)?;
                    gone += 1;
                }
            }
        }
        Ok(gone)
    }

    /// Writes a content to `to`, and makes sure that it is what it was.
    fn take(&self, digest: &str, to: &Path, mode: u32) -> Result<(), Fault> {
        let from = self.path(digest);
        let mut source = match File::open(&from) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Fault::Damaged(digest.to_owned())),
            opened => opened.map_err(Fault::system("read", &from))?,
        };
        let target = OpenOptions::new().write(true).create_new(true).mode(mode).open(to);
        let mut target = target.map_err(Fault::system("write", to))?;
        let (found, _) = copy(&mut source, &mut target).map_err(Fault::system("write", to))?;
        // The mode at creation passed the process' mask.
        target.set_permissions(fs::Permissions::from_mode(mode)).map_err(Fault::system("write", to))?;
        if found != digest {
            // It must not stand in the way of the right one.
            remove(&from)?;
            return Err(Fault::Damaged(digest.to_owned()));
        }
        Ok(())
    }

    /// `ab/cdef…`, so that no folder gets too large.
    fn path(&self, digest: &str) -> PathBuf {
        let (first, rest) = digest.split_at_checked(2).unwrap_or((digest, "content"));
        self.root.join(first).join(rest)
    }
}

/// A name for what is not finished; what still lies there is removed when this is dropped.
struct Half(PathBuf);

impl Half {
    fn new(folder: &Path) -> Result<Self, Fault> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!("{UNFINISHED}{}-{number}", std::process::id()));
        make_way(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Half {
    fn drop(&mut self) {
        // Moved to its place, it is gone from here.
        let _ = remove(&self.0);
    }
}

/// Copies everything; the digest and the length of what was copied.
fn copy(from: &mut impl io::Read, to: &mut impl io::Write) -> io::Result<(String, u64)> {
    let mut hash = Sha256::new();
    let mut size = 0;
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = from.read(&mut chunk)?;
        if read == 0 {
            return Ok((hex(&hash.finalize()), size));
        }
        hash.update(&chunk[..read]);
        to.write_all(&chunk[..read])?;
        size += read as u64;
    }
}

/// Removes what lies at `path`, if anything does.
fn make_way(path: &Path) -> Result<(), Fault> {
    if fs::symlink_metadata(path).is_ok() { remove(path) } else { Ok(()) }
}

fn remove(path: &Path) -> Result<(), Fault> {
    let folder = fs::symlink_metadata(path).is_ok_and(|there| there.is_dir());
    let removed = if folder { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    removed.map_err(Fault::system("remove", path))
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Fault> {
    let read = || fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<PathBuf>>>();
    read().map_err(Fault::system("read", folder))
}
