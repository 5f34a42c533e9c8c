//! What holds for every theme that comes with the program.

use ratatui::style::Color;

use super::*;

/// What is drawn and is no word that must be read: borders, the bar beside a row and what lies under a dialog, which is
/// out of use while the dialog is there (WCAG 2.2, 1.4.3: inactive parts have no contrast to keep). The two last are
/// grounds.
const NO_TEXT: [Role; 5] = [Role::Chrome, Role::Marker, Role::Veil, Role::Ground, Role::Selection];

/// The 16 colours as xterm has them by default.
const XTERM: [[u8; 3]; 16] = [
    [0, 0, 0],
    [205, 0, 0],
    [0, 205, 0],
    [205, 205, 0],
    [0, 0, 238],
    [205, 0, 205],
    [0, 205, 205],
    [229, 229, 229],
    [127, 127, 127],
    [255, 0, 0],
    [0, 255, 0],
    [255, 255, 0],
    [92, 92, 255],
    [255, 0, 255],
    [0, 255, 255],
    [255, 255, 255],
];

/// What a colour looks like; `own` is the terminal's own where nothing else is said.
fn shown(color: Option<Color>, own: [u8; 3]) -> [u8; 3] {
    const LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    match color {
        None | Some(Color::Reset) => own,
        Some(Color::Rgb(r, g, b)) => [r, g, b],
        Some(Color::Indexed(i @ 0..=15)) => XTERM[usize::from(i)],
        Some(Color::Indexed(i @ 16..=231)) => {
            let i = usize::from(i - 16);
            [LEVELS[i / 36], LEVELS[i / 6 % 6], LEVELS[i % 6]]
        }
        Some(Color::Indexed(i @ 232..)) => [8 + 10 * (i - 232); 3],
        Some(other) => panic!("{other:?} is no colour of a theme"),
    }
}

/// From what is sent to the screen to the light that it gives.
fn linear(color: [u8; 3]) -> [f64; 3] {
    color.map(|c| {
        let c = f64::from(c) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    })
}

/// Relative luminance: WCAG 2.2, <https://www.w3.org/TR/WCAG22/#dfn-relative-luminance>.
fn luminance(color: [u8; 3]) -> f64 {
    let [r, g, b] = linear(color);
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// Contrast ratio: WCAG 2.2, <https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio>.
fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// A dimmed text as xterm and VTE draw it: two thirds of its colour.
fn dimmed(color: [u8; 3]) -> [u8; 3] {
    color.map(|c| u8::try_from(u16::from(c) * 2 / 3).unwrap())
}

/// The colour of text in `role`, and those that it stands on: the ground, and the selected row. Where a theme leaves
/// them to the terminal, this one writes xterm's white on its black.
fn drawn(theme: &Theme, role: Role) -> ([u8; 3], [[u8; 3]; 2]) {
    let (ground, style) = (theme.style(Role::Ground), theme.style(role));
    let fg = shown(style.fg.or(ground.fg), XTERM[7]);
    let fg = if style.add_modifier.contains(Modifier::DIM) { dimmed(fg) } else { fg };
    let own = shown(ground.bg, XTERM[0]);
    let row = shown(theme.style(Role::Selection).bg.or(ground.bg), XTERM[0]);
    // A role with a ground of its own stands on that.
    (fg, style.bg.map_or([own, row], |bg| [shown(Some(bg), own); 2]))
}

#[test]
fn every_theme_reads_at_every_depth() {
    for (name, text) in BUILT_IN {
        parse::read(text, name).unwrap_or_else(|error| panic!("{error}"));
        for depth in [Depth::None, Depth::Ansi, Depth::Indexed, Depth::Rgb] {
            assert_eq!(Theme::named(name, depth).unwrap().name(), name);
        }
    }
    assert_eq!(Theme::named("nosuch", Depth::Rgb), None);
}

#[test]
fn every_file_in_the_folder_of_themes_is_one_of_the_program() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("themes");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut names: Vec<_> = files.map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    let mut known: Vec<_> = Theme::names().collect();
    names.sort_unstable();
    known.sort_unstable();
    assert_eq!(names, known);
}

