//! Text that somebody wrote to harm whoever looks at it: each kind with its name.

use serde_json::Value;

/// The corpus. What is too long to be written here is in [`corpus`].
const SHORT: &[(&str, &str)] = &[
    ("nothing", ""),
    ("a colour", "a\u{1b}[7;31;5mb\u{1b}[0m"),
    ("a wiped screen", "\u{1b}[2J\u{1b}[3J\u{1b}[Hgone"),
    ("a moved cursor", "x\u{1b}[1;1H\u{1b}[9Aup\u{1b}[9D"),
    ("a scrolled region", "\u{1b}[2;5r\u{1b}[3S\u{1b}[4L"),
    ("another screen", "\u{1b}[?1049l\u{1b}[?25l\u{1b}[?1000h"),
    ("a reset", "\u{1b}c\u{1b}[!p"),
    ("questions to the terminal", "\u{1b}[c\u{1b}[6n\u{1b}[>q\u{1b}P+q544e\u{1b}\\"),
    ("a title", "\u{1b}]0;root@prod\u{7}\u{1b}]2;x\u{1b}\\"),
    ("a clipboard", "\u{1b}]52;c;cm0gLXJmIC8=\u{7}"),
    ("a link", "\u{1b}]8;;http://evil.example/\u{1b}\\click\u{1b}]8;;\u{1b}\\"),
    ("a notification", "\u{1b}]9;hi\u{7}\u{1b}]777;notify;a;b\u{7}\u{1b}]99;;c\u{1b}\\"),
    ("device and application strings", "\u{1b}Pq#0\u{1b}\\\u{1b}_Gf=100\u{1b}\\\u{1b}^x\u{1b}\\\u{1b}Xy\u{1b}\\"),
    ("another character set", "\u{1b}(0lqk\u{1b}(B\u{e}x\u{f}"),
    ("C1 sequences", "\u{9b}31mred\u{9d}0;t\u{9c}\u{90}q\u{9c}\u{84}\u{85}\u{8d}"),
    ("an escape without an end", "end\u{1b}"),
    ("a sequence without an end", "end\u{1b}[38;2;"),
    (
        "every C0",
        "\u{0}\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}\u{8}\u{b}\u{c}\u{e}\u{f}\u{10}\u{18}\u{1a}\u{1c}\u{1f}\u{7f}",
    ),
    ("lines", "one\ntwo\r\nthree\rfour\u{b}five\u{c}six\u{85}seven\u{2028}eight\u{2029}nine"),
    ("tabs", "a\tb\t\tc"),
    ("backspaces", "safe\u{8}\u{8}\u{8}\u{8}evil"),
    ("right to left", "\u{202e}drowssap\u{202c} \u{2067}x\u{2069} \u{200f}y\u{61c}"),
    ("zero width", "pro\u{200b}d\u{200c}u\u{200d}c\u{2060}t\u{feff}ion"),
    ("tags", "a\u{e0001}\u{e0041}\u{e0042}\u{e007f}b"),
    ("variation selectors", "a\u{fe0f}\u{fe0e}b\u{e0100}"),
    ("fillers", "a\u{3164}\u{115f}\u{1160}\u{ffa0}b"),
    ("soft hyphens", "pro\u{ad}duc\u{34f}tion"),
    ("noncharacters", "\u{ffff}\u{fdd0}\u{1fffe}"),
    ("what was no UTF-8", "a\u{fffd}\u{fffd}b"),
    ("wide", "日本語のサービスの名前はとても長いので切られる日本語のサービスの名前は"),
    ("wide at every edge", "a日b本c語dのeサfーgビhスi日j本k語lのmサnーoビpスq日r本s語tのuサvーwビxスy"),
    ("an emoji of many", "👩\u{200d}👩\u{200d}👧\u{200d}👦 🏳\u{fe0f}\u{200d}🌈 🇩🇪🇩 👍🏽"),
    ("halfwidth and fullwidth", "ｶﾞｷﾞｸﾞ ＰＲＯＤ"),
    ("joined letters", "نص عربي हिन्दी ไทย གྷྱི"),
    ("what looks the same", "сheckout рroduction Ⅰ l 1"),
    ("a line of a table", "│ ok ✓ │ live │ 100 % ╭──╮"),
    ("what a shell does", "$(reboot) `id` ; rm -rf / && | > ~"),
    ("what a format does", "%s%n {} {{0}} \\u001b[31m \\x1b"),
];

/// The corpus: each kind's name and its text.
pub fn corpus() -> Vec<(&'static str, String)> {
    let mut corpus: Vec<_> = SHORT.iter().map(|(name, text)| (*name, (*text).to_owned())).collect();
    corpus.push(("a storm of marks", format!("Z{}a{}", "\u{301}\u{327}\u{489}".repeat(100), "\u{20dd}".repeat(40))));
    corpus.push(("marks alone", "\u{301}".repeat(80)));
    corpus.push(("very long", "x".repeat(5000)));
    corpus.push(("very long and escaped", "\u{1b}[31m日".repeat(700)));
    corpus
}

/// The words of vocabularies, which sources cannot choose; everything else is text.
const WORDS: &[&str] = &["status", "kind", "tier", "state", "phase", "color", "active", "verdict", "mode"];

/// Adds `hostile` to every text in `value`, to the same text always the same, so that names still fit.
pub fn poison(value: &mut Value, hostile: &str) {
    match value {
        Value::String(text) if text.parse::<jiff::Timestamp>().is_err() => text.push_str(hostile),
        Value::Array(values) => values.iter_mut().for_each(|value| poison(value, hostile)),
        Value::Object(fields) => {
            let texts = fields.iter_mut().filter(|(key, value)| !(value.is_string() && WORDS.contains(&key.as_str())));
            texts.for_each(|(_, value)| poison(value, hostile));
        }
        _ => {}
    }
}
