//! What going back takes with it, and what it leaves as it is: in words, for the plan, the sheet and the command line.

use std::time::Duration;

use super::{Plan, World};
use crate::clock::since;
use crate::domain::change::{Back, Changes};
use crate::domain::flag::{Flag, FlagState};
use crate::domain::ids::Place;
use crate::domain::text::Text;

/// How far back a changed flag is worth a word: what was changed since the last working day.
const LATELY: Duration = Duration::from_hours(24);
/// How many commits, and how many migrations, are named.
const NAMED: usize = 3;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What is said.
    pub words: Text,
    /// Whether it has to be thought of.
    pub heed: bool,
}

/// What `plan` goes back over and what it leaves; nothing where no earlier release comes back.
pub fn lines(world: &World<'_>, plan: &Plan) -> Vec<Line> {
    let Some(back) = &plan.back else { return Vec::new() };
    let changes = world.store.taken_back(back).map(|seen| &seen.value);
    let mut lines = vec![over(back, changes), stays(changes)];
    lines.extend(flags(world, &back.place));
    lines
}

fn over(back: &Back, changes: Option<&Changes>) -> Line {
    let words = match changes {
        None => format!("what lies between {} and {} is not known here", back.to, back.from),
        Some(changes) if changes.count() == 0 => "takes back no change".into(),
        Some(changes) => {
            let titles = changes.commits.iter().map(|commit| commit.title.as_str());
            format!("takes back {}: {}", counted(changes.count(), "change"), listed(titles, changes.count(), "; "))
        }
    };
    Line { words: Text::new(words), heed: changes.is_none() }
}

/// What stays of the data: the program goes back, and a database that was migrated does not.
fn stays(changes: Option<&Changes>) -> Line {
    let migrations = changes.map(|changes| changes.migrations().map(|file| file.path.as_str()).collect::<Vec<_>>());
    let words = match &migrations {
        None => "data and configuration stay; whether there were migrations is not known here".into(),
        Some(files) if files.is_empty() => "data and configuration stay; no migration is among its changes".into(),
        Some(files) => {
            let count = files.len() as u64;
            let names = listed(files.iter().copied(), count, ", ");
            format!("data and configuration stay, and so does what {} did: {names}", counted(count, "migration"))
        }
    };
    Line { words: Text::new(words), heed: migrations.is_none_or(|files| !files.is_empty()) }
}

/// The flags that the service reads and that were changed there lately.
fn flags(world: &World<'_>, place: &Place) -> Option<Line> {
    let lately = |state: &FlagState| state.changed_at.is_some_and(|at| since(at, world.now) <= LATELY);
    let read = world.store.flags().map(|seen| &seen.value).filter(|flag| flag.services.contains(&place.service));
    let here = |flag: &'_ Flag| {
        flag.environments.iter().find(|state| state.name == place.environment && lately(state)).cloned()
    };
    let changed = read.filter_map(|flag| Some((flag, here(flag)?))).map(|(flag, state)| {
        let stands = if state.enabled { "on" } else { "off" };
        let by = state.changed_by.map(|by| format!(" by {by}")).unwrap_or_default();
        format!("{} {stands}{by}", flag.key)
    });
    let changed: Vec<_> = changed.collect();
    let words = format!("flags changed in the last day stay: {}", changed.join(", "));
    (!changed.is_empty()).then(|| Line { words: Text::new(words), heed: true })
}

/// The first few, and how many more there are.
fn listed<'a>(names: impl Iterator<Item = &'a str>, count: u64, between: &str) -> String {
    let mut first: Vec<_> = names.take(NAMED).map(str::to_owned).collect();
    let more = count.saturating_sub(first.len() as u64);
    first.extend((more > 0).then(|| format!("{more} more")));
    first.join(between)
}

fn counted(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
