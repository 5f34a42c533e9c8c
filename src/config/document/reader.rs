//! Walks a parsed TOML file with its places at hand. A wrong value is noted and read on from, so that one reading finds
//! every fault; what was noted decides at the end.

use std::cell::RefCell;
use std::collections::HashSet;
use std::ops::{Range, RangeInclusive};
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::duration;
use super::fault::{Fault, Faults};
use crate::domain::nearest::nearest;

/// The file and what was found wrong in it so far.
pub struct Reader<'t> {
    text: &'t str,
    file: &'t str,
    later: Later,
    faults: RefCell<Vec<(usize, Fault)>>,
}

/// What to do instead of a key that belongs to a feature which does not exist yet; `None` for every other key.
pub type Later = fn(&str) -> Option<&'static str>;

impl<'t> Reader<'t> {
    /// A reader of `text`; `file` is what faults call it.
    pub fn new(text: &'t str, file: &'t str, later: Later) -> Self {
        Self { text, file, later, faults: RefCell::default() }
    }

    /// Parses the text, or says why it is no TOML.
    pub fn document(&self) -> Result<Spanned<DeTable<'t>>, Faults> {
        DeTable::parse(self.text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            let doubled = error.message() == "duplicate key";
            let key = if doubled { self.text.get(span.clone()).unwrap_or_default() } else { "" };
            let (message, hint) = if doubled {
                ("is set twice in the same table".to_owned(), "keep one of the two")
            } else {
                (format!("this is no TOML: {}", error.message().trim()), "see https://toml.io for the syntax")
            };
            Faults(vec![Fault::at(self.text, self.file, span).saying(key, &message, Some(hint))])
        })
    }

    /// The file's own table; `place` is what faults call it.
    pub fn root<'r>(&'r self, root: &'r Spanned<DeTable<'t>>, known: &[&'static str], place: &str) -> Table<'r, 't> {
        let table = Table { reader: self, key: String::new(), span: 0..0, entries: root.get_ref() };
        table.refuse_unknown(known, place);
        table
    }

    fn note(&self, span: &Range<usize>, key: &str, message: &str, hint: &str) {
        let hint = (!hint.is_empty()).then_some(hint);
        let fault = Fault::at(self.text, self.file, span.clone()).saying(key, message, hint);
        self.faults.borrow_mut().push((span.start, fault));
    }

    /// What was read, if nothing was wrong in it.
    pub fn finish<T>(self, read: T) -> Result<T, Faults> {
        let mut faults = self.faults.into_inner();
        faults.sort_by_key(|(at, _)| *at);
        if faults.is_empty() { Ok(read) } else { Err(Faults(faults.into_iter().map(|(_, fault)| fault).collect())) }
    }
}

/// A table of the file and the key it stands under.
pub struct Table<'r, 't> {
    reader: &'r Reader<'t>,
    key: String,
    span: Range<usize>,
    entries: &'r DeTable<'t>,
}

impl<'r, 't> Table<'r, 't> {
    /// The value of `key`, if it is there.
    pub fn get(&self, key: &str) -> Option<Value<'r, 't>> {
        let value = self.entries.get(key)?;
        Some(Value { reader: self.reader, key: self.path(key), span: value.span(), raw: value.get_ref() })
    }

    /// The value of a key that must be there.
    pub fn need(&self, key: &str, hint: &str) -> Option<Value<'r, 't>> {
        let value = self.get(key);
        if value.is_none() {
            self.reader.note(&self.span, &self.path(key), "is missing", hint);
        }
        value
    }

    /// The keys that are there and their values, in the order of the file; whether they are known is not asked.
    pub fn entries(&self) -> Vec<(&'r str, Value<'r, 't>)> {
        let mut keys: Vec<_> = self.entries.keys().collect();
        keys.sort_by_key(|key| key.span().start);
        keys.into_iter().filter_map(|key| Some((key.get_ref().as_ref(), self.get(key.get_ref())?))).collect()
    }

    /// Notes that this table as a whole is wrong in `key`.
    pub fn fault(&self, key: &str, message: &str, hint: &str) {
        let span = self.get(key).map_or_else(|| self.span.clone(), |value| value.span);
        self.reader.note(&span, &self.path(key), message, hint);
    }

