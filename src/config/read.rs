//! From the file's text to the checked configuration.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::document::{Reader, Table, Value};
use super::{Config, Context, Fault, Look, Places, Policy, look, policy, source};
use crate::domain::ids::ServiceName;
use crate::domain::nearest::nearest;

const KEYS: [&str; 12] = [
    "default_context",
    "state_dir",
    "theme",
    "glyphs",
    "time",
    "mouse",
    "links",
    "notify",
    "keys",
    "contexts",
    "sources",
    "policy",
];

/// The folder of the operator's themes, beside the file.
const THEMES: &str = "themes";

/// Keys of features that do not exist yet, with what to do until they do.
const LATER: &[(&str, &str)] = &[
    ("services", "an engine source brings its services by itself; a context chooses among them: services = [\"…\"]"),
    ("address", "this version knows engine sources: give it a `url`"),
    ("kubeconfig", "this version knows engine sources: give it a `url`"),
    ("context", "this version knows engine sources: give it a `url`"),
];

fn instead_of(key: &str) -> Option<&'static str> {
    LATER.iter().find(|(name, _)| *name == key).map(|(_, hint)| *hint)
}

pub(super) fn read(text: &str, file: &Path, places: &Places) -> Result<Config, Fault> {
    let shown = file.to_string_lossy();
    let reader = Reader::new(text, &shown, instead_of);
    let root = reader.document().map_err(Fault::Wrong)?;
    let table = reader.root(&root, &KEYS, "a configuration");
    let folder = absolute(file);
    let contexts = contexts(&table);
    let default_context = default_context(&table, &contexts);
    let state_dir = table.get("state_dir").and_then(|value| source::path(&value, &folder));
    let config = Config {
        path: Some(file.to_path_buf()),
        text: text.to_owned(),
        default_context,
        state_dir: PathBuf::new(),
        theme_dir: folder.join(THEMES),
        look: look::read(&table),
        keys: look::keys(&table),
        contexts,
        sources: source::read(&table, &folder),
        policy: policy::read(&table),
    };
    let config = reader.finish(config).map_err(Fault::Wrong)?;
    let state_dir = state_dir.map_or_else(|| default_state_dir(places), Ok)?;
    Ok(Config { state_dir, ..config })
}

/// The configuration without a file.
pub(super) fn empty(places: &Places) -> Result<Config, Fault> {
    Ok(Config {
        path: None,
        text: String::new(),
        default_context: None,
        state_dir: default_state_dir(places)?,
        theme_dir: places.config_dir.clone().unwrap_or_default().join(THEMES),
        look: Look::default(),
        keys: Vec::new(),
        contexts: vec![Context::new(Context::DEFAULT)],
        sources: Vec::new(),
        policy: Policy::default(),
    })
}

fn default_state_dir(places: &Places) -> Result<PathBuf, Fault> {
    places.state_dir.clone().ok_or(Fault::NoHome("state"))
}

/// The folder of `file` as an absolute path, so that what is relative to it stays so wherever the program goes.
fn absolute(file: &Path) -> PathBuf {
    let folder = file.parent().unwrap_or_else(|| Path::new(""));
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf())
}

fn contexts(root: &Table<'_, '_>) -> Vec<Context> {
    let hint = "write [contexts.shop-prod] and below it what holds there";
    let table = root.get("contexts").and_then(|value| value.named(hint));
    let entries = table.map(|table| table.entries()).unwrap_or_default();
    let contexts: Vec<_> = entries.iter().filter_map(|(name, value)| context(name, value)).collect();
    if contexts.is_empty() { vec![Context::new(Context::DEFAULT)] } else { contexts }
}

fn context(name: &str, value: &Value<'_, '_>) -> Option<Context> {
    let place = format!("[contexts.{name}]");
    let table = value.table(&["services", "theme", "danger", "read_only"], &place)?;
    let flag = |key| table.get(key).and_then(|value| value.flag()).unwrap_or_default();
    Some(Context {
        name: name.to_owned(),
        services: table.get("services").and_then(|value| services(&value)),
        theme: look::theme(&table),
        danger: flag("danger"),
        read_only: flag("read_only"),
    })
}

/// The services that are named; all, if the list is empty.
fn services(value: &Value<'_, '_>) -> Option<Vec<ServiceName>> {
    let mut seen = HashSet::new();
    let mut names = Vec::new();
    for item in value.list("services = [\"checkout\"]") {
        let Some(name) = item.filled("name a service") else { continue };
        if seen.insert(name) {
            names.push(ServiceName::new(name));
        } else {
            item.fault(&format!("the service \"{name}\" is named twice"), "leave one of them out");
        }
    }
    (!names.is_empty()).then_some(names)
}

fn default_context(root: &Table<'_, '_>, contexts: &[Context]) -> Option<String> {
    let value = root.get("default_context")?;
    let name = value.text()?;
    let known = || contexts.iter().map(|context| context.name.as_str());
    if !known().any(|context| context == name) {
        let hint = match nearest(name, known()) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("there is {}", known().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")),
        };
        value.fault(&format!("there is no context \"{name}\""), &hint);
        return None;
    }
    Some(name.to_owned())
}
