//! What may be left of a demonstration whose engine was killed: its processes, found by where they work, and its folder.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

/// How often what is left is looked for, before it is given up.
const LOOKS: u32 = 40;
/// How long to wait between two looks.
const PAUSE: Duration = Duration::from_millis(50);

/// Ends every process that the demonstration in `folder` has left, and waits until they are gone.
pub async fn end(folder: &Path) {
    for _ in 0..LOOKS {
        let left = processes(folder);
        if left.is_empty() {
            return;
        }
        for pid in left {
            // It may have ended by itself in this moment.
            let _ = kill_process(pid, Signal::KILL);
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Removes the folder, with all that is in it.
pub fn remove(folder: &Path) -> std::io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The processes of the engine in `folder`: the engine, and what works on its releases and checkouts. None where the
/// system has no `/proc`.
fn processes(folder: &Path) -> Vec<Pid> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let pids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    let pids = pids.filter(|pid| u32::try_from(*pid) != Ok(std::process::id()));
    pids.filter(|pid| works_in(*pid, folder) || is_engine(*pid, folder)).filter_map(Pid::from_raw).collect()
}

fn works_in(pid: i32, folder: &Path) -> bool {
    let at = fs::read_link(format!("/proc/{pid}/cwd"));
    at.is_ok_and(|at| at.starts_with(folder.join("releases")) || at.starts_with(folder.join("work")))
}

/// Whether a process is this program, serving an engine in `folder`.
fn is_engine(pid: i32, folder: &Path) -> bool {
    let program = |of: &str| fs::read_link(format!("/proc/{of}/exe")).ok();
    if program(&pid.to_string()).is_none_or(|exe| Some(exe) != program("self")) {
        return false;
    }
    let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let words: Vec<_> = line.split(|byte| *byte == 0).map(String::from_utf8_lossy).collect();
    let serves = words.iter().skip(1).take(2).any(|word| word == "demo-engine" || word == "serve");
    serves && words.iter().any(|word| Path::new(word.as_ref()) == folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_works_on_a_release_is_ended_and_what_looks_on_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("releases/shop/v1")).unwrap();
        let start = |at: &Path| {
            let mut sleep = tokio::process::Command::new("sleep");
            sleep.arg("60").current_dir(at).kill_on_drop(true).spawn().unwrap()
        };
        let (mut instance, mut onlooker) = (start(&root.join("releases/shop/v1")), start(&root));
        end(&root).await;
        assert!(!instance.wait().await.unwrap().success());
        assert!(onlooker.try_wait().unwrap().is_none());
        onlooker.kill().await.unwrap();
    }
}
