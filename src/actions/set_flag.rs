//! Set a flag: on, off, or on for a share of the users.

use std::time::Duration;

use super::World;
use super::expectation::Expectation;
use super::plan::{Action, Plan, Target};
use super::request::FlagWish;
use super::target::{Draft, Toward};
use super::unavailable::Unavailable;
use crate::domain::environment::Tier;
use crate::domain::flag::{Flag, FlagState, FlagValue};
use crate::domain::ids::EnvironmentName;
use crate::domain::order::{Deed, FlagDeed};
use crate::domain::rollout::Weight;
use crate::domain::text::Text;
use crate::store::{Seen, Store};

/// The plan to set a flag.
pub fn set_flag(world: &World<'_>, wish: &FlagWish) -> Result<Plan, Unavailable> {
    let seen = find(world, wish)?;
    let flag = &seen.value;
    let state = flag.environments.iter().find(|state| state.name == wish.environment).ok_or_else(|| {
        let known: Vec<_> = flag.environments.iter().map(|state| state.name.to_string()).collect();
        Unavailable::not_found(format!("{} is not in `{}`; it is in {}", flag.key, wish.environment, known.join(", ")))
    })?;
    if state.is(wish.value) {
        return Err(Unavailable::already(format!("{} is already {} in {}", flag.key, wish.value, wish.environment)));
    }
    let deed = FlagDeed { flag: flag.key.clone(), environment: wish.environment.clone(), value: wish.value };
    let draft = Draft {
        action: Action::Flag,
        title: "Set flag",
        before: state.to_string(),
        after: after(state, wish.value),
        about: Some(about(flag)),
        deed: Deed::Flag(deed),
        expectation: Expectation::Flag(flag.source.clone(), flag.key.clone(), wish.environment.clone(), wish.value),
        limit: Duration::from_secs(30),
        interlocks: Vec::new(),
        undo: format!("set it {state} again; services follow within seconds"),
        toward: toward(flag, wish.value),
    };
    let target = Target {
        path: format!("{}/{}", flag.key, wish.environment),
        name: Text::new(flag.key.as_str()),
        environment: Some(Text::new(wish.environment.as_str())),
        tier: Some(tier(world.store, flag, &wish.environment)),
    };
    let provenance = Seen { value: (), source: seen.source.clone(), at: seen.at };
    Ok(draft.finish(world, target, Some(state.revision.clone()), &provenance))
}

fn find<'a>(world: &World<'a>, wish: &FlagWish) -> Result<&'a Seen<Flag>, Unavailable> {
    let matching = |seen: &&Seen<Flag>| {
        seen.value.key == wish.key
            && wish.source.as_ref().is_none_or(|source| seen.source == *source)
            && wish.service.as_ref().is_none_or(|service| seen.value.services.contains(service))
    };
    let mut found = world.store.flags().filter(matching);
    match (found.next(), found.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(Unavailable::not_found(format!("there is no flag `{}`", wish.key))),
        (Some(a), Some(b)) => {
            let reason = format!("`{}` is a flag of {} and of {}", wish.key, a.source, b.source);
            Err(Unavailable::state("flag", reason).cleared_by("naming one with --source or --service"))
        }
    }
}

/// Off is the way back, and a kill switch is pulled in need, whichever way it works.
fn toward(flag: &Flag, value: FlagValue) -> Toward {
    if flag.kill_switch || value == FlagValue::Off { Toward::Safety } else { Toward::Users }
}

fn after(state: &FlagState, value: FlagValue) -> String {
    match (value, state.percent) {
        (FlagValue::On, Some(weight)) if weight < Weight::ALL => format!("on for {weight}, as it was set"),
        _ => value.to_string(),
    }
}

fn about(flag: &Flag) -> String {
    let services: Vec<_> = flag.services.iter().map(ToString::to_string).collect();
    let kind = if flag.kill_switch { "kill switch" } else { flag.kind.as_str() };
    let description = flag.description.as_ref().map(|text| format!(": {text}")).unwrap_or_default();
    format!("{kind} flag read by {}{description}", services.join(", "))
}

/// The tier in which a flag's environment is felt, by the services that read it.
fn tier(store: &Store, flag: &Flag, environment: &EnvironmentName) -> Tier {
    let services = store.services().filter(|seen| flag.services.contains(&seen.value.name));
    services.filter_map(|seen| seen.value.environment(environment)).map(|known| known.tier).max().unwrap_or_default()
}
