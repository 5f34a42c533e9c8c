//! The embedded engine as a source: it tells everything in one answer, and has every lever. The nouns on the wire are
//! the domain's own; see [`crate::protocol`].

mod acting;
mod confirming;
mod reading;

use std::sync::Arc;

use super::http::{Http, Said};
use super::{Backend, Ports};
use crate::config::Source;
use crate::domain::ids::SourceName;
use crate::protocol::fault::{Fault, Reason};

/// A connection to an engine.
struct Engine {
    name: SourceName,
    http: Http,
}

/// What an engine can do; nothing is asked yet.
pub fn connect(source: &Source, ports: &Ports) -> Backend {
    let engine = Arc::new(Engine { name: source.name.clone(), http: Http::new(source, ports, said) });
    Backend {
        overviews: Some(engine.clone()),
        pipelines: Some(engine.clone()),
        logs: Some(engine.clone()),
        gates: Some(engine.clone()),
        deployments: Some(engine.clone()),
        rollouts: Some(engine.clone()),
        flags: Some(engine.clone()),
        stops: Some(engine.clone()),
        confirmations: Some(engine.clone()),
        seals: Some(engine.clone()),
        signals: Some(engine.clone()),
        changes: Some(engine.clone()),
        host: Some(engine.clone()),
        calls: Some(engine),
    }
}

/// The engine's own words in a refusal.
fn said(body: &[u8]) -> Option<Said> {
    let fault: Fault = serde_json::from_slice(body).ok()?;
    let refused = fault.reason == Reason::Frozen;
    Some(Said { message: fault.message, hint: fault.hint, current: fault.current, refused })
}
