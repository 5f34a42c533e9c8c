//! The pipeline file: what a good one says, and how a bad one is refused.

use std::time::Duration;

use leverframe::domain::environment::Tier;
use leverframe::domain::rollout::RolloutKind;
use leverframe::domain::run::StageKind;
use leverframe::engine::spec::{FILE, Fault, Limit, OnFail, Pipeline, Rollout, VersionScheme, parse};
use proptest::prelude::*;

const WHOLE: &str = r#"
[service]
name = "checkout"

[[stage]]
name = "build"
kind = "build"
[[stage.job]]
name = "compile"
run = ["make compile", "make strip"]
artifacts = ["dist/**"]
timeout = "10m"
repeatable = true
[[stage.job]]
name = "lint"
run = ["make lint"]

[[stage]]
name = "release"
kind = "release"
version = "git"

[[environment]]
name = "staging"
start = "./dist/checkout --port $PORT"
rollout = { kind = "blue_green", keep_idle = "1h30m" }

[[environment]]
name = "eu"
tier = "production"
start = "./dist/checkout --port $PORT"
replicas = 2
health = { path = "/healthz", within = "20s" }
gate = { approvals = 2, roles = ["release-manager", "admin"], self_approval = true, expires = "2d" }
rollout = { kind = "canary", steps = [5, { weight = 25, manual = true }, { weight = 50, bake = "1s" }, 100], bake = "2m", verdict = { errors = "1 %", p95 = "+10 %", p99 = "250ms", samples = 20 }, on_fail = "pause" }
auto = false

[[flag]]
key = "new-basket"
kind = "kill_switch"
description = "cuts the new basket off"
"#;

fn good(text: &str) -> Pipeline {
    parse(text, FILE).unwrap_or_else(|faults| panic!("{faults}"))
}

#[test]
fn a_whole_file_is_read_with_its_defaults() {
    let pipeline = good(WHOLE);
    assert_eq!(pipeline.service.as_str(), "checkout");
    let [build, release] = pipeline.stages.as_slice() else { panic!("{pipeline:?}") };
    assert_eq!(build.kind, StageKind::Build);
    assert_eq!(build.jobs[0].run, ["make compile", "make strip"]);
    assert_eq!(build.jobs[0].artifacts, ["dist/**"]);
    assert_eq!(build.jobs[0].timeout, Duration::from_mins(10));
    assert_eq!(build.jobs[1].timeout, Duration::from_mins(30));
    assert_eq!((build.jobs[0].repeatable, build.jobs[1].repeatable), (true, false));
    assert_eq!((release.version, release.jobs.len()), (Some(VersionScheme::Git), 0));
    let [staging, eu] = pipeline.environments.as_slice() else { panic!("{pipeline:?}") };
    assert_eq!((staging.tier, staging.replicas, staging.auto), (Tier::Staging, 1, true));
    assert_eq!((&staging.gate, &staging.health), (&None, &None));
    assert_eq!(staging.rollout, Rollout::BlueGreen { keep_idle: Duration::from_mins(90) });
    assert_eq!((eu.tier, eu.replicas, eu.auto), (Tier::Production, 2, false));
    assert_eq!(eu.health.as_ref().map(|h| (h.path.as_str(), h.within)), Some(("/healthz", Duration::from_secs(20))));
    let gate = eu.gate.as_ref().unwrap();
    assert_eq!((gate.approvals, gate.self_approval, gate.comment_required), (2, true, false));
    assert_eq!(gate.expires, Duration::from_hours(48));
    assert_eq!(pipeline.flags[0].key.as_str(), "new-basket");
}