#[test]
fn every_word_can_be_read_on_the_ground_and_on_the_selected_row() {
    let mut faint = Vec::new();
    for name in Theme::names() {
        let least = if name == "high-contrast" { 7.0 } else { 4.5 };
        for depth in [Depth::Ansi, Depth::Indexed, Depth::Rgb] {
            let theme = Theme::named(name, depth).unwrap();
            for role in Role::every().filter(|role| !NO_TEXT.contains(role)) {
                let (text, grounds) = drawn(&theme, role);
                for ground in grounds {
                    let ratio = contrast(text, ground);
                    if ratio < least {
                        faint.push(format!("{name} at {depth:?}: {role} has {ratio:.2} on {ground:02x?}"));
                    }
                }
            }
        }
    }
    assert!(faint.is_empty(), "{}", faint.join("\n"));
}

#[test]
fn states_differ_in_lightness_and_not_only_in_hue() {
    for name in Theme::names().filter(|name| *name != "mono") {
        let theme = Theme::named(name, Depth::Rgb).unwrap();
        let of = |role| luminance(drawn(&theme, role).0);
        assert!((of(Role::Ok) - of(Role::Failed)).abs() > 0.01, "{name}");
        assert!((of(Role::Running) - of(Role::Waiting)).abs() > 0.01, "{name}");
    }
}

/// How eyes without one kind of cone see a colour: Machado, Oliveira and Fernandes 2009, severity 1.
const PROTANOPIA: [[f64; 3]; 3] =
    [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]];
const DEUTERANOPIA: [[f64; 3]; 3] =
    [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]];
const TRITANOPIA: [[f64; 3]; 3] =
    [[1.255_528, -0.076_749, -0.178_779], [-0.078_411, 0.930_809, 0.147_602], [0.004_733, 0.691_367, 0.303_900]];

/// From the light of sRGB to CIE XYZ, each part of the white of D65.
const XYZ: [[f64; 3]; 3] = [[0.433_9, 0.376_2, 0.189_9], [0.212_6, 0.715_2, 0.072_2], [0.017_7, 0.109_5, 0.872_8]];

fn times(matrix: &[[f64; 3]; 3], vector: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row.iter().zip(vector).map(|(a, b)| a * b).sum())
}

/// A colour's place in CIELAB (1976, D65) as those eyes see it.
fn seen(color: [u8; 3], eyes: &[[f64; 3]; 3]) -> [f64; 3] {
    let light = times(eyes, linear(color)).map(|part| part.clamp(0.0, 1.0));
    let bent = |t: f64| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
    let [x, y, z] = times(&XYZ, light).map(bent);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

#[test]
fn eyes_without_one_kind_of_cone_tell_the_states_apart() {
    let theme = Theme::named("colorblind", Depth::Rgb).unwrap();
    let states = [Role::Ok, Role::Failed, Role::Waiting, Role::Running, Role::Candidate];
    for eyes in [PROTANOPIA, DEUTERANOPIA, TRITANOPIA] {
        let seen = states.map(|role| seen(drawn(&theme, role).0, &eyes));
        for (at, one) in seen.iter().enumerate() {
            for (other, two) in seen.iter().enumerate().skip(at + 1) {
                let apart = one.iter().zip(two).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
                assert!(apart > 15.0, "{} and {} are {apart:.0} apart", states[at], states[other]);
            }
        }
    }
}

#[test]
fn without_colour_the_selection_is_reversed_and_nothing_has_a_colour() {
    for name in Theme::names() {
        let theme = Theme::named(name, Depth::None).unwrap();
        assert!(theme.style(Role::Selection).add_modifier.contains(Modifier::REVERSED));
        for role in Role::every() {
            let style = theme.style(role);
            assert_eq!((style.fg, style.bg), (None, None), "{role}");
        }
    }
}

#[test]
fn with_16_colours_none_is_mixed() {
    for name in Theme::names() {
        let theme = Theme::named(name, Depth::Ansi).unwrap();
        for role in Role::every() {
            for color in [theme.style(role).fg, theme.style(role).bg].into_iter().flatten() {
                assert!(matches!(color, Color::Reset | Color::Indexed(0..=15)), "{name}: {role} is {color:?}");
            }
        }
    }
}
