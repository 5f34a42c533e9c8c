//! The configuration: what a good one says, and how a bad one is refused, word for word.

mod faults;
mod schema;

use std::path::{Path, PathBuf};
use std::time::Duration;

use leverframe::config::{
    Config, Fault, First, Glyphs, Links, Notify, Places, SourceKind, Theme, Time, Token, first, load_from, parse,
};
use leverframe::domain::environment::Tier;

const WHOLE: &str = r#"
default_context = "shop-prod"
state_dir = "state"
theme = { dark = "leverframe", light = "leverframe-light" }
glyphs = "ascii"
time = "utc"
mouse = false
links = "never"
notify = ["osc9", { command = ["notify-send", "now"] }]

[keys.board]
roll_back = "R"
help = ["f1", "?"]
quit = []

[contexts.shop-prod]
services = ["checkout", "catalog"]
theme = "mono"
danger = true
read_only = true

[contexts.all]

[[sources]]
name = "near"
kind = "engine"
url = "http://127.0.0.1:7400"
token = { file = "token" }

[[sources]]
name = "far"
kind = "engine"
url = "https://engine.example/below"
token = { command = ["pass", "show", "far"] }
ca_file = "/etc/ca.pem"
proxy = "http://proxy.example:3128"
timeout = "5s"

[policy.tiers.production]
max_age = "1m"
reason = true
"#;

fn places() -> Places {
    Places { named: None, config_dir: Some("/home/ada/.config".into()), state_dir: Some("/home/ada/.state".into()) }
}

fn read(text: &str) -> Result<Config, Fault> {
    parse(text, Path::new("/etc/shop/config.toml"), &places())
}

fn good(text: &str) -> Config {
    read(text).unwrap_or_else(|fault| panic!("{fault}"))
}

#[test]
fn a_whole_file_is_read() {
    let config = good(WHOLE);
    assert_eq!(config.state_dir, Path::new("/etc/shop/state"));
    assert_eq!((config.look.glyphs, config.look.time, config.look.mouse), (Glyphs::Ascii, Time::Utc, false));
    let theme = Theme::Either { dark: "leverframe".into(), light: "leverframe-light".into() };
    assert_eq!(config.look.theme, Some(theme));
    assert_eq!(config.look.links, Links::Never);
    let command = Notify::Command(vec!["notify-send".into(), "now".into()]);
    assert_eq!(config.look.notify, [Notify::Osc9, command]);
    let keys: Vec<_> =
        config.keys.iter().map(|key| (key.section.as_str(), key.action.as_str(), key.keys.len())).collect();
    assert_eq!(keys, [("board", "roll_back", 1), ("board", "help", 2), ("board", "quit", 0)]);
    let [near, far] = config.sources.as_slice() else { panic!("{:?}", config.sources) };
    assert_eq!((near.kind, near.is_local(), far.is_local()), (SourceKind::Engine, true, false));
    assert_eq!(near.token, Some(Token::File(PathBuf::from("/etc/shop/token"))));
    assert_eq!(far.token, Some(Token::Command(["pass", "show", "far"].map(str::to_owned).to_vec())));
    assert_eq!((far.timeout, far.ca_file.as_deref()), (Some(Duration::from_secs(5)), Some(Path::new("/etc/ca.pem"))));
    let production = config.policy.tiers[&Tier::Production];
    assert_eq!((production.max_age, production.reason), (Some(Duration::from_mins(1)), Some(true)));
}

#[test]
fn a_context_is_chosen_by_name_by_default_or_because_it_is_the_only_one() {
    let config = good(WHOLE);
    let chosen = config.context(None).unwrap();
    assert_eq!((chosen.name.as_str(), chosen.danger, chosen.read_only), ("shop-prod", true, true));
    assert_eq!(chosen.services.as_ref().map(Vec::len), Some(2));
    assert_eq!(config.context(Some("all")).unwrap().services, None);
    let fault = config.context(Some("shop-rpod")).unwrap_err();
    assert_eq!(fault.to_string(), "there is no context `shop-rpod`");
    assert_eq!(fault.hint().as_deref(), Some("did you mean `shop-prod`?"));

    let only = good("[contexts.one]\ndanger = true");
    assert_eq!(only.context(None).unwrap().name, "one");
    assert_eq!(good("").context(None).unwrap().name, "default");

    let fault = good("[contexts.b]\n[contexts.a]").context(None).unwrap_err();
    assert_eq!(fault.to_string(), "there are 2 contexts, and none is the default");
    let hint = "choose one with --context NAME or default_context = \"…\": `b`, `a`";
    assert_eq!(fault.hint().as_deref(), Some(hint));
}

