//! Themes: choosing one by looking at it, and a file of one's own that changes under the screen.

use leverframe::ui::Reaction;
use leverframe::ui::theme::{Depth, File, Role, Themes};
use ratatui::style::Color;

use crate::support::screen::{Screen, settings};
use crate::support::world::Known;

fn file(name: &str, color: &str) -> File {
    let text = format!("inherits = \"leverframe\"\n[roles]\naccent = \"{color}\"\n");
    File { name: name.into(), shown: format!("themes/{name}.toml"), text: Ok(text) }
}

/// A screen that wears `theme`, with one theme of the operator's.
fn wearing(theme: &str, depth: Depth) -> Screen {
    let mut settings = settings((120, 36));
    (settings.theme, settings.depth) = (theme.into(), depth);
    settings.themes = Themes::of(&[file("mine", "#010203")]);
    Screen::with(Known::load("shop"), settings)
}

/// The colour of the tab that one is on, which is drawn as the accent is.
fn accent(screen: &Screen) -> Color {
    let at = screen.text().lines().nth(1).unwrap().find("1 Board").unwrap();
    screen.buffer()[(u16::try_from(at).unwrap(), 1)].fg
}

/// What the operator's file says now.
fn written(screen: &mut Screen, color: &str) {
    screen.ui.take_themes(&[file("mine", color)]);
    screen.paint();
}

#[test]
fn a_theme_is_chosen_by_looking_at_the_screen_in_it() {
    let mut screen = wearing("leverframe", Depth::Rgb);
    let before = accent(&screen);
    screen.press("T");
    assert_eq!(screen.wanted, [Reaction::LookForThemes], "the files are looked at when one is about to choose");
    let names = ["leverframe", "leverframe-light", "terminal", "high-contrast", "colorblind", "catppuccin-mocha"];
    for name in names.iter().chain(&["gruvbox-dark", "dracula", "mono", "mine"]) {
        assert!(screen.text().contains(name), "{name}:\n{}", screen.text());
    }
    screen.press("up");
    assert_eq!(accent(&screen), before, "it is the first");
    screen.press("T T T");
    assert_ne!(accent(&screen), before);
    screen.press("esc");
    assert_eq!(accent(&screen), before, "Esc leaves everything as it was");
    screen.press("T j j j j j j j j j enter");
    assert_eq!(accent(&screen), Color::Rgb(1, 2, 3));
}

#[test]
fn the_list_of_themes_can_be_longer_than_the_screen() {
    let mut settings = settings((80, 24));
    let files: Vec<_> = (0..40).map(|at| file(&format!("mine-{at:02}"), "red")).collect();
    settings.themes = Themes::of(&files);
    let mut screen = Screen::with(Known::load("shop"), settings);
    screen.press("T");
    assert!(!screen.text().contains("mine-39"));
    screen.press(&"j ".repeat(60));
    assert!(screen.line("▌").contains("mine-39") || screen.text().contains("mine-39"), "{}", screen.text());
}

#[test]
fn a_file_that_changes_changes_the_screen_and_a_broken_one_is_told() {
    let mut screen = wearing("mine", Depth::Rgb);
    assert_eq!(accent(&screen), Color::Rgb(1, 2, 3));
    written(&mut screen, "#040506");
    assert_eq!((accent(&screen), screen.status().as_str()), (Color::Rgb(4, 5, 6), ""));
    written(&mut screen, "blu");
    assert_eq!(accent(&screen), Color::Rgb(4, 5, 6), "the last good one stays");
    let says = "▲ the theme mine stays as it was: mine.toml:3: roles.accent: \"blu\" is no colour and no name";
    assert!(screen.status().starts_with(says), "{}", screen.status());
    screen.press("j");
    assert_eq!(screen.status(), "");
    written(&mut screen, "blu");
    assert_eq!(screen.status(), "", "one fault is told once");
    written(&mut screen, "#070809");
    assert_eq!((accent(&screen), screen.status().as_str()), (Color::Rgb(7, 8, 9), "○ every theme file is in order"));
    screen.ui.take_themes(&[]);
    screen.paint();
    assert_eq!(accent(&screen), Color::Rgb(7, 8, 9), "a file that is gone leaves the screen as it is");
}

