//! `engine init`: writes a first pipeline file.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::output;
use crate::domain::observation::ProblemKind;
use crate::domain::text::Text;
use crate::engine::init::{Fault, Written, write};

/// For which repository.
#[derive(Debug, Clone, Args)]
pub struct InitArgs {
    /// The root of the repository
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Write the file anew if there is one
    #[arg(long)]
    force: bool,
}

/// Writes the file; the exit code.
pub fn init(args: &InitArgs, json: bool) -> u8 {
    match write(&args.folder, args.force) {
        Err(fault) => {
            let (kind, code) = kind(&fault);
            output::problem("engine_init", kind, &fault.to_string(), fault.hint(), json);
            code
        }
        Ok(written) if json => {
            output::document("engine_init", &json!({ "path": written.path, "guess": written.guess }));
            0
        }
        Ok(written) => {
            print(&written);
            0
        }
    }
}

fn print(written: &Written) {
    let path = Text::new(written.path.to_string_lossy());
    let folder = Text::new(written.path.parent().unwrap_or(&written.path).to_string_lossy());
    println!("wrote {path}: service {}, {}", written.guess.service, written.guess.kind);
    if written.guess.start.is_none() {
        println!("how it is started could not be guessed: the file says where to name it");
    }
    println!("next: look at it, commit it, and let an engine run it:");
    println!("  leverframe engine serve");
    println!("  leverframe engine add {folder}");
}

const fn kind(fault: &Fault) -> (ProblemKind, u8) {
    match fault {
        Fault::Exists(_) => (ProblemKind::Unsupported, 3),
        Fault::Nothing(_) | Fault::NoFolder(_) => (ProblemKind::NotFound, 2),
        Fault::System { .. } => (ProblemKind::Server, 1),
    }
}
