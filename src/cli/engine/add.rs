//! `engine add`: registers a repository.

use clap::Args;

use super::{Data, output};
use crate::engine::client::{Client, Fault};
use crate::protocol::{Register, Registered, paths};

/// Which repository.
#[derive(Debug, Clone, Args)]
pub struct AddArgs {
    /// A folder of this machine, or a URL
    repository: String,
    /// The branch whose commits run; the repository's default one if it is not named
    #[arg(long)]
    branch: Option<String>,
    #[command(flatten)]
    data: Data,
}

/// Registers it; the exit code.
pub async fn add(args: AddArgs, json: bool) -> u8 {
    match register(&args).await {
        Err(fault) => output::refused("engine_add", &fault, json),
        Ok(registered) if json => {
            output::document("engine_add", &registered);
            0
        }
        Ok(registered) => {
            println!("{} is registered; its newest commit runs now", registered.service);
            0
        }
    }
}

async fn register(args: &AddArgs) -> Result<Registered, Fault> {
    let client = Client::of(&args.data.data)?;
    // A folder is named from here; the engine works in another one.
    let here = std::path::Path::new(&args.repository);
    let repository = match here.canonicalize() {
        Ok(path) => path.to_string_lossy().into_owned(),
        Err(_) => args.repository.clone(),
    };
    client.post(paths::SERVICES, &Register { repository, branch: args.branch.clone() }).await
}
