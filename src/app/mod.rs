//! The one place where state changes: events in, effects out, no I/O.
