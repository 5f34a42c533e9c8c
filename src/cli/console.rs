//! The console: opened on a context of the configuration, on a terminal.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use jiff::tz::TimeZone;

use super::arguments::{Color, Globals};
use super::failure::{Failure, code};
use super::report::Report;
use super::session::{self, Session};
use crate::config::{self, Config, Context};
use crate::domain::nearest::nearest;
use crate::runtime::console::{Console, End};
use crate::ui::glyphs::Glyphs;
use crate::ui::keymap::{Change, Keymap};
use crate::ui::theme::{ColorWish, Depth, Theme};
use crate::ui::{Settings, keymap};

/// Opens the console and stays until it is left; the exit code.
pub fn run(globals: &Globals) -> u8 {
    open(globals).unwrap_or_else(|failure| Report::failed(&failure).print("console", globals.json))
}

fn open(globals: &Globals) -> Result<u8, Failure> {
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        let failure = Failure::usage("the console needs a terminal");
        return Err(failure.hint("without one, ask: leverframe status; see leverframe --help"));
    }
    let mut globals = globals.clone();
    loop {
        let end =
            console(&globals)?.run().map_err(|error| Failure::new(code::FAILED, "terminal", error.to_string()))?;
        match end {
            End::Exit(code) => return Ok(code),
            End::Switch(context) => globals.context = Some(context),
        }
    }
}

fn console(globals: &Globals) -> Result<Console, Failure> {
    let config = config::load(globals.config.as_deref()).map_err(|fault| session::configuration(&fault))?;
    let context = config.context(globals.context.as_deref()).map_err(|fault| session::configuration(&fault))?;
    let settings = settings(globals, &config, context)?;
    let Session { store, policy, operator, backends, clock, .. } = Session::of(globals, &config, context)?;
    Ok(Console {
        topology: store.topology_handle(),
        backends,
        policy,
        operator,
        settings,
        mouse: config.look.mouse,
        notify: config.look.notify.clone(),
        state_dir: config.state_dir.clone(),
        clock,
    })
}

fn settings(globals: &Globals, config: &Config, context: &Context) -> Result<Settings, Failure> {
    let wish = match globals.color {
        Color::Never => ColorWish::Never,
        Color::Auto => ColorWish::Auto,
        Color::Always => ColorWish::Always,
    };
    Ok(Settings {
        theme: theme(config, context)?,
        depth: Depth::detect(wish, variable),
        glyphs: match config.look.glyphs {
            config::Glyphs::Auto => Glyphs::detect(variable),
            config::Glyphs::Unicode => Glyphs::Unicode,
            config::Glyphs::Ascii => Glyphs::Ascii,
        },
        zone: match config.look.time {
            config::Time::Local => TimeZone::system(),
            config::Time::Utc => TimeZone::UTC,
        },
        keymap: keymap(config)?,
        contexts: config.contexts.iter().map(|context| context.name.clone()).collect(),
        size: crate::runtime::terminal::screen::size(),
    })
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The theme: the context's, else the file's, else the one that suits where the terminal stands.
fn theme(config: &Config, context: &Context) -> Result<String, Failure> {
    let name = match context.theme.as_ref().or(config.look.theme.as_ref()) {
        Some(config::Theme::Always(name)) => name.clone(),
        Some(config::Theme::Either { dark, light }) => if light_terminal() { light } else { dark }.clone(),
        // Over SSH nothing is known of the terminal but that its user chose its 16 colours.
        None if variable("SSH_CONNECTION").is_some() => "terminal".into(),
        None if light_terminal() => "leverframe-light".into(),
        None => "leverframe".into(),
    };
    if Theme::names().any(|known| known == name) {
        return Ok(name);
    }
    let failure = in_file(config, &format!("there is no theme `{name}`"));
    Err(match nearest(&name, Theme::names()) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint(format!("there is {}", Theme::names().collect::<Vec<_>>().join(", "))),
    })
}

/// Whether the terminal says that its background is light: `COLORFGBG` ends in a light colour's number.
fn light_terminal() -> bool {
    let said = variable("COLORFGBG").unwrap_or_default();
    matches!(said.rsplit(';').next(), Some("7" | "15"))
}

fn keymap(config: &Config) -> Result<Keymap, Failure> {
    let changes = config.keys.iter().map(|change| Change {
        section: &change.section,
        action: &change.action,
        keys: &change.keys,
    });
    Keymap::with(changes).map_err(|invalid: keymap::Invalid| in_file(config, &invalid.to_string()))
}

/// A failure of the configuration that only the screen can see.
fn in_file(config: &Config, message: &str) -> Failure {
    let file = config.path.clone().unwrap_or_else(|| PathBuf::from("the configuration"));
    Failure::usage(format!("{}: {message}", file.display()))
}
