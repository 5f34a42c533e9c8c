//! Registering a repository: what was read of it becomes a service.

use crate::domain::ids::ServiceName;
use crate::engine::deeds::{Orderer, refuse};
use crate::engine::rules::begin::File;
use crate::engine::state::service::Service;
use crate::engine::store::Draft;
use crate::protocol::fault::Fault;

/// What was found in a repository that is to be registered.
#[derive(Debug, Clone)]
pub struct Found {
    /// Where it lies.
    pub repository: String,
    /// The branch whose commits run.
    pub branch: String,
    /// Its pipeline file at that branch's tip.
    pub file: File,
}

/// Makes the service; the poll sees its first commit. The same repository and branch again is already so; another
/// repository under the same name moves the service there.
pub fn register(draft: &mut Draft, orderer: &Orderer, found: &Found) -> Result<ServiceName, Fault> {
    orderer.is_admin()?;
    let name = match &found.file {
        File::Good { pipeline, .. } => pipeline.service.clone(),
        File::Broken(problem) => return Err(refuse::invalid(problem)),
    };
    let (repository, branch) = (&found.repository, &found.branch);
    let other = draft.state().services.values().find(|s| s.repository == *repository && s.branch == *branch);
    if let Some(other) = other.filter(|other| other.name != name) {
        return Err(refuse::not_possible(format!("that repository is registered as {}", other.name)));
    }
    let says = format!("{name} is built from {repository}, branch {branch}");
    if let Some(known) = draft.state().services.get(&name).cloned() {
        if known.repository == *repository && known.branch == *branch {
            return Ok(name);
        }
        if let Some(service) = draft.service_mut(&name) {
            (service.repository, service.branch) = (repository.clone(), branch.clone());
            service.head = None;
        }
    } else {
        let order = draft.state().services.values().map(|service| service.order).max().unwrap_or(0) + 1;
        draft.add_service(Service {
            name: name.clone(),
            order,
            repository: repository.clone(),
            branch: branch.clone(),
            head: None,
            pipeline: None,
            pipeline_commit: None,
            problem: None,
            unreachable: None,
            next_run: 1,
        });
    }
    draft.record(&orderer.person.name, "register", name.visible().into_owned(), says, None);
    Ok(name)
}
