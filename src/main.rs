//! The binary: parse arguments, call the command line, turn errors into exit codes.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use leverframe::cli::engine;

/// The release console for the terminal.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    /// Print one JSON document
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The embedded engine
    Engine(engine::EngineArgs),
}

fn main() -> ExitCode {
    // Before anything else: every TLS client of this process uses it. A second installation is the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: the runtime does not start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let code = match arguments.command {
        Command::Engine(args) => runtime.block_on(engine::run(args, arguments.json)),
    };
    ExitCode::from(code)
}
