//! Services: a repository, a branch, and the last pipeline file that could be read.

use serde::{Deserialize, Serialize};

use crate::domain::ids::ServiceName;

/// A registered service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Its name, as its pipeline file gave it when it was registered.
    pub name: ServiceName,
    /// Where it stands among the services; the first registered is 1.
    pub order: u64,
    /// Where its repository lies, as it was registered.
    pub repository: String,
    /// The branch whose commits run.
    pub branch: String,
    /// The commit for which the newest run by polling was made.
    pub head: Option<String>,
    /// The digest of the last good pipeline file of the branch.
    pub pipeline: Option<String>,
    /// The commit of that file.
    pub pipeline_commit: Option<String>,
    /// What is wrong with the newest pipeline file.
    pub problem: Option<String>,
    /// Why the repository cannot be read.
    pub unreachable: Option<String>,
    /// The next run's number.
    pub next_run: u64,
}
