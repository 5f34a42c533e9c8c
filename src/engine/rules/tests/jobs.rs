//! Jobs: which may begin, what their ends bring, and what becomes of them when the engine ends.

use super::bench::{Bench, shop};
use crate::domain::ids::JobName;
use crate::domain::run::Status;
use crate::engine::rules::jobs::{self, At, End, Listing};

fn at(run: u64, job: &str) -> At {
    At { run: (shop(), run), job: JobName::new(job) }
}

fn due(bench: &Bench) -> Vec<String> {
    jobs::due(&bench.state).into_iter().map(|at| format!("{} {}", at.run.1, at.job)).collect()
}

fn begin(bench: &mut Bench, run: u64, job: &str) -> Option<u32> {
    bench.write(|draft| jobs::begin(draft, &at(run, job)))
}

fn end(bench: &mut Bench, run: u64, job: &str, attempt: u32, end: &End) {
    bench.write(|draft| jobs::end(draft, &at(run, job), attempt, end));
}

fn listing(digest: &str) -> Listing {
    Listing { digest: digest.into(), body: "{}".into() }
}

fn stand(bench: &Bench, run: u64, job: &str) -> (Status, String) {
    let run = bench.run(run);
    let job = run.job(&JobName::new(job)).unwrap();
    (job.status, job.detail.clone().unwrap_or_default())
}

#[test]
fn a_release_is_made_once_all_before_it_has_ended_well() {
    let mut bench = Bench::new("");
    let (first, second) = (bench.commit(), bench.commit());
    assert_eq!(due(&bench), ["1 compile", "2 compile"]);
    assert_eq!(begin(&mut bench, first, "release"), None);
    assert_eq!(begin(&mut bench, first, "compile"), Some(1));
    assert_eq!(begin(&mut bench, first, "compile"), None, "what runs does not begin");
    end(&mut bench, first, "compile", 1, &End::Succeeded(Some(listing("sha256:a"))));
    assert_eq!(bench.run(first).job(&JobName::new("compile")).unwrap().artifacts.as_deref(), Some("sha256:a"));
    assert_eq!(due(&bench), ["1 release", "2 compile"]);
    begin(&mut bench, second, "compile");
    end(&mut bench, second, "compile", 1, &End::Failed("no".into()));
    assert_eq!(stand(&bench, second, "release").0, Status::Skipped);
    assert_eq!((bench.run(second).status, due(&bench)), (Status::Failed, vec!["1 release".to_owned()]));
}

#[test]
fn a_release_never_changes() {
    let mut bench = Bench::new("");
    let release = |bench: &mut Bench, digest: &str| {
        let run = bench.commit();
        bench.end_job(run, "compile", Status::Succeeded);
        begin(bench, run, "release");
        end(bench, run, "release", 1, &End::Released("v1".into(), listing(digest)));
        run
    };
    let first = release(&mut bench, "sha256:a");
    assert_eq!((bench.run(first).status, bench.run(first).release), (Status::Succeeded, Some("v1".into())));
    let other = release(&mut bench, "sha256:b");
    let (status, detail) = stand(&bench, other, "release");
    assert_eq!((status, bench.run(other).release), (Status::Failed, None));
    assert!(detail.starts_with("release v1 was made by run 1 with other content"), "{detail}");
    assert_eq!(bench.state.release(&shop(), &"v1".into()).unwrap().digest, "sha256:a");
    let same = release(&mut bench, "sha256:a");
    assert_eq!(bench.run(same).status, Status::Succeeded, "the same content is no other release");
}

#[test]
fn only_the_try_that_runs_is_heard() {
    let mut bench = Bench::new("");
    let run = bench.commit();
    begin(&mut bench, run, "compile");
    bench.write(|draft| jobs::end(draft, &at(run, "compile"), 1, &End::Failed("no".into())));
    end(&mut bench, run, "compile", 1, &End::Succeeded(None));
    assert_eq!(stand(&bench, run, "compile"), (Status::Failed, "no".to_owned()));
}

#[test]
fn what_ran_when_the_engine_ended_waits_for_a_person() {
    let mut bench = Bench::new("");
    let run = bench.commit();
    begin(&mut bench, run, "compile");
    bench.write(jobs::interrupt_all);
    let (status, detail) = stand(&bench, run, "compile");
    assert_eq!(status, Status::Failed);
    assert!(detail.starts_with("interrupted: "), "{detail}");
}

#[test]
fn a_release_that_was_being_made_is_made_again() {
    let mut bench = Bench::new("");
    let run = bench.commit();
    bench.end_job(run, "compile", Status::Succeeded);
    assert_eq!(begin(&mut bench, run, "release"), Some(1));
    bench.write(jobs::interrupt_all);
    assert_eq!(due(&bench), ["1 release"]);
    assert_eq!(begin(&mut bench, run, "release"), Some(2));
    end(&mut bench, run, "release", 1, &End::Failed("the first try is over".into()));
    assert_eq!(stand(&bench, run, "release").0, Status::Running);
}
