//! The console: what `leverframe` opens without a command.

use super::arguments::Globals;
use super::failure::Failure;
use super::report::Report;

/// Runs it; the exit code.
pub fn run(globals: &Globals) -> u8 {
    let failure =
        Failure::usage("the console is not there yet").hint("leverframe status shows the same: leverframe --help");
    Report::failed(&failure).print("console", globals.json)
}
