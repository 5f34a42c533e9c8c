//! Reading real repositories with the real `git`.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::time::Duration;

use leverframe::domain::change::File;
use leverframe::domain::release::compare;
use leverframe::engine::git::{Fault, Limits, Location, Repository, Sha};

use super::fixture::{Fixture, git};

async fn open(fixture: &Fixture) -> Repository {
    Repository::open(Location::Folder(fixture.path()), Path::new("/nowhere"), Limits::default()).await.unwrap()
}

fn sha(name: &str) -> Sha {
    Sha::new(name).unwrap()
}

#[tokio::test]
async fn the_head_of_a_branch_is_told_with_its_author_and_title() {
    let fixture = Fixture::new();
    fixture.write("a", "1");
    fixture.commit("first");
    let newest = fixture.commit("Retry\u{1b}[31m card\n\nlong story");
    let repository = open(&fixture).await;
    let head = repository.head("main").await.unwrap();
    assert_eq!(head.sha.as_str(), newest);
    assert_eq!((head.author.name.as_str(), head.author.email.as_str()), ("Ada Example", "ada@example.org"));
    assert_eq!(head.title.as_str(), "Retry␛[31m card");
    let at: i64 = fixture.git(&["log", "-1", "--format=%ct"]).parse().unwrap();
    assert_eq!(head.committed_at.as_second(), at);
    assert_eq!(repository.tip("main").await.unwrap().as_str(), newest);
    assert_eq!(repository.default_branch().await.unwrap(), "main");
}

/// Each file with what became of it, in the order of the alphabet.
fn names(files: &[File]) -> Vec<String> {
    let mut names: Vec<_> = files.iter().map(|file| format!("{} {}", file.status, file.path)).collect();
    names.sort();
    names
}

#[tokio::test]
async fn what_lies_between_two_commits_is_listed_and_counted() {
    let fixture = Fixture::new();
    fixture.write("kept", "1\n2\n3\n4\n5\n6\n");
    fixture.write("gone", "gone");
    fixture.write("old name", "a\nb\nc\nd\ne\nf\n");
    let from = sha(&fixture.commit("first"));
    fixture.write("kept", "changed");
    std::fs::remove_file(fixture.path().join("gone")).unwrap();
    fixture.git(&["mv", "old name", "new\nname"]);
    fixture.write("ünï/new", "x");
    fixture.commit("second");
    fixture.commit("nothing");
    fixture.write("\u{1}odd", "x");
    let to = sha(&fixture.commit("\u{1}third"));
    let repository = open(&fixture).await;
    let commits = repository.commits_between(&from, &to, 10).await.unwrap();
    let told: Vec<_> = commits.iter().map(|change| (change.commit.title.as_str(), names(&change.files))).collect();
    let second = ["added ünï/new", "deleted gone", "modified kept", "renamed new␊name"].map(str::to_owned);
    let expected = [("␁third", vec!["added ␁odd".to_owned()]), ("nothing", Vec::new()), ("second", second.to_vec())];
    assert_eq!(told, expected);
    assert_eq!(repository.commits_between(&from, &to, 1).await.unwrap().len(), 1);
    assert_eq!(repository.commits_between(&to, &from, 9).await.unwrap(), []);
    let distance = repository.distance(&from, &to).await.unwrap();
    assert_eq!((distance.changes, distance.oldest_at), (3, Some(commits[2].commit.committed_at)));
    assert_eq!(repository.distance(&to, &to).await.unwrap().oldest_at, None);
    let files = repository.files_between(&from, &to).await.unwrap();
    assert_eq!(names(&files), [&["added ünï/new".to_owned(), "added ␁odd".to_owned()], &second[1..]].concat());
}

#[tokio::test]
async fn every_commit_has_a_version_of_its_own_and_they_rise() {
    let fixture = Fixture::new();
    let mut shas = vec![fixture.commit("no tag"), fixture.commit("still none")];
    shas.push(fixture.commit("tagged"));
    fixture.git(&["tag", "v1.0.0"]);
    fixture.git(&["tag", "nightly"]);
    shas.extend((0..11).map(|n| fixture.commit(&format!("later {n}"))));
    fixture.git(&["tag", "--annotate", "--message=x", "v1.1.0"]);
    let repository = open(&fixture).await;
    let mut versions = Vec::new();
    for name in &shas {
        versions.push(repository.describe(&sha(name)).await.unwrap());
    }
    let written: Vec<_> = versions.iter().map(ToString::to_string).collect();
    assert_eq!(written[1], format!("0.0.0-2-g{}", &shas[1][..7]));
    assert_eq!(written[2], "v1.0.0");
    assert_eq!(written[3], format!("v1.0.0-1-g{}", &shas[3][..7]));
    assert_eq!(written[13], "v1.1.0");
    assert!(versions.is_sorted_by(|a, b| compare(a, b).is_lt()), "{written:?}");
}

