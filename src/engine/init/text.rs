//! The text of a first pipeline file: it runs as it is, and says how to grow it.

use super::guess::Guess;

/// The pipeline file for a guess.
pub fn text(guess: &Guess) -> String {
    let Guess { kind, service, build, artifacts, .. } = guess;
    let mut text = format!(
        r#"# What becomes of a commit: it is built, tested and released, and the release goes through the environments.
# Written by `leverframe engine init` for {kind}; change whatever it has guessed wrong.
# The file counts as it stands at the commit that runs.

[service]
name = {service}

# Stages run one after the other, the jobs of a stage side by side, each in a checkout of its own. Each line of `run` is
# given to `sh -e`. The files that `artifacts` names are there in all later stages and make up the release.
[[stage]]
name = "build"
kind = "build"             # build, test, release, deploy or other
[[stage.job]]
name = "compile"
run = {build}
{artifacts}timeout = "30m"
repeatable = true          # may run again by itself if the engine ended while it ran
"#,
        service = quoted(service),
        build = list(build),
        artifacts = if artifacts.is_empty() { String::new() } else { format!("artifacts = {}\n", list(artifacts)) },
    );
    text += &test(guess);
    text += &environments(guess);
    text
}

fn test(guess: &Guess) -> String {
    let (lines, off) =
        if guess.test.is_empty() { (r#"["make test"]"#.to_owned(), true) } else { (list(&guess.test), false) };
    let stage = format!(
        r#"
[[stage]]
name = "test"
kind = "test"
[[stage.job]]
name = "unit"
run = {lines}
timeout = "15m"
repeatable = true
"#
    );
    if off { format!("\n# No tests were found. With some, this is their stage:{}", commented(&stage)) } else { stage }
}

fn environments(guess: &Guess) -> String {
    let start = guess.start.as_deref().unwrap_or("./dist/server --port $PORT");
    let part = format!(
        r#"
# A release is made once and never changes. Its version comes from the tags: after `git tag v1.0.0` it is v1.0.0.
[[stage]]
name = "release"
kind = "release"
version = "git"

# Environments, in the order in which a release passes them. `start` runs in the release's folder, given to `sh`; the
# program must listen on 127.0.0.1 at the port in $PORT.
{development}
{staging}
# A release waits here until somebody who did not make the change says yes.
{production}gate = {{ approvals = 1, roles = ["release-manager"], self_approval = false }}
# To bring a release in step by step, and to take it back if it is worse than the one before:
# rollout = {{ kind = "canary", steps = [5, 25, 50, 100], bake = "5m", verdict = {{ errors = "1 %", p95 = "+10 %" }} }}

# A flag that the service asks for; it is off everywhere until somebody sets it:
# [[flag]]
# key = "new-checkout"
# description = "The new checkout"
"#,
        development = environment("development", start, guess.health.as_deref()),
        staging = environment("staging", start, guess.health.as_deref()),
        production = environment("production", start, guess.health.as_deref()),
    );
    if guess.start.is_some() {
        return part;
    }
    format!(
        "\n# How it is started could not be guessed. To deploy it, name its program in `start`:{}",
        commented(&part)
    )
}

fn environment(name: &str, start: &str, health: Option<&str>) -> String {
    let health = match health {
        Some(path) => format!("health = {{ path = {}, within = \"30s\" }}\n", quoted(path)),
        None => "# health = { path = \"/healthz\", within = \"30s\" }   # without it: accepts connections\n".to_owned(),
    };
    format!("[[environment]]\nname = \"{name}\"\nstart = {}\n{health}", quoted(start))
}

/// A part that is not in force.
fn commented(part: &str) -> String {
    let line = |line: &str| match line {
        "" => "\n".to_owned(),
        line if line.starts_with('#') => format!("{line}\n"),
        line => format!("# {line}\n"),
    };
    part.lines().map(line).collect()
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

fn list(lines: &[String]) -> String {
    let quoted: Vec<String> = lines.iter().map(|line| self::quoted(line)).collect();
    format!("[{}]", quoted.join(", "))
}
