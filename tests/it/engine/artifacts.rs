//! Artifacts: taken in by content, laid out again as they were.

use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use leverframe::engine::artifacts::{Entry, Fault, Manifest, Store, collect};

struct Bench {
    folder: tempfile::TempDir,
    store: Store,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("artifacts");
        fs::create_dir(&root).unwrap();
        fs::create_dir(folder.path().join("checkout")).unwrap();
        Self { folder, store: Store::new(root) }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, path: &str, content: &str) -> PathBuf {
        let path = self.at("checkout").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    fn collect(&self, globs: &[&str]) -> Result<Manifest, Fault> {
        let globs: Vec<String> = globs.iter().map(|glob| (*glob).to_owned()).collect();
        collect(&self.store, &self.at("checkout"), &globs)
    }

    fn contents(&self) -> usize {
        files(&self.at("artifacts"))
    }
}

fn files(below: &Path) -> usize {
    let entries = fs::read_dir(below).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}

fn paths(manifest: &Manifest) -> Vec<&str> {
    manifest.entries.keys().map(String::as_str).collect()
}

#[test]
fn what_is_taken_in_comes_out_as_it_was() {
    let bench = Bench::new();
    let program = bench.write("dist/bin/shop", "#!/bin/sh\n");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    bench.write("dist/page.html", "<p>");
    bench.write("dist/copy.html", "<p>");
    symlink("bin/shop", bench.at("checkout/dist/run")).unwrap();
    let manifest = bench.collect(&["dist/**"]).unwrap();
    assert_eq!(paths(&manifest), ["dist/bin/shop", "dist/copy.html", "dist/page.html", "dist/run"]);
    assert_eq!(bench.contents(), 2, "equal contents are kept once");
    let out = bench.at("releases/shop/v1");
    bench.store.unpack(&manifest, &out).unwrap();
    assert_eq!(fs::read_to_string(out.join("dist/run")).unwrap(), "#!/bin/sh\n");
    let mode = |path: &str| fs::metadata(out.join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("dist/bin/shop"), mode("dist/page.html")), (0o555, 0o444));
    assert_eq!(fs::read_dir(bench.at("releases/shop")).unwrap().count(), 1, "nothing unfinished stays");
}

#[test]
fn what_lies_in_a_checkout_gives_way_and_can_be_changed() {
    let bench = Bench::new();
    bench.write("a", "new");
    let manifest = bench.collect(&["a"]).unwrap();
    let other = bench.at("other");
    fs::create_dir_all(other.join("a/folder")).unwrap();
    bench.store.lay(&manifest, &other, false).unwrap();
    assert_eq!(fs::read_to_string(other.join("a")).unwrap(), "new");
    assert_eq!(fs::metadata(other.join("a")).unwrap().permissions().mode() & 0o777, 0o644);
}

#[test]
fn a_star_stays_in_its_folder_and_a_file_can_be_named_twice() {
    let bench = Bench::new();
    bench.write("a.txt", "1");
    bench.write("sub/b.txt", "2");
    bench.write("sub/deep/c.txt", "3");
    assert_eq!(paths(&bench.collect(&["*.txt"]).unwrap()), ["a.txt"]);
    assert_eq!(paths(&bench.collect(&["sub/*.txt", "sub/**", "sub/b.txt"]).unwrap()), ["sub/b.txt", "sub/deep/c.txt"]);
    assert_eq!(paths(&bench.collect(&["**/*.txt"]).unwrap()).len(), 3);
}

#[test]
fn a_glob_that_finds_nothing_is_named() {
    let bench = Bench::new();
    bench.write("dist/a", "1");
    for missing in ["out/**", "dist", "dist/*.jar"] {
        let fault = bench.collect(&["dist/**", missing]).unwrap_err();
        assert_eq!(fault, Fault::NoMatch(missing.to_owned()));
        assert!(fault.hint().is_some());
    }
}

#[test]
fn links_that_leave_the_checkout_are_refused() {
    let bench = Bench::new();
    bench.write("dist/a", "1");
    fs::write(bench.at("secret"), "x").unwrap();
    let link = bench.at("checkout/dist/link");
    for target in ["/etc/hostname", "../../secret", "../missing"] {
        symlink(target, &link).unwrap();
        let fault = bench.collect(&["dist/**"]).unwrap_err().to_string();
        assert!(fault.contains("dist/link is a link that"), "{fault}");
        fs::remove_file(&link).unwrap();
    }
}

#[test]
fn contents_that_nothing_needs_are_swept_away() {
    let bench = Bench::new();
    bench.write("a", "1");
    bench.write("b", "2");
    let kept = bench.collect(&["a"]).unwrap();
    bench.collect(&["b"]).unwrap();
    fs::write(bench.at("artifacts/new-1-1"), "half").unwrap();
    let needed: HashSet<String> = kept.contents().map(str::to_owned).collect();
    assert_eq!(bench.store.sweep(&needed).unwrap(), 1);
    assert_eq!(bench.contents(), 1);
    bench.store.unpack(&kept, &bench.at("out")).unwrap();
}

#[test]
fn a_damaged_content_is_noticed_and_can_be_made_anew() {
    let bench = Bench::new();
    bench.write("a", "right");
    let manifest = bench.collect(&["a"]).unwrap();
    let Entry::File { digest, .. } = &manifest.entries["a"] else { panic!("a file") };
    let path = bench.at("artifacts").join(&digest[..2]).join(&digest[2..]);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    fs::write(&path, "wrong").unwrap();
    let fault = bench.store.unpack(&manifest, &bench.at("out")).unwrap_err();
    assert_eq!(fault, Fault::Damaged(digest.clone()));
    assert!(!bench.at("out").exists());
    bench.collect(&["a"]).unwrap();
    bench.store.unpack(&manifest, &bench.at("out")).unwrap();
}
