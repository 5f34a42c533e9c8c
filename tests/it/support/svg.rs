//! Pictures of a terminal: what the emulator shows, as SVG. Every cell stands where a terminal has it, whatever font the
//! viewer has.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use vt100::{Cell, Color, Screen};

/// How wide and high a cell is, in hundredths of a unit so that sums are exact.
const CELL: (u32, u32) = (843, 1800);
/// How far below a line's top its letters stand, in hundredths.
const BASE: u32 = 1350;
/// Braille.
const DOTS: std::ops::RangeInclusive<char> = '\u{2800}'..='\u{28ff}';
/// The blank around the picture, in hundredths.
const MARGIN: u32 = 800;

/// The screen as a picture called `title`; `ground` is the colour of what is left blank.
pub fn svg(screen: &Screen, title: &str, ground: (u8, u8, u8), ink: (u8, u8, u8)) -> String {
    let mut picture = Picture { ground, ink, classes: BTreeMap::new(), body: String::new() };
    let (rows, columns) = screen.size();
    for row in 0..rows {
        picture.line(screen, row, columns);
    }
    picture.whole(title, (rows, columns), "")
}

/// One picture of a film: the screen, and what is said of it.
pub struct Shot {
    /// The screen.
    pub screen: Screen,
    /// What is said of it, below.
    pub words: String,
}

/// How long each picture of a film stays, in seconds.
const STAYS: usize = 4;

/// `shots` one after another, over and over; `still` is the one that stays where nothing may move. What does not change
/// from one to the next is drawn once.
pub fn film(shots: &[Shot], title: &str, still: usize, ground: (u8, u8, u8), ink: (u8, u8, u8)) -> String {
    let mut picture = Picture { ground, ink, classes: BTreeMap::new(), body: String::new() };
    let (rows, columns) = shots[0].screen.size();
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    let (mut drawn, mut order) = (String::new(), String::new());
    for (nth, shot) in shots.iter().enumerate() {
        write!(order, "<g class=\"f f{nth}\">").unwrap();
        for row in 0..rows {
            picture.line(&shot.screen, row, columns);
            let line = std::mem::take(&mut picture.body);
            let count = lines.len();
            let number = *lines.entry(line.clone()).or_insert(count);
            if number == count {
                writeln!(drawn, "<g id=\"r{number}\">\n{line}</g>").unwrap();
            }
            write!(order, "<use href=\"#r{number}\"/>").unwrap();
        }
        let (x, y) = (units(MARGIN), units(MARGIN + u32::from(rows) * CELL.1 + BASE));
        writeln!(order, "<text class=\"w\" x=\"{x}\" y=\"{y}\">{}</text></g>", escaped(&shot.words)).unwrap();
    }
    picture.body = format!("<defs>\n{drawn}</defs>\n{order}");
    picture.whole(title, (rows + 1, columns), &motion(shots.len(), still, ink))
}

/// The style that lets one of `count` pictures after another be seen.
fn motion(count: usize, still: usize, ink: (u8, u8, u8)) -> String {
    let mut style =
        format!(".w{{fill:{};font-weight:bold}}.f{{visibility:hidden}}.f{still}{{visibility:visible}}", hex(ink));
    style.push_str("@media(prefers-reduced-motion:no-preference){");
    for nth in 0..count {
        let (from, until) = (100 * nth / count, 100 * (nth + 1) / count);
        write!(
            style,
            "@keyframes k{nth}{{0%{{visibility:hidden}}{from}%{{visibility:visible}}{until}%{{visibility:hidden}}}}\
             .f{nth}{{animation:k{nth} {}s step-end infinite}}",
            STAYS * count
        )
        .unwrap();
    }
    style + "}"
}

struct Picture {
    ground: (u8, u8, u8),
    ink: (u8, u8, u8),
    /// The styles in use, each with its number.
    classes: BTreeMap<String, usize>,
    body: String,
}

/// Cells beside each other that look alike.
struct Stretch {
    at: u16,
    width: u16,
    text: String,
    style: String,
    ground: (u8, u8, u8),
}

