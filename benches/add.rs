//! `jinguo add` of 100,000 visits with references by id, through the built binary: records a second, peak memory.
//! The figure to hold: at least 20,000 records a second, at most 150 MB. Run: `cargo bench --bench add`.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

const VISITS: usize = 100_000;
const HOUSEHOLDS: usize = 2_000;

fn jinguo(store: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jinguo"));
    command.args(args).env("JINGUO_STORE", store);
    command
}

/// Feeds `input`, gives the lines printed, the seconds it took and the peak of resident memory in KiB.
fn add(store: &Path, register: &str, input: String) -> (Vec<String>, f64, u64) {
    let mut child = jinguo(store, &["add", register])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let started = Instant::now();
    let mut stdin = child.stdin.take().expect("stdin is a pipe");
    let feeder = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    let mut printed = Vec::new();
    let stdout = BufReader::new(child.stdout.take().expect("stdout is a pipe"));
    for line in stdout.lines() {
        printed.push(line.expect("the output is text"));
        if printed.len() % 1_000 == 0 {
            peak = peak.max(high_water(&status));
        }
    }
    let exit = child.wait().expect("it ends");
    let seconds = started.elapsed().as_secs_f64();
    feeder
        .join()
        .expect("the feeder ends")
        .expect("all input is taken");
    assert!(
        exit.success(),
        "some lines were refused: {:?}",
        printed.iter().find(|line| line.contains("errors"))
    );
    (printed, seconds, peak)
}

/// The peak of a process's resident memory, in KiB; 0 where the system does not say.
fn high_water(status: &str) -> u64 {
    let text = std::fs::read_to_string(status).unwrap_or_default();
    text.lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}

fn main() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let store = dir.path().join("store");
    let init = jinguo(
        &store,
        &["init", "--name", "李静", "--unit", "500101028008"],
    )
    .output()
    .expect("init runs");
    assert!(
        init.status.success(),
        "{}",
        String::from_utf8_lossy(&init.stderr)
    );

    let mut input = String::new();
    for i in 0..HOUSEHOLDS {
        let _ = writeln!(
            input,
            r#"{{"head_name":"谭大明","address_detail":"{}组大院子{i}号","phone":"1380000{:04}"}}"#,
            i % 9 + 1,
            i % 10_000
        );
    }
    let (households, ..) = add(&store, "household", input);
    let ids: Vec<&str> = households.iter().map(|line| &line[7..39]).collect();

    let mut input = String::new();
    for i in 0..VISITS {
        let _ = writeln!(
            input,
            r#"{{"visit_date":"2026-{:02}-{:02}","visit_mode":"01","household_id":"{}","key_groups":["00"],"summary":"第{i}次：丈夫在外务工，老人和娃都好，约定下次走访时间。","has_need":false}}"#,
            i % 10 + 1,
            i % 28 + 1,
            ids[i % ids.len()],
        );
    }
    let bytes = input.len();
    let (printed, seconds, peak) = add(&store, "visit", input);
    assert_eq!(printed.len(), VISITS);
    println!(
        "{VISITS} visits ({:.1} MB) in {seconds:.2} s: {:.0} records/s, peak {:.0} MB",
        bytes as f64 / 1e6,
        VISITS as f64 / seconds,
        peak as f64 / 1024.0
    );
}
