//! The name of a commit.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A full object name: 40 or 64 lower-case hex digits. Safe as an argument of a command and as a part of a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sha(String);

impl Sha {
    /// Takes a full object name; `None` for anything else, also for a shortened one.
    pub fn new(hex: &str) -> Option<Self> {
        let digits = hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        (digits && matches!(hex.len(), 40 | 64)).then(|| Self(hex.to_owned()))
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first seven digits, for people.
    pub fn short(&self) -> &str {
        &self.0[..7]
    }
}

impl fmt::Display for Sha {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl TryFrom<String> for Sha {
    type Error = &'static str;

    fn try_from(hex: String) -> Result<Self, Self::Error> {
        Self::new(&hex).ok_or("a commit is named by 40 or 64 hex digits")
    }
}

impl From<Sha> for String {
    fn from(sha: Sha) -> Self {
        sha.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_full_names_are_names() {
        let whole = "3f9c2e1".repeat(6)[..40].to_owned();
        assert_eq!(Sha::new(&whole).as_ref().map(Sha::short), Some("3f9c2e1"));
        for wrong in ["", "HEAD", "3f9c2e1", "--upload-pack=x", &whole.to_uppercase(), &format!("{whole}/")] {
            assert_eq!(Sha::new(wrong), None, "{wrong}");
        }
    }
}
