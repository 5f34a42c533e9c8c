//! How many colours a terminal has, told from the environment alone: no question to the terminal is waited for.

words! {
    /// What the operator asked for: `--color`, or the variable of the same meaning.
    ColorWish {
        /// Never any colour.
        Never = "never",
        /// Colour, whatever else is said.
        Always = "always",
    } else Auto = "auto"
}

/// The colours that a terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Depth {
    /// None: bold, dim, underlined and reversed only.
    None,
    /// The 16 that the user chose.
    Ansi,
    /// 256.
    Indexed,
    /// 16 million.
    Rgb,
}

impl Depth {
    /// The depth that `variable` tells of. In this order: the wish, `LEVERFRAME_COLOR`, `NO_COLOR`, `CLICOLOR_FORCE`,
    /// `CLICOLOR=0`, `TERM=dumb`, then what `COLORTERM` and `TERM` name.
    pub fn detect(wish: ColorWish, variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let wish = match wish {
            ColorWish::Auto => set("LEVERFRAME_COLOR").map_or(ColorWish::Auto, |word| ColorWish::from_word(&word)),
            said => said,
        };
        let term = set("TERM").unwrap_or_default();
        // GNU screen hands on what the terminal around it says, and makes other colours of 24 bit.
        let screen = set("STY").is_some() && !term.starts_with("tmux");
        let color_term = set("COLORTERM").filter(|_| !screen).unwrap_or_default();
        let named = named(&color_term, &term);
        match wish {
            ColorWish::Never => Self::None,
            ColorWish::Always => named.max(Self::Ansi),
            ColorWish::Auto if set("NO_COLOR").is_some() => Self::None,
            ColorWish::Auto if set("CLICOLOR_FORCE").is_some_and(|value| value != "0") => named.max(Self::Ansi),
            ColorWish::Auto if set("CLICOLOR").is_some_and(|value| value == "0") => Self::None,
            ColorWish::Auto => named,
        }
    }
}

fn named(color_term: &str, term: &str) -> Depth {
    match (color_term, term) {
        ("truecolor" | "24bit", _) => Depth::Rgb,
        (_, "" | "dumb" | "vt100" | "vt220") => Depth::None,
        (_, term) if term.ends_with("-direct") => Depth::Rgb,
        (_, term) if term.contains("256color") => Depth::Indexed,
        _ => Depth::Ansi,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detect(wish: &str, variables: &[(&str, &str)]) -> Depth {
        Depth::detect(ColorWish::from_word(wish), |name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_terminal_says_how_many_colours() {
        assert_eq!(detect("auto", &[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")]), Depth::Rgb);
        assert_eq!(detect("auto", &[("TERM", "tmux-256color")]), Depth::Indexed);
        assert_eq!(detect("auto", &[("TERM", "linux")]), Depth::Ansi);
        assert_eq!(detect("auto", &[("TERM", "dumb")]), Depth::None);
        let rgb = ("COLORTERM", "truecolor");
        assert_eq!(detect("auto", &[("TERM", "screen.xterm-256color"), rgb, ("STY", "1.x")]), Depth::Indexed);
        assert_eq!(detect("auto", &[("TERM", "tmux-256color"), rgb, ("STY", "1.x")]), Depth::Rgb);
        assert_eq!(detect("auto", &[]), Depth::None);
    }

    #[test]
    fn a_wish_comes_before_the_environment_and_ours_before_the_others() {
        let rgb = ("COLORTERM", "truecolor");
        assert_eq!(detect("never", &[rgb]), Depth::None);
        assert_eq!(detect("auto", &[rgb, ("NO_COLOR", "1")]), Depth::None);
        assert_eq!(detect("auto", &[rgb, ("NO_COLOR", "")]), Depth::Rgb);
        assert_eq!(detect("always", &[rgb, ("NO_COLOR", "1")]), Depth::Rgb);
        assert_eq!(detect("always", &[("TERM", "dumb")]), Depth::Ansi);
        assert_eq!(detect("auto", &[rgb, ("NO_COLOR", "1"), ("LEVERFRAME_COLOR", "always")]), Depth::Rgb);
        assert_eq!(detect("auto", &[rgb, ("CLICOLOR", "0")]), Depth::None);
        assert_eq!(detect("auto", &[rgb, ("CLICOLOR", "0"), ("CLICOLOR_FORCE", "1")]), Depth::Rgb);
    }
}