#[test]
fn only_the_platforms_own_file_may_be_missing() {
    let folder = tempfile::tempdir().unwrap();
    let mut places = Places { config_dir: Some(folder.path().into()), ..places() };
    let nothing = load_from(None, &places).unwrap();
    assert_eq!((nothing.path, nothing.state_dir), (None, PathBuf::from("/home/ada/.state")));

    std::fs::write(folder.path().join("config.toml"), "mouse = false").unwrap();
    let found = load_from(None, &places).unwrap();
    assert_eq!((found.path, found.look.mouse), (Some(folder.path().join("config.toml")), false));

    places.named = Some(folder.path().join("other.toml"));
    let fault = load_from(None, &places).unwrap_err();
    assert!(
        fault.to_string().ends_with("other.toml cannot be read: No such file or directory (os error 2)"),
        "{fault}"
    );
    assert!(fault.hint().unwrap().contains("--config FILE"));

    let asked = load_from(Some(&folder.path().join("config.toml")), &places).unwrap();
    assert!(!asked.look.mouse);
}

#[test]
fn without_a_home_it_says_what_to_set() {
    let fault = load_from(None, &Places::default()).unwrap_err();
    assert_eq!(fault.to_string(), "there is no home folder to keep the configuration in");
    let fault = parse("", Path::new("c.toml"), &Places::default()).unwrap_err();
    assert_eq!(fault.to_string(), "there is no home folder to keep the state in");
    assert!(parse("state_dir = \"here\"", Path::new("c.toml"), &Places::default()).is_ok());
}

#[test]
fn the_example_is_read_as_it_stands_and_with_everything_uncommented() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("config.example.toml")).unwrap();
    let plain = good(&text);
    assert_eq!((plain.sources.len(), plain.contexts.len(), &plain.look.notify), (1, 1, &vec![Notify::Bell]));

    // An example is a comment without a blank after its sign.
    let uncommented: String = text
        .lines()
        .map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line))
        .fold(String::new(), |all, line| all + line + "\n");
    let whole = good(&uncommented);
    assert_eq!(whole.context(None).unwrap().services.as_ref().map(Vec::len), Some(4));
    assert_eq!(whole.sources[0].token, Some(Token::Env("LEVERFRAME_TOKEN".into())));
    assert!(
        whole.sources[0].timeout.is_some() && whole.sources[0].proxy.is_some() && whole.sources[0].ca_file.is_some()
    );
    assert_eq!(whole.policy.tiers[&Tier::Production].reason, Some(true));
}

#[test]
fn a_first_configuration_is_the_example_with_its_source() {
    let tokens = [
        None,
        Some(Token::Env("SHOP_TOKEN".into())),
        Some(Token::File("/home/ada/a \"token\"".into())),
        Some(Token::Command(vec!["pass".into(), "show".into(), "shop".into()])),
    ];
    for token in tokens {
        let of = First { name: "shop".into(), url: "https://shop.example/engine".into(), token: token.clone() };
        let text = first(&of);
        let source = &good(&text).sources[0];
        assert_eq!((source.name.as_str(), source.url.as_str()), ("shop", "https://shop.example/engine"));
        assert_eq!(source.token, token);
        // Every other line is the example's.
        let example =
            std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("config.example.toml")).unwrap();
        let own = text.lines().filter(|line| !example.lines().any(|known| known == *line)).count();
        assert_eq!(own, 3 + 2 + usize::from(token.is_some()), "{text}");
    }
}

#[test]
fn the_example_names_every_key() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("config.example.toml")).unwrap();
    let fault = read(
        "x = 1\n[contexts.a]\nx = 1\n[[sources]]\nname = \"e\"\nkind = \"engine\"\nurl = \"http://a\"\nx = 1\n[policy.tiers.staging]\nx = 1",
    );
    let Err(Fault::Wrong(faults)) = fault else { panic!("{fault:?}") };
    // The hint for an unknown key lists the known ones.
    for fault in &faults.0 {
        let hint = fault.hint.as_deref().unwrap();
        for key in hint.split('`').skip(1).step_by(2).filter(|key| !key.starts_with('[')) {
            assert!(text.contains(key), "{key} is not in the example");
        }
    }
    assert_eq!(faults.0.len(), 4);
}
