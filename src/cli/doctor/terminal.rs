//! The terminal: how large it is, what it is called, which colours, signs and links it has, and how
//! one is told of what waits.

use std::io::IsTerminal as _;

use super::check::Check;
use crate::config::{self, Links, Look, Notify};
use crate::runtime::notify::Between;
use crate::runtime::terminal::{links, screen};
use crate::ui;
use crate::ui::glyphs::Glyphs;
use crate::ui::theme::{ColorWish, Depth};

/// How the terminal stands that standard output is.
pub fn checks(wish: ColorWish, look: &Look, variable: impl Fn(&str) -> Option<String> + Copy) -> Vec<Check> {
    if !std::io::stdout().is_terminal() {
        return vec![Check::ok("terminal", "standard output is none: the console would need one")];
    }
    let signs = if look.glyphs == config::Glyphs::Auto { signs(variable) } else { wanted(look.glyphs) };
    let own = [size(screen::size()), term(variable), colors(wish, variable), signs];
    own.into_iter()
        .chain([mouse(look.mouse, variable), links(look.links, variable), notices(&look.notify, variable)])
        .collect()
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

fn wanted(glyphs: config::Glyphs) -> Check {
    let which = if glyphs == config::Glyphs::Ascii { "ASCII signs" } else { "all signs" };
    Check::ok("signs", format!("{which}, as the configuration says"))
}

fn mouse(wanted: bool, variable: impl Fn(&str) -> Option<String>) -> Check {
    match (wanted, Between::detect(variable).has_mouse()) {
        (false, _) => Check::ok("mouse", "not listened to, as the configuration says"),
        (true, true) => Check::ok("mouse", "listened to; hold Shift to select text"),
        (true, false) => Check::ok("mouse", "not listened to: GNU screen would hold Esc back until the next key"),
    }
}

fn links(wanted: Links, variable: impl Fn(&str) -> Option<String>) -> Check {
    const AREA: &str = "links";
    match (wanted, links::known(variable)) {
        (Links::Never, _) => Check::ok(AREA, "none, as the configuration says"),
        (_, true) => Check::ok(AREA, "OSC 8: this terminal is known to have them"),
        (Links::Always, false) => Check::ok(AREA, "OSC 8, as the configuration says"),
        (Links::Auto, false) => Check::ok(AREA, "none: nothing says that this terminal has them")
            .hint("if it has: links = \"always\" in the configuration"),
    }
}

/// How one is told that something waits. The configuration alone decides: no terminal says what it can show.
fn notices(ways: &[Notify], variable: impl Fn(&str) -> Option<String> + Copy) -> Check {
    const AREA: &str = "notices";
    let said = ways.iter().map(way).collect::<Vec<_>>().join(", ");
    let sequences = ways.iter().any(|way| matches!(way, Notify::Osc9 | Notify::Osc777 | Notify::Osc99));
    match Between::detect(variable) {
        _ if ways.is_empty() => Check::ok(AREA, "none, as the configuration says"),
        Between::Screen if sequences => {
            Check::caution(AREA, format!("{said}; no OSC: GNU screen would show it as text"))
                .hint("notify = [\"bell\"] gets through GNU screen")
        }
        Between::Tmux if sequences => Check::ok(AREA, format!("{said}, through tmux"))
            .hint("tmux passes them on where it is told to: set -g allow-passthrough on"),
        _ => match shows(variable) {
            Some((terminal, best)) if !ways.contains(&best) => {
                let known = way(&best);
                let key = known.replace(' ', "").to_lowercase();
                Check::ok(AREA, said).hint(format!("{terminal} shows {known}, too: notify = [\"{key}\"]"))
            }
            Some((terminal, best)) => Check::ok(AREA, format!("{said}; {terminal} shows {}", way(&best))),
            None if sequences => Check::ok(AREA, format!("{said}, as the configuration says")),
            None => Check::ok(AREA, format!("{said}: every terminal has it")),
        },
    }
}

fn way(way: &Notify) -> String {
    match way {
        Notify::Bell => "bell".to_owned(),
        Notify::Osc9 => "OSC 9".to_owned(),
        Notify::Osc777 => "OSC 777".to_owned(),
        Notify::Osc99 => "OSC 99".to_owned(),
        Notify::Command(words) => format!("the program {}", words.first().map_or("", String::as_str)),
    }
}

/// The notice that a terminal which names itself is known to show.
fn shows(variable: impl Fn(&str) -> Option<String>) -> Option<(&'static str, Notify)> {
    let (program, term) = (variable("TERM_PROGRAM").unwrap_or_default(), variable("TERM").unwrap_or_default());
    match (program.as_str(), term.as_str()) {
        (_, "xterm-kitty") => Some(("kitty", Notify::Osc99)),
        ("iTerm.app", _) => Some(("iTerm2", Notify::Osc9)),
        ("WezTerm", _) => Some(("WezTerm", Notify::Osc9)),
        ("ghostty", _) | (_, "xterm-ghostty") => Some(("Ghostty", Notify::Osc9)),
        (_, "foot" | "foot-extra") => Some(("foot", Notify::Osc777)),
        (_, "rxvt-unicode" | "rxvt-unicode-256color") => Some(("urxvt", Notify::Osc777)),
        _ => None,
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
    fn what_the_terminal_is_known_to_show_is_said_beside_what_is_used() {
        let of = |ways: &[Notify], name: &'static str, value: &'static str| {
            notices(ways, move |asked| (asked == name).then(|| value.to_owned()))
        };
        let bell = of(&[Notify::Bell], "TERM", "xterm-256color");
        assert_eq!((bell.message.as_str(), bell.hint), ("bell: every terminal has it", None));
        let kitty = of(&[Notify::Bell], "TERM", "xterm-kitty");
        assert_eq!(kitty.hint.unwrap().as_str(), "kitty shows OSC 99, too: notify = [\"osc99\"]");
        assert_eq!(of(&[Notify::Osc9], "TERM_PROGRAM", "WezTerm").message, "OSC 9; WezTerm shows OSC 9");
        assert_eq!(of(&[Notify::Osc9], "STY", "1.a").state, State::Caution);
        assert!(of(&[Notify::Osc9], "TMUX", "x").hint.unwrap().as_str().contains("allow-passthrough"));
        assert_eq!(of(&[], "TERM", "xterm").message, "none, as the configuration says");
    }

    #[test]
    fn the_locale_says_which_signs() {
        let of = |locale: &'static str| signs(move |name| (name == "LANG").then(|| locale.to_owned())).state;
        assert_eq!([of("de_DE.UTF-8"), of("ja_JP.UTF-8")], [State::Ok, State::Ok]);
        assert_eq!([of("C"), of("de_DE.ISO-8859-1")], [State::Caution, State::Caution]);
    }
}
