//! The command line as it is typed: commands, flags and what they hold. What they do is in their own files.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};

use super::{changes, completions, config, deeds, demo, engine, flags, gates, journal, logs, runs, status, watch, why};
use crate::config::document::duration;

/// The release console for the terminal. Without a command it opens the console.
#[derive(Debug, Parser)]
#[command(name = "leverframe", version = version(), about, max_term_width = 100)]
pub struct Arguments {
    /// What holds for every command.
    #[command(flatten)]
    pub globals: Globals,
    /// What to do; without it the console opens.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The version, and the commit that it was built from.
const fn version() -> &'static str {
    concat!(env!("CARGO_PKG_VERSION"), " (", env!("LEVERFRAME_BUILT_FROM"), ")")
}

/// The command line as it is told of: without the commands that only the program itself uses.
pub fn told() -> clap::Command {
    let whole = Arguments::command();
    let shown = whole.get_subcommands().filter(|command| !command.is_hide_set()).cloned();
    let told = Globals::augment_args(clap::Command::new("leverframe").version(version()));
    match whole.get_about() {
        Some(about) => told.about(about.clone()),
        None => told,
    }
    .subcommands(shown)
}

/// What holds for every command.
#[derive(Debug, Clone, Default, Args)]
pub struct Globals {
    /// The context to look at; the configuration names a default one
    #[arg(long, global = true, value_name = "NAME")]
    pub context: Option<String>,
    /// The configuration to use; else what `LEVERFRAME_CONFIG` names, else the platform's
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Print JSON and nothing else
    #[arg(long, global = true)]
    pub json: bool,
    /// Send nothing that changes anything
    #[arg(long, global = true)]
    pub read_only: bool,
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t)]
    pub color: Color,
    /// How long to wait for an answer, or for the end of an action: 20s, 5m
    #[arg(long, global = true, value_name = "SPAN", value_parser = span)]
    pub timeout: Option<Duration>,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Color {
    /// Never.
    Never,
    /// On a terminal that does not refuse them.
    #[default]
    Auto,
    /// Always.
    Always,
}

/// A span of time: a plain number counts seconds.
fn span(text: &str) -> Result<Duration, String> {
    match text.parse() {
        Ok(seconds) => Ok(Duration::from_secs(seconds)),
        Err(_) => duration::read(text).map_err(|invalid| format!("it {invalid}; write 20s or 5m")),
    }
}

/// The commands.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Show what runs where, what waits and what moves
    Status(status::StatusArgs),
    /// List the runs of a service, newest first
    Runs(runs::RunsArgs),
    /// Print the log of a run's jobs
    Logs(logs::LogsArgs),
    /// Print a line for each change; of a run, until it ends
    Watch(watch::WatchArgs),
    /// List the gates that stand
    Gates(gates::GatesArgs),
    /// Say what an environment waits for, and which levers move
    Why(why::WhyArgs),
    /// List what one environment has and another lacks
    Changes(changes::ChangesArgs),
    /// List the flags
    Flags(flags::FlagsArgs),
    /// Do something, once it is confirmed
    #[command(flatten)]
    Deed(deeds::Deed),
    /// The record of everything that was done from here
    #[command(subcommand)]
    Journal(journal::JournalCommand),
    /// The configuration
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Look at everything that the console rests on, and say what is wrong and what to do
    Doctor,
    /// The embedded engine
    Engine(engine::EngineArgs),
    /// A demonstration: sample services on an engine of their own, under traffic
    Demo(demo::RunArgs),
    /// Print what a shell needs to complete this command line
    Completions(completions::CompletionsArgs),
    /// Print the manual page: leverframe man | man -l -
    Man,
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
