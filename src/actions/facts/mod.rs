//! Facts: what a plan rests on, each by its name, so that reading it again tells whether anything that matters moved. A
//! revision that ticks while they stand is no reason to stop; one that stands while they moved is none to go on.

mod of;

use crate::domain::ids::Revision;
use crate::domain::order::{Deed, Order, PipelineDeed};
use crate::domain::text::Text;
use crate::store::Store;

pub use of::facts;

/// One fact and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Its name: `release`, `phase`, `weight`.
    pub name: &'static str,
    /// How it stands, in words.
    pub value: Text,
}

/// What differs between two readings, in words; `None` where nothing does.
pub fn difference(before: &[Fact], now: &[Fact]) -> Option<String> {
    let value = |facts: &[Fact], name: &str| {
        facts.iter().find(|fact| fact.name == name).map_or_else(|| "none".to_owned(), |fact| fact.value.to_string())
    };
    let gone = before.iter().filter(|fact| !now.iter().any(|other| other.name == fact.name));
    let differs: Vec<_> = now
        .iter()
        .chain(gone)
        .filter(|fact| value(before, fact.name) != value(now, fact.name))
        .map(|fact| format!("{} was {}, is {}", fact.name, value(before, fact.name), value(now, fact.name)))
        .collect();
    (!differs.is_empty()).then(|| differs.join("; "))
}

/// The revision that the target of `order` has now; `None` where it makes something new or the target is gone.
pub fn revision_now(store: &Store, order: &Order) -> Option<Revision> {
    match &order.deed {
        Deed::Gate(deed) => {
            let mut gates = store.place(&deed.place)?.value.1.gates();
            gates.find(|gate| gate.id == deed.gate).map(|gate| gate.revision.clone())
        }
        Deed::Deployment(place, _) | Deed::Rollout(place, _) => Some(store.place(place)?.value.1.revision.clone()),
        Deed::Flag(deed) => {
            let states = &store.flag(&order.source, &deed.flag)?.value.environments;
            states.iter().find(|state| state.name == deed.environment).map(|state| state.revision.clone())
        }
        Deed::Pipeline(PipelineDeed::Retry { run, .. } | PipelineDeed::Cancel { run, .. }) => {
            Some(store.run(run)?.value.revision.clone())
        }
        Deed::Pipeline(PipelineDeed::Start { .. }) | Deed::Confirm(_) => None,
        Deed::Stop(_) => Some(store.sources().get(&order.source)?.brake.as_ref()?.revision.clone()),
    }
}
