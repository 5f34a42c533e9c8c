//! The console: one queue of events, one loop that takes them in, draws when something changed, and has the effects
//! performed. Input is drained before a frame is drawn, and a frame waits for the one before it.

mod pace;
mod performer;
mod queue;
mod signals;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::clipboard::{self, Way};
use super::terminal::reader::Reader;
use super::terminal::screen::Screen;
use super::terminal::writer::{self, Writer};
use super::{notify, saved, terminal};
use crate::actions::{Operator, Policy};
use crate::app::{App, Effect, Event, Start, update};
use crate::backends::Backends;
use crate::clock::{Clock, since};
use crate::config::Notify;
use crate::domain::topology::Topology;
use crate::store::Store;
use crate::ui::{Input, Settings, Ui};
use pace::Pace;
use performer::Performer;
use queue::{Queue, Ready, Tell};

/// How long the last frame may take to reach a slow terminal when the program ends.
const LAST_FRAME: Duration = Duration::from_millis(50);

/// The exit code when the terminal is gone: as the shell would have it, 128 and the number of the hangup signal.
const LOST: u8 = 129;

/// What a console is made of.
pub struct Console {
    /// What it looks at.
    pub topology: Arc<Topology>,
    /// The connections.
    pub backends: Arc<Backends>,
    /// The rules.
    pub policy: Policy,
    /// Who acts.
    pub operator: Operator,
    /// How the screen looks.
    pub settings: Settings,
    /// Whether the mouse is asked for.
    pub mouse: bool,
    /// Whether the terminal has links.
    pub links: bool,
    /// How the operator is told that something waits.
    pub notify: Vec<Notify>,
    /// Where the journal lies.
    pub state_dir: PathBuf,
    /// Where the last known state and the last session lie.
    pub saved: saved::Files,
    /// The operator's theme files.
    pub themes: Arc<super::themes::Folder>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// How a console ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// The program is to end with this exit code.
    Exit(u8),
    /// It is to begin again with this context.
    Switch(String),
}

/// What comes into the loop.
enum Message {
    /// Something happened.
    Event(Box<Event>),
    /// The terminal has taken a frame.
    Written,
    /// The program was stopped and goes on.
    Continued,
    /// The program is told to stop until it is told to go on.
    Stop,
}

impl Console {
    /// Runs it until the operator or a signal ends it. The last known state is painted first; nothing is asked of the
    /// terminal or the network before that.
    ///
    /// # Errors
    /// The terminal cannot be taken over or written to.
    pub fn run(mut self) -> io::Result<End> {
        let (tell, queue) = queue::new()?;
        signals::listen(queue.tasks()?, &tell)?;
        terminal::restore_on_panic();
        terminal::hangup::watch(LOST)?;
        terminal::enter(self.mouse)?;
        let result = self.start(tell, queue).and_then(|mut running| running.go_on());
        terminal::leave();
        result
    }

    fn start(&mut self, tell: Tell, queue: Queue) -> io::Result<Running> {
        let mut store = Store::new(Arc::clone(&self.topology));
        let rest = saved::open(&self.saved.last).map(|saved| {
            store.begin(saved.summary, saved.first);
            saved.rest
        });
        let screen = Screen::new(self.links)?;
        let settings = Settings { size: terminal::screen::size(), ..self.settings.clone() };
        let start = Start {
            store,
            policy: self.policy.clone(),
            operator: self.operator.clone(),
            ui: Ui::new(settings),
            mark: format!("{:032x}", rand::random::<u128>()),
        };
        let mut app = App::new(start, self.clock.now());
        if let Some(session) = saved::session(&self.saved.session) {
            app.restore(session, self.clock.now());
        }
        let wake = tell.clone();
        let written = move || {
            wake.tell(Message::Written);
        };
        let writer = Writer::start(writer::open_direct(), io::stdout(), written)?;
        let tasks = queue.tasks()?.clone();
        let mut running = Running {
            app,
            screen,
            writer,
            queue,
            reader: Reader::default(),
            clock: Arc::clone(&self.clock),
            performer: Performer::new(self, tasks.clone(), tell.clone()),
            mouse: self.mouse,
            notify: self.notify.clone(),
            wake_at: None,
            pace: Pace::default(),
            under_way: false,
            beside: Vec::new(),
            later: Vec::new(),
            end: None,
        };
        running.draw()?;
        if let Some(rest) = rest {
            tasks.spawn_blocking(move || tell.event(Event::Restored(Box::new(rest.read()))));
        }
        Ok(running)
    }
}

/// A console at work.
struct Running {
    app: App,
    screen: Screen,
    writer: Writer,
    queue: Queue,
    reader: Reader,
    performer: Performer,
    clock: Arc<dyn Clock>,
    mouse: bool,
    notify: Vec<Notify>,
    /// When the application wants to hear of time.
    wake_at: Option<Timestamp>,
    /// When the next frame may be drawn.
    pace: Pace,
    /// Whether a frame is on its way to the terminal.
    under_way: bool,
    /// What goes to the terminal with the next frame and is none of it.
    beside: Vec<u8>,
    /// What is asked, sent and written to disk after the next frame, so that a key's answer waits for none of it.
    later: Vec<Effect>,
    end: Option<End>,
}

impl Running {
    fn go_on(&mut self) -> io::Result<End> {
        self.happened(Event::Due)?;
        loop {
            self.perform_later();
            // Input first: a frame of a state that is already past is a frame for nothing.
            self.wait()?;
            while let Some(message) = self.queue.next() {
                self.take(message)?;
            }
            if let Some(end) = self.end.take() {
                self.perform_later();
                self.writer.finish(LAST_FRAME);
                return Ok(end);
            }
            if self.wake_at.is_some_and(|at| at <= self.clock.now()) {
                self.wake_at = None;
                self.happened(Event::Due)?;
            }
            self.draw()?;
        }
    }

