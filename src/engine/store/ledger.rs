//! The writer: a thread of its own that owns the database, makes one transition after the other, and publishes the
//! state after each. Readers never wait for it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, mpsc};

use rusqlite::{Connection, OptionalExtension as _, params};
use tokio::sync::{oneshot, watch};

use super::audit;
use super::draft::{Answer, Draft};
use super::fault::Fault;
use super::{load, rows, schema};
use crate::clock::Clock;
use crate::domain::chain::Head;
use crate::domain::text::Text;
use crate::engine::state::State;
use crate::engine::state::run::Run;

/// What follows from a transition, decided within it: called after every change, before it is written.
pub type Settle = fn(&mut Draft);

type Work = Box<dyn FnOnce(&mut Writer) + Send>;

/// A handle on the database. Cheap to clone; the writer ends when the last one is gone.
#[derive(Clone)]
pub struct Ledger {
    work: mpsc::Sender<Work>,
    state: watch::Receiver<Arc<State>>,
    paused: watch::Receiver<Option<Text>>,
}

struct Writer {
    connection: Connection,
    state: State,
    head: Head,
    clock: Arc<dyn Clock>,
    settle: Settle,
    publish: watch::Sender<Arc<State>>,
    paused: watch::Sender<Option<Text>>,
}

impl Ledger {
    /// Opens the database and reads it whole. Blocking; done once, at the start.
    pub fn open(path: &Path, clock: Arc<dyn Clock>, settle: Settle) -> Result<Self, Fault> {
        let connection = schema::open(path)?;
        let state = load::state(&connection)?;
        let head = audit::head(&connection)?;
        let (publish, published) = watch::channel(Arc::new(state.clone()));
        let (paused, is_paused) = watch::channel(None);
        let mut writer = Writer { connection, state, head, clock, settle, publish, paused };
        let (work, orders) = mpsc::channel::<Work>();
        std::thread::Builder::new()
            .name("ledger".into())
            .spawn(move || orders.into_iter().for_each(|work| work(&mut writer)))
            .map_err(|error| Fault::Failed(Text::new(error.to_string())))?;
        Ok(Self { work, state: published, paused: is_paused })
    }

    /// The state as of the last transition.
    pub fn state(&self) -> Arc<State> {
        self.state.borrow().clone()
    }

    /// The state, and word of every transition.
    pub fn watch(&self) -> watch::Receiver<Arc<State>> {
        self.state.clone()
    }

    /// Why nothing is being written, if that is so.
    pub fn paused(&self) -> Option<Text> {
        self.paused.borrow().clone()
    }

    /// Makes a transition. When it returns `Ok(Ok(…))`, it is durable; an inner or an outer error means that nothing was
    /// changed.
    pub async fn write<T, E, F>(&self, transition: F) -> Result<Result<T, E>, Fault>
    where
        T: Send + 'static,
        E: Send + 'static,
        F: FnOnce(&mut Draft) -> Result<T, E> + Send + 'static,
    {
        self.with(move |writer| writer.write(transition)).await?
    }

    /// Reads the answer to a marked order.
    pub async fn answer(&self, key: String) -> Result<Option<Answer>, Fault> {
        self.with(move |writer| writer.answer(key)).await?
    }

    /// A manifest's listing.
    pub async fn manifest(&self, digest: String) -> Result<Option<String>, Fault> {
        self.with(move |writer| {
            let sql = "SELECT body FROM manifest WHERE digest = ?1";
            Ok(writer.connection.query_row(sql, [digest], |row| row.get(0)).optional()?)
        })
        .await?
    }

    /// A run, however old.
    pub async fn run(&self, service: String, number: u64) -> Result<Option<Run>, Fault> {
        self.with(move |writer| load::run(&writer.connection, &service, number)).await?
    }

    /// Audit entries from number `from` on, at most `most`.
    pub async fn audit(&self, from: u64, most: u64) -> Result<Vec<audit::Stored>, Fault> {
        self.with(move |writer| audit::read(&writer.connection, from, most)).await?
    }

