//! What the console costs, in multiples of the floor program's figures, both measured in turn in one run: time to the
//! first picture and to the answer to a key, bytes to the terminal, wake-ups, memory, and growth from few services to many.
//! `cargo bench --bench console`.

#![expect(clippy::unwrap_used, reason = "in a measurement, what must not fail ends it")]

mod floor;
mod program;
mod source;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use leverframe::clock::{Clock as _, System};
use portable_pty::CommandBuilder;
use program::{Program, command, figure};
use source::Source;

/// How often each figure is taken.
const ROUNDS: usize = 15;

fn main() {
    if std::env::args().any(|word| word == "--floor") {
        return floor::run().unwrap();
    }
    let (few, many) = (Bench::new(10), Bench::new(1000));
    few.settle();
    many.settle();
    println!("all figures are medians of {ROUNDS}; F is the floor's");
    paints(&few, &many);
    keys(&few, &many);
    bursts(&few);
    quiet(&many);
    changes(&few);
    running();
    slow_link();
    busy();
}

fn paints(few: &Bench, many: &Bench) {
    let (mut floor, mut small, mut large) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        floor.push(first_paint(&Bench::floor()));
        small.push(first_paint(&few.console()));
        large.push(first_paint(&many.console()));
    }
    let f = median(floor);
    told("first picture of the last known state, 10 services", median(small), f);
    told("first picture of the last known state, 1,000 services", median(large), f);
}

fn first_paint(command: &CommandBuilder) -> Duration {
    let began = System.instant();
    let program = Program::start(command);
    program.shows("SERVICE");
    System.instant().duration_since(began)
}

fn keys(few: &Bench, many: &Bench) {
    let (floor, small, large) =
        (Program::up(&Bench::floor()), Program::up(&few.console()), Program::up(&many.console()));
    let mut figures = [Vec::new(), Vec::new(), Vec::new()];
    for round in 0..ROUNDS * 4 {
        for (program, figures) in [&floor, &small, &large].into_iter().zip(&mut figures) {
            figures.push(program.answers(if round % 2 == 0 { "j" } else { "k" }));
        }
    }
    let [floor, small, large] = figures;
    let (f, worst) = (median(floor.clone()), nearly_all(floor));
    told("a key answered, 10 services, median", median(small.clone()), f);
    told("a key answered, 10 services, 99 of 100", nearly_all(small.clone()), worst);
    told("a key answered, 1,000 services, median", median(large.clone()), f);
    let growth = median(large).as_secs_f64() / median(small).as_secs_f64();
    println!("{:58} {growth:8.2} times", "  growth from 10 to 1,000 services");
}

fn bursts(few: &Bench) {
    let program = Program::up(&few.console());
    // One key goes to the end of the list and back as thirty do, so that they leave the same picture.
    let one = median_of(ROUNDS, || program.bytes_for("G") + program.bytes_for("g"));
    let thirty = median_of(5, || program.bytes_for(&"j".repeat(30)) + program.bytes_for(&"k".repeat(30)));
    let frames = ratio(thirty, one);
    println!("{:58} {thirty:8} bytes = {frames:.2} frames", "30 keys in one read, and 30 back");
}

/// Runs at work: what is written while nothing but their time goes on.
fn running() {
    for count in [1, 5] {
        let bench = Bench::new(10);
        bench.source.run(bench.services, count);
        let program = Program::up(&bench.console());
        std::thread::sleep(Duration::from_secs(1));
        let (bytes, writes) = (program.bytes(), program.pieces());
        let span = 5;
        std::thread::sleep(Duration::from_secs(span));
        let seconds = usize::try_from(span).unwrap();
        let (bytes, writes) = ((program.bytes() - bytes) / seconds, ratio(program.pieces() - writes, seconds));
        println!("{:58} {bytes:8} bytes/s, {writes:.1} writes/s", format!("{count} of 10 services at work"));
    }
}

/// A key held for three seconds behind a link of 8 KB/s: how long after its release the last of it is seen.
fn slow_link() {
    let bench = Bench::new(1000);
    bench.settle();
    let (mut floor, mut console) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        floor.push(lag(&Bench::floor()));
        console.push(lag(&bench.console()));
    }
    told("a key held for 3 s behind 8 KB/s: the lag at its end", median(console), median(floor));
}

fn lag(command: &CommandBuilder) -> Duration {
    let slow = Arc::default();
    let program = Program::behind(command, &slow);
    program.shows("SERVICE");
    program.rests();
    slow.store(true, Ordering::SeqCst);
    for _ in 0..90 {
        program.types("j");
        std::thread::sleep(Duration::from_millis(33));
    }
    let released = System.instant();
    program.rests();
    let last = program.seen.0.lock().unwrap().2;
    last.saturating_duration_since(released)
}

/// Keys while each poll brings a change of every one of 1,000 services.
fn busy() {
    let bench = Bench::new(1000);
    bench.settle();
    bench.source.never_rests(bench.services);
    let (floor, program) = (Program::up(&Bench::floor()), Program::start(&bench.console()));
    program.shows("v9.");
    let mut figures = [Vec::new(), Vec::new()];
    for round in 0..300 {
        for (program, figures) in [&floor, &program].into_iter().zip(&mut figures) {
            figures.push(program.answers(if round % 2 == 0 { "j" } else { "k" }));
        }
    }
    let [floor, busy] = figures;
    told("a key while 1,000 changes come with each poll, median", median(busy.clone()), median(floor.clone()));
    told("a key while 1,000 changes come, 99 of 100", nearly_all(busy), nearly_all(floor));
}