#[tokio::test]
async fn a_tag_that_could_not_stand_in_a_path_is_made_plain() {
    let fixture = Fixture::new();
    let name = fixture.commit("x");
    fixture.git(&["tag", "v1/ü;rm"]);
    let version = open(&fixture).await.describe(&sha(&name)).await.unwrap();
    assert_eq!(version.as_str(), format!("v1---rm-g{}", &name[..7]));
}

#[tokio::test]
async fn a_file_is_read_as_it_was_at_a_commit() {
    let fixture = Fixture::new();
    fixture.write("leverframe.toml", "old");
    fixture.write("big", vec![b'x'; (1 << 20) + 1]);
    symlink("leverframe.toml", fixture.path().join("link")).unwrap();
    let old = sha(&fixture.commit("old"));
    fixture.write("leverframe.toml", "new");
    let new = sha(&fixture.commit("new"));
    let repository = open(&fixture).await;
    assert_eq!(repository.show(&old, "leverframe.toml").await.unwrap().as_deref(), Some(&b"old"[..]));
    assert_eq!(repository.show(&new, "leverframe.toml").await.unwrap().as_deref(), Some(&b"new"[..]));
    for absent in ["absent", "link", ".", "../x", "-x"] {
        assert_eq!(repository.show(&new, absent).await.ok().flatten(), None, "{absent}");
    }
    assert!(matches!(repository.show(&new, "big").await, Err(Fault::TooLarge { .. })));
}

#[tokio::test]
async fn an_export_holds_the_whole_tree_and_no_more() {
    let fixture = Fixture::new();
    fixture.write("dir/script", "#!/bin/sh\n");
    std::fs::set_permissions(fixture.path().join("dir/script"), PermissionsExt::from_mode(0o755)).unwrap();
    symlink("dir/script", fixture.path().join("link")).unwrap();
    fixture.write(".gitattributes", "hidden export-ignore\nstamped export-subst\n");
    fixture.write("hidden", "there");
    fixture.write("stamped", "$Format:%H$");
    let name = sha(&fixture.commit("x"));
    fixture.write("later", "not in it");
    fixture.git(&["add", "--all"]);
    let before = fixture.git(&["status", "--porcelain"]);
    let dir = fixture.beside("work");
    let repository = open(&fixture).await;
    repository.export(&name, &dir).await.unwrap();
    let read = |path: &str| std::fs::read_to_string(dir.join(path)).unwrap();
    assert_eq!((read("hidden").as_str(), read("stamped").as_str()), ("there", "$Format:%H$"));
    assert_eq!(std::fs::metadata(dir.join("dir/script")).unwrap().permissions().mode() & 0o111, 0o111);
    assert_eq!(std::fs::read_link(dir.join("link")).unwrap(), Path::new("dir/script"));
    let mut names: Vec<_> = std::fs::read_dir(&dir).unwrap().map(|e| e.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, [".gitattributes", "dir", "hidden", "link", "stamped"]);
    assert_eq!(fixture.git(&["status", "--porcelain"]), before, "the repository itself is left alone");
    assert!(!fixture.beside("work.index").exists());
    assert!(matches!(repository.export(&name, &dir).await, Err(Fault::System { .. })), "not over what is there");
    assert!(dir.join("link").exists());
}

#[tokio::test]
async fn hooks_and_monitors_of_a_repository_never_run() {
    let fixture = Fixture::new();
    fixture.write("a", "1");
    let name = sha(&fixture.commit("x"));
    let trap = fixture.beside("trap");
    let script = format!("#!/bin/sh\ntouch {}\n", trap.display());
    for hook in ["post-checkout", "reference-transaction", "post-index-change", "monitor"] {
        let path = fixture.path().join(".git/hooks").join(hook);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &script).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
    }
    fixture.git(&["config", "core.fsmonitor", ".git/hooks/monitor"]);
    let repository = open(&fixture).await;
    repository.head("main").await.unwrap();
    repository.export(&name, &fixture.beside("work")).await.unwrap();
    assert!(!trap.exists());
}

