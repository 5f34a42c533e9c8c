//! `leverframe demo`: an engine with sample services under traffic, and the console on it; and the hidden commands of the
//! processes that it is made of.

use std::path::PathBuf;

use clap::Args;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use super::arguments::Globals;
use super::{console, look};
use crate::demo::{self, Stage, StageFault, service};
use crate::domain::text::Text;
use crate::runtime::log;

/// How to run the demonstration.
#[derive(Debug, Clone, Default, Args)]
pub struct RunArgs {
    /// Keep everything in this folder; without it the demonstration leaves nothing behind
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Run it without a console, until INT or TERM
    #[arg(long)]
    no_console: bool,
}

/// How a process of the demonstration is started.
#[derive(Debug, Clone, Args)]
pub struct PartArgs {
    /// The demonstration's folder
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Remove the folder at the end
    #[arg(long)]
    temporary: bool,
}

/// How a sample service is started.
#[derive(Debug, Clone, Args)]
pub struct ServiceArgs {
    /// The file that says how the release behaves
    #[arg(long, value_name = "FILE")]
    release: PathBuf,
}

/// Runs the demonstration, with the console on it unless that is not wanted; the exit code.
pub fn run(args: &RunArgs, globals: &Globals, tasks: &Runtime) -> u8 {
    if let Some(why) = console::unfit(look::variable).filter(|_| !args.no_console) {
        eprintln!("error: {why}");
        eprintln!("hint: run it without one: leverframe demo --no-console");
        return 2;
    }
    // What it starts is watched by the tasks.
    let entered = tasks.enter();
    let started = Stage::start(args.keep.as_deref());
    drop(entered);
    let mut stage = match started {
        Ok(stage) => stage,
        Err(fault) => return refused(&fault),
    };
    let played = if args.no_console {
        tasks.block_on(play(&mut stage)).map(|()| 0)
    } else {
        // The console opens at once, and sees how everything comes to be.
        tasks.block_on(stage.engine()).map(|()| {
            let config = Some(stage.config());
            console::run(&Globals { config, context: None, ..globals.clone() })
        })
    };
    tasks.block_on(stage.end());
    played.unwrap_or_else(|fault| refused(&fault))
}

/// Says when it is ready, and waits until it is told to end.
async fn play(stage: &mut Stage) -> Result<(), StageFault> {
    let cancel = CancellationToken::new();
    demo::on_signals(&cancel).map_err(|error| StageFault::Host(Text::new(error.to_string())))?;
    tokio::select! {
        () = cancel.cancelled() => return Ok(()),
        ready = stage.ready() => ready?,
    }
    demo::say(&format!("ready {}", stage.config().display()));
    tokio::select! {
        () = cancel.cancelled() => Ok(()),
        fault = stage.broken() => Err(fault),
    }
}

fn refused(fault: &StageFault) -> u8 {
    eprintln!("error: {fault}");
    match fault {
        StageFault::NotOurs(_) => {
            eprintln!("hint: name a folder that does not exist yet, or an empty one");
            2
        }
        StageFault::Folder { .. } => 2,
        StageFault::Taken { .. } => 3,
        StageFault::Host(_) => 1,
    }
}

/// Runs the host of a demonstration; the exit code.
pub async fn host(args: PartArgs) -> u8 {
    log::keep_in(&args.data);
    ended(demo::host(args.data, args.temporary).await)
}

/// Runs the engine of a demonstration; the exit code.
pub async fn engine(args: PartArgs) -> u8 {
    log::keep_in(&args.data);
    ended(demo::engine(args.data, args.temporary).await)
}

/// Runs a sample service until TERM; the exit code.
pub async fn service(args: ServiceArgs) -> u8 {
    let served = service::serve(&args.release, |name| std::env::var(name).ok()).await;
    ended(served.map_err(|fault| Text::new(fault.to_string())))
}

fn ended(ended: Result<(), Text>) -> u8 {
    match ended {
        Ok(()) => 0,
        Err(fault) => {
            eprintln!("error: {fault}");
            1
        }
    }
}
