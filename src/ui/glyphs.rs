//! Glyphs: the signs beside every state, and their ASCII twins. Drawing writes the Unicode ones; where the terminal
//! has none, or draws ambiguous ones wide, the finished frame is put into ASCII in one place, here.

use std::borrow::Cow;

use ratatui::buffer::Buffer;

use crate::domain::environment::EnvironmentState;
use crate::domain::evidence::EvidenceState;
use crate::domain::gate::GateState;
use crate::domain::rollout::{Phase, VerdictState};
use crate::domain::run::Status;
use crate::ui::theme::Role;

words! {
    /// The set that a terminal can show.
    Glyphs {
        /// Only what a typewriter has; what people wrote stays as it is.
        Ascii = "ascii",
        /// Only what a typewriter has, and nothing else: for terminals of an older encoding, to which every other
        /// character is several wrong ones.
        Bare = "bare",
    } else Unicode = "unicode"
}

impl Glyphs {
    /// The set for a locale, as `LC_ALL`, `LC_CTYPE` and `LANG` name it, the first that is set, and for `TERM`: Unicode
    /// where it is UTF-8 and not one of those in which terminals draw ambiguous characters wide. The console of Linux
    /// has not the signs. Without a locale, as on many servers, the terminal is more likely UTF-8 than not.
    pub fn detect(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).unwrap_or_default().to_lowercase();
        let utf8 = locale.contains("utf-8") || locale.contains("utf8");
        let language = locale.split(['_', '.', '@']).next().unwrap_or_default();
        let wide = matches!(language, "ja" | "ko" | "zh");
        let linux = set("TERM").is_some_and(|term| term == "linux" || term.starts_with("linux-"));
        match (utf8, locale.as_str()) {
            (true, _) if !wide && !linux => Self::Unicode,
            (true, _) | (false, "" | "c" | "posix") => Self::Ascii,
            (false, _) => Self::Bare,
        }
    }

    /// The key Enter: its sign has no twin that one would know it by.
    pub const fn enter(self) -> &'static str {
        match self {
            Self::Unicode => "↵",
            Self::Ascii | Self::Bare => "Enter",
        }
    }

    /// Puts a finished frame into this set.
    pub fn settle(self, buffer: &mut Buffer) {
        match self {
            Self::Unicode => {}
            Self::Ascii => buffer.content.iter_mut().for_each(twin),
            Self::Bare => buffer.content.iter_mut().for_each(|cell| {
                twin(cell);
                if !cell.symbol().is_ascii() {
                    cell.set_char('?');
                }
            }),
        }
    }

    /// Text for people in this set, for what is written line by line and not drawn.
    pub fn text(self, text: &str) -> Cow<'_, str> {
        let in_set = |c: char| match self {
            Self::Unicode => c,
            Self::Ascii => ascii(c).unwrap_or(c),
            Self::Bare => ascii(c).unwrap_or(if c.is_ascii() { c } else { '?' }),
        };
        if self == Self::Unicode || text.is_ascii() { text.into() } else { text.chars().map(in_set).collect() }
    }
}

/// One sign and the role it is drawn in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The sign, one column wide.
    pub glyph: &'static str,
    /// Its role.
    pub role: Role,
}

const fn mark(glyph: &'static str, role: Role) -> Mark {
    Mark { glyph, role }
}

/// Ended well.
pub const OK: Mark = mark("✓", Role::Ok);
/// At work.
pub const RUNNING: Mark = mark("◐", Role::Running);
/// Waits for a person.
pub const WAITING: Mark = mark("◆", Role::Waiting);
/// Failed.
pub const FAILED: Mark = mark("✗", Role::Failed);
/// Queued, or does not serve.
pub const IDLE: Mark = mark("○", Role::Idle);
/// Serves.
pub const SERVING: Mark = mark("●", Role::Serving);
/// Cancelled.
pub const CANCELLED: Mark = mark("⊘", Role::Idle);
/// Being cancelled.
pub const CANCELLING: Mark = mark("⊖", Role::Waiting);
/// Skipped.
pub const SKIPPED: Mark = mark("↷", Role::Idle);
/// Ended well but for what may fail.
pub const UNSTABLE: Mark = mark("◪", Role::Caution);
/// To be looked at.
pub const ATTENTION: Mark = mark("▲", Role::Caution);
/// Not known.
pub const UNKNOWN: Mark = mark("?", Role::Caution);
/// A canary under way.
pub const CANARY: Mark = mark("◐", Role::Candidate);

