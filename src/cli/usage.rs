//! What clap finds wrong with the command line: exit 2, as a document where one is asked for.

use clap::CommandFactory as _;
use clap::error::ErrorKind;

use super::arguments::Arguments;
use super::failure::Failure;
use super::report::{Report, out};

/// Prints what clap says; the exit code.
pub fn refused(error: &clap::Error, words: &[String]) -> u8 {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        out(&error.render().to_string());
        return 0;
    }
    if !words.iter().any(|word| word == "--json") {
        // Where it cannot be printed, the exit code still says it.
        let _ = error.print();
        return super::failure::code::USAGE;
    }
    let text = error.render().to_string();
    let message = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
    let rest: Vec<_> = text.lines().skip(1).map(str::trim).filter(|line| !line.is_empty()).collect();
    let failure = Failure::usage(message);
    let failure = if rest.is_empty() { failure } else { failure.hint(rest.join("; ")) };
    Report::failed(&failure).print(&name(words), true)
}

/// The command's words as documents name it, as far as they are known.
fn name(words: &[String]) -> String {
    let mut command = Arguments::command();
    let mut name = Vec::new();
    for word in words.iter().skip(1).filter(|word| !word.starts_with('-')) {
        let Some(known) = command.find_subcommand(word).cloned() else { break };
        name.push(word.as_str());
        command = known;
    }
    if name.is_empty() { "usage".to_owned() } else { name.join("_") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_named_by_the_words_that_are_known() {
        let named = |line: &str| name(&line.split(' ').map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(named("leverframe status --bogus"), "status");
        assert_eq!(named("leverframe --json journal verify x"), "journal_verify");
        assert_eq!(named("leverframe bogus"), "usage");
    }

    #[test]
    fn the_definition_holds() {
        Arguments::command().debug_assert();
    }
}
