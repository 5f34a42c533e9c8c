//! `man`: the manual page, made from the definition of the command line, so that it is never behind it.

use std::io;

use clap::{Arg, Command};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};
use serde_json::json;

use super::arguments;
use super::failure::{Failure, code};
use super::report::Report;

/// What every exit code says.
const CODES: [(&str, &str); 9] = [
    ("0", "done, and the end was observed"),
    ("1", "failed, or the contrary was observed; something was found"),
    ("2", "usage, configuration, an unknown name"),
    ("3", "refused by a rule, or not confirmed"),
    ("4", "the state had moved: nothing was sent"),
    ("5", "not signed in, or not allowed"),
    ("6", "a source cannot be reached"),
    ("7", "sent, and the end was not observed in time"),
    ("128+n", "ended by the signal n"),
];

const ENVIRONMENT: [(&str, &str); 6] = [
    ("LEVERFRAME_CONFIG", "the configuration to use; --config comes first"),
    ("LEVERFRAME_DATA", "the data folder of the embedded engine; --data comes first"),
    ("LEVERFRAME_COLOR", "auto, always or never; --color comes first, NO_COLOR and CLICOLOR after it"),
    (
        "LEVERFRAME_LOG",
        "how much of what fails inside goes into leverframe.log in the state folder: off, error, warn, info, debug",
    ),
    ("XDG_CONFIG_HOME", "the folder in which leverframe/config.toml lies, on every platform"),
    ("XDG_STATE_HOME", "the folder in which leverframe/ keeps the journal and the last known state, on every platform"),
];

/// The manual page.
pub fn man() -> Result<Report, Failure> {
    let page = page().map_err(|error| Failure::new(code::FAILED, "internal", error.to_string()))?;
    Ok(Report::new(json!({ "page": page }), page))
}

fn page() -> io::Result<String> {
    let mut command = arguments::told();
    command.build();
    let man = Man::new(command.clone());
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    rest(&command).to_writer(&mut page)?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

/// The sections that follow the options.
fn rest(command: &Command) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["COMMANDS"]);
    commands(&mut roff, command);
    for (title, pairs) in [("EXIT STATUS", &CODES[..]), ("ENVIRONMENT", &ENVIRONMENT[..])] {
        roff.control("SH", [title]);
        for (term, words) in pairs {
            entry(&mut roff, term, words);
        }
    }
    roff
}

/// Every command that does something, with what it takes beside what all of them take.
fn commands(roff: &mut Roff, parent: &Command) {
    for command in parent.get_subcommands().filter(|command| command.get_name() != "help") {
        if command.has_subcommands() {
            commands(roff, command);
            continue;
        }
        let usage = command.clone().render_usage().to_string();
        roff.control("SS", [usage.trim_start_matches("Usage: ")]);
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        roff.text([roman(about)]);
        for arg in command.get_arguments().filter(|arg| is_own(arg)) {
            entry(roff, &arg.to_string(), &arg.get_help().map(ToString::to_string).unwrap_or_default());
        }
    }
}

fn is_own(arg: &Arg) -> bool {
    !arg.is_global_set() && !arg.is_hide_set() && arg.get_id() != "help"
}

fn entry(roff: &mut Roff, term: &str, words: &str) {
    roff.control("TP", []);
    roff.text([bold(term)]);
    roff.text([roman(words)]);
}
