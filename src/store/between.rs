//! What is known beside the changes between two environments: the flags that they name, and their notes.

use super::Store;
use crate::domain::change::{Changes, Commit, Touch};
use crate::domain::environment::Environment;
use crate::domain::flag::Flag;
use crate::domain::notes::notes;
use crate::domain::service::Service;

impl Store {
    /// The known flags that `changes` name.
    pub fn flags_named<'a>(&'a self, changes: &'a Changes) -> Vec<Touch<'a>> {
        changes.flags(self.flags().map(|seen| &seen.value))
    }

    /// The known flags that `commit` names.
    pub fn flags_of<'a>(&'a self, commit: &'a Commit) -> impl Iterator<Item = &'a Flag> {
        commit.flags(self.flags().map(|seen| &seen.value))
    }

    /// The notes of `changes` as Markdown.
    pub fn notes(&self, changes: &Changes) -> String {
        let service = self.service(&changes.service).map(|seen| &seen.value);
        let version = |name| Some(&service?.environment(name)?.release.as_ref()?.version);
        notes(changes, &self.flags_named(changes), version(&changes.from), version(&changes.to))
    }
}

/// The environment nearest to the users that lacks changes, and the one below that has them: what `+3 changes` are.
pub fn lacking(service: &Service) -> Option<(&Environment, &Environment)> {
    let behind = |environment: &&Environment| {
        environment.behind.is_some_and(|behind| behind.changes.is_some_and(|changes| changes > 0))
    };
    let here = service.environments.iter().rev().find(behind)?;
    Some((here, service.below(&here.name)?))
}