impl Picture {
    /// What was drawn, with its title and the style of its letters.
    fn whole(&self, title: &str, (rows, columns): (u16, u16), more: &str) -> String {
        let (width, height) = (u32::from(columns) * CELL.0 + 2 * MARGIN, u32::from(rows) * CELL.1 + 2 * MARGIN);
        let (w, h, fill) = (units(width), units(height), hex(self.ground));
        let mut whole = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" role=\"img\">\n\
             <title>{}</title>\n<style>text{{font:14px 'DejaVu Sans Mono',Menlo,Consolas,monospace;white-space:pre}}",
            escaped(title),
        );
        for (style, number) in &self.classes {
            write!(whole, ".c{number}{{{style}}}").unwrap();
        }
        let body = &self.body;
        write!(whole, "{more}</style>\n<rect width=\"{w}\" height=\"{h}\" fill=\"{fill}\"/>\n{body}</svg>\n").unwrap();
        whole
    }

    fn line(&mut self, screen: &Screen, row: u16, columns: u16) {
        let mut stretches: Vec<Stretch> = Vec::new();
        for at in 0..columns {
            let Some(cell) = screen.cell(row, at).filter(|cell| !cell.is_wide_continuation()) else { continue };
            let (style, ground) = self.style(cell);
            let text = if cell.has_contents() { cell.contents() } else { " " };
            let width = 1 + u16::from(cell.is_wide());
            match stretches.last_mut() {
                Some(last) if last.style == style && last.ground == ground && joins(&last.text, text) => {
                    last.text.push_str(text);
                    last.width += width;
                }
                _ => stretches.push(Stretch { at, width, text: text.to_owned(), style, ground }),
            }
        }
        for stretch in stretches {
            self.stretch(row, &stretch);
        }
    }

    fn stretch(&mut self, row: u16, stretch: &Stretch) {
        let (x, y) = (MARGIN + u32::from(stretch.at) * CELL.0, MARGIN + u32::from(row) * CELL.1);
        let width = u32::from(stretch.width) * CELL.0;
        if stretch.ground != self.ground {
            let (x, y, w, h) = (units(x), units(y), units(width), units(CELL.1));
            let fill = hex(stretch.ground);
            writeln!(self.body, "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" fill=\"{fill}\"/>").unwrap();
        }
        // Blanks between words are no letters: each word group has its own place.
        let mut at = x;
        for piece in stretch.text.split_inclusive("  ") {
            let text = piece.trim_matches(' ');
            let blank = u32::try_from(piece.len() - piece.trim_start_matches(' ').len()).unwrap();
            let cells = |text: &str| if text.is_ascii() { u32::try_from(text.len()).unwrap() * CELL.0 } else { width };
            if text.chars().all(|c| DOTS.contains(&c)) {
                self.dots(&stretch.style, (at, y), text);
            } else if !text.is_empty() {
                self.letters(&stretch.style, (at + blank * CELL.0, y), cells(text), text);
            }
            at += cells(piece);
        }
    }

    /// Braille as the dots it stands for: hardly a font has it.
    fn dots(&mut self, style: &str, (x, y): (u32, u32), text: &str) {
        let Some(c) = text.chars().next() else { return };
        let bits = u32::from(c) - u32::from(*DOTS.start());
        // The first six bits go down the left side and then the right one; the last two are the lowest line.
        let places = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)];
        let set = places.iter().enumerate().filter(|(bit, _)| bits >> bit & 1 == 1);
        let mut path = String::new();
        for (_, (right, down)) in set {
            let (x, y) = (x + 120 + right * CELL.0 / 2, y + 150 + down * CELL.1 / 4);
            write!(path, "M{} {}h2v2h-2z", units(x), units(y)).unwrap();
        }
        let class = self.class(style);
        writeln!(self.body, "<path class=\"c{class}\" d=\"{path}\"/>").unwrap();
    }

    fn class(&mut self, style: &str) -> usize {
        let count = self.classes.len();
        *self.classes.entry(style.to_owned()).or_insert(count)
    }

    fn letters(&mut self, style: &str, (x, y): (u32, u32), width: u32, text: &str) {
        let class = self.class(style);
        let (x, y, width) = (units(x), units(y + BASE), units(width));
        let fit = format!("textLength=\"{width}\" lengthAdjust=\"spacingAndGlyphs\"");
        writeln!(self.body, "<text class=\"c{class}\" x=\"{x}\" y=\"{y}\" {fit}>{}</text>", escaped(text)).unwrap();
    }

    /// How the letters of a cell look, and what is behind them.
    fn style(&self, cell: &Cell) -> (String, (u8, u8, u8)) {
        let (mut ink, mut ground) = (color(cell.fgcolor(), self.ink), color(cell.bgcolor(), self.ground));
        if cell.inverse() {
            std::mem::swap(&mut ink, &mut ground);
        }
        let mut style = format!("fill:{}", hex(ink));
        for (on, words) in [
            (cell.bold(), ";font-weight:bold"),
            (cell.dim(), ";opacity:.6"),
            (cell.underline(), ";text-decoration:underline"),
        ] {
            if on {
                style.push_str(words);
            }
        }
        (style, ground)
    }
}

/// Whether `next` is drawn in one stretch with `before`: letters that are of one width in every font, and the pieces of
/// a drawn line. All others stand alone, so that none moves the next.
fn joins(before: &str, next: &str) -> bool {
    let line = |c: char| ('\u{2500}'..='\u{259f}').contains(&c);
    let last = before.chars().next_back().filter(|c| line(*c));
    (before.is_ascii() && next.is_ascii())
        || (last.is_some() && next.chars().next() == last && before.chars().all(line))
}

fn color(color: Color, default: (u8, u8, u8)) -> (u8, u8, u8) {
    match color {
        Color::Rgb(r, g, b) => (r, g, b),
        Color::Default | Color::Idx(_) => default,
    }
}

fn hex((r, g, b): (u8, u8, u8)) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// Hundredths as a number of units.
fn units(hundredths: u32) -> String {
    match (hundredths / 100, hundredths % 100) {
        (whole, 0) => whole.to_string(),
        (whole, rest) if rest % 10 == 0 => format!("{whole}.{}", rest / 10),
        (whole, rest) => format!("{whole}.{rest:02}"),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
