//! Jobs of a running engine: what they see, how they end, what they leave behind, and that nothing of them is left.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::{Value, json};

use super::fixture::Fixture;
use super::running::{Engine, job, running_in, until};

/// A repository with one job a stage, and the engine that runs it.
struct Yard {
    repository: Fixture,
    engine: Engine,
}

/// A stage with one job of the same name; `more` is further keys of the job.
fn stage(name: &str, run: &[&str], more: &str) -> String {
    format!("[[stage]]\nname = \"{name}\"\n[[stage.job]]\nname = \"{name}\"\nrun = {run:?}\n{more}\n")
}

const RELEASE: &str = "[[stage]]\nname = \"release\"\n";

impl Yard {
    async fn new(stages: &[String]) -> Self {
        let repository = Fixture::new();
        let engine = Engine::start(&repository.beside("data")).await;
        let yard = Self { repository, engine };
        yard.commit(stages);
        yard.engine.add(&yard.repository.path()).await;
        yard
    }

    fn commit(&self, stages: &[String]) -> String {
        let text = format!("[service]\nname = \"shop\"\n{}", stages.concat());
        self.repository.write("leverframe.toml", text);
        self.repository.commit("change")
    }

    async fn ended(&self, run: u64) -> Value {
        self.engine.ended("shop", run).await
    }

    async fn order(&self, run: u64, deed: &str, body: Value) {
        let path = format!("/v1/services/shop/runs/{run}");
        let revision = self.engine.get(&path).await["revision"].as_str().unwrap().to_owned();
        let (status, answer) = self.engine.order(&format!("{path}/{deed}"), Some(&revision), &body).await;
        assert_eq!(status, 200, "{answer}");
    }

    async fn retry(&self, run: u64, what: Value) -> Value {
        let path = format!("/v1/services/shop/runs/{run}");
        let before = self.engine.get(&path).await["attempt"].clone();
        self.order(run, "retry", json!({ "what": what, "reason": null })).await;
        self.engine.until(&path, |run| run["attempt"] != before).await;
        self.ended(run).await
    }
}

fn said(run: &Value, name: &str) -> (String, String) {
    let job = job(run, name);
    (job["status"].as_str().unwrap().to_owned(), job["detail"].as_str().unwrap_or_default().to_owned())
}

