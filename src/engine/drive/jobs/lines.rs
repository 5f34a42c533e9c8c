//! Running the lines of a job, one after the other, and ending them with all that they forked.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::net::unix::pipe;
use tokio::sync::Mutex;

use super::log::Log;
use super::orders::{Halt, Orders};
use super::steps::Steps;
use crate::domain::run::Status;
use crate::engine::process::{self, Ended, Identity, Mark, Program, Started};

/// How long a job that has to end is given to do so by itself.
const GRACE: Duration = Duration::from_secs(10);
/// How long is waited for the end of the output of a line that has ended, before what still holds it is ended.
const ENDING: Duration = Duration::from_millis(20);
/// How long is waited for that end at most: what cannot be ended must not hold the job.
const NO_LONGER: Duration = Duration::from_secs(5);
/// How much is read at once; bytes.
const CHUNK: usize = 64 << 10;

/// The lines of a job.
pub struct Lines<'a> {
    /// The lines.
    pub run: Vec<String>,
    /// The folder they run in.
    pub folder: PathBuf,
    /// Their environment.
    pub env: Vec<(OsString, OsString)>,
    /// The mark of the job.
    pub mark: Mark,
    /// Where it is told which of them begin and end.
    pub steps: &'a Steps,
}

/// How the lines ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ran {
    /// All of them well.
    Well,
    /// One of them badly, and why.
    Badly(String),
    /// They were told to end.
    Halted(Halt),
}

impl Lines<'_> {
    /// Runs them. When this returns, nothing of them is left.
    pub async fn run(&self, log: &Arc<Mutex<Log>>, orders: &mut Orders) -> Ran {
        let ran = self.one_by_one(log, orders).await;
        process::end_now(&self.mark, None).await;
        ran
    }

    async fn one_by_one(&self, log: &Arc<Mutex<Log>>, orders: &mut Orders) -> Ran {
        for line in &self.run {
            if let Some(halt) = orders.standing() {
                return Ran::Halted(halt);
            }
            self.steps.begin();
            let ran = self.one(line, log, orders).await;
            self.steps.end(match &ran {
                Ran::Well => Status::Succeeded,
                Ran::Halted(Halt::Cancelled) => Status::Cancelled,
                Ran::Badly(_) | Ran::Halted(_) => Status::Failed,
            });
            if ran != Ran::Well {
                return ran;
            }
        }
        Ran::Well
    }

    async fn one(&self, line: &str, log: &Arc<Mutex<Log>>, orders: &mut Orders) -> Ran {
        log.lock().await.line(&format!("$ {line}")).await;
        let mut program = Program::shell(line, &self.folder, self.mark.clone());
        program.env.clone_from(&self.env);
        let ended = match program.start_piped() {
            Ok((started, said)) => self.line(started, said, log, orders).await,
            Err(error) => return Ran::Badly(format!("{line}: cannot be started: {error}")),
        };
        match ended {
            Ok(ended) if ended.succeeded() => Ran::Well,
            Ok(ended) => Ran::Badly(format!("{line}: {ended}")),
            Err(halt) => Ran::Halted(halt),
        }
    }

    /// Follows one line to its end, or brings it there.
    async fn line(
        &self,
        mut started: Started,
        said: pipe::Receiver,
        log: &Arc<Mutex<Log>>,
        orders: &mut Orders,
    ) -> Result<Ended, Halt> {
        let leader = started.identity.clone();
        let mut heard = tokio::spawn(hear(said, Arc::clone(log)));
        let ended = tokio::select! {
            ended = started.wait() => Ok(ended.unwrap_or(Ended::Signal(0))),
            halt = orders.halted() => Err(halt),
        };
        if ended.is_err() {
            // Waited for at the same time, so that what has ended is gone from the table of processes.
            let waited = tokio::time::timeout(GRACE + NO_LONGER, started.wait());
            let ((), _) = tokio::join!(self.end(leader.as_ref(), orders), waited);
        } else if tokio::time::timeout(ENDING, &mut heard).await.is_err() {
            process::end_now(&self.mark, leader.as_ref()).await;
        }
        if !heard.is_finished() && tokio::time::timeout(NO_LONGER, &mut heard).await.is_err() {
            heard.abort();
        }
        ended
    }

    /// Ends a line that runs: in order, or at once if that is ordered meanwhile.
    async fn end(&self, leader: Option<&Identity>, orders: &mut Orders) {
        let in_order = tokio::select! {
            none_left = process::end(&self.mark, leader, GRACE) => none_left,
            () = orders.forced() => process::end_now(&self.mark, leader).await,
        };
        if !in_order {
            tracing::warn!(mark = self.mark.name, "a process cannot be ended");
        }
    }
}

/// Takes down what is said, to its end.
async fn hear(mut said: pipe::Receiver, log: Arc<Mutex<Log>>) {
    let mut chunk = vec![0; CHUNK];
    while let Ok(read) = said.read(&mut chunk).await
        && read > 0
    {
        log.lock().await.append(&chunk[..read]).await;
    }
}
