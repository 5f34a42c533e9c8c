//! The operator's theme files on disk: looked at when the program is awake anyway, read when they are other than before.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::SystemTime;

use crate::domain::text::visible;
use crate::ui::theme::File;

/// The largest theme file that is read, in bytes.
const LARGEST: u64 = 256 * 1024;
/// How many theme files are read; of more, the first by name.
const MOST: usize = 100;

/// A folder of theme files, and how they were when they were last looked at.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    seen: Mutex<Option<Vec<Stamp>>>,
}

/// What tells one state of a file from another without reading it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Stamp {
    name: String,
    modified: Option<SystemTime>,
    len: u64,
}

impl Folder {
    /// The folder at `path`, which need not be there.
    pub const fn new(path: PathBuf) -> Self {
        Self { path, seen: Mutex::new(None) }
    }

    /// Every theme file, if any was added, changed or removed since the last look; always at the first one. `None`, too,
    /// while another look is under way.
    pub fn changed(&self) -> Option<Vec<File>> {
        let mut seen = self.seen.try_lock().ok()?;
        let now = stamps(&self.path);
        if seen.as_ref() == Some(&now) {
            return None;
        }
        let files = now.iter().map(|stamp| self.read(&stamp.name)).collect();
        *seen = Some(now);
        Some(files)
    }

    fn read(&self, name: &str) -> File {
        let path = self.path.join(format!("{name}.toml"));
        let text = text(&path).map_err(|error| visible(&error.to_string()).into_owned());
        File { name: name.to_owned(), shown: path.to_string_lossy().into_owned(), text }
    }
}

/// The theme files in `folder`, by name. What has another ending, or a name that no theme can have, is none.
fn stamps(folder: &Path) -> Vec<Stamp> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut stamps: Vec<_> = entries.filter_map(Result::ok).filter_map(|entry| stamp(&entry.path())).collect();
    stamps.sort();
    stamps.truncate(MOST);
    stamps
}

fn stamp(path: &Path) -> Option<Stamp> {
    let name = path.file_name()?.to_str()?.strip_suffix(".toml")?;
    let known = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    let named = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    let named = named && name.starts_with(|c: char| c.is_ascii_alphanumeric());
    named.then(|| Stamp { name: name.to_owned(), modified: known.modified().ok(), len: known.len() })
}

fn text(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    fs::File::open(path)?.take(LARGEST + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LARGEST {
        return Err(std::io::Error::other(format!("it is larger than {} KB", LARGEST / 1024)));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(files: &[File]) -> Vec<&str> {
        files.iter().map(|file| file.name.as_str()).collect()
    }

    #[test]
    fn files_are_read_once_for_each_state_of_them() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::new(home.path().join("themes"));
        assert_eq!(folder.changed(), Some(Vec::new()), "the first look says what there is, though it be nothing");
        assert_eq!(folder.changed(), None);
        let write = |name: &str, text: &str| fs::write(home.path().join("themes").join(name), text).unwrap();
        fs::create_dir(home.path().join("themes")).unwrap();
        for name in ["b.toml", "a.toml", ".#a.toml", "a.toml~", "notes.txt", "of mine.toml"] {
            write(name, "1");
        }
        assert_eq!(names(&folder.changed().unwrap()), ["a", "b"]);
        assert_eq!(folder.changed(), None);
        write("b.toml", "22");
        assert_eq!(folder.changed().unwrap()[1].text.as_deref(), Ok("22"));
        fs::remove_file(home.path().join("themes/a.toml")).unwrap();
        assert_eq!(names(&folder.changed().unwrap()), ["b"]);
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("large.toml"), vec![b'#'; 300 * 1024]).unwrap();
        fs::write(home.path().join("odd.toml"), [0xff, 0xfe]).unwrap();
        let files = Folder::new(home.path().into()).changed().unwrap();
        assert_eq!(files[0].text, Err("it is larger than 256 KB".to_owned()));
        assert!(files[1].text.as_ref().unwrap_err().contains("UTF-8"), "{files:?}");
    }
}