/// The bar beside the selected row.
pub const MARKER: &str = "▌";
/// Leads from before to after.
pub const ARROW: &str = "→";

/// The mark of a run's, a stage's or a job's status.
pub const fn status(status: Status) -> Mark {
    match status {
        Status::Queued => IDLE,
        Status::Waiting => WAITING,
        Status::Running => RUNNING,
        Status::Cancelling => CANCELLING,
        Status::Succeeded => OK,
        Status::Unstable => UNSTABLE,
        Status::Failed => FAILED,
        Status::Cancelled => CANCELLED,
        Status::Skipped => SKIPPED,
        Status::Unknown => UNKNOWN,
    }
}

/// The mark of an environment's state.
pub const fn environment(state: EnvironmentState) -> Mark {
    match state {
        EnvironmentState::Empty => IDLE,
        EnvironmentState::Live => OK,
        EnvironmentState::Deploying => RUNNING,
        EnvironmentState::Waiting => WAITING,
        EnvironmentState::Failed => FAILED,
        EnvironmentState::Unknown => UNKNOWN,
    }
}

/// The mark of a gate's state.
pub const fn gate(state: GateState) -> Mark {
    match state {
        GateState::Waiting => WAITING,
        GateState::ApprovedNotStarted => IDLE,
        GateState::Approved => OK,
        GateState::Rejected => FAILED,
        GateState::Expired => CANCELLED,
        GateState::Unknown => UNKNOWN,
    }
}

/// The mark of a rollout's phase.
pub const fn phase(phase: Phase) -> Mark {
    match phase {
        Phase::Idle => IDLE,
        Phase::Progressing => CANARY,
        Phase::Paused | Phase::Waiting => WAITING,
        Phase::Aborting => CANCELLING,
        Phase::Aborted => CANCELLED,
        Phase::Degraded => FAILED,
        Phase::Complete => OK,
        Phase::Unknown => UNKNOWN,
    }
}

/// The mark of a verdict.
pub const fn verdict(state: VerdictState) -> Mark {
    match state {
        VerdictState::Pass => OK,
        VerdictState::Marginal => ATTENTION,
        VerdictState::Fail => FAILED,
        VerdictState::NoData | VerdictState::Unknown => UNKNOWN,
    }
}

/// The mark of a piece of evidence.
pub const fn evidence(state: EvidenceState) -> Mark {
    match state {
        EvidenceState::Pass => OK,
        EvidenceState::Warn => ATTENTION,
        EvidenceState::Fail => FAILED,
        EvidenceState::Missing | EvidenceState::Unknown => UNKNOWN,
    }
}

/// Replaces a cell's symbol by its twin of the same width.
fn twin(cell: &mut ratatui::buffer::Cell) {
    let mut symbol = cell.symbol().chars();
    if let (Some(c), None) = (symbol.next(), symbol.next())
        && let Some(twin) = ascii(c)
    {
        cell.set_char(twin);
    }
}

/// Each ASCII character with the signs it stands for.
const TWINS: &[(char, &str)] = &[
    ('+', "✓┌┐└┘├┤┬┴┼╭╮╰╯┏┓┗┛"),
    ('-', "⊘·─╌╴╶—–−▂▃"),
    ('.', "○…┄⋯░□"),
    ('|', "│┃▏▎▍╎┆"),
    ('#', "●▆▇█▓■"),
    ('=', "◆━▄▅"),
    ('*', "◐"),
    ('x', "✗×"),
    ('!', "▲"),
    ('~', "⊖"),
    ('%', "◪▞"),
    ('>', "↷→▸▶▌›»≥"),
    ('<', "←◀‹«≤↵⏎"),
    ('_', "▁"),
    (':', "▒"),
    ('^', "↑"),
    ('v', "↓"),
];

