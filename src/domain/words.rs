//! The macros that make the closed vocabularies and the identifiers, each with one spelling for people and machines.

/// An enum whose variants are written as one fixed word each. A word that is not listed becomes the last variant,
/// so that a vendor's new word is "unknown" and never an error, never "ok".
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)* } else $other:ident = $other_word:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub enum $name {
            $($(#[$doc])* $variant,)*
            /// A word that this program does not know.
            #[default]
            $other,
        }

        impl $name {
            /// Every known value, in order; the unknown one is not among them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The one spelling, as JSON and the screen write it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* Self::$other => $other_word }
            }

            /// Reads a word; one that is not listed is unknown.
            pub fn from_word(word: &str) -> Self {
                match word { $($word => Self::$variant,)* _ => Self::$other }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                Ok(Self::from_word(&word))
            }
        }
    };
}

/// A name or number given by a backend or a person: compared and sent as it is, shown only in its visible form.
macro_rules! identifier {
    ($($(#[$meta:meta])* $name:ident;)*) => {$(
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(std::sync::Arc<str>);

        impl $name {
            /// Takes the identifier as it was given.
            pub fn new(raw: impl AsRef<str>) -> Self {
                Self(raw.as_ref().into())
            }

            /// The identifier as it was given, for comparing and for requests; never for the screen.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The identifier for people, with what is hidden in it made visible.
            pub fn visible(&self) -> std::borrow::Cow<'_, str> {
                crate::domain::text::visible(&self.0)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.visible())
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{:?}", self.visible())
            }
        }

        impl From<&str> for $name {
            fn from(raw: &str) -> Self {
                Self::new(raw)
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                self.as_str()
            }
        }
    )*};
}
