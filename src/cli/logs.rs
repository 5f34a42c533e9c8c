//! `logs`: what the jobs of a run wrote, once or as it is written.

use std::time::Duration;

use clap::Args;
use serde_json::json;

use super::failure::{Failure, code};
use super::report::{self, Report};
use super::session::{RunName, Session};
use super::table::{Tone, painted};
use crate::domain::ids::{JobName, RunKey, SourceName};
use crate::domain::log::{Chunk, Lines, LogKey};
use crate::domain::observation::{Facts, Subject};
use crate::domain::run::{Run, Status};

/// Between two looks for more.
const LOOK: Duration = Duration::from_millis(500);

/// Of which run.
#[derive(Debug, Clone, Args)]
pub struct LogsArgs {
    /// The run: SERVICE/ID or SERVICE/latest
    run: RunName,
    /// Only this job; else all of them, in order
    job: Option<String>,
    /// Go on until the run has ended
    #[arg(long, short)]
    pub(super) follow: bool,
}

/// Prints the logs.
pub async fn logs(args: LogsArgs, session: &mut Session) -> Result<Report, Failure> {
    session.ask_all().await?;
    let (key, source) = session.run(&args.run).await?;
    let run = known(session, &key)?;
    let jobs = jobs(&run, args.job.as_deref())?;
    let mut told = Told {
        key,
        source,
        json: session.globals.json,
        follow: args.follow,
        color: session.color(),
        context: session.context().to_owned(),
    };
    if args.follow {
        for job in &jobs {
            told.follow(session, job, jobs.len() > 1).await?;
        }
        return Ok(Report::default());
    }
    told.once(session, &jobs).await
}

fn known(session: &Session, key: &RunKey) -> Result<Run, Failure> {
    let gone = || Failure::new(code::USAGE, "not_found", format!("there is no run `{key}`"));
    Ok(session.store.run(key).ok_or_else(gone)?.value.clone())
}

fn jobs(run: &Run, named: Option<&str>) -> Result<Vec<JobName>, Failure> {
    let all = || run.stages.iter().flat_map(|stage| &stage.jobs).map(|job| job.name.clone());
    let Some(name) = named else { return Ok(all().collect()) };
    let known: Vec<_> = all().collect();
    match known.iter().find(|job| job.as_str() == name) {
        Some(job) => Ok(vec![job.clone()]),
        None => Err(Failure::unknown(&format!("job of {}", run.key()), name, known.iter().map(JobName::as_str))),
    }
}

struct Told {
    key: RunKey,
    source: SourceName,
    json: bool,
    pub(super) follow: bool,
    color: bool,
    context: String,
}

impl Told {
    async fn piece(&self, session: &Session, job: &JobName, from: u64) -> Result<Chunk, Failure> {
        let log = LogKey { run: self.key.clone(), job: job.clone() };
        match session.question(&self.source, &Subject::Log(log, from)).await.facts {
            Facts::Log(_, chunk) => Ok(chunk),
            Facts::Failed(problem) => Err(Failure::of(&problem)),
            _ => Err(Failure::new(code::UNREACHABLE, "malformed", "the source told of something else")),
        }
    }

    /// All that is there now, job after job. A job that wrote nothing yet has no log, and that is no failure.
    async fn once(&mut self, session: &Session, jobs: &[JobName]) -> Result<Report, Failure> {
        let mut documents = Vec::new();
        for job in jobs {
            let mut lines = Lines::default();
            let mut all = Vec::new();
            let ended = loop {
                let chunk = match self.piece(session, job, lines.at()).await {
                    Ok(chunk) => chunk,
                    Err(failure) if failure.code == code::USAGE => break false,
                    Err(failure) => return Err(failure),
                };
                let new = lines.take(&chunk);
                if self.json {
                    all.extend(new);
                } else {
                    self.print(job, new, jobs.len() > 1);
                }
                if chunk.bytes.is_empty() || lines.at() >= chunk.total {
                    break chunk.ended;
                }
            };
            let last = lines.rest();
            if self.json {
                all.extend(last);
            } else {
                self.print(job, last, jobs.len() > 1);
            }
            documents.push(json!({ "job": job, "bytes": lines.at(), "ended": ended, "lines": all }));
        }
        Ok(session.report(json!({ "run": self.key.to_string(), "jobs": documents }), String::new()))
    }

    /// Goes on until the log has ended, or the run has without it.
    async fn follow(&mut self, session: &mut Session, job: &JobName, several: bool) -> Result<(), Failure> {
        let mut lines = Lines::default();
        loop {
            let ended = match self.piece(session, job, lines.at()).await {
                Ok(chunk) => {
                    let new = lines.take(&chunk);
                    self.print(job, new, several);
                    if !chunk.bytes.is_empty() && lines.at() < chunk.total {
                        continue;
                    }
                    chunk.ended
                }
                Err(failure) if failure.code == code::USAGE => false,
                Err(failure) => return Err(failure),
            };
            if ended || self.over(session, job).await? {
                self.print(job, lines.rest(), several);
                return Ok(());
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Whether a job will write nothing more, by how its run stands.
    async fn over(&self, session: &mut Session, job: &JobName) -> Result<bool, Failure> {
        session.ask(&self.source, &Subject::Run(self.key.clone())).await?;
        let run = known(session, &self.key)?;
        let status = run.job(job).map_or(Status::Skipped, |(_, job)| job.status);
        // A job that has ended may still have its last lines on the way: its log says when it is over.
        Ok(run.status.ended()
            && matches!(status, Status::Skipped | Status::Queued | Status::Waiting | Status::Cancelled)
            || status == Status::Skipped)
    }

    fn print(&self, job: &JobName, lines: Vec<String>, several: bool) {
        for line in lines {
            if self.json && self.follow {
                let data = json!({ "run": self.key.to_string(), "job": job, "line": line });
                report::tell(&report::document("logs", Some(&self.context), &data, &[]));
            } else if several {
                report::say(&format!("{} {line}\n", painted(&format!("{job} │"), Tone::Quiet, self.color)));
            } else {
                report::say(&format!("{line}\n"));
            }
        }
    }
}
