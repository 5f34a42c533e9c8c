//! What tests of several areas stand on.

pub mod capture;
pub mod clock;
pub mod faulty;
pub mod hostile;
pub mod rig;
pub mod screen;
pub mod styles;
pub mod svg;
pub mod terminal;
pub mod world;
