//! Flags that a pipeline file declares.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::spec::Pipeline;
use crate::engine::state::flag::Flag;
use crate::engine::store::Draft;

/// Makes the flags of a file exist, off at first, and takes over what the file says of them. A flag that the file no
/// longer declares keeps its settings and loses the service.
pub fn declare(draft: &mut Draft, pipeline: &Pipeline) {
    let service = &pipeline.service;
    for declared in &pipeline.flags {
        let (kind, description) = (declared.kind, declared.description.clone());
        let same = draft.state().flags.get(&declared.key).is_some_and(|flag| {
            flag.kind == kind && flag.description == description && flag.services.contains(service)
        });
        if same {
            continue;
        }
        if let Some(flag) = draft.flag_mut(&declared.key) {
            flag.kind = kind;
            flag.description = description;
            flag.services.insert(service.clone());
        } else {
            let services = BTreeSet::from([service.clone()]);
            let key = declared.key.clone();
            draft.add_flag(Flag { key, kind, description, services, settings: BTreeMap::new() });
        }
    }
    let gone: Vec<_> = draft
        .state()
        .flags
        .values()
        .filter(|flag| flag.services.contains(service) && !pipeline.flags.iter().any(|kept| kept.key == flag.key))
        .map(|flag| flag.key.clone())
        .collect();
    for key in gone {
        if let Some(flag) = draft.flag_mut(&key) {
            flag.services.remove(service);
        }
    }
}
