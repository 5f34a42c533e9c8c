//! `engine serve`: runs an engine until it is told to end.

use std::net::SocketAddr;
use std::sync::Arc;

use clap::Args;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::{Data, output};
use crate::clock::System;
use crate::engine::{Fault, Settings, serve as run};
use crate::runtime::log;

/// How to run an engine.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    #[command(flatten)]
    data: Data,
    /// Where to listen, on this machine's loopback; the first start takes a free port, later ones the same again
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// End the services that the engine started, when it ends
    #[arg(long)]
    stop_instances: bool,
}

/// Runs until INT or TERM; the exit code.
pub async fn serve(args: ServeArgs) -> u8 {
    let ServeArgs { data, listen, stop_instances } = args;
    let settings = Settings { data: data.data, listen, stop_instances, ..Settings::default() };
    let config = settings.data.join("config.toml");
    log::keep_in(&settings.data);
    let cancel = CancellationToken::new();
    if let Err(error) = end_on_signals(&cancel) {
        output::error(&format!("signals cannot be received: {error}"), None);
        return 1;
    }
    let ready = |ready: &crate::engine::Ready| {
        println!("ready {} at {}, pid {}", config.display(), ready.url, ready.pid);
    };
    match run(settings, Arc::new(System), cancel, ready).await {
        Ok(()) => 0,
        Err(fault) => {
            output::error(&fault.to_string(), fault.hint().as_deref());
            if matches!(fault, Fault::Folder(crate::engine::FolderFault::Taken { .. })) { 3 } else { 1 }
        }
    }
}

fn end_on_signals(cancel: &CancellationToken) -> std::io::Result<()> {
    for kind in [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()] {
        let (mut signals, cancel) = (signal(kind)?, cancel.clone());
        tokio::spawn(async move {
            signals.recv().await;
            cancel.cancel();
        });
    }
    Ok(())
}
