//! A screen without a terminal: keys go in, drawings come out. It does what the application does with reactions, as
//! far as a screen can tell.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use jiff::tz::TimeZone;
use leverframe::actions::{self, World};
use leverframe::domain::confirmation::Asked;
use leverframe::domain::order::Call;
use leverframe::ui::glyphs::Glyphs;
use leverframe::ui::theme::{Depth, Theme, Themes};
use leverframe::ui::{Input, Keymap, Reaction, Settings, Ui};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;

use super::styles::styles;
use super::world::Known;

/// How long a person takes from one key to the next.
const TYPING: jiff::SignedDuration = jiff::SignedDuration::from_millis(150);

/// A screen and what it is drawn from.
pub struct Screen {
    /// The world.
    pub known: Known,
    /// The screen's state.
    pub ui: Ui,
    /// Everything that left for the application, oldest first.
    pub wanted: Vec<Reaction>,
    theme: Theme,
    terminal: Terminal<TestBackend>,
    dialogs: u64,
    /// How many keys were pressed.
    typed: i32,
}

/// The settings of a test: everything fixed.
pub fn settings(size: (u16, u16)) -> Settings {
    Settings {
        theme: "leverframe".into(),
        themes: Themes::default(),
        depth: Depth::Rgb,
        glyphs: Glyphs::Unicode,
        zone: TimeZone::UTC,
        keymap: Keymap::default(),
        contexts: vec!["shop-prod".into(), "shop-staging".into()],
        size,
    }
}

impl Screen {
    /// The world called `name` on a screen of this size.
    pub fn new(name: &str, width: u16, height: u16) -> Self {
        Self::with(Known::load(name), settings((width, height)))
    }

    /// `known` on a screen with `settings`.
    pub fn with(known: Known, settings: Settings) -> Self {
        let (width, height) = settings.size;
        let terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        let theme = settings.themes.named(&settings.theme, settings.depth);
        let theme = theme.unwrap_or_else(|| Theme::mono(settings.depth));
        let (ui, wanted) = (Ui::new(settings), Vec::new());
        let mut screen = Self { known, ui, wanted, theme, terminal, dialogs: 0, typed: 0 };
        screen.paint();
        screen
    }

