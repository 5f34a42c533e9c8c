//! Why a command ends without what it was asked for: in words, and as an exit code.

use serde_json::{Value, json};

use crate::actions::Refusal;
use crate::domain::ids::SourceName;
use crate::domain::nearest::nearest;
use crate::domain::observation::{Problem, ProblemKind};
use crate::domain::text::{Text, visible};

/// The exit codes of the contract.
pub mod code {
    /// It failed, or the contrary was observed.
    pub const FAILED: u8 = 1;
    /// Usage, configuration, an unknown name.
    pub const USAGE: u8 = 2;
    /// A rule of ours stands in the way.
    pub const REFUSED: u8 = 3;
    /// The state moved: nothing was sent.
    pub const MOVED: u8 = 4;
    /// Not signed in, or not allowed by the backend.
    pub const NOT_ALLOWED: u8 = 5;
    /// Not to be reached.
    pub const UNREACHABLE: u8 = 6;
    /// Sent, and the end was not seen.
    pub const UNKNOWN: u8 = 7;

    /// Of several codes the one that a command ends with: the first in the contract's order.
    pub fn first(codes: impl IntoIterator<Item = u8>) -> Option<u8> {
        const ORDER: [u8; 5] = [USAGE, UNREACHABLE, NOT_ALLOWED, MOVED, REFUSED];
        let rank = |code: &u8| ORDER.iter().position(|known| known == code).unwrap_or(ORDER.len());
        codes.into_iter().min_by_key(rank)
    }
}

/// A failure of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The exit code.
    pub code: u8,
    /// The source concerned, if one is.
    pub source: Option<SourceName>,
    /// Its kind, for programs.
    pub kind: &'static str,
    /// What failed.
    pub message: String,
    /// What to do.
    pub hint: Option<Text>,
}

impl Failure {
    /// A failure with an exit code and no hint.
    pub fn new(code: u8, kind: &'static str, message: impl AsRef<str>) -> Self {
        // A fault of a file shows the file's line below it: its line feeds are its own, and nothing else hidden is.
        let lines = message.as_ref().lines().map(|line| visible(line).into_owned());
        Self { code, source: None, kind, message: lines.collect::<Vec<_>>().join("\n"), hint: None }
    }

    /// Something was asked for in a way that it cannot be.
    pub fn usage(message: impl AsRef<str>) -> Self {
        Self::new(code::USAGE, "usage", message)
    }

    /// There is no `noun` called `name`; of what there is, the nearest is named, or all.
    pub fn unknown<'a>(noun: &str, name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<_> = known.into_iter().collect();
        let failure = Self::new(code::USAGE, "not_found", format!("there is no {noun} `{name}`"));
        match (nearest(name, known.iter().copied()), &known[..]) {
            (Some(near), _) => failure.hint(format!("did you mean `{near}`?")),
            (None, []) => failure,
            (None, known) => failure.hint(format!("there is {}", known.join(", "))),
        }
    }

    /// A source's trouble as the reason why a command has nothing to show.
    pub fn of(problem: &Problem) -> Self {
        let Problem { source, kind, message, hint, .. } = problem.clone();
        let message = message.as_str().to_owned();
        Self { code: code_of(kind), source: Some(source), kind: kind.as_str(), message, hint }
    }

    /// The same with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl AsRef<str>) -> Self {
        self.hint = Some(Text::new(hint));
        self
    }

    /// As `problems` holds it.
    pub fn document(&self) -> Value {
        json!({
            "source": self.source, "kind": self.kind, "message": self.message, "hint": self.hint, "since": null,
        })
    }
}

/// The exit code of a read that failed for such a trouble.
pub const fn code_of(kind: ProblemKind) -> u8 {
    match kind {
        ProblemKind::Unauthorized | ProblemKind::Forbidden => code::NOT_ALLOWED,
        ProblemKind::NotFound => code::USAGE,
        ProblemKind::Unsupported => code::REFUSED,
        ProblemKind::Internal => code::FAILED,
        _ => code::UNREACHABLE,
    }
}

/// The exit code of an action that was refused for such a reason.
pub const fn code_of_refusal(refusal: Refusal) -> u8 {
    match refusal {
        Refusal::AlreadySo => 0,
        Refusal::NotFound => code::USAGE,
        Refusal::Unreachable => code::UNREACHABLE,
        Refusal::NotAllowed => code::NOT_ALLOWED,
        Refusal::Moved => code::MOVED,
        Refusal::Rule | Refusal::Unknown => code::REFUSED,
    }
}
