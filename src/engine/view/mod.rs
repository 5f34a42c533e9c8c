//! What is shown: the state and what is seen of it, as the domain's nouns, for one person. Pure.

mod environment;
mod flags;
mod gate;
mod history;
mod rollout;
mod run;
mod steps;
mod traffic;
mod waits;

pub use environment::environment;
pub use flags::flags;
pub use gate::gate;
pub use run::run;
pub use traffic::Tracks;

use jiff::Timestamp;

use crate::domain::ids::{Place, ServiceName};
use crate::domain::observation::{Login, Overview};
use crate::domain::service::Service;
use crate::domain::stop::Brake;
use crate::domain::text::Text;
use crate::engine::observed::Observed;
use crate::engine::state::State;
use crate::engine::state::person::Person;

/// What is shown to whom, as of when.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// What is decided.
    pub state: &'a State,
    /// What is seen.
    pub observed: &'a Observed,
    /// Who looks.
    pub person: &'a Person,
    /// Now.
    pub now: Timestamp,
}

impl View<'_> {
    /// Everything for the board.
    pub fn overview(&self) -> Overview {
        let mut services: Vec<_> = self.state.services.values().collect();
        services.sort_by_key(|service| service.order);
        Overview {
            services: services.into_iter().filter_map(|service| self.service(&service.name)).collect(),
            flags: flags(self),
            login: Some(login(self.person)),
            brake: Some(Box::new(self.brake())),
            confirms: true,
        }
    }

    /// Whether an emergency stop stands.
    pub fn brake(&self) -> Brake {
        Brake::new(self.state.stop.as_deref().cloned(), true)
    }

    /// One service.
    pub fn service(&self, name: &ServiceName) -> Option<Service> {
        let service = self.state.services.get(name)?;
        Some(Service {
            name: name.clone(),
            repository: Some(Text::new(&service.repository)),
            problem: service.unreachable.as_ref().or(service.problem.as_ref()).map(Text::new),
            latest_run: self.state.runs_of(name).next().map(|latest| run(self, latest)),
            environments: self.places(name).iter().map(|place| environment(self, place)).collect(),
        })
    }

    /// The places of a service: those of its pipeline in force, in order, then any other where something still runs.
    pub fn places(&self, service: &ServiceName) -> Vec<Place> {
        self.state.places_of(service)
    }
}

fn login(person: &Person) -> Login {
    let roles = person.roles.iter().map(|role| Text::new(role.as_str())).collect();
    Login { name: Text::new(&person.name), roles, may_write: person.may_act() }
}
