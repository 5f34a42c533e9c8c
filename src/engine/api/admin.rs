//! The engine itself: its state, its audit, services and people.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde::Deserialize;

use super::App;
use super::answer::Refused;
use super::asker::Asker;
use super::orders::Request;
use crate::domain::chain::{Head, Seal, Sealed};
use crate::domain::text::Text;
use crate::engine::deeds::register::Found;
use crate::engine::deeds::{people, register as registering};
use crate::engine::drive::checkout;
use crate::protocol::{Audit, AuditEntries, AuditEntry, EngineStatus, NewToken, Register, Registered, Seals};

/// How the engine stands; verifies the audit chain.
pub async fn status(State(app): State<App>, _: Asker) -> Result<Json<EngineStatus>, Refused> {
    let (head, broken) = app.ledger.verify().await?;
    let state = app.ledger.state();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let instances = state.places.values().flat_map(|standing| &standing.sets).map(|set| set.instances.len()).sum();
    Ok(Json(EngineStatus {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        pid: std::process::id(),
        started_at: app.started_at,
        paused: app.ledger.paused(),
        services: count(state.services.len()),
        running: count(state.runs.values().filter(|run| !run.status.ended()).count()),
        instances: count(instances),
        audit: Audit { entries: head.seq, head: head.hash, broken: broken.map(Text::new) },
    }))
}

/// Where to begin reading.
#[derive(Debug, Deserialize)]
pub struct From {
    #[serde(default = "first")]
    from: u64,
}

const fn first() -> u64 {
    1
}

/// The audit's entries from a number on.
pub async fn audit(
    State(app): State<App>,
    _: Asker,
    from: Result<Query<From>, QueryRejection>,
) -> Result<Json<AuditEntries>, Refused> {
    let entries = app.ledger.audit(from?.0.from, 1000).await?;
    let entries = entries.into_iter().map(|(seq, previous, hash, body)| AuditEntry { seq, previous, hash, body });
    Ok(Json(AuditEntries { entries: entries.collect() }))
}

/// How many seals of one journal are told.
const SEALS: u64 = 1000;

/// The seals of a journal, the newest first.
pub async fn seals(State(app): State<App>, _: Asker, Path(journal): Path<String>) -> Result<Json<Seals>, Refused> {
    let entries = app.ledger.sealed(journal, SEALS).await?;
    let sealed = entries.into_iter().filter_map(|entry| {
        let Seal { seq, hash, .. } = entry.seal?;
        Some(Sealed { head: Head { seq, hash }, at: entry.at, by: Text::new(entry.by) })
    });
    Ok(Json(Seals { seals: sealed.collect() }))
}

/// Registers a repository.
pub async fn register(
    State(app): State<App>,
    asker: Asker,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refused> {
    let request = Request::new(app.clone(), asker, &headers, &uri, body)?;
    let order: Register = request.body()?;
    request.orderer().is_admin()?;
    if let Some(before) = request.before().await? {
        return Ok(before);
    }
    let read = checkout::read(&app, &order.repository, order.branch.as_deref(), true).await?;
    let found = Found { repository: read.repository, branch: read.branch, file: read.file };
    request
        .perform(move |draft, orderer| {
            registering::register(draft, orderer, &found).map(|service| Registered { service })
        })
        .await
}

/// Makes a person's token. It is shown once; an answer to the same mark would show it again, so it is never kept.
pub async fn new_token(
    State(app): State<App>,
    asker: Asker,
    uri: Uri,
    mut headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refused> {
    headers.remove(crate::protocol::IDEMPOTENCY_KEY);
    let request = Request::new(app, asker, &headers, &uri, body)?;
    let order: NewToken = request.body()?;
    request.perform(move |draft, orderer| people::new_token(draft, orderer, &order)).await
}
