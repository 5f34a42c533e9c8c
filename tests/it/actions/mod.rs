//! Actions: from the world to a plan, or to the reason why not.

mod approve_gate;
mod relief;
mod table;