    /// The tables under `key`, written `[[place]]` or as a list of inline tables. Each is called by its name.
    pub fn each(&self, key: &str, place: &str, known: &[&'static str]) -> Vec<Table<'r, 't>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let DeValue::Array(items) = value.raw else {
            value.fault("must be a list of tables", &format!("write {place}"));
            return Vec::new();
        };
        let table = |(index, item): (usize, &'r Spanned<DeValue<'t>>)| {
            let key = format!("{}.{}", value.key, called(item.get_ref()).unwrap_or_else(|| format!("#{}", index + 1)));
            Value { reader: self.reader, key, span: item.span(), raw: item.get_ref() }.table(known, place)
        };
        items.iter().enumerate().filter_map(table).collect()
    }

    /// The names of the tables under `key`; nothing is noted.
    pub fn names(&self, key: &str) -> impl Iterator<Item = &'r str> {
        let items = self.entries.get(key).and_then(|value| value.get_ref().as_array());
        items
            .into_iter()
            .flat_map(|items| items.iter())
            .filter_map(|item| item.get_ref().as_table()?.get("name")?.get_ref().as_str())
    }

    fn path(&self, key: &str) -> String {
        match (self.key.as_str(), key) {
            ("", _) => key.to_owned(),
            (_, "") => self.key.clone(),
            _ => format!("{}.{key}", self.key),
        }
    }

    fn refuse_unknown(&self, known: &[&'static str], place: &str) {
        for key in self.entries.keys() {
            let name = key.get_ref().as_ref();
            if known.contains(&name) {
                continue;
            }
            if let Some(instead) = (self.reader.later)(name) {
                self.reader.note(&key.span(), &self.path(name), &format!("`{name}` is not supported yet"), instead);
                continue;
            }
            let hint = match nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("{place} has {}", listed(known)),
            };
            self.reader.note(&key.span(), &self.path(name), &format!("unknown key `{name}` in {place}"), &hint);
        }
    }
}

fn called(value: &DeValue<'_>) -> Option<String> {
    let name = |key: &str| value.as_table()?.get(key)?.get_ref().as_str();
    name("name").or_else(|| name("key")).filter(|name| is_name(name)).map(str::to_owned)
}

