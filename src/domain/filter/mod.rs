//! Filters: what a list is narrowed by. Plain words, and typed columns: `state:failed env:production age<2h`. Whoever has
//! the list says which columns it has and what stands in them; what cannot be understood is said and narrows nothing.

mod facet;

use jiff::{SignedDuration, Timestamp};

pub use facet::Facet;
use facet::{MOST, Term, Test};

use super::nearest::nearest;

/// A column that a list can be narrowed by.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name, and others that mean the same.
    pub names: &'static [&'static str],
    /// What stands in it.
    pub kind: Kind,
}

/// What stands in a column, and so how it is asked.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Text; a part of it is enough, in capitals or not: `service:check`.
    Text,
    /// One of these words; their beginning is enough: `state:fail`.
    Word(fn() -> Vec<&'static str>),
    /// When something was: `age<2h` is younger than two hours.
    Age,
    /// How many there are: `behind>3`.
    Count,
}

/// A filter as it was typed, and what of it is understood.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    text: String,
    words: Vec<String>,
    terms: Vec<Term>,
    faults: Vec<Fault>,
}

/// What of a filter is not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// There is no such column.
    #[error("there is no column `{0}`{1}")]
    Column(String, String),
    /// No such word can stand there.
    #[error("`{0}` is no {1}{2}")]
    Word(String, &'static str, String),
    /// A time that cannot be read.
    #[error("`{0}` is no {1}: write 90s, 30m, 2h, 7d or 4w")]
    Age(String, &'static str),
    /// A number that cannot be read.
    #[error("`{0}` in {1} is no number")]
    Count(String, &'static str),
    /// More than can be asked at once.
    #[error("more than {MOST} columns are asked; `{0}` is left out")]
    Many(&'static str),
    /// A comparison where there is nothing to compare, or none where there is.
    #[error("{0} is asked as {0}{1}")]
    Sign(&'static str, &'static str),
}

impl Column {
    /// A column of text.
    pub const fn text(names: &'static [&'static str]) -> Self {
        Self { names, kind: Kind::Text }
    }

    /// A column of some words.
    pub const fn word(names: &'static [&'static str], words: fn() -> Vec<&'static str>) -> Self {
        Self { names, kind: Kind::Word(words) }
    }

    /// A column of times.
    pub const fn age(names: &'static [&'static str]) -> Self {
        Self { names, kind: Kind::Age }
    }

    /// A column of numbers.
    pub const fn count(names: &'static [&'static str]) -> Self {
        Self { names, kind: Kind::Count }
    }

    /// How one begins to ask for it: `state:`, `age<`.
    pub fn begins(&self) -> String {
        let sign = if matches!(self.kind, Kind::Age | Kind::Count) { '<' } else { ':' };
        format!("{}{sign}", self.names[0])
    }
}

impl Filter {
    /// Reads `text` against the columns that there are.
    pub fn parse(text: &str, columns: &[Column]) -> Self {
        let mut filter = Self { text: text.to_owned(), ..Self::default() };
        for token in tokens(text) {
            match token.column {
                None => filter.words.push(token.value.to_lowercase()),
                Some((name, sign)) => match term(&name, sign, &token.value, columns) {
                    Ok(Some(term)) if filter.terms.len() == MOST => filter.faults.push(Fault::Many(term.column)),
                    Ok(term) => filter.terms.extend(term),
                    Err(fault) => filter.faults.push(fault),
                },
            }
        }
        filter
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether everything passes.
    pub const fn is_empty(&self) -> bool {
        self.words.is_empty() && self.terms.is_empty()
    }

    /// Whether what passes depends on the time.
    pub fn asks_for_ages(&self) -> bool {
        self.terms.iter().any(|term| matches!(term.test, Test::Younger(_) | Test::Older(_)))
    }

    /// What is not understood, in the order in which it was typed.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// Whether a row passes at `now`: each word stands somewhere in `texts`, and `answers`, which gets the row's facet
    /// with nothing told yet, says that one part of the row answers what is asked of columns.
    pub fn passes<'f>(&'f self, now: Timestamp, texts: &[&str], answers: impl FnOnce(Facet<'f>) -> bool) -> bool {
        self.words.iter().all(|word| texts.iter().any(|text| has(text, word)))
            && (self.terms.is_empty() || answers(Facet::new(&self.terms, now)))
    }
}

/// Whether `part`, which has no capitals, stands in `text` in capitals or not.
fn has(text: &str, part: &str) -> bool {
    if text.is_ascii() && !part.is_empty() {
        return text.as_bytes().windows(part.len()).any(|here| here.eq_ignore_ascii_case(part.as_bytes()));
    }
    text.to_lowercase().contains(part)
}

/// A word of a filter; with a column if it is typed.
struct Token {
    column: Option<(String, char)>,
    value: String,
    /// Whether it begins with a quote: then it is no name of a column, whatever follows.
    quoted: bool,
}

/// Cuts at blanks. What stands in double quotes is one word with its blanks, and never a column.
fn tokens(text: &str) -> Vec<Token> {
    let (mut tokens, mut quoted) = (Vec::new(), false);
    let mut token: Option<Token> = None;
    for c in text.chars() {
        if c.is_whitespace() && !quoted {
            tokens.extend(token.take());
            continue;
        }
        let token = token.get_or_insert_with(|| Token { column: None, value: String::new(), quoted: c == '"' });
        match c {
            '"' => quoted = !quoted,
            ':' | '<' | '>' if !token.quoted && !quoted && token.column.is_none() && is_name(&token.value) => {
                token.column = Some((std::mem::take(&mut token.value).to_lowercase(), c));
            }
            c => token.value.push(c),
        }
    }
    tokens.extend(token);
    tokens.retain(|token| token.column.is_some() || !token.value.is_empty());
    tokens
}

fn is_name(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_alphabetic() || c == '_')
}

