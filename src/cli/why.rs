//! `why`: what an environment waits for, and which levers move there.

use clap::Args;
use serde_json::{Value, json};

use super::failure::Failure;
use super::report::Report;
use super::session::Session;
use super::table::{Table, Tone, toned, word};
use crate::actions::interlocks::Interlock;
use crate::actions::{self, CanaryMove, Plan, Request, Unavailable, document};
use crate::domain::environment::Environment;
use crate::domain::gate::{Gate, Verdict};
use crate::domain::ids::{EnvironmentName, Place, ServiceName};
use crate::domain::rollout::{Rollout, RolloutKind};

/// Of which environment.
#[derive(Debug, Clone, Args)]
pub struct WhyArgs {
    /// The service
    #[arg(value_parser = super::name::<ServiceName>)]
    service: ServiceName,
    /// The environment
    #[arg(value_parser = super::name::<EnvironmentName>)]
    environment: EnvironmentName,
}

/// One thing that keeps an environment as it is.
struct Reason {
    about: &'static str,
    says: String,
}

/// Why it stands as it does.
pub async fn why(args: WhyArgs, session: &mut Session) -> Result<Report, Failure> {
    session.ask_all().await?;
    let place = session.place(&args.service, &args.environment)?;
    let Some(seen) = session.store.place(&place) else { return Err(Failure::usage("it is gone")) };
    let (service, environment) = seen.value;
    let mut reasons = stops(session, environment);
    reasons.extend(self::reasons(environment));
    let run = service.latest_run.as_ref().and_then(|run| Some(format!("run {}: {}", run.key(), run.waits.as_ref()?)));
    reasons.extend(run.map(|says| Reason { about: "run", says }));
    let levers = levers(session, &place, environment);
    let data = json!({
        "service": place.service,
        "environment": place.environment,
        "state": environment.state,
        "revision": environment.revision,
        "reasons": reasons.iter().map(|it| json!({ "about": it.about, "says": it.says })).collect::<Vec<_>>(),
        "levers": levers.iter().map(|(name, lever)| document_of(name, lever)).collect::<Vec<_>>(),
    });
    let lines = lines(session, &place, environment, (&reasons, &levers));
    Ok(session.report(data, lines))
}

/// The emergency stops that hold there.
fn stops(session: &Session, environment: &Environment) -> Vec<Reason> {
    let now = session.clock.now();
    let holds = session.store.stops(now).filter(|(_, stop)| stop.holds(environment.tier, now));
    holds.map(|(_, stop)| Reason { about: "freeze", says: stop.says() }).collect()
}

fn reasons(environment: &Environment) -> Vec<Reason> {
    let mut reasons: Vec<_> = environment.gates().map(gate).collect();
    reasons.extend(environment.detail.as_ref().map(|says| Reason { about: "state", says: says.to_string() }));
    reasons.extend(
        environment
            .queued
            .as_ref()
            .map(|queued| Reason { about: "queue", says: format!("{} waits: {}", queued.version, queued.waits) }),
    );
    if environment.held {
        let says = match &environment.hold {
            Some(hold) => {
                let reason = hold.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
                format!("automatic deployment is held by {}{reason}", hold.by)
            }
            None => "automatic deployment is held".into(),
        };
        reasons.push(Reason { about: "hold", says });
    }
    reasons.extend(environment.rollout.iter().flat_map(rollout));
    reasons
}

fn gate(gate: &Gate) -> Reason {
    let approvals = format!("{} of {} approvals", gate.approvals.have, gate.approvals.need);
    let you = match (gate.may_approve, &gate.why_not) {
        (Some(true), _) => "; you may decide".into(),
        (_, Some(why)) => format!("; {why}"),
        _ => String::new(),
    };
    let who: Vec<_> = gate.approvers.iter().map(ToString::to_string).collect();
    let who = if who.is_empty() { String::new() } else { format!(" of {}", who.join(", ")) };
    Reason { about: "gate", says: format!("run {} at the gate: {}, {approvals}{who}{you}", gate.run_key(), gate.state) }
}

