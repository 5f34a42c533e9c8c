//! The binary: hands the arguments to the command line, and its exit code to the system.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Before anything else: every TLS client of this process uses it. A second installation is the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let words: Vec<_> = std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    ExitCode::from(leverframe::cli::run(&words))
}
