//! A service as its source tells it: the latest run and the environments in order.

use serde::{Deserialize, Serialize};

use super::environment::Environment;
use super::ids::{EnvironmentName, ServiceName};
use super::run::Run;
use super::text::Text;

/// One service and its whole way to production.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Service {
    /// Its name.
    pub name: ServiceName,
    /// Where its commits come from.
    pub repository: Option<Text>,
    /// What is wrong with the service itself: a pipeline file that cannot be read, a repository that is gone.
    pub problem: Option<Text>,
    /// Its newest run.
    pub latest_run: Option<Run>,
    /// Its environments, from the builders' to the users'.
    pub environments: Vec<Environment>,
}

impl Service {
    /// The environment called `name`.
    pub fn environment(&self, name: &EnvironmentName) -> Option<&Environment> {
        self.environments.iter().find(|environment| environment.name == *name)
    }

    /// The environment before `name`, the one releases come from.
    pub fn below(&self, name: &EnvironmentName) -> Option<&Environment> {
        let at = self.environments.iter().position(|environment| environment.name == *name)?;
        self.environments.get(at.checked_sub(1)?)
    }
}