#[test]
fn a_canary_is_read_rung_by_rung() {
    let pipeline = good(WHOLE);
    let Rollout::Canary(canary) = &pipeline.environments[1].rollout else { panic!("{pipeline:?}") };
    let ladder: Vec<_> = canary.steps.iter().map(|s| (s.weight.percent(), s.manual, s.bake.as_secs())).collect();
    assert_eq!(ladder, [(5, false, 120), (25, true, 120), (50, false, 1), (100, false, 120)]);
    assert_eq!(canary.on_fail, OnFail::Pause);
    let verdict = canary.verdict.as_ref().unwrap();
    assert!(matches!(verdict.errors, Some(Limit::Share(p)) if p.to_string() == "1 %"));
    assert!(matches!(verdict.p95, Some(Limit::Rise(p)) if p.to_string() == "10 %"));
    assert_eq!((verdict.p99, verdict.samples), (Some(Limit::Latency(Duration::from_millis(250))), 20));
    assert_eq!(pipeline.environments[1].rollout.kind(), RolloutKind::Canary);
}

const HEAD: &str = "[service]\nname = \"s\"\n";
const BUILD: &str = "[[stage]]\nname = \"build\"\n[[stage.job]]\nname = \"make\"\nrun = [\"make\"]\n";
const RELEASE: &str = "[[stage]]\nname = \"release\"\n";
const LIVE: &str = "[[environment]]\nname = \"production\"\nstart = \"./s\"\n";

#[test]
fn the_least_file_is_enough() {
    let pipeline = good(&format!("{HEAD}{BUILD}{RELEASE}{LIVE}"));
    assert_eq!(pipeline.stages[0].kind, StageKind::Build);
    assert_eq!(pipeline.environments[0].rollout, Rollout::Replace);
    assert_eq!(good(&format!("{HEAD}{BUILD}")).environments, []);
}

fn faults(text: &str) -> Vec<Fault> {
    match parse(text, FILE) {
        Ok(pipeline) => panic!("accepted:\n{text}\n{pipeline:#?}"),
        Err(faults) => faults.0,
    }
}

