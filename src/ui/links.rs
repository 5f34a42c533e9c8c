//! Links: words on the screen that lead to an address of the web. A pane says which words lead where; where they stand is
//! found in the finished frame, so that drawing need not know.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::format;
use crate::domain::run::Run;
use crate::domain::text::Text;

/// An address of the web in which nothing can end a terminal's sequence early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(String);

impl Address {
    /// The longest that terminals take.
    const MOST: usize = 2000;

    /// `text`, if it is an address of the web and of visible ASCII alone.
    pub fn new(text: &str) -> Option<Self> {
        let web =
            ["http://", "https://"].into_iter().any(|scheme| text.len() > scheme.len() && text.starts_with(scheme));
        (web && text.len() <= Self::MOST && text.bytes().all(|byte| byte.is_ascii_graphic()))
            .then(|| Self(text.to_owned()))
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Words that lead somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    words: String,
    address: Address,
}

impl Named {
    /// `words` that lead to `address`, if that is one of the web.
    pub fn new(words: impl Into<String>, address: Option<&Text>) -> Option<Self> {
        Some(Self { words: words.into(), address: Address::new(address?.as_str())? })
    }

    /// An address that is its own words.
    pub fn itself(address: Option<&Text>) -> Option<Self> {
        Self::new(address?.as_str(), address)
    }

    /// A run by its number, as titles write it.
    pub fn run(run: &Run) -> Option<Self> {
        let number = run.number.map_or_else(|| run.id.to_string(), |number| number.to_string());
        Self::new(format!("run {number}"), run.url.as_ref())
    }
}

/// Words on the screen, on one line, that lead to an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where they stand.
    pub place: Rect,
    /// Where they lead.
    pub address: Address,
}

/// Where in `area` of a frame the words stand. Words within longer ones are others.
pub fn find(frame: &Buffer, area: Rect, named: &[Named]) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    if named.is_empty() {
        return links;
    }
    for y in area.top()..area.bottom() {
        let line = line(frame, area, y);
        for Named { words, address } in named {
            for (at, _) in line.match_indices(words.as_str()).filter(|(at, _)| whole(&line, *at, words)) {
                let columns = |text: &str| u16::try_from(format::width(text)).unwrap_or(u16::MAX);
                let x = area.x.saturating_add(columns(&line[..at]));
                let place = Rect { x, y, width: columns(words), height: 1 };
                if !links.iter().any(|link| link.place.intersects(place)) {
                    links.push(Link { place, address: address.clone() });
                }
            }
        }
    }
    links
}

/// Row `y` of `area` as text.
fn line(frame: &Buffer, area: Rect, y: u16) -> String {
    let mut line = String::new();
    let mut x = area.left();
    while x < area.right() {
        let symbol = frame.cell((x, y)).map_or(" ", ratatui::buffer::Cell::symbol);
        line.push_str(symbol);
        x = x.saturating_add(u16::try_from(format::width(symbol)).unwrap_or(1).max(1));
    }
    line
}

/// Whether the words at `at` are not part of longer ones.
fn whole(line: &str, at: usize, words: &str) -> bool {
    let goes_on = |next: Option<char>| next.is_some_and(char::is_alphanumeric);
    !goes_on(line[..at].chars().next_back()) && !goes_on(line[at + words.len()..].chars().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_of_the_web_without_anything_hidden_is_one() {
        assert!(Address::new("https://git.example/51f?a=b#c").is_some());
        for text in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https://",
            "https://a b",
            "https://a\u{7}",
            "http://é.example",
        ] {
            assert_eq!(Address::new(text), None, "{text:?}");
        }
        assert_eq!(Address::new(&format!("https://{}", "a".repeat(3000))), None);
    }

    #[test]
    fn words_are_found_where_they_stand_and_not_within_others() {
        let frame = Buffer::with_lines(["支払 run 9  run 92", "run 9, xrun 9, run 9"]);
        let named = Named::new("run 9", Some(&Text::new("https://ci.example/9"))).unwrap();
        let links = find(&frame, frame.area, &[named.clone(), named]);
        let places: Vec<_> = links.iter().map(|link| (link.place.x, link.place.y, link.place.width)).collect();
        assert_eq!(places, [(5, 0, 5), (0, 1, 5), (15, 1, 5)]);
        assert!(links.iter().all(|link| link.address.as_str() == "https://ci.example/9"));
    }
}
