//! The deeds of the command line: what each takes, and the request that it makes. They live one life (`life`).

mod answer;
mod canary;
mod cancel;
mod confirm;
mod decide;
mod flag;
mod flip;
mod freeze;
mod hold;
mod life;
mod promote;
mod retry;
mod rollback;
mod second;
mod start;

use clap::{Args, Subcommand};
use jiff::Timestamp;

use super::failure::Failure;
use super::report::Report;
use super::session::Session;
use super::signals::Signals;
use crate::actions::{Glass, Request};
use crate::domain::gate::Verdict;
use crate::domain::ids::{EnvironmentName, Place, Revision, ServiceName};
use crate::domain::text::Text;

/// The deeds.
#[derive(Debug, Clone, Subcommand)]
pub enum Deed {
    /// Let a run through its gate
    Approve(decide::DecideArgs),
    /// Close a gate for a run
    Reject(decide::DecideArgs),
    /// Bring a release into an environment
    Promote(promote::PromoteArgs),
    /// Move a canary
    Canary(canary::CanaryArgs),
    /// Let the other colour serve
    Flip(flip::FlipArgs),
    /// Go back to an earlier release, and hold the environment
    Rollback(rollback::RollbackArgs),
    /// Keep automatic deployment out of an environment, or let it in again
    Hold(hold::HoldArgs),
    /// Call an emergency stop, so that nothing new reaches the users; or take it back
    Freeze(freeze::FreezeArgs),
    /// Confirm, as the second person, what another one plans
    Confirm(second::ConfirmArgs),
    /// Start a run of a service, or a job of a run
    Start(start::StartArgs),
    /// Run again
    Retry(retry::RetryArgs),
    /// Stop a run
    Cancel(cancel::CancelArgs),
    /// Set a flag
    Flag(flag::FlagArgs),
}

/// What every deed takes.
#[derive(Debug, Clone, Default, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Terms {
    /// Show the plan and send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Do it without asking
    #[arg(long, short = 'y')]
    pub yes: bool,
    /// Why, for the record
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// The ticket that it belongs to, for the record
    #[arg(long, value_name = "TICKET")]
    pub ticket: Option<String>,
    /// Only if the target still has this revision
    #[arg(long, value_name = "REVISION", value_parser = super::name::<Revision>)]
    pub expect: Option<Revision>,
    /// Do not wait for its end
    #[arg(long)]
    pub no_wait: bool,
    /// Act in spite of a rule that the policy lets be broken; needs a reason
    #[arg(long)]
    pub break_glass: bool,
}

/// An environment of a service.
#[derive(Debug, Clone, Args)]
pub struct PlaceArgs {
    /// The service
    #[arg(value_parser = super::name::<ServiceName>)]
    pub service: ServiceName,
    /// The environment
    #[arg(value_parser = super::name::<EnvironmentName>)]
    pub environment: EnvironmentName,
}

impl PlaceArgs {
    fn place(&self, session: &Session) -> Result<Place, Failure> {
        session.place(&self.service, &self.environment)
    }
}

impl Deed {
    /// Its first word, as documents name it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Approve(_) => "approve",
            Self::Reject(_) => "reject",
            Self::Promote(_) => "promote",
            Self::Canary(_) => "canary",
            Self::Flip(_) => "flip",
            Self::Rollback(_) => "rollback",
            Self::Hold(_) => "hold",
            Self::Freeze(_) => "freeze",
            Self::Confirm(_) => "confirm",
            Self::Start(_) => "start",
            Self::Retry(_) => "retry",
            Self::Cancel(_) => "cancel",
            Self::Flag(_) => "flag",
        }
    }

    const fn terms(&self) -> &Terms {
        match self {
            Self::Approve(args) | Self::Reject(args) => &args.terms,
            Self::Promote(args) => &args.terms,
            Self::Canary(args) => &args.terms,
            Self::Flip(args) => &args.terms,
            Self::Rollback(args) => &args.terms,
            Self::Hold(args) => &args.terms,
            Self::Freeze(args) => &args.terms,
            Self::Confirm(args) => &args.terms,
            Self::Start(args) => &args.terms,
            Self::Retry(args) => &args.terms,
            Self::Cancel(args) => &args.terms,
            Self::Flag(args) => &args.terms,
        }
    }

    async fn request(&self, session: &mut Session) -> Result<Request, Failure> {
        match self {
            Self::Approve(args) => args.request(session, Verdict::Approve),
            Self::Reject(args) => args.request(session, Verdict::Reject),
            Self::Promote(args) => args.request(session),
            Self::Canary(args) => args.request(session),
            Self::Flip(args) => args.request(session),
            Self::Rollback(args) => args.request(session),
            Self::Hold(args) => args.request(session),
            Self::Freeze(args) => args.request(session),
            Self::Confirm(args) => args.request(session).await,
            Self::Start(args) => args.request(session).await,
            Self::Retry(args) => args.request(session).await,
            Self::Cancel(args) => args.request(session).await,
            Self::Flag(args) => args.request(session),
        }
    }

    /// Carries it out, or says why not.
    pub async fn run(self, session: &mut Session, signals: Signals) -> Report {
        let mut signals = signals;
        if let Err(failure) = break_glass(self.terms(), session) {
            return answer::Answer::failed(&failure).report(session);
        }
        if !self.terms().dry_run {
            life::settle(session).await;
        }
        let asked = tokio::select! {
            asked = self.asked(session) => asked,
            signal = signals.next() => Err(Failure::new(signal, "interrupted", "ended by a signal")),
        };
        match asked {
            Ok(request) => life::live(session, signals, &request, self.terms()).await.report(session),
            Err(failure) => answer::Answer::denied(&failure).report(session),
        }
    }

    /// What is requested, by what the sources say now.
    async fn asked(&self, session: &mut Session) -> Result<Request, Failure> {
        session.ask_all().await?;
        self.request(session).await
    }
}

/// Breaks the glass for this one deed, if that is asked for.
fn break_glass(terms: &Terms, session: &mut Session) -> Result<(), Failure> {
    if !terms.break_glass {
        return Ok(());
    }
    let reason = terms.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    let Some(reason) = reason else {
        return Err(
            Failure::usage("--break-glass needs a reason").hint("say why with --reason TEXT: it stays on record")
        );
    };
    session.operator.glass = Some(Glass { reason: Text::new(reason), until: Timestamp::MAX });
    Ok(())
}
