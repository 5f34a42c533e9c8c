//! A drawn screen as a terminal would be told it: text with colours, for pictures and for looking at.

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

/// The lines of `buffer` with their SGR sequences, each cell told whole.
pub fn ansi(buffer: &Buffer) -> String {
    let mut text = String::new();
    for row in buffer.content.chunks(usize::from(buffer.area.width)) {
        let mut hidden = 0;
        for cell in row {
            if hidden == 0 {
                write!(text, "\x1b[0{}m{}", style(cell), cell.symbol()).unwrap();
                hidden = cell.symbol().width().max(1);
            }
            hidden -= 1;
        }
        text.push_str("\x1b[0m\n");
    }
    text
}

fn style(cell: &Cell) -> String {
    let weights = [(Modifier::BOLD, 1), (Modifier::DIM, 2), (Modifier::UNDERLINED, 4), (Modifier::REVERSED, 7)];
    let weights = weights.into_iter().filter(|(weight, _)| cell.modifier.contains(*weight));
    let mut text = String::new();
    for (_, number) in weights {
        write!(text, ";{number}").unwrap();
    }
    for (color, ground) in [(cell.fg, 38), (cell.bg, 48)] {
        match color {
            Color::Rgb(r, g, b) => write!(text, ";{ground};2;{r};{g};{b}"),
            Color::Indexed(index) => write!(text, ";{ground};5;{index}"),
            _ => Ok(()),
        }
        .unwrap();
    }
    text
}
