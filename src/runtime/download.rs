//! The whole log of a job into a file: in the folder where the program runs, beside what is there and never over it.

use std::io;
use std::path::{Path, PathBuf};

use tokio::fs::{File, OpenOptions};
use tokio::io::{AsyncWriteExt as _, BufWriter};

use crate::capabilities::logs::Logs;
use crate::domain::log::{Chunk, Lines, LogKey};
use crate::domain::text::is_hidden;
use crate::ui::format;

/// How many files of one name are tried.
const TRIES: u32 = 999;
/// The most bytes of one part of a name.
const PART: usize = 64;

/// Writes all there is now of `log` to a file in `folder`; what is said of it.
pub async fn save(logs: &dyn Logs, log: &LogKey, folder: &Path) -> String {
    let first = match logs.read(log, 0, Chunk::MOST).await {
        Ok(chunk) => chunk,
        Err(error) => return format!("the log was not saved: {error}"),
    };
    let (file, path) = match create(folder, &name(log)).await {
        Ok(created) => created,
        Err(error) => return format!("the log was not saved in {}: {error}", folder.display()),
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut saved = Saved { file: BufWriter::new(file), lines: Lines::default(), count: 0 };
    match saved.all(logs, log, first).await {
        Ok(more) => {
            let so_far = if more { ", as far as it was written" } else { "" };
            let (lines, bytes) = (format::plural(saved.count, "line"), format::bytes(saved.lines.at()));
            format!("saved in {name}: {lines}, {bytes}{so_far}")
        }
        Err(why) => format!("only the first {} are saved in {name}: {why}", format::bytes(saved.lines.at())),
    }
}

/// A file that a log is written to.
struct Saved {
    file: BufWriter<File>,
    lines: Lines,
    count: u64,
}

impl Saved {
    /// Writes everything that there was when its first piece was read; whether more may come.
    async fn all(&mut self, logs: &dyn Logs, log: &LogKey, first: Chunk) -> Result<bool, String> {
        let read = self.pieces(logs, log, first).await;
        // What could be read is kept, also where the rest could not.
        let ended = self.end().await.map_err(|error| error.to_string());
        read.and_then(|more| ended.map(|()| more))
    }

    async fn pieces(&mut self, logs: &dyn Logs, log: &LogKey, first: Chunk) -> Result<bool, String> {
        let (end, mut chunk) = (first.total, first);
        loop {
            let lines = self.lines.take(&chunk);
            self.write(lines).await.map_err(|error| error.to_string())?;
            if chunk.bytes.is_empty() || self.lines.at() >= end {
                return Ok(!chunk.ended);
            }
            chunk = logs.read(log, self.lines.at(), Chunk::MOST).await.map_err(|error| error.to_string())?;
        }
    }

    async fn end(&mut self) -> io::Result<()> {
        let rest = self.lines.rest();
        self.write(rest).await?;
        self.file.flush().await
    }

    async fn write(&mut self, lines: Vec<String>) -> io::Result<()> {
        self.count += lines.len() as u64;
        for line in lines {
            self.file.write_all(line.as_bytes()).await?;
            self.file.write_all(b"\n").await?;
        }
        Ok(())
    }
}

/// A new file called `name`, or `name-2` and so on where there is one.
async fn create(folder: &Path, name: &str) -> io::Result<(File, PathBuf)> {
    for number in 1..=TRIES {
        let path = match number {
            1 => folder.join(format!("{name}.log")),
            _ => folder.join(format!("{name}-{number}.log")),
        };
        match OpenOptions::new().write(true).create_new(true).open(&path).await {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            created => return Ok((created?, path)),
        }
    }
    Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("there are {TRIES} files of its name")))
}

/// `search-92-e2e`; what has no place in the name of a file becomes `_`.
fn name(log: &LogKey) -> String {
    [log.run.service.as_str(), log.run.id.as_str(), log.job.as_str()].map(part).join("-")
}

