//! The scene: all that drawing may read. Drawing learns nothing and changes nothing.

use crate::actions::World;

/// What is drawn from.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// What is known, the rules, who looks, and the time of the frame.
    pub world: World<'a>,
}
