//! The kinds of projects that are known: what each is built, tested and started with.

use std::path::Path;

use super::guess::{Guess, Kind, sources};

/// By the first of its files that is known. The service's name is empty where the project has none of its own.
pub(super) fn guess(folder: &Path) -> Option<Guess> {
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
    if let Some(manifest) = read("Cargo.toml") {
        return Some(cargo(folder, &manifest));
    }
    if let Some(manifest) = read("package.json") {
        return Some(npm(folder, &manifest));
    }
    if has_any(folder, &["pyproject.toml", "requirements.txt", "setup.py"]) || first(folder, &MAINS).is_some() {
        return Some(python(folder));
    }
    Some(make(&read("Makefile").or_else(|| read("makefile"))?))
}

fn cargo(folder: &Path, manifest: &str) -> Guess {
    let manifest: toml::Table = manifest.parse().unwrap_or_default();
    let package = manifest.get("package");
    let text = |key: &str| package.and_then(|package| package.get(key)?.as_str()).map(str::to_owned);
    let bins = manifest.get("bin").and_then(toml::Value::as_array);
    let first_bin = || bins?.iter().find_map(|bin| bin.get("name")?.as_str()).map(str::to_owned);
    let main = || text("name").filter(|_| folder.join("src/main.rs").exists());
    let program = text("default-run").or_else(first_bin).or_else(main).filter(|name| is_plain(name));
    let locked = if folder.join("Cargo.lock").exists() { " --locked" } else { "" };
    let port = if sources(folder).iter().any(|source| source.contains("--port")) { " --port $PORT" } else { "" };
    Guess {
        kind: Kind::Cargo,
        service: text("name").unwrap_or_default(),
        build: vec![format!("cargo build --release{locked}")],
        artifacts: program.iter().map(|name| format!("target/release/{name}")).collect(),
        test: vec![format!("cargo test{locked}")],
        start: program.map(|name| format!("./target/release/{name}{port}")),
        health: None,
    }
}

fn npm(folder: &Path, manifest: &str) -> Guess {
    let manifest: serde_json::Value = serde_json::from_str(manifest).unwrap_or_default();
    let script = |name: &str| manifest["scripts"][name].as_str();
    let needs = |key: &str| manifest[key].as_object().is_some_and(|needed| !needed.is_empty());
    let main = first(folder, &["server.js", "index.js", "app.js", "src/server.js", "src/index.js"]);
    let mut build = Vec::new();
    if folder.join("package-lock.json").exists() {
        build.push("npm ci".to_owned());
    } else if needs("dependencies") || needs("devDependencies") {
        build.push("npm install".to_owned());
    }
    if script("build").is_some() {
        build.push("npm run build".to_owned());
    }
    if build.is_empty() {
        build.push(main.map_or_else(|| "npm pkg get name".to_owned(), |main| format!("node --check {main}")));
    }
    let tests = script("test").filter(|test| !test.contains("no test specified"));
    let start = script("start").map(|_| "npm start".to_owned());
    Guess {
        kind: Kind::Npm,
        service: manifest["name"].as_str().unwrap_or_default().to_owned(),
        build,
        artifacts: everything(),
        test: tests.map(|_| "npm test".to_owned()).into_iter().collect(),
        start: start.or_else(|| main.map(|main| format!("node {main}"))),
        health: None,
    }
}

/// The files that a Python program usually begins with.
const MAINS: [&str; 6] = ["app.py", "main.py", "server.py", "service.py", "src/app.py", "src/main.py"];

fn python(folder: &Path) -> Guess {
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap_or_default();
    let (requirements, project) = (read("requirements.txt"), read("pyproject.toml"));
    let main = first(folder, &MAINS);
    let table: toml::Table = project.parse().unwrap_or_default();
    let name = table.get("project").and_then(|project| project.get("name")?.as_str()).unwrap_or_default();
    let packaged = has_any(folder, &["setup.py"]) || table.contains_key("build-system");
    // Beside the program and not in an environment of its own: those hold absolute paths, and a release is moved.
    let install = "python3 -m pip install --quiet --no-compile --target vendor";
    let build = match (requirements.trim().is_empty(), packaged, main) {
        (false, ..) => format!("{install} --requirement requirements.txt"),
        (true, true, _) => format!("{install} ."),
        (true, false, Some(main)) => format!("python3 -m ast {main} > /dev/null"),
        (true, false, None) => "python3 --version".to_owned(),
    };
    let path = if build.starts_with(install) { "PYTHONPATH=vendor " } else { "" };
    let pytest = [&requirements, &project].iter().any(|text| text.contains("pytest"));
    let test = match (pytest, has_tests(folder)) {
        (true, _) => vec![format!("{path}python3 -m pytest")],
        (false, Some(place)) => vec![format!("{path}python3 -m unittest discover --start-directory {place}")],
        (false, None) => Vec::new(),
    };
    let start = main.map(|main| format!("{path}python3 {main}"));
    Guess {
        kind: Kind::Python,
        service: name.to_owned(),
        build: vec![build],
        artifacts: everything(),
        test,
        start,
        health: None,
    }
}

/// The folder in which unittest finds tests.
fn has_tests(folder: &Path) -> Option<&'static str> {
    let is_test = |name: &str| name.starts_with("test") && name.strip_suffix(".py").is_some();
    let holds_any = |place: &&str| {
        let entries = std::fs::read_dir(folder.join(place)).into_iter().flatten().flatten();
        entries.into_iter().any(|entry| entry.file_name().to_str().is_some_and(is_test))
    };
    [".", "tests", "test"].into_iter().find(holds_any)
}

fn make(makefile: &str) -> Guess {
    let has = |target: &str| {
        makefile.lines().any(|line| {
            let after = line.strip_prefix(target).map(str::trim_start).and_then(|after| after.strip_prefix(':'));
            after.is_some_and(|after| !after.starts_with('='))
        })
    };
    let first = |targets: &[&str]| targets.iter().find(|target| has(target)).map(|target| format!("make {target}"));
    Guess {
        kind: Kind::Make,
        service: String::new(),
        build: vec![first(&["build", "all"]).unwrap_or_else(|| "make".to_owned())],
        artifacts: everything(),
        test: first(&["test", "check"]).into_iter().collect(),
        start: first(&["run", "serve", "start"]),
        health: None,
    }
}

/// All files of the checkout: what is too much at first can be left out later, what is missing fails.
fn everything() -> Vec<String> {
    vec!["**".to_owned()]
}

fn first(folder: &Path, names: &[&'static str]) -> Option<&'static str> {
    names.iter().copied().find(|name| folder.join(name).is_file())
}

fn has_any(folder: &Path, names: &[&'static str]) -> bool {
    first(folder, names).is_some()
}

fn is_plain(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}
