//! The deeds that are raced, each on a world in which it can be done.

use leverframe::actions::request::FlagWish;
use leverframe::actions::{CanaryMove, Request};
use leverframe::domain::flag::FlagValue;
use leverframe::domain::gate::Verdict;
use leverframe::domain::ids::{Place, RunKey};
use leverframe::domain::observation::Overview;
use leverframe::domain::order::Retry;
use leverframe::domain::rollout::{Phase, Weight};

use crate::support::rig::environment;

/// A deed by its name, and what has to be so before.
pub struct Deed {
    pub name: &'static str,
    pub request: Request,
    pub before: fn(&mut Overview),
}

fn canary(to: CanaryMove) -> Request {
    Request::Canary { place: Place::new("checkout", "production"), to }
}

fn decide(verdict: Verdict) -> Request {
    Request::Decide { place: Place::new("payments", "production"), run: None, verdict, comment: None }
}

fn run(service: &str, id: &str) -> RunKey {
    RunKey { service: service.into(), id: id.into() }
}

fn as_it_is(_: &mut Overview) {}

fn paused(overview: &mut Overview) {
    environment(overview, "checkout", "production").rollout.as_mut().unwrap().phase = Phase::Paused;
}

/// All of them.
pub fn all() -> Vec<Deed> {
    let flag = FlagWish {
        key: "new-price".into(),
        environment: "production".into(),
        value: FlagValue::Off,
        source: None,
        service: None,
    };
    let requests = [
        ("approve", decide(Verdict::Approve)),
        ("reject", decide(Verdict::Reject)),
        ("promote", Request::Promote { place: Place::new("inventory", "production"), version: None }),
        ("canary set", canary(CanaryMove::Set(Weight::new(37).unwrap()))),
        ("canary next", canary(CanaryMove::Next)),
        ("canary previous", canary(CanaryMove::Previous)),
        ("canary pause", canary(CanaryMove::Pause)),
        ("canary full", canary(CanaryMove::Full)),
        ("canary abort", canary(CanaryMove::Abort)),
        ("flip", Request::Flip { place: Place::new("catalog", "production"), to: None }),
        ("rollback", Request::RollBack { place: Place::new("checkout", "production"), to: None, from: None }),
        ("hold", Request::Hold { place: Place::new("inventory", "production"), on: true }),
        ("start", Request::Start { service: "checkout".into(), branch: None }),
        ("retry", Request::Retry { run: run("search", "92"), what: Retry::All }),
        ("cancel", Request::Cancel { run: run("catalog", "63"), force: false }),
        ("flag", Request::SetFlag(flag)),
    ];
    let deeds = requests.map(|(name, request)| Deed { name, request, before: as_it_is });
    let resume = Deed { name: "canary resume", request: canary(CanaryMove::Resume), before: paused };
    deeds.into_iter().chain([resume]).collect()
}