fn quiet(many: &Bench) {
    let program = Program::up(&many.console());
    program.rests();
    let (bytes, wakes, asked) = (program.bytes(), program.wakes(), many.source.asked());
    let span = Duration::from_secs(5);
    std::thread::sleep(span);
    println!("{:58} {:8} bytes", "nothing moves for 5 s, 1,000 services", program.bytes() - bytes);
    let (wakes, asked) = (program.wakes() - wakes, many.source.asked() - asked);
    println!("{:58} {wakes:8} wake-ups, {asked} questions", "  in which it woke and asked");
    println!("{:58} {:8} KiB", "  resident memory, 1,000 services", program.memory());
    println!("{:58} {:8} KiB", "  the floor's", Program::up(&Bench::floor()).memory());
}

fn changes(few: &Bench) {
    let program = Program::up(&few.console());
    program.rests();
    let mut figures = Vec::new();
    for round in 1..=5 {
        let before = program.bytes();
        few.source.change(few.services, round);
        program.shows(&format!("v9.{round}.0"));
        program.rests();
        figures.push(program.bytes() - before);
    }
    figures.sort_unstable();
    println!("{:58} {:8} bytes", "one version changes", figures[figures.len() / 2]);
}

/// A source, and a folder for the console on it.
struct Bench {
    source: Source,
    services: usize,
    folder: tempfile::TempDir,
}

impl Bench {
    fn new(services: usize) -> Self {
        let (source, folder) = (Source::start(services), tempfile::tempdir().unwrap());
        let config = format!(
            "state_dir = \"state\"\nmouse = false\n[[sources]]\nname = \"engine\"\nkind = \"engine\"\nurl = \"{}\"\n",
            source.url
        );
        std::fs::write(folder.path().join("config.toml"), config).unwrap();
        Self { source, services, folder }
    }

    fn console(&self) -> CommandBuilder {
        let mut command = command(env!("CARGO_BIN_EXE_leverframe").as_ref());
        command.arg("--config");
        command.arg(self.folder.path().join("config.toml"));
        command
    }

    fn floor() -> CommandBuilder {
        let mut command = command(&std::env::current_exe().unwrap());
        command.arg("--floor");
        command
    }

    /// Lets a console see everything once and leave it as the last known state.
    fn settle(&self) {
        let mut program = Program::up(&self.console());
        program.shows("service-0001");
        program.rests();
        program.types("q");
        program.child.wait().unwrap();
    }
}

impl Program {
    fn up(command: &CommandBuilder) -> Self {
        let program = Self::start(command);
        program.shows("SERVICE");
        program.rests();
        program
    }

    /// Waits until nothing has come for a while.
    fn rests(&self) {
        let mut before = usize::MAX;
        while before != self.bytes() {
            before = self.bytes();
            std::thread::sleep(Duration::from_millis(300));
        }
    }

    fn bytes(&self) -> usize {
        self.seen.0.lock().unwrap().1
    }

    /// From the key to the first byte of what it changes.
    fn answers(&self, key: &str) -> Duration {
        // Past the shortest time between two frames, as a person types.
        std::thread::sleep(Duration::from_millis(45));
        let before = self.bytes();
        let began = System.instant();
        self.types(key);
        let seen = self.seen.0.lock().unwrap();
        drop(self.seen.1.wait_timeout_while(seen, Duration::from_secs(2), |seen| seen.1 == before).unwrap());
        System.instant().duration_since(began)
    }

    /// In how many pieces all of it came.
    fn pieces(&self) -> usize {
        self.seen.0.lock().unwrap().3
    }

    fn bytes_for(&self, keys: &str) -> usize {
        let before = self.bytes();
        self.types(keys);
        self.rests();
        self.bytes() - before
    }

    /// How often all threads went to sleep: each is woken that often.
    fn wakes(&self) -> u64 {
        let threads = std::fs::read_dir(format!("/proc/{}/task", self.pid())).unwrap().flatten();
        threads.map(|thread| figure(&thread.path().join("status"), "voluntary_ctxt_switches:")).sum()
    }
}

fn median(mut figures: Vec<Duration>) -> Duration {
    figures.sort_unstable();
    figures[figures.len() / 2]
}

fn nearly_all(mut figures: Vec<Duration>) -> Duration {
    figures.sort_unstable();
    figures[(figures.len() * 99 / 100).min(figures.len() - 1)]
}

fn median_of(rounds: usize, mut take: impl FnMut() -> usize) -> usize {
    let mut figures: Vec<_> = (0..rounds).map(|_| take()).collect();
    figures.sort_unstable();
    figures[figures.len() / 2]
}

fn ratio(figure: usize, of: usize) -> f64 {
    f64::from(u32::try_from(figure).unwrap()) / f64::from(u32::try_from(of).unwrap())
}

fn told(what: &str, figure: Duration, floor: Duration) {
    let ms = |span: Duration| span.as_secs_f64() * 1000.0;
    let times = figure.as_secs_f64() / floor.as_secs_f64();
    println!("{what:58} {:8.2} ms = {times:.2} F (F {:.2} ms)", ms(figure), ms(floor));
}
