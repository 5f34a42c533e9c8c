//! Where the configuration lies, and where the console keeps what it writes.

use std::env;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use super::Fault;

/// The places that platform and environment name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Places {
    /// The file that `LEVERFRAME_CONFIG` names.
    pub named: Option<PathBuf>,
    /// The platform's folder for configurations.
    pub config_dir: Option<PathBuf>,
    /// The platform's folder for state.
    pub state_dir: Option<PathBuf>,
}

impl Places {
    /// The places of this process. `XDG_CONFIG_HOME` and `XDG_STATE_HOME` hold on every platform.
    pub fn here() -> Self {
        let dirs = ProjectDirs::from("", "", "leverframe");
        let dirs = dirs.as_ref();
        let state = |dirs: &ProjectDirs| dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir()).to_path_buf();
        Self {
            named: env::var_os("LEVERFRAME_CONFIG").filter(|name| !name.is_empty()).map(PathBuf::from),
            config_dir: xdg("XDG_CONFIG_HOME").or_else(|| dirs.map(|dirs| dirs.config_dir().to_path_buf())),
            state_dir: xdg("XDG_STATE_HOME").or_else(|| dirs.map(state)),
        }
    }
}

/// The program's folder below the one that `variable` names; a path that is not absolute does not count.
fn xdg(variable: &str) -> Option<PathBuf> {
    let base = PathBuf::from(env::var_os(variable)?);
    base.is_absolute().then(|| base.join("leverframe"))
}

/// The configuration file, and whether it must be there: `path` if it is given, else what the environment names, else
/// the platform's place.
pub fn place(path: Option<&Path>, places: &Places) -> Result<(PathBuf, bool), Fault> {
    if let Some(path) = path.or(places.named.as_deref()) {
        return Ok((path.to_path_buf(), true));
    }
    let folder = places.config_dir.as_ref().ok_or(Fault::NoHome("configuration"))?;
    Ok((folder.join("config.toml"), false))
}
