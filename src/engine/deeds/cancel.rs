//! Cancel: stop a run and everything that it waits for.

use crate::domain::run::Status;
use crate::domain::text::Text;
use crate::engine::deeds::{Orderer, accepted, refuse};
use crate::engine::state::revision;
use crate::engine::state::run;
use crate::engine::store::Draft;
use crate::protocol::fault::Fault;
use crate::protocol::{Accepted, Cancel};

/// Orders a run to stop; with force, without letting its jobs end in order.
pub fn cancel(draft: &mut Draft, orderer: &Orderer, run: &run::Run, order: &Cancel) -> Result<Accepted, Fault> {
    orderer.may_act()?;
    let at = run.at();
    let run = draft.state().runs.get(&at).map_or_else(|| run.clone(), |known| (**known).clone());
    orderer.saw(&revision::run(&run))?;
    let says = match (&run.status, &run.cancel) {
        (Status::Cancelled, _) => Some("it is cancelled already"),
        (_, Some(cancel)) if cancel.force || !order.force => Some("it is being cancelled already"),
        _ => None,
    };
    if let Some(says) = says {
        return Ok(accepted(revision::run(&run), says));
    }
    if run.status.ended() {
        return Err(refuse::not_possible(format!("run {} has ended: {}", run.key(), run.status)));
    }
    let by = orderer.person.name.clone();
    let reason = order.reason.as_ref().map(Text::as_str);
    let force = order.force || run.cancel.as_ref().is_some_and(|cancel| cancel.force);
    draft.record(&by, "cancel", run.key().to_string(), "told to stop".into(), reason);
    if let Some(record) = draft.run_mut(&at) {
        record.cancel = Some(run::Cancel { by, force });
    }
    let after = draft.state().runs.get(&at).map_or_else(|| revision::run(&run), |after| revision::run(after));
    Ok(accepted(after, format!("run {} is told to stop", run.key())))
}
