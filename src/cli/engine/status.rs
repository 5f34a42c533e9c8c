//! `engine status`: how the engine stands, and whether its audit holds.

use clap::Args;

use super::{Data, output};
use crate::engine::client::{Client, Fault};
use crate::protocol::{EngineStatus, paths};

/// Of which engine.
#[derive(Debug, Clone, Args)]
pub struct StatusArgs {
    #[command(flatten)]
    data: Data,
}

/// Prints it; the exit code: 1 if something is wrong.
pub async fn status(args: StatusArgs, json: bool) -> u8 {
    let status = match ask(&args).await {
        Ok(status) => status,
        Err(fault) => return output::refused("engine_status", &fault, json),
    };
    if json {
        output::document("engine_status", &status);
    } else {
        print(&status);
    }
    u8::from(status.audit.broken.is_some() || status.paused.is_some())
}

async fn ask(args: &StatusArgs) -> Result<EngineStatus, Fault> {
    Client::of(&args.data.data)?.get(paths::STATUS).await
}

fn print(status: &EngineStatus) {
    println!("engine {}, pid {}, since {}", status.version, status.pid, status.started_at);
    println!("{} services, {} runs under way, {} instances", status.services, status.running, status.instances);
    match &status.audit.broken {
        None => println!("audit: {} entries, verified", status.audit.entries),
        Some(broken) => println!("audit: broken: {broken}"),
    }
    if let Some(paused) = &status.paused {
        println!("paused: {paused}");
    }
}
