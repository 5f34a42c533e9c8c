//! What sources answer: each of the engine's answers is read or refused with words; none is a crash.

#![no_main]

use leverframe::backends::http::json;
use leverframe::domain::change::Changes;
use leverframe::domain::confirmation::Confirmation;
use leverframe::domain::log::Times;
use leverframe::domain::observation::Overview;
use leverframe::domain::run::Run;
use leverframe::domain::signal::Signals;
use leverframe::protocol::fault::Fault;
use leverframe::protocol::{Accepted, AuditEntries, EngineStatus, Seals};
use libfuzzer_sys::fuzz_target;

fn read<T: serde::de::DeserializeOwned>(body: &[u8]) {
    if let Err(said) = json::read::<T>(body) {
        assert!(!said.is_empty());
    }
}

fuzz_target!(|body: &[u8]| {
    read::<Overview>(body);
    read::<Vec<Run>>(body);
    read::<Run>(body);
    read::<Signals>(body);
    read::<Changes>(body);
    read::<Times>(body);
    read::<Confirmation>(body);
    read::<Accepted>(body);
    read::<Fault>(body);
    read::<EngineStatus>(body);
    read::<AuditEntries>(body);
    read::<Seals>(body);
});