/// The ASCII twin of a sign that this program draws; `None` for a character of somebody's text.
fn ascii(c: char) -> Option<char> {
    match c {
        '\u{0}'..='\u{7f}' => None,
        // What makes a control character visible.
        '\u{2400}'..='\u{2421}' => Some('^'),
        '\u{2800}' => Some(' '),
        '\u{2801}'..='\u{28ff}' => Some(braille(c)),
        _ => TWINS.iter().find(|(_, signs)| signs.contains(c)).map(|(twin, _)| *twin),
    }
}

/// A braille cell by how high its highest dot is.
const fn braille(c: char) -> char {
    let dots = (c as u32 - 0x2800) & 0xff;
    if dots & 0b0000_1001 != 0 {
        '\''
    } else if dots & 0b0001_0010 != 0 {
        '-'
    } else if dots & 0b0010_0100 != 0 {
        ','
    } else {
        '.'
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_is_not_drawn_has_the_same_twins() {
        let text = "plan · größe → 12";
        assert_eq!(Glyphs::Unicode.text(text), text);
        assert_eq!(Glyphs::Ascii.text(text), "plan - größe > 12");
        assert_eq!(Glyphs::Bare.text(text), "plan - gr??e > 12");
    }

    #[test]
    fn the_twins_are_the_ones_that_were_agreed() {
        let agreed = [
            (OK, '+'),
            (RUNNING, '*'),
            (WAITING, '='),
            (FAILED, 'x'),
            (IDLE, '.'),
            (SERVING, '#'),
            (CANCELLED, '-'),
            (CANCELLING, '~'),
            (SKIPPED, '>'),
            (UNSTABLE, '%'),
            (ATTENTION, '!'),
        ];
        for (mark, twin) in agreed {
            assert_eq!(ascii(mark.glyph.chars().next().unwrap()), Some(twin));
        }
    }

    #[test]
    fn every_sign_is_one_column_wide() {
        for status in Status::ALL {
            assert_eq!(unicode_width::UnicodeWidthStr::width(super::status(*status).glyph), 1);
        }
    }

    #[test]
    fn a_frame_in_ascii_keeps_what_people_wrote() {
        let mut buffer = Buffer::with_lines(["│✓ Grüße 日本 ─▶ 25 %…"]);
        Glyphs::Ascii.settle(&mut buffer);
        assert_eq!(buffer, Buffer::with_lines(["|+ Grüße 日本 -> 25 %."]));
        Glyphs::Bare.settle(&mut buffer);
        assert_eq!(buffer, Buffer::with_lines(["|+ Gr??e ? ?  -> 25 %."]));
    }

    #[test]
    fn the_locale_chooses_the_set() {
        let of = |variables: &[(&str, &str)]| {
            Glyphs::detect(|asked| {
                variables.iter().find(|(name, _)| *name == asked).map(|(_, said)| (*said).to_owned())
            })
        };
        for utf8 in ["en_GB.UTF-8", "C.utf8", "UTF-8", "de_DE.utf8@euro", "jam_JM.UTF-8"] {
            assert_eq!(of(&[("LANG", utf8)]), Glyphs::Unicode, "{utf8}");
        }
        for wide in ["ja_JP.UTF-8", "ko_KR.utf8", "zh_CN.UTF-8", "zh.UTF-8"] {
            assert_eq!(of(&[("LC_CTYPE", wide), ("LANG", "en_GB.UTF-8")]), Glyphs::Ascii, "{wide}");
        }
        for none in ["", "C", "POSIX"] {
            assert_eq!(of(&[("LANG", none)]), Glyphs::Ascii, "{none}");
        }
        for older in ["de_DE", "en_US.ISO-8859-1", "ja_JP.eucJP", "zh_CN.GB18030", "\u{fffd}"] {
            assert_eq!(of(&[("LC_ALL", older), ("LANG", "en_GB.UTF-8")]), Glyphs::Bare, "{older}");
        }
        for (term, glyphs) in [("linux", Glyphs::Ascii), ("linux-16color", Glyphs::Ascii), ("xterm", Glyphs::Unicode)] {
            assert_eq!(of(&[("LC_ALL", "en_GB.UTF-8"), ("TERM", term)]), glyphs, "{term}");
        }
    }
}
