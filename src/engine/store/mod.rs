//! The engine's database: one writer, one transaction a transition, durable before it is acknowledged; and the snapshot
//! of everything that readers see. What the records mean is `state`'s business.

mod audit;
mod draft;
mod fault;
mod ledger;
mod load;
mod rows;
mod schema;

pub use audit::Entry;
pub use draft::{Answer, Draft};
pub use fault::Fault;
pub use ledger::{Ledger, Settle};
