//! The first run: there is no configuration yet, and somebody is there to be asked what to begin with.

use std::io::IsTerminal as _;

use super::arguments::{Command, Globals};
use super::config::ConfigCommand;
use super::{ask, report};
use crate::config::{self, Places};
use crate::domain::text::Text;

/// What a start without a command begins with.
#[derive(Debug, Clone)]
pub enum First {
    /// The console.
    Console,
    /// A command instead.
    Command(Command),
    /// A command that connects the console, and then the console.
    Connect(Command),
    /// Nothing.
    Leave,
}

/// What to begin with: the console, unless there is nothing for it to look at and somebody chooses otherwise.
pub fn choose(globals: &Globals) -> First {
    let at_terminal = std::io::stdout().is_terminal() && ask::somebody_there();
    match missing(globals).filter(|_| at_terminal) {
        Some(place) => put(&place),
        None => First::Console,
    }
}

/// Where the configuration would lie, if there is none.
fn missing(globals: &Globals) -> Option<Text> {
    let (place, must) = config::place(globals.config.as_deref(), &Places::here()).ok()?;
    (!must && !place.exists()).then(|| Text::new(place.to_string_lossy()))
}

fn put(place: &Text) -> First {
    report::err(&format!(
        "\n  leverframe has no configuration yet: {place}\n\n\
         \x20   d  look around: sample services under traffic; nothing stays behind\n\
         \x20   i  connect: answer two questions, and the configuration is written\n\
         \x20   q  leave\n\n"
    ));
    loop {
        match ask::line("  d, i or q: ").as_deref() {
            Some("d" | "D") => return First::Command(Command::Demo(super::demo::RunArgs::default())),
            Some("i" | "I") => return First::Connect(Command::Config(ConfigCommand::Init(Box::default()))),
            Some("q" | "Q") | None => return First::Leave,
            Some(_) => {}
        }
    }
}
