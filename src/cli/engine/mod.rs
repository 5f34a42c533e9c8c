//! `leverframe engine …`: running an engine, and setting one up.

mod add;
mod init;
mod output;
mod serve;
mod status;
mod token;

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// The embedded engine.
#[derive(Debug, Clone, Args)]
#[expect(clippy::module_name_repetitions, reason = "beside the arguments of the other subcommands")]
pub struct EngineArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Clone, Subcommand)]
enum Command {
    /// Run the engine on a data folder until INT or TERM; the services that it started keep running
    Serve(serve::ServeArgs),
    /// Write a first pipeline file for a repository
    Init(init::InitArgs),
    /// Let the engine build and deploy a repository
    Add(add::AddArgs),
    /// Give a person a token and roles
    Token(token::TokenArgs),
    /// Show how the engine stands, and verify its audit
    Status(status::StatusArgs),
}

/// The engine's data folder.
#[derive(Debug, Clone, Args)]
struct Data {
    /// The engine's data folder
    #[arg(long, value_name = "DIR", env = "LEVERFRAME_DATA", default_value_os_t = default_data())]
    data: PathBuf,
}

/// The platform's place for an engine's data.
pub fn default_data() -> PathBuf {
    directories::ProjectDirs::from("", "", "leverframe")
        .map_or_else(|| PathBuf::from("leverframe-engine"), |dirs| dirs.data_dir().join("engine"))
}

/// Runs the subcommand; the exit code.
pub async fn run(args: EngineArgs, json: bool) -> u8 {
    match args.command {
        Command::Serve(args) => serve::serve(args).await,
        Command::Init(args) => init::init(&args, json),
        Command::Add(args) => add::add(args, json).await,
        Command::Token(args) => token::token(args, json).await,
        Command::Status(args) => status::status(args, json).await,
    }
}
