//! Which process: its number, the moment at which it started, and the boot that both belong to.

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use serde::{Deserialize, Serialize};

use super::table;

/// One process, and no other that gets its number later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Its number, which is its process group's too.
    pub pid: u32,
    /// When it started, in ticks since the boot.
    pub started: u64,
    /// The boot of the machine.
    pub boot: String,
}

impl Identity {
    /// The process that has this number now; `None` if none has, or it has ended and nobody has looked at its end yet.
    pub fn of(pid: u32) -> Option<Self> {
        let row = table::row(pid).filter(|row| !row.ended)?;
        Some(Self { pid, started: row.started, boot: table::boot() })
    }

    /// Whether it still runs.
    pub fn alive(&self) -> bool {
        Self::of(self.pid).as_ref() == Some(self)
    }

    /// Sends a signal, if it still runs.
    pub(super) fn signal(&self, signal: Signal) {
        if let Some(pid) = self.checked() {
            // It may have ended in this moment; then there is nothing to tell it.
            let _ = kill_process(pid, signal);
        }
    }

    /// Sends a signal to its whole group, if it still runs and leads one.
    pub(super) fn signal_group(&self, signal: Signal) {
        if let Some(pid) = self.checked() {
            let _ = kill_process_group(pid, signal);
        }
    }

    fn checked(&self) -> Option<Pid> {
        Pid::from_raw(self.pid.cast_signed()).filter(|_| self.alive())
    }
}
