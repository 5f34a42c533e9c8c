//! Changes: what lies between two environments, and what in it deserves a second look.

use std::collections::HashSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::flag::Flag;
use super::ids::{EnvironmentName, Place, ServiceName};
use super::release::VersionName;
use super::text::Text;

/// The commits that one environment has and another has not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// The service.
    pub service: ServiceName,
    /// The environment that lacks them.
    pub from: EnvironmentName,
    /// The environment that has them.
    pub to: EnvironmentName,
    /// Newest first.
    pub commits: Vec<Commit>,
    /// How many commits there are in all, where only the newest are listed.
    #[serde(default)]
    pub commits_total: Option<u64>,
    /// The files in which the two differ; `None` where the source does not tell.
    pub files: Option<Vec<File>>,
    /// How many files there are in all, where not all are listed.
    #[serde(default)]
    pub files_total: Option<u64>,
}

/// Going back, in one place, from a release to an earlier one: what `from` has and `to` lacks is taken back.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Back {
    /// Where.
    pub place: Place,
    /// What is got rid of.
    pub from: VersionName,
    /// What comes back.
    pub to: VersionName,
}

/// One commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    /// Its full hash.
    pub id: Text,
    /// Its first line.
    pub title: Text,
    /// Its author.
    pub author: Text,
    /// When it was made.
    pub at: Option<Timestamp>,
    /// Where it can be seen in a browser.
    pub url: Option<Text>,
    /// The pull request it came by.
    pub pull: Option<Text>,
    /// The files it touches by itself, which a merge does not; `None` where the source does not tell.
    #[serde(default)]
    pub files: Option<Vec<File>>,
    /// How many files there are in all, where not all are listed.
    #[serde(default)]
    pub files_total: Option<u64>,
}

/// One file touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its path in the repository.
    pub path: Text,
    /// `added`, `modified`, `deleted`, `renamed` …
    pub status: Text,
}

/// A known flag that changes name, and where they do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touch<'a> {
    /// The flag.
    pub flag: &'a Flag,
    /// Where its key stands.
    pub traces: Vec<Trace<'a>>,
}

/// Where the key of a flag stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trace<'a> {
    /// In a commit's first line.
    Title(&'a Commit),
    /// In a file's path.
    Path(&'a File),
}

impl Changes {
    /// How many commits there are, listed or not.
    pub fn count(&self) -> u64 {
        self.commits_total.unwrap_or(self.commits.len() as u64)
    }

    /// How many files differ, listed or not; `None` where the source does not tell.
    pub fn file_count(&self) -> Option<u64> {
        self.files.as_ref().map(|files| self.files_total.unwrap_or(files.len() as u64))
    }

    /// The files, those that change a database first.
    pub fn by_weight(&self) -> Vec<&File> {
        by_weight(self.files.as_deref().unwrap_or_default())
    }

    /// The files among those listed that change a database.
    pub fn migrations(&self) -> impl Iterator<Item = &File> {
        self.files.iter().flatten().filter(|file| file.is_migration())
    }

    /// Those of the `known` flags whose key stands as a word in a commit's first line or in a file's path. A flag that
    /// only the content of a file names is not found.
    pub fn flags<'a>(&'a self, known: impl IntoIterator<Item = &'a Flag>) -> Vec<Touch<'a>> {
        let touch = |flag: &'a Flag| {
            let key = flag.key.as_str();
            let titles = self.commits.iter().filter(|commit| has_word(commit.title.as_str(), key)).map(Trace::Title);
            let paths = self.files.iter().flatten().filter(|file| has_word(file.path.as_str(), key)).map(Trace::Path);
            let traces: Vec<_> = titles.chain(paths).collect();
            (!traces.is_empty()).then_some(Touch { flag, traces })
        };
        let titles = self.commits.iter().map(|commit| commit.title.as_str());
        let words = words(titles.chain(self.files.iter().flatten().map(|file| file.path.as_str())));
        let read = |flag: &&Flag| flag.services.is_empty() || flag.services.contains(&self.service);
        let may = |flag: &&Flag| may_stand(&words, flag.key.as_str());
        known.into_iter().filter(may).filter(read).filter_map(touch).collect()
    }
}

impl Commit {
    /// Its hash in short.
    pub fn short(&self) -> &str {
        let id = self.id.as_str();
        id.char_indices().nth(7).map_or(id, |(end, _)| &id[..end])
    }

