//! Each lever under each circumstance, word for word: the plan, or the reason why not.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};
use leverframe::actions::policy::TierPolicy;
use leverframe::actions::request::{FlagWish, FreezeWish};
use leverframe::actions::{self, CanaryMove, Glass, Policy, Request};
use leverframe::config;
use leverframe::domain::budget::Budget;
use leverframe::domain::environment::Tier;
use leverframe::domain::evidence::{Evidence, EvidenceKind, EvidenceState};
use leverframe::domain::flag::FlagValue;
use leverframe::domain::freeze::{Freeze, Window};
use leverframe::domain::gate::Verdict;
use leverframe::domain::ids::{Place, SourceName};
use leverframe::domain::observation::{Facts, Observation, Problem, ProblemKind, Subject};
use leverframe::domain::order::Retry;
use leverframe::domain::rollout::{VerdictState, Weight};
use leverframe::domain::stop::Brake;
use leverframe::domain::text::Text;

use crate::support::world::Known;

/// What is true beside the world: its name, and what it changes.
type Circumstance = (&'static str, fn(&mut Known));

const CIRCUMSTANCES: [Circumstance; 18] = [
    ("nothing is demanded", |_| {}),
    ("everything is demanded", demand),
    ("everything is demanded, the verdict fails, a little bake time is left", |known| {
        demand(known);
        judged(known, VerdictState::Fail);
    }),
    ("a marginal verdict is enough, and is there", |known| {
        rules(known, |rules| rules.verdict = Some(VerdictState::Marginal));
        judged(known, VerdictState::Marginal);
    }),
    ("evidence is demanded and speaks against", |known| {
        demand(known);
        evidence(known);
    }),
    ("a freeze begins soon", |known| freeze(known, "Fri 17:00")),
    ("a freeze holds", |known| freeze(known, "Fri 16:00")),
    ("a freeze holds, everything is demanded, the glass is broken", |known| {
        demand(known);
        freeze(known, "Fri 16:00");
        rules(known, |rules| rules.break_glass = true);
        break_glass(known);
    }),
    ("a freeze holds, the glass is broken where it may not be", |known| {
        freeze(known, "Fri 16:00");
        break_glass(known);
    }),
    ("an emergency stop stands in production", |known| known.stop(vec![Tier::Production], true)),
    ("an emergency stop stands everywhere that others do not see, the glass is broken", |known| {
        rules(known, |rules| rules.break_glass = true);
        known.stop(Vec::new(), false);
        break_glass(known);
    }),
    ("no emergency stop stands, and one can be called", |known| {
        known.change(|overview| overview.brake = Some(Box::new(Brake::new(None, true))));
    }),
    ("two people are asked for, and no source lets a second one confirm", two),
    ("two people are asked for, and a source lets the second one confirm", |known| {
        two(known);
        known.change(|overview| overview.confirms = true);
    }),
    ("two people are asked for, the glass is broken", |known| {
        two(known);
        rules(known, |rules| rules.break_glass = true);
        known.change(|overview| overview.confirms = true);
        break_glass(known);
    }),
    ("hardly any questions are left", |known| budget(known, 100)),
    ("no questions are left", |known| budget(known, 0)),
    ("read-only, and the source does not answer", |known| {
        known.operator.read_only = true;
        silence(known);
    }),
];

#[test]
fn each_lever_says_the_same_word_for_word() {
    let mut table = String::new();
    let mut before = BTreeMap::new();
    for (name, change) in CIRCUMSTANCES {
        let mut known = Known::load("shop");
        change(&mut known);
        writeln!(table, "# {name}").unwrap();
        for (lever, request) in levers() {
            let says = says(&known, &request);
            // What is the same where nothing is demanded is not said again.
            let usual: &Vec<String> = before.entry(lever.clone()).or_insert_with(Vec::new);
            let fresh = |line: &str| !usual.is_empty() && line.starts_with("clear freshness");
            let other: Vec<_> = says.iter().filter(|line| !usual.contains(line) && !fresh(line)).collect();
            if !other.is_empty() {
                writeln!(table, "{lever}").unwrap();
            }
            for line in other {
                writeln!(table, "    {line}").unwrap();
            }
            if name == CIRCUMSTANCES[0].0 {
                before.insert(lever, says);
            }
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn a_rule_that_only_the_policy_has_never_holds_up_the_way_back() {
    for (name, change) in CIRCUMSTANCES.iter().filter(|(name, _)| !name.starts_with("read-only")) {
        let mut known = Known::load("shop");
        change(&mut known);
        known.operator.glass = None;
        for (lever, request) in levers() {
            let back = ["reject", "abort", "pause", "previous", "hold on", "rollback", "cancel", " off", "freeze on"];
            if !back.iter().any(|word| lever.contains(word)) || lever.contains("hold off") {
                continue;
            }
            let Ok(plan) = actions::plan(&known.world(), &request) else { continue };
            assert_eq!(plan.lock().filter(|lock| lock.ours), None, "{lever}: {name}");
        }
    }
}

/// The lever's plan or refusal, line by line.
fn says(known: &Known, request: &Request) -> Vec<String> {
    let plan = match actions::plan(&known.world(), request) {
        Ok(plan) => plan,
        Err(why) => {
            let cleared_by = why.cleared_by.map(|by| format!(" — cleared by {by}")).unwrap_or_default();
            return vec![format!("no ({}, {}): {}{cleared_by}", why.refusal, why.interlock, why.reason)];
        }
    };
    let head = format!("{}: {} → {}; undo: {}", plan.title, plan.before, plan.after, plan.undo);
    let rules = plan.interlocks.iter().map(|it| {
        let cleared_by = it.cleared_by.as_ref().map(|by| format!(" — cleared by {by}")).unwrap_or_default();
        format!("{} {}: {}{cleared_by}", it.state, it.name, it.message)
    });
    std::iter::once(head).chain(rules).collect()
}

/// Levers of every kind, in environments of every kind, by name.
fn levers() -> Vec<(String, Request)> {
    let mut levers = Vec::new();
    for place in [
        Place::new("checkout", "production"),
        Place::new("catalog", "production"),
        Place::new("payments", "production"),
        Place::new("search", "staging"),
        Place::new("search", "dev"),
    ] {
        levers.extend(at(&place).into_iter().map(|(name, request)| (format!("{name} {place}"), request)));
    }
    let known = Known::load("shop");
    let run = known.store.services().find_map(|seen| Some(seen.value.latest_run.as_ref()?.key())).unwrap();
    levers.push((format!("retry {run}"), Request::Retry { run: run.clone(), what: Retry::All }));
    levers.push((format!("cancel {run}"), Request::Cancel { run, force: false }));
    let freeze = |on| Request::Freeze(FreezeWish { on, ..FreezeWish::default() });
    levers.extend([("freeze on".into(), freeze(true)), ("freeze off".into(), freeze(false))]);
    levers.push(("start search".into(), Request::Start { service: "search".into(), branch: None }));
    let states = known.store.flags().flat_map(|seen| seen.value.environments.iter().map(|state| (&seen.value, state)));
    for (flag, state) in states.filter(|(_, state)| state.name.as_str() == "production").take(3) {
        for value in [FlagValue::On, FlagValue::Off, FlagValue::Percent(Weight::new(30).unwrap())] {
            let (key, environment) = (flag.key.clone(), state.name.clone());
            let wish = FlagWish { key, environment, value, source: None, service: None };
            levers.push((format!("flag {} {value}", flag.key), Request::SetFlag(wish)));
        }
    }
    levers
}

fn at(place: &Place) -> Vec<(&'static str, Request)> {
    let place = place.clone();
    let decide = |verdict| Request::Decide { place: place.clone(), run: None, verdict, comment: None };
    let canary = |to| Request::Canary { place: place.clone(), to };
    vec![
        ("approve", decide(Verdict::Approve)),
        ("reject", decide(Verdict::Reject)),
        ("promote", Request::Promote { place: place.clone(), version: None }),
        ("promote v9.9.9", Request::Promote { place: place.clone(), version: Some("v9.9.9".into()) }),
        ("canary set 60", canary(CanaryMove::Set(Weight::new(60).unwrap()))),
        ("canary set 5", canary(CanaryMove::Set(Weight::new(5).unwrap()))),
        ("canary next", canary(CanaryMove::Next)),
        ("canary previous", canary(CanaryMove::Previous)),
        ("canary pause", canary(CanaryMove::Pause)),
        ("canary resume", canary(CanaryMove::Resume)),
        ("canary full", canary(CanaryMove::Full)),
        ("canary abort", canary(CanaryMove::Abort)),
        ("flip", Request::Flip { place: place.clone(), to: None }),
        ("rollback", Request::RollBack { place: place.clone(), to: None, from: None }),
        ("hold on", Request::Hold { place: place.clone(), on: true }),
        ("hold off", Request::Hold { place, on: false }),
    ]
}

fn rules(known: &mut Known, change: impl Fn(&mut TierPolicy)) {
    for tier in [Tier::Development, Tier::Staging, Tier::Production] {
        change(known.policy.tiers.entry(tier).or_default());
    }
}

fn two(known: &mut Known) {
    rules(known, |rules| rules.approvals = 2);
}

/// So many of 5,000 questions are left for half an hour.
fn budget(known: &mut Known, left: u64) {
    let resets_at = known.now.saturating_add(SignedDuration::from_mins(30)).ok();
    let budget = Budget { left, limit: 5000, resets_at };
    known.store.hear(&SourceName::new("engine"), Some(budget));
}

fn demand(known: &mut Known) {
    let all = config::TierPolicy {
        reason: Some(true),
        verdict: Some(VerdictState::Pass),
        samples: Some(1_000_000),
        bake: Some(true),
        evidence: Some(true),
        order: Some(true),
        ..config::TierPolicy::default()
    };
    let tiers = [Tier::Development, Tier::Staging, Tier::Production].map(|tier| (tier, all)).into();
    known.policy = Policy::from(&config::Policy { freezes: Vec::new(), tiers });
}

fn judged(known: &mut Known, state: VerdictState) {
    known.change(|overview| {
        let places = overview.services.iter_mut().flat_map(|service| &mut service.environments);
        for rollout in places.filter_map(|place| place.rollout.as_mut()) {
            rollout.bake_left_ms = Some(61_200);
            let Some(verdict) = &mut rollout.verdict else { continue };
            (verdict.state, verdict.score) = (state, Some(40));
            verdict.metrics[0].state = state;
        }
    });
}

fn evidence(known: &mut Known) {
    let piece = |kind, name: &str, state, says: &str| Evidence {
        kind,
        name: Text::new(name),
        state,
        says: Text::new(says),
        at: None,
        by: None,
    };
    known.change(|overview| {
        let places = overview.services.iter_mut().flat_map(|service| &mut service.environments);
        for gate in places.filter_map(|place| place.gate.as_mut()) {
            gate.evidence = vec![
                piece(EvidenceKind::Test, "e2e", EvidenceState::Pass, "31 passed"),
                piece(EvidenceKind::Scan, "image", EvidenceState::Fail, "1 critical"),
                piece(EvidenceKind::Signature, "release", EvidenceState::Missing, ""),
            ];
        }
    });
}

/// A weekend's freeze; the shop's world stands on a Friday, at 16:18 in Berlin.
fn freeze(known: &mut Known, from: &str) {
    let window = Window::parse(from, "Mon 08:00").unwrap();
    let zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
    let (tiers, reason) = (vec![Tier::Production], Some(Text::new("nobody is here")));
    known.policy.freezes.push(Freeze { window, zone, tiers, reason });
}

fn break_glass(known: &mut Known) {
    let until = known.now.saturating_add(SignedDuration::from_mins(15)).unwrap_or(Timestamp::MAX);
    known.operator.glass = Some(Glass { reason: Text::new("checkout is down"), until });
}

fn silence(known: &mut Known) {
    let sources: Vec<SourceName> = known.store.topology().sources.iter().map(|source| source.name.clone()).collect();
    for source in sources {
        let problem = Problem {
            source: source.clone(),
            kind: ProblemKind::Unreachable,
            message: Text::new("connection refused"),
            hint: None,
            since: None,
        };
        let facts = Facts::Failed(problem);
        known.store.apply(Observation { source, subject: Subject::Overview, at: known.now, facts });
    }
}
