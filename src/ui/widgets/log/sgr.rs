//! SGR: the sequences by which a job colours its output, read by hand so that nothing else of it is swallowed.

use ratatui::style::{Color, Modifier, Style};

use crate::ui::theme::Depth;

/// The look after the sequence at the beginning of `text`, and the text after it; `None` where there is none. What
/// would hide text is passed over.
pub fn read(text: &str, style: Style, depth: Depth) -> Option<(Style, &str)> {
    let body = text.strip_prefix("\u{1b}[")?;
    let end = body.find(|c: char| !matches!(c, '0'..='9' | ';' | ':'))?;
    let after = body[end..].strip_prefix('m')?;
    Some((apply(&body[..end], style, depth), after))
}

fn apply(parameters: &str, mut style: Style, depth: Depth) -> Style {
    let numbers: Vec<Option<u8>> = parameters
        .split([';', ':'])
        .filter(|number| parameters.is_empty() || !number.is_empty() || !parameters.contains(':'))
        .map(|number| if number.is_empty() { Some(0) } else { number.parse().ok() })
        .collect();
    let mut at = 0;
    while let Some(number) = numbers.get(at).copied() {
        at += 1;
        match number {
            Some(kind @ (38 | 48)) => {
                let (color, used) = long(&numbers[at..]);
                at += used;
                if let Some(color) = color {
                    style = paint(style, color, kind == 48, depth);
                }
            }
            Some(number) => style = short(number, style, depth),
            None => {}
        }
    }
    style
}

/// `5;N` and `2;R;G;B`: the colour, and how many numbers it took.
fn long(numbers: &[Option<u8>]) -> (Option<Color>, usize) {
    match *numbers {
        [Some(5), index, ..] => (index.map(Color::Indexed), 2),
        [Some(2), r, g, b, ..] => (r.zip(g).zip(b).map(|((r, g), b)| Color::Rgb(r, g, b)), 4),
        _ => (None, numbers.len()),
    }
}

fn short(number: u8, style: Style, depth: Depth) -> Style {
    match number {
        0 => Style::new(),
        1 => style.add_modifier(Modifier::BOLD),
        2 => style.add_modifier(Modifier::DIM),
        3 => style.add_modifier(Modifier::ITALIC),
        4 => style.add_modifier(Modifier::UNDERLINED),
        7 => style.add_modifier(Modifier::REVERSED),
        22 => without(style, Modifier::BOLD | Modifier::DIM),
        23 => without(style, Modifier::ITALIC),
        24 => without(style, Modifier::UNDERLINED),
        27 => without(style, Modifier::REVERSED),
        30..=37 => paint(style, Color::Indexed(number - 30), false, depth),
        40..=47 => paint(style, Color::Indexed(number - 40), true, depth),
        90..=97 => paint(style, Color::Indexed(number - 82), false, depth),
        100..=107 => paint(style, Color::Indexed(number - 92), true, depth),
        39 => Style { fg: None, ..style },
        49 => Style { bg: None, ..style },
        _ => style,
    }
}

const fn without(style: Style, modifier: Modifier) -> Style {
    Style { add_modifier: style.add_modifier.difference(modifier), ..style }
}

/// A colour that the terminal cannot show is left out.
fn paint(style: Style, color: Color, ground: bool, depth: Depth) -> Style {
    let needs = match color {
        Color::Rgb(..) => Depth::Rgb,
        Color::Indexed(16..) => Depth::Indexed,
        _ => Depth::Ansi,
    };
    match (depth >= needs, ground) {
        (false, _) => style,
        (true, true) => style.bg(color),
        (true, false) => style.fg(color),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style(text: &str, depth: Depth) -> Style {
        read(text, Style::new(), depth).unwrap().0
    }

    #[test]
    fn every_way_to_name_a_colour() {
        let rgb = Depth::Rgb;
        assert_eq!(style("\u{1b}[1;31mx", rgb), Style::new().fg(Color::Indexed(1)).add_modifier(Modifier::BOLD));
        assert_eq!(style("\u{1b}[97;44m", rgb), Style::new().fg(Color::Indexed(15)).bg(Color::Indexed(4)));
        assert_eq!(style("\u{1b}[38;5;208m", rgb), Style::new().fg(Color::Indexed(208)));
        assert_eq!(style("\u{1b}[48;2;1;2;3m", rgb), Style::new().bg(Color::Rgb(1, 2, 3)));
        assert_eq!(style("\u{1b}[38:2::1:2:3m", rgb), Style::new().fg(Color::Rgb(1, 2, 3)));
        assert_eq!(style("\u{1b}[31m", Depth::None), Style::new());
        assert_eq!(style("\u{1b}[38;2;1;2;3m", Depth::Ansi), Style::new());
    }

    #[test]
    fn a_reset_takes_everything_back() {
        let red = style("\u{1b}[1;31m", Depth::Rgb);
        for reset in ["\u{1b}[m", "\u{1b}[0m", "\u{1b}[39;22m", "\u{1b}[;m"] {
            assert_eq!(read(reset, red, Depth::Rgb), Some((Style::new(), "")), "{reset:?}");
        }
        assert_eq!(style("\u{1b}[999;38;5m", Depth::Rgb), Style::new());
    }

    #[test]
    fn what_is_no_colour_is_not_read() {
        for text in ["x", "\u{1b}[2J", "\u{1b}[31", "\u{1b}[?25h", "\u{1b}]0;x", ""] {
            assert_eq!(read(text, Style::new(), Depth::Rgb), None, "{text:?}");
        }
    }
}
