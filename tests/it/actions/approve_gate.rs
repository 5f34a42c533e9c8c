//! Approving where more than one run waits at the same gate.

use leverframe::actions::{self, Refusal, Request};
use leverframe::domain::gate::{Decision, Verdict};
use leverframe::domain::ids::{GateId, Place, Revision, RunId};
use leverframe::domain::observation::Overview;

use crate::support::world::Known;

fn second_run_waits(overview: &mut Overview) {
    let payments = overview.services.iter_mut().find(|service| service.name.as_str() == "payments").unwrap();
    let production = payments.environments.iter_mut().find(|environment| environment.gate.is_some()).unwrap();
    let mut older = production.gate.clone().unwrap();
    (older.id, older.run, older.revision) = (GateId::new("g16"), RunId::new("16"), Revision::new("g-5500"));
    production.more_gates = vec![older];
}

fn approve(run: Option<&str>) -> Request {
    let run = run.map(RunId::new);
    Request::Decide { place: Place::new("payments", "production"), run, verdict: Verdict::Approve, comment: None }
}

#[test]
fn it_is_asked_which_run_is_meant() {
    let mut known = Known::load("shop");
    known.change(second_run_waits);
    let refused = actions::plan(&known.world(), &approve(None)).unwrap_err();
    assert_eq!(refused.refusal, Refusal::Rule);
    assert!(refused.reason.as_str().contains("payments/17"), "{}", refused.reason);
    assert!(refused.reason.as_str().contains("payments/16"), "{}", refused.reason);
    assert_eq!(refused.cleared_by.unwrap().as_str(), "naming one with --run");
}

#[test]
fn the_run_that_is_named_is_the_one_that_passes() {
    let mut known = Known::load("shop");
    known.change(second_run_waits);
    let plan = actions::plan(&known.world(), &approve(Some("16"))).unwrap();
    assert_eq!(plan.revision, Some(Revision::new("g-5500")));
    assert_eq!(actions::facts::revision_now(known.world().store, &plan.order), plan.revision);
    let refused = actions::plan(&known.world(), &approve(Some("15"))).unwrap_err();
    assert!(refused.reason.as_str().contains("run payments/15 does not wait there"), "{}", refused.reason);
}

#[test]
fn whoever_has_approved_is_told_so_and_nothing_is_sent() {
    let mut known = Known::load("shop");
    let now = known.now;
    known.change(|overview| {
        let login = overview.login.clone().unwrap().name;
        let environments = overview.services.iter_mut().flat_map(|service| &mut service.environments);
        let payments = environments.filter_map(|environment| environment.gate.as_mut());
        let gate = payments.into_iter().find(|gate| gate.service.as_str() == "payments").unwrap();
        gate.decisions.push(Decision { by: login, at: now, verdict: Verdict::Approve, comment: None });
    });
    let refused = actions::plan(&known.world(), &approve(None)).unwrap_err();
    assert_eq!(refused.refusal, Refusal::AlreadySo);
    assert!(refused.reason.as_str().starts_with("you have approved already"), "{}", refused.reason);
}
