//! Setting a flag in an environment, and making a flag.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::ids::{EnvironmentName, FlagKey, Revision};
use crate::domain::text::Text;
use crate::engine::deeds::{Orderer, accepted, refuse};
use crate::engine::state::flag::{Flag, Setting};
use crate::engine::state::{State, revision};
use crate::engine::store::Draft;
use crate::protocol::fault::Fault;
use crate::protocol::{Accepted, NewFlag, SetFlag};

/// Sets a flag, if it is still as it was seen.
pub fn set_flag(
    draft: &mut Draft,
    orderer: &Orderer,
    key: &FlagKey,
    environment: &EnvironmentName,
    order: &SetFlag,
) -> Result<Accepted, Fault> {
    orderer.may_act()?;
    let flag = draft.state().flags.get(key).cloned();
    let flag = flag.ok_or_else(|| refuse::not_found(format!("there is no flag {key}")))?;
    if !environments(draft.state(), &flag).contains(environment) {
        return Err(refuse::not_found(format!("the flag {key} is not read in an environment {environment}")));
    }
    let before = flag.settings.get(environment).cloned().unwrap_or_default();
    orderer.saw(&revision::flag(key, environment, &before))?;
    if !before.differs(order.value) {
        return Ok(accepted(revision::flag(key, environment, &before), format!("{key} is {} already", order.value)));
    }
    let after = before.told(order.value, &orderer.person.name, draft.now);
    let now = revision::flag(key, environment, &after);
    if let Some(flag) = draft.flag_mut(key) {
        flag.settings.insert(environment.clone(), after);
    }
    let says = format!("{key} is {} in {environment}", order.value);
    let reason = order.reason.as_ref().map(Text::as_str);
    draft.record(&orderer.person.name, "flag", format!("{key}/{environment}"), says.clone(), reason);
    Ok(accepted(now, says))
}

/// Makes a flag; off everywhere at first.
pub fn make_flag(draft: &mut Draft, orderer: &Orderer, order: &NewFlag) -> Result<Accepted, Fault> {
    orderer.may_act()?;
    if order.key.as_str().is_empty() || order.key.as_str().len() > 200 {
        return Err(refuse::invalid("a flag's key has 1 to 200 bytes"));
    }
    if draft.state().flags.contains_key(&order.key) {
        return Err(refuse::not_possible(format!("there is a flag {} already", order.key)));
    }
    if let Some(unknown) = order.services.iter().find(|name| !draft.state().services.contains_key(*name)) {
        return Err(refuse::not_found(format!("there is no service {unknown}")));
    }
    draft.add_flag(Flag {
        key: order.key.clone(),
        kind: order.kind,
        description: order.description.as_ref().map(ToString::to_string),
        services: order.services.iter().cloned().collect(),
        settings: BTreeMap::new(),
    });
    let says = format!("{} exists, off everywhere", order.key);
    draft.record(&orderer.person.name, "make_flag", order.key.visible().into_owned(), says.clone(), None);
    Ok(accepted(Revision::of([("flag", order.key.as_str())]), says))
}

/// The environments in which a flag can be set, in the pipelines' order: those of its services, or of all if it has
/// none, and those in which it was ever set.
pub fn environments(state: &State, flag: &Flag) -> Vec<EnvironmentName> {
    let services: Vec<_> =
        state.services.values().filter(|s| flag.services.is_empty() || flag.services.contains(&s.name)).collect();
    let declared = services.iter().filter_map(|service| state.pipeline_of(&service.name));
    let declared = declared.flat_map(|pipeline| pipeline.environments.iter().map(|environment| &environment.name));
    let mut seen = BTreeSet::new();
    declared.chain(flag.settings.keys()).filter(|name| seen.insert((*name).clone())).cloned().collect()
}

/// A flag's setting in an environment; off if it was never set.
pub fn setting(flag: &Flag, environment: &EnvironmentName) -> Setting {
    flag.settings.get(environment).cloned().unwrap_or_default()
}
