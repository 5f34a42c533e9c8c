//! What a long log costs: opening one of a gigabyte at its end, what the console then holds, and searching all of it, by
//! the code that looks through it alone and as somebody at the console waits for it, over HTTP from the engine.
//! `cargo bench --bench logs`.

#![expect(clippy::unwrap_used, reason = "in a measurement, what must not fail ends it")]

mod program;
mod served;

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use leverframe::clock::{Clock as _, System};
use leverframe::domain::ids::{JobName, RunKey};
use leverframe::domain::log::LogKey;
use leverframe::domain::sought::{Pattern, Scan, Seek, Sought};
use portable_pty::CommandBuilder;
use program::{Program, command, figure};
use served::{Engine, commit, git};

/// Bytes of the log.
const LOG: u64 = 1 << 30;
/// How many lines of it are looked for, far apart.
const NEEDLES: u64 = 10;
/// Its last line.
const LAST: &str = "the last line of all";
/// How often each figure is taken.
const ROUNDS: usize = 5;
/// How much the scan is given at once; bytes.
const PIECE: usize = 2 << 20;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (engine, _) = Engine::start(&data);
    let log = ended_run(&engine, folder.path(), &data);
    write(&log);
    println!("all times are medians of {ROUNDS}; the log has {} MB", LOG >> 20);
    open(&data, &log);
    scan(&log);
    search(&data);
    long_line(&data, &log);
}

/// A run with one job that has ended; where its log lies.
fn ended_run(engine: &Engine, folder: &Path, data: &Path) -> PathBuf {
    let repository = folder.join("repository");
    std::fs::create_dir(&repository).unwrap();
    let pipeline = "[service]\nname = \"bench\"\n\n[[stage]]\nname = \"build\"\nkind = \"build\"\n[[stage.job]]\n\
                    name = \"write\"\nrun = [\"true\"]\n";
    std::fs::write(repository.join("leverframe.toml"), pipeline).unwrap();
    git(&repository, &["init", "-q", "-b", "main"]);
    commit(&repository, "a job");
    let body = serde_json::json!({ "repository": repository, "branch": null }).to_string();
    engine.call("POST", "/v1/services", &body);
    engine.ended(1);
    data.join("logs/bench/1/write.1.log")
}

/// Lines as builds and tests write them: some coloured, some not ASCII, few that are looked for.
fn write(log: &Path) {
    let mut file = BufWriter::with_capacity(1 << 20, File::create(log).unwrap());
    let (mut written, mut line, mut needles) = (0, 0_u64, 0);
    while written < LOG {
        let (module, ms) = (line % 613, line * 7919 % 9973);
        let text = match line % 16 {
            0 => format!("\u{1b}[32m   Compiling\u{1b}[0m part-{module} v0.{module}.1 (/build/parts/part-{module})\n"),
            1 => format!("  ✓ keeps the basket of customer {line} over a restart ({ms} ms)\n"),
            2 => "\n".to_owned(),
            _ => format!(
                "2026-05-04T12:{:02}:{:02}Z INFO part-{module}: request {line} answered 200 in {ms} µs\n",
                ms % 60,
                line % 60
            ),
        };
        file.write_all(text.as_bytes()).unwrap();
        written += text.len() as u64;
        line += 1;
        if written >= (2 * needles + 1) * LOG / (2 * NEEDLES) {
            needles += 1;
            let needle = format!("here is needle {needles}\n");
            file.write_all(needle.as_bytes()).unwrap();
            written += needle.len() as u64;
        }
    }
    writeln!(file, "{LAST}").unwrap();
    file.flush().unwrap();
}

fn console(data: &Path) -> CommandBuilder {
    let mut command = command(env!("CARGO_BIN_EXE_leverframe").as_ref());
    command.arg("--config");
    command.arg(data.join("config.toml"));
    // What a console keeps would have the next one begin where this one ended.
    drop(std::fs::remove_dir_all(data.join("state")));
    command
}

/// A console on its first pane, at rest.
fn up(data: &Path) -> Program {
    let program = Program::start(&console(data));
    program.shows("bench");
    std::thread::sleep(Duration::from_secs(1));
    program
}

/// From the key to the end of the log on the screen.
fn opens(program: &Program, last: &str) -> Duration {
    timed(|| {
        program.types("l");
        program.shows(last);
    })
}

