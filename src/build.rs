//! Tells the program the commit that it is built from, for `--version`; without a repository it says so.

use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=.git/HEAD");
    println!("cargo:rerun-if-changed=.git/refs/heads");
    let said = Command::new("git").args(["rev-parse", "--short=12", "HEAD"]).output();
    let commit = said.ok().filter(|said| said.status.success()).and_then(|said| String::from_utf8(said.stdout).ok());
    let commit = commit.map_or_else(|| "unknown commit".to_owned(), |commit| commit.trim().to_owned());
    println!("cargo:rustc-env=LEVERFRAME_BUILT_FROM={commit}");
}