fn touch(path: &Path) -> String {
    format!("touch '{}'", path.display())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_is_built_tested_and_released() {
    let build = "mkdir dist; printf '#!/bin/sh\\necho %s' $LEVERFRAME_VERSION > dist/shop; chmod +x dist/shop";
    let yard = Yard::new(&[
        stage("build", &[build, "echo built"], "artifacts = [\"dist/**\"]"),
        stage("test", &["./dist/shop", "env | sort", "pwd >&2", "cat || true"], ""),
        RELEASE.to_owned(),
    ])
    .await;
    let run = yard.ended(1).await;
    assert_eq!(run["status"], "succeeded", "{run:#}");
    let version = run["release"].as_str().unwrap();
    let program = yard.engine.data.join("releases/shop").join(version).join("dist/shop");
    assert_eq!(fs::metadata(&program).unwrap().permissions().mode() & 0o777, 0o555);
    assert_eq!(fs::read_to_string(&program).unwrap(), format!("#!/bin/sh\necho {version}"));
    let log = yard.engine.log("shop", 1, "build").await;
    assert_eq!(log, format!("$ {build}\n$ echo built\nbuilt\n"));
    let log = yard.engine.log("shop", 1, "test").await;
    assert!(log.starts_with(&format!("$ ./dist/shop\n{version}\n$ env | sort\n")), "{log}");
    for fact in ["CI=true", "LEVERFRAME_RUN=1", "LEVERFRAME_STAGE=test", "TERM=dumb"] {
        assert!(log.lines().any(|line| line == fact), "{fact}: {log}");
    }
    assert!(!log.contains("CARGO_PKG_NAME"), "the engine's own environment is not passed on");
    assert_eq!(fs::read_dir(yard.engine.data.join("work")).unwrap().count(), 0, "no checkout stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_fails_is_named_and_can_be_run_again() {
    let repository = Fixture::new();
    let key = repository.beside("key");
    let unlock = format!("cat '{}'", key.display());
    let yard = Yard::new(&[
        stage("build", &["echo one", &unlock, "echo three"], ""),
        stage("test", &["true"], ""),
        RELEASE.to_owned(),
    ])
    .await;
    let run = yard.ended(1).await;
    assert_eq!(said(&run, "build"), ("failed".to_owned(), format!("{unlock}: exit code 1")));
    assert_eq!((said(&run, "test").0, said(&run, "release").0), ("skipped".to_owned(), "skipped".to_owned()));
    let log = yard.engine.log("shop", 1, "build").await;
    assert!(log.ends_with(&format!("{unlock}: exit code 1\n")) && !log.contains("three"), "{log}");
    fs::write(key, "open\n").unwrap();
    let run = yard.retry(1, json!("failed")).await;
    assert_eq!(run["status"], "succeeded", "{run:#}");
    assert!(yard.engine.log("shop", 1, "build").await.contains("open\n$ echo three\n"));
}

/// The steps of a job: name, status, and whether it is told when they began and how long they took.
fn steps(run: &Value, name: &str) -> Vec<(String, String, bool)> {
    let steps = job(run, name)["steps"].as_array().unwrap().iter();
    let word = |step: &Value, key: &str| step[key].as_str().unwrap().to_owned();
    let told = |step: &Value| step["started_at"].is_string() && step["duration_ms"].is_u64();
    steps.map(|step| (word(step, "name"), word(step, "status"), told(step))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_steps_of_a_job_are_its_lines() {
    let repository = Fixture::new();
    let door = repository.beside("door");
    let wait = format!("while ! test -e '{}'; do sleep 0.02; done; exit 3", door.display());
    let yard = Yard::new(&[stage("build", &["true", &wait, "echo never"], ""), RELEASE.to_owned()]).await;
    let of = |statuses: [&str; 3], told: [bool; 3]| -> Vec<_> {
        let lines = ["true", &wait, "echo never"].into_iter().zip(statuses).zip(told);
        lines.map(|((line, status), told)| (line.to_owned(), status.to_owned(), told)).collect()
    };
    let path = "/v1/services/shop/runs/1";
    let waits = of(["succeeded", "running", "queued"], [true, true, false]);
    yard.engine.until(path, |run| steps(run, "build") == waits).await;
    fs::write(&door, "").unwrap();
    let run = yard.ended(1).await;
    let failed = of(["succeeded", "failed", "skipped"], [true, true, false]);
    assert_eq!(steps(&run, "build"), failed);
    assert_eq!(steps(&run, "release"), Vec::new(), "the engine's own work has no lines");
    // They are on record.
    let Yard { repository: own, engine } = yard;
    let data = engine.data.clone();
    engine.stop().await;
    let engine = Engine::start(&data).await;
    assert_eq!(steps(&engine.get(path).await, "build"), failed);
    drop((engine, own));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_takes_too_long_is_ended() {
    let yard = Yard::new(&[stage("build", &["echo begun", "sleep 1000"], "timeout = \"2s\"")]).await;
    let run = yard.ended(1).await;
    assert_eq!(said(&run, "build"), ("failed".to_owned(), "took longer than 2s".to_owned()));
    assert_eq!(yard.engine.log("shop", 1, "build").await, "$ echo begun\nbegun\n$ sleep 1000\ntook longer than 2s\n");
    assert!(running_in(&yard.engine.data).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_cancelled_leaves_no_process() {
    let place = Fixture::new();
    let ready = touch(&place.beside("ready"));
    let line = format!("trap '' TERM; setsid sh -c \"trap '' TERM; {ready}; sleep 1000\" & sleep 1000");
    let yard = Yard::new(&[stage("build", &[&line], ""), stage("test", &["true"], "")]).await;
    until("ready", || place.beside("ready").exists()).await;
    assert!(running_in(&yard.engine.data).len() >= 3);
    yard.order(1, "cancel", json!({ "force": true, "reason": null })).await;
    let run = yard.ended(1).await;
    assert_eq!(run["status"], "cancelled");
    assert_eq!(said(&run, "build"), ("cancelled".to_owned(), "cancelled by owner".to_owned()));
    assert!(running_in(&yard.engine.data).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_asks_for_it_may_end_in_order() {
    let place = Fixture::new();
    let (ready, tidy) = (touch(&place.beside("ready")), touch(&place.beside("tidy")));
    let line = format!("trap '{}; exit 0' TERM; {ready}; while :; do sleep 0.05; done", tidy.replace('\'', ""));
    let yard = Yard::new(&[stage("build", &[&line], "")]).await;
    until("ready", || place.beside("ready").exists()).await;
    yard.order(1, "cancel", json!({ "force": false, "reason": null })).await;
    assert_eq!(yard.ended(1).await["status"], "cancelled");
    assert!(place.beside("tidy").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_line_leaves_running_ends_with_it() {
    let left = "sleep 1000 & setsid sleep 1000 & setsid sleep 1000 > /dev/null 2>&1 &";
    let yard = Yard::new(&[stage("build", &[left, "echo done"], "")]).await;
    let run = yard.ended(1).await;
    assert_eq!(run["status"], "succeeded", "{run:#}");
    assert!(running_in(&yard.engine.data).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_without_end_is_held_to_its_size() {
    let yard = Yard::new(&[
        stage("build", &["yes line | head -c 100000000", "echo the end"], ""),
        stage("test", &["head -c 10000000 /dev/zero | tr '\\0' x", "echo y"], ""),
    ])
    .await;
    let run = yard.ended(1).await;
    assert_eq!(run["status"], "succeeded", "{run:#}");
    let log = yard.engine.log("shop", 1, "build").await;
    assert!(log.len() < (16 << 20) + (70 << 10), "{}", log.len());
    assert!(log.contains("[this log has reached 16777216 bytes: what follows is left out, but for its end]"));
    assert!(log.contains(" bytes are left out here]\n") && log.ends_with("$ echo the end\nthe end\n"));
    let log = yard.engine.log("shop", 1, "test").await;
    assert_eq!(log.lines().map(str::len).max(), Some(10_000_000), "a long line is one line");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_file_is_refused_and_the_last_good_one_stays() {
    let environment = "[[environment]]\nname = \"production\"\nstart = \"true\"\nauto = false\n".to_owned();
    let good = [stage("build", &["true"], ""), RELEASE.to_owned(), environment];
    let yard = Yard::new(&good).await;
    yard.engine.until("/v1/services/shop/runs/1", |run| run["status"] == "waiting").await;
    yard.commit(&[stage("build", &["true"], "timeot = \"1m\"")]);
    let run = yard.ended(2).await;
    assert_eq!(run["status"], "failed");
    let log = yard.engine.log("shop", 2, "leverframe.toml").await;
    assert!(log.starts_with("leverframe.toml:8:1: stage.build.job.build.timeot: "), "{log}");
    assert!(log.contains("\nhint: "), "{log}");
    let service = yard.engine.get("/v1/services/shop").await;
    assert!(service["problem"].as_str().unwrap().contains("timeot"), "{service:#}");
    assert_eq!(service["environments"][0]["name"], "production", "the last good file is in force");
}

#[tokio::test(flavor = "multi_thread")]
async fn artifacts_that_are_missing_fail_the_job() {
    let yard = Yard::new(&[stage("build", &["mkdir dist"], "artifacts = [\"dist/**\"]")]).await;
    let (status, detail) = said(&yard.ended(1).await, "build");
    assert_eq!(status, "failed");
    assert!(detail.starts_with("no file matches \"dist/**\" of `artifacts`; "), "{detail}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_never_changes() {
    let yard = Yard::new(&[stage("build", &["date +%s%N > made"], "artifacts = [\"made\"]"), RELEASE.to_owned()]).await;
    let run = yard.ended(1).await;
    let version = run["release"].as_str().unwrap().to_owned();
    let made = yard.engine.data.join("releases/shop").join(&version).join("made");
    let before = fs::read(&made).unwrap();
    let again = yard.retry(1, json!("all")).await;
    let (status, detail) = said(&again, "release");
    assert_eq!(status, "failed");
    assert!(detail.starts_with(&format!("release {version} was made by run 1 with other content")), "{detail}");
    assert_eq!(fs::read(&made).unwrap(), before);
    // With a tag the same commit gets another version.
    yard.repository.git(&["tag", "v1.0.0"]);
    let again = yard.retry(1, json!("failed")).await;
    assert_eq!((again["status"].as_str(), again["release"].as_str()), (Some("succeeded"), Some("v1.0.0")), "{again:#}");
    assert!(yard.engine.data.join("releases/shop/v1.0.0/made").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_jobs_that_leave_different_files_at_one_path_are_told_of() {
    let two = "[[stage]]\nname = \"build\"\n[[stage.job]]\nname = \"a\"\nrun = [\"echo a > x\"]\nartifacts = [\"x\"]\n\
               [[stage.job]]\nname = \"b\"\nrun = [\"echo b > x\"]\nartifacts = [\"x\"]\n";
    let yard = Yard::new(&[two.to_owned(), RELEASE.to_owned()]).await;
    let (status, detail) = said(&yard.ended(1).await, "release");
    assert_eq!(status, "failed");
    assert_eq!(detail, "two jobs of build left different files at x; give them different places");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ran_when_the_engine_ended_is_interrupted_or_runs_again() {
    let place = Fixture::new();
    let again = format!("echo x >> '{0}'; test $(wc -l < '{0}') = 2 || sleep 1000", place.beside("tries").display());
    let once = format!("{}; sleep 1000", touch(&place.beside("once")));
    let two = format!(
        "[[stage]]\nname = \"build\"\n[[stage.job]]\nname = \"again\"\nrun = [{again:?}]\nrepeatable = true\n\
         [[stage.job]]\nname = \"once\"\nrun = [{once:?}]\n"
    );
    let yard = Yard::new(&[two]).await;
    until("both run", || place.beside("tries").exists() && place.beside("once").exists()).await;
    let Yard { repository, engine } = yard;
    let data = engine.data.clone();
    engine.stop().await;
    assert!(running_in(&data).is_empty(), "jobs end with the engine");
    let yard = Yard { engine: Engine::start(&data).await, repository };
    let run = yard.ended(1).await;
    assert_eq!(said(&run, "again").0, "succeeded", "{run:#}");
    let (status, detail) = said(&run, "once");
    assert_eq!(status, "failed");
    assert!(detail.starts_with("interrupted: the engine ended"), "{detail}");
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_lines_of_a_log_were_written_is_kept_beside_it() {
    let yard = Yard::new(&[stage("build", &["echo one", "sleep 1.2", "echo two"], "")]).await;
    yard.ended(1).await;
    let log = yard.engine.log("shop", 1, "build").await;
    let path = "/v1/services/shop/runs/1/jobs/build/log/times";
    let times = yard.engine.get(path).await;
    assert_eq!(times["total"], log.len(), "{times}");
    let marks = times["marks"].as_array().unwrap();
    let at = |mark: &Value| mark["at"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    let bytes: Vec<u64> = marks.iter().map(|mark| mark["byte"].as_u64().unwrap()).collect();
    let two = log.find("$ echo two").unwrap() as u64;
    let place = bytes.iter().position(|byte| *byte == two).unwrap_or_else(|| panic!("{two} of {bytes:?}: {log}"));
    assert_eq!(bytes[0], 0);
    assert!(at(&marks[place]).duration_since(at(&marks[0])).as_millis() >= 1000, "{times}");
    let rest = yard.engine.get(&format!("{path}?from={}&until={}", two + 3, two + 4)).await;
    assert_eq!(rest["marks"], json!([marks[place]]));
    let kept = yard.engine.data.join("logs/shop/1/build.1.times");
    assert_eq!(fs::metadata(&kept).unwrap().len(), 16 * bytes.len() as u64);
    fs::remove_file(kept).unwrap();
    assert_eq!(yard.engine.get(path).await["marks"], Value::Null, "as of a log from before there were times");
}
