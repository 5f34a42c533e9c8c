//! Links on the screen (OSC 8): printed over the finished frame, where the terminal is known to have them. A terminal
//! that has none would show nothing of it, or all of it.

use std::io;

use crossterm::QueueableCommand as _;
use crossterm::cursor::{RestorePosition, SavePosition};
use crossterm::style::Print;
use ratatui::backend::{Backend as _, CrosstermBackend};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;

use crate::runtime::notify::Between;
use crate::ui::links::{Address, Link};

/// Whether the terminal is known to have links; `variable` looks one up. Who is not known gets none.
pub fn known(variable: impl Fn(&str) -> Option<String>) -> bool {
    let is = |name: &str, words: &[&str]| variable(name).is_some_and(|value| words.contains(&value.as_str()));
    let number = |name: &str| variable(name).and_then(|value| value.parse::<u32>().ok()).unwrap_or(0);
    let term = variable("TERM").unwrap_or_default();
    match Between::detect(&variable) {
        _ if matches!(term.as_str(), "" | "dumb" | "linux") => return false,
        Between::Screen => return false,
        // tmux keeps a link from a terminal that has none.
        Between::Tmux => {
            let version = variable("TERM_PROGRAM_VERSION").filter(|_| is("TERM_PROGRAM", &["tmux"]));
            return version.is_some_and(|version| since_3_4(&version));
        }
        Between::Nothing => {}
    }
    let named = ["kitty", "ghostty", "foot", "alacritty", "wezterm", "contour", "rio"];
    named.iter().any(|name| term.split('-').any(|part| part == *name))
        || is("TERM_PROGRAM", &["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "mintty", "Tabby"])
        || number("VTE_VERSION") >= 5000
        || number("KONSOLE_VERSION") >= 201_200
        || variable("WT_SESSION").is_some()
}

/// Whether a version of tmux, such as `3.4` or `next-3.6`, is 3.4 or later.
fn since_3_4(version: &str) -> bool {
    let version = version.trim_start_matches("next-");
    let mut numbers = version.split(|c: char| !c.is_ascii_digit()).map(|number| number.parse::<u32>().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) >= (3, 4)
}

/// What of the screen leads somewhere.
#[derive(Debug, Default)]
pub struct Links {
    printed: Vec<(Link, Vec<Cell>)>,
}

impl Links {
    /// The terminal was wiped.
    pub fn forget(&mut self) {
        self.printed.clear();
    }

    /// The bytes that make of `links` in `frame`, which is on the terminal, what leads somewhere, and of what did so
    /// before what it is; none where nothing changed.
    pub fn bytes(&mut self, frame: &Buffer, links: Vec<Link>) -> io::Result<Vec<u8>> {
        let links: Vec<_> =
            links.into_iter().map(|link| (cells(frame, &link), link)).map(|(cells, link)| (link, cells)).collect();
        let before = std::mem::replace(&mut self.printed, links);
        let gone = before.iter().filter(|old| !self.printed.contains(old));
        let new = self.printed.iter().filter(|new| !before.contains(new));
        let mut bytes = Vec::new();
        for (link, address) in
            gone.map(|(link, _)| (link, None)).chain(new.map(|(link, _)| (link, Some(&link.address))))
        {
            print(&mut bytes, frame, link, address)?;
        }
        if bytes.is_empty() {
            return Ok(bytes);
        }
        let mut whole = Vec::with_capacity(bytes.len() + 4);
        whole.queue(SavePosition)?;
        whole.extend(bytes);
        whole.queue(RestorePosition)?;
        Ok(whole)
    }
}

/// The cells of a link in `frame`; the second half of a wide sign is none.
fn placed<'a>(frame: &'a Buffer, link: &Link) -> impl Iterator<Item = (u16, u16, &'a Cell)> {
    let mut hidden = 0;
    let cells = link.place.positions().filter_map(|Position { x, y }| Some((x, y, frame.cell((x, y))?)));
    cells.filter(move |(_, _, cell)| {
        let shown = hidden == 0;
        hidden = if shown { crate::ui::format::width(cell.symbol()).saturating_sub(1) } else { hidden - 1 };
        shown
    })
}

fn cells(frame: &Buffer, link: &Link) -> Vec<Cell> {
    placed(frame, link).map(|(_, _, cell)| cell.clone()).collect()
}

fn print(bytes: &mut Vec<u8>, frame: &Buffer, link: &Link, address: Option<&Address>) -> io::Result<()> {
    if let Some(address) = address {
        bytes.queue(Print(format_args!("\u{1b}]8;;{}\u{1b}\\", address.as_str())))?;
    }
    CrosstermBackend::new(&mut *bytes).draw(placed(frame, link))?;
    if address.is_some() {
        bytes.queue(Print("\u{1b}]8;;\u{1b}\\"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;

    use super::*;

    fn link(x: u16, width: u16, address: &str) -> Link {
        Link { place: Rect { x, y: 0, width, height: 1 }, address: Address::new(address).unwrap() }
    }

    fn text(links: &mut Links, frame: &Buffer, wanted: Vec<Link>) -> String {
        String::from_utf8(links.bytes(frame, wanted).unwrap()).unwrap()
    }

    #[test]
    fn a_link_is_printed_once_and_taken_back_when_it_is_gone() {
        let (mut links, frame) = (Links::default(), Buffer::with_lines(["see run 9"]));
        let first = text(&mut links, &frame, vec![link(4, 5, "https://ci.example/9")]);
        assert!(first.contains("\u{1b}]8;;https://ci.example/9\u{1b}\\"), "{first:?}");
        assert!(first.contains("run 9") && first.contains("\u{1b}]8;;\u{1b}\\"), "{first:?}");
        assert!(first.starts_with("\u{1b}7") && first.ends_with("\u{1b}8"), "the caret stays: {first:?}");
        assert_eq!(text(&mut links, &frame, vec![link(4, 5, "https://ci.example/9")]), "");
        let other = text(&mut links, &frame, vec![link(4, 5, "https://ci.example/10")]);
        assert!(other.contains("https://ci.example/10"), "{other:?}");
        let gone = text(&mut links, &frame, Vec::new());
        assert!(gone.contains("run 9") && !gone.contains("]8;"), "{gone:?}");
        assert_eq!(text(&mut links, &frame, Vec::new()), "");
    }

    #[test]
    fn what_was_drawn_anew_or_wiped_is_printed_anew() {
        let (mut links, frame) = (Links::default(), Buffer::with_lines(["run 9"]));
        let wanted = || vec![link(0, 5, "https://ci.example/9")];
        assert_ne!(text(&mut links, &frame, wanted()), "");
        assert_ne!(text(&mut links, &Buffer::with_lines(["run 8"]), wanted()), "");
        links.forget();
        assert_ne!(text(&mut links, &Buffer::with_lines(["run 8"]), wanted()), "");
    }

    #[test]
    fn a_wide_sign_is_printed_once() {
        let (mut links, frame) = (Links::default(), Buffer::with_lines(["支払"]));
        let printed = text(&mut links, &frame, vec![link(0, 4, "https://ci.example")]);
        let shown: String = printed.chars().filter(|c| "支払 ".contains(*c)).collect();
        assert_eq!(shown, "支払", "{printed:?}");
    }

    #[test]
    fn only_a_terminal_that_is_known_to_have_links_gets_some() {
        let of = |variables: &[(&str, &str)]| {
            known(|name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
        };
        assert!(of(&[("TERM", "xterm-kitty")]) && of(&[("TERM", "foot")]) && of(&[("TERM", "alacritty")]));
        assert!(of(&[("TERM", "xterm-256color"), ("VTE_VERSION", "7600")]));
        assert!(of(&[("TERM", "xterm-256color"), ("TERM_PROGRAM", "WezTerm")]));
        assert!(of(&[("TERM", "tmux"), ("TMUX", "x"), ("TERM_PROGRAM", "tmux"), ("TERM_PROGRAM_VERSION", "3.4")]));
        assert!(of(&[("TERM", "tmux"), ("TMUX", "x"), ("TERM_PROGRAM", "tmux"), ("TERM_PROGRAM_VERSION", "next-3.7")]));
        assert!(!of(&[("TERM", "tmux"), ("TMUX", "x"), ("TERM_PROGRAM", "tmux"), ("TERM_PROGRAM_VERSION", "3.3a")]));
        assert!(!of(&[("TERM", "xterm-256color")]) && !of(&[("TERM", "linux"), ("WT_SESSION", "x")]) && !of(&[]));
        assert!(!of(&[("TERM", "dumb"), ("TERM_PROGRAM", "vscode")]));
        assert!(!of(&[("TERM", "screen-256color"), ("STY", "x"), ("VTE_VERSION", "7600")]));
    }
}
