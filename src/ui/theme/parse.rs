//! Reading a theme file: palette and roles, whatever the terminal. Every fault in it names its line, its key and what
//! to write instead.

use std::collections::BTreeMap;

use ratatui::style::Modifier;

use super::paint::{self, Look, Paint, Sheet};
use super::{Role, built_in};
use crate::config::Faults;
use crate::config::document::{Reader, Table, Value};
use crate::domain::nearest::nearest;

const COLOR_HINT: &str = "write \"#rrggbb\", one of the terminal's 16 (\"red\", \"bright-red\"), or \"default\"";
const LOOK_HINT: &str = "write ok = \"green\" or ok = { fg = \"green\", bg = \"black\", with = [\"bold\"] }";

/// What a file states, names of colours not looked up yet: so that one that inherits can change a colour alone.
#[derive(Default)]
struct Draft {
    palette: BTreeMap<String, Paint>,
    roles: BTreeMap<Role, Stated>,
}

/// A role as a file states it.
#[derive(Default, Clone)]
struct Stated {
    fg: Option<String>,
    bg: Option<String>,
    with: Modifier,
}

/// Reads `text`; `file` is what faults call it.
pub fn read(text: &str, file: &str) -> Result<Sheet, Faults> {
    let Draft { palette, roles } = draft(text, file)?;
    let color = |name: Option<&String>| name.and_then(|name| palette.get(name).copied().or_else(|| paint::named(name)));
    let mut sheet = Sheet::default();
    for (role, stated) in &roles {
        let (fg, bg) = (color(stated.fg.as_ref()), color(stated.bg.as_ref()));
        sheet.set(*role, Look { fg, bg, with: stated.with });
    }
    Ok(sheet)
}

fn draft(text: &str, file: &str) -> Result<Draft, Faults> {
    let reader = Reader::new(text, file, |_| None);
    let document = reader.document()?;
    let root = reader.root(&document, &["inherits", "palette", "roles"], "a theme");
    let mut draft = inherited(&root);
    draft.palette.extend(palette(&root));
    let own = roles(&root, &draft.palette);
    draft.roles.extend(own);
    refuse_missing(&root, &draft.roles);
    reader.finish(draft)
}

/// What the theme begins with: nothing, or the theme of the program that it names.
fn inherited(root: &Table<'_, '_>) -> Draft {
    let Some((value, name)) = root.get("inherits").and_then(|value| value.text().map(|name| (value, name))) else {
        return Draft::default();
    };
    let Some(text) = built_in(name) else {
        let hint = match nearest(name, super::Theme::names()) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("it is one of {}", super::Theme::names().collect::<Vec<_>>().join(", ")),
        };
        value.fault(&format!("no theme of the program is called \"{name}\""), &hint);
        return Draft::default();
    };
    draft(text, name).unwrap_or_default()
}

fn palette(root: &Table<'_, '_>) -> BTreeMap<String, Paint> {
    let hint = "write [palette] and below it: ink = \"#d4d7dd\"";
    let table = root.get("palette").and_then(|value| value.named(hint));
    let entries = table.map(|table| table.entries()).unwrap_or_default();
    entries.into_iter().filter_map(|(name, value)| Some((name.to_owned(), mixed(&value)?))).collect()
}

/// A colour of the palette: one for every terminal, or one for each kind.
fn mixed(value: &Value<'_, '_>) -> Option<Paint> {
    if !value.is_table() {
        let text = value.text()?;
        return paint::named(text).or_else(|| refuse(value, text, &BTreeMap::new()));
    }
    let table = value.table(&["rgb", "indexed", "ansi"], "a colour")?;
    let hint = "write { rgb = \"#6cb2f5\", ansi = \"bright-blue\" }";
    let part = |value: Value<'_, '_>| {
        let text = value.text()?;
        paint::named(text).or_else(|| refuse(&value, text, &BTreeMap::new()))
    };
    let rgb = table.need("rgb", hint).and_then(part)?;
    let ansi = table.get("ansi").and_then(part);
    let indexed =
        table.get("indexed").and_then(|value| value.whole(0..=255)).and_then(|index| u8::try_from(index).ok());
    Some(rgb.with(indexed, ansi))
}

fn roles(root: &Table<'_, '_>, palette: &BTreeMap<String, Paint>) -> BTreeMap<Role, Stated> {
    let known: Vec<_> = Role::every().map(Role::as_str).collect();
    let table = root.get("roles").and_then(|value| value.table(&known, "[roles]"));
    let entries = table.map(|table| table.entries()).unwrap_or_default();
    let stated = entries.into_iter().filter(|(name, _)| known.contains(name));
    stated.filter_map(|(name, value)| Some((Role::from_word(name), look(&value, palette)?))).collect()
}

fn look(value: &Value<'_, '_>, palette: &BTreeMap<String, Paint>) -> Option<Stated> {
    if !value.is_table() {
        return Some(Stated { fg: Some(color(value, palette)?), ..Stated::default() });
    }
    let table = value.table(&["fg", "bg", "with"], "a role")?;
    let color = |key| table.get(key).and_then(|value| color(&value, palette));
    let with = table.get("with").map(|value| value.list(LOOK_HINT)).unwrap_or_default();
    let with = with.iter().filter_map(weight).fold(Modifier::empty(), |all, one| all | one);
    Some(Stated { fg: color("fg"), bg: color("bg"), with })
}