fn part(name: &str) -> String {
    let mut part = String::new();
    for c in name.chars() {
        let first = part.is_empty();
        let kept = c.is_alphanumeric() && !is_hidden(c) || c == '_' || !first && matches!(c, '-' | '.');
        let c = if kept { c } else { '_' };
        if part.len() + c.len_utf8() > PART {
            break;
        }
        part.push(c);
    }
    part
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;

    use super::*;
    use crate::capabilities::CapabilityError;
    use crate::capabilities::error::Kind;
    use crate::domain::ids::{JobName, RunId, RunKey};

    /// A log given in pieces of at most seven bytes; from `breaks` on nothing is given.
    struct Source {
        text: &'static str,
        ended: bool,
        breaks: usize,
    }

    #[async_trait]
    impl Logs for Source {
        async fn read(&self, _log: &LogKey, from: u64, most: u64) -> Result<Chunk, CapabilityError> {
            let at = usize::try_from(from).unwrap();
            if at >= self.breaks {
                return Err(CapabilityError::new(Kind::NotFound, "the log is gone"));
            }
            let rest = &self.text.as_bytes()[at..];
            let bytes = rest[..rest.len().min(7).min(usize::try_from(most).unwrap())].to_vec();
            Ok(Chunk { from, bytes, total: self.text.len() as u64, ended: self.ended })
        }
    }

    fn log(job: &str) -> LogKey {
        LogKey { run: RunKey { service: "search".into(), id: RunId::new("92") }, job: JobName::new(job) }
    }

    const WHOLE: Source = Source { text: "\u{1b}[31mone\u{1b}[0m\ntwo\u{7}\nthree", ended: true, breaks: usize::MAX };

    #[tokio::test]
    async fn all_of_it_is_written_as_plain_text_and_never_over_another_file() {
        let folder = tempfile::tempdir().unwrap();
        let said = save(&WHOLE, &log("e2e"), folder.path()).await;
        assert_eq!(said, "saved in search-92-e2e.log: 3 lines, 23 B");
        let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(read("search-92-e2e.log"), "one\ntwo␇\nthree\n");
        std::fs::write(folder.path().join("search-92-e2e.log"), "mine").unwrap();
        for name in ["search-92-e2e-2.log", "search-92-e2e-3.log"] {
            assert_eq!(save(&WHOLE, &log("e2e"), folder.path()).await, format!("saved in {name}: 3 lines, 23 B"));
        }
        assert_eq!(read("search-92-e2e.log"), "mine");
    }

    #[tokio::test]
    async fn a_log_that_is_still_written_is_saved_as_far_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let said = save(&Source { ended: false, ..WHOLE }, &log("e2e"), folder.path()).await;
        assert_eq!(said, "saved in search-92-e2e.log: 3 lines, 23 B, as far as it was written");
    }

    #[tokio::test]
    async fn what_could_not_be_had_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let said = save(&Source { breaks: 0, ..WHOLE }, &log("e2e"), folder.path()).await;
        assert_eq!(said, "the log was not saved: the log is gone");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        let said = save(&Source { breaks: 14, ..WHOLE }, &log("e2e"), folder.path()).await;
        assert_eq!(said, "only the first 14 B are saved in search-92-e2e.log: the log is gone");
        assert_eq!(std::fs::read_to_string(folder.path().join("search-92-e2e.log")).unwrap(), "one\nt\n");
        let said = save(&WHOLE, &log("e2e"), &folder.path().join("none")).await;
        assert!(said.starts_with("the log was not saved in "), "{said}");
    }

    #[test]
    fn no_name_leads_out_of_the_folder_or_hides() {
        assert_eq!(name(&log("../../etc/passwd")), "search-92-_._.._etc_passwd");
        assert_eq!(name(&log(".x y")), "search-92-_x_y");
        assert_eq!(name(&log("größe-1.2")), "search-92-größe-1.2");
        assert_eq!(name(&log(&"日".repeat(99))).len(), "search-92-".len() + 63);
    }
}
