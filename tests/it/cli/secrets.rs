//! Tokens: nothing that is said, kept or dumped has one in it.

use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::bench::{Bench, Said, until};

/// The files below `folder` that hold `token`, those aside in which it is kept.
fn holding(folder: &Path, token: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(holding(&path, token));
        } else if std::fs::read(&path).is_ok_and(|bytes| bytes.windows(token.len()).any(|at| at == token.as_bytes())) {
            found.push(path.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    found
}

#[test]
fn nothing_that_is_said_or_kept_has_a_token_in_it() {
    let mut bench = Bench::new();
    let token = std::fs::read_to_string(bench.folder.path().join("token")).unwrap().trim().to_owned();
    let mut said = Vec::new();
    let mut runs = |bench: &Bench| {
        for words in [
            &["status"][..],
            &["hold", "checkout", "staging", "on", "--yes", "--reason", "a look"],
            &["hold", "checkout", "nowhere", "on", "--yes"],
            &["doctor"],
            &["journal", "export"],
            &["why", "checkout", "production", "--json"],
        ] {
            let output = bench.command(words).env("LEVERFRAME_LOG", "debug").output().unwrap();
            let Said { out, err, .. } = output.into();
            said.push(format!("{words:?}: {out}{err}"));
        }
    };
    runs(&bench);
    bench.stop();
    runs(&bench);
    for said in said {
        assert!(!said.contains(&token), "{said}");
    }
    assert_eq!(holding(bench.folder.path(), &token), ["token"]);
}

/// Whether `program`, which may write dumps of any size, leaves one when it is aborted.
fn dumps(mut program: Command, folder: &Path, up: impl Fn(u32) -> bool) -> bool {
    let mut child = program.current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    until("the program is up", || up(child.id()));
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::ABORT).unwrap();
    child.wait().unwrap().core_dumped()
}

#[test]
fn no_dump_of_the_memory_is_left() {
    let bench = Bench::new();
    let unlimited = |script: &str, of: &Command| {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("ulimit -c unlimited; exec {script}"), "sh"]).env_clear();
        shell.arg(of.get_program()).args(of.get_args());
        shell.envs(of.get_envs().filter_map(|(name, value)| Some((name, value?))));
        shell
    };
    let name = |pid: u32| std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    let folder = tempfile::tempdir().unwrap();
    let watch = unlimited("\"$@\"", &bench.command(&["watch"]));
    assert!(!dumps(watch, folder.path(), |pid| name(pid).starts_with("leverframe") && signals(pid)));
    // Where the system writes none at all, this tells nothing.
    let other = unlimited("sleep 600", &Command::new("sleep"));
    let told = dumps(other, folder.path(), |pid| name(pid).starts_with("sleep"));
    println!("another program leaves one: {told}");
}

/// Whether the program listens for signals, which it does once it has begun.
fn signals(pid: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    caught.is_some_and(|caught| u64::from_str_radix(caught.trim(), 16).is_ok_and(|caught| caught & (1 << 14) != 0))
}
