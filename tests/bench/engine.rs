//! What the engine adds to the work it does: its overhead per step over the same command by hand; and what a long history
//! costs it: the overview's answer and its start with a thousand finished runs. `cargo bench --bench engine`.

#![expect(clippy::unwrap_used, reason = "in a measurement, what must not fail ends it")]

mod served;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use leverframe::clock::{Clock as _, System};
use serde_json::Value;
use served::{Engine, commit, git};

/// Steps of the job that is timed.
const STEPS: usize = 100;
/// Finished runs that make a long history.
const RUNS: u64 = 1000;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let repository = repository(folder.path());
    let data = folder.path().join("data");
    let (mut engine, first) = Engine::start(&data);
    let body = serde_json::json!({ "repository": repository, "branch": null }).to_string();
    engine.call("POST", "/v1/services", &body);
    engine.ended(1);
    let job = median((0..5).map(|_| engine.job()).collect());
    let hand = median((0..5).map(|_| by_hand()).collect());
    let steps = u32::try_from(STEPS).unwrap();
    told("a step by the engine", job / steps);
    told("the same command by hand", hand / steps);
    told("overhead per step (at most 10 ms)", job.saturating_sub(hand) / steps);
    let known = engine.runs();
    for _ in known..RUNS {
        engine.run();
    }
    let answers = (0..50).map(|_| timed(|| drop(engine.call("GET", "/v1/overview", "")))).collect();
    told("the overview, 1,000 finished runs (at most 20 ms)", median(answers));
    let again = (0..5).map(|_| {
        engine.stop();
        let (started, took) = Engine::start(&data);
        engine = started;
        took
    });
    told("start on an empty folder", first);
    told("start with 1,000 finished runs (at most 300 ms)", median(again.collect()));
}

fn repository(folder: &Path) -> String {
    let repository = folder.join("repository");
    std::fs::create_dir(&repository).unwrap();
    let lines = vec!["\"true\""; STEPS].join(", ");
    let pipeline = format!(
        "[service]\nname = \"bench\"\n\n[[stage]]\nname = \"build\"\nkind = \"build\"\n[[stage.job]]\nname = \"steps\"\n\
         run = [{lines}]\n"
    );
    let short = pipeline.replace(&lines, "\"true\"");
    std::fs::write(repository.join("leverframe.toml"), pipeline).unwrap();
    git(&repository, &["init", "-q", "-b", "main"]);
    commit(&repository, "a hundred steps");
    git(&repository, &["switch", "-q", "-c", "short"]);
    std::fs::write(repository.join("leverframe.toml"), short).unwrap();
    commit(&repository, "one step");
    git(&repository, &["switch", "-q", "main"]);
    repository.to_str().unwrap().to_owned()
}

fn by_hand() -> Duration {
    timed(|| {
        for _ in 0..STEPS {
            assert!(Command::new("sh").args(["-e", "-c", "true"]).status().unwrap().success());
        }
    })
}

impl Engine {
    fn stop(&mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.child.wait().unwrap();
    }

    /// The newest run's number.
    fn runs(&self) -> u64 {
        let runs = self.call("GET", "/v1/services/bench/runs", "");
        runs["runs"][0]["number"].as_u64().unwrap()
    }

    /// Starts a run of a branch and waits for its end; what it is then.
    fn start_run(&self, branch: &str) -> Value {
        let body = serde_json::json!({ "branch": branch, "reason": null }).to_string();
        let answer = self.call("POST", "/v1/services/bench/runs", &body);
        let number = answer["run"]["id"].as_str().unwrap().parse().unwrap();
        self.ended(number)
    }

    /// How long the job with many steps took, as the engine tells it.
    fn job(&self) -> Duration {
        let run = self.start_run("main");
        Duration::from_millis(run["stages"][0]["jobs"][0]["duration_ms"].as_u64().unwrap())
    }

    fn run(&self) {
        self.start_run("short");
    }
}

fn timed(work: impl FnOnce()) -> Duration {
    let began = System.instant();
    work();
    System.instant().duration_since(began)
}

fn median(mut figures: Vec<Duration>) -> Duration {
    figures.sort_unstable();
    figures[figures.len() / 2]
}

fn told(what: &str, figure: Duration) {
    println!("{what:52} {:8.2} ms", figure.as_secs_f64() * 1000.0);
}
