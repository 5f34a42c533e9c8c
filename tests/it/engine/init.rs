//! `engine init`: what it writes can be read, for every kind of project, and says what was found.

use leverframe::engine::init::{Fault, Kind, Written, guess, text, write};
use leverframe::engine::spec::{FILE, Pipeline, parse};

struct Project(tempfile::TempDir);

impl Project {
    fn with(files: &[(&str, &str)]) -> Self {
        let project = Self(tempfile::tempdir().unwrap());
        for (path, content) in files {
            let path = project.0.path().join("my shop").join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
        project
    }

    fn write(&self, force: bool) -> Result<Written, Fault> {
        write(&self.0.path().join("my shop"), force)
    }

    fn read(&self) -> Pipeline {
        let text = std::fs::read_to_string(self.0.path().join("my shop").join(FILE)).unwrap();
        parse(&text, FILE).unwrap_or_else(|faults| panic!("{faults}\n{text}"))
    }
}

/// Everything that a written file says, in short lines.
fn written(files: &[(&str, &str)]) -> (Kind, Vec<String>) {
    let project = Project::with(files);
    let kind = project.write(false).unwrap().guess.kind;
    let pipeline = project.read();
    let mut said = vec![pipeline.service.to_string()];
    for stage in &pipeline.stages {
        let jobs = stage.jobs.iter().map(|job| format!("{} -> {}", job.run.join("; "), job.artifacts.join(" ")));
        said.push(format!("{}: {}", stage.name, jobs.collect::<Vec<_>>().join(", ")));
        assert!(stage.jobs.iter().all(|job| job.repeatable));
    }
    for environment in &pipeline.environments {
        let gate = if environment.gate.is_some() { ", gate" } else { "" };
        let health = environment.health.as_ref().map(|health| format!(", {}", health.path)).unwrap_or_default();
        said.push(format!("{}: {}{health}{gate}", environment.name, environment.start));
    }
    (kind, said)
}

#[test]
fn a_cargo_project() {
    let files = [
        ("Cargo.toml", "[package]\nname = \"shop\"\nversion = \"0.1.0\"\n"),
        ("Cargo.lock", ""),
        ("src/main.rs", "fn main() { serve(\"--port\", \"/healthz\") }"),
    ];
    let said = [
        "shop",
        "build: cargo build --release --locked -> target/release/shop",
        "test: cargo test --locked -> ",
        "release: ",
        "development: ./target/release/shop --port $PORT, /healthz",
        "staging: ./target/release/shop --port $PORT, /healthz",
        "production: ./target/release/shop --port $PORT, /healthz, gate",
    ];
    assert_eq!(written(&files), (Kind::Cargo, said.map(str::to_owned).to_vec()));
}

#[test]
fn a_library_is_built_and_tested() {
    let files = [("Cargo.toml", "[package]\nname = \"shop\"\n"), ("src/lib.rs", "")];
    let said = ["shop", "build: cargo build --release -> ", "test: cargo test -> "];
    assert_eq!(written(&files), (Kind::Cargo, said.map(str::to_owned).to_vec()));
}

#[test]
fn an_npm_project() {
    let manifest = r#"{"name": "@acme/shop", "scripts": {"build": "tsc", "test": "jest", "start": "node ."}}"#;
    let said = [
        "acme-shop",
        "build: npm ci; npm run build -> **",
        "test: npm test -> ",
        "release: ",
        "development: npm start",
        "staging: npm start",
        "production: npm start, gate",
    ];
    let files = [("package.json", manifest), ("package-lock.json", "{}"), ("Makefile", "all:\n")];
    assert_eq!(written(&files), (Kind::Npm, said.map(str::to_owned).to_vec()));
}

#[test]
fn a_python_project() {
    let said = [
        "my-shop",
        "build: python3 -m ast app.py > /dev/null -> **",
        "test: python3 -m unittest discover --start-directory tests -> ",
        "release: ",
        "development: python3 app.py",
        "staging: python3 app.py",
        "production: python3 app.py, gate",
    ];
    let files = [("app.py", "print()"), ("tests/test_app.py", "")];
    assert_eq!(written(&files), (Kind::Python, said.map(str::to_owned).to_vec()));
    let needs = [("app.py", ""), ("requirements.txt", "flask\npytest\n")];
    let (_, said) = written(&needs);
    assert!(said[1].ends_with("--target vendor --requirement requirements.txt -> **"), "{said:?}");
    assert_eq!(said[2], "test: PYTHONPATH=vendor python3 -m pytest -> ");
    assert_eq!(said[4], "development: PYTHONPATH=vendor python3 app.py");
}

#[test]
fn a_project_with_a_makefile() {
    let said = [
        "my-shop",
        "build: make build -> **",
        "test: make check -> ",
        "release: ",
        "development: make serve",
        "staging: make serve",
        "production: make serve, gate",
    ];
    let makefile = "run := fast\nbuild: main.o\n\tcc\ncheck :\n\ttrue\nserve:\n\t./main\n";
    assert_eq!(written(&[("Makefile", makefile)]), (Kind::Make, said.map(str::to_owned).to_vec()));
    assert_eq!(written(&[("Makefile", "x: y\n")]).1, ["my-shop", "build: make -> **"]);
}

#[test]
fn a_file_that_is_there_stays() {
    let project = Project::with(&[("Makefile", "all:\n"), (FILE, "mine")]);
    let fault = project.write(false).unwrap_err();
    assert!(fault.to_string().ends_with("leverframe.toml is there already"), "{fault}");
    assert_eq!(fault.hint(), Some("change it, or write it anew: --force"));
    project.write(true).unwrap();
    assert_eq!(project.read().service.as_str(), "my-shop");
}

#[test]
fn what_is_not_known_is_said() {
    let project = Project::with(&[("README", "")]);
    assert!(matches!(project.write(false), Err(Fault::Nothing(_))));
    assert!(matches!(write(std::path::Path::new("/not/there"), false), Err(Fault::NoFolder(_))));
}

#[test]
fn strange_names_are_quoted() {
    let project = Project::with(&[("Makefile", "run:\n")]);
    let mut strange = guess(&project.0.path().join("my shop")).unwrap();
    strange.start = Some("./a \"b\" \\ $PORT".to_owned());
    strange.build = vec!["echo 'x' \"y\"".to_owned()];
    let pipeline = parse(&text(&strange), FILE).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(pipeline.environments[0].start, "./a \"b\" \\ $PORT");
    assert_eq!(pipeline.stages[0].jobs[0].run, strange.build);
}
