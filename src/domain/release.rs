//! Releases: immutable, versioned artifacts, and how their versions are ordered.

use std::cmp::Ordering;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::text::Text;

identifier! {
    /// A release's version, as its pipeline gave it. Ordered as versions are: `v1.10` comes after `v1.9`.
    VersionName;
}

/// What runs, or has run, in an environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// The version; never used twice for different content.
    pub version: VersionName,
    /// The commit it was built from.
    pub commit: Text,
    /// The digest of its artifact, `sha256:…`, where the source knows it.
    pub digest: Option<Text>,
    /// When it went into this environment.
    pub deployed_at: Option<Timestamp>,
    /// Who or what put it there.
    pub deployed_by: Option<Text>,
}

/// Orders two versions: a leading `v` is passed over; digits compare as numbers, the rest as text; a pre-release
/// (`1.0.0-rc1`) comes before its release, and what `git describe` calls so many commits after a tag
/// (`v1.0.0-4-g3f9c2e1`) after the tag's own.
pub fn compare(a: &VersionName, b: &VersionName) -> Ordering {
    let (a, b) = (a.as_str(), b.as_str());
    parts(a).cmp(parts(b)).then_with(|| a.cmp(b))
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Part<'a> {
    PreRelease,
    End,
    After(u128),
    Word(&'a str),
    Number(u128),
}

fn parts(version: &str) -> impl Iterator<Item = Part<'_>> {
    let version = version.strip_prefix(['v', 'V']).unwrap_or(version);
    let mut rest = version.split_once('+').map_or(version, |(core, _)| core);
    let after = described(rest);
    rest = after.map_or(rest, |(tag, _)| tag);
    let mut ended = false;
    std::iter::from_fn(move || {
        rest = rest.strip_prefix(['.', '_']).unwrap_or(rest);
        if let Some(after) = rest.strip_prefix('-') {
            rest = after;
            return Some(Part::PreRelease);
        }
        if rest.is_empty() {
            let end = after.map_or(Part::End, |(_, commits)| Part::After(commits));
            return (!std::mem::replace(&mut ended, true)).then_some(end);
        }
        let digits = rest.starts_with(|c: char| c.is_ascii_digit());
        let end =
            rest.find(|c: char| matches!(c, '.' | '_' | '-') || c.is_ascii_digit() != digits).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        rest = after;
        Some(part.parse().map_or(Part::Word(part), Part::Number))
    })
}

/// The tag and the commits after it, if `version` is what `git describe` says between tags.
fn described(version: &str) -> Option<(&str, u128)> {
    let (rest, hash) = version.rsplit_once("-g")?;
    let (tag, commits) = rest.rsplit_once('-')?;
    let is_hash = hash.len() >= 4 && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if is_hash { Some((tag, commits.parse().ok()?)) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_sort_as_versions() {
        let mut versions =
            ["v1.10.0", "v1.9.2", "2.0.0", "v2.0.0-rc1", "v2.0.0-rc10", "v2.0.0-rc2", "v1.9"].map(VersionName::from);
        versions.sort_by(compare);
        let order: Vec<_> = versions.iter().map(VersionName::as_str).collect();
        assert_eq!(order, ["v1.9", "v1.9.2", "v1.10.0", "v2.0.0-rc1", "v2.0.0-rc2", "v2.0.0-rc10", "2.0.0"]);
    }

    #[test]
    fn commits_after_a_tag_come_after_it() {
        let mut versions =
            ["v1.2.4", "v1.2.3-10-gabc1234", "v1.2.3-2-gffffff0", "v1.2.3", "v1.2.3-rc1-3-gabcdef0", "v1.2.3-rc1"]
                .map(VersionName::from);
        versions.sort_by(compare);
        let order: Vec<_> = versions.iter().map(VersionName::as_str).collect();
        let expected =
            ["v1.2.3-rc1", "v1.2.3-rc1-3-gabcdef0", "v1.2.3", "v1.2.3-2-gffffff0", "v1.2.3-10-gabc1234", "v1.2.4"];
        assert_eq!(order, expected);
    }
}
