//! The binary: parse arguments, call the command line, turn errors into exit codes.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use leverframe::cli::{demo, engine};

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
    /// A sample service of the demonstration
    #[command(hide = true)]
    DemoService(demo::ServiceArgs),
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
        Command::DemoService(args) => runtime.block_on(demo::service(args)),
    };
    ExitCode::from(code)
}
