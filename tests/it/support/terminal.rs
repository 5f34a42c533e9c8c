//! A real terminal: the binary in a pseudo-terminal, an emulator behind it. Nothing is slept for; what is awaited is
//! looked for until a deadline.

use std::io::{Read as _, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use leverframe::clock::{Clock as _, System};
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// How long anything may take on a busy machine.
const LIMIT: Duration = Duration::from_mins(1);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(10);

/// A terminal and the program in it.
pub struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    master: Option<Box<dyn MasterPty + Send>>,
    keyboard: Option<Box<dyn Write + Send>>,
    seen: Arc<Mutex<vt100::Parser>>,
    closing: Arc<AtomicBool>,
    paused: Arc<AtomicBool>,
    reader: Option<JoinHandle<()>>,
    tty: String,
}

/// Looks until `found` says so; `false` when the time is over.
pub fn eventually(mut found: impl FnMut() -> bool) -> bool {
    let began = System.instant();
    while System.instant().duration_since(began) < LIMIT {
        if found() {
            return true;
        }
        std::thread::sleep(LOOK);
    }
    false
}

impl Terminal {
    /// Starts the program with `arguments` in a terminal of this size.
    pub fn start(arguments: &[&str], folder: &Path, (columns, rows): (u16, u16)) -> Self {
        Self::of(env!("CARGO_BIN_EXE_leverframe"), arguments, folder, (columns, rows))
    }

    /// Starts any program in a terminal of this size.
    pub fn of(program: &str, arguments: &[&str], folder: &Path, (cols, rows): (u16, u16)) -> Self {
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.cwd(folder);
        command.env_clear();
        for name in ["PATH", "HOME"] {
            command.env(name, std::env::var(name).unwrap_or_default());
        }
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.env("XDG_CONFIG_HOME", folder);
        command.env("XDG_STATE_HOME", folder);
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let seen = Arc::new(Mutex::new(vt100::Parser::new(rows, cols, 0)));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (into, closing) = (Arc::clone(&seen), Arc::new(AtomicBool::new(false)));
        let (closes, paused) = (Arc::clone(&closing), Arc::new(AtomicBool::new(false)));
        let waits = Arc::clone(&paused);
        let reader = std::thread::spawn(move || {
            let mut piece = [0; 8192];
            while let Ok(read @ 1..) = reader.read(&mut piece) {
                into.lock().unwrap().process(&piece[..read]);
                if closes.load(Ordering::SeqCst) {
                    break;
                }
                while waits.load(Ordering::SeqCst) {
                    std::thread::sleep(LOOK);
                }
            }
        });
        let tty = pair.master.tty_name().unwrap().to_string_lossy().into_owned();
        let keyboard = Some(pair.master.take_writer().unwrap());
        Self { child, master: Some(pair.master), keyboard, seen, closing, paused, reader: Some(reader), tty }
    }

    /// What the mouse tells the program.
    pub fn mouse(&self) -> (vt100::MouseProtocolMode, vt100::MouseProtocolEncoding) {
        let seen = self.seen.lock().unwrap();
        (seen.screen().mouse_protocol_mode(), seen.screen().mouse_protocol_encoding())
    }

    /// What is on the screen.
    pub fn text(&self) -> String {
        self.seen.lock().unwrap().screen().contents()
    }

    /// The colour in which `words` are on the screen, if they are.
    pub fn color(&self, words: &str) -> Option<vt100::Color> {
        let seen = self.seen.lock().unwrap();
        let (screen, columns) = (seen.screen(), seen.screen().size().1);
        let found = screen.rows(0, columns).enumerate().find_map(|(row, text)| {
            let at = text.find(words)?;
            Some((u16::try_from(row).ok()?, u16::try_from(text[..at].chars().count()).ok()?))
        });
        found.and_then(|(row, column)| Some(screen.cell(row, column)?.fgcolor()))
    }

    /// Waits until `words` are on the screen.
    pub fn shows(&self, words: &str) {
        assert!(eventually(|| self.text().contains(words)), "`{words}` never came:\n{}", self.text());
    }

    /// Waits until `words` are not on the screen.
    pub fn hides(&self, words: &str) {
        assert!(eventually(|| !self.text().contains(words)), "`{words}` stays:\n{}", self.text());
    }

    /// Types.
    pub fn types(&mut self, keys: &str) {
        let keyboard = self.keyboard.as_mut().unwrap();
        keyboard.write_all(keys.as_bytes()).unwrap();
        keyboard.flush().unwrap();
    }

    /// Gives it another size.
    pub fn resize(&self, (cols, rows): (u16, u16)) {
        self.seen.lock().unwrap().screen_mut().set_size(rows, cols);
        self.master.as_ref().unwrap().resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
    }

    /// Takes nothing more of what the program writes, as a stopped terminal does, or takes it again.
    pub fn pause(&self, on: bool) {
        self.paused.store(on, Ordering::SeqCst);
    }

    /// The program's process.
    pub fn pid(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// Sends the program a signal by name: `TERM`, `STOP`.
    pub fn signal(&self, name: &str) {
        let sent = std::process::Command::new("kill").args([&format!("-{name}"), &self.pid().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Takes the terminal away, as a closed window does. The reader holds an end of it and ends at the next thing it
    /// reads, so something is typed that is answered.
    pub fn close(&mut self) {
        self.closing.store(true, Ordering::SeqCst);
        self.types("?");
        self.reader.take().unwrap().join().unwrap();
        self.keyboard = None;
        self.master = None;
    }

    /// Waits until the program has ended; its exit code.
    pub fn code(&mut self) -> u32 {
        let mut code = None;
        let ended = eventually(|| {
            code = self.child.try_wait().unwrap();
            code.is_some()
        });
        if !ended {
            self.child.kill().unwrap();
            panic!("it did not end:\n{}", self.text());
        }
        code.unwrap().exit_code()
    }

    /// What is not as it was before the program took the terminal.
    pub fn left_behind(&self) -> Vec<&'static str> {
        let mut left = Vec::new();
        // The last bytes may still be on their way to the emulator.
        eventually(|| !self.seen.lock().unwrap().screen().alternate_screen());
        let seen = self.seen.lock().unwrap();
        let screen = seen.screen();
        let modes = [
            (screen.alternate_screen(), "the alternate screen"),
            (screen.hide_cursor(), "a hidden cursor"),
            (screen.bracketed_paste(), "marked pastes"),
            (screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None, "the mouse"),
        ];
        left.extend(modes.into_iter().filter(|(on, _)| *on).map(|(_, what)| what));
        let settings = std::process::Command::new("stty").args(["-F", &self.tty, "-a"]).output().unwrap();
        let settings = String::from_utf8_lossy(&settings.stdout).into_owned();
        for (word, what) in [("-icanon", "no lines"), ("-echo ", "no echo"), ("-isig", "no signals")] {
            if settings.contains(word) {
                left.push(what);
            }
        }
        left
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.pause(false);
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