#[test]
fn a_choice_that_is_open_follows_the_files() {
    let mut screen = wearing("leverframe", Depth::Rgb);
    screen.press("T");
    screen.ui.take_themes(&[file("mine", "red"), file("newer", "#0a0b0c")]);
    screen.paint();
    assert!(screen.text().contains("newer"), "{}", screen.text());
    screen.press("j j j j j j j j j j enter");
    assert_eq!(accent(&screen), Color::Rgb(10, 11, 12));
}

#[test]
fn without_colour_there_is_nothing_to_choose_and_the_selection_is_reversed() {
    let mut screen = wearing("mine", Depth::None);
    let strange = |cell: &&ratatui::buffer::Cell| (cell.fg, cell.bg) != (Color::Reset, Color::Reset);
    assert_eq!(screen.buffer().content.iter().find(strange), None);
    screen.press("T");
    assert!(screen.text().contains("mine") && !screen.text().contains("leverframe-light"), "{}", screen.text());
    let theme = Themes::default().named("leverframe", Depth::None).unwrap();
    assert!(theme.style(Role::Selection).add_modifier.contains(ratatui::style::Modifier::REVERSED));
}

/// What is drawn in each pane, with a row selected that has much in it.
fn everywhere(theme: &str, depth: Depth, mut look: impl FnMut(&ratatui::buffer::Cell, &str)) {
    for keys in ["j j", "2", "3", "4 g", "4 G", "5", "5 t", "j j P", "T", "?"] {
        let mut screen = wearing(theme, depth);
        screen.press(keys).describe();
        screen.buffer().content.iter().for_each(|cell| look(cell, keys));
    }
}

#[test]
fn nothing_is_dim_that_is_reversed() {
    use ratatui::style::Modifier;
    everywhere("leverframe", Depth::None, |cell, keys| {
        assert!(!cell.modifier.contains(Modifier::REVERSED | Modifier::DIM), "{:?} after {keys}", cell.symbol());
    });
}

#[test]
fn a_title_is_not_dimmed_by_the_frame_that_it_stands_in() {
    use ratatui::style::Modifier;
    let screen = wearing("leverframe", Depth::None);
    let text = screen.text();
    let (y, line) = text.lines().enumerate().find(|(_, line)| line.contains("Services")).unwrap();
    let x = line[..line.find("Services").unwrap()].chars().count();
    let modifier = screen.buffer()[(u16::try_from(x).unwrap(), u16::try_from(y).unwrap())].modifier;
    assert_eq!(modifier, Modifier::BOLD);
}

#[test]
fn the_candidate_is_not_dimmed_where_it_meets_the_stable_one() {
    use ratatui::style::Modifier;
    let candidate = Themes::default().named("terminal", Depth::Ansi).unwrap().style(Role::Candidate).fg.unwrap();
    everywhere("terminal", Depth::Ansi, |cell, keys| {
        let dim = cell.fg == candidate && cell.modifier.contains(Modifier::DIM);
        assert!(!dim, "{:?} after {keys}", cell.symbol());
    });
}

#[test]
fn a_drawing_tells_of_a_change_of_colour_alone() {
    let mut screen = Screen::new("shop", 80, 24);
    let (text, drawing) = (screen.text(), screen.drawing());
    let legend = drawing.lines().find(|line| line.starts_with("f ")).unwrap();
    assert_eq!(legend, "f failed, limit: #f2777a on #14161b", "{drawing}");
    let mut mine = file("leverframe", "#010203");
    mine.text = mine.text.map(|text| text.replace("accent", "failed"));
    screen.ui.take_themes(&[mine]);
    screen.paint();
    assert_eq!(screen.text(), text);
    assert_ne!(screen.drawing(), drawing);
    assert!(screen.drawing().contains("no role's: #010203 on #14161b"), "{}", screen.drawing());
}
