//! A listing of files: where each lies, whether it is a program, and the digest of its content. Its own digest stands for
//! all of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::fault::Fault;
use crate::domain::chain::hex;
use crate::domain::text::Text;

/// Files by their paths, relative and with `/`. The same files always give the same listing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Manifest {
    /// What lies where.
    pub entries: BTreeMap<String, Entry>,
}

/// One thing that lies somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// A file.
    File {
        /// Whether it may be executed.
        executable: bool,
        /// The SHA-256 of its content, in hex.
        digest: String,
        /// Its length; bytes.
        size: u64,
    },
    /// A symbolic link, to somewhere among the files.
    Link {
        /// What it says, relative to the folder it lies in.
        target: String,
    },
}

impl Manifest {
    /// Reads a listing.
    pub fn read(body: &str) -> Result<Self, Fault> {
        serde_json::from_str(body).map_err(|error| Fault::Listing(Text::new(error.to_string())))
    }

    /// The listing as it is kept, and its digest, `sha256:…`.
    pub fn listing(&self) -> Result<(String, String), Fault> {
        let body = serde_json::to_string(self).map_err(|error| Fault::Listing(Text::new(error.to_string())))?;
        let digest = format!("sha256:{}", hex(&Sha256::digest(body.as_bytes())));
        Ok((digest, body))
    }

    /// Adds what lies in `other`, which wins where both have a path.
    pub fn overlay(&mut self, other: Self) {
        self.entries.extend(other.entries);
    }

    /// The first path at which `other` has something else.
    pub fn conflict<'a>(&self, other: &'a Self) -> Option<&'a str> {
        let differs = |(path, entry): &(&'a String, &Entry)| self.entries.get(*path).is_some_and(|own| own != *entry);
        other.entries.iter().find(differs).map(|(path, _)| path.as_str())
    }

    /// The digests of the contents that it needs.
    pub fn contents(&self) -> impl Iterator<Item = &str> {
        self.entries.values().filter_map(|entry| match entry {
            Entry::File { digest, .. } => Some(digest.as_str()),
            Entry::Link { .. } => None,
        })
    }

    /// The length of all files together; bytes.
    pub fn size(&self) -> u64 {
        let sizes = self.entries.values().map(|entry| match entry {
            Entry::File { size, .. } => *size,
            Entry::Link { .. } => 0,
        });
        sizes.sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(path: &str, digest: &str) -> Manifest {
        let entry = Entry::File { executable: false, digest: digest.into(), size: 1 };
        Manifest { entries: BTreeMap::from([(path.to_owned(), entry)]) }
    }

    #[test]
    fn a_listing_reads_back_and_its_digest_is_its_content() {
        let mut manifest = with("dist/a", "aa");
        manifest.overlay(with("dist/b", "bb"));
        let (digest, body) = manifest.listing().unwrap();
        assert_eq!(Manifest::read(&body).unwrap(), manifest);
        assert!(digest.starts_with("sha256:") && digest.len() == 71, "{digest}");
        manifest.overlay(with("dist/b", "cc"));
        assert_ne!(manifest.listing().unwrap().0, digest);
        assert_eq!(manifest.size(), 2);
    }

    #[test]
    fn two_that_differ_at_one_path_are_in_conflict() {
        assert_eq!(with("a", "1").conflict(&with("a", "2")), Some("a"));
        assert_eq!(with("a", "1").conflict(&with("a", "1")), None);
        assert_eq!(with("a", "1").conflict(&with("b", "2")), None);
    }
}
