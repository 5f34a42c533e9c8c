//! The floors, as data; the guide under `src/` held against the tree; and what must stay absent.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each module and the modules it may use. `main.rs` and `lib.rs` may use all; `build.rs` is no part of the program.
const FLOORS: &[(&str, &[&str])] = &[
    ("clock", &[]),
    ("domain", &[]),
    ("analysis", &["domain"]),
    ("capabilities", &["domain", "clock"]),
    ("config", &["domain"]),
    ("protocol", &["domain"]),
    ("secrets", &["config", "domain"]),
    ("store", &["analysis", "domain", "clock"]),
    ("backends", &["capabilities", "protocol", "secrets", "config", "domain", "clock"]),
    ("actions", &["store", "analysis", "config", "domain", "clock"]),
    ("ui", &["actions", "store", "config", "domain", "clock"]),
    ("app", &["ui", "actions", "store", "capabilities", "config", "domain", "clock"]),
    ("runtime", &["app", "ui", "actions", "store", "backends", "capabilities", "secrets", "config", "domain", "clock"]),
    ("engine", &["analysis", "protocol", "secrets", "config", "domain", "clock"]),
    (
        "demo",
        &[
            "runtime",
            "engine",
            "app",
            "ui",
            "actions",
            "store",
            "backends",
            "capabilities",
            "analysis",
            "protocol",
            "secrets",
            "config",
            "domain",
            "clock",
        ],
    ),
    (
        "cli",
        &[
            "demo",
            "runtime",
            "engine",
            "app",
            "ui",
            "actions",
            "store",
            "backends",
            "capabilities",
            "analysis",
            "protocol",
            "secrets",
            "config",
            "domain",
            "clock",
        ],
    ),
];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn files(below: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(below).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The first part of a file's path below `src/`: the module it belongs to.
fn module(path: &Path) -> String {
    let first = path.strip_prefix(source()).unwrap().components().next().unwrap();
    first.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned()
}

/// Every `crate::NAME` in the code, `use crate::{a, b}` included; comments are passed over.
fn uses(text: &str) -> BTreeSet<String> {
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut names = BTreeSet::new();
    for after in code.split("crate::").skip(1) {
        if let Some(group) = after.strip_prefix('{') {
            let mut depth = 0;
            let mut word = String::new();
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        names.insert(first_word(&word));
                        word.clear();
                        continue;
                    }
                    _ => {}
                }
                word.push(c);
            }
            names.insert(first_word(&word));
        } else {
            names.insert(first_word(after));
        }
    }
    names.remove("");
    names
}

fn first_word(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn a_module_uses_only_the_floors_below_it() {
    let floors: BTreeMap<_, _> = FLOORS.iter().copied().collect();
    let mut wrong = Vec::new();
    for path in files(&source()) {
        let own = module(&path);
        if matches!(own.as_str(), "main" | "lib" | "build") {
            continue;
        }
        let allowed = floors.get(own.as_str()).unwrap_or_else(|| panic!("`{own}` is on no floor: add it to the table"));
        for used in uses(&fs::read_to_string(&path).unwrap()) {
            let known = floors.contains_key(used.as_str());
            if known && used != own && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{}: {own} may not use {used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_is_on_a_floor_and_every_floor_is_a_module() {
    let modules: BTreeSet<_> = fs::read_dir(source())
        .unwrap()
        .map(|entry| module(&entry.unwrap().path()))
        .filter(|name| !matches!(name.as_str(), "main" | "lib" | "build" | "README.md"))
        .collect();
    let floors: BTreeSet<_> = FLOORS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(modules, floors);
}

#[test]
fn the_guide_names_every_module_and_only_what_is_there() {
    let guide = fs::read_to_string(source().join("README.md")).unwrap();
    for (name, _) in FLOORS {
        assert!(guide.contains(&format!("`{name}`")), "src/README.md does not name `{name}`");
    }
    let named = guide
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|word| word.contains('/') || Path::new(word).extension().is_some_and(|end| end == "rs"));
    for path in named {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let there = source().join(path).exists() || root.join(path).exists();
        assert!(there, "src/README.md names `{path}`, which is not there");
    }
}

#[test]
fn every_file_says_what_lives_in_it() {
    for path in files(&source()) {
        assert!(fs::read_to_string(&path).unwrap().starts_with("//!"), "{} has no //! at its head", path.display());
    }
}

/// Connections to configured sources go through `backends::http`, where the access gate, the origins and the limits
/// are. The engine's router and health checks, and the demonstration's load and services, reach no configured source.
#[test]
fn no_client_is_built_beside_the_one() {
    for path in files(&source()) {
        let own = path.strip_prefix(source()).unwrap().to_str().unwrap().to_owned();
        if own.starts_with("backends/http") || own.starts_with("engine/") || own.starts_with("demo/") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for client in ["reqwest::", "hyper::client", "hyper_util::client", "TcpStream::connect", "UnixStream::connect"]
        {
            assert!(!text.contains(client), "{own} builds a client of its own ({client})");
        }
    }
}

/// Read-only is kept by the one client's gate: a process that changed a source would pass it by. Those that are started
/// print a token, open a browser, tell the operator, take a copy, and tell a version. The engine is a server, and the
/// demonstration starts one.
#[test]
fn no_process_is_started_beside_those_that_change_no_source() {
    const STARTERS: [&str; 5] =
        ["cli/doctor/mod.rs", "runtime/browse.rs", "runtime/clipboard.rs", "runtime/notify.rs", "secrets/mod.rs"];
    let mut found = BTreeSet::new();
    for path in files(&source()) {
        let own = path.strip_prefix(source()).unwrap().to_str().unwrap().to_owned();
        if own == "build.rs" || own.starts_with("engine/") || own.starts_with("demo/") || own.ends_with("tests.rs") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        // `clap` calls its own thing a command.
        if text.replace("clap::Command::new", "").contains("Command::new(") || text.contains("open::") {
            found.insert(own);
        }
    }
    assert_eq!(found, STARTERS.map(str::to_owned).into());
}

#[test]
fn a_vendor_is_named_only_where_its_adapter_lives() {
    let vendors = ["GitHub", "GitLab", "Jenkins", "HAProxy", "Unleash", "Kubernetes"];
    for path in files(&source()) {
        let own = module(&path);
        if !matches!(own.as_str(), "capabilities" | "domain" | "store" | "actions" | "app" | "ui" | "analysis") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for vendor in vendors {
            assert!(!text.contains(vendor), "{} names {vendor}", path.display());
        }
    }
}

#[test]
fn the_reader_of_uses_sees_groups_and_single_paths() {
    let text = "use crate::{store::{A, B}, ui, app::X};\nuse crate::domain::ids;\nfn f() { crate::clock::since() }\n// crate::cli";
    let found: Vec<_> = uses(text).into_iter().collect();
    assert_eq!(found, ["app", "clock", "domain", "store", "ui"]);
}