#[tokio::test]
async fn a_url_is_mirrored_and_follows_also_a_rewritten_branch() {
    let fixture = Fixture::new();
    fixture.commit("first");
    let url = format!("file://{}", fixture.path().display());
    let location = Location::read(&url, Path::new("/")).unwrap();
    let mirror = fixture.beside("data/mirror.git");
    let repository = Repository::open(location.clone(), &mirror, Limits::default()).await.unwrap();
    assert_eq!(repository.default_branch().await.unwrap(), "main");
    let second = fixture.commit("second");
    fixture.git(&["tag", "v1.0.0"]);
    assert_ne!(repository.tip("main").await.unwrap().as_str(), second);
    repository.refresh().await.unwrap();
    assert_eq!(repository.tip("main").await.unwrap().as_str(), second);
    assert_eq!(repository.describe(&sha(&second)).await.unwrap().as_str(), "v1.0.0");
    fixture.git(&["commit", "--quiet", "--amend", "--allow-empty", "--message", "second, rewritten"]);
    fixture.git(&["branch", "side"]);
    repository.refresh().await.unwrap();
    assert_eq!(repository.head("main").await.unwrap().title.as_str(), "second, rewritten");
    assert_eq!(repository.commit(&sha(&second)).await.unwrap().title.as_str(), "second", "what was built stays known");
    let again = Repository::open(location, &mirror, Limits::default()).await.unwrap();
    assert_eq!(again.branches().await.unwrap(), ["main", "side"]);
    std::fs::remove_dir_all(fixture.path()).unwrap();
    let fault = again.refresh().await.unwrap_err();
    assert!(matches!(fault, Fault::Unreachable { .. }) && fault.hint().is_some(), "{fault}");
    assert!(again.tip("main").await.is_ok(), "the mirror still answers");
}

#[tokio::test]
async fn a_clone_that_fails_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("file://{}/absent", folder.path().display());
    let mirror = folder.path().join("mirror.git");
    let fault = Repository::open(Location::Remote(url), &mirror, Limits::default()).await.unwrap_err();
    assert!(matches!(fault, Fault::Unreachable { .. }), "{fault}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn what_is_not_there_is_named_with_what_to_do() {
    let fixture = Fixture::new();
    let repository = open(&fixture).await;
    assert!(matches!(repository.tip("main").await, Err(Fault::Empty(_))));
    assert!(matches!(repository.default_branch().await, Err(Fault::Empty(_))));
    fixture.commit("x");
    fixture.git(&["branch", "release/1"]);
    let fault = repository.tip("mian").await.unwrap_err();
    assert!(fault.to_string().contains("no branch `mian`"), "{fault}");
    assert_eq!(fault.hint().as_deref(), Some("it has `main`, `release/1`"));
    for odd in ["", "*", "release", "--all", "a b", "main^", "@{-1}", "main/"] {
        assert!(matches!(repository.tip(odd).await, Err(Fault::BranchMissing { .. })), "{odd:?}");
    }
    let absent = sha(&"0123456789".repeat(4));
    let known = repository.tip("main").await.unwrap();
    assert!(matches!(repository.commit(&absent).await, Err(Fault::CommitMissing { .. })));
    assert!(matches!(repository.describe(&absent).await, Err(Fault::CommitMissing { .. })));
    assert!(matches!(repository.show(&absent, "a").await, Err(Fault::CommitMissing { .. })));
    assert!(matches!(repository.distance(&absent, &known).await, Err(Fault::CommitMissing { .. })));
    assert!(matches!(repository.files_between(&known, &absent).await, Err(Fault::CommitMissing { .. })));
    let dir = fixture.beside("work");
    assert!(matches!(repository.export(&absent, &dir).await, Err(Fault::CommitMissing { .. })));
    assert!(!dir.exists());
    std::fs::remove_dir_all(fixture.path()).unwrap();
    assert!(matches!(repository.tip("main").await, Err(Fault::Gone(_))));
    let gone = Repository::open(Location::Folder(fixture.path()), Path::new("/nowhere"), Limits::default()).await;
    assert!(matches!(gone, Err(Fault::Gone(_))));
}

#[tokio::test]
async fn a_folder_inside_of_a_repository_is_not_taken_for_one() {
    let fixture = Fixture::new();
    fixture.write("sub/a", "1");
    let sub = Location::Folder(fixture.path().join("sub"));
    let fault = Repository::open(sub, Path::new("/nowhere"), Limits::default()).await.unwrap_err();
    assert!(matches!(fault, Fault::NotARepository(_)), "{fault}");
    git(&fixture.path(), &["clone", "--quiet", "--bare", ".", "../bare.git"]);
    let bare = Location::Folder(fixture.beside("bare.git"));
    assert!(Repository::open(bare, Path::new("/nowhere"), Limits::default()).await.is_ok());
}

#[tokio::test]
async fn a_git_that_hangs_is_stopped_at_its_limit() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("git://127.0.0.1:{}/x", listener.local_addr().unwrap().port());
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits { network: Duration::from_millis(300), ..Limits::default() };
    let fault = Repository::open(Location::Remote(url), &folder.path().join("m.git"), limits).await.unwrap_err();
    assert_eq!(fault.to_string(), "git clone took longer than 300ms, and was stopped");
}
