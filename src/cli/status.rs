//! `status`: what runs where, what waits and what moves.

use clap::Args;
use serde_json::json;

use super::failure::Failure;
use super::report::Report;
use super::session::Session;
use super::shape;
use super::table::{Cell, Table, Tone, painted, toned, word};
use crate::domain::environment::Environment;
use crate::domain::ids::ServiceName;
use crate::domain::rollout::RolloutKind;
use crate::domain::service::Service;
use crate::domain::stop::{Brake, Stop, moment};
use crate::store::Seen;
use crate::ui::format::ago;

/// Of what.
#[derive(Debug, Clone, Args)]
pub struct StatusArgs {
    /// Only this service
    #[arg(value_parser = super::name::<ServiceName>)]
    service: Option<ServiceName>,
}

/// The status.
pub async fn status(args: StatusArgs, session: &mut Session) -> Result<Report, Failure> {
    session.ask_all().await?;
    let services: Vec<_> = match &args.service {
        Some(name) => vec![session.service(name)?],
        None => session.store.services().collect(),
    };
    let now = session.clock.now();
    let data: Vec<_> = services.iter().map(|seen| shape::service(&session.store, seen, now)).collect();
    let mut table =
        Table::new(["SERVICE", "RUN", "", "ENVIRONMENT", "STATE", "RELEASE", "SINCE", "WHAT MOVES OR WAITS"]);
    for seen in &services {
        rows(&mut table, seen, now);
    }
    let lines = format!("{}{}", stops(session, now), table.lines(session.color(), "no services yet"));
    let stops: Vec<_> = session.store.stops(now).map(|(_, stop)| json!(stop)).collect();
    Ok(session.report(json!({ "services": data, "stops": stops }), lines))
}

/// A line for each emergency stop that stands.
fn stops(session: &Session, now: jiff::Timestamp) -> String {
    let line = |(brake, stop): (&Brake, &Stop)| {
        let until = stop.until.map(|until| format!("; until {}", moment(until))).unwrap_or_default();
        let alone = if brake.shared { "" } else { "; others do not see it" };
        let words = format!("{}{until}{alone}", stop.says());
        format!("{}\n\n", painted(&words, Tone::Bad, session.color()))
    };
    session.store.stops(now).map(line).collect()
}

fn rows(table: &mut Table, seen: &Seen<Service>, now: jiff::Timestamp) {
    let service = &seen.value;
    let (run, status) = match &service.latest_run {
        Some(run) => (Cell::from(run.key()), word(run.status.as_str())),
        None => (toned("no run", Tone::Quiet), Cell::default()),
    };
    let first = [Cell::from(&service.name), run, status];
    if let Some(problem) = &service.problem {
        let [name, run, status] = first.clone();
        let blank = Cell::default;
        table.row([name, run, status, blank(), blank(), blank(), blank(), toned(problem, Tone::Bad)]);
    }
    for (index, environment) in service.environments.iter().enumerate() {
        let [name, run, status] =
            if index == 0 && service.problem.is_none() { first.clone() } else { Default::default() };
        let release = environment.release.as_ref();
        let version = release.map_or_else(Cell::default, |release| Cell::from(&release.version));
        let since = release.and_then(|release| release.deployed_at).map(|at| toned(ago(at, now), Tone::Quiet));
        let (at, state) = (Cell::from(&environment.name), word(environment.state.as_str()));
        table.row([name, run, status, at, state, version, since.unwrap_or_default(), what(environment).into()]);
    }
}

/// What moves or waits in an environment, in words.
pub fn what(environment: &Environment) -> String {
    let mut words = Vec::new();
    for gate in environment.gates() {
        let of = gate.release.as_ref().map_or_else(|| gate.run_key().to_string(), ToString::to_string);
        words.push(format!("gate {} ({of}, {} of {})", gate.state, gate.approvals.have, gate.approvals.need));
    }
    if let Some(rollout) = &environment.rollout {
        match (rollout.kind, rollout.phase.under_way()) {
            (RolloutKind::BlueGreen, false) => {
                words.extend(rollout.active.as_ref().map(|side| format!("{} serves", side.color)));
            }
            (kind, true) => {
                let weight = rollout.actual_weight.map(|weight| format!(" {weight}")).unwrap_or_default();
                let candidate = rollout.candidate.as_ref().map(|side| format!(" {}", side.version)).unwrap_or_default();
                let verdict = rollout.verdict.as_ref().map(|verdict| format!(", verdict {}", verdict.state));
                words.push(format!("{kind}{candidate} {}{weight}{}", rollout.phase, verdict.unwrap_or_default()));
            }
            _ => {}
        }
    }
    words.extend(environment.queued.as_ref().map(|queued| format!("{} queued: {}", queued.version, queued.waits)));
    if environment.held {
        words.push("held".into());
    }
    words
        .extend(environment.behind.and_then(|behind| behind.changes).filter(|n| *n > 0).map(|n| format!("{n} behind")));
    if words.is_empty() {
        words.extend(environment.detail.as_ref().map(ToString::to_string));
    }
    words.join("; ")
}
