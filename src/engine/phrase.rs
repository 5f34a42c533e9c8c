//! Phrases that one person tells another: a few words that are easily said and typed, chosen by chance.

use sha2::{Digest as _, Sha256};

use crate::domain::chain::hex;

/// How many words a phrase has: 40 bits of chance.
const LENGTH: usize = 5;

/// A new phrase: `maple-otter-river-lantern-plum`.
pub fn new() -> String {
    let chosen: [u8; LENGTH] = rand::random();
    chosen.map(|at| WORDS[usize::from(at)]).join("-")
}

/// What is kept of a phrase; how it was typed, in which case and with which blanks, does not matter.
pub fn hash(typed: &str) -> String {
    let words: Vec<_> = typed.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    hex(&Sha256::digest(words.join("-").to_lowercase()))
}

/// As many as a byte tells apart.
#[rustfmt::skip]
const WORDS: [&str; 256] = [
    "acorn", "alder", "amber", "anchor", "apple", "apron", "arrow", "aspen", "atlas", "autumn", "badger", "bagel",
    "bamboo", "banjo", "barley", "basil", "basket", "beacon", "beaver", "bench", "berry", "birch", "bishop", "bison",
    "blanket", "blossom", "bottle", "boulder", "bramble", "brass", "breeze", "brick", "bridge", "bronze", "brook",
    "broom", "bucket", "buffalo", "butter", "button", "cabin", "cactus", "camel", "candle", "canoe", "canyon",
    "caramel", "carpet", "carrot", "castle", "cedar", "cellar", "chalk", "cherry", "chestnut", "chimney", "cider",
    "cinder", "clover", "cobalt", "cobra", "comet", "copper", "coral", "corner", "cotton", "cradle", "crane", "crater",
    "cricket", "crystal", "cypress", "daisy", "dancer", "delta", "desert", "diamond", "dolphin", "donkey", "dragon",
    "drummer", "dune", "eagle", "ebony", "echo", "elbow", "ember", "engine", "falcon", "feather", "fennel", "fern",
    "ferry", "fiddle", "finch", "flint", "flute", "forest", "fossil", "fountain", "fox", "galaxy", "garden", "garlic",
    "gazelle", "ginger", "glacier", "goblet", "goose", "granite", "grape", "gravel", "guitar", "hammer", "harbor",
    "harvest", "hazel", "heron", "hickory", "hollow", "honey", "horizon", "hornet", "igloo", "indigo", "iris", "island",
    "ivory", "ivy", "jacket", "jaguar", "jasmine", "jungle", "juniper", "kettle", "kitten", "koala", "ladder", "lagoon",
    "lantern", "laurel", "lava", "lemon", "leopard", "lichen", "lilac", "linen", "lizard", "lobster", "locust", "lotus",
    "lumber", "lynx", "magnet", "mango", "maple", "marble", "meadow", "melon", "meteor", "mint", "mirror", "mitten",
    "mole", "monsoon", "moose", "mosaic", "mountain", "mulberry", "mustard", "nectar", "needle", "newt", "nickel",
    "nutmeg", "oasis", "ocean", "olive", "onyx", "opal", "orange", "orchid", "osprey", "otter", "oyster", "paddle",
    "panther", "papaya", "parrot", "pebble", "pelican", "pepper", "pigeon", "pillow", "pine", "planet", "plaza", "plum",
    "pocket", "poplar", "prairie", "puffin", "pumpkin", "quarry", "quartz", "quiver", "rabbit", "radish", "raven",
    "reef", "ribbon", "river", "rocket", "rooster", "rudder", "saddle", "saffron", "sage", "salmon", "sandal",
    "sapphire", "scarlet", "shadow", "silver", "sparrow", "spruce", "squirrel", "stone", "summit", "sunset", "swallow",
    "tambourine", "tangerine", "teapot", "thistle", "thunder", "tiger", "timber", "tractor", "trumpet", "tulip",
    "tundra", "turtle", "umbrella", "valley", "vanilla", "velvet", "violet", "walnut", "walrus", "willow", "winter",
    "wombat", "yarrow", "zebra", "zephyr",
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_word_is_there_once_and_can_be_typed() {
        assert_eq!(WORDS.iter().collect::<BTreeSet<_>>().len(), 256);
        assert!(WORDS.iter().all(|word| word.len() >= 3 && word.bytes().all(|byte| byte.is_ascii_lowercase())));
    }

    #[test]
    fn a_phrase_is_the_same_however_it_is_typed_and_no_other_is() {
        let phrase = new();
        assert_eq!(phrase.split('-').count(), LENGTH);
        assert_eq!(hash(&phrase), hash(&format!(" {} ", phrase.to_uppercase().replace('-', " "))));
        assert_ne!(hash(&phrase), hash(&new()));
    }
}
