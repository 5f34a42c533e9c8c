//! What holds for every theme that comes with the program.

use ratatui::style::Color;

use super::*;

/// The roles that text is written in.
const TEXT: &[Role] = &[
    Role::Text,
    Role::Strong,
    Role::Dim,
    Role::Off,
    Role::Heading,
    Role::Accent,
    Role::Ok,
    Role::Running,
    Role::Waiting,
    Role::Caution,
    Role::Failed,
    Role::Danger,
    Role::Stale,
    Role::Idle,
    Role::Serving,
    Role::Stable,
    Role::Candidate,
    Role::Limit,
    Role::Match,
];

/// Relative luminance, WCAG 2.2.
fn luminance(color: Color) -> f64 {
    let Color::Rgb(r, g, b) = color else { panic!("{color:?} is no true colour") };
    let [r, g, b] = [r, g, b].map(|c| {
        let c = f64::from(c) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(a: Color, b: Color) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn every_theme_reads_at_every_depth() {
    for (name, text) in BUILT_IN {
        for depth in [Depth::None, Depth::Ansi, Depth::Indexed, Depth::Rgb] {
            Theme::parse(name, text, depth).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(Theme::named(name, depth).unwrap().name(), name);
        }
    }
    assert_eq!(Theme::named("nosuch", Depth::Rgb), None);
}

#[test]
fn text_can_be_read_on_the_ground_and_on_the_selected_row() {
    for name in ["leverframe", "leverframe-light"] {
        let theme = Theme::named(name, Depth::Rgb).unwrap();
        let grounds = [Role::Ground, Role::Selection].map(|role| theme.style(role).bg.unwrap());
        for role in TEXT {
            for ground in grounds {
                let ratio = contrast(theme.style(*role).fg.unwrap(), ground);
                assert!(ratio >= 4.5, "{name}: {role} has {ratio:.2} on {ground:?}");
            }
        }
    }
}

#[test]
fn states_differ_in_lightness_and_not_only_in_hue() {
    for name in ["leverframe", "leverframe-light"] {
        let theme = Theme::named(name, Depth::Rgb).unwrap();
        let of = |role| luminance(theme.style(role).fg.unwrap());
        assert!((of(Role::Ok) - of(Role::Failed)).abs() > 0.01, "{name}");
        assert!((of(Role::Running) - of(Role::Waiting)).abs() > 0.01, "{name}");
    }
}

#[test]
fn without_colour_the_selection_is_reversed_and_nothing_has_a_colour() {
    let theme = Theme::named("leverframe", Depth::None).unwrap();
    assert!(theme.style(Role::Selection).add_modifier.contains(Modifier::REVERSED));
    for role in Role::ALL {
        let style = theme.style(*role);
        assert_eq!((style.fg, style.bg), (None, None), "{role}");
    }
}

#[test]
fn with_16_colours_none_is_mixed() {
    for name in Theme::names() {
        let theme = Theme::named(name, Depth::Ansi).unwrap();
        for role in Role::ALL {
            for color in [theme.style(*role).fg, theme.style(*role).bg].into_iter().flatten() {
                assert!(matches!(color, Color::Reset | Color::Indexed(0..=15)), "{name}: {role} is {color:?}");
            }
        }
    }
}
