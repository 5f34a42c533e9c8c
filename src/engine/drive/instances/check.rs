//! Whether an instance is well: what it answers, and what a row of answers means.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(2);
/// How often one that has not been well yet is asked.
const STARTING: Duration = Duration::from_millis(50);
/// How often one that failed a check is asked.
const DOUBTFUL: Duration = Duration::from_millis(250);
/// How often one that is well is asked.
const WELL: Duration = Duration::from_secs(1);
/// How many checks in a row must fail until one that was well gets no more traffic.
const ILL: u32 = 2;
/// How many until it is given up.
const GIVEN_UP: u32 = 10;
/// The most that is read of an answer's first line; bytes.
const LINE: usize = 1024;
/// The most that is read of what follows it, so that the instance is not cut off in mid-sentence; bytes.
const REST: u64 = 64 << 10;
/// How long that may take.
const REST_TIME: Duration = Duration::from_millis(200);

/// Asks once: `GET path`, or just for a connection. The error says what was wrong.
pub(super) async fn ask(port: u16, path: Option<&str>) -> Result<(), String> {
    let asked = tokio::time::timeout(ANSWER, answer(port, path)).await;
    let what = || path.map_or_else(|| format!("port {port}"), |path| format!("GET {path}"));
    match asked {
        Err(_) => Err(format!("{}: no answer within {ANSWER:?}", what())),
        Ok(Err(error)) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            Err(format!("{}: nothing listens on port {port}", what()))
        }
        Ok(Err(error)) => Err(format!("{}: {error}", what())),
        Ok(Ok(Some(status))) if !(200..300).contains(&status) => Err(format!("{}: answered {status}", what())),
        Ok(Ok(_)) => Ok(()),
    }
}

/// The status of the answer; `None` where only a connection was asked for.
async fn answer(port: u16, path: Option<&str>) -> std::io::Result<Option<u16>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let Some(path) = path else { return Ok(None) };
    let agent = "User-Agent: leverframe\r\nConnection: close\r\n\r\n";
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{agent}").as_bytes()).await?;
    let mut line = Vec::new();
    while line.len() < LINE && !line.contains(&b'\n') {
        if stream.read_buf(&mut line).await? == 0 {
            break;
        }
    }
    let no_http = || std::io::Error::new(std::io::ErrorKind::InvalidData, "the answer is not HTTP");
    let status = status(&line).ok_or_else(no_http)?;
    // Whether there is more, and what it says, does not matter.
    let _ = tokio::time::timeout(REST_TIME, tokio::io::copy(&mut stream.take(REST), &mut tokio::io::sink())).await;
    Ok(Some(status))
}

/// Reads `HTTP/1.1 200 OK`.
fn status(line: &[u8]) -> Option<u16> {
    let line = std::str::from_utf8(line.split(|byte| *byte == b'\n').next()?).ok()?;
    let mut words = line.strip_prefix("HTTP/1.")?.split_ascii_whitespace();
    words.next()?;
    words.next()?.parse().ok()
}

/// What a check means for an instance.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Beat {
    /// It gets traffic.
    Well,
    /// It gets none, for now.
    Ill(String),
    /// It is to be ended, and another one started.
    GivenUp(String),
}

/// The row of an instance's answers.
#[derive(Debug)]
pub(super) struct Pulse {
    began: Instant,
    within: Duration,
    was_well: bool,
    failures: u32,
}

impl Pulse {
    /// That of an instance which began at `began`, and may take `within` until it is well.
    pub(super) fn new(began: Instant, within: Duration) -> Self {
        Self { began, within, was_well: false, failures: 0 }
    }

    /// How long to wait before the next question.
    pub(super) fn pause(&self) -> Duration {
        match (self.was_well, self.failures) {
            (false, _) => STARTING,
            (true, 0) => WELL,
            (true, _) => DOUBTFUL,
        }
    }

    /// Takes an answer.
    pub(super) fn take(&mut self, answer: Result<(), String>, now: Instant) -> Beat {
        let Err(why) = answer else {
            self.was_well = true;
            self.failures = 0;
            return Beat::Well;
        };
        self.failures += 1;
        let late = now.saturating_duration_since(self.began) >= self.within;
        match (self.was_well, self.failures) {
            (false, _) if late => Beat::GivenUp(format!("it was not well within {:?}: {why}", self.within)),
            (true, GIVEN_UP..) => Beat::GivenUp(format!("it stopped answering: {why}")),
            (true, ..ILL) => Beat::Well,
            _ => Beat::Ill(why),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Clock as _, System};

    fn bad() -> Result<(), String> {
        Err("bad".into())
    }

    #[test]
    fn one_that_starts_has_its_time() {
        let began = System.instant();
        let mut pulse = Pulse::new(began, Duration::from_secs(3));
        assert_eq!(pulse.take(bad(), began + Duration::from_secs(2)), Beat::Ill("bad".into()));
        let late = pulse.take(bad(), began + Duration::from_secs(3));
        assert_eq!(late, Beat::GivenUp("it was not well within 3s: bad".into()));
    }

    #[test]
    fn one_failure_is_none_and_ten_are_the_end() {
        let began = System.instant();
        let mut pulse = Pulse::new(began, Duration::from_secs(3));
        let later = began + Duration::from_secs(100);
        assert_eq!(pulse.take(Ok(()), later), Beat::Well);
        assert_eq!(pulse.take(bad(), later), Beat::Well);
        assert_eq!(pulse.take(bad(), later), Beat::Ill("bad".into()));
        assert_eq!(pulse.take(Ok(()), later), Beat::Well);
        for _ in 0..9 {
            assert!(!matches!(pulse.take(bad(), later), Beat::GivenUp(_)));
        }
        assert_eq!(pulse.take(bad(), later), Beat::GivenUp("it stopped answering: bad".into()));
    }

    #[test]
    fn a_status_is_read_or_is_none() {
        assert_eq!(status(b"HTTP/1.1 204 No Content\r\nX: y"), Some(204));
        assert_eq!(status(b"HTTP/1.0 500\r\n"), Some(500));
        assert_eq!(status(b"SSH-2.0-OpenSSH\r\n"), None);
        assert_eq!(status(b""), None);
    }
}
