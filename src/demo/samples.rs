//! The sample services themselves: their sources, embedded, and what changes in them.

use super::shop::{Change, Goal, Sample};

/// The scripts that all their pipelines run.
pub const CI: &[(&str, &str)] = &[
    ("ci/build", include_str!("../../assets/demo/ci/build")),
    ("ci/lint", include_str!("../../assets/demo/ci/lint")),
    ("ci/test", include_str!("../../assets/demo/ci/test")),
];

/// Sources below `assets/demo/NAME/`, as path and content.
macro_rules! sources {
    ($name:literal: $($path:literal)*) => {
        &[$(($path, include_str!(concat!("../../assets/demo/", $name, "/", $path)))),*]
    };
}

/// A canary in production, that a person moves on from 25 %; one release in five is bad.
pub const CHECKOUT: Sample = Sample {
    name: "checkout",
    files: sources!("checkout":
        "leverframe.toml" "README.md" "src/total.sh" "src/discount.sh" "data/rules.csv"
        "tests/unit/total" "tests/unit/discount" "tests/integration/voucher"),
    versions: &["v2.13.4", "v2.14.0"],
    flags: &["new-basket", "express-pay"],
    latency_ms: (18.0, 45.0),
    changes: &[
        change("Accept gift cards below the minimum order", "data/rules.csv", "gift_card,minimum,0"),
        change("Ask for a signature above 500", "data/rules.csv", "signature,minimum,50000"),
        change("Keep a basket for two weeks", "data/rules.csv", "basket,days,14"),
        change("Say why a voucher is refused", "README.md", "\nA voucher that is refused says why."),
        change("Retry card authorisation once", "data/rules.csv", "authorisation,retries,1"),
        change("Round half a cent to the even one", "README.md", "\nHalf a cent is rounded to the even one."),
        change("Let two vouchers stand side by side", "data/rules.csv", "voucher,together,2"),
        change("Reserve the goods for ten minutes", "data/rules.csv", "reservation,minutes,10"),
    ],
    breaks: None,
    goal: Goal::Canary,
    bad_one_in: 5,
};

/// Blue/green in production, promoted by a person.
pub const CATALOG: Sample = Sample {
    name: "catalog",
    files: sources!("catalog":
        "leverframe.toml" "README.md" "src/price.sh" "src/find.sh" "data/products.csv"
        "tests/unit/price" "tests/unit/find" "tests/integration/every_product_has_a_price"),
    versions: &["v5.2.8", "v5.3.0"],
    flags: &["price-badges"],
    latency_ms: (9.0, 22.0),
    changes: &[
        change("Sell a floor lamp", "data/products.csv", "1005,Floor lamp,12900"),
        change("Sell a filing cabinet", "data/products.csv", "1006,Filing cabinet,15900"),
        change("Say that prices are in cents", "README.md", "\nPrices are kept in cents."),
        change("Sell a coat stand", "data/products.csv", "1007,Coat stand,6900"),
        change("Sell a foot rest", "data/products.csv", "1008,Foot rest,4450"),
        change("Sell a monitor arm", "data/products.csv", "1009,Monitor arm,8900"),
        change("Sell a cork board", "data/products.csv", "1010,Cork board,2990"),
    ],
    breaks: None,
    goal: Goal::TwoColors,
    bad_one_in: 0,
};

/// All at once in production, after two people have agreed.
pub const PAYMENTS: Sample = Sample {
    name: "payments",
    files: sources!("payments":
        "leverframe.toml" "README.md" "src/checksum.sh" "src/fee.sh" "data/providers.csv"
        "tests/unit/checksum" "tests/unit/fee" "tests/integration/every_provider_earns_less_than_it_moves"),
    versions: &["v1.9.0", "v1.9.1", "v1.9.2"],
    flags: &["pay-by-link", "card-retries"],
    latency_ms: (32.0, 85.0),
    changes: &[
        change("Offer payment in three parts", "data/providers.csv", "three_parts,310,90"),
        change("Write down how fees are rounded", "README.md", "\nFees are rounded down to whole cents."),
        change("Offer direct debit", "data/providers.csv", "direct_debit,60,30"),
        change("Offer payment by phone bill", "data/providers.csv", "phone_bill,450,20"),
        change("Say which cards are taken", "README.md", "\nEvery card with a well-formed number is taken."),
        change("Offer payment at the counter", "data/providers.csv", "counter,180,50"),
    ],
    breaks: None,
    goal: Goal::Gate,
    bad_one_in: 0,
};

/// All at once in production, after one person has agreed; its newest change breaks an end-to-end test, and nobody has
/// mended it since.
pub const SEARCH: Sample = Sample {
    name: "search",
    files: sources!("search":
        "leverframe.toml" "README.md" "src/rank.sh" "src/score.sh" "data/synonyms.csv" "tests/unit/score"
        "tests/unit/rank" "tests/e2e/the_best_match_is_first" "tests/e2e/every_synonym_is_a_word_of_its_own"),
    versions: &["v0.44.0", "v0.44.1"],
    flags: &["typo-tolerance"],
    latency_ms: (24.0, 70.0),
    changes: &[
        change("Find sofas as couches", "data/synonyms.csv", "sofa,couch"),
        change("Find shelves as racks", "data/synonyms.csv", "shelf,rack"),
        change("Say what a match is", "README.md", "\nA match is a word that stands in both."),
        change("Find rugs as carpets", "data/synonyms.csv", "rug,carpet"),
        change("Find cupboards as cabinets", "data/synonyms.csv", "cupboard,cabinet"),
        change("Find mirrors as looking glasses", "data/synonyms.csv", "mirror,looking glass"),
        change("Say what a synonym is", "README.md", "\nA synonym stands once in its table."),
    ],
    breaks: Some((
        2,
        "Sort scores and names in one go",
        "src/rank.sh",
        include_str!("../../assets/demo/search/changed/rank.sh"),
    )),
    goal: Goal::FailedTest,
    bad_one_in: 0,
};

const fn change(title: &'static str, file: &'static str, line: &'static str) -> Change {
    Change { title, file, line }
}
