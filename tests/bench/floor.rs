//! The floor: the smallest ratatui program that does its work rightly. A table of 1,000 rows of which only the visible
//! ones are built, input drained before drawing, a frame only when something changed and at most thirty a second, one
//! synchronised write a frame, an end when its terminal is gone.
//! What the console takes is told in multiples of what this takes.

use std::io::{self, Write as _};
use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, poll, read};
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use leverframe::clock::{Clock as _, System};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::{Constraint, Layout};
use ratatui::style::{Modifier, Style};
use ratatui::widgets::{Block, Row, Table};
use rustix::event::{PollFd, PollFlags, Timespec};

/// The shortest time between two frames.
const FRAME: Duration = Duration::from_millis(33);
/// How many rows it knows.
const ROWS: usize = 1000;

/// Runs it until `q`.
pub fn run() -> io::Result<()> {
    enable_raw_mode()?;
    execute!(io::stdout(), EnterAlternateScreen, cursor::Hide)?;
    let ended = go_on();
    execute!(io::stdout(), LeaveAlternateScreen, cursor::Show)?;
    disable_raw_mode()?;
    ended
}

fn go_on() -> io::Result<()> {
    let rows: Vec<[String; 4]> = (0..ROWS).map(row).collect();
    let mut terminal = Terminal::new(CrosstermBackend::new(io::BufWriter::with_capacity(1 << 16, io::stdout())))?;
    let (mut selected, mut dirty, mut drawn_at) = (0, true, None::<Instant>);
    loop {
        let early = drawn_at.map_or(Duration::ZERO, |at| FRAME.saturating_sub(System.instant().duration_since(at)));
        if dirty && early.is_zero() {
            // Nothing leaves before the frame is whole.
            queue!(terminal.backend_mut(), BeginSynchronizedUpdate)?;
            terminal.draw(|frame| draw(frame, &rows, selected))?;
            queue!(terminal.backend_mut(), EndSynchronizedUpdate)?;
            terminal.backend_mut().flush()?;
            (dirty, drawn_at) = (false, Some(System.instant()));
        }
        if !wait(dirty.then_some(early))? {
            return Ok(());
        }
        while poll(Duration::ZERO)? {
            match read()? {
                Event::Key(key) if key.code == KeyCode::Char('q') => return Ok(()),
                Event::Key(key) if key.code == KeyCode::Char('j') => selected = (selected + 1).min(ROWS - 1),
                Event::Key(key) if key.code == KeyCode::Char('k') => selected = selected.saturating_sub(1),
                _ => {}
            }
            dirty = true;
        }
    }
}

/// Waits for input, at most for `most`; `false` when the terminal is gone.
fn wait(most: Option<Duration>) -> io::Result<bool> {
    let stdin = io::stdin();
    let mut fds = [PollFd::new(&stdin, PollFlags::IN)];
    let most = most.map(|most| Timespec { tv_sec: 0, tv_nsec: most.subsec_nanos().into() });
    rustix::event::poll(&mut fds, most.as_ref())?;
    Ok(!fds[0].revents().intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL))
}

fn row(at: usize) -> [String; 4] {
    [format!("service-{at:04}"), format!("v1.{at}"), "serves".into(), format!("{} s ago", at % 60)]
}

fn draw(frame: &mut ratatui::Frame<'_>, rows: &[[String; 4]], selected: usize) {
    let [table, keys] = Layout::vertical([Constraint::Min(3), Constraint::Length(1)]).areas(frame.area());
    let room = usize::from(table.height.saturating_sub(3)).max(1);
    let from = selected.saturating_sub(room - 1);
    let visible = rows.iter().enumerate().skip(from).take(room).map(|(at, cells)| {
        let style = if at == selected { Style::new().add_modifier(Modifier::REVERSED) } else { Style::new() };
        Row::new(cells.iter().map(String::as_str)).style(style)
    });
    let widths = [Constraint::Length(24), Constraint::Length(12), Constraint::Length(10), Constraint::Fill(1)];
    let head = Row::new(["SERVICE", "VERSION", "STATE", "AGE"]);
    frame.render_widget(Table::new(visible, widths).header(head).block(Block::bordered().title("floor")), table);
    frame.render_widget("j k move  q quit", keys);
}
