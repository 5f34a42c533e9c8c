//! The terminal: how large it is, what it is called, which colours and which signs it has.

use std::io::IsTerminal as _;

use super::check::Check;
use crate::runtime::terminal::screen;
use crate::ui;
use crate::ui::glyphs::Glyphs;
use crate::ui::theme::{ColorWish, Depth};

/// How the terminal stands that standard output is.
pub fn checks(wish: ColorWish, variable: impl Fn(&str) -> Option<String> + Copy) -> Vec<Check> {
    if !std::io::stdout().is_terminal() {
        return vec![Check::ok("terminal", "standard output is none: the console would need one")];
    }
    vec![size(screen::size()), term(variable), colors(wish, variable), signs(variable)]
}

fn size((columns, rows): (u16, u16)) -> Check {
    let (least, said) = (ui::LEAST, format!("{columns}x{rows}"));
    if columns < least.0 || rows < least.1 {
        let hint = format!("make it larger: {}x{} at least, 120x36 to see most", least.0, least.1);
        return Check::wrong("terminal", format!("{said} is too small")).hint(hint);
    }
    Check::ok("terminal", said)
}

fn term(variable: impl Fn(&str) -> Option<String>) -> Check {
    match variable("TERM").filter(|name| !name.is_empty()) {
        None => Check::wrong("TERM", "is not set").hint("export TERM=xterm-256color, or what the terminal really is"),
        Some(name) if name == "dumb" => {
            Check::wrong("TERM", "is dumb: nothing can be drawn").hint("run it in a terminal, not in an editor's shell")
        }
        Some(name) => Check::ok("TERM", name),
    }
}

fn colors(wish: ColorWish, variable: impl Fn(&str) -> Option<String>) -> Check {
    match Depth::detect(wish, variable) {
        Depth::None => Check::ok("colours", "none: every state has its sign and its word"),
        Depth::Ansi => Check::ok("colours", "the terminal's 16"),
        Depth::Indexed => Check::ok("colours", "256"),
        Depth::Rgb => Check::ok("colours", "24 bit"),
    }
}

/// The signs by the locale; those of the typewriter are a choice where the others would be drawn wide or not at all.
fn signs(variable: impl Fn(&str) -> Option<String> + Copy) -> Check {
    const HINT: &str =
        "if the terminal knows UTF-8: export LC_ALL=C.UTF-8, or glyphs = \"unicode\" in the configuration";
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| variable(name).filter(|v| !v.is_empty()));
    let said = locale.unwrap_or_else(|| "none is set".to_owned());
    let utf8 = said.to_lowercase().replace('-', "").contains("utf8");
    match Glyphs::detect(variable) {
        Glyphs::Unicode => Check::ok("locale", format!("{said}: all signs")),
        Glyphs::Ascii if utf8 => Check::ok("locale", format!("{said}: ASCII signs, which every terminal draws alike")),
        Glyphs::Ascii => Check::caution("locale", format!("{said}: ASCII signs only")).hint(HINT),
        Glyphs::Bare => Check::caution("locale", format!("{said}: nothing but ASCII is drawn")).hint(HINT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::check::State;

    #[test]
    fn what_cannot_be_drawn_on_is_wrong_and_says_what_would_do() {
        assert_eq!(size((120, 36)).state, State::Ok);
        let small = size((59, 40));
        assert_eq!((small.state, small.message.as_str()), (State::Wrong, "59x40 is too small"));
        assert!(small.hint.unwrap().as_str().contains("60x16"));
        let named = |name: &'static str| term(move |_| Some(name.to_owned())).state;
        assert_eq!((named("dumb"), named(""), named("tmux-256color")), (State::Wrong, State::Wrong, State::Ok));
    }

    #[test]
    fn the_locale_says_which_signs() {
        let of = |locale: &'static str| signs(move |name| (name == "LANG").then(|| locale.to_owned())).state;
        assert_eq!([of("de_DE.UTF-8"), of("ja_JP.UTF-8")], [State::Ok, State::Ok]);
        assert_eq!([of("C"), of("de_DE.ISO-8859-1")], [State::Caution, State::Caution]);
    }
}
