//! One thing that was looked at, how it stands, and what to do about it.

use serde_json::{Value, json};

use crate::cli::failure::Failure;
use crate::cli::table::{Cell, Tone, toned};
use crate::domain::text::{Text, visible};

/// How it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// As it should be.
    Ok,
    /// It works, and something about it is to be known.
    Caution,
    /// It does not work, or not as it has to.
    Wrong,
}

impl State {
    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Caution => "caution",
            Self::Wrong => "wrong",
        }
    }

    const fn tone(self) -> Tone {
        match self {
            Self::Ok => Tone::Good,
            Self::Caution => Tone::Warn,
            Self::Wrong => Tone::Bad,
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What kind of thing.
    pub area: &'static str,
    /// Which of its kind, where there may be several.
    pub name: Option<Text>,
    /// How it stands.
    pub state: State,
    /// The same in words.
    pub message: String,
    /// What to do.
    pub hint: Option<Text>,
}

impl Check {
    fn new(area: &'static str, state: State, message: impl AsRef<str>) -> Self {
        // A fault of a file shows the file's line below it: its line feeds are its own.
        let lines: Vec<_> = message.as_ref().lines().map(visible).collect();
        Self { area, name: None, state, message: lines.join("\n"), hint: None }
    }

    /// It is as it should be.
    pub fn ok(area: &'static str, message: impl AsRef<str>) -> Self {
        Self::new(area, State::Ok, message)
    }

    /// It works, and something about it is to be known.
    pub fn caution(area: &'static str, message: impl AsRef<str>) -> Self {
        Self::new(area, State::Caution, message)
    }

    /// It is wrong.
    pub fn wrong(area: &'static str, message: impl AsRef<str>) -> Self {
        Self::new(area, State::Wrong, message)
    }

    /// It is wrong, as another command would end with it.
    pub fn failed(area: &'static str, failure: &Failure) -> Self {
        Self { hint: failure.hint.clone(), ..Self::wrong(area, &failure.message) }
    }

    /// The same with a hint.
    #[must_use]
    pub fn hint(self, hint: impl AsRef<str>) -> Self {
        Self { hint: Some(Text::new(hint)), ..self }
    }

    /// The same, of the one called `name`.
    #[must_use]
    pub fn of(self, name: impl AsRef<str>) -> Self {
        Self { name: Some(Text::new(name)), ..self }
    }

    /// As the document holds it.
    pub fn document(&self) -> Value {
        json!({
            "area": self.area, "name": self.name, "state": self.state.as_str(), "message": self.message, "hint": self.hint,
        })
    }

    /// Its row for people.
    pub fn row(&self) -> [Cell; 3] {
        let thing = self.name.as_ref().map_or_else(|| self.area.to_owned(), |name| format!("{} {name}", self.area));
        let message = self.message.lines().next().unwrap_or_default();
        [toned(self.state.as_str(), self.state.tone()), thing.into(), message.into()]
    }

    /// What stands below its row.
    pub fn below(&self) -> String {
        let more = self.message.lines().skip(1).map(|line| format!("         {line}\n"));
        let hint = self.hint.iter().map(|hint| format!("         hint: {hint}\n"));
        more.chain(hint).collect()
    }
}
