//! `leverframe demo`: an engine with sample services under traffic, and the console on it; and the hidden commands of the
//! processes that it is made of.

use std::path::PathBuf;

use clap::Args;
use tokio_util::sync::CancellationToken;

use crate::demo::{self, Stage, StageFault, service};
use crate::domain::text::Text;

/// How to run the demonstration.
#[derive(Debug, Clone, Args)]
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

/// Runs the demonstration; the exit code.
pub async fn run(args: RunArgs) -> u8 {
    let cancel = CancellationToken::new();
    if let Err(error) = demo::on_signals(&cancel) {
        eprintln!("error: signals cannot be received: {error}");
        return 1;
    }
    let mut stage = match Stage::start(args.keep.as_deref()) {
        Ok(stage) => stage,
        Err(fault) => return refused(&fault),
    };
    let played = play(&mut stage, &cancel).await;
    stage.end().await;
    played.map_or_else(|fault| refused(&fault), |()| 0)
}

/// Says when it is ready, and waits until it is told to end.
async fn play(stage: &mut Stage, cancel: &CancellationToken) -> Result<(), StageFault> {
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
        StageFault::Host(_) => 1,
    }
}

/// Runs the host of a demonstration; the exit code.
pub async fn host(args: PartArgs) -> u8 {
    ended(demo::host(args.data, args.temporary).await)
}

/// Runs the engine of a demonstration; the exit code.
pub async fn engine(args: PartArgs) -> u8 {
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