fn color(value: &Value<'_, '_>, palette: &BTreeMap<String, Paint>) -> Option<String> {
    let name = value.text()?;
    if palette.contains_key(name) || paint::named(name).is_some() {
        return Some(name.to_owned());
    }
    refuse(value, name, palette)
}

fn refuse<T>(value: &Value<'_, '_>, name: &str, palette: &BTreeMap<String, Paint>) -> Option<T> {
    let known = palette.keys().map(String::as_str).chain(paint::ANSI).chain(["default"]);
    let hint = nearest(name, known).map_or_else(|| COLOR_HINT.to_owned(), |near| format!("did you mean \"{near}\"?"));
    let other = if palette.is_empty() { "" } else { " and no name of the palette" };
    value.fault(&format!("\"{name}\" is no colour{other}"), &hint);
    None
}

/// How a text is written beside its colour.
fn weight(value: &Value<'_, '_>) -> Option<Modifier> {
    Some(match value.word(&["bold", "dim", "underline", "reverse"])? {
        "bold" => Modifier::BOLD,
        "dim" => Modifier::DIM,
        "underline" => Modifier::UNDERLINED,
        _ => Modifier::REVERSED,
    })
}

/// Notes the roles that have no look, all of them in one fault.
fn refuse_missing(root: &Table<'_, '_>, stated: &BTreeMap<Role, Stated>) {
    let given =
        |role: &Role| stated.contains_key(role) || root.get("roles").is_some_and(|roles| roles.holds(role.as_str()));
    let missing: Vec<_> = Role::every().filter(|role| !given(role)).map(|role| format!("`{role}`")).collect();
    if !missing.is_empty() {
        let hint =
            "state them, or take the rest from a theme of the program: inherits = \"leverframe\" in the first line";
        root.fault("roles", &format!("has no {}", missing.join(", ")), hint);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first fault: its place, its key, what is wrong and what to do.
    fn fault(text: &str) -> (String, String, Option<String>) {
        let faults = read(text, "mine.toml").map(|_| ()).unwrap_err();
        let first = faults.0[0].clone();
        (
            format!("{}:{}:{}", first.file, first.line, first.column),
            format!("{}: {}", first.key, first.message),
            first.hint,
        )
    }

    #[test]
    fn a_wrong_theme_names_line_key_and_what_to_write() {
        let of = |text: &str| fault(&format!("inherits = \"leverframe\"\n{text}"));
        let meant = |name: &str| Some(format!("did you mean {name}?"));
        let (place, says, hint) = of("[roles]\nbogus = \"red\"\n");
        assert_eq!((place.as_str(), says.as_str()), ("mine.toml:3:1", "roles.bogus: unknown key `bogus` in [roles]"));
        assert!(hint.unwrap().contains("`ok`"));
        let (place, says, hint) = of("[roles]\n\nok = \"grren\"\n");
        assert_eq!(place, "mine.toml:4:6");
        assert_eq!(says, "roles.ok: \"grren\" is no colour and no name of the palette");
        assert_eq!(hint, meant("\"green\""));
        let (_, says, hint) = of("[palette]\nink = { rgb = \"#12345\" }\n");
        assert_eq!((says.as_str(), hint.as_deref()), ("palette.ink.rgb: \"#12345\" is no colour", Some(COLOR_HINT)));
        let (_, says, hint) = of("[roles]\nok = { fg = \"red\", with = [\"bald\"] }\n");
        assert_eq!((says.as_str(), hint), ("roles.ok.with: unknown word \"bald\"", meant("\"bold\"")));
        let (place, says, _) = of("[roles\n");
        assert!(place.starts_with("mine.toml:2") && says.contains("this is no TOML"), "{place}: {says}");
        let (place, says, hint) = fault("inherits = \"leverfarme\"\n[roles]\n");
        assert_eq!(place, "mine.toml:1:12");
        assert_eq!(says, "inherits: no theme of the program is called \"leverfarme\"");
        assert_eq!(hint, meant("\"leverframe\""));
    }

    #[test]
    fn roles_without_a_look_are_told_at_once() {
        let (place, says, hint) = fault("\n[roles]\nground = \"default\"\nok = \"green\"\n");
        assert!(place.starts_with("mine.toml:2:"), "{place}");
        assert!(says.starts_with("roles: has no `strong`, `dim`, ") && says.ends_with("`text`"), "{says}");
        assert!(hint.unwrap().contains("inherits"));
    }

    #[test]
    fn what_is_inherited_can_be_changed_by_its_colour_or_by_its_role() {
        use crate::ui::theme::Depth;
        use ratatui::style::Color;
        let text = "inherits = \"leverframe\"\n[palette]\ngreen = \"#010203\"\n[roles]\nfailed = \"green\"\n";
        let (mine, base) = (read(text, "mine").unwrap(), read(built_in("leverframe").unwrap(), "leverframe").unwrap());
        let color = |sheet: &Sheet, role| sheet.style(role, Depth::Rgb).fg;
        assert_eq!(color(&mine, Role::Ok), Some(Color::Rgb(1, 2, 3)));
        assert_eq!(color(&mine, Role::Failed), Some(Color::Rgb(1, 2, 3)));
        assert_eq!(color(&mine, Role::Waiting), color(&base, Role::Waiting));
    }
}
