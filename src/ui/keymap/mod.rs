//! The keymap: which key means which command where. Made of the one table of records and of what the configuration
//! changes in it; a conflict is an error, never a silent winner.

mod key;
mod records;

use crossterm::event::KeyEvent;

pub use key::Key;
pub use records::{Group, RECORDS, Record};

use super::command::{Command, Section, View};
use crate::domain::nearest::nearest;

/// One record in one section, with the keys it has there.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Bound {
    record: &'static Record,
    section: Section,
    keys: Vec<Key>,
}

/// Which key means which command where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    bound: Vec<Bound>,
}

/// One change that the configuration makes: `[keys.SECTION]`, `ACTION = ["KEY", …]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change<'a> {
    /// The section; `global` holds wherever the action does.
    pub section: &'a str,
    /// The action's name.
    pub action: &'a str,
    /// Its keys; none take its keys away.
    pub keys: &'a [String],
}

/// Why a keymap cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// There is no such section; the nearest that there is.
    #[error("there is no section `{0}` of keys")]
    Section(String, Option<String>),
    /// There is no such action in this section; the nearest that there is, or the section that has it.
    #[error("there is no action `{0}` in the section `{1}` of keys")]
    Action(String, String, Result<Section, Option<String>>),
    /// There is no such key for this action.
    #[error("`{0}` for the action `{1}` is no key")]
    Key(String, String),
    /// Two actions want one key.
    #[error("`{key}` means both `{first}` and `{second}` in the section `{section}`")]
    Conflict {
        /// The key.
        key: String,
        /// Where.
        section: Section,
        /// The one.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
    /// Nothing would end the program.
    #[error("the action `quit` has no key: the program could not be left")]
    NoQuit,
}

impl Invalid {
    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::Section(_, Some(near)) | Self::Action(_, _, Err(Some(near))) => format!("did you mean `{near}`?"),
            Self::Section(..) => {
                let known: Vec<_> = sections().map(|section| format!("`{section}`")).collect();
                format!("there is {}", known.join(", "))
            }
            Self::Action(_, _, Ok(section)) => format!("it is one of the section `{section}`"),
            Self::Action(_, _, Err(None)) => "`?` in the console lists the actions".to_owned(),
            Self::Key(..) => "write a letter, `space`, `enter`, `ctrl-x`, `f5` …".to_owned(),
            Self::Conflict { .. } => "give one of them another key".to_owned(),
            Self::NoQuit => "leave it one".to_owned(),
        }
    }

    /// Whether `change` makes it so.
    pub fn comes_of(&self, change: &Change<'_>) -> bool {
        let Change { section: place, action, keys } = *change;
        match self {
            Self::Section(section, _) => section == place,
            Self::Action(name, section, _) => name == action && section == place,
            Self::Key(key, name) => name == action && keys.contains(key),
            Self::Conflict { key, first, second, .. } => {
                let same = |name: &String| Key::parse(name).is_some_and(|name| name.to_string() == *key);
                (action == *first || action == *second) && keys.iter().any(same)
            }
            Self::NoQuit => action == "quit" && keys.is_empty(),
        }
    }
}

/// The names of the sections.
fn sections() -> impl Iterator<Item = &'static str> {
    Section::ALL.iter().map(|section| section.as_str()).chain(["global"])
}

impl Default for Keymap {
    fn default() -> Self {
        let bound = RECORDS
            .iter()
            .flat_map(|record| record.sections.iter().map(move |section| (record, *section)))
            .map(|(record, section)| {
                let keys = record.keys.iter().filter_map(|key| Key::parse(key)).collect();
                Bound { record, section, keys }
            })
            .collect();
        Self { bound }
    }
}

