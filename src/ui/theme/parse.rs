//! Reading a theme file: palette and roles to styles at one depth of colour.

use std::collections::BTreeMap;

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;

use super::{Depth, Role};

/// Why a theme cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// Not TOML, or not of a theme's shape.
    #[error("{0}")]
    Shape(String),
    /// A role that no theme has.
    #[error("there is no role `{0}`")]
    UnknownRole(String),
    /// A role without a look.
    #[error("the role `{0}` is missing")]
    MissingRole(Role),
    /// Neither a colour nor a name of the palette.
    #[error("`{0}` is neither a colour nor a name of the palette")]
    UnknownColor(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    palette: BTreeMap<String, Paint>,
    roles: BTreeMap<String, Look>,
}

/// A colour as the palette has it.
#[derive(Deserialize, Clone)]
#[serde(untagged)]
enum Paint {
    One(String),
    Two { rgb: String, ansi: String },
}

/// A role as a file states it: a colour alone, or everything.
#[derive(Deserialize)]
#[serde(untagged)]
enum Look {
    Foreground(String),
    Whole(Whole),
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Whole {
    fg: Option<String>,
    bg: Option<String>,
    with: Vec<Weight>,
}

/// How a text is written beside its colour.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Weight {
    Bold,
    Dim,
    Underline,
    Reverse,
}

impl Weight {
    const fn modifier(self) -> Modifier {
        match self {
            Self::Bold => Modifier::BOLD,
            Self::Dim => Modifier::DIM,
            Self::Underline => Modifier::UNDERLINED,
            Self::Reverse => Modifier::REVERSED,
        }
    }
}

/// The style of every role.
pub fn styles(text: &str, depth: Depth) -> Result<[Style; Role::COUNT], Invalid> {
    let file: File = toml::from_str(text).map_err(|error| Invalid::Shape(error.to_string()))?;
    let mut styles = [None; Role::COUNT];
    for (name, look) in file.roles {
        let role = Role::from_word(&name);
        if role.as_str() != name {
            return Err(Invalid::UnknownRole(name));
        }
        styles[role.at()] = Some(style(look, &file.palette, depth)?);
    }
    let mut whole = [Style::new(); Role::COUNT];
    for role in Role::ALL.iter().copied().chain([Role::Text]) {
        whole[role.at()] = styles[role.at()].ok_or(Invalid::MissingRole(role))?;
    }
    Ok(whole)
}

fn style(look: Look, palette: &BTreeMap<String, Paint>, depth: Depth) -> Result<Style, Invalid> {
    let whole = match look {
        Look::Foreground(fg) => Whole { fg: Some(fg), ..Whole::default() },
        Look::Whole(whole) => whole,
    };
    let color = |name: Option<String>| name.map(|name| color(&name, palette, depth)).transpose();
    let plain = Style { fg: color(whole.fg)?, bg: color(whole.bg)?, ..Style::new() };
    Ok(whole.with.into_iter().fold(plain, |style, weight| style.add_modifier(weight.modifier())))
}

fn color(name: &str, palette: &BTreeMap<String, Paint>, depth: Depth) -> Result<Color, Invalid> {
    match palette.get(name) {
        Some(Paint::Two { ansi, .. }) if depth <= Depth::Ansi => plain(ansi, depth),
        Some(Paint::Two { rgb, .. }) => plain(rgb, depth),
        Some(Paint::One(one)) => plain(one, depth),
        None => plain(name, depth),
    }
}

fn plain(name: &str, depth: Depth) -> Result<Color, Invalid> {
    const ANSI: [&str; 16] = [
        "black",
        "red",
        "green",
        "yellow",
        "blue",
        "magenta",
        "cyan",
        "white",
        "bright-black",
        "bright-red",
        "bright-green",
        "bright-yellow",
        "bright-blue",
        "bright-magenta",
        "bright-cyan",
        "bright-white",
    ];
    if name == "default" {
        return Ok(Color::Reset);
    }
    if let Some(at) = ANSI.iter().position(|known| *known == name) {
        return Ok(Color::Indexed(u8::try_from(at).unwrap_or_default()));
    }
    let unknown = || Invalid::UnknownColor(name.to_owned());
    let hex = name.strip_prefix('#').filter(|hex| hex.len() == 6).ok_or_else(unknown)?;
    let value = u32::from_str_radix(hex, 16).map_err(|_| unknown())?;
    let [_, r, g, b] = value.to_be_bytes();
    Ok(match depth {
        Depth::Rgb => Color::Rgb(r, g, b),
        Depth::Indexed => Color::Indexed(nearest(r, g, b)),
        Depth::Ansi | Depth::None => Color::Reset,
    })
}

/// The nearest of the 6 × 6 × 6 cube and of the 24 greys.
fn nearest(r: u8, g: u8, b: u8) -> u8 {
    const LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let distance = |x: [u8; 3]| -> u32 { [r, g, b].iter().zip(x).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum() };
    let cube = (0..216u8)
        .map(|i| (16 + i, [LEVELS[usize::from(i / 36)], LEVELS[usize::from(i / 6 % 6)], LEVELS[usize::from(i % 6)]]));
    let greys = (0..24u8).map(|i| (232 + i, [8 + 10 * i; 3]));
    cube.chain(greys).min_by_key(|(_, color)| distance(*color)).map_or(15, |(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_of_256_is_found() {
        assert_eq!(nearest(0, 0, 0), 16);
        assert_eq!(nearest(255, 0, 0), 196);
        assert_eq!(nearest(0x14, 0x16, 0x1b), 233);
        assert_eq!(nearest(128, 128, 128), 244);
    }

    #[test]
    fn a_bad_theme_says_what_is_wrong() {
        let of = |text: &str| styles(text, Depth::Rgb).unwrap_err();
        assert_eq!(of("[roles]\nbogus = 'red'\n"), Invalid::UnknownRole("bogus".into()));
        assert_eq!(of("[roles]\nok = 'grren'\n"), Invalid::UnknownColor("grren".into()));
        assert_eq!(of("[roles]\nok = 'green'\n"), Invalid::MissingRole(Role::Ground));
        assert!(matches!(of("roles = 3"), Invalid::Shape(_)));
    }
}
