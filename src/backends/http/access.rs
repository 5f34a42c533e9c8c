//! The one access gate: under read-only nothing leaves that changes anything. It judges by the method alone, so that no
//! adapter can be wrong about what it sends.
//!
//! Processes need no gate of their own: those that the program starts print a token, open a browser, tell the operator or
//! take a copy, and none of them changes a source. `tests/it/architecture.rs` holds the list of the places that start any.

use reqwest::Method;

use crate::capabilities::CapabilityError;
use crate::capabilities::error::Kind;

/// Whether something may be changed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Access {
    /// Whether nothing may.
    pub read_only: bool,
}

impl Access {
    /// Lets a request pass that may be sent.
    pub fn admit(self, method: &Method) -> Result<(), CapabilityError> {
        if !self.read_only || !changes(method) {
            return Ok(());
        }
        let refused = CapabilityError::new(Kind::ReadOnly, "read-only is on: nothing was sent");
        Err(refused.hint("start without --read-only, in a context without read_only = true"))
    }
}

/// Whether a request may be more than a question (RFC 9110, 9.2.1: the safe methods are questions).
pub(super) fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_asks_passes_under_read_only() {
        let closed = Access { read_only: true };
        let odd = Method::from_bytes(b"PURGE").unwrap();
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::CONNECT, Method::TRACE, odd] {
            assert_eq!(closed.admit(&method).unwrap_err().kind, Kind::ReadOnly, "{method}");
            assert!(Access { read_only: false }.admit(&method).is_ok());
        }
        for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
            assert!(closed.admit(&method).is_ok(), "{method}");
        }
    }
}
