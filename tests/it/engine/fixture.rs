//! A real git repository in a temporary folder, made by the real `git`.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A repository with a branch `main`, and the folder that it lies in.
pub struct Fixture {
    /// Removed at the end of the test.
    pub folder: tempfile::TempDir,
}

impl Fixture {
    /// A repository without any commit.
    pub fn new() -> Self {
        let fixture = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::create_dir(fixture.path()).unwrap();
        fixture.git(&["init", "--quiet", "--initial-branch=main"]);
        fixture
    }

    /// Where it lies.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("repository")
    }

    /// A place beside it.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    /// Commits everything, and gives the commit's name.
    pub fn commit(&self, title: &str) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", title]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Calls git in it, and gives what it says.
    pub fn git(&self, args: &[&str]) -> String {
        git(&self.path(), args)
    }
}

/// Calls git in `folder` with a person and a time of its own.
pub fn git(folder: &Path, args: &[&str]) -> String {
    let out = Command::new("git")
        .args(args)
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_NAME", "Ada Example")
        .env("GIT_AUTHOR_EMAIL", "ada@example.org")
        .env("GIT_COMMITTER_NAME", "Cyril Example")
        .env("GIT_COMMITTER_EMAIL", "cyril@example.org")
        .output()
        .unwrap();
    assert!(out.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap().trim_end().to_owned()
}
