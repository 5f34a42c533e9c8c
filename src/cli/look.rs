//! How the console is to look, from configuration, command line and environment. What is wrong in the configuration that
//! only the screen can tell is told as every other fault of it.

use jiff::tz::TimeZone;

use super::arguments::{Color, Globals};
use super::failure::Failure;
use super::{report, session};
use crate::config::{self, Config, Context, Faults, Wrong};
use crate::domain::nearest::nearest;
use crate::runtime::terminal::links;
use crate::runtime::themes::Folder;
use crate::ui::glyphs::Glyphs;
use crate::ui::keymap::{Change, Keymap};
use crate::ui::theme::{ColorWish, Depth, Themes};
use crate::ui::{Settings, keymap};

/// The settings of a console on `context`; `folder` is where the operator's themes lie.
pub fn settings(globals: &Globals, config: &Config, context: &Context, folder: &Folder) -> Result<Settings, Failure> {
    let themes = Themes::of(&folder.changed().unwrap_or_default());
    Ok(Settings {
        theme: theme(config, context, &themes).map_err(refused)?,
        themes,
        depth: Depth::detect(wish(globals), variable),
        glyphs: glyphs(&config.look),
        zone: zone(config),
        keymap: keymap(config).map_err(refused)?,
        contexts: config.contexts.iter().map(|context| context.name.clone()).collect(),
        size: crate::runtime::terminal::screen::size(),
    })
}

/// The zone in which exact times are told.
pub fn zone(config: &Config) -> TimeZone {
    match config.look.time {
        config::Time::Local => TimeZone::system(),
        config::Time::Utc => TimeZone::UTC,
    }
}

/// Whether words on the screen lead somewhere.
pub fn links(look: &config::Look) -> bool {
    match look.links {
        config::Links::Auto => links::known(variable),
        config::Links::Always => true,
        config::Links::Never => false,
    }
}

/// The signs: those of the configuration, else those that the terminal has.
pub fn glyphs(look: &config::Look) -> Glyphs {
    match look.glyphs {
        config::Glyphs::Auto => Glyphs::detect(variable),
        config::Glyphs::Unicode => Glyphs::Unicode,
        config::Glyphs::Ascii => Glyphs::Ascii,
    }
}

/// Reads the configuration; from now on what is written for people is in its signs.
pub fn configuration(globals: &Globals) -> Result<Config, Failure> {
    let config = config::load(globals.config.as_deref()).map_err(|fault| session::configuration(&fault))?;
    report::write_in(glyphs(&config.look));
    Ok(config)
}

/// Everything that is wrong with keys, themes and theme files.
pub fn check(config: &Config) -> Result<(), Failure> {
    let themes = Themes::of(&Folder::new(config.theme_dir.clone()).changed().unwrap_or_default());
    let mut faults: Vec<_> = keymap(config).err().into_iter().flat_map(|faults| faults.0).collect();
    for (path, chosen) in chosen(config) {
        faults.extend(names(&path, chosen).filter_map(|(path, name)| unknown(config, &path, name, &themes)));
    }
    faults.sort_by_key(|fault| (fault.line, fault.column));
    faults.extend(themes.faults().flat_map(|(_, faults)| faults.0.clone()));
    if faults.is_empty() { Ok(()) } else { Err(refused(Faults(faults))) }
}

/// Every theme that the configuration chooses, and where.
fn chosen(config: &Config) -> Vec<(Vec<&str>, &config::Theme)> {
    let own = config.look.theme.iter().map(|theme| (vec!["theme"], theme));
    let contexts = config.contexts.iter();
    let theirs =
        contexts.filter_map(|context| Some((vec!["contexts", &context.name, "theme"], context.theme.as_ref()?)));
    own.chain(theirs).collect()
}

/// The names in a choice of themes, and where each stands.
fn names<'a>(path: &[&'a str], theme: &'a config::Theme) -> impl Iterator<Item = (Vec<&'a str>, &'a str)> {
    let below = |key: &'static str| path.iter().copied().chain([key]).collect::<Vec<_>>();
    let names = match theme {
        config::Theme::Always(name) => vec![(path.to_vec(), name.as_str())],
        config::Theme::Either { dark, light } => vec![(below("dark"), dark.as_str()), (below("light"), light.as_str())],
    };
    names.into_iter()
}

fn refused(faults: Faults) -> Failure {
    session::configuration(&config::Fault::Wrong(faults))
}

/// Which colours are wanted.
pub const fn wish(globals: &Globals) -> ColorWish {
    match globals.color {
        Color::Never => ColorWish::Never,
        Color::Auto => ColorWish::Auto,
        Color::Always => ColorWish::Always,
    }
}

/// A variable of the environment, also where what it says is no text.
pub fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

/// The theme: the context's, else the file's, else the one that suits where the terminal stands.
fn theme(config: &Config, context: &Context, themes: &Themes) -> Result<String, Faults> {
    let (path, chosen) = match (&context.theme, &config.look.theme) {
        (Some(theme), _) => (vec!["contexts", context.name.as_str(), "theme"], theme),
        (None, Some(theme)) => (vec!["theme"], theme),
        (None, None) => return Ok(by_default().to_owned()),
    };
    let mut names = names(&path, chosen);
    // Of two the second is for light terminals.
    let (path, name) = match (names.next(), names.next()) {
        (_, Some(light)) if light_terminal() => light,
        (Some(first), _) => first,
        (None, _) => return Ok(by_default().to_owned()),
    };
    // A theme that is there and broken is told in its own words.
    if let Some((_, faults)) = themes.faults().find(|(broken, _)| *broken == name) {
        return Err(faults.clone());
    }
    match unknown(config, &path, name, themes) {
        Some(fault) => Err(Faults(vec![fault])),
        None => Ok(name.to_owned()),
    }
}

fn by_default() -> &'static str {
    match (variable("SSH_CONNECTION"), light_terminal()) {
        // Over SSH nothing is known of the terminal but that its user chose its 16 colours.
        (Some(_), _) => "terminal",
        (None, true) => "leverframe-light",
        (None, false) => "leverframe",
    }
}

/// The fault of a name that no theme has.
fn unknown(config: &Config, path: &[&str], name: &str, themes: &Themes) -> Option<Wrong> {
    let known = themes.names();
    if known.contains(&name) || themes.faults().any(|(broken, _)| broken == name) {
        return None;
    }
    let hint = match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => format!("there is {}; your own lie in {}", known.join(", "), config.theme_dir.display()),
    };
    Some(config.wrong(path, &format!("there is no theme \"{name}\""), Some(&hint)))
}

/// Whether the terminal says that its background is light: `COLORFGBG` ends in a light colour's number.
fn light_terminal() -> bool {
    let said = variable("COLORFGBG").unwrap_or_default();
    matches!(said.rsplit(';').next(), Some("7" | "15"))
}

fn keymap(config: &Config) -> Result<Keymap, Faults> {
    let changes = config.keys.iter().map(|change| Change {
        section: &change.section,
        action: &change.action,
        keys: &change.keys,
    });
    Keymap::with(changes.clone()).map_err(|invalid| {
        let path = match (changes.rev().find(|change| invalid.comes_of(change)), &invalid) {
            (Some(change), keymap::Invalid::Section(..)) => vec!["keys", change.section],
            (Some(change), _) => vec!["keys", change.section, change.action],
            (None, _) => vec!["keys"],
        };
        Faults(vec![config.wrong(&path, &invalid.to_string(), Some(&invalid.hint()))])
    })
}
