//! What a command ends with: one document with `--json`, lines for people without; and its exit code.

use std::borrow::Cow;
use std::io::{IsTerminal as _, Write as _};
use std::sync::OnceLock;

use serde_json::{Value, json};

use super::arguments::{Color, Globals};
use super::failure::Failure;
use super::look;
use crate::clock::{Clock as _, System};
use crate::domain::observation::Problem;
use crate::domain::text::escaped;
use crate::ui::glyphs::Glyphs;

/// The end of a command.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The context it looked at, if it came so far.
    pub context: Option<String>,
    /// What was asked for; null if it is not to be had.
    pub data: Value,
    /// What was in the way.
    pub problems: Vec<Value>,
    /// For people: what was asked for.
    pub lines: String,
    /// The exit code.
    pub code: u8,
}

impl Report {
    /// What was asked for, for programs and for people.
    pub fn new(data: Value, lines: String) -> Self {
        Self { data, lines, ..Self::default() }
    }

    /// That it is not to be had.
    pub fn failed(failure: &Failure) -> Self {
        Self { problems: vec![failure.document()], code: failure.code, ..Self::default() }
    }

    /// The same with troubles of sources that did not keep the rest from being shown.
    #[must_use]
    pub fn with(mut self, problems: impl IntoIterator<Item = Problem>) -> Self {
        self.problems.extend(problems.into_iter().map(|problem| json!(problem)));
        self
    }

    /// Prints it; the exit code.
    pub fn print(&self, name: &str, json: bool) -> u8 {
        if json {
            tell(&document(name, self.context.as_deref(), &self.data, &self.problems));
        } else {
            say(&self.lines);
            self.problems.iter().for_each(complain);
        }
        self.code
    }
}

/// Writes a document to standard output, on a line of its own. It may be looked at on a terminal, too.
pub fn tell(document: &Value) {
    out(&(escaped(&document.to_string()).into_owned() + "\n"));
}

/// The one shape of every document.
pub fn document(name: &str, context: Option<&str>, data: &Value, problems: &[Value]) -> Value {
    json!({
        "schema": format!("leverframe/{name}/v1"),
        "context": context,
        "at": System.now(),
        "data": data,
        "problems": problems,
    })
}

fn complain(problem: &Value) {
    let word = |key: &str| problem[key].as_str();
    let source = word("source").map(|source| format!("{source}: ")).unwrap_or_default();
    note(&format!("error: {source}{}\n", word("message").unwrap_or("unknown")));
    if let Some(hint) = word("hint") {
        note(&format!("hint: {hint}\n"));
    }
}

/// Writes for people to standard output: on a terminal in the signs that the configuration asks for, else
/// in those that its locale has. A file or a program gets UTF-8.
pub fn say(text: &str) {
    out(&signs(text, std::io::stdout().is_terminal()));
}

/// Writes for people to standard error, in the same way.
pub fn note(text: &str) {
    err(&signs(text, std::io::stderr().is_terminal()));
}

/// The signs that a configuration asks for, once one was read.
static SIGNS: OnceLock<Glyphs> = OnceLock::new();

/// From now on what is written for people on a terminal is in `signs`.
pub fn write_in(signs: Glyphs) {
    // A process reads one configuration.
    let _ = SIGNS.set(signs);
}

fn signs(text: &str, terminal: bool) -> Cow<'_, str> {
    let known = || SIGNS.get().copied().unwrap_or_else(|| Glyphs::detect(look::variable));
    if terminal { known().text(text) } else { text.into() }
}

/// Writes to standard output. Who stopped reading has read enough.
pub fn out(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Writes to standard error.
pub fn err(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Whether what goes to standard output may have colours.
pub fn colored(globals: &Globals) -> bool {
    match globals.color {
        Color::Never => false,
        Color::Always => !globals.json,
        Color::Auto => {
            !globals.json
                && std::io::stdout().is_terminal()
                && !anstyle_query::no_color()
                && anstyle_query::term_supports_color()
        }
    }
}
