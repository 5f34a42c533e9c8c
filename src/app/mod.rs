//! The one place where state changes: events in, effects out. No I/O, no waiting, no clock; time comes with the event.

pub mod effect;
pub mod event;
pub mod pull;
pub mod schedule;

pub use effect::Effect;
pub use event::Event;
