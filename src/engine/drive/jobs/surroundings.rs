//! The environment of a job: little of the engine's own, and what the job may want to know of its run.

use std::ffi::OsString;

use crate::domain::ids::JobName;
use crate::domain::release::VersionName;
use crate::engine::state::run::Run;

/// What a job needs of the engine's own environment: to find programs, their caches, the network.
const KEPT: [&str; 19] = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "TMPDIR",
    "LANG",
    "TZ",
    "CARGO_HOME",
    "RUSTUP_HOME",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "all_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "ALL_PROXY",
];

/// The environment of a job.
pub fn of(run: &Run, job: &JobName, attempt: u32, version: &VersionName) -> Vec<(OsString, OsString)> {
    let stage = run.stage_of(job).map_or("", |stage| &stage.name);
    let told = [
        ("TERM", "dumb".to_owned()),
        ("CI", "true".to_owned()),
        ("LEVERFRAME_SERVICE", run.service.as_str().to_owned()),
        ("LEVERFRAME_RUN", run.number.to_string()),
        ("LEVERFRAME_ATTEMPT", attempt.to_string()),
        ("LEVERFRAME_STAGE", stage.to_owned()),
        ("LEVERFRAME_JOB", job.as_str().to_owned()),
        ("LEVERFRAME_BRANCH", run.branch.clone()),
        ("LEVERFRAME_COMMIT", run.commit.clone()),
        ("LEVERFRAME_VERSION", version.as_str().to_owned()),
    ];
    let kept = KEPT.iter().filter_map(|name| Some((OsString::from(name), std::env::var_os(name)?)));
    kept.chain(told.map(|(name, value)| (name.into(), value.into()))).collect()
}
