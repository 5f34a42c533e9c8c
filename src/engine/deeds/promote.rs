//! Promote: bring a release into an environment, past what kept it out, up to its gate.

use std::sync::Arc;

use crate::domain::ids::Place;
use crate::domain::text::Text;
use crate::engine::deeds::{Orderer, accepted_at, freeze, refuse};
use crate::engine::rules::arrivals;
use crate::engine::rules::places::target;
use crate::engine::state::deployment::{Cause, Deployment, Stand};
use crate::engine::state::person::Initiator;
use crate::engine::state::release::Release;
use crate::engine::store::Draft;
use crate::protocol::fault::Fault;
use crate::protocol::{Accepted, Promote};

/// Lets the release in that waits here, or brings one anew; a hold is lifted by it. Refused while a rollout is under way.
pub fn promote(draft: &mut Draft, orderer: &Orderer, place: &Place, order: &Promote) -> Result<Accepted, Fault> {
    orderer.at_place(draft, place)?;
    let version = &order.version;
    let release = draft.state().release(&place.service, version).cloned();
    let release = release.ok_or_else(|| refuse::not_found(format!("{} has no release {version}", place.service)))?;
    if release.gone {
        let message = format!("the files of {version} were removed to make room");
        return Err(refuse::not_possible_until(message, format!("make it again: retry run {}", release.run)));
    }
    if let Some(already) = already(draft, place, &release)? {
        return Ok(accepted_at(draft, place, already));
    }
    let breaks = freeze::admit(draft, orderer, place, order.reason.as_ref())?;
    let (by, reason) = (orderer.person.name.clone(), order.reason.as_ref().map(Text::as_str));
    if draft.state().places.get(place).is_some_and(|standing| standing.hold.is_some()) {
        draft.place_mut(place).hold = None;
        draft.record(&by, "hold_off", target(place), "lifted by a promote".into(), reason);
    }
    let stand = let_in(draft, orderer, &release, place, (reason, breaks))?;
    let says = match stand {
        Stand::AtGate => format!("{version} stands at the gate of {}", place.environment),
        _ => format!("{version} goes into {}", place.environment),
    };
    draft.record(&by, "promote", target(place), says.clone(), reason);
    Ok(accepted_at(draft, place, says))
}

/// What is already so, in words; or why it cannot be.
fn already(draft: &Draft, place: &Place, release: &Release) -> Result<Option<String>, Fault> {
    let version = &release.version;
    let standing = draft.state().places.get(place);
    if let Some(rollout) = standing.and_then(|standing| standing.under_way()) {
        if rollout.version == *version {
            return Ok(Some(format!("{version} is on its way already")));
        }
        let message = format!("a rollout of {} is under way in {}", rollout.version, place.environment);
        return Err(refuse::not_possible_until(message, "complete or abort it first"));
    }
    let at_gate = |d: &&Arc<Deployment>| d.stand == Stand::AtGate && d.version == *version;
    if draft.state().open_deployments(place).any(|d| at_gate(&d)) {
        return Ok(Some(format!("{version} stands at the gate already")));
    }
    let live = standing.and_then(|standing| standing.live.as_ref());
    Ok(live.filter(|live| live.version == *version).map(|_| format!("{version} serves there already")))
}

/// Lets a deployment of the release that waits here pass, or makes one; how it stands then.
fn let_in(
    draft: &mut Draft,
    orderer: &Orderer,
    release: &Release,
    place: &Place,
    (reason, breaks): (Option<&str>, bool),
) -> Result<Stand, Fault> {
    let by = orderer.person.name.clone();
    let initiator = Initiator::person(&by);
    let rules = arrivals::rules_of(draft.state(), place, Some(&release.pipeline)).cloned();
    let rules = rules.ok_or_else(|| refuse::not_possible(format!("no pipeline file describes {place}")))?;
    let waits = |d: &&Arc<Deployment>| d.stand.waits() && d.version == release.version;
    let waiting = draft.state().open_deployments(place).find(waits).cloned();
    let passed = waiting.as_ref().is_some_and(|waiting| waiting.stand == Stand::Queued);
    let mut deployment = match &waiting {
        Some(waiting) => Deployment { initiator, by, ..(**waiting).clone() },
        None => arrivals::new(draft.next_deployment(), place, release, initiator, by, draft),
    };
    deployment.cause = Cause::Promote;
    deployment.reason = reason.map(str::to_owned);
    deployment.breaks = breaks;
    deployment.stand = Stand::Queued;
    if !passed {
        arrivals::stand_at_gate(&mut deployment, &rules, draft);
    }
    let stand = deployment.stand;
    draft.add_deployment(deployment);
    draft.place_mut(place);
    Ok(stand)
}