    /// How many files it touches, listed or not; `None` where the source does not tell.
    pub fn file_count(&self) -> Option<u64> {
        self.files.as_ref().map(|files| self.files_total.unwrap_or(files.len() as u64))
    }

    /// The files, those that change a database first.
    pub fn by_weight(&self) -> Vec<&File> {
        by_weight(self.files.as_deref().unwrap_or_default())
    }

    /// Whether one of the files that are listed changes a database.
    pub fn migrates(&self) -> bool {
        self.files.iter().flatten().any(File::is_migration)
    }

    /// Those of the `known` flags whose key stands as a word in its first line or in the path of a file it touches.
    pub fn flags<'a>(&'a self, known: impl IntoIterator<Item = &'a Flag>) -> impl Iterator<Item = &'a Flag> {
        let texts = || [&self.title].into_iter().chain(self.files.iter().flatten().map(|file| &file.path));
        let words = words(texts().map(Text::as_str));
        let stands = move |key: &str| may_stand(&words, key) && texts().any(|text| has_word(text.as_str(), key));
        known.into_iter().filter(move |flag| stands(flag.key.as_str()))
    }
}

impl File {
    /// Whether it changes a database, as its path says: it lies in a folder `migrations`, `migration` or `migrate`, or
    /// ends in `.sql`.
    pub fn is_migration(&self) -> bool {
        let path = self.path.as_str().to_lowercase();
        let (folders, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let migrates = |folder| matches!(folder, "migrations" | "migration" | "migrate");
        folders.split('/').any(migrates) || name.rsplit_once('.').is_some_and(|(_, end)| end == "sql")
    }
}

impl std::fmt::Display for Trace<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Title(commit) => write!(f, "in the title of {}", commit.short()),
            Self::Path(file) => write!(f, "in the path {}", file.path),
        }
    }
}

fn by_weight(files: &[File]) -> Vec<&File> {
    let mut files: Vec<_> = files.iter().collect();
    files.sort_by_key(|file| !file.is_migration());
    files
}

/// Whether a key could go on with `c`.
fn goes_on(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_')
}

/// All words of `texts`: with many texts and many flags, looking for each in each would take too long.
fn words<'a>(texts: impl Iterator<Item = &'a str>) -> HashSet<&'a str> {
    texts.flat_map(|text| text.split(|c| !goes_on(c))).filter(|word| !word.is_empty()).collect()
}

/// Whether `key` can stand in the texts of which these are all words: one of several words may, any other is one of them.
fn may_stand(words: &HashSet<&str>, key: &str) -> bool {
    words.contains(key) || !key.chars().all(goes_on)
}

/// Whether `word` stands in `text` with nothing beside it that a key could go on with.
fn has_word(text: &str, word: &str) -> bool {
    !word.is_empty()
        && text.match_indices(word).any(|(at, _)| {
            let (before, after) = (&text[..at], &text[at + word.len()..]);
            !before.ends_with(goes_on) && !after.starts_with(goes_on)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_migration_is_told_by_its_path() {
        let is = |path: &str| File { path: Text::new(path), status: "added".into() }.is_migration();
        for path in ["migrations/0042_sepa.sql", "app/migrations/0001_first.py", "db/migrate/2026_x.rb", "schema.SQL"] {
            assert!(is(path), "{path}");
        }
        for path in ["src/migrations.rs", "docs/migrate.md", "immigration/x.rs", "sql", "src/sql/query.rs"] {
            assert!(!is(path), "{path}");
        }
    }

    #[test]
    fn a_key_is_found_as_a_whole_word_only() {
        for text in ["Open new-price to all", "new-price: half", "flags/new-price.toml", "(new-price)"] {
            assert!(has_word(text, "new-price"), "{text}");
        }
        for text in ["new-prices", "a-new-price", "renew-price", "new price", "new-price_2", ""] {
            assert!(!has_word(text, "new-price"), "{text}");
        }
        assert!(has_word("new-prices and new-price", "new-price"));
        assert!(!has_word("anything", ""));
    }

    #[test]
    fn what_no_word_is_need_not_be_looked_for() {
        let texts = ["Open new-price to all", "flags/pay.by.link.toml"];
        let words = words(texts.into_iter());
        for key in ["new-price", "pay.by.link", "price", "all", "pay", "nosuch", "no.such", ""] {
            let stands = texts.iter().any(|text| has_word(text, key));
            assert!(may_stand(&words, key) || !stands, "{key}");
        }
        assert!(!may_stand(&words, "nosuch") && !may_stand(&words, "price"));
    }
}
