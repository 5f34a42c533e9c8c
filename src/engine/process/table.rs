//! The machine's table of processes: who runs, below whom, with which marks.

use std::collections::HashSet;
use std::fs;

use super::{ENGINE, Identity, Mark, PROCESS};

/// A marked process that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Which.
    pub identity: Identity,
    /// Its mark.
    pub mark: Mark,
}

/// What is known of a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) pid: u32,
    pub(super) parent: u32,
    pub(super) group: u32,
    /// In ticks since the boot.
    pub(super) started: u64,
    /// Whether only its end is left to be looked at.
    pub(super) ended: bool,
}

/// All processes that run and carry a mark of `engine`, this one excepted. Blocking; some milliseconds.
pub fn marked(engine: &str) -> Vec<Found> {
    let boot = boot();
    let marked = running().into_iter().filter_map(|row| {
        let mark = mark(row.pid).filter(|mark| mark.engine == engine)?;
        let identity = Identity { pid: row.pid, started: row.started, boot: boot.clone() };
        Some(Found { identity, mark })
    });
    marked.collect()
}

/// All that belongs to one process: what carries its mark, what is in its group, what any of these forked.
pub(super) fn family(mark: &Mark, leader: Option<&Identity>) -> Vec<Identity> {
    let boot = boot();
    let rows = running();
    let leader = leader.filter(|leader| leader.boot == boot && !taken_over(&rows, leader));
    let mut members: HashSet<u32> = HashSet::new();
    for row in &rows {
        let of_group = leader.is_some_and(|leader| row.group == leader.pid && row.started >= leader.started);
        if of_group || self::mark(row.pid).as_ref() == Some(mark) {
            members.insert(row.pid);
        }
    }
    while rows.iter().any(|row| members.contains(&row.parent) && members.insert(row.pid)) {}
    let members = rows.into_iter().filter(|row| members.contains(&row.pid));
    members.map(|row| Identity { pid: row.pid, started: row.started, boot: boot.clone() }).collect()
}

/// Whether the leader's number belongs to another process by now, so that its group is not ours.
fn taken_over(rows: &[Row], leader: &Identity) -> bool {
    rows.iter().any(|row| row.pid == leader.pid && row.started != leader.started)
}

/// Every process that runs, this one excepted.
fn running() -> Vec<Row> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let pids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|pid| *pid != std::process::id()).filter_map(row).filter(|row| !row.ended).collect()
}

/// One process, as the table has it.
pub(super) fn row(pid: u32) -> Option<Row> {
    parse(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// Reads `PID (NAME) STATE PARENT GROUP …`; the name may hold anything, also blanks and parentheses.
fn parse(stat: &str) -> Option<Row> {
    let pid = stat.split(' ').next()?.parse().ok()?;
    let (_, after) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = after.split_whitespace().collect();
    Some(Row {
        pid,
        ended: matches!(*fields.first()?, "Z" | "X"),
        parent: fields.get(1)?.parse().ok()?,
        group: fields.get(2)?.parse().ok()?,
        started: fields.get(19)?.parse().ok()?,
    })
}

/// The mark of a process; none on what may not be looked into, which is not ours.
fn mark(pid: u32) -> Option<Mark> {
    let environment = fs::read(format!("/proc/{pid}/environ")).ok()?;
    let value = |name: &str| {
        let mut entries = environment.split(|byte| *byte == 0);
        let value = entries.find_map(|entry| entry.strip_prefix(name.as_bytes())?.strip_prefix(b"="))?;
        String::from_utf8(value.to_vec()).ok()
    };
    Some(Mark { engine: value(ENGINE)?, name: value(PROCESS)? })
}

/// This boot of the machine.
pub(super) fn boot() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_hold_anything() {
        let stat = "7 (a ) S 1 (b) S 3 5 5 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4711 9 9";
        let row = Row { pid: 7, parent: 3, group: 5, started: 4711, ended: false };
        assert_eq!(parse(stat), Some(row));
        assert_eq!(parse("7 (a) Z 1"), None);
    }

    #[test]
    fn what_has_ended_only_waits_to_be_looked_at() {
        let stat = "7 (a) Z 3 5 5 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4711 9 9";
        assert!(parse(stat).unwrap().ended);
    }
}