impl Keymap {
    /// The keymap with what the configuration changes.
    pub fn with<'a>(changes: impl IntoIterator<Item = Change<'a>>) -> Result<Self, Invalid> {
        let mut keymap = Self::default();
        for change in changes {
            keymap.change(change)?;
        }
        keymap.check()?;
        Ok(keymap)
    }

    fn change(&mut self, change: Change<'_>) -> Result<(), Invalid> {
        let Change { section: place, action, keys } = change;
        let section = Section::from_word(place);
        if section.as_str() != place {
            return Err(Invalid::Section(place.into(), meant(place, sections())));
        }
        let keys: Vec<_> = keys
            .iter()
            .map(|key| Key::parse(key).ok_or_else(|| Invalid::Key(key.clone(), action.into())))
            .collect::<Result<_, _>>()?;
        let everywhere = section == Section::Global;
        let here = |bound: &Bound| everywhere || bound.section == section;
        let mut found = false;
        for bound in self.bound.iter_mut().filter(|bound| here(bound) && bound.record.name == action) {
            bound.keys.clone_from(&keys);
            found = true;
        }
        if found {
            return Ok(());
        }
        let known = self.bound.iter().filter(|bound| here(bound)).map(|bound| bound.record.name);
        let elsewhere = self.bound.iter().find(|bound| bound.record.name == action).map(|bound| bound.section);
        Err(Invalid::Action(action.into(), place.into(), elsewhere.ok_or_else(|| meant(action, known))))
    }

    fn check(&self) -> Result<(), Invalid> {
        if !self.bound.iter().any(|bound| bound.record.command == Command::View(View::Quit) && !bound.keys.is_empty()) {
            return Err(Invalid::NoQuit);
        }
        for section in Section::ALL {
            let here: Vec<_> = self.here(*section).collect();
            for (at, one) in here.iter().enumerate() {
                for other in &here[at + 1..] {
                    if let Some(key) = one.keys.iter().find(|key| other.keys.contains(key)) {
                        let (first, second) = (one.record.name, other.record.name);
                        return Err(Invalid::Conflict { key: key.to_string(), section: *section, first, second });
                    }
                }
            }
        }
        Ok(())
    }

    fn here(&self, section: Section) -> impl Iterator<Item = &Bound> {
        self.bound.iter().filter(move |bound| bound.section == section || bound.section == Section::Global)
    }

    /// What `event` means in `section`.
    pub fn command(&self, section: Section, event: &KeyEvent) -> Option<Command> {
        let key = Key::of(event);
        self.here(section).find(|bound| bound.keys.contains(&key)).map(|bound| bound.record.command)
    }

    /// The record of `command` in `section` and the key that is shown for it, where it has one.
    pub fn shown(&self, section: Section, command: Command) -> Option<(&'static Record, &Key)> {
        let bound = self.here(section).find(|bound| bound.record.command == command)?;
        Some((bound.record, bound.keys.first()?))
    }

    /// What `event` means elsewhere, and where: for saying that it means nothing here.
    pub fn elsewhere(&self, event: &KeyEvent) -> Option<(&'static Record, Section)> {
        let key = Key::of(event);
        self.bound.iter().find(|bound| bound.keys.contains(&key)).map(|bound| (bound.record, bound.section))
    }

    /// Every record that holds in `section` with its keys, in the table's order.
    pub fn listed(&self, section: Section) -> impl Iterator<Item = (&'static Record, &[Key])> {
        self.here(section).map(|bound| (bound.record, bound.keys.as_slice()))
    }
}

fn meant<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    nearest(word, known).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::command::Lever;

    fn changed(section: &str, action: &str, keys: &[&str]) -> Result<Keymap, String> {
        let keys: Vec<_> = keys.iter().map(|key| (*key).to_owned()).collect();
        Keymap::with([Change { section, action, keys: &keys }]).map_err(|error| format!("{error}; {}", error.hint()))
    }

    fn press(keymap: &Keymap, section: Section, key: char) -> Option<Command> {
        keymap.command(section, &KeyEvent::from(crossterm::event::KeyCode::Char(key)))
    }

    #[test]
    fn the_table_has_no_conflict_and_every_key_in_it_is_one() {
        assert_eq!(Keymap::default().check(), Ok(()));
        for record in RECORDS {
            for key in record.keys {
                assert_eq!(Key::parse(key).map(|key| key.to_string()).as_deref(), Some(*key), "{}", record.name);
            }
        }
    }

    #[test]
    fn a_name_stands_for_one_action_in_each_section() {
        for section in Section::ALL {
            let keymap = Keymap::default();
            let mut names: Vec<_> = keymap.listed(*section).map(|(record, _)| record.name).collect();
            names.sort_unstable();
            let all = names.len();
            names.dedup();
            assert_eq!(names.len(), all, "{section}");
        }
    }

    #[test]
    fn a_key_can_be_changed_in_one_section_or_in_all() {
        let keymap = changed("board", "roll_back", &["B"]).unwrap();
        assert_eq!(press(&keymap, Section::Board, 'B'), Some(Command::Lever(Lever::RollBack)));
        assert_eq!(press(&keymap, Section::Board, 'R'), None);
        assert_eq!(press(&keymap, Section::Traffic, 'R'), Some(Command::Lever(Lever::RollBack)));
        let keymap = changed("global", "roll_back", &["B"]).unwrap();
        assert_eq!(press(&keymap, Section::Traffic, 'B'), Some(Command::Lever(Lever::RollBack)));
    }

    #[test]
    fn a_conflict_names_both() {
        let error = changed("board", "roll_back", &["a"]).unwrap_err();
        assert_eq!(
            error,
            "`a` means both `approve` and `roll_back` in the section `board`; give one of them another key"
        );
        assert!(changed("traffic", "roll_back", &["a"]).is_ok());
        assert!(changed("global", "quit", &[]).unwrap_err().contains("could not be left"));
    }

    #[test]
    fn what_is_misspelt_is_an_error_with_the_nearest_name() {
        assert_eq!(
            changed("board", "rollback", &["B"]).unwrap_err(),
            "there is no action `rollback` in the section `board` of keys; did you mean `roll_back`?"
        );
        assert_eq!(
            changed("bord", "roll_back", &["B"]).unwrap_err(),
            "there is no section `bord` of keys; did you mean `board`?"
        );
        assert!(changed("board", "roll_back", &["hyper-x"]).unwrap_err().contains("`hyper-x`"));
    }
}
