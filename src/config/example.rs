//! A first configuration: the example of every key, with its one source filled in.

use super::Token;

/// The example: what is optional in it is commented out.
const EXAMPLE: &str = include_str!("../../config.example.toml");

const HEAD: &str = "\
# The configuration of leverframe: every key that this version knows, with its default where it has one. Uncomment what
# you need. Relative paths are relative to this file. `leverframe config check` says whether it is in order, and
# `leverframe doctor` whether what it leads to is.
";

/// The source that is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct First {
    /// Its name.
    pub name: String,
    /// Its address.
    pub url: String,
    /// Where its token comes from; `None` leaves the example's comment.
    pub token: Option<Token>,
}

/// The file's text with this source. Whether it can be read is for the reader to say.
pub fn first(source: &First) -> String {
    let body = EXAMPLE.split_once("\n\n").map_or(EXAMPLE, |(_, body)| body);
    let (before, after) = body.split_once("[[sources]]").unwrap_or((body, ""));
    let after = set(after, "name", &quoted(&source.name));
    let after = set(&after, "url", &quoted(&source.url));
    let after = match &source.token {
        Some(token) => set(&after, "token", &origin(token)),
        None => after,
    };
    format!("{HEAD}\n{before}[[sources]]{after}")
}

/// `text` with the first line that sets `key`, commented out or not, setting it to `value`.
fn set(text: &str, key: &str, value: &str) -> String {
    let sets = |line: &&str| line.trim_start_matches('#').strip_prefix(key).is_some_and(|rest| rest.starts_with(" = "));
    match text.lines().find(sets) {
        Some(line) => text.replacen(line, &format!("{key} = {value}"), 1),
        None => text.to_owned(),
    }
}

fn origin(token: &Token) -> String {
    match token {
        Token::Env(name) => format!("{{ env = {} }}", quoted(name)),
        Token::File(path) => format!("{{ file = {} }}", quoted(&path.to_string_lossy())),
        Token::Command(words) => {
            let words: Vec<_> = words.iter().map(|word| quoted(word)).collect();
            format!("{{ command = [{}] }}", words.join(", "))
        }
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
