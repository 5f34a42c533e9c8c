//! Reads along with what a client sends, and notices heads whose end or length two readers could understand differently:
//! a length beside a transfer coding, a line that ends in a bare line feed. The HTTP library would settle on one meaning
//! without a word; here such a message is refused.

use std::io;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// No line of a head that is let through is longer; bytes.
const LONGEST: usize = 64 << 10;

/// Whether anything doubtful has come over a connection.
#[derive(Debug, Clone, Default)]
pub struct Doubt(Arc<AtomicBool>);

impl Doubt {
    /// Whether it has.
    pub fn is_there(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A connection that is read along with.
#[derive(Debug)]
pub struct ReadAlong<T> {
    inner: T,
    framing: Framing,
    doubt: Doubt,
}

impl<T> ReadAlong<T> {
    /// Reads along with `inner` and leaves word in `doubt`.
    pub fn new(inner: T, doubt: Doubt) -> Self {
        Self { inner, framing: Framing::default(), doubt }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for ReadAlong<T> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let before = buf.filled().len();
        let read = Pin::new(&mut this.inner).poll_read(cx, buf);
        if !this.framing.read(&buf.filled()[before..]) {
            this.doubt.0.store(true, Ordering::Relaxed);
        }
        read
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for ReadAlong<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}

/// Where in a client's stream of messages the reader is.
#[derive(Debug, Default)]
struct Framing {
    at: At,
    line: Vec<u8>,
    head: Head,
}

#[derive(Debug, Default, Clone, Copy)]
enum At {
    #[default]
    Head,
    /// In a body, or in a chunk of one.
    Data { left: u64, chunk: bool },
    /// Before the size of a chunk.
    Size,
    /// After the last chunk.
    Trailer,
    /// In what is no HTTP and is refused as such.
    Lost,
}

#[derive(Debug, Default)]
struct Head {
    begun: bool,
    length: Option<u64>,
    chunked: bool,
}

impl Framing {
    /// Reads on; `false` if something doubtful was there.
    fn read(&mut self, mut bytes: &[u8]) -> bool {
        let mut clear = true;
        while !bytes.is_empty() {
            match self.at {
                At::Lost => return clear,
                At::Data { left, chunk } => {
                    let here = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
                    bytes = &bytes[here..];
                    self.at = match left.saturating_sub(u64::try_from(here).unwrap_or(u64::MAX)) {
                        0 if chunk => At::Size,
                        0 => At::Head,
                        left => At::Data { left, chunk },
                    };
                }
                At::Head | At::Size | At::Trailer => {
                    let end = bytes.iter().position(|byte| *byte == b'\n');
                    let (now, later) = bytes.split_at(end.map_or(bytes.len(), |at| at + 1));
                    self.line.extend_from_slice(now);
                    bytes = later;
                    if self.line.len() > LONGEST {
                        self.at = At::Lost;
                    } else if end.is_some() {
                        let mut line = mem::take(&mut self.line);
                        clear &= self.line(&line);
                        line.clear();
                        self.line = line;
                    }
                }
            }
        }
        clear
    }

    fn line(&mut self, line: &[u8]) -> bool {
        let Some(text) = line.strip_suffix(b"\r\n") else { return false };
        match self.at {
            At::Head => return self.head_line(text),
            At::Size => {
                self.at = match size(text) {
                    Some(0) => At::Trailer,
                    // The line end behind the chunk belongs to it.
                    Some(size) => At::Data { left: size.saturating_add(2), chunk: true },
                    None => At::Lost,
                }
            }
            At::Trailer if text.is_empty() => self.at = At::Head,
            _ => {}
        }
        true
    }

    fn head_line(&mut self, text: &[u8]) -> bool {
        if text.is_empty() && self.head.begun {
            let head = mem::take(&mut self.head);
            self.at = match head.length {
                _ if head.chunked => At::Size,
                Some(left) if left > 0 => At::Data { left, chunk: false },
                _ => At::Head,
            };
            return !(head.chunked && head.length.is_some());
        }
        if text.is_empty() || !mem::replace(&mut self.head.begun, true) {
            return true;
        }
        let colon = text.iter().position(|byte| *byte == b':').unwrap_or(text.len());
        let (name, value) = text.split_at(colon);
        if name.eq_ignore_ascii_case(b"content-length") {
            let digits = value.get(1..).unwrap_or_default().trim_ascii();
            self.head.length = Some(std::str::from_utf8(digits).ok().and_then(|text| text.parse().ok()).unwrap_or(0));
        }
        self.head.chunked |= name.eq_ignore_ascii_case(b"transfer-encoding");
        true
    }
}

/// The size at the head of a chunk; what stands behind `;` is passed over.
fn size(line: &[u8]) -> Option<u64> {
    let digits = line.split(|byte| *byte == b';').next()?.trim_ascii();
    u64::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the last of some messages is doubtful and none before it, however the bytes are cut.
    fn doubtful(messages: &[&str]) -> bool {
        let text = messages.concat();
        let last = text.len() - messages.last().unwrap().len();
        let found: Vec<bool> = [1, 2, 7, text.len()]
            .iter()
            .map(|cut| {
                let mut framing = Framing::default();
                let before = text.as_bytes()[..last].chunks(*cut).all(|bytes| framing.read(bytes));
                assert!(before, "what came before is clear");
                !text.as_bytes()[last..].chunks(*cut).all(|bytes| framing.read(bytes))
            })
            .collect();
        assert!(found.iter().all(|one| *one == found[0]), "{found:?}");
        found[0]
    }

    const BOTH: &str = "POST / HTTP/1.1\r\nContent-Length: 5\r\nHost: a\r\ntransfer-encoding: chunked\r\n\r\n";

    #[test]
    fn a_length_beside_a_coding_is_doubtful_wherever_it_comes() {
        let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        let sized = "\r\nPOST / HTTP/1.1\r\nHost: a\r\nContent-Length: 24\r\n\r\nTransfer-Encoding: x\r\n\r\n";
        let chunked = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;x=1\r\nab\r\n\n\r\n0\r\nA: b\r\n\r\n";
        assert!(doubtful(&[BOTH]));
        assert!(doubtful(&[get, sized, chunked, get, BOTH]));
        assert!(doubtful(&["POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nCONTENT-LENGTH: 0\r\n\r\n"]));
        assert!(!doubtful(&[get, chunked, sized, get]));
    }

    #[test]
    fn a_bare_line_feed_in_a_head_is_doubtful() {
        assert!(doubtful(&["GET / HTTP/1.1\nHost: a\r\n\r\n"]));
        assert!(doubtful(&["GET / HTTP/1.1\r\nHost: a\n\r\n"]));
    }

    #[test]
    fn what_is_no_http_is_not_kept() {
        let mut framing = Framing::default();
        assert!(framing.read(&vec![b'x'; LONGEST + 1]));
        assert!(matches!(framing.at, At::Lost));
    }
}
