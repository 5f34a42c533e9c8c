//! `leverframe demo`: an engine with sample services under traffic, and the console on it; and the hidden commands of the
//! processes that it is made of.

use std::path::PathBuf;

use clap::Args;

use crate::demo::service;

/// How a sample service is started.
#[derive(Debug, Clone, Args)]
pub struct ServiceArgs {
    /// The file that says how the release behaves
    #[arg(long, value_name = "FILE")]
    release: PathBuf,
}

/// Runs a sample service until TERM; the exit code.
pub async fn service(args: ServiceArgs) -> u8 {
    match service::serve(&args.release, |name| std::env::var(name).ok()).await {
        Ok(()) => 0,
        Err(fault) => {
            eprintln!("error: {fault}");
            1
        }
    }
}
