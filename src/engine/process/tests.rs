//! Processes that do not want to end, and those that want to be forgotten.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::AsyncReadExt as _;

use super::{Ended, Identity, Mark, Program, Started, end, end_left_over, end_now, marked};

const LONG: Duration = Duration::from_secs(10);
const NO_TIME: Duration = Duration::from_millis(50);

struct Yard {
    folder: TempDir,
    engine: String,
}

impl Yard {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let engine = format!("test{}", folder.path().display());
        Self { folder, engine }
    }

    fn mark(&self, name: &str) -> Mark {
        Mark::new(&self.engine, name)
    }

    fn program(&self, name: &str, line: &str) -> Program {
        Program::shell(line, self.folder.path(), self.mark(name)).env("PATH", std::env::var_os("PATH").unwrap())
    }

    /// Starts a line of shell, and waits until it has made the file `ready`.
    async fn start(&self, name: &str, line: &str) -> Started {
        let started =
            self.program(name, line).start_into(File::create(self.folder.path().join("log")).unwrap()).unwrap();
        self.comes("ready").await;
        std::fs::remove_file(self.folder.path().join("ready")).unwrap();
        started
    }

    async fn comes(&self, file: &str) {
        until(|| self.folder.path().join(file).exists()).await;
    }

    fn running(&self) -> usize {
        marked(&self.engine).len()
    }
}

impl Drop for Yard {
    /// Whatever becomes of the test, also what carries no mark any more is ended: all that runs in the folder.
    fn drop(&mut self) {
        let folder = self.folder.path().canonicalize().unwrap();
        let pids = std::fs::read_dir("/proc").unwrap().flatten();
        let pids = pids.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        for process in pids.filter_map(Identity::of) {
            if std::fs::read_link(format!("/proc/{}/cwd", process.pid)).is_ok_and(|cwd| cwd == folder) {
                process.signal(rustix::process::Signal::KILL);
            }
        }
    }
}

async fn until(is_so: impl Fn() -> bool) {
    let waited = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), waited).await.expect("it did not come to be");
}

#[tokio::test]
async fn what_it_says_and_how_it_ends_is_known() {
    let yard = Yard::new();
    let program = yard.program("job/a", "echo one; echo two >&2; cat; env | grep -c HOME || true; pwd; exit 3");
    let (mut started, mut pipe) = program.start_piped().unwrap();
    let mut said = String::new();
    pipe.read_to_string(&mut said).await.unwrap();
    let folder = yard.folder.path().canonicalize().unwrap();
    assert_eq!(said, format!("one\ntwo\n0\n{}\n", folder.display()));
    let ended = started.wait().await.unwrap();
    assert_eq!((ended, ended.to_string().as_str()), (Ended::Code(3), "exit code 3"));
}

#[tokio::test]
async fn a_program_that_is_not_there_is_a_fault() {
    let yard = Yard::new();
    let mut program = yard.program("job/a", "true");
    program.argv = vec!["./not-there".into()];
    assert!(program.start_piped().is_err());
    program.argv.clear();
    assert!(program.start_piped().is_err());
}

#[tokio::test]
async fn who_ends_when_asked_is_not_killed() {
    let yard = Yard::new();
    let line = "trap 'touch asked; exit 0' TERM; touch ready; while :; do sleep 0.01; done";
    let mut started = yard.start("job/a", line).await;
    let (leader, mark) = (started.identity.clone(), yard.mark("job/a"));
    let (none_left, ended) = tokio::join!(end(&mark, leader.as_ref(), LONG), started.wait());
    assert!(none_left && yard.folder.path().join("asked").exists());
    assert_eq!(ended.unwrap(), Ended::Code(0));
}

#[tokio::test]
async fn who_does_not_listen_is_killed_with_its_children() {
    let yard = Yard::new();
    let line = "trap '' TERM; sleep 1000 & (trap '' TERM; sleep 1000) & touch ready; while :; do sleep 1000; done";
    let mut started = yard.start("job/a", line).await;
    assert!(yard.running() >= 3);
    let leader = started.identity.clone();
    assert!(end(&yard.mark("job/a"), leader.as_ref(), NO_TIME).await);
    assert_eq!(started.wait().await.unwrap(), Ended::Signal(9));
    assert_eq!(yard.running(), 0);
}

#[tokio::test]
async fn who_forks_away_is_found() {
    let yard = Yard::new();
    // A session of its own whose parent is gone, and one that has cleared its environment besides.
    let line = "setsid sh -c 'trap \"\" TERM; env -i sleep 1000 & touch ready; sleep 1000' & wait";
    let mut started = yard.start("job/a", line).await;
    let leader = started.identity.clone().unwrap();
    leader.signal(rustix::process::Signal::KILL);
    started.wait().await.unwrap();
    assert!(!leader.alive());
    let family = || super::table::family(&yard.mark("job/a"), Some(&leader));
    // What cleared its environment is found below its parent.
    until(|| yard.running() >= 2 && family().len() > yard.running()).await;
    let left = family();
    assert!(end_now(&yard.mark("job/a"), Some(&leader)).await);
    assert_eq!(yard.running(), 0);
    assert!(!left.iter().any(Identity::alive));
}

#[tokio::test]
async fn a_cleared_environment_does_not_hide_a_group() {
    let yard = Yard::new();
    let line = "touch ready; exec env -i /bin/sleep 1000";
    let mut started = yard.start("instance/a", line).await;
    until(|| yard.running() == 0).await;
    let leader = started.identity.clone().unwrap();
    assert!(leader.alive());
    assert!(end(&yard.mark("instance/a"), Some(&leader), LONG).await);
    assert_eq!(started.wait().await.unwrap(), Ended::Signal(15));
}

#[tokio::test]
async fn only_what_is_not_named_is_left_over() {
    let yard = Yard::new();
    let stays = yard.start("instance/a", "touch ready; exec sleep 1000").await;
    let goes = yard.start("job/b", "touch ready; exec sleep 1000").await;
    let other = Yard::new();
    let foreign = other.start("job/b", "touch ready; exec sleep 1000").await;
    let ended = end_left_over(&yard.engine, |name| name == "instance/a", |_| None).await;
    assert_eq!(ended, ["job/b"]);
    assert!(!goes.identity.unwrap().alive());
    assert!(stays.identity.unwrap().alive() && foreign.identity.unwrap().alive());
}

#[tokio::test]
async fn a_number_that_another_process_has_is_never_ended() {
    let yard = Yard::new();
    let started = yard.start("job/a", "touch ready; exec sleep 1000").await;
    let real = started.identity.clone().unwrap();
    let before = Identity { started: real.started - 1, ..real.clone() };
    let last_boot = Identity { boot: "another".into(), ..real.clone() };
    for gone in [before, last_boot] {
        assert!(!gone.alive());
        assert!(end(&yard.mark("job/another"), Some(&gone), NO_TIME).await);
    }
    assert!(real.alive());
    let again: Identity = serde_json::from_value(serde_json::to_value(&real).unwrap()).unwrap();
    assert_eq!(again, real);
}

#[tokio::test]
async fn its_own_log_can_be_followed() {
    let yard = Yard::new();
    let mut started = yard.start("instance/a", "echo hello; touch ready").await;
    started.wait().await.unwrap();
    let log: &Path = &yard.folder.path().join("log");
    assert_eq!(std::fs::read_to_string(log).unwrap(), "hello\n");
}
