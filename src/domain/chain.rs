//! The hash chain of the console's journal and of the engine's audit: each entry carries the hash of the one before,
//! so that an edit, a removal or a change of order shows. Pure; the files and tables are their owners'.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::text::Text;

/// The hash before the first entry: 64 zeros.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The hash of an entry: SHA-256 over the previous hash, a line feed and the entry's body, in lower-case hex.
pub fn link(previous: &str, body: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(previous.as_bytes());
    hash.update(b"\n");
    hash.update(body.as_bytes());
    hex(&hash.finalize())
}

/// Where and why a chain does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// The sequence numbers do not follow one another.
    #[error("entry {found} stands where entry {expected} should be: an entry was removed, added or moved")]
    Order {
        /// The number that should stand here.
        expected: u64,
        /// The number that does.
        found: u64,
    },
    /// The entry names another predecessor than the one before it.
    #[error("entry {0} does not continue the entry before it")]
    Previous(u64),
    /// The entry's content does not match its hash.
    #[error("entry {0} was changed after it was written")]
    Content(u64),
}

/// One entry as its owner stored it.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// Its number; the first is 1.
    pub seq: u64,
    /// The hash it says its predecessor has.
    pub previous: &'a str,
    /// The hash it says it has.
    pub hash: &'a str,
    /// What was hashed.
    pub body: &'a str,
}

/// The state of a verification that has read some entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The last entry's number; 0 before the first.
    pub seq: u64,
    /// The last entry's hash; [`GENESIS`] before the first.
    pub hash: String,
}

/// The head of a journal as somebody else keeps it, so that what is cut off behind is missed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// Which journal: the hash of its first entry.
    pub journal: String,
    /// The number of its last entry.
    pub seq: u64,
    /// That entry's hash.
    pub hash: String,
}

/// A head that was sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// The journal's last entry then.
    pub head: Head,
    /// When.
    pub at: Timestamp,
    /// For whom.
    pub by: Text,
}

impl fmt::Display for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.journal, self.seq, self.hash)
    }
}

impl FromStr for Seal {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut words = text.split(' ');
        let (Some(journal), Some(seq), Some(hash), None) = (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(());
        };
        let is_hash = |word: &str| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        let seq = seq.parse().map_err(|_| ())?;
        let known = is_hash(journal) && is_hash(hash);
        known.then(|| Self { journal: journal.to_owned(), seq, hash: hash.to_owned() }).ok_or(())
    }
}

impl Default for Head {
    fn default() -> Self {
        Self { seq: 0, hash: GENESIS.to_owned() }
    }
}

impl Head {
    /// Checks that `entry` continues this head, and moves on to it.
    pub fn follow(&mut self, entry: Entry<'_>) -> Result<(), Broken> {
        let expected = self.seq + 1;
        if entry.seq != expected {
            return Err(Broken::Order { expected, found: entry.seq });
        }
        if entry.previous != self.hash {
            return Err(Broken::Previous(entry.seq));
        }
        if link(&self.hash, entry.body) != entry.hash {
            return Err(Broken::Content(entry.seq));
        }
        self.seq = entry.seq;
        entry.hash.clone_into(&mut self.hash);
        Ok(())
    }
}

/// Bytes in lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]]).map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(bodies: &[&str]) -> Vec<(u64, String, String, String)> {
        let mut previous = GENESIS.to_owned();
        let mut entries = Vec::new();
        for (i, body) in bodies.iter().enumerate() {
            let hash = link(&previous, body);
            entries.push((i as u64 + 1, previous, hash.clone(), (*body).to_owned()));
            previous = hash;
        }
        entries
    }

    fn verify(entries: &[(u64, String, String, String)]) -> Result<(), Broken> {
        let mut head = Head::default();
        entries
            .iter()
            .try_for_each(|(seq, previous, hash, body)| head.follow(Entry { seq: *seq, previous, hash, body }))
    }

    #[test]
    fn a_seal_is_read_as_it_was_written_and_nothing_else_is() {
        let seal = Seal { journal: link(GENESIS, "a"), seq: 7, hash: link(GENESIS, "b") };
        assert_eq!(seal.to_string().parse(), Ok(seal.clone()));
        for text in ["", "a 7 b", &format!("{seal} "), &format!("{} -7 {}", seal.journal, seal.hash)] {
            assert_eq!(text.parse::<Seal>(), Err(()), "{text}");
        }
    }

    #[test]
    fn an_edit_a_removal_and_a_swap_are_found() {
        let good = chain(&["a", "b", "c"]);
        assert_eq!(verify(&good), Ok(()));
        let mut edited = good.clone();
        edited[1].3 = "B".into();
        assert_eq!(verify(&edited), Err(Broken::Content(2)));
        let mut removed = good.clone();
        removed.remove(1);
        assert_eq!(verify(&removed), Err(Broken::Order { expected: 2, found: 3 }));
        let mut swapped = good.clone();
        swapped.swap(1, 2);
        (swapped[1].0, swapped[2].0) = (2, 3);
        assert_eq!(verify(&swapped), Err(Broken::Previous(2)));
    }
}
