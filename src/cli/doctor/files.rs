//! The configuration, the folder of state, and the journal in it.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use rustix::fs::{Access, access};

use super::check::Check;
use crate::cli::arguments::Globals;
use crate::cli::failure::Failure;
use crate::cli::look;
use crate::cli::session::configuration;
use crate::config::{Config, Context};
use crate::domain::text::Text;
use crate::runtime::journal::Journal;
use crate::runtime::log;

/// The configuration and the context that holds, or why the console would not begin.
pub fn read(globals: &Globals) -> Result<(Config, Context), Failure> {
    let config = look::configuration(globals)?;
    let context = config.context(globals.context.as_deref()).map_err(|fault| configuration(&fault))?.clone();
    look::check(&config)?;
    Ok((config, context))
}

/// How the configuration stands that was read.
pub fn configured(config: &Config) -> Check {
    const AREA: &str = "configuration";
    let Some(path) = &config.path else {
        return Check::wrong(AREA, "there is none")
            .hint("write one: leverframe config init; or look around: leverframe demo");
    };
    let shown = shown(path);
    if config.sources.is_empty() {
        let hint =
            "name one under [[sources]]: config.example.toml shows how; an engine writes one: leverframe engine serve";
        return Check::wrong(AREA, format!("{shown} names no source to look at")).hint(hint);
    }
    let mode = fs::metadata(path).map_or(0, |file| file.mode());
    if mode & 0o022 != 0 {
        // It names programs that are run.
        let message = format!("others may change {shown} (mode {:03o})", mode & 0o777);
        return Check::caution(AREA, message).hint(format!("close it: chmod go-w {shown}"));
    }
    let (sources, contexts) = (config.sources.len(), config.contexts.len());
    Check::ok(AREA, format!("{shown}: {sources} sources, {contexts} contexts"))
}

/// Whether the console can keep what it writes, and nobody else reads it.
pub fn state_folder(folder: &Path) -> Check {
    const AREA: &str = "state folder";
    let hint = "nothing can be done without a journal: set state_dir to a folder of your own";
    let shown = shown(folder);
    match fs::metadata(folder) {
        Ok(found) if !found.is_dir() => Check::wrong(AREA, format!("{shown} is no folder")).hint(hint),
        Ok(found) => match access(folder, Access::WRITE_OK | Access::EXEC_OK) {
            Err(error) => Check::wrong(AREA, format!("nothing can be written into {shown}: {error}")).hint(hint),
            Ok(()) if found.mode() & 0o077 != 0 => {
                let message = format!("others may look into {shown} (mode {:03o})", found.mode() & 0o777);
                Check::caution(AREA, message).hint(format!("close it: chmod 700 {shown}"))
            }
            Ok(()) => Check::ok(AREA, format!("{shown}, mode {:03o}", found.mode() & 0o777)),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => match access(standing(folder), Access::WRITE_OK) {
            Err(error) => Check::wrong(AREA, format!("{shown} cannot be made: {error}")).hint(hint),
            Ok(()) => Check::ok(AREA, format!("{shown} is made when something is kept for the first time")),
        },
        Err(error) => Check::wrong(AREA, format!("{shown} cannot be looked into: {error}")).hint(hint),
    }
}

/// The nearest folder above `folder` that is there.
fn standing(folder: &Path) -> &Path {
    folder.ancestors().skip(1).find(|above| above.exists()).unwrap_or(Path::new("/"))
}

/// Whether the journal is whole.
pub fn journal(folder: &Path) -> Check {
    const AREA: &str = "journal";
    let verified = match Journal::open(folder).verify(&[]) {
        Ok(verified) => verified,
        Err(fault) => {
            let check = Check::wrong(AREA, fault.to_string());
            return match fault.hint {
                Some(hint) => check.hint(hint.as_str()),
                None => check,
            };
        }
    };
    match verified.broken {
        Some(broken) => Check::wrong(AREA, format!("broken after {} entries: {broken}", verified.entries))
            .hint("keep the file for whoever has to explain it; one that is moved away is begun anew"),
        None if verified.entries == 0 => Check::ok(AREA, "nothing was done from here yet"),
        None => Check::ok(AREA, format!("{} entries, whole", verified.entries)),
    }
}

/// Where what fails inside is written down, and whether anything was.
pub fn log(folder: &Path) -> Check {
    const AREA: &str = "log";
    if let Some(word) = std::env::var(log::VARIABLE).ok().filter(|word| !log::LEVELS.contains(&word.as_str())) {
        let hint = format!("it is one of {}", log::LEVELS.join(", "));
        return Check::caution(AREA, format!("{} is `{word}`, which is no level", log::VARIABLE)).hint(hint);
    }
    let path = log::path(folder);
    let written =
        if path.exists() { "is where what fails inside is written down" } else { "is empty: nothing failed inside" };
    Check::ok(AREA, format!("{} {written}", shown(&path)))
}

fn shown(path: &Path) -> Text {
    Text::new(path.to_string_lossy())
}
