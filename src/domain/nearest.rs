//! The nearest of the known words to one that is not known: what "did you mean" says, wherever it is said.

/// The word of `known` that `word` was most likely meant to be; `None` if none is near. A swap of two neighbours, a
/// missing, a doubled and a wrong letter count one each; up to a third of the letters may differ, at least one.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = word.chars().take(LONGEST).flat_map(char::to_lowercase).collect();
    let most = (wanted.len() / 3).max(1);
    known
        .into_iter()
        .map(|candidate| (distance(&wanted, candidate), candidate))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Words are compared up to this many characters, so that a hostile one costs nothing.
const LONGEST: usize = 64;

/// The optimal string alignment distance between two words, in edits.
fn distance(a: &[char], b: &str) -> usize {
    let b: Vec<char> = b.chars().take(LONGEST).flat_map(char::to_lowercase).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = change.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_finds_its_word() {
        let known = ["timeout", "artifacts", "run", "name"];
        assert_eq!(nearest("timeuot", known), Some("timeout"));
        assert_eq!(nearest("artefacts", known), Some("artifacts"));
        assert_eq!(nearest("RUN", known), Some("run"));
        assert_eq!(nearest("nme", known), Some("name"));
        assert_eq!(nearest("replicas", known), None);
        assert_eq!(nearest("", known), None);
    }
}
