//! Ending: a process with all that it forked. Asked first, and killed if that does not help; looked for until none is left.

use std::collections::HashMap;
use std::time::Duration;

use rustix::process::Signal;

use super::table::{self, Found};
use super::{Identity, Mark};

/// How often it is looked whether what was asked to end has.
const LOOK: Duration = Duration::from_millis(20);
/// How often it is killed again: what forks faster than that is not ended by signals.
const ROUNDS: usize = 500;

/// Ends a process and all that it forked: asks, waits up to `grace`, kills. `leader` is the process as it was started; what
/// clears its environment is found by it. When it returns `true`, none is left; `false` says that some cannot be killed,
/// because they hang in the kernel.
pub async fn end(mark: &Mark, leader: Option<&Identity>, grace: Duration) -> bool {
    let members = family(mark, leader).await;
    if members.is_empty() {
        return true;
    }
    tell(&members, leader, Signal::TERM);
    // Those that have ended in the meantime need no kill; whatever is left gets one.
    let _ = tokio::time::timeout(grace, gone(&members)).await;
    end_now(mark, leader).await
}

/// Kills a process and all that it forked, without asking.
pub async fn end_now(mark: &Mark, leader: Option<&Identity>) -> bool {
    for _ in 0..ROUNDS {
        let members = family(mark, leader).await;
        if members.is_empty() {
            return true;
        }
        tell(&members, leader, Signal::KILL);
        tokio::time::sleep(LOOK).await;
    }
    false
}

/// Kills all processes of an engine but those whose mark's name is to stay, with all that they forked; those to whose
/// names a `grace` is given are asked first. The names of those that were ended.
pub async fn end_left_over(
    engine: &str,
    stays: impl Fn(&str) -> bool,
    grace: impl Fn(&str) -> Option<Duration>,
) -> Vec<String> {
    let mut ended = Vec::new();
    for _ in 0..ROUNDS {
        let found = marked(engine).await;
        let left: HashMap<String, Mark> = found
            .into_iter()
            .map(|found| found.mark)
            .filter(|mark| !stays(&mark.name))
            .map(|m| (m.name.clone(), m))
            .collect();
        if left.is_empty() {
            break;
        }
        for (name, mark) in left {
            match grace(&name) {
                Some(grace) => end(&mark, None, grace).await,
                None => end_now(&mark, None).await,
            };
            ended.push(name);
        }
    }
    ended.sort();
    ended.dedup();
    ended
}

/// The group at once, so that none of it sees another end; those outside of it one by one.
fn tell(members: &[Identity], leader: Option<&Identity>, signal: Signal) {
    let group = leader.filter(|leader| leader.alive());
    if let Some(leader) = group {
        leader.signal_group(signal);
    }
    let in_group = |member: &Identity| table::row(member.pid).map(|row| row.group) == group.map(|leader| leader.pid);
    for member in members.iter().filter(|member| group.is_none() || !in_group(member)) {
        member.signal(signal);
    }
}

async fn gone(members: &[Identity]) {
    while members.iter().any(Identity::alive) {
        tokio::time::sleep(LOOK).await;
    }
}

async fn family(mark: &Mark, leader: Option<&Identity>) -> Vec<Identity> {
    let (mark, leader) = (mark.clone(), leader.cloned());
    // The table is read on a thread that may block; it panics nowhere.
    tokio::task::spawn_blocking(move || table::family(&mark, leader.as_ref())).await.unwrap_or_default()
}

async fn marked(engine: &str) -> Vec<Found> {
    let engine = engine.to_owned();
    tokio::task::spawn_blocking(move || table::marked(&engine)).await.unwrap_or_default()
}
