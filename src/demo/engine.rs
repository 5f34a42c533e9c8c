//! The engine of a demonstration, a process of its own. It ends with whoever started it: at TERM, or at the end of its
//! standard input, which comes however that process ends.

use std::path::PathBuf;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::seeding::{OWNER, SECOND};
use super::{ending, leftover};
use crate::clock::System;
use crate::domain::text::Text;
use crate::engine::{Guest, Settings, serve};

/// The file of the second person's token.
pub const SECOND_TOKEN: &str = "second.token";
/// Where the owner's console keeps its state, below the folder.
pub const STATE: &str = "state";

/// Runs the engine in `folder` until it is told to end, and then ends its services too. Says `ready`, or why not, as one
/// line on its standard output. A folder that is `temporary` is removed at the end.
pub async fn run(folder: PathBuf, temporary: bool) -> Result<(), Text> {
    let cancel = CancellationToken::new();
    ending::on_signals(&cancel).map_err(|error| Text::new(error.to_string()))?;
    ending::at_end_of_input(&cancel);
    let settings = Settings {
        data: folder.clone(),
        listen: None,
        owner: Some(OWNER.to_owned()),
        people: vec![Guest {
            name: SECOND.to_owned(),
            roles: vec!["operator".to_owned(), "release-manager".to_owned()],
            file: SECOND_TOKEN.to_owned(),
        }],
        state_dir: Some(STATE.to_owned()),
        stop_instances: true,
    };
    let served = serve(settings, Arc::new(System), cancel, |ready| ending::say(&format!("ready {}", ready.url))).await;
    let fault = served.err().map(|fault| Text::new(fault.to_string()));
    if let Some(fault) = &fault {
        ending::say(&format!("failed {fault}"));
    }
    if temporary {
        leftover::end(&folder).await;
        leftover::remove(&folder).map_err(|error| Text::new(error.to_string()))?;
    }
    fault.map_or(Ok(()), Err)
}
