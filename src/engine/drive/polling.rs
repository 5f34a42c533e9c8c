//! Seeing commits: each branch's tip is looked at, and a new one begins a run.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{checkout, report};
use crate::domain::ids::ServiceName;
use crate::engine::core::Core;
use crate::engine::git::{self, Location, Repository};
use crate::engine::rules::begin::{self, Wanted};
use crate::engine::state::service::Service;

/// How often a repository on this machine is looked at.
const NEAR: Duration = Duration::from_secs(1);
/// How often one behind a URL is fetched.
const FAR: Duration = Duration::from_secs(30);

/// Looks at every registered service, one task each, until `stop`.
pub async fn run(core: Arc<Core>, stop: CancellationToken) {
    let mut state = core.ledger.watch();
    let mut watched: HashMap<ServiceName, (String, String, JoinHandle<()>)> = HashMap::new();
    loop {
        let services: Vec<_> = state.borrow_and_update().services.values().cloned().collect();
        for service in services {
            let same = watched.get(&service.name).is_some_and(|(repository, branch, task)| {
                *repository == service.repository && *branch == service.branch && !task.is_finished()
            });
            if same {
                continue;
            }
            let task = tokio::spawn(watch(Arc::clone(&core), (*service).clone(), stop.clone()));
            let entry = (service.repository.clone(), service.branch.clone(), task);
            if let Some((_, _, before)) = watched.insert(service.name.clone(), entry) {
                before.abort();
            }
        }
        tokio::select! {
            () = stop.cancelled() => break,
            changed = state.changed() => if changed.is_err() { break },
        }
    }
    for (_, _, task) in watched.into_values() {
        task.abort();
        // Aborted, it has nothing to tell; it is waited for because it holds the data folder.
        let _ = task.await;
    }
}

async fn watch(core: Arc<Core>, service: Service, stop: CancellationToken) {
    let far = matches!(Location::read(&service.repository, std::path::Path::new("/")), Ok(Location::Remote(_)));
    let every = if far { FAR } else { NEAR };
    let mut opened: Option<Repository> = None;
    loop {
        let looked = look(&core, &service, &mut opened).await;
        note(&core, &service.name, looked.err()).await;
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(every) => {}
        }
    }
}

/// Looks once; a new tip begins a run.
async fn look(core: &Core, service: &Service, opened: &mut Option<Repository>) -> Result<(), git::Fault> {
    if opened.is_none() {
        *opened = Some(core.repository(&service.repository).await?);
    }
    let Some(repository) = opened else { return Ok(()) };
    let looked = async {
        repository.refresh().await?;
        let tip = repository.tip(&service.branch).await?;
        let known = core.ledger.state().services.get(&service.name).and_then(|service| service.head.clone());
        if known.as_deref() == Some(tip.as_str()) {
            return Ok(());
        }
        let (commit, file) = checkout::at(repository, &tip).await?;
        let wanted =
            Wanted { service: service.name.clone(), branch: service.branch.clone(), commit, file, starter: None };
        report(core, move |draft| {
            let Some(record) = draft.service_mut(&wanted.service) else { return };
            record.head = Some(wanted.commit.id.clone());
            begin::begin(draft, wanted.clone());
        })
        .await;
        Ok(())
    };
    let result = looked.await;
    if result.is_err() {
        *opened = None;
    }
    result
}

/// What is wrong with the repository stands at the service until it is right again.
async fn note(core: &Core, service: &ServiceName, fault: Option<git::Fault>) {
    let says = fault.map(|fault| match fault.hint() {
        Some(hint) => format!("{fault}; {hint}"),
        None => fault.to_string(),
    });
    let state = core.ledger.state();
    if state.services.get(service).is_none_or(|record| record.unreachable == says) {
        return;
    }
    let service = service.clone();
    report(core, move |draft| {
        draft.service_mut(&service).into_iter().for_each(|record| record.unreachable.clone_from(&says));
    })
    .await;
}
