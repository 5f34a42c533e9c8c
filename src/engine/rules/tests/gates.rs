//! Gates: who may decide, how many it takes, how they close.

use super::bench::{Bench, environment};
use crate::domain::gate::Verdict::{Approve, Reject};
use crate::domain::run::Status;
use crate::engine::state::deployment::Stand;
use crate::protocol::fault::Reason;

fn gated(gate: &str) -> Bench {
    Bench::new(&environment("prod", "production", &format!("gate = {{ {gate} }}")))
}

#[test]
fn two_persons_of_the_right_role_open_a_gate() {
    let mut bench = gated("approvals = 2");
    let run = bench.release();
    assert_eq!((bench.run(run).status, bench.job(run, "prod")), (Status::Waiting, Status::Waiting));
    assert_eq!(bench.decide(run, "prod", "otto", Approve), Err(Reason::Forbidden));
    assert_eq!(bench.decide(run, "prod", "ada", Approve), Err(Reason::Forbidden), "the author");
    assert!(bench.decide(run, "prod", "rita", Approve).is_ok());
    assert_eq!(bench.decide(run, "prod", "rita", Approve), Err(Reason::NotPossible), "nobody counts twice");
    assert_eq!(bench.deployment(run, "prod").stand, Stand::AtGate);
    assert!(bench.decide(run, "prod", "rolf", Approve).is_ok());
    bench.drive("prod");
    assert_eq!((bench.run(run).status, bench.live("prod").as_str()), (Status::Succeeded, "v1"));
    assert_eq!(bench.decide(run, "prod", "ruth", Reject), Err(Reason::NotPossible));
}

#[test]
fn the_author_may_approve_where_the_pipeline_says_so() {
    let mut bench = gated("self_approval = true");
    let run = bench.release();
    assert!(bench.decide(run, "prod", "ada", Approve).is_ok());
}

#[test]
fn a_rejected_run_ends_and_says_who() {
    let mut bench = gated("approvals = 1");
    let run = bench.release();
    assert!(bench.decide(run, "prod", "rita", Reject).is_ok());
    assert_eq!(bench.run(run).status, Status::Failed);
    assert_eq!(bench.deployment(run, "prod").detail.as_deref(), Some("rejected by rita"));
    assert_eq!(bench.decide(run, "prod", "rolf", Approve), Err(Reason::NotPossible));
}

#[test]
fn a_gate_expires() {
    let mut bench = gated("expires = \"1h\"");
    let run = bench.release();
    bench.later(3599);
    assert_eq!(bench.run(run).status, Status::Waiting);
    bench.later(1);
    assert_eq!((bench.run(run).status, bench.deployment(run, "prod").stand), (Status::Failed, Stand::Expired));
}

#[test]
fn a_comment_can_be_required() {
    let mut bench = gated("comment_required = true");
    let run = bench.release();
    assert_eq!(bench.decide(run, "prod", "rita", Approve), Err(Reason::NotPossible));
}

#[test]
fn a_decision_rests_on_what_was_seen() {
    let mut bench = gated("approvals = 2");
    let run = bench.release();
    let seen = bench.deployment(run, "prod");
    assert!(bench.decide(run, "prod", "rita", Approve).is_ok());
    let stale = bench.orderer_of("rolf", crate::engine::state::revision::gate(&seen));
    assert_eq!(bench.decide_as(&stale, &seen.gate_id(), Approve), Err(Reason::Moved));
}

#[test]
fn runs_stand_at_a_gate_side_by_side_until_a_newer_one_is_in() {
    let mut bench = gated("approvals = 1");
    let (older, newer) = (bench.release(), bench.release());
    assert_eq!((bench.run(older).status, bench.run(newer).status), (Status::Waiting, Status::Waiting));
    assert!(bench.decide(newer, "prod", "rita", Approve).is_ok());
    bench.drive("prod");
    assert_eq!((bench.run(older).status, bench.run(newer).status), (Status::Cancelled, Status::Succeeded));
}

#[test]
fn a_promote_stands_at_the_gate_with_the_promoter_as_initiator() {
    let mut bench = gated("approvals = 1, roles = [\"release-manager\", \"operator\"]");
    let first = bench.release();
    assert!(bench.decide(first, "prod", "rita", Approve).is_ok());
    bench.drive("prod");
    let second = bench.release();
    assert!(bench.decide(second, "prod", "rita", Approve).is_ok());
    bench.drive("prod");
    assert!(bench.promote("prod", first).is_ok());
    assert_eq!(bench.deployment(first, "prod").stand, Stand::AtGate);
    assert_eq!(bench.decide(first, "prod", "otto", Approve), Err(Reason::Forbidden));
    assert!(bench.decide(first, "prod", "rita", Approve).is_ok());
    bench.drive("prod");
    assert_eq!(bench.live("prod"), "v1");
}
