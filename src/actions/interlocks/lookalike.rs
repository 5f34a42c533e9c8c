//! Lookalikes: names that are not what they seem. A letter of one script passes for one of another, and the lever that is
//! pulled is not the one that was meant.

use super::Interlock;
use crate::domain::text::Text;

/// Scripts whose letters pass for one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    Armenian,
    Cherokee,
    Fullwidth,
    Mathematical,
}

impl Script {
    const fn of(c: char) -> Option<Self> {
        match c {
            'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' => Some(Self::Latin),
            '\u{370}'..='\u{3ff}' => Some(Self::Greek),
            '\u{400}'..='\u{52f}' => Some(Self::Cyrillic),
            '\u{531}'..='\u{58f}' => Some(Self::Armenian),
            '\u{13a0}'..='\u{13ff}' | '\u{ab70}'..='\u{abbf}' => Some(Self::Cherokee),
            '\u{ff21}'..='\u{ff5a}' => Some(Self::Fullwidth),
            '\u{1d400}'..='\u{1d7ff}' | '\u{2100}'..='\u{218f}' => Some(Self::Mathematical),
            _ => None,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Latin => "Latin",
            Self::Greek => "Greek",
            Self::Cyrillic => "Cyrillic",
            Self::Armenian => "Armenian",
            Self::Cherokee => "Cherokee",
            Self::Fullwidth => "fullwidth",
            Self::Mathematical => "letterlike",
        }
    }
}

/// What there is to be known of `names`, those of a plan's target: nothing where each is of one script.
pub fn lookalike<'a>(names: impl IntoIterator<Item = &'a Text>) -> Option<Interlock> {
    let said: Vec<_> = names.into_iter().filter_map(|name| mixed(name.as_str())).collect();
    (!said.is_empty()).then(|| Interlock::caution("lookalike", said.join("; ")))
}

/// The letters of `name` that are of another script than most of it, where there are any.
fn mixed(name: &str) -> Option<String> {
    let letters: Vec<_> = name.chars().filter_map(|c| Some((c, Script::of(c)?))).collect();
    let count = |script| letters.iter().filter(|(_, of)| *of == script).count();
    let main = letters.iter().map(|(_, script)| *script).max_by_key(|script| count(*script))?;
    let mut odd: Vec<_> = letters.into_iter().filter(|(_, script)| *script != main).collect();
    odd.dedup();
    let named = odd.iter().take(4).map(|(c, script)| format!("{} {c} U+{:04X}", script.name(), u32::from(*c)));
    let named = named.collect::<Vec<_>>().join(", ");
    (!odd.is_empty()).then(|| format!("{name} is not what it looks like: it is {} with {named}", main.name()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(name: &str) -> Option<String> {
        lookalike([&Text::new(name)]).map(|interlock| interlock.message.to_string())
    }

    #[test]
    fn a_letter_of_another_script_is_named() {
        let cyrillic = "\u{441}heckout is not what it looks like: it is Latin with Cyrillic \u{441} U+0441";
        assert_eq!(said("\u{441}heckout").as_deref(), Some(cyrillic));
        let fullwidth = "pro\u{ff44} is not what it looks like: it is Latin with fullwidth \u{ff44} U+FF44";
        assert_eq!(said("pro\u{ff44}").as_deref(), Some(fullwidth));
        assert!(said("pr\u{3bf}d \u{1d5c9}").unwrap().contains("Greek \u{3bf} U+03BF, letterlike"));
    }

    #[test]
    fn a_name_of_one_script_is_what_it_is() {
        for name in ["checkout", "Grüße-2", "платежи", "πληρωμή-1", "日本語 api", "v2.14.0", "", "l1I"]
        {
            assert_eq!(said(name), None, "{name}");
        }
    }
}