/// What `name`, `sign` and `value` ask for; nothing while the value is not typed yet.
fn term(name: &str, sign: char, value: &str, columns: &[Column]) -> Result<Option<Term>, Fault> {
    let known = columns.iter().flat_map(|column| column.names);
    let column = columns.iter().find(|column| column.names.contains(&name)).ok_or_else(|| {
        let names = columns.iter().map(|column| column.names[0]).collect::<Vec<_>>().join(", ");
        let near = nearest(name, known.copied()).map(|near| format!("; did you mean {near}?"));
        Fault::Column(name.to_owned(), near.unwrap_or_else(|| format!("; there is {names}")))
    })?;
    let compared = sign != ':';
    let usual = match column.kind {
        Kind::Text | Kind::Word(_) if compared => Some(":…"),
        Kind::Age if !compared => Some("<2h or >2h"),
        _ => None,
    };
    let column_name = column.names[0];
    if let Some(usual) = usual {
        return Err(Fault::Sign(column_name, usual));
    }
    if value.is_empty() {
        return Ok(None);
    }
    let test = match column.kind {
        Kind::Text => Test::Holds(parts(value).map(str::to_lowercase).collect()),
        Kind::Word(words) => Test::Is(meant(value, column_name, &words())?),
        Kind::Age => {
            let age = age(value).ok_or_else(|| Fault::Age(value.to_owned(), column_name))?;
            if sign == '<' { Test::Younger(age) } else { Test::Older(age) }
        }
        Kind::Count => {
            let count = value.parse().map_err(|_| Fault::Count(value.to_owned(), column_name))?;
            match sign {
                '<' => Test::Less(count),
                '>' => Test::More(count),
                _ => Test::Equal(count),
            }
        }
    };
    Ok(Some(Term { column: column_name, test }))
}

/// `failed,waiting` is the one or the other.
fn parts(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').filter(|part| !part.is_empty())
}

/// The words that each part of `value` is, or begins.
fn meant(value: &str, column: &'static str, words: &[&'static str]) -> Result<Vec<&'static str>, Fault> {
    let mut meant = Vec::new();
    for part in parts(value) {
        let wanted = part.to_lowercase();
        if let Some(word) = words.iter().find(|word| **word == wanted) {
            meant.push(*word);
            continue;
        }
        let before = meant.len();
        meant.extend(words.iter().filter(|word| word.starts_with(&wanted)));
        if meant.len() == before {
            let near = nearest(&wanted, words.iter().copied()).map(|near| format!("; did you mean {near}?"));
            let all = || format!("; there is {}", words.join(", "));
            return Err(Fault::Word(part.to_owned(), column, near.unwrap_or_else(all)));
        }
    }
    Ok(meant)
}

