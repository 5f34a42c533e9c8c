//! The console: opened on a context of the configuration, on a terminal.

use std::io::IsTerminal as _;
use std::sync::Arc;

use super::arguments::Globals;
use super::failure::{Failure, code};
use super::look;
use super::report::Report;
use super::session::{self, Session};
use crate::backends::http::Hosts;
use crate::runtime::console::{Console, End};
use crate::runtime::notify::Between;
use crate::runtime::saved::Files;
use crate::runtime::themes::Folder;

/// Opens the console and stays until it is left; the exit code.
pub fn run(globals: &Globals) -> u8 {
    open(globals).unwrap_or_else(|failure| Report::failed(&failure).print("console", globals.json))
}

fn open(globals: &Globals) -> Result<u8, Failure> {
    if let Some(why) = unfit(look::variable) {
        return Err(Failure::usage(why).hint("without one, ask: leverframe status; see leverframe --help"));
    }
    // A host that rests does so whichever context it is looked at in.
    let (mut globals, hosts) = (globals.clone(), Hosts::default());
    loop {
        let end = console(&globals, &hosts)?
            .run()
            .map_err(|error| Failure::new(code::FAILED, "terminal", error.to_string()))?;
        match end {
            End::Exit(code) => return Ok(code),
            End::Switch(context) => globals.context = Some(context),
        }
    }
}

/// Why the console cannot be drawn here, if it cannot. Nothing is sent to a terminal that would show it as text.
pub fn unfit(variable: impl Fn(&str) -> Option<String>) -> Option<&'static str> {
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Some("the console needs a terminal");
    }
    let dumb = variable("TERM").is_some_and(|name| name == "dumb");
    dumb.then_some("the console needs a terminal that can be drawn on, and TERM says that this one is dumb")
}

fn console(globals: &Globals, hosts: &Hosts) -> Result<Console, Failure> {
    let config = look::configuration(globals)?;
    let context = config.context(globals.context.as_deref()).map_err(|fault| session::configuration(&fault))?;
    let themes = Arc::new(Folder::new(config.theme_dir.clone()));
    let settings = look::settings(globals, &config, context, &themes)?;
    let Session { store, policy, operator, backends, clock, .. } = Session::of(globals, &config, context, hosts)?;
    let sources = config.sources.iter().map(|source| (source.name.as_str(), source.url.as_str()));
    Ok(Console {
        topology: store.topology_handle(),
        backends,
        policy,
        operator,
        settings,
        mouse: config.look.mouse && Between::detect(look::variable).has_mouse(),
        links: look::links(&config.look),
        notify: config.look.notify.clone(),
        saved: Files::of(&config.state_dir, &context.name, sources),
        state_dir: config.state_dir.clone(),
        themes,
        clock,
    })
}
