//! What an instance writes: a file that the process itself appends to, so that it can outlive the engine; held to a size.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

/// How large the file may get; bytes.
const MOST: u64 = 16 << 20;
/// How much of its end is kept when it is larger; bytes.
const KEPT: u64 = 1 << 20;
/// How much of its end is searched for a last word; bytes.
const END: u64 = 4096;

/// Opens it for a process.
pub(super) fn open(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    OpenOptions::new().create(true).append(true).open(path)
}

/// Cuts off its beginning if it is too large. What is written in this moment may be lost.
pub(super) fn trim(path: &Path) -> io::Result<()> {
    if fs::metadata(path)?.len() <= MOST {
        return Ok(());
    }
    let end = end(path, KEPT)?;
    let whole = end.iter().position(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    // Not replaced but emptied: the process goes on writing to this very file.
    let mut file = OpenOptions::new().append(true).open(path)?;
    file.set_len(0)?;
    file.write_all(b"... what was written before is cut off ...\n")?;
    file.write_all(&end[whole..])
}

/// The last line that says something, of what stands there after the first `from` bytes.
pub(super) fn last_line(path: &Path, from: u64) -> Option<String> {
    let new = fs::metadata(path).ok()?.len().saturating_sub(from);
    let end = end(path, new.min(END)).ok()?;
    let text = String::from_utf8_lossy(&end);
    let says = |line: &&str| line.contains(char::is_alphanumeric);
    text.lines().rev().find(says).map(|line| line.trim().to_owned())
}

fn end(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(most)))?;
    let mut end = Vec::new();
    file.take(most).read_to_end(&mut end)?;
    Ok(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_log_keeps_its_end_and_its_writer() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("below").join("log");
        let mut writer = open(&path).unwrap();
        writer.write_all("a line of sixteen\n".repeat(1_000_000).as_bytes()).unwrap();
        writer.write_all(b"the last one\n\n").unwrap();
        trim(&path).unwrap();
        writer.write_all(b"and one more\n").unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.len() < 2 << 20, "{}", text.len());
        assert!(text.starts_with("... what was written before is cut off ...\na line of sixteen\n"));
        assert!(text.ends_with("the last one\n\nand one more\n"));
        assert_eq!(last_line(&path, 0).as_deref(), Some("and one more"));
        let before = fs::metadata(&path).unwrap().len();
        assert_eq!(last_line(&path, before), None);
        writer.write_all(b"last words\n---\n\n").unwrap();
        assert_eq!(last_line(&path, before).as_deref(), Some("last words"));
        let text = fs::read_to_string(&path).unwrap();
        trim(&path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}
