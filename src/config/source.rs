//! Sources: the connections, one entry each, and where their tokens come from.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use url::{Host, Url};

use super::document::{Table, Value, refuse_twice};
use super::look::command;
use crate::domain::ids::SourceName;

/// One connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its name.
    pub name: SourceName,
    /// What stands at the other end.
    pub kind: SourceKind,
    /// Its address; http or https, without a user, a query or a fragment.
    pub url: Url,
    /// Where its token comes from.
    pub token: Option<Token>,
    /// The only certificate authorities that it is trusted by; `None`: the platform's.
    pub ca_file: Option<PathBuf>,
    /// The proxy it is reached through; `None`: what the environment says. This machine is never asked through one.
    pub proxy: Option<Url>,
    /// How long an answer may take; `None`: the default of what is asked.
    pub timeout: Option<Duration>,
}

impl Source {
    /// Whether it stands on this machine.
    pub fn is_local(&self) -> bool {
        match self.url.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
    }
}

/// What stands at the other end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceKind {
    /// The embedded engine.
    Engine,
}

impl SourceKind {
    /// The word for it in the file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Engine => "engine",
        }
    }
}

/// Where a token comes from; the token itself is never in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// An environment variable.
    Env(String),
    /// What a program prints.
    Command(Vec<String>),
    /// A file that only its owner may read.
    File(PathBuf),
}

const KEYS: [&str; 7] = ["name", "kind", "url", "token", "ca_file", "proxy", "timeout"];
const TOKEN: &str = "token = { env = \"NAME\" }, { command = [\"…\"] } or { file = \"…\" }";
/// The kinds that the documentation names and this version does not know yet.
const LATER: [&str; 13] = [
    "github",
    "gitlab",
    "bitbucket",
    "gitea",
    "jenkins",
    "circleci",
    "teamcity",
    "kubernetes",
    "haproxy",
    "unleash",
    "launchdarkly",
    "ofrep",
    "prometheus",
];

/// The sources of a file that lies in `folder`.
pub(super) fn read(root: &Table<'_, '_>, folder: &Path) -> Vec<Source> {
    let tables = root.each("sources", "[[sources]]", &KEYS);
    refuse_twice(&tables, "name", "source", &mut HashSet::new());
    tables.iter().filter_map(|table| source(table, folder)).collect()
}

fn source(table: &Table<'_, '_>, folder: &Path) -> Option<Source> {
    let name = table.need("name", "name = \"engine\"").and_then(|value| value.name());
    let kind = table.need("kind", "kind = \"engine\"").and_then(|value| kind(&value));
    let url = match kind {
        None if table.get("kind").is_some() => None,
        _ => table.need("url", "url = \"http://127.0.0.1:7400\"").and_then(|value| address(&value)),
    };
    let token = table.get("token").and_then(|value| token(&value, folder));
    let ca_file = table.get("ca_file").and_then(|value| path(&value, folder));
    let proxy = table.get("proxy").and_then(|value| proxy(&value));
    let timeout = table.get("timeout").and_then(|value| timeout(&value));
    Some(Source { name: SourceName::new(name?), kind: kind?, url: url?, token, ca_file, proxy, timeout })
}

fn kind(value: &Value<'_, '_>) -> Option<SourceKind> {
    let word = value.text()?;
    if LATER.contains(&word) {
        value.fault(&format!("`{word}` sources come later"), "this version knows: engine");
        return None;
    }
    value.word(&["engine"]).map(|_| SourceKind::Engine)
}

fn address(value: &Value<'_, '_>) -> Option<Url> {
    let hint = "write it as \"http://127.0.0.1:7400\" or \"https://engine.example\"";
    let Ok(url) = Url::parse(value.filled(hint)?) else {
        value.fault("is no address", hint);
        return None;
    };
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        value.fault("must begin with http:// or https://", hint);
        return None;
    }
    if !url.username().is_empty() || url.password().is_some() {
        value.secret("holds a user or a password", TOKEN);
        return None;
    }
    if url.query().is_some() || url.fragment().is_some() {
        value.fault("holds a query or a fragment", "end it before `?` and `#`");
        return None;
    }
    Some(url)
}

fn proxy(value: &Value<'_, '_>) -> Option<Url> {
    let hint = "proxy = \"http://proxy.example:3128\"";
    let url = Url::parse(value.filled(hint)?).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    if url.is_none() {
        value.fault("must be an address that begins with http:// or https://", hint);
    }
    url
}

fn timeout(value: &Value<'_, '_>) -> Option<Duration> {
    let span = value.duration()?;
    if span.is_zero() {
        value.fault("leaves no time for an answer", "timeout = \"15s\"");
        return None;
    }
    Some(span)
}

fn token(value: &Value<'_, '_>, folder: &Path) -> Option<Token> {
    if !value.is_table() {
        value.secret("a token does not belong into this file", TOKEN);
        return None;
    }
    let table = value.table(&["env", "command", "file"], "`token`")?;
    let [env, words, file] = ["env", "command", "file"].map(|key| table.get(key));
    match (env, words, file) {
        (Some(name), None, None) => name.filled(TOKEN).map(|name| Token::Env(name.to_owned())),
        (None, Some(_), None) => command(&table, TOKEN).map(Token::Command),
        (None, None, Some(file)) => path(&file, folder).map(Token::File),
        _ => {
            value.fault("must name exactly one of `env`, `command` and `file`", TOKEN);
            None
        }
    }
}

/// A path; one that is not absolute is taken from the file's own folder.
pub(super) fn path(value: &Value<'_, '_>, folder: &Path) -> Option<PathBuf> {
    Some(folder.join(value.filled("name a path")?))
}
