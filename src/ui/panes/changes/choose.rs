//! Which service, which two environments and which part of the pane is looked at.

use super::{Changes, Part};
use crate::domain::environment::Environment;
use crate::domain::ids::{EnvironmentName, ServiceName};
use crate::domain::service::Service;
use crate::store::{Store, lacking};
use crate::ui::command::Direction;

impl Changes {
    /// Looks at another service, or at the same again.
    pub(super) fn open(&mut self, service: &ServiceName) {
        if self.service.as_ref() != Some(service) {
            let filter = std::mem::take(&mut self.filter);
            *self = Self { service: Some(service.clone()), filter, ..Self::default() };
        }
    }

    /// Looks at what lies between two other environments.
    pub(super) fn choose(&mut self, from: &EnvironmentName, to: &EnvironmentName) {
        if self.from.as_ref() != Some(from) || self.to.as_ref() != Some(to) {
            let (service, filter) = (self.service.take(), std::mem::take(&mut self.filter));
            *self = Self { service, from: Some(from.clone()), to: Some(to.clone()), filter, ..Self::default() };
        }
    }

    /// The next environment for one of the two sides; where there are but two, they change sides.
    pub(super) fn turn(&mut self, store: &Store, side: Direction) {
        let Some((from, to)) = self.sides(store) else { return };
        let names: Vec<_> = self.service(store).into_iter().flat_map(|seen| &seen.value.environments).collect();
        let (turned, kept) = if side == Direction::Previous { (from, to) } else { (to, from) };
        let at = names.iter().position(|known| known.name == turned.name).unwrap_or(0);
        let after = names.iter().cycle().skip(at + 1).take(names.len());
        let mut after = after.filter(|known| known.name != kept.name && known.name != turned.name);
        let (turned, kept) = after.next().map_or((kept, turned), |next| (*next, kept));
        let (from, to) = if side == Direction::Previous { (turned, kept) } else { (kept, turned) };
        let (from, to) = (from.name.clone(), to.name.clone());
        self.choose(&from, &to);
    }

    /// The service beside this one, by name.
    pub(super) fn beside<'a>(&self, store: &'a Store, forwards: bool) -> Option<&'a ServiceName> {
        let names: Vec<_> = store.services().map(|seen| &seen.value.name).collect();
        let at = names.iter().position(|name| Some(*name) == self.service.as_ref())?;
        names.get(if forwards { at + 1 } else { at.checked_sub(1)? }).copied()
    }

    pub(super) fn turn_service(&mut self, store: &Store, forwards: bool) {
        if let Some(name) = self.beside(store, forwards) {
            self.open(name);
        }
    }

    /// The next part of the pane, or the one before.
    pub(super) fn turn_part(&mut self, forwards: bool) {
        self.part = match (self.part, forwards) {
            (Part::Commits, true) | (Part::Whole, false) => Part::Commit,
            (Part::Commit, true) | (Part::Commits, false) => Part::Whole,
            (Part::Whole, true) | (Part::Commit, false) => Part::Commits,
        };
    }
}

/// The two environments that are looked at first: the ones whose distance the board tells, else the last two.
pub fn sides_of(service: &Service) -> Option<(&Environment, &Environment)> {
    let last = service.environments.last()?;
    lacking(service).or_else(|| Some((last, service.below(&last.name)?)))
}