fn rollout(rollout: &Rollout) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if rollout.phase.under_way() || rollout.message.is_some() {
        let message = rollout.message.as_ref().map(|message| format!(": {message}")).unwrap_or_default();
        let says = format!("{} is {}{message}", rollout.kind, rollout.phase);
        reasons.push(Reason { about: "rollout", says });
    }
    let Some(verdict) = &rollout.verdict else { return reasons };
    let score = verdict.score.map(|score| format!(", {score} of 100")).unwrap_or_default();
    reasons.push(Reason { about: "verdict", says: format!("{}{score}", verdict.state) });
    reasons.extend(verdict.metrics.iter().map(|metric| {
        let number = |value: Option<f64>| value.map_or_else(|| "unknown".into(), |value| format!("{value:.2}"));
        let (candidate, stable, unit) = (number(metric.candidate), number(metric.stable), &metric.unit);
        let says = format!(
            "{}: {} ({candidate} {unit} over {stable} {unit}, needs {}, {} samples)",
            metric.name, metric.state, metric.condition, metric.samples
        );
        Reason { about: "verdict", says }
    }));
    reasons
}

type Lever = (&'static str, Result<Plan, Unavailable>);

/// The levers of a place and whether each moves.
fn levers(session: &Session, place: &Place, environment: &Environment) -> Vec<Lever> {
    let decide = |verdict| Request::Decide { place: place.clone(), run: None, verdict, comment: None };
    let canary = |to| Request::Canary { place: place.clone(), to };
    let mut requests = vec![
        ("approve", decide(Verdict::Approve)),
        ("reject", decide(Verdict::Reject)),
        ("promote", Request::Promote { place: place.clone(), version: None }),
    ];
    match environment.rollout.as_ref().map(|rollout| rollout.kind) {
        Some(RolloutKind::Canary) => requests.extend([
            ("canary next", canary(CanaryMove::Next)),
            ("canary full", canary(CanaryMove::Full)),
            ("canary abort", canary(CanaryMove::Abort)),
        ]),
        Some(RolloutKind::BlueGreen) => requests.push(("flip", Request::Flip { place: place.clone(), to: None })),
        _ => {}
    }
    requests.push(("rollback", Request::RollBack { place: place.clone(), to: None, from: None }));
    requests.push(("hold", Request::Hold { place: place.clone(), on: !environment.held }));
    let world = session.world("");
    requests.into_iter().map(|(name, request)| (name, actions::plan(&world, &request))).collect()
}

fn document_of(name: &str, lever: &Result<Plan, Unavailable>) -> Value {
    let refusal = match lever {
        Ok(plan) => plan.lock().map(document::locked),
        Err(unavailable) => Some(document::refusal(unavailable)),
    };
    let interlocks: Vec<_> = lever.iter().flat_map(|plan| &plan.interlocks).map(document::interlock).collect();
    json!({ "name": name, "moves": refusal.is_none(), "refusal": refusal, "interlocks": interlocks })
}

fn lines(
    session: &Session,
    place: &Place,
    environment: &Environment,
    (reasons, levers): (&[Reason], &[Lever]),
) -> String {
    let mut said = Table::new([&place.to_string(), environment.state.as_str()]);
    for reason in reasons {
        said.row([toned(reason.about, Tone::Quiet), (&reason.says).into()]);
    }
    let mut moves = Table::new(["LEVER", "", ""]);
    for (name, lever) in levers {
        let (state, words) = match lever {
            Ok(plan) => match plan.lock() {
                Some(lock) => ("locked", lock.message.to_string()),
                None => ("clear", format!("{} → {}", plan.before, plan.after)),
            },
            Err(unavailable) => ("no", unavailable.to_string()),
        };
        moves.row([(*name).into(), word(state), words.into()]);
    }
    let nothing = format!("{place} is {}; nothing waits", environment.state);
    let color = session.color();
    format!("{}\n{}\n{}", said.lines(color, &nothing), moves.lines(color, ""), rules(levers).lines(color, ""))
}

/// The rules of all the levers, each once, with the levers that it is about where it is not about all.
fn rules(levers: &[Lever]) -> Table {
    let plans: Vec<_> = levers.iter().filter_map(|(name, lever)| Some((*name, lever.as_ref().ok()?))).collect();
    let mut rules: Vec<(&Interlock, Vec<&str>)> = Vec::new();
    for (name, plan) in &plans {
        for interlock in &plan.interlocks {
            match rules.iter_mut().find(|(known, _)| *known == interlock) {
                Some((_, about)) => about.push(name),
                None => rules.push((interlock, vec![name])),
            }
        }
    }
    let mut table = Table::new(["INTERLOCK", "", "", "FOR", "CLEARED BY"]);
    for (interlock, about) in rules {
        let about = if about.len() == plans.len() { "all".into() } else { about.join(", ") };
        let cleared_by = interlock.cleared_by.as_ref().map(ToString::to_string).unwrap_or_default();
        let (name, says) = (interlock.name.replace('_', " "), interlock.message.to_string());
        table.row([name.into(), word(interlock.state.as_str()), says.into(), about.into(), cleared_by.into()]);
    }
    table
}
