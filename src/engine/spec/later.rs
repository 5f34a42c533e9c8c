//! What a pipeline file may not ask for yet: each such key is refused by name, never passed over in silence.

/// Keys of features that do not exist yet, with what to do until they do.
const KEYS: &[(&str, &str)] = &[
    ("webhook", POLLED),
    ("webhooks", POLLED),
    ("hook", POLLED),
    ("hooks", POLLED),
    ("trigger", POLLED),
    ("triggers", POLLED),
    ("on", POLLED),
    ("tag", POLLED),
    ("tags", POLLED),
    ("schedule", "start it from outside: `leverframe start SERVICE` in a cron job"),
    ("cron", "start it from outside: `leverframe start SERVICE` in a cron job"),
    ("newest_wins", "cancel an old run by hand: `leverframe cancel RUN`"),
    ("needs", "stages run in order and the jobs of a stage side by side: put the job in a later stage"),
    ("depends_on", "stages run in order and the jobs of a stage side by side: put the job in a later stage"),
    ("retries", "a person can repeat a failed job: `leverframe retry RUN --failed`"),
    ("retry", "a person can repeat a failed job: `leverframe retry RUN --failed`"),
    ("cache", "keep what should outlive a run in a folder outside of the checkout"),
    ("caches", "keep what should outlive a run in a folder outside of the checkout"),
    ("secret", SECRETS),
    ("secrets", SECRETS),
    ("vault", SECRETS),
    ("report", "let the job fail if its report is bad; the log shows what it prints"),
    ("reports", "let the job fail if its report is bad; the log shows what it prints"),
    ("evidence", "let the job fail if its report is bad; the log shows what it prints"),
    ("publish", "push from a job's `run` line"),
    ("variant", "a flag is on, off, or on for a percentage"),
    ("variants", "a flag is on, off, or on for a percentage"),
    ("segment", "a flag is on, off, or on for a percentage"),
    ("segments", "a flag is on, off, or on for a percentage"),
    ("stickiness", "every request is split by weight alone"),
    ("sticky", "every request is split by weight alone"),
];

const POLLED: &str = "the registered branch is polled, and `leverframe start SERVICE` begins a run by hand";
const SECRETS: &str = "read the secret in a `run` line from a file that only the engine's user can read";

/// What to do instead of `key`, if `key` belongs to a feature that does not exist yet.
pub(super) fn instead_of(key: &str) -> Option<&'static str> {
    KEYS.iter().find(|(name, _)| *name == key).map(|(_, hint)| *hint)
}
