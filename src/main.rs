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
    /// A demonstration: sample services on an engine of their own, under traffic
    Demo(demo::RunArgs),
    /// The process that works for a demonstration
    #[command(hide = true)]
    DemoHost(demo::PartArgs),
    /// The engine of a demonstration
    #[command(hide = true)]
    DemoEngine(demo::PartArgs),
    /// A sample service of a demonstration
    #[command(hide = true)]
    DemoService(demo::ServiceArgs),
}

fn main() -> ExitCode {
    // Before anything else: every TLS client of this process uses it. A second installation is the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let arguments = Arguments::parse();
    let runtime = match runtime(&arguments.command) {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: the runtime does not start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let code = match arguments.command {
        Command::Engine(args) => runtime.block_on(engine::run(args, arguments.json)),
        Command::Demo(args) => runtime.block_on(demo::run(args)),
        Command::DemoHost(args) => runtime.block_on(demo::host(args)),
        Command::DemoEngine(args) => runtime.block_on(demo::engine(args)),
        Command::DemoService(args) => runtime.block_on(demo::service(args)),
    };
    ExitCode::from(code)
}

/// Many sample services run at once: one thread is enough for each.
fn runtime(command: &Command) -> std::io::Result<tokio::runtime::Runtime> {
    match command {
        Command::DemoService(_) => tokio::runtime::Builder::new_current_thread().enable_all().build(),
        _ => tokio::runtime::Runtime::new(),
    }
}
