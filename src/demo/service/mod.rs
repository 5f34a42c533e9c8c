//! A sample service: what the releases of the demonstration run. It serves HTTP as fast and as faultily as its release
//! says, and evaluates its flags through the engine.

mod behaviour;
mod flags;
mod server;

pub use behaviour::Behaviour;
pub use server::{Fault, serve};
