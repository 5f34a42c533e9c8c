//! Finding the files that a job leaves behind, and taking them in.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Metadata};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};

use super::fault::Fault;
use super::manifest::{Entry, Manifest};
use super::store::Store;

/// Takes the files below `root` that `globs` name into `store`. Each glob must find something; a link must lead to
/// something below `root`.
pub fn collect(store: &Store, root: &Path, globs: &[String]) -> Result<Manifest, Fault> {
    let root = &root.canonicalize().map_err(Fault::system("find", root))?;
    let mut found = BTreeSet::new();
    for glob in globs {
        let before = found.len();
        let matched = matches(root, glob)?;
        let any = !matched.is_empty();
        found.extend(matched);
        if !any && found.len() == before {
            return Err(Fault::NoMatch(glob.clone()));
        }
    }
    let mut entries = BTreeMap::new();
    for path in found {
        let at = root.join(&path);
        let about = fs::symlink_metadata(&at).map_err(Fault::system("read", &at))?;
        let entry = entry(store, root, &path, &about)?;
        entries.insert(path, entry);
    }
    Ok(Manifest { entries })
}

fn entry(store: &Store, root: &Path, path: &str, about: &Metadata) -> Result<Entry, Fault> {
    let at = root.join(path);
    if about.is_symlink() {
        return Ok(Entry::Link { target: target(root, path)? });
    }
    if !about.is_file() {
        return Err(Fault::unfit(path, "is neither a file nor a link"));
    }
    let (digest, size) = store.put(&at)?;
    Ok(Entry::File { executable: about.permissions().mode() & 0o111 != 0, digest, size })
}

/// What a link says, if it leads to something below `root` wherever `root` lies.
fn target(root: &Path, path: &str) -> Result<String, Fault> {
    let at = root.join(path);
    let target = fs::read_link(&at).map_err(Fault::system("read", &at))?;
    let Ok(end) = at.canonicalize() else { return Err(Fault::unfit(path, "is a link that leads to nothing")) };
    if target.is_absolute() || !end.starts_with(root) {
        return Err(Fault::unfit(path, "is a link that leaves the checkout"));
    }
    target.into_os_string().into_string().map_err(|_| Fault::unfit(path, "leads to a name that is not UTF-8"))
}

/// The paths below `root` of all that is no folder and that `glob` names.
fn matches(root: &Path, glob: &str) -> Result<Vec<String>, Fault> {
    let built = GlobBuilder::new(glob).literal_separator(true).build();
    // The pipeline file was refused if it has a glob that cannot be understood.
    let matcher = built.map_err(|_| Fault::NoMatch(glob.to_owned()))?.compile_matcher();
    let mut found = Vec::new();
    let beginning = root.join(fixed_part(glob));
    match fs::symlink_metadata(&beginning) {
        Ok(about) if about.is_dir() => walk(root, &beginning, &matcher, &mut found)?,
        Ok(_) => take(root, &beginning, &matcher, &mut found)?,
        Err(_) => {}
    }
    Ok(found)
}

/// The folders of a glob before its first pattern, so that only they are looked through.
fn fixed_part(glob: &str) -> PathBuf {
    glob.split('/').take_while(|part| !part.contains(['*', '?', '[', '{', '\\'])).collect()
}

fn walk(root: &Path, folder: &Path, matcher: &GlobMatcher, found: &mut Vec<String>) -> Result<(), Fault> {
    let entries = fs::read_dir(folder).map_err(Fault::system("read", folder))?;
    for entry in entries {
        let entry = entry.map_err(Fault::system("read", folder))?;
        let kind = entry.file_type().map_err(Fault::system("read", folder))?;
        if kind.is_dir() {
            walk(root, &entry.path(), matcher, found)?;
        } else {
            take(root, &entry.path(), matcher, found)?;
        }
    }
    Ok(())
}

fn take(root: &Path, path: &Path, matcher: &GlobMatcher, found: &mut Vec<String>) -> Result<(), Fault> {
    let below = path.strip_prefix(root).unwrap_or(path);
    if matcher.is_match(below) {
        let name = below.to_str().ok_or_else(|| Fault::unfit(&below.to_string_lossy(), "has a name that is not UTF-8"));
        found.push(name?.to_owned());
    }
    Ok(())
}
