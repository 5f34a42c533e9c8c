//! The themes there are to choose from: those of the program, and those of the operator, which come before them.

use std::collections::BTreeMap;

use super::paint::Sheet;
use super::{Depth, Theme, built_in, parse};
use crate::config::{Faults, Wrong};

/// A theme file of the operator's, as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The theme's name: the file's, without its ending.
    pub name: String,
    /// What faults call the file.
    pub shown: String,
    /// What is in it, or why it cannot be read.
    pub text: Result<String, String>,
}

/// A theme of the operator's: as it was when it was last in order, and what is wrong with it now.
#[derive(Debug, Clone, PartialEq, Default)]
struct Own {
    sheet: Option<Sheet>,
    faults: Option<Faults>,
}

/// The themes there are.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Themes {
    own: BTreeMap<String, Own>,
}

impl Themes {
    /// The program's, and those of `files`.
    pub fn of(files: &[File]) -> Self {
        let mut themes = Self::default();
        themes.take(files);
        themes
    }

    /// Takes the operator's files as they are now. Of a file that is not in order the last good state holds.
    pub fn take(&mut self, files: &[File]) {
        let mut before = std::mem::take(&mut self.own);
        for file in files {
            let last = before.remove(&file.name).and_then(|own| own.sheet);
            let own = match read(file) {
                Ok(sheet) => Own { sheet: Some(sheet), faults: None },
                Err(faults) => Own { sheet: last, faults: Some(faults) },
            };
            self.own.insert(file.name.clone(), own);
        }
    }

    /// What is wrong with the operator's files, in the order of their names.
    pub fn faults(&self) -> impl Iterator<Item = (&str, &Faults)> {
        self.own.iter().filter_map(|(name, own)| Some((name.as_str(), own.faults.as_ref()?)))
    }

    /// What is wrong in words that fit in a line: the first fault, and how many files have any.
    pub fn trouble(&self) -> Option<String> {
        let mut faults = self.faults();
        let (name, first) = faults.next().and_then(|(name, faults)| Some((name, faults.0.first()?)))?;
        let more = match faults.count() {
            0 => String::new(),
            more => format!(" (and {more} more)"),
        };
        Some(format!("the theme {name} stays as it was{more}: {}", line(first)))
    }

    /// Their names: the program's, then the operator's.
    pub fn names(&self) -> Vec<&str> {
        let mine = self.own.iter().filter(|(_, own)| own.sheet.is_some()).map(|(name, _)| name.as_str());
        let mut names: Vec<&str> = Theme::names().collect();
        names.extend(mine.filter(|name| built_in(name).is_none()));
        names
    }

    /// The theme called `name` at `depth`; without colour it looks as `mono`. `None` where there is none of that name.
    pub fn named(&self, name: &str, depth: Depth) -> Option<Theme> {
        match self.own.get(name).and_then(|own| own.sheet.as_ref()) {
            Some(_) if depth == Depth::None => Some(Theme { name: name.to_owned(), ..Theme::mono(depth) }),
            Some(sheet) => Some(Theme::of(name, sheet, depth)),
            None => Theme::named(name, depth),
        }
    }
}

fn read(file: &File) -> Result<Sheet, Faults> {
    match &file.text {
        Ok(text) => parse::read(text, &file.shown),
        Err(said) => {
            let fault = Wrong { file: file.shown.clone(), line: 1, column: 1, ..Wrong::default() };
            Err(Faults(vec![fault.saying("", &format!("cannot be read: {said}"), None)]))
        }
    }
}

/// A fault in one line: `mine.toml:7: roles.ok: …; did you mean …?`.
fn line(fault: &Wrong) -> String {
    let Wrong { file, line, key, message, hint, .. } = fault;
    let file = file.rsplit('/').next().unwrap_or(file);
    let key = if key.is_empty() { String::new() } else { format!("{key}: ") };
    let hint = hint.as_ref().map(|hint| format!("; {hint}")).unwrap_or_default();
    format!("{file}:{line}: {key}{message}{hint}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::Role;
    use ratatui::style::Color;

    fn file(name: &str, text: &str) -> File {
        File { name: name.into(), shown: format!("/home/ada/themes/{name}.toml"), text: Ok(text.into()) }
    }

    fn with_ok(color: &str) -> String {
        format!("inherits = \"leverframe\"\n[roles]\nok = \"{color}\"\n")
    }

    fn ok(themes: &Themes, name: &str) -> Option<Color> {
        themes.named(name, Depth::Rgb).and_then(|theme| theme.style(Role::Ok).fg)
    }

    #[test]
    fn a_broken_file_is_told_and_the_last_good_one_stays() {
        let mut themes = Themes::of(&[file("mine", &with_ok("#010203"))]);
        assert_eq!((ok(&themes, "mine"), themes.trouble()), (Some(Color::Rgb(1, 2, 3)), None));
        themes.take(&[file("mine", &with_ok("grren"))]);
        assert_eq!(ok(&themes, "mine"), Some(Color::Rgb(1, 2, 3)));
        let says = "the theme mine stays as it was: mine.toml:3: roles.ok: \"grren\" is no colour and no name of the \
                    palette; did you mean \"green\"?";
        assert_eq!(themes.trouble().as_deref(), Some(says));
        themes.take(&[file("mine", &with_ok("#040506"))]);
        assert_eq!((ok(&themes, "mine"), themes.trouble()), (Some(Color::Rgb(4, 5, 6)), None));
        themes.take(&[]);
        assert_eq!(ok(&themes, "mine"), None);
    }

    #[test]
    fn the_operators_theme_comes_before_the_programs_of_the_same_name() {
        let themes = Themes::of(&[file("mono", &with_ok("#010203")), file("zebra", &with_ok("red"))]);
        assert_eq!(ok(&themes, "mono"), Some(Color::Rgb(1, 2, 3)));
        let names = themes.names();
        assert_eq!((names.len(), names.last()), (Theme::names().count() + 1, Some(&"zebra")));
        assert_eq!(themes.named("zebra", Depth::None).unwrap().style(Role::Ok).fg, None);
    }

    #[test]
    fn what_was_never_in_order_is_no_theme() {
        let unread = File { text: Err("permission denied".into()), ..file("locked", "") };
        let themes = Themes::of(&[file("broken", "roles = 3"), unread]);
        assert_eq!((ok(&themes, "broken"), themes.names().len()), (None, Theme::names().count()));
        let told: Vec<_> = themes.faults().map(|(name, faults)| format!("{name}: {}", line(&faults.0[0]))).collect();
        assert!(told[0].starts_with("broken: broken.toml:1: roles: must be a table"), "{told:?}");
        assert_eq!(told[1], "locked: locked.toml:1: cannot be read: permission denied");
    }
}