fn open(data: &Path, log: &Path) {
    let (mut took, mut held, mut more, mut pager) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let program = up(data);
        let before = program.memory();
        took.push(opens(&program, LAST));
        held.push(program.memory());
        more.push(program.memory().saturating_sub(before));
        pager.extend(by_less(log));
    }
    told("its end on the screen (at most 150 ms)", &format!("{:.1} ms", ms(median(took))));
    if !pager.is_empty() {
        told("  `less -n +G` from its start", &format!("{:.1} ms", ms(median(pager))));
    }
    told("resident memory then (at most 65,536 KiB)", &format!("{} KiB", median(held)));
    told("  more than before", &format!("{} KiB", median(more)));
}

/// The same with the pager of the system, where there is one.
fn by_less(log: &Path) -> Option<Duration> {
    let less = Path::new("/usr/bin/less");
    let mut command = command(less);
    command.args(["-n", "+G"]);
    command.arg(log);
    less.exists().then(|| timed(|| Program::start(&command).shows(LAST)))
}

/// The code that looks through logs, over a file that the system holds in memory.
fn scan(log: &Path) {
    println!("looking through it (at least 500 MB/s)");
    let patterns = [
        "needle",
        "Needle|needle",
        "needle [0-9]+$",
        "answered 5[0-9]{2} in",
        "^here .* needle",
        "part-(1|2)\\b.*panicked",
    ];
    let sought = patterns.map(|words| Sought::Pattern(Pattern::new(words).unwrap()));
    for what in sought.into_iter().chain([Sought::Errors]) {
        let name = match &what {
            Sought::Pattern(pattern) => pattern.words().to_owned(),
            Sought::Errors => "what tells of an error".to_owned(),
        };
        let mut hits = 0;
        let took = median((0..ROUNDS).map(|_| timed(|| hits = look(log, &what))).collect());
        let rate = f64::from(u32::try_from(LOG >> 20).unwrap()) / took.as_secs_f64();
        told(&format!("  {name}"), &format!("{rate:.0} MB/s, {hits} lines"));
    }
}

fn look(log: &Path, what: &Sought) -> usize {
    let key = LogKey { run: RunKey { service: "bench".into(), id: "1".into() }, job: JobName::new("write") };
    let seek = Seek { log: key, what: what.clone(), from: 0, inside: false, one: false, room: 100_000 };
    let (mut file, mut piece, mut scan) = (File::open(log).unwrap(), vec![0; PIECE], Scan::new(&seek));
    loop {
        let read = file.read(&mut piece).unwrap();
        if read == 0 {
            return scan.found();
        }
        scan.take(&piece[..read]);
    }
}

/// As somebody at the console waits for it.
fn search(data: &Path) {
    let (mut took, mut held) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let program = up(data);
        opens(&program, LAST);
        program.types("/needle");
        program.shows("/needle");
        took.push(timed(|| {
            program.types("\r");
            let all = format!("{NEEDLES} lines");
            program.until(&all, |screen| screen.contains(&all) && !screen.contains("searching"));
        }));
        held.push(figure(Path::new(&format!("/proc/{}/status", program.pid())), "VmHWM:"));
    }
    let took = median(took);
    let rate = f64::from(u32::try_from(LOG >> 20).unwrap()) / took.as_secs_f64();
    told("searched from the console, from its engine", &format!("{:.0} ms = {rate:.0} MB/s", ms(took)));
    told("most that was ever resident (at most 65,536 KiB)", &format!("{} KiB", median(held)));
}

/// A line of ten megabytes at the end of it.
fn long_line(data: &Path, log: &Path) {
    let mut file = OpenOptions::new().append(true).open(log).unwrap();
    file.write_all(&b"x".repeat(10_000_000)).unwrap();
    let after = "what comes after it";
    writeln!(file, "\n{after}").unwrap();
    let (mut took, mut keys) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let program = up(data);
        took.push(opens(&program, after));
        keys.push(timed(|| {
            program.types("k");
            program.shows("paused");
        }));
    }
    told("after a line of 10 MB: its end on the screen", &format!("{:.1} ms", ms(median(took))));
    told("  a key answered on that line", &format!("{:.1} ms", ms(median(keys))));
}

fn timed(work: impl FnOnce()) -> Duration {
    let began = System.instant();
    work();
    System.instant().duration_since(began)
}

fn median<T: Ord + Copy>(mut figures: Vec<T>) -> T {
    figures.sort_unstable();
    figures[figures.len() / 2]
}

fn ms(span: Duration) -> f64 {
    span.as_secs_f64() * 1000.0
}

fn told(what: &str, figure: &str) {
    println!("{what:52} {figure}");
}
