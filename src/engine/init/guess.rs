//! What a repository seems to be: with what it is built, tested and started. A guess; the file that comes of it is
//! there to be changed.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::kinds;

/// With what a repository is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Rust, by Cargo.
    Cargo,
    /// JavaScript, by npm.
    Npm,
    /// Python.
    Python,
    /// Anything, by Make.
    Make,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cargo => "a Cargo project",
            Self::Npm => "an npm project",
            Self::Python => "a Python project",
            Self::Make => "a project with a Makefile",
        })
    }
}

/// What a repository seems to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Guess {
    /// With what it is built.
    pub kind: Kind,
    /// The name that its service gets.
    pub service: String,
    /// The lines that build it.
    pub build: Vec<String>,
    /// Globs of what is to be released.
    pub artifacts: Vec<String>,
    /// The lines that test it; none if it has no tests that could be found.
    pub test: Vec<String>,
    /// How it is started; `None` if it does not seem to be something that serves.
    pub start: Option<String>,
    /// The path that says whether it is well, if its source names one of the usual ones.
    pub health: Option<String>,
}

/// What the repository in `folder` seems to be; `None` if nothing of it is known.
pub fn guess(folder: &Path) -> Option<Guess> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let mut found = kinds::guess(folder)?;
    found.service = service(if found.service.is_empty() { &name } else { &found.service });
    found.health = health(folder);
    Some(found)
}

/// A name made of `name` that a service may have.
fn service(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    let name: String = name.trim_start_matches('@').chars().map(plain).collect();
    let name: String = name.trim_start_matches(['-', '_', '.']).chars().take(64).collect();
    if name.is_empty() { "service".to_owned() } else { name }
}

/// A usual path for health, if a source file names it.
fn health(folder: &Path) -> Option<String> {
    const PATHS: [&str; 3] = ["/healthz", "/health", "/ping"];
    let sources = sources(folder);
    PATHS
        .into_iter()
        .find(|path| {
            sources.iter().any(|source| source.contains(&format!("{path}\"")) || source.contains(&format!("{path}'")))
        })
        .map(str::to_owned)
}

/// The texts of the source files where programs usually begin.
pub(super) fn sources(folder: &Path) -> Vec<String> {
    const MOST_FILES: usize = 200;
    const MOST_BYTES: u64 = 256 << 10;
    let files = ["", "src", "app"].iter().flat_map(|below| files(&folder.join(below)));
    let small = files.filter(|path| path.metadata().is_ok_and(|about| about.len() <= MOST_BYTES));
    small.take(MOST_FILES).filter_map(|path| std::fs::read_to_string(path).ok()).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    const ENDINGS: [&str; 8] = ["rs", "js", "mjs", "ts", "py", "go", "c", "sh"];
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let source = |path: &PathBuf| path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known));
    let mut files: Vec<PathBuf> = entries.filter(|path| path.is_file()).filter(source).collect();
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    use super::service;

    #[test]
    fn any_name_becomes_one_that_a_service_may_have() {
        let made = ["shop", "@acme/shop", ".hidden", "my shop", "…", ""].map(service);
        assert_eq!(made, ["shop", "acme-shop", "hidden", "my-shop", "service", "service"]);
        assert_eq!(service(&"x".repeat(100)).len(), 64);
    }
}