/// `90s`, `30m`, `2h`, `7d`, `4w`.
fn age(text: &str) -> Option<SignedDuration> {
    let unit = text.chars().next_back()?;
    let seconds = match unit.to_ascii_lowercase() {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        'w' => 604_800,
        _ => return None,
    };
    let number: u32 = text[..text.len() - unit.len_utf8()].parse().ok()?;
    Some(SignedDuration::from_secs(i64::from(number) * seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states() -> Vec<&'static str> {
        vec!["failed", "waiting", "live", "approved", "approved_not_started"]
    }

    const COLUMNS: &[Column] = &[
        Column::text(&["service"]),
        Column::text(&["environment", "env"]),
        Column::word(&["state"], states),
        Column::age(&["age"]),
        Column::count(&["behind"]),
    ];

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 - hours * 3600).unwrap()
    }

    /// A service with two environments: staging failed three hours ago, production is live for one.
    fn passes(text: &str) -> bool {
        Filter::parse(text, COLUMNS).passes(at(0), &["Checkout", "needs you"], |own| {
            let own = own.text("service", ["Checkout"]);
            let side = |name, state, age, behind| {
                let side = own.text("environment", [name]).text("state", [state]);
                side.at("age", Some(at(age))).count("behind", Some(behind)).passes()
            };
            side("staging", "failed", 3, 0) || side("production", "live", 1, 4)
        })
    }

    fn fault(text: &str) -> String {
        let filter = Filter::parse(text, COLUMNS);
        assert_eq!(filter.text(), text);
        filter.faults().iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn words_and_columns_narrow_together() {
        for text in [
            "",
            "check",
            "CHECK needs",
            "state:failed",
            "state:fail,waiting",
            "service:check env:prod state:live",
            "env:staging,qa",
            "age<2h",
            "age>2h state:failed",
            "behind>3",
            "behind:4",
            "Behind<1",
            "environment:\"production\"",
            "\"needs you\"",
        ] {
            assert!(passes(text), "{text}");
        }
        for text in [
            "nosuch",
            "check nosuch",
            "state:waiting",
            "state:failed env:production",
            "age<2h state:failed",
            "age>1w",
            "behind>4",
            "\"you needs\"",
        ] {
            assert!(!passes(text), "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_is_said_and_narrows_nothing() {
        assert_eq!(fault("stat:failed"), "there is no column `stat`; did you mean state?");
        let all = "there is no column `colour`; there is service, environment, state, age, behind";
        assert_eq!(fault("colour:red"), all);
        assert_eq!(fault("state:faield"), "`faield` is no state; did you mean failed?");
        assert_eq!(fault("age<2x"), "`2x` is no age: write 90s, 30m, 2h, 7d or 4w");
        assert_eq!(fault("age:2h"), "age is asked as age<2h or >2h");
        assert_eq!(fault("env<x"), "environment is asked as environment:…");
        assert_eq!(fault("behind>many"), "`many` in behind is no number");
        assert_eq!(fault("stat:x age<é").matches('|').count(), 1);
        assert!(passes("stat:failed check") && !passes("stat:failed nosuch"));
    }

    #[test]
    fn what_is_still_being_typed_is_no_fault() {
        for text in ["state:", "age<", "behind>", "state:f", "\"", "\"needs y", ":", "<", "-", "a \""] {
            assert_eq!(fault(text), "", "{text}");
        }
        assert!(passes("state:") && passes("age<"));
    }

    #[test]
    fn more_than_can_be_asked_is_said() {
        let asked = |times: usize| Filter::parse(&"behind>3 ".repeat(times), COLUMNS);
        assert!(asked(MOST).faults().is_empty());
        assert_eq!(fault(asked(MOST + 1).text()), "more than 64 columns are asked; `behind` is left out");
        assert!(passes(asked(MOST + 1).text()));
    }

    #[test]
    fn a_word_in_quotes_is_no_column() {
        let filter = Filter::parse("\"stat:x\"", COLUMNS);
        assert!(filter.faults().is_empty() && filter.words == ["stat:x"], "{filter:?}");
        assert!(Filter::parse("3:4 ->x", COLUMNS).faults().is_empty());
    }

    #[test]
    fn a_whole_word_is_that_word_alone() {
        let filter = Filter::parse("state:approved", COLUMNS);
        assert_eq!(filter.terms[0].test, Test::Is(vec!["approved"]));
        assert_eq!(
            Filter::parse("state:appr", COLUMNS).terms[0].test,
            Test::Is(vec!["approved", "approved_not_started"])
        );
    }
}
