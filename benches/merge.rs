//! A batch of 200,000 changes by ten authors: written, verified, and merged into an empty store. Verification (signature,
//! checksums, unpacking, every digest and chain value, every seal) is reported apart from merging. The figure to hold:
//! verification is no more than half of a merge. Run: `cargo bench --bench merge`.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use jinguo::exchange::commit::Edit;
use jinguo::exchange::export::Handing;
use jinguo::exchange::keys::AuthorKey;
use jinguo::exchange::ledger::Ledger;
use jinguo::exchange::trust::Person;
use jinguo::files::Disk;
use jinguo::forms::Registers;
use jinguo::record::{Set, Value};

const AUTHORS: u8 = 10;
const EACH: usize = 20_000;
const VISIT: u32 = 9;

fn store(dir: &Path, seed: u8, registers: &Arc<Registers>) -> Ledger {
    let name = format!("author{seed}");
    let key = AuthorKey::from_seed(&[seed; 32], &format!("{name}@500101000000"));
    let key = key.expect("a key can be made");
    Ledger::init_with(&dir.join(name), key, registers.clone(), Arc::new(Disk))
        .expect("a store can be made")
}

fn visit(seed: u8, i: usize) -> Vec<Edit> {
    let set = |tag, value| Set {
        tag,
        element: vec![],
        value,
    };
    let summary = format!("第{i}次走访：丈夫在外务工，老人和娃都好，约定下次走访时间，{seed}组。");
    vec![Edit {
        register: VISIT,
        sets: vec![
            set(2, Value::int(20_000 + (i % 300) as i64)),
            set(4, Value::text("01")),
            set(14, Value::text(&summary)),
            set(9001, Value::text("500101028008")),
        ],
        ..Edit::default()
    }]
}

/// The peak of this process's resident memory in MB; 0 where the system does not say.
fn high_water() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    text.lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok())
        .unwrap_or(0)
        / 1024
}

/// Seconds that this process has spent on the CPU (proc(5), stat: fields 14 and 15, in hundredths); other work on the
/// machine does not show in them.
fn on_cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = text.rsplit(") ").next().unwrap_or_default().split(' ');
    let ticks = fields
        .skip(11)
        .take(2)
        .filter_map(|f| f.parse::<u32>().ok());
    f64::from(ticks.sum::<u32>()) / 100.0
}

/// Both clocks.
#[derive(Clone, Copy)]
struct Clock(Instant, f64);

impl Clock {
    fn start() -> Self {
        Self(Instant::now(), on_cpu())
    }

    /// Seconds since, on the wall and on the CPU.
    fn stop(self) -> (f64, f64) {
        (self.0.elapsed().as_secs_f64(), on_cpu() - self.1)
    }
}

fn main() {
    let dir = tempfile::tempdir().expect("a folder for the bench");
    let registers = Arc::new(Registers::builtin());
    let quiet = &mut |_, _| {};
    let mut middle = store(dir.path(), 100, &registers);
    for seed in 1..=AUTHORS {
        let mut author = store(dir.path(), seed, &registers);
        let groups = (0..EACH).map(|i| visit(seed, i)).collect();
        author.commit_many(groups).expect("it is saved");
        let handing = Handing {
            target: Some(dir.path().into()),
            ..Handing::default()
        };
        let batch = author.export(&handing, quiet).expect("it is exported");
        let name = &author.me.name;
        let person = Person::introduced(name, "500101000000", author.key.public(), name);
        middle.trust(vec![person], quiet).expect("she is trusted");
        let merged = middle.merge(&[batch.path], false, quiet);
        assert_eq!(merged.expect("it is merged").balance.new, EACH as u64);
    }
    let clock = Clock::start();
    let handing = Handing {
        target: Some(dir.path().join("all.jgb")),
        ..Handing::default()
    };
    let batch = middle.export(&handing, quiet).expect("it is exported");
    let wrote = clock.stop();

    let mut end = store(dir.path(), 101, &registers);
    let mut people: Vec<Person> = middle.trust.people().cloned().collect();
    let name = "author100";
    let key = middle.key.public();
    people.push(Person::introduced(name, "500101000000", key, name));
    end.trust(people, quiet).expect("they are trusted");
    let before = high_water();
    let clock = Clock::start();
    let looked = end.inspect(&batch.path, quiet).expect("it holds");
    let verified = clock.stop();
    let verifying = high_water();
    let clock = Clock::start();
    let merged = end.merge(std::slice::from_ref(&batch.path), false, quiet);
    let merging = clock.stop();
    let merged = merged.expect("it is merged");
    let changes = looked.changes;
    assert_eq!(merged.balance.new, changes);
    println!(
        "{changes} changes of {} logs in {:.1} MB; seconds on the wall, on the CPU",
        looked.logs.len(),
        batch.bytes as f64 / 1e6
    );
    let line = |what: &str, (wall, cpu): (f64, f64)| {
        let each = |seconds: f64| changes as f64 / seconds;
        println!(
            "{what} {wall:.2} s {:.0}/s, {cpu:.2} s {:.0}/s",
            each(wall),
            each(cpu)
        );
    };
    line("written ", wrote);
    line("verified", verified);
    line("merged, verification and all", merging);
    line(
        "merged, without verification",
        (merging.0 - verified.0, merging.1 - verified.1),
    );
    println!(
        "peak of memory: {before} MB before, {verifying} MB after verifying, {} MB after merging",
        high_water()
    );
}
