//! The screen: ratatui on a buffer in memory; each frame leaves as one synchronised write, and only if it changed.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use crossterm::terminal::{BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate};
use crossterm::{QueueableCommand as _, terminal};
use ratatui::buffer::Buffer as Cells;
use ratatui::layout::Rect;
use ratatui::{Frame, Terminal, TerminalOptions, Viewport};

use super::careful::Careful;
use super::links::Links;
use crate::ui::links::Link;

/// What was drawn and is not written yet.
#[derive(Debug, Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Buffer {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The largest width or height that is drawn; a terminal that claims more is drawn so far.
const MOST: u16 = 1000;

/// Draws frames into bytes.
#[derive(Debug)]
pub struct Screen {
    terminal: Terminal<Careful<Buffer>>,
    buffer: Buffer,
    /// What leads somewhere, if the terminal has links.
    links: Option<Links>,
}

impl Screen {
    /// A screen of the size that the terminal has now; with `links` if it has links.
    pub fn new(links: bool) -> io::Result<Self> {
        Self::of(size(), links)
    }

    /// A screen of so many columns and rows; with `links` if its terminal has links.
    pub fn of(size: (u16, u16), links: bool) -> io::Result<Self> {
        let buffer = Buffer::default();
        Ok(Self { terminal: blank(&buffer, size)?, buffer, links: links.then(Links::default) })
    }

    /// Makes the next frame whole and as large as the terminal is now: after it got another size, or another program had
    /// it. What is left there is wiped. ratatui's own way to do so asks the terminal where its cursor is and waits.
    pub fn renew(&mut self) -> io::Result<()> {
        self.terminal = blank(&self.buffer, size())?;
        self.links.iter_mut().for_each(Links::forget);
        self.buffer.queue(Clear(ClearType::All))?;
        Ok(())
    }

    /// The bytes that bring the terminal from the last frame to this one, with the `links` in it; none where nothing
    /// changed.
    pub fn draw(
        &mut self,
        draw: impl FnOnce(&mut Frame<'_>),
        links: impl FnOnce(&Cells) -> Vec<Link>,
    ) -> io::Result<Option<Vec<u8>>> {
        let before = self.buffer.take();
        let drawn = self.terminal.draw(draw)?;
        let linked = match &mut self.links {
            Some(printed) => printed.bytes(drawn.buffer, links(drawn.buffer))?,
            None => Vec::new(),
        };
        let changes = self.buffer.take();
        if before.is_empty() && linked.is_empty() && !paints(&changes) {
            return Ok(None);
        }
        let mut frame = Vec::with_capacity(before.len() + changes.len() + linked.len() + 16);
        frame.queue(BeginSynchronizedUpdate)?;
        frame.extend_from_slice(&before);
        frame.extend_from_slice(&changes);
        frame.extend_from_slice(&linked);
        frame.queue(EndSynchronizedUpdate)?;
        Ok(Some(frame))
    }
}

/// A terminal of this size of which nothing is known.
fn blank(buffer: &Buffer, (columns, rows): (u16, u16)) -> io::Result<Terminal<Careful<Buffer>>> {
    let viewport = Viewport::Fixed(Rect::new(0, 0, columns, rows));
    Terminal::with_options(Careful::new(buffer.clone()), TerminalOptions { viewport })
}

/// Whether anything but hiding the cursor and resetting the style is in `bytes`: whether a cell is printed.
fn paints(bytes: &[u8]) -> bool {
    bytes.windows(2).any(|pair| pair == b"\x1b[") && bytes.split(|byte| *byte == 0x1b).any(prints)
}

/// Whether a piece after an escape places the cursor, which ratatui does before it prints cells.
fn prints(piece: &[u8]) -> bool {
    piece.first() == Some(&b'[') && piece.iter().find(|byte| byte.is_ascii_alphabetic()) == Some(&b'H')
}

/// The terminal's size; 80x24 where it does not say.
pub fn size() -> (u16, u16) {
    let (columns, rows) = terminal::size().unwrap_or((80, 24));
    (columns.clamp(1, MOST), rows.clamp(1, MOST))
}