    /// Has done what waits for nothing on the screen.
    fn perform_later(&mut self) {
        self.later.drain(..).for_each(|effect| self.performer.perform(effect));
    }

    /// Waits for input, the next message, the next moment the application asked for, or the time of a frame that is due;
    /// and takes in what was typed.
    fn wait(&mut self) -> io::Result<()> {
        let woken = self.wake_at.map(|at| since(self.clock.now(), at));
        let frame = (self.app.is_dirty() && !self.under_way).then(|| self.pace.wait(self.clock.instant()));
        match self.queue.wait(woken.into_iter().chain(frame).min())? {
            Ready::Terminal => self.read(),
            Ready::Gone => self.happened(Event::Ended(LOST)),
            Ready::Else => Ok(()),
        }
    }

    fn read(&mut self) -> io::Result<()> {
        let mut found = false;
        loop {
            match self.reader.next(self.clock.as_ref()) {
                Ok(Some(Input::Resized(..))) => self.resized()?,
                Ok(Some(input)) => self.happened(Event::Entered(input))?,
                Ok(None) => {
                    if !found {
                        Reader::listen_again();
                    }
                    return Ok(());
                }
                Err(_) => return self.happened(Event::Ended(LOST)),
            }
            found = true;
        }
    }

    fn take(&mut self, message: Message) -> io::Result<()> {
        match message {
            Message::Event(event) => {
                if let Event::Entered(Input::Resized(..)) = *event {
                    return self.resized();
                }
                self.happened(*event)
            }
            Message::Written => self.written(),
            Message::Stop => self.stop(),
            Message::Continued => self.take_back(),
        }
    }

    fn resized(&mut self) -> io::Result<()> {
        self.screen.renew()?;
        self.app.mark_dirty();
        let (columns, rows) = terminal::screen::size();
        self.happened(Event::Entered(Input::Resized(columns, rows)))
    }

    fn happened(&mut self, event: Event) -> io::Result<()> {
        if self.end.is_some() {
            return Ok(());
        }
        let effects = update(&mut self.app, event, self.clock.now());
        let ends = matches!(effects.last(), Some(Effect::Exit(_)));
        if ends {
            // What was wanted before comes before what the end puts on record.
            self.perform_later();
        }
        effects.into_iter().try_for_each(|effect| self.perform(effect, ends))
    }

    fn perform(&mut self, effect: Effect, ends: bool) -> io::Result<()> {
        match effect {
            Effect::WakeAt(at) => self.wake_at = at,
            Effect::Exit(code) => self.end = Some(End::Exit(code)),
            Effect::Switch(context) => self.end = Some(End::Switch(context)),
            Effect::Suspend => self.stop()?,
            Effect::Copy(text) => self.copy(&text)?,
            Effect::Notify(words) => {
                let between = notify::Between::detect(|name| std::env::var(name).ok());
                self.beside.extend(notify::bytes(&self.notify, between, &words));
                notify::tell_programs(&self.notify, &words);
                // It goes with the next frame: there is to be one.
                self.app.mark_dirty();
            }
            // At the end nobody comes back for what is still being written.
            effect if ends => self.performer.finish(effect),
            effect => self.later.push(effect),
        }
        Ok(())
    }

    /// Puts text on the clipboard; where the terminal does it, with the next frame, so that only one writes to it.
    fn copy(&mut self, text: &str) -> io::Result<()> {
        let way = clipboard::copy(text);
        let says = way.says();
        if let Way::Terminal(bytes) = way {
            self.beside.extend(bytes);
        }
        self.happened(Event::Told(says))
    }

    /// Draws what changed, unless the last frame is still on its way or was a moment ago.
    fn draw(&mut self) -> io::Result<()> {
        if !self.app.is_dirty() || self.under_way || !self.pace.wait(self.clock.instant()).is_zero() {
            return Ok(());
        }
        self.app.take_dirty();
        let (app, now) = (&self.app, self.clock.now());
        let mut bytes = std::mem::take(&mut self.beside);
        let drawn = self.screen.draw(|frame| app.draw(frame, now), |frame| app.links(frame, now))?;
        bytes.extend(drawn.unwrap_or_default());
        if bytes.is_empty() {
            return self.happened(Event::Painted);
        }
        self.pace.count(self.clock.instant());
        match self.writer.write(bytes) {
            Ok(true) => self.happened(Event::Painted),
            Ok(false) => {
                self.under_way = true;
                Ok(())
            }
            Err(_) => self.happened(Event::Ended(LOST)),
        }
    }

    fn written(&mut self) -> io::Result<()> {
        match self.writer.ready() {
            Ok(true) if std::mem::take(&mut self.under_way) => self.happened(Event::Painted),
            Ok(_) => Ok(()),
            Err(_) => self.happened(Event::Ended(LOST)),
        }
    }

    /// Gives the terminal back and stops, until the shell brings the program back.
    fn stop(&mut self) -> io::Result<()> {
        self.writer.finish(LAST_FRAME);
        terminal::leave();
        signals::stop_this_process()?;
        self.take_back()
    }

    /// Takes the terminal over again after a stop; whoever had it meanwhile may have left anything on it. A terminal that
    /// hangs up lets the program go on, too, and cannot be taken.
    fn take_back(&mut self) -> io::Result<()> {
        match terminal::enter(self.mouse) {
            Ok(()) => self.resized(),
            Err(_) => self.happened(Event::Ended(LOST)),
        }
    }
}
