//! Runs: stages in order, failures, stopping, running again.

use super::bench::{Bench, environment, shop};
use crate::domain::ids::JobName;
use crate::domain::order::Retry;
use crate::domain::run::Status;
use crate::engine::deeds::{self, Orderer};
use crate::engine::rules::begin::File;
use crate::engine::state::person::{Person, Role};
use crate::engine::state::revision;
use crate::protocol::{Again, Cancel};

fn two() -> Bench {
    Bench::new(&(environment("dev", "development", "") + &environment("staging", "staging", "")))
}

fn orderer(bench: &Bench, run: u64) -> Orderer {
    let person = Person { name: "otto".into(), roles: vec![Role::Operator], hash: String::new(), made_at: bench.now };
    let expect = Some(revision::run(&bench.run(run)));
    Orderer { person: person.into(), expect, breaks: false, observed: bench.observed.clone().into() }
}

fn cancel(bench: &mut Bench, run: u64) {
    let (orderer, record) = (orderer(bench, run), bench.run(run));
    let order = Cancel { force: false, reason: None };
    bench.write(|draft| deeds::cancel::cancel(draft, &orderer, &record, &order)).unwrap();
}

fn retry(bench: &mut Bench, run: u64, what: Retry) {
    let (orderer, record) = (orderer(bench, run), bench.run(run));
    bench.write(|draft| deeds::retry::retry(draft, &orderer, &record, &Again { what, reason: None })).unwrap();
}

#[test]
fn a_commit_goes_through_all_stages_and_environments() {
    let mut bench = two();
    let run = bench.commit();
    assert_eq!(bench.run(run).status, Status::Queued);
    bench.end_job(run, "compile", Status::Succeeded);
    assert_eq!(bench.run(run).status, Status::Running);
    bench.make_release(run);
    assert_eq!((bench.job(run, "dev"), bench.job(run, "staging")), (Status::Running, Status::Queued));
    bench.drive("dev");
    assert_eq!((bench.job(run, "dev"), bench.job(run, "staging")), (Status::Succeeded, Status::Running));
    bench.drive("staging");
    assert_eq!((bench.run(run).status, bench.live("staging").as_str()), (Status::Succeeded, "v1"));
}

#[test]
fn nothing_begins_after_a_failure() {
    let mut bench = two();
    let run = bench.commit();
    bench.end_job(run, "compile", Status::Failed);
    assert_eq!(bench.run(run).status, Status::Failed);
    assert_eq!((bench.job(run, "release"), bench.job(run, "staging")), (Status::Skipped, Status::Skipped));
}

#[test]
fn a_broken_pipeline_file_fails_its_run_and_the_last_good_one_stays() {
    let mut bench = two();
    bench.release();
    let broken = bench.begin(File::Broken("leverframe.toml:1:1: nonsense".into()));
    assert_eq!(bench.run(broken).status, Status::Failed);
    let service = bench.state.services.get(&shop()).unwrap();
    assert!(service.problem.as_ref().unwrap().contains("nonsense") && service.pipeline.is_some());
    let good = bench.commit();
    assert_eq!(bench.state.services.get(&shop()).unwrap().problem, None);
    assert_eq!(good, broken + 1);
}

#[test]
fn an_instance_that_does_not_get_healthy_fails_the_run_and_the_old_release_stays() {
    let mut bench = two();
    bench.release();
    bench.drive("dev");
    let bad = bench.release();
    let set = bench.standing("dev").under_way().unwrap().candidate;
    let place = super::bench::at("dev");
    bench.write(|draft| super::super::rollouts::unhealthy(draft, &place, set, "exit code 1"));
    bench.drive("dev");
    assert_eq!((bench.run(bad).status, bench.live("dev").as_str()), (Status::Failed, "v1"));
    assert_eq!(bench.run(bad).job(&JobName::new("dev")).unwrap().detail.as_deref(), Some("exit code 1"));
    assert!(bench.standing("dev").hold.is_none(), "the next commit may mend it");
}

#[test]
fn a_cancelled_run_ends_wherever_it_was() {
    let mut bench = two();
    let run = bench.commit();
    cancel(&mut bench, run);
    assert_eq!(bench.run(run).status, Status::Cancelled);
    let rolling = bench.release();
    cancel(&mut bench, rolling);
    assert_eq!(bench.run(rolling).status, Status::Cancelling);
    bench.drive("dev");
    assert_eq!((bench.run(rolling).status, bench.job(rolling, "staging")), (Status::Cancelled, Status::Cancelled));
    assert_eq!(bench.live("dev"), "nothing");
}

#[test]
fn a_retry_runs_what_failed_and_what_comes_after() {
    let mut bench = two();
    let run = bench.release();
    let place = super::bench::at("dev");
    let set = bench.standing("dev").under_way().unwrap().candidate;
    bench.write(|draft| super::super::rollouts::unhealthy(draft, &place, set, "exit code 1"));
    bench.drive("dev");
    assert_eq!(bench.run(run).status, Status::Failed);
    retry(&mut bench, run, Retry::Failed);
    assert_eq!((bench.run(run).attempt, bench.job(run, "compile")), (2, Status::Succeeded));
    bench.drive("dev");
    bench.drive("staging");
    assert_eq!((bench.run(run).status, bench.live("staging").as_str()), (Status::Succeeded, "v1"));
    retry(&mut bench, run, Retry::All);
    assert_eq!((bench.run(run).status, bench.run(run).release), (Status::Queued, None));
}

#[test]
fn a_retry_of_some_jobs_runs_them_and_what_comes_after_the_first_of_them() {
    let mut bench = two();
    let run = bench.release();
    bench.drive("dev");
    bench.drive("staging");
    assert_eq!(bench.run(run).status, Status::Succeeded);
    let jobs = |names: &[&str]| Retry::Jobs(names.iter().map(JobName::new).collect());
    let (orderer, record) = (orderer(&bench, run), bench.run(run));
    let again = Again { what: jobs(&["staging", "nosuch"]), reason: None };
    bench.write(|draft| {
        let fault = deeds::retry::retry(draft, &orderer, &record, &again).unwrap_err();
        assert!(fault.message.as_str().contains("has no job nosuch"), "{fault:?}");
    });
    // What serves already ends at once: they are looked at before that.
    let again = Again { what: jobs(&["staging", "dev"]), reason: None };
    let begun = bench.write(|draft| {
        deeds::retry::retry(draft, &orderer, &record, &again).unwrap();
        draft.state().runs.get(&record.at()).unwrap().clone()
    });
    let stands = ["compile", "dev", "staging"].map(|job| begun.job(&JobName::new(job)).unwrap().status);
    assert_eq!((begun.attempt, stands), (2, [Status::Succeeded, Status::Queued, Status::Queued]));
}
