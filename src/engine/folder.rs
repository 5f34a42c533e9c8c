//! The data folder: what lies where in it, the lock that keeps a second engine out, and the files for people.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

use crate::domain::ids::{JobName, ServiceName};
use crate::domain::release::VersionName;
use crate::domain::text::Text;
use crate::protocol::paths::encode;

/// A data folder that this process has locked. Cheap to ask; the lock goes with the value, also when the process dies.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    _lock: File,
}

/// Why a data folder cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Another engine uses it.
    #[error("{root} is used by an engine that runs already, pid {pid}")]
    Taken {
        /// The folder.
        root: Text,
        /// Its process.
        pid: String,
    },
    /// The operating system refuses.
    #[error("{what}: {said}")]
    System {
        /// What was tried.
        what: Text,
        /// What it said.
        said: Text,
    },
}

impl Fault {
    fn system(what: &str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let what = Text::new(format!("{what} {}", path.display()));
        move |error| Self::System { what, said: Text::new(error.to_string()) }
    }
}

impl Folder {
    /// Takes a folder into use; it is made if it is not there, readable by its owner only.
    pub fn open(root: &Path) -> Result<Self, Fault> {
        fs::create_dir_all(root).map_err(Fault::system("cannot make the folder", root))?;
        let root = root.canonicalize().map_err(Fault::system("cannot find", root))?;
        let lock = lock(&root)?;
        fs::set_permissions(&root, fs::Permissions::from_mode(0o700)).map_err(Fault::system("cannot close", &root))?;
        let folder = Self { root, _lock: lock };
        for below in ["artifacts", "logs", "work", "releases", "mirrors"] {
            let path = folder.root.join(below);
            fs::create_dir_all(&path).map_err(Fault::system("cannot make the folder", &path))?;
        }
        Ok(folder)
    }

    /// The folder itself, as an absolute path.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The database.
    pub fn database(&self) -> PathBuf {
        self.root.join("engine.sqlite")
    }

    /// The artifacts' contents.
    pub fn artifacts(&self) -> PathBuf {
        self.root.join("artifacts")
    }

    /// The mirror of a remote repository.
    pub fn mirror(&self, repository: &str) -> PathBuf {
        self.root.join("mirrors").join(format!("{}.git", short(repository)))
    }

    /// Where the jobs of runs are checked out; emptied at every start.
    pub fn work(&self) -> PathBuf {
        self.root.join("work")
    }

    /// The checkout of one try of a job.
    pub fn checkout(&self, service: &ServiceName, run: u64, job: &JobName, attempt: u32) -> PathBuf {
        let name = format!("{}-{run}-{}-{attempt}", encode(service.as_str()), encode(job.as_str()));
        self.work().join(name)
    }

    /// The log of one try of a job.
    pub fn log(&self, service: &ServiceName, run: u64, job: &JobName, attempt: u32) -> PathBuf {
        let run = self.root.join("logs").join(encode(service.as_str())).join(run.to_string());
        run.join(format!("{}.{attempt}.log", encode(job.as_str())))
    }

    /// A release, ready to be started.
    pub fn release(&self, service: &ServiceName, version: &VersionName) -> PathBuf {
        self.releases(service).join(encode(version.as_str()))
    }

    /// All releases of a service that are ready.
    pub fn releases(&self, service: &ServiceName) -> PathBuf {
        self.all_releases().join(encode(service.as_str()))
    }

    /// The services whose releases are ready, a folder each.
    pub fn all_releases(&self) -> PathBuf {
        self.root.join("releases")
    }

    /// The output of the instances of a place.
    pub fn instance_log(&self, service: &ServiceName, environment: &str, set: u64, slot: u32) -> PathBuf {
        let place = self.root.join("logs").join(encode(service.as_str())).join(format!("at-{}", encode(environment)));
        place.join(format!("{set}-{slot}.log"))
    }

    /// The console's configuration.
    pub fn config(&self) -> PathBuf {
        self.root.join("config.toml")
    }

    /// The owner's token.
    pub fn token(&self) -> PathBuf {
        self.root.join("token")
    }

    /// Writes a file that only its owner may read, whole or not at all.
    pub fn write_private(&self, path: &Path, content: &str) -> Result<(), Fault> {
        let new = path.with_extension("new");
        let write = || -> io::Result<()> {
            let _ = fs::remove_file(&new);
            let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
            file.write_all(content.as_bytes())?;
            file.sync_all()?;
            fs::rename(&new, path)?;
            File::open(&self.root)?.sync_all()
        };
        write().map_err(Fault::system("cannot write", path))
    }
}

/// Locks the folder, and leaves this process' pid for the next one to name.
fn lock(root: &Path) -> Result<File, Fault> {
    let path = root.join("engine.lock");
    let cannot = || Fault::system("cannot lock", &path);
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(cannot())?;
    if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
        let mut pid = String::new();
        // Without the pid the refusal stands all the same.
        let _ = file.read_to_string(&mut pid);
        let pid = if pid.trim().is_empty() { "unknown".into() } else { pid.trim().to_owned() };
        return Err(Fault::Taken { root: Text::new(root.to_string_lossy()), pid });
    }
    let write = |file: &mut File| -> io::Result<()> {
        file.set_len(0)?;
        file.rewind()?;
        writeln!(file, "{}", std::process::id())
    };
    write(&mut file).map_err(cannot())?;
    Ok(file)
}

/// A short name for something long, the same every time.
fn short(long: &str) -> String {
    use sha2::Digest as _;
    crate::domain::chain::hex(&sha2::Sha256::digest(long.as_bytes()))[..24].to_owned()
}
