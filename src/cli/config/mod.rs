//! `config`: where the configuration lies, whether it can be used, and what may stand in it.

mod init;

use std::path::Path;

use clap::Subcommand;
use serde_json::json;

use super::arguments::Globals;
use super::failure::{Failure, code};
use super::look;
use super::report::Report;
use super::session::configuration;
use crate::config::{self, Places};
use crate::domain::text::Text;

/// What about it.
#[derive(Debug, Clone, Subcommand)]
pub enum ConfigCommand {
    /// Say which file is used
    Path,
    /// Write a first one, and look whether what it leads to is there
    Init(Box<init::InitArgs>),
    /// Read it and say what is wrong; no source is asked, which `doctor` does
    Check,
    /// Print the JSON Schema of the file, for editors
    Schema,
}

impl ConfigCommand {
    /// The command's words, joined as documents name it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Path => "config_path",
            Self::Init(_) => "config_init",
            Self::Check => "config_check",
            Self::Schema => "config_schema",
        }
    }

    /// Carries it out.
    pub async fn run(&self, globals: &Globals) -> Result<Report, Failure> {
        match self {
            Self::Path => path(globals),
            Self::Init(args) => init::init(args, globals).await,
            Self::Check => check(globals),
            Self::Schema => schema(),
        }
    }
}

fn shown(path: &Path) -> Text {
    Text::new(path.to_string_lossy())
}

fn path(globals: &Globals) -> Result<Report, Failure> {
    let place = config::place(globals.config.as_deref(), &Places::here());
    let (path, _) = place.map_err(|fault| configuration(&fault))?;
    let (path, exists) = (shown(&path), path.exists());
    Ok(Report::new(json!({ "path": path, "exists": exists }), format!("{path}\n")))
}

fn schema() -> Result<Report, Failure> {
    let data = serde_json::from_str(config::SCHEMA);
    let data = data.map_err(|error| Failure::new(code::FAILED, "internal", error.to_string()))?;
    Ok(Report::new(data, config::SCHEMA.to_owned()))
}

fn check(globals: &Globals) -> Result<Report, Failure> {
    let config = look::configuration(globals)?;
    let context = config.context(globals.context.as_deref()).map_err(|fault| configuration(&fault))?;
    look::check(&config)?;
    let path = config.path.as_deref().map(shown);
    let (sources, contexts) = (config.sources.len(), config.contexts.len());
    let names: Vec<_> = config.contexts.iter().map(|context| Text::new(&context.name)).collect();
    let data = json!({
        "path": path,
        "state_dir": shown(&config.state_dir),
        "sources": config.sources.iter().map(|source| json!({ "name": source.name })).collect::<Vec<_>>(),
        "contexts": names,
    });
    let lines = match &path {
        Some(path) => format!("{path} is in order: {sources} sources, {contexts} contexts\n"),
        None => "there is no configuration; everything is as it is by default\n".to_owned(),
    };
    Ok(Report { context: Some(context.name.clone()), ..Report::new(data, lines) })
}
