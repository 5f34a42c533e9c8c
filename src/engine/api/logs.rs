//! Logs: a piece of a job's output, by byte offsets, and when it was written.

use std::io::SeekFrom;
use std::path::{Path as FilePath, PathBuf};

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};

use super::App;
use super::answer::Refused;
use super::asker::Asker;
use super::reads::find_run;
use crate::domain::ids::JobName;
use crate::domain::log::Times;
use crate::engine::deeds::refuse;
use crate::engine::marks;
use crate::engine::state::run::{Job, Run};
use crate::protocol::fault::Reason;

/// The most that one answer carries; bytes.
const MOST: u64 = 1 << 20;

/// Which piece.
#[derive(Debug, Deserialize)]
pub struct Piece {
    #[serde(default)]
    from: u64,
    #[serde(default = "most")]
    most: u64,
}

const fn most() -> u64 {
    MOST
}

/// A piece of the log of a job's newest try.
pub async fn log(
    State(app): State<App>,
    _: Asker,
    Path((service, id, job)): Path<(String, String, String)>,
    piece: Result<Query<Piece>, QueryRejection>,
) -> Result<Response, Refused> {
    let piece = piece?.0;
    let run = find_run(&app, &service, &id).await?;
    let (job, path) = find_log(&app, &run, &job)?;
    // Looked at before the file is read: a log that was seen whole and has ended stays whole.
    let ended = job.status.ended();
    let read = read(&path, piece.from, piece.most.min(MOST)).await;
    let read = read.map_err(|error| refuse::because(Reason::Internal, format!("the log cannot be read: {error}")))?;
    let (from, bytes, total) = match read {
        Some(found) => found,
        // Without a log of its own, the reason why it stands so is all there is.
        None => inline(&instead(&run, job), piece.from),
    };
    let whole = ended && from + bytes.len() as u64 >= total;
    let head = |name: &str, value: String| (HeaderName::from_bytes(name.as_bytes()), value);
    let mut response = ([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response();
    for (name, value) in [
        head(crate::protocol::LOG_FROM, from.to_string()),
        head(crate::protocol::LOG_TOTAL, total.to_string()),
        head(crate::protocol::LOG_ENDED, whole.to_string()),
    ] {
        if let (Ok(name), Ok(value)) = (name, value.parse()) {
            response.headers_mut().insert(name, value);
        }
    }
    Ok(response)
}

/// A job of a run, and where the log of its newest try lies.
fn find_log<'a>(app: &App, run: &'a Run, job: &str) -> Result<(&'a Job, PathBuf), Refused> {
    let name = JobName::new(job);
    let job = run.job(&name).ok_or_else(|| refuse::not_found(format!("run {} has no job {name}", run.key())))?;
    Ok((job, app.folder.log(&run.service, run.number, &name, job.attempt)))
}

/// Which bytes.
#[derive(Debug, Deserialize)]
pub struct Range {
    #[serde(default)]
    from: u64,
    #[serde(default = "all")]
    until: u64,
}

const fn all() -> u64 {
    u64::MAX
}

/// When the bytes of a log were written that lie in a range.
pub async fn times(
    State(app): State<App>,
    _: Asker,
    Path((service, id, job)): Path<(String, String, String)>,
    range: Result<Query<Range>, QueryRejection>,
) -> Result<Json<Times>, Refused> {
    let range = range?.0;
    let run = find_run(&app, &service, &id).await?;
    let (_, path) = find_log(&app, &run, &job)?;
    // The length before the marks: of what is written in between, the marks are asked for again.
    let total = tokio::fs::metadata(&path).await.map_or(0, |about| about.len());
    let marks = marks::read(&path, range.from, range.until).await;
    let unread = |error| refuse::because(Reason::Internal, format!("the times of the log cannot be read: {error}"));
    Ok(Json(Times { marks: marks.map_err(unread)?, total }))
}

fn instead(run: &Run, job: &Job) -> String {
    let said = run.problem.as_ref().or(job.detail.as_ref());
    said.filter(|_| job.status.ended()).map(|said| format!("{said}\n")).unwrap_or_default()
}

fn inline(text: &str, from: u64) -> (u64, Vec<u8>, u64) {
    let total = text.len() as u64;
    let from = from.min(total);
    (from, text.as_bytes()[usize::try_from(from).unwrap_or(0)..].to_vec(), total)
}

/// The bytes from `from` on, where they begin, and the file's length; `None` if there is no file.
async fn read(path: &FilePath, from: u64, most: u64) -> std::io::Result<Option<(u64, Vec<u8>, u64)>> {
    let mut file = match tokio::fs::File::open(path).await {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let total = file.metadata().await?.len();
    let from = from.min(total);
    file.seek(SeekFrom::Start(from)).await?;
    let mut bytes = Vec::new();
    file.take(most.min(total - from)).read_to_end(&mut bytes).await?;
    Ok(Some((from, bytes, total)))
}