    /// Presses keys by name, one frame after each: `j`, `enter`, `shift-tab`.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for name in keys.split_whitespace() {
            self.send(Input::Key(key(name)));
            self.paint();
            self.typed += 1;
        }
        self
    }

    /// Types letters, one frame after each.
    pub fn type_text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.send(Input::Key(KeyEvent::from(KeyCode::Char(c))));
            self.paint();
        }
        self
    }

    /// Gives one input, and draws nothing.
    pub fn send(&mut self, input: Input) {
        let reactions = self.ui.input(input, &self.known.world());
        for reaction in reactions {
            if let Reaction::Ask(request) = &reaction {
                self.dialogs += 1;
                match actions::plan(&self.known.world(), request) {
                    Ok(plan) => self.ui.plan(self.dialogs, plan),
                    Err(why) => self.ui.refuse(&why),
                }
            }
            self.wanted.push(reaction);
        }
    }

    /// The source names the calls of the last dialog.
    pub fn describe(&mut self) -> &mut Self {
        let body = serde_json::json!({"weight": 37, "reason": null});
        let call = Call {
            verb: "POST".into(),
            target: "/v1/services/checkout/environments/production/rollout".into(),
            headers: vec![("If-Match".into(), "88231".into())],
            body: Some(body),
        };
        self.ui.described(self.dialogs, vec![call]);
        self.paint();
        self
    }

    /// A second person is waited for, for the last plan.
    pub fn second(&mut self, asked: Asked) {
        let request = self.wanted.iter().rev().find_map(|wanted| match wanted {
            Reaction::Ask(request) => Some(request.clone()),
            _ => None,
        });
        let plan = actions::plan(&self.known.world(), &request.unwrap()).unwrap();
        self.ui.await_second(self.dialogs, &plan, asked);
        self.paint();
    }

    /// Clicks at a column and a row.
    pub fn click(&mut self, column: u16, row: u16) -> &mut Self {
        self.mouse(MouseEventKind::Down(MouseButton::Left), (column, row));
        self.mouse(MouseEventKind::Up(MouseButton::Left), (column, row))
    }

    /// Clicks on the first of `words`.
    pub fn click_on(&mut self, words: &str) -> &mut Self {
        let (column, row) = self.find(words);
        self.click(column, row)
    }

    /// Uses the mouse at a column and a row.
    pub fn mouse(&mut self, kind: MouseEventKind, (column, row): (u16, u16)) -> &mut Self {
        self.send(Input::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }));
        self.paint();
        self
    }

    /// The column and the row where `words` begin.
    pub fn find(&self, words: &str) -> (u16, u16) {
        let text = self.text();
        let found = text.lines().enumerate().find_map(|(row, line)| {
            let column = unicode_width::UnicodeWidthStr::width(&line[..line.find(words)?]);
            Some((u16::try_from(column).unwrap(), u16::try_from(row).unwrap()))
        });
        found.unwrap_or_else(|| panic!("no {words:?} in\n{text}"))
    }

    /// Resizes.
    pub fn resize(&mut self, width: u16, height: u16) -> &mut Self {
        self.terminal.backend_mut().resize(width, height);
        self.send(Input::Resized(width, height));
        self.paint();
        self
    }

    /// Draws what there is, as the application does after everything that happened.
    pub fn paint(&mut self) {
        self.draw();
        self.ui.drawn();
    }

    /// Draws without telling the screen that it was seen.
    pub fn draw(&mut self) {
        let Self { ui, known, terminal, typed, .. } = self;
        // What is drawn is of one moment; between two keys a person takes a while.
        ui.settle(&World { now: known.now + TYPING * *typed, ..known.world() });
        terminal.draw(|frame| ui.draw(&known.world(), frame)).unwrap();
    }

    /// The number of the last dialog.
    pub const fn dialog(&self) -> u64 {
        self.dialogs
    }

    /// The last frame.
    pub fn buffer(&self) -> &Buffer {
        self.terminal.backend().buffer()
    }

    /// All that an operator sees: each sign with its colours, and the caret where one stands.
    pub fn sight(&self) -> (Buffer, Option<Position>) {
        let backend = self.terminal.backend();
        (backend.buffer().clone(), backend.cursor_visible().then(|| backend.cursor_position()))
    }

    /// The last frame as text, blanks at the ends of lines left out.
    pub fn text(&self) -> String {
        lines(self.buffer()).join("\n")
    }

    /// The last frame as text, and under it how each sign looks.
    pub fn drawing(&self) -> String {
        format!("{}\n\n{}", self.text(), styles(self.buffer(), &self.theme))
    }

    /// The line above the footer.
    pub fn status(&self) -> String {
        let lines = lines(self.buffer());
        lines[lines.len() - 2].trim().to_owned()
    }

    /// The last line.
    pub fn footer(&self) -> String {
        lines(self.buffer()).last().unwrap().trim().to_owned()
    }

    /// The line that holds `words`.
    pub fn line(&self, words: &str) -> String {
        let text = self.text();
        text.lines().find(|line| line.contains(words)).unwrap_or_else(|| panic!("no {words:?} in\n{text}")).to_owned()
    }
}

/// The keys that are no characters, by name.
pub const NAMED: [(&str, KeyCode); 16] = [
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("backspace", KeyCode::Backspace),
    ("tab", KeyCode::Tab),
    ("shift-tab", KeyCode::BackTab),
    ("space", KeyCode::Char(' ')),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pgdn", KeyCode::PageDown),
    ("pgup", KeyCode::PageUp),
    ("insert", KeyCode::Insert),
    ("delete", KeyCode::Delete),
];

/// A key by its name: `j`, `enter`, `f5`, `ctrl-c`, `alt-x`. There is no other.
pub fn key(name: &str) -> KeyEvent {
    let code = |name: &str| {
        let mut letters = name.chars();
        let named = NAMED.iter().find(|(known, _)| *known == name).map(|(_, code)| *code);
        let function = || name.strip_prefix('f')?.parse().ok().map(KeyCode::F);
        let letter = || letters.next().filter(|_| letters.next().is_none()).map(KeyCode::Char);
        named.or_else(letter).or_else(function).unwrap_or_else(|| panic!("no key is called {name:?}"))
    };
    match name.split_once('-') {
        Some(("ctrl", name)) => KeyEvent::new(code(name), KeyModifiers::CONTROL),
        Some(("alt", name)) => KeyEvent::new(code(name), KeyModifiers::ALT),
        _ => KeyEvent::from(code(name)),
    }
}

/// The lines of a drawing, without what is blank at their ends.
pub fn lines(buffer: &Buffer) -> Vec<String> {
    let width = usize::from(buffer.area.width);
    let line = |cells: &[ratatui::buffer::Cell]| {
        let mut skip = 0;
        let mut text = String::new();
        for cell in cells {
            if skip == 0 {
                text.push_str(cell.symbol());
                skip = unicode_width::UnicodeWidthStr::width(cell.symbol()).saturating_sub(1);
            } else {
                skip -= 1;
            }
        }
        text.trim_end().to_owned()
    };
    buffer.content.chunks(width).map(line).collect()
}
