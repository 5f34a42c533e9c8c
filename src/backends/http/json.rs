//! JSON, read strictly: text that is UTF-8, one value and nothing after it, and no name twice in one object, for of two
//! values under one name nobody knows which is meant.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeOwned, DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Reads `body` as what the API says it is; how it is not that, if it is not.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    let text =
        std::str::from_utf8(body).map_err(|error| format!("is no UTF-8 from byte {} on", error.valid_up_to()))?;
    // RFC 8259, 8.1: it may be passed over.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_ascii().is_empty() {
        return Err("is empty".to_owned());
    }
    let failed = |error: serde_json::Error| format!("cannot be read: {error}");
    check(text).map_err(failed)?;
    serde_json::from_str(text).map_err(failed)
}

/// Passes over the whole text, and finds names that an object has twice.
fn check(text: &str) -> Result<(), serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    Once { names: &mut Vec::new() }.deserialize(&mut deserializer)?;
    deserializer.end()
}

/// Above so many names of one object they are looked up instead of compared.
const MANY: usize = 64;

/// A value in which every object has each name once. The names of all the objects that are open lie on one stack.
struct Once<'a, 'de> {
    names: &'a mut Vec<Cow<'de, str>>,
}

impl<'de> DeserializeSeed<'de> for Once<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Once<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(Once { names: self.names })?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let names = self.names;
        let from = names.len();
        let mut many = std::collections::HashSet::new();
        while let Some(Name(name)) = fields.next_key()? {
            let here = &names[from..];
            let twice = if here.len() < MANY {
                here.contains(&name)
            } else {
                if many.is_empty() {
                    many.extend(here.iter().cloned());
                }
                !many.insert(name.clone())
            };
            if twice {
                return Err(A::Error::custom(format_args!("`{name}` stands twice in one object")));
            }
            names.push(name);
            fields.next_value_seed(Once { names: &mut *names })?;
        }
        names.truncate(from);
        Ok(())
    }
}

/// The name of a field, copied only where it is written with an escape.
struct Name<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Borrowed;
        impl<'de> Visitor<'de> for Borrowed {
            type Value = Cow<'de, str>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
                Ok(Cow::Borrowed(name))
            }

            fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
                Ok(Cow::Owned(name.to_owned()))
            }
        }
        deserializer.deserialize_str(Borrowed).map(Name)
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use serde_json::Value;

    use super::*;

    fn fault(text: &str) -> String {
        read::<Value>(text.as_bytes()).unwrap_err()
    }

    #[test]
    fn a_name_stands_once_in_an_object_however_it_is_written() {
        assert_eq!(
            fault(r#"{"a": {"b": 1, "b": 2}}"#),
            "cannot be read: `b` stands twice in one object at line 1 column 18"
        );
        assert!(fault(r#"[{"a": [{}], "\u0061": 1}]"#).contains("`a` stands twice"));
        assert!(read::<Value>(br#"{"a": {"a": [{"a": 1}, {"a": 2}]}, "b": {"a": 3}}"#).is_ok());
        let mut many = String::from("{");
        (0..200).for_each(|number| write!(many, "\"n{number}\": 0, ").unwrap());
        assert!(read::<Value>(format!("{many}\"n\": 0}}").as_bytes()).is_ok());
        for again in ["n0", "n63", "n64", "n199"] {
            assert!(fault(&format!("{many}\"{again}\": 0}}")).contains("stands twice"), "{again}");
        }
    }

    #[test]
    fn what_is_no_json_is_said_to_be_what_it_is() {
        assert_eq!(fault(""), "is empty");
        assert_eq!(fault(" \r\n"), "is empty");
        assert_eq!(read::<Value>(b"{\"a\": \"\xff\"}").unwrap_err(), "is no UTF-8 from byte 7 on");
        assert!(fault("{} x").contains("trailing characters"));
        assert!(fault(&"[".repeat(1000)).contains("recursion limit"));
        for no in ["NaN", "[Infinity]", "1e999", "{'a': 1}", "{\"a\": 1,}", "[1 2]", "\"\u{1}\""] {
            assert!(fault(no).starts_with("cannot be read: "), "{no}");
        }
        assert_eq!(read::<Value>("\u{feff}[1]".as_bytes()), Ok(serde_json::json!([1])));
    }
}
