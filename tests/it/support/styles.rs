//! The styles of a drawn screen as a map of letters under its text, so that a change of colour alone changes a drawing.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use leverframe::ui::theme::{Role, Theme};
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

/// The letters of the roles, small; on the selected row they are large.
const LETTERS: [(Role, char); 22] = [
    (Role::Text, 't'),
    (Role::Strong, 's'),
    (Role::Dim, 'd'),
    (Role::Off, 'o'),
    (Role::Chrome, 'c'),
    (Role::Heading, 'h'),
    (Role::Accent, 'a'),
    (Role::Ok, 'k'),
    (Role::Running, 'r'),
    (Role::Waiting, 'w'),
    (Role::Caution, 'u'),
    (Role::Failed, 'f'),
    (Role::Danger, 'p'),
    (Role::Stale, 'e'),
    (Role::Idle, 'i'),
    (Role::Serving, 'v'),
    (Role::Stable, 'b'),
    (Role::Candidate, 'n'),
    (Role::Limit, 'l'),
    (Role::Marker, 'm'),
    (Role::Match, 'q'),
    (Role::Veil, 'z'),
];
/// What stands for a blank of the selected row.
const SELECTED: char = '_';

/// How a cell looks, its sign aside.
type Look = (Color, Color, Modifier);

/// The map of `buffer`, drawn in `theme`: a letter a cell, then what each letter looks like. Roles that look the same
/// have the letter of the first; a look that is no role's has a number.
pub fn styles(buffer: &Buffer, theme: &Theme) -> String {
    let known = looks(theme);
    let mut legend = BTreeMap::new();
    let mut map = String::new();
    for row in buffer.content.chunks(usize::from(buffer.area.width)) {
        let mut line = String::new();
        let mut hidden = 0;
        for cell in row {
            if hidden == 0 {
                hidden = cell.symbol().width().max(1);
                line.extend(std::iter::repeat_n(letter(cell, theme, &known, &mut legend), hidden));
            }
            hidden -= 1;
        }
        map.push_str(line.trim_end());
        map.push('\n');
    }
    for (sign, words) in legend {
        write!(map, "\n{sign} {words}").unwrap();
    }
    map
}

/// Every look that a role has, with its letter and the names of the roles that have it.
fn looks(theme: &Theme) -> Vec<(Look, char, String)> {
    let plain = LETTERS.map(|(role, sign)| (look(theme, &[Role::Ground, role]), sign, role.as_str().to_owned()));
    let selected = LETTERS.map(|(role, sign)| {
        let name = format!("{} selected", role.as_str());
        (look(theme, &[Role::Ground, role, Role::Selection]), sign.to_ascii_uppercase(), name)
    });
    let mut looks: Vec<(Look, char, String)> = Vec::new();
    for (look, sign, name) in plain.into_iter().chain(selected) {
        match looks.iter_mut().find(|(known, ..)| *known == look) {
            Some((.., names)) => write!(names, ", {name}").unwrap(),
            None => looks.push((look, sign, name)),
        }
    }
    looks
}

/// What the styles of `roles` look like, each put over those before.
fn look(theme: &Theme, roles: &[Role]) -> Look {
    let mut cell = Cell::default();
    for role in roles {
        cell.set_style(theme.style(*role));
    }
    (cell.fg, cell.bg, cell.modifier)
}

fn letter(cell: &Cell, theme: &Theme, known: &[(Look, char, String)], legend: &mut BTreeMap<char, String>) -> char {
    let here = (cell.fg, cell.bg, cell.modifier);
    if cell.symbol() == " " {
        // Of a blank one sees only the ground.
        let seen = |of: Look| (of.1, of.2 & (Modifier::REVERSED | Modifier::UNDERLINED));
        if seen(here) == seen(look(theme, &[Role::Ground])) {
            return ' ';
        }
        if seen(here) == seen(look(theme, &[Role::Ground, Role::Selection])) {
            let (_, back, weight) = look(theme, &[Role::Ground, Role::Selection]);
            legend.insert(SELECTED, format!("selected: {}", told((Color::Reset, back, weight))));
            return SELECTED;
        }
    }
    let found = known.iter().find(|(look, ..)| *look == here);
    let (sign, words) = found.map_or_else(
        || {
            let light = (here.0, here.1, here.2 - Modifier::BOLD);
            let name = known.iter().find(|(look, ..)| *look == light).map(|(.., name)| format!("{name}, in bold"));
            let words = format!("{}: {}", name.as_deref().unwrap_or("no role's"), told(here));
            let same = legend.iter().find(|(_, known)| **known == words).map(|(sign, _)| *sign);
            let free = || ('0'..='9').find(|sign| !legend.contains_key(sign)).unwrap_or('?');
            (same.unwrap_or_else(free), words)
        },
        |(look, sign, name)| (*sign, format!("{name}: {}", told(*look))),
    );
    legend.insert(sign, words);
    sign
}

fn told((front, back, weight): Look) -> String {
    let color = |color| match color {
        Color::Rgb(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
        Color::Reset => "default".into(),
        other => other.to_string().to_lowercase(),
    };
    let weight = if weight.is_empty() { String::new() } else { format!(", {weight:?}").to_lowercase() };
    format!("{} on {}{weight}", color(front), color(back))
}
