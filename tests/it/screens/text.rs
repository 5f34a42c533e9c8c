//! Text from outside: long, wide and hostile names.

use unicode_width::UnicodeWidthStr;

use crate::support::screen::Screen;

#[test]
fn long_and_wide_names_do_not_shift_columns() {
    for (width, height) in [(80, 24), (140, 40)] {
        let screen = Screen::new("odd_names", width, height);
        let text = screen.text();
        let heading = text.lines().find(|line| line.contains("PRODUCTION")).unwrap();
        let column = heading[..heading.find("PRODUCTION").unwrap()].width();
        let rows: Vec<_> = text.lines().skip_while(|line| !line.contains("PRODUCTION")).skip(1).take(4).collect();
        for row in &rows {
            let mut used = 0;
            let rest: String = row
                .chars()
                .skip_while(|c| {
                    used += c.to_string().width();
                    used <= column
                })
                .collect();
            assert!(rest.starts_with('v'), "the version stands under its heading: {row}\n{heading}");
            assert_eq!(row.width(), usize::from(width) - usize::from(width >= 100), "the border stands: {row}");
        }
        assert!(rows.iter().any(|row| row.contains('…')), "{text}");
    }
}

#[test]
fn what_is_hidden_in_a_name_is_shown_and_names_that_differ_look_different() {
    let text = Screen::new("odd_names", 140, 40).text();
    assert!(text.contains("pr␀od"), "{text}");
    assert!(text.contains("z‹U+200B›ero"), "{text}");
    assert!(text.contains("v‹U+202E›1.0"), "{text}");
    assert!(text.lines().next().unwrap().contains("odd‹U+202E›names"), "{text}");
    assert!(!text.chars().any(|c| c != '\n' && leverframe::domain::text::is_hidden(c)));
}
