//! The router: one listener a place, whose requests go to healthy instances by the split that is decided. What the split
//! is comes from the state; this only holds it, and counts what becomes of the requests.

mod answer;
mod entrance;
mod framing;
mod head;
mod limits;
pub mod meter;
mod pool;
mod serve;
mod table;
mod traffic;

pub use entrance::Entrance;
pub use limits::Limits;
pub use serve::{LAST_ANSWERS, choose, listen, serve};
pub use traffic::Traffic;
