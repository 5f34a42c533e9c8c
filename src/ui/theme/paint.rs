//! Colours: as a theme names them, and as a terminal of each depth gets them.

use ratatui::style::{Color, Modifier, Style};

use super::{Depth, Role};

/// The names of the terminal's 16 colours, in their order.
pub const ANSI: [&str; 16] = [
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

/// A colour at every depth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paint {
    rgb: Color,
    indexed: Color,
    ansi: Color,
}

impl Paint {
    /// The same with other colours on terminals with 256 and with 16.
    #[must_use]
    pub fn with(self, indexed: Option<u8>, ansi: Option<Self>) -> Self {
        let indexed = indexed.map_or(self.indexed, Color::Indexed);
        Self { indexed, ansi: ansi.map_or(self.ansi, |paint| paint.ansi), ..self }
    }

    const fn at(self, depth: Depth) -> Option<Color> {
        match depth {
            Depth::Rgb => Some(self.rgb),
            Depth::Indexed => Some(self.indexed),
            Depth::Ansi => Some(self.ansi),
            Depth::None => None,
        }
    }
}

/// The colour called `name`: `#rrggbb`, one of the terminal's 16, or `default`. What is mixed is the terminal's own
/// where it has only 16.
pub fn named(name: &str) -> Option<Paint> {
    if name == "default" {
        return Some(Paint { rgb: Color::Reset, indexed: Color::Reset, ansi: Color::Reset });
    }
    if let Some(at) = ANSI.iter().position(|known| *known == name) {
        let color = Color::Indexed(u8::try_from(at).ok()?);
        return Some(Paint { rgb: color, indexed: color, ansi: color });
    }
    let hex = name.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()))?;
    let [_, r, g, b] = u32::from_str_radix(hex, 16).ok()?.to_be_bytes();
    Some(Paint { rgb: Color::Rgb(r, g, b), indexed: Color::Indexed(nearest(r, g, b)), ansi: Color::Reset })
}

/// How one role looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    /// The colour of the text.
    pub fg: Option<Paint>,
    /// The colour behind it.
    pub bg: Option<Paint>,
    /// Bold, dim, underlined, reversed.
    pub with: Modifier,
}

/// A whole theme, for every depth.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    looks: [Look; Role::COUNT],
}

impl Sheet {
    /// Says how `role` looks.
    pub const fn set(&mut self, role: Role, look: Look) {
        self.looks[role.at()] = look;
    }

    /// How `role` looks at `depth`.
    pub fn style(&self, role: Role, depth: Depth) -> Style {
        let Look { fg, bg, with } = self.looks[role.at()];
        let color = |paint: Option<Paint>| paint.and_then(|paint| paint.at(depth));
        let style = Style { fg: color(fg), bg: color(bg), ..Style::new() }.add_modifier(with);
        // What is drawn over something dim is not dim by that; and what is dim and then reversed could not be read.
        let over = role != Role::Selection && !with.contains(Modifier::DIM);
        if over || with.contains(Modifier::REVERSED) { style.remove_modifier(Modifier::DIM) } else { style }
    }
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
    fn only_what_is_a_colour_has_one() {
        for name in ["", "#", "#12345", "#1234567", "#+12345", "#ßaaaa", "Red", "bright", "DEFAULT"] {
            assert_eq!(named(name), None, "{name}");
        }
        assert_eq!(named("#0aF010").unwrap().at(Depth::Rgb), Some(Color::Rgb(10, 240, 16)));
        assert_eq!(named("bright-red").unwrap().at(Depth::Ansi), Some(Color::Indexed(9)));
    }
}
