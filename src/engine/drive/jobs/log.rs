//! The log of one try of a job: a file that only grows, so that readers can follow it by byte offsets, held to a size.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;

use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;

use crate::clock::Clock;
use crate::domain::text::visible;
use crate::engine::marks::Marks;

/// The most that a log holds of what a job says, its end excepted; bytes.
pub const MOST: u64 = 16 << 20;
/// How much of its end is kept of what says more; bytes.
const END: usize = 64 << 10;

/// A log that is being written.
pub struct Log {
    file: File,
    marks: Marks,
    most: u64,
    written: u64,
    /// The end of what is left out.
    end: VecDeque<u8>,
    left_out: u64,
    begins_line: bool,
}

impl Log {
    /// A new log at `path`, for at most `most` bytes, with the times of `clock`.
    pub async fn create(path: &Path, most: u64, clock: Arc<dyn Clock>) -> std::io::Result<Self> {
        if let Some(folder) = path.parent() {
            tokio::fs::create_dir_all(folder).await?;
        }
        let file = File::create(path).await?;
        let marks = Marks::create(path, clock).await;
        Ok(Self { file, marks, most, written: 0, end: VecDeque::new(), left_out: 0, begins_line: true })
    }

    /// Adds a line of the engine's own.
    pub async fn line(&mut self, text: &str) {
        let before = if self.begins_line { "" } else { "\n" };
        self.append(format!("{before}{}\n", visible(text)).as_bytes()).await;
    }

    /// Adds what the job says.
    pub async fn append(&mut self, bytes: &[u8]) {
        let Some(last) = bytes.last() else { return };
        self.begins_line = *last == b'\n';
        let room = usize::try_from(self.most.saturating_sub(self.written)).unwrap_or(usize::MAX);
        let (kept, over) = bytes.split_at(bytes.len().min(room));
        if !kept.is_empty() {
            self.write(kept).await;
        }
        if !over.is_empty() {
            self.leave_out(over).await;
        }
    }

    /// Ends it: the end of what was left out comes last.
    pub async fn finish(mut self) {
        if self.left_out > 0 {
            let end: Vec<u8> = std::mem::take(&mut self.end).into();
            // Cut off within a line, the rest of that line says little.
            let from = match end.iter().position(|byte| *byte == b'\n') {
                Some(at) if self.left_out > end.len() as u64 && at + 1 < end.len() => at + 1,
                _ => 0,
            };
            let missing = self.left_out - (end.len() - from) as u64;
            self.write(format!("[{missing} bytes are left out here]\n").as_bytes()).await;
            self.write(&end[from..]).await;
        }
        // Readers see what is written without it; a power loss may take it.
        let _ = self.file.sync_data().await;
    }

    async fn leave_out(&mut self, bytes: &[u8]) {
        if self.left_out == 0 {
            let says =
                format!("\n[this log has reached {} bytes: what follows is left out, but for its end]\n", self.most);
            self.write(says.as_bytes()).await;
        }
        self.left_out += bytes.len() as u64;
        self.end.extend(&bytes[bytes.len().saturating_sub(END)..]);
        self.end.drain(..self.end.len().saturating_sub(END));
    }

    /// A log that cannot be written must not end the job.
    async fn write(&mut self, bytes: &[u8]) {
        self.marks.note(self.written).await;
        let written = async {
            self.file.write_all(bytes).await?;
            self.file.flush().await
        };
        match written.await {
            Ok(()) => self.written += bytes.len() as u64,
            Err(error) => {
                self.marks.stop();
                tracing::warn!(%error, "a log was not written");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::System;

    async fn log(most: u64, said: &[&str]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("logs/a.log");
        let mut log = Log::create(&path, most, Arc::new(System)).await.unwrap();
        for one in said {
            log.append(one.as_bytes()).await;
        }
        log.line("done").await;
        log.finish().await;
        std::fs::read_to_string(path).unwrap()
    }

    #[tokio::test]
    async fn what_is_said_stands_there_as_it_was_said() {
        assert_eq!(log(100, &["one\n", "", "two"]).await, "one\ntwo\ndone\n");
    }

    #[tokio::test]
    async fn what_says_too_much_is_cut_in_its_middle() {
        let long = "x".repeat(99) + "\n";
        let said = log(10, &[&long.repeat(2000)]).await;
        let (head, rest) = said.split_once("\n[").unwrap();
        assert_eq!(head, "x".repeat(10));
        let (marker, rest) = rest.split_once("]\n[").unwrap();
        assert_eq!(marker, "this log has reached 10 bytes: what follows is left out, but for its end");
        let (missing, end) = rest.split_once(" bytes are left out here]\n").unwrap();
        assert!(end.starts_with("xxx") && end.ends_with("x\ndone\n") && end.len() <= END, "{}", end.len());
        assert_eq!(missing.parse::<usize>().unwrap() + end.len() + 10, 200_000 + "done\n".len());
    }

    #[tokio::test]
    async fn what_says_a_little_too_much_loses_nothing() {
        let said = log(10, &["0123456789abc\n"]).await;
        assert!(said.ends_with("[0 bytes are left out here]\nabc\ndone\n"), "{said}");
    }
}