/// The only fault of a text, as `line: key: message | hint`.
fn fault(text: &str) -> String {
    let all = faults(text);
    if all.len() != 1 {
        return format!("{all:#?}");
    }
    let Fault { line, key, message, hint, .. } = &all[0];
    format!("{line}: {key}: {message} | {}", hint.as_deref().unwrap_or_default())
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table: one case a row")]
fn every_slip_is_named_with_its_line_its_key_and_a_hint() {
    let job = |extra: &str| format!("{HEAD}{BUILD}{extra}\n");
    let live = |extra: &str| format!("{HEAD}{BUILD}{RELEASE}{LIVE}{extra}\n");
    let canary = |rest: &str| live(&format!("rollout = {{ kind = \"canary\", {rest} }}"));
    let cases = [
        (BUILD.into(), "1: service: is missing | begin the file with [service] and name"),
        (
            job("timeuot = \"1m\""),
            "8: stage.build.job.make.timeuot: unknown key `timeuot` in [[stage.job]] | did you mean `timeout`?",
        ),
        (
            job("colour = 1"),
            "8: stage.build.job.make.colour: unknown key `colour` in [[stage.job]] | [[stage.job]] has `name`, `run`",
        ),
        (
            job("timeout = 10"),
            "8: stage.build.job.make.timeout: must be a duration in quotes, and is a number | write a number and a unit",
        ),
        (job("timeout = \"0s\""), "8: stage.build.job.make.timeout: must be longer than nothing"),
        (job("timeout = \"10 min\""), "8: stage.build.job.make.timeout: is not a duration"),
        (job("artifacts = [\"../x\"]"), "8: stage.build.job.make.artifacts: leads out of the checkout"),
        (job("artifacts = [\"a[\"]"), "8: stage.build.job.make.artifacts: is no glob"),
        (job("artifacts = \"a\""), "8: stage.build.job.make.artifacts: must be a list, and is a text"),
        (job("[[stage.job]]\nname = \"x\""), "8: stage.build.job.x.run: is missing | run = "),
        (job("[[stage.job]]\nname = \"x\"\nrun = []"), "10: stage.build.job.x.run: a job needs at least one command"),
        (job("[[stage.job]]\nname = \"x\"\nrun = [\"a\", \" \"]"), "10: stage.build.job.x.run: is empty"),
        (
            job("[[stage.job]]\nname = \"x\"\nrun = \"make\""),
            "10: stage.build.job.x.run: must be a list, and is a text | run = ",
        ),
        (
            job("[[stage.job]]\nname = \"make\"\nrun = [\"a\"]"),
            "9: stage.build.job.make.name: the name \"make\" is used twice",
        ),
        (
            job("[[stage]]\nname = \"build\"\njob = [{ name = \"b\", run = [\"b\"] }]"),
            "9: stage.build.name: the name \"build\" is used twice",
        ),
        (job("[[stage]]\nname = \"test\""), "8: stage.test.job: a stage needs at least one job"),
        (job("[[stage]]\nname = \"a b\"\nkind = \"release\""), "9: stage.#2.name: is no name"),
        (
            job("[[stage]]\nname = \"t\"\nkind = \"tset\"\njob = [{ name = \"b\", run = [\"b\"] }]"),
            "10: stage.t.kind: unknown word \"tset\" | did you mean \"test\"?",
        ),
        (
            job("[[stage]]\nname = \"r\"\nkind = \"release\"\n[[stage]]\nname = \"q\"\nkind = \"release\""),
            "13: stage.q.kind: there is a second release stage",
        ),
        (job("[stage.x]"), "8: stage.build.x: unknown key `x` in [[stage]]"),
        (format!("{HEAD}[stage]\nname = \"x\"\n"), "3: stage: must be a list of tables | write [[stage]]"),
        (HEAD.into(), "1: stage: there is no stage | add [[stage]]"),
        (format!("{HEAD}{BUILD}{LIVE}"), "8: environment: there is nothing to deploy: no stage makes a release"),
        (
            job("[[environment]]\nname = \"build\"\ntier = \"staging\"\nstart = \"x\"\n[[stage]]\nname = \"release\""),
            "4: stage.build.name: an environment has the same name",
        ),
        (live("replicas = 0"), "13: environment.production.replicas: must be a whole number from 1 to 64"),
        (
            live("replicas = \"2\""),
            "13: environment.production.replicas: must be a whole number from 1 to 64, and is a text",
        ),
        (
            live("health = { path = \"healthz\" }"),
            "13: environment.production.health.path: must be a path on the instance",
        ),
        (live("health = { within = \"1s\" }"), "13: environment.production.health.path: is missing"),
        (
            live("gate = { approvals = 0 }"),
            "13: environment.production.gate.approvals: must be a whole number from 1 to 100",
        ),
        (live("gate = { roles = [] }"), "13: environment.production.gate.roles: nobody could ever decide here"),
        (
            live("gate = { roles = [\"release_manager\"] }"),
            "13: environment.production.gate.roles: unknown word \"release_manager\" | did you mean \"release-manager\"?",
        ),
        (live("gate = true"), "13: environment.production.gate: must be a table, and is true or false"),
        (live("auto = \"yes\""), "13: environment.production.auto: must be true or false, and is a text"),
        (
            live("[[environment]]\nname = \"production\"\nstart = \"x\""),
            "14: environment.production.name: the name \"production\" is used twice",
        ),
        (
            live("[[environment]]\nname = \"staging\"\nstart = \"x\""),
            "13: environment.staging.tier: staging comes after production (production)",
        ),
        (live("[[environment]]\nname = \"eu\"\nstart = \"x\""), "13: environment.eu.tier: is missing | tier = "),
        (
            live("[[environment]]\nname = \"eu\"\ntier = \"production\""),
            "13: environment.eu.start: is missing | start = ",
        ),
        (live("rollout = \"canary\""), "13: environment.production.rollout: must be a table, and is a text"),
        (
            live("rollout = { kind = \"bluegreen\" }"),
            "13: environment.production.rollout.kind: unknown word \"bluegreen\" | did you mean \"blue_green\"?",
        ),
        (
            live("rollout = { kind = \"replace\", bake = \"1m\" }"),
            "13: environment.production.rollout.bake: unknown key `bake` in a replace rollout",
        ),
        (canary("bake = \"1m\""), "13: environment.production.rollout.steps: is missing | steps = "),
        (canary("steps = []"), "13: environment.production.rollout.steps: a canary needs at least one step"),
        (canary("steps = [5, 50]"), "13: environment.production.rollout.steps: the last step is not 100"),
        (
            canary("steps = [50, 5, 100]"),
            "13: environment.production.rollout.steps: the step 5 % does not rise above 50 %",
        ),
        (canary("steps = [5, 101]"), "13: environment.production.rollout.steps: must be a whole number from 0 to 100"),
        (canary("steps = [-5, 100]"), "13: environment.production.rollout.steps: must be a whole number from 0 to 100"),
        (
            canary("steps = [100], verdict = {}"),
            "13: environment.production.rollout.verdict: a verdict needs something to judge",
        ),
        (
            canary("steps = [100], verdict = { errors = \"+1 %\" }"),
            "13: environment.production.rollout.verdict.errors: must be a share of the requests",
        ),
        (
            canary("steps = [100], verdict = { p95 = \"10 %\" }"),
            "13: environment.production.rollout.verdict.p95: must be a latency, or a rise",
        ),
        (
            canary("steps = [100], on_fail = \"stop\""),
            "13: environment.production.rollout.on_fail: unknown word \"stop\" | it is one of",
        ),
        (job("[[flag]]\nkey = \"a\"\n[[flag]]\nkey = \"a\""), "11: flag.a.key: the name \"a\" is used twice"),
        (job("version = \"git\""), "8: stage.build.job.make.version: unknown key `version` in [[stage.job]]"),
        (
            format!("{HEAD}{RELEASE}version = \"1.0\"\n"),
            "5: stage.release.version: a release gets its version from git",
        ),
        (format!("{HEAD}{RELEASE}{BUILD}artifacts = [\"x\"]"), "7: stage.build.job: has artifacts that come too late"),
        ("a = 1\na = 2\n".into(), "2: a: is set twice in the same table"),
        ("[service\nname = 1".into(), "1: : this is no TOML"),
    ];
    let wrong: Vec<String> = cases
        .iter()
        .map(|(text, expected)| (text, expected, fault(text)))
        .filter(|(_, expected, found)| !found.starts_with(*expected))
        .map(|(text, expected, found)| format!("expected {expected}\n   found {found}\nin\n{text}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn what_comes_later_is_refused_by_name() {
    let live = format!("{HEAD}{BUILD}{RELEASE}{LIVE}");
    let stage = "[[stage]]\nname = \"t\"\njob = [{ name = \"t\", run = [\"t\"]";
    let cases = [
        ("needs", format!("{HEAD}{stage}, needs = [\"x\"] }}]")),
        ("retries", format!("{HEAD}{stage}, retries = 2 }}]")),
        ("cache", format!("{HEAD}{stage}, cache = [\"target\"] }}]")),
        ("secrets", format!("{HEAD}{stage}, secrets = [\"x\"] }}]")),
        ("reports", format!("{HEAD}{stage}, reports = {{ sarif = \"x\" }} }}]")),
        ("command", format!("{HEAD}{RELEASE}version = {{ command = \"x\" }}")),
        ("publish", format!("{HEAD}{RELEASE}publish = {{ oci = \"x\" }}")),
        ("schedule", format!("schedule = \"daily\"\n{HEAD}{BUILD}")),
        ("triggers", format!("{HEAD}triggers = [\"tag\"]\n{BUILD}")),
        ("webhooks", format!("{HEAD}{BUILD}[webhooks]\nx = 1")),
        ("tags", format!("{HEAD}tags = true\n{BUILD}")),
        ("vault", format!("{HEAD}{BUILD}[vault]\naddress = \"x\"")),
        ("stickiness", format!("{live}stickiness = \"cookie\"")),
        ("variants", format!("{HEAD}{BUILD}[[flag]]\nkey = \"a\"\nvariants = [\"x\"]")),
        ("segments", format!("{HEAD}{BUILD}[[flag]]\nkey = \"a\"\nsegments = [\"x\"]")),
    ];
    for (name, text) in cases {
        let all = faults(&text);
        assert_eq!(all.len(), 1, "{all:#?}");
        assert!(all[0].message.contains(&format!("`{name}`")), "{}", all[0]);
        assert!(all[0].message.contains("not supported yet"), "{}", all[0]);
        assert!(all[0].hint.is_some(), "{}", all[0]);
    }
}

#[test]
fn all_faults_are_told_at_once_in_the_order_of_the_lines() {
    let text = format!("{HEAD}{BUILD}timeout = 1\nneeds = []\n[[flag]]\nkind = \"x\"\n");
    let lines: Vec<_> = faults(&text).iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [8, 9, 10, 11]);
}

#[test]
fn a_fault_is_printed_with_its_source_line_and_nothing_hidden() {
    let text = format!("{HEAD}{BUILD}\"ti\u{202e}me\\u001b[0m\" = 1\n");
    let printed = parse(&text, "x/leverframe.toml").unwrap_err().to_string();
    assert!(
        printed.starts_with("x/leverframe.toml:8:1: stage.build.job.make.ti‹U+202E›me␛[0m: unknown key"),
        "{printed}"
    );
    assert!(!printed.contains(['\u{202e}', '\u{1b}']), "{printed}");
    assert!(printed.contains("8 | \"ti‹U+202E›me"), "{printed}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Whatever is cut out of a good file, doubled in it or put into it: an answer, and faults that lie in the file.
    #[test]
    fn no_file_can_make_it_panic(edits in prop::collection::vec((0_usize..WHOLE.len(), 0_usize..40, ".{0,6}|[\\[\\]{}=\",\n0-9%+-]{0,4}"), 1..6)) {
        let mut text = WHOLE.to_owned();
        for (at, length, put) in edits {
            let floor = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
            let (from, to) = (floor(at), floor(at + length));
            text.replace_range(from..to, &put);
        }
        check(&text)?;
    }

    /// The same for values of the wrong kind under every known key.
    #[test]
    fn no_value_can_make_it_panic(key in "name|kind|run|artifacts|timeout|version|tier|start|replicas|health|gate|rollout|auto|key|job",
                                  table in "\\[service\\]|\\[\\[stage\\]\\]|\\[\\[stage.job\\]\\]|\\[\\[environment\\]\\]|\\[\\[flag\\]\\]|",
                                  value in "[0-9]{1,30}|-1|0x_?f|nan|true|\"[^\"\\\\\n]{0,9}\"|\\[\\]|\\[\\[\\]\\]|\\{\\}|\\{ kind = \"canary\", steps = [0-9{}\\[\\]]{0,6} \\}|1979-05-27") {
        check(&format!("{table}\n{key} = {value}\n"))?;
        check(&format!("{HEAD}{BUILD}{RELEASE}{LIVE}{key} = {value}\n"))?;
    }
}

fn check(text: &str) -> Result<(), TestCaseError> {
    if let Err(faults) = parse(text, FILE) {
        prop_assert!(!faults.0.is_empty(), "refused without a reason:\n{text}");
        prop_assert!(!faults.to_string().is_empty());
        for fault in &faults.0 {
            prop_assert!(fault.line >= 1 && fault.line <= text.matches('\n').count() + 1, "{fault}");
        }
    }
    Ok(())
}

#[test]
fn a_file_of_brackets_is_refused_and_not_followed_into_the_deep() {
    assert!(parse(&format!("a = {}", "[".repeat(200_000)), FILE).is_err());
    assert!(parse(&"a.".repeat(200_000), FILE).is_err());
    assert!(parse(&"[".repeat(200_000), FILE).is_err());
    assert!(parse(&format!("a = {}1", "{a = ".repeat(100_000)), FILE).is_err());
    assert!(parse(&format!("{} = 1", vec!["a"; 100_000].join(".")), FILE).is_err());
}
