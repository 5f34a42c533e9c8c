//! Where a repository lies: a folder of this machine, or a URL.

use std::fmt;
use std::path::{Path, PathBuf};

use super::fault::Fault;
use crate::domain::text::Text;

/// Where a repository lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A folder of this machine, read in place.
    Folder(PathBuf),
    /// A URL (`https`, `http`, `ssh`, `git`, `file`) or `user@host:path`, read through a mirror of the engine's own.
    Remote(String),
}

const SCHEMES: [&str; 5] = ["https://", "http://", "ssh://", "git://", "file://"];

impl Location {
    /// Reads what a person typed. A folder may be relative to `base` (the person's working folder).
    pub fn read(typed: &str, base: &Path) -> Result<Self, Fault> {
        let typed = typed.trim();
        let refused = |reason: &'static str| Fault::Location { location: Text::new(typed), reason };
        if typed.is_empty() || typed.starts_with('-') || typed.contains(['\0', '\n']) {
            return Err(refused("it is no path and no URL"));
        }
        if SCHEMES.iter().any(|scheme| typed.starts_with(scheme)) || is_scp_like(typed, base) {
            return Ok(Self::Remote(typed.to_owned()));
        }
        if typed.contains("://") || typed.contains("::") {
            return Err(refused("this kind of URL is not read: use https, ssh, git or file"));
        }
        Ok(Self::Folder(base.join(typed)))
    }

    /// The location as it may be shown: a password in a URL is left out.
    pub fn shown(&self) -> Text {
        match self {
            Self::Folder(path) => Text::new(path.to_string_lossy()),
            Self::Remote(url) => Text::new(without_password(url)),
        }
    }
}

/// `user@host:path`, where no folder of that name lies.
fn is_scp_like(typed: &str, base: &Path) -> bool {
    typed.split_once(':').is_some_and(|(host, path)| {
        !host.contains('/') && !path.starts_with(':') && !host.is_empty() && !base.join(typed).exists()
    }) && !typed.contains("://")
}

/// `url` without the password between the scheme and the host.
pub(super) fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let end = rest.find('/').unwrap_or(rest.len());
    match rest[..end].rsplit_once('@') {
        Some((user, host)) => {
            let user = user.split_once(':').map_or(user, |(name, _)| name);
            format!("{scheme}://{user}@{host}{}", &rest[end..])
        }
        None => url.to_owned(),
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.shown().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_urls_are_told_apart() {
        let read = |typed: &str| Location::read(typed, Path::new("/base"));
        assert_eq!(read("shop").unwrap(), Location::Folder("/base/shop".into()));
        assert_eq!(read("/srv/shop").unwrap(), Location::Folder("/srv/shop".into()));
        assert_eq!(read("git@host.example:shop.git").unwrap(), Location::Remote("git@host.example:shop.git".into()));
        assert!(matches!(read("https://host.example/shop.git").unwrap(), Location::Remote(_)));
        for wrong in ["", "-x", "ext::sh -c id", "ftp://host/x", "--upload-pack=x", "a\nb"] {
            assert!(read(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        let shown = |url: &str| Location::Remote(url.to_owned()).to_string();
        assert_eq!(shown("https://me:s3cret@host/x@y:z"), "https://me@host/x@y:z");
        assert_eq!(shown("https://host/x"), "https://host/x");
    }
}
