//! Events: everything that happens to the program, in the past tense and in one total order. What a recorder keeps.

use super::pull;
use super::unsettled::Unsettled;
use crate::domain::budget::Budget;
use crate::domain::confirmation::Confirmation;
use crate::domain::ids::SourceName;
use crate::domain::observation::Observation;
use crate::domain::sought::Step;
use crate::domain::text::Text;
use crate::store::Part;
use crate::store::past::Took;
use crate::ui::Input;
use crate::ui::theme::File;

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The operator did something at the terminal.
    Entered(Input),
    /// The rest of the last known state was read.
    Restored(Box<Part>),
    /// A source answered, or failed to.
    Observed(Observation),
    /// A source told how often it may still be asked.
    Heard(SourceName, Option<Budget>),
    /// A stretch of a log was looked through, or its source failed.
    Sought(u64, Result<Step, Text>),
    /// A lever's pull went on.
    Pulled(u64, pull::Event),
    /// What was asked for with this phrase was found at a source, or why not.
    Found(SourceName, Text, Result<Box<Confirmation>, Text>),
    /// What became of the glass is in the journal, or could not be written.
    Noted(Result<u64, String>),
    /// These intents of killed processes got their outcome: unknown. Or the journal does not let them have it.
    Settled(Result<Vec<Unsettled>, String>),
    /// The journal tells how long deeds took.
    Recalled(Vec<Took>),
    /// The time asked for has come.
    Due,
    /// The operator's theme files are other than before: this is all of them.
    ThemesRead(Vec<File>),
    /// A frame with all that was known is on the screen.
    Painted,
    /// Something that was asked for beside the facts ended: copying, opening an address, saving a log.
    Told(String),
    /// The program was told to end, by a signal or because its terminal is gone; the exit code.
    Ended(u8),
}