    /// The newest entries with a seal of a journal.
    pub async fn sealed(&self, journal: String, most: u64) -> Result<Vec<audit::Entry>, Fault> {
        self.with(move |writer| audit::sealed(&writer.connection, &journal, most)).await?
    }

    /// Verifies the audit chain: its head, and what is broken if anything is.
    pub async fn verify(&self) -> Result<(Head, Option<String>), Fault> {
        self.with(|writer| audit::verify(&writer.connection, &writer.head)).await?
    }

    /// A setting of the engine itself.
    pub async fn setting(&self, name: &'static str) -> Result<Option<String>, Fault> {
        self.with(move |writer| {
            let sql = "SELECT value FROM setting WHERE name = ?1";
            Ok(writer.connection.query_row(sql, [name], |row| row.get(0)).optional()?)
        })
        .await?
    }

    /// Stores a setting of the engine itself.
    pub async fn set(&self, name: &'static str, value: String) -> Result<(), Fault> {
        self.with(move |writer| {
            let sql = "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)";
            writer.connection.execute(sql, params![name, value])?;
            Ok(())
        })
        .await?
    }

    async fn with<T: Send + 'static>(&self, work: impl FnOnce(&mut Writer) -> T + Send + 'static) -> Result<T, Fault> {
        let (reply, answer) = oneshot::channel();
        let work: Work = Box::new(move |writer| {
            // Whoever asked may have gone; the work is done all the same.
            let _ = reply.send(work(writer));
        });
        self.work.send(work).map_err(|_| Fault::Stopped)?;
        answer.await.map_err(|_| Fault::Stopped)
    }
}

impl Writer {
    fn write<T, E>(&mut self, transition: impl FnOnce(&mut Draft) -> Result<T, E>) -> Result<Result<T, E>, Fault> {
        let mut draft = Draft::new(self.state.clone(), self.clock.now());
        // A rule that panics must not take the writer with it: the draft is dropped, nothing is changed.
        let settle = self.settle;
        let made = catch_unwind(AssertUnwindSafe(|| {
            let made = transition(&mut draft);
            if made.is_ok() {
                settle(&mut draft);
            }
            made
        }));
        match made {
            Err(_) => Err(Fault::Failed(Text::new("a rule failed; nothing was changed"))),
            Ok(Err(refusal)) => Ok(Err(refusal)),
            Ok(Ok(value)) => {
                self.commit(draft)?;
                Ok(Ok(value))
            }
        }
    }

    fn commit(&mut self, draft: Draft) -> Result<(), Fault> {
        if draft.is_empty() {
            return Ok(());
        }
        let written = self.persist(&draft);
        self.note(written.as_ref().err());
        self.head = written?;
        self.state = draft.state;
        self.state.generation += 1;
        self.publish.send_replace(Arc::new(self.state.clone()));
        Ok(())
    }

    fn persist(&mut self, draft: &Draft) -> Result<Head, Fault> {
        let transaction = self.connection.transaction()?;
        rows::write(&transaction, draft)?;
        let head = audit::append(&transaction, &self.head, &draft.entries)?;
        transaction.commit()?;
        Ok(head)
    }

    /// Says that the disk is full while it is, and that it is not once a write goes through.
    fn note(&self, fault: Option<&Fault>) {
        let paused = match fault {
            Some(full @ Fault::Full(_)) => Some(Text::new(full.to_string())),
            Some(_) => return,
            None => None,
        };
        self.paused.send_if_modified(|before| {
            let changed = *before != paused;
            *before = paused;
            changed
        });
    }

    fn answer(&self, key: String) -> Result<Option<Answer>, Fault> {
        let sql = "SELECT request, status, body FROM answer WHERE key = ?1";
        let read = self.connection.query_row(sql, [&key], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        Ok(read.optional()?.map(|(request, status, body)| Answer { key, request, status, body }))
    }
}