fn listed(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// Whether `name` can name a thing on a command line, in a path and in a URL.
pub fn is_name(name: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (1..=64).contains(&name.len()) && name.chars().all(inner) && name.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// A value of the file and the key it stands under.
pub struct Value<'r, 't> {
    reader: &'r Reader<'t>,
    key: String,
    span: Range<usize>,
    raw: &'r DeValue<'t>,
}

impl<'r, 't> Value<'r, 't> {
    /// Notes that this value is wrong.
    pub fn fault(&self, message: &str, hint: &str) {
        self.reader.note(&self.span, &self.key, message, hint);
    }

    /// Notes that this value is wrong, without showing it: it may be a secret.
    pub fn secret(&self, message: &str, hint: &str) {
        let fault = Fault::at(self.reader.text, self.reader.file, self.span.clone());
        let fault = fault.saying(&self.key, message, Some(hint)).masked();
        self.reader.faults.borrow_mut().push((self.span.start, fault));
    }

    fn wrong<T>(&self, wanted: &str, hint: &str) -> Option<T> {
        let found = match self.raw {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) | DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.fault(&format!("must be {wanted}, and is {found}"), hint);
        None
    }

    /// The value as a table with no keys but the `known` ones; `place` is what faults call it.
    pub fn table(&self, known: &[&'static str], place: &str) -> Option<Table<'r, 't>> {
        let DeValue::Table(entries) = self.raw else {
            return self.wrong("a table", &format!("its keys are {}", listed(known)));
        };
        let table = Table { reader: self.reader, key: self.key.clone(), span: self.span.clone(), entries };
        table.refuse_unknown(known, place);
        Some(table)
    }

    /// Whether this is a table; nothing is noted.
    pub fn is_table(&self) -> bool {
        self.raw.is_table()
    }

    /// The value as a table whose keys are names that the file chooses.
    pub fn named(&self, hint: &str) -> Option<Table<'r, 't>> {
        let DeValue::Table(entries) = self.raw else { return self.wrong("a table", hint) };
        Some(Table { reader: self.reader, key: self.key.clone(), span: self.span.clone(), entries })
    }

    /// Whether this is a list; nothing is noted.
    pub fn is_list(&self) -> bool {
        self.raw.is_array()
    }

    /// Whether this is a table with `key` in it; nothing is noted.
    pub fn holds(&self, key: &str) -> bool {
        self.raw.as_table().is_some_and(|table| table.contains_key(key))
    }

    /// The text under `key`, if this is a table and it is there; nothing is noted.
    pub fn peek(&self, key: &str) -> Option<&'r str> {
        self.raw.as_table()?.get(key)?.get_ref().as_str()
    }

    /// The value as a text.
    pub fn text(&self) -> Option<&'r str> {
        self.raw.as_str().or_else(|| self.wrong("a text", "put it in quotes"))
    }

    /// A text that is more than blanks and holds no NUL, which no command could carry.
    pub fn filled(&self, hint: &str) -> Option<&'r str> {
        let text = self.text()?;
        if text.trim().is_empty() || text.contains('\0') {
            self.fault(if text.contains('\0') { "holds a NUL character" } else { "is empty" }, hint);
            return None;
        }
        Some(text)
    }

    /// The value as a name: see [`is_name`].
    pub fn name(&self) -> Option<String> {
        let name = self.text()?;
        if !is_name(name) {
            let hint = "a name has 1 to 64 letters, digits, `-`, `_` or `.`, and begins with a letter or digit";
            self.fault("is no name", hint);
            return None;
        }
        Some(name.to_owned())
    }

    /// The value as true or false.
    pub fn flag(&self) -> Option<bool> {
        self.raw.as_bool().or_else(|| self.wrong("true or false", "write it without quotes"))
    }

    /// The value as a whole number of `range`.
    pub fn whole(&self, range: RangeInclusive<u32>) -> Option<u32> {
        let wanted = format!("a whole number from {} to {}", range.start(), range.end());
        let Some(integer) = self.raw.as_integer() else { return self.wrong(&wanted, "") };
        let number = u32::from_str_radix(integer.as_str(), integer.radix()).ok();
        let number = number.filter(|number| range.contains(number));
        if number.is_none() {
            self.fault(&format!("must be {wanted}"), "");
        }
        number
    }

    /// The value as a duration: `"1h30m"`.
    pub fn duration(&self) -> Option<Duration> {
        let hint = "write a number and a unit of d, h, m, s, ms: \"10m\", \"1h30m\"";
        let Some(text) = self.raw.as_str() else { return self.wrong("a duration in quotes", hint) };
        duration::read(text).map_err(|fault| self.fault(&fault.to_string(), hint)).ok()
    }

    /// The value as a list.
    pub fn list(&self, hint: &str) -> Vec<Value<'r, 't>> {
        let DeValue::Array(items) = self.raw else {
            self.wrong::<()>("a list", hint);
            return Vec::new();
        };
        let value = |item: &'r Spanned<DeValue<'t>>| Value {
            reader: self.reader,
            key: self.key.clone(),
            span: item.span(),
            raw: item.get_ref(),
        };
        items.iter().map(value).collect()
    }

    /// One of `words`, or a note that names the nearest.
    pub fn word(&self, words: &[&'static str]) -> Option<&'static str> {
        let text = self.text()?;
        let found = words.iter().copied().find(|word| *word == text);
        if found.is_none() {
            let hint = match nearest(text, words.iter().copied()) {
                Some(near) => format!("did you mean \"{near}\"?"),
                None => format!("it is one of {}", listed(words)),
            };
            self.fault(&format!("unknown word \"{text}\""), &hint);
        }
        found
    }
}

/// Notes every table whose name an earlier one has.
pub fn refuse_twice(tables: &[Table<'_, '_>], key: &str, what: &str, seen: &mut HashSet<String>) {
    for table in tables {
        let Some(name) = table.get(key).and_then(|value| value.raw.as_str()) else { continue };
        if !seen.insert(name.to_owned()) {
            table.fault(key, &format!("the name \"{name}\" is used twice"), &format!("give each {what} its own name"));
        }
    }
}
