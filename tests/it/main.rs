//! The one test binary.

mod architecture;
mod engine;
