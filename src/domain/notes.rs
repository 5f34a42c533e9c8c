//! Notes: what a set of changes holds, as Markdown for people. One line a commit, in its own words; nothing is invented.

use super::change::{Changes, Commit, File, Touch};
use super::release::VersionName;

/// The groups that commits are put into where their titles begin with a conventional type, and their types.
const GROUPS: &[(&str, &[&str])] = &[("Features", &["feat", "feature"]), ("Fixes", &["fix", "bugfix", "hotfix"])];
/// The group of everything else.
const REST: &str = "Other changes";

/// The notes of `changes`, which lead from the release `before` to `after`, and of the flags that they name.
///
/// ```text
/// ## payments: v1.9.1 → v1.9.2
///
/// 3 changes that staging has and production lacks.
///
/// - Accept SEPA instant (51f00dd, ben)
/// ```
pub fn notes(
    changes: &Changes,
    flags: &[Touch<'_>],
    before: Option<&VersionName>,
    after: Option<&VersionName>,
) -> String {
    let version = |version: Option<&VersionName>| version.map_or_else(|| "?".into(), |it| plain(&it.visible()));
    let Changes { service, from, to, commits, .. } = changes;
    let service = plain(&service.visible());
    let (has, lacks) = (plain(&to.visible()), plain(&from.visible()));
    let listed = match changes.count() {
        1 => "1 change".to_owned(),
        count if count > commits.len() as u64 => format!("The newest {} of {count} changes", commits.len()),
        count => format!("{count} changes"),
    };
    let mut lines = vec![
        format!("## {service}: {} → {}", version(before), version(after)),
        String::new(),
        format!("{listed} that {has} has and {lacks} lacks."),
    ];
    for (heading, commits) in groups(commits) {
        lines.extend(section(heading, commits.into_iter().map(commit_line)));
    }
    lines.extend(section(Some("Migrations"), changes.migrations().map(file_line)));
    lines.extend(section(Some("Flags"), flags.iter().map(flag_line)));
    lines.push(String::new());
    lines.join("\n")
}

/// The lines of a list under its heading; nothing where there are none.
fn section(heading: Option<&str>, lines: impl Iterator<Item = String>) -> Vec<String> {
    // A title that begins like a heading or a list is none.
    let begins = |line: &str| if line.starts_with(['#', '+', '-']) { "\\" } else { "" };
    let mut lines = lines.map(|line| format!("- {}{line}", begins(&line))).peekable();
    if lines.peek().is_none() {
        return Vec::new();
    }
    let head = heading.into_iter().flat_map(|heading| [String::new(), format!("### {heading}")]);
    head.chain([String::new()]).chain(lines).collect()
}

/// The commits by their titles' types, where any has one; else all of them without a heading.
fn groups(commits: &[Commit]) -> Vec<(Option<&'static str>, Vec<&Commit>)> {
    if commits.iter().all(|commit| group(commit) == REST) {
        return vec![(None, commits.iter().collect())];
    }
    let headings = GROUPS.iter().map(|(heading, _)| *heading).chain([REST]);
    headings
        .map(|heading| (Some(heading), commits.iter().filter(|commit| group(commit) == heading).collect()))
        .collect()
}

/// `feat(api)!: …` is a feature.
fn group(commit: &Commit) -> &'static str {
    let kind = commit.title.as_str().split_once(':').map_or("", |(kind, _)| kind.trim_end_matches('!'));
    let kind = kind.split_once('(').filter(|(_, scope)| scope.ends_with(')')).map_or(kind, |(kind, _)| kind);
    let known = GROUPS.iter().find(|(_, kinds)| kinds.contains(&kind));
    known.map_or(REST, |(heading, _)| heading)
}

fn commit_line(commit: &Commit) -> String {
    let address = commit.url.as_ref().map(super::text::Text::as_str).filter(|url| is_link(url));
    let id = match address {
        Some(url) => format!("[{}]({url})", plain(commit.short())),
        None => plain(commit.short()),
    };
    let pull = commit.pull.as_ref().map(|pull| format!(", {}", plain(pull.as_str()))).unwrap_or_default();
    format!("{} ({id}, {}{pull})", plain(commit.title.as_str()), plain(commit.author.as_str()))
}

fn file_line(file: &File) -> String {
    format!("{} ({})", plain(file.path.as_str()), plain(file.status.as_str()))
}

fn flag_line(touch: &Touch<'_>) -> String {
    let traces: Vec<_> = touch.traces.iter().map(|trace| plain(&trace.to_string())).collect();
    format!("{}: named {}", plain(&touch.flag.key.visible()), traces.join(", "))
}

/// Whether an address can stand in a link as it is.
fn is_link(url: &str) -> bool {
    (url.starts_with("https://") || url.starts_with("http://"))
        && url.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '(' | ')' | '<' | '>' | '\\'))
}

/// `text` with what Markdown would obey written out.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '|' | '&') {
            plain.push('\\');
        }
        plain.push(c);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::Text;

    fn commit(id: &str, title: &str) -> Commit {
        let (id, title, author) = (Text::new(id), Text::new(title), Text::new("ben"));
        Commit { id, title, author, at: None, url: None, pull: None, files: None, files_total: None }
    }

    fn of(commits: Vec<Commit>, files: Option<Vec<File>>) -> Changes {
        let (service, from, to) = ("pay".into(), "production".into(), "staging".into());
        Changes { service, from, to, commits, commits_total: None, files, files_total: None }
    }

    #[test]
    fn one_line_a_commit_and_what_deserves_a_second_look() {
        let mut linked = commit("51f00ddc8e90", "Accept *SEPA* <b>");
        (linked.url, linked.pull) = (Some("https://git.example/51f".into()), Some("#12".into()));
        let file = File { path: "db/migrate/1_sepa.rb".into(), status: "added".into() };
        let changes = of(vec![linked, commit("7be1ab2211cc", "# Name it")], Some(vec![file]));
        let told = notes(&changes, &[], Some(&"v1".into()), None);
        let expected = "## pay: v1 → ?\n\n2 changes that staging has and production lacks.\n\n\
                        - Accept \\*SEPA\\* \\<b\\> ([51f00dd](https://git.example/51f), ben, #12)\n\
                        - \\# Name it (7be1ab2, ben)\n\n### Migrations\n\n- db/migrate/1\\_sepa.rb (added)\n";
        assert_eq!(told, expected);
    }

    #[test]
    fn commits_are_grouped_by_their_types_if_they_have_any() {
        let titles = ["feat(api): A", "fix!: B", "C: colon", "feat: D", "fixture: E"];
        let changes = of(titles.iter().map(|title| commit("0123456789", title)).collect(), None);
        let told = notes(&changes, &[], None, None);
        let lines: Vec<_> = told.lines().filter(|line| line.starts_with(['#', '-'])).skip(1).collect();
        let by = " (0123456, ben)";
        let expected = [
            "### Features".to_owned(),
            format!("- feat(api): A{by}"),
            format!("- feat: D{by}"),
            "### Fixes".to_owned(),
            format!("- fix!: B{by}"),
            "### Other changes".to_owned(),
            format!("- C: colon{by}"),
            format!("- fixture: E{by}"),
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn what_is_not_listed_is_counted() {
        let mut changes = of(vec![commit("0123456789", "A")], None);
        changes.commits_total = Some(812);
        assert!(notes(&changes, &[], None, None).contains("The newest 1 of 812 changes that"));
    }
}
