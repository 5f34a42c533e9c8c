//! Verifying: the whole chain is followed, and what stands at its end is held against what was acknowledged.

use std::io;

use super::entry;
use crate::domain::chain::{self, Head};

/// What the journal is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many entries follow one another without fault.
    pub entries: u64,
    /// The hash of the last of them.
    pub hash: String,
    /// Bytes behind the last entry that a writer left when it died over them: never acknowledged, cut off with the next.
    pub torn: u64,
    /// What does not hold, if anything.
    pub broken: Option<String>,
}

/// Follows `lines` from the first on; `remembered` is the last acknowledged entry, and `seals` are entries that somebody
/// else keeps.
pub fn verify(
    lines: impl Iterator<Item = io::Result<Vec<u8>>>,
    remembered: Result<Option<Head>, String>,
    seals: &[Head],
) -> io::Result<Verified> {
    let remembered = match remembered {
        Ok(remembered) => remembered.unwrap_or_default(),
        Err(said) => return Ok(broken(Head::default(), 0, format!("journal.head cannot be read: {said}"))),
    };
    let (mut head, mut torn, mut met) = (Head::default(), 0, remembered.seq == 0);
    for line in lines {
        let line = line?;
        if !line.ends_with(b"\n") {
            torn = line.len() as u64;
            break;
        }
        if let Err(said) = follow(&mut head, &line) {
            return Ok(broken(head, torn, said));
        }
        met |= head == remembered;
        if seals.iter().any(|seal| seal.seq == head.seq && seal.hash != head.hash) {
            let said = format!("entry {} is not the one that was sealed: the journal was written anew", head.seq);
            return Ok(broken(head, torn, said));
        }
    }
    let sealed = seals.iter().map(|seal| seal.seq).max().unwrap_or(0);
    if head.seq < sealed {
        let said = format!("entries {} to {sealed} were sealed and are gone", head.seq + 1);
        return Ok(broken(head, torn, said));
    }
    if met {
        return Ok(Verified { entries: head.seq, hash: head.hash, torn, broken: None });
    }
    let said = if head.seq < remembered.seq {
        format!("entries {} to {} were acknowledged and are gone", head.seq + 1, remembered.seq)
    } else {
        format!("entry {} is not the one that was acknowledged: the journal was written anew", remembered.seq)
    };
    Ok(broken(head, torn, said))
}

fn follow(head: &mut Head, line: &[u8]) -> Result<(), String> {
    let entry = entry::parse(line).map_err(|said| format!("entry {}: {said}", head.seq + 1))?;
    let chained = chain::Entry { seq: entry.seq, previous: &entry.previous, hash: &entry.hash, body: entry.body.get() };
    head.follow(chained).map_err(|fault| fault.to_string())?;
    match &entry.says()["lost"] {
        serde_json::Value::Null => Ok(()),
        lost => Err(format!("entries up to {} were acknowledged and are gone before entry {}", lost["seq"], entry.seq)),
    }
}

fn broken(head: Head, torn: u64, said: String) -> Verified {
    Verified { entries: head.seq, hash: head.hash, torn, broken: Some(said) }
}
