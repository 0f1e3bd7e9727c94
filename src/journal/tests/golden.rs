//! The folder of a log, byte by byte: `fixtures/journal-v1/` may be added to, never edited.
//!
//! A log of four changes (a group of two between two single ones), sealed; then a second segment with one more change,
//! which no seal covers. The signature is a stand-in: signing is not this room's.

use std::fs;
use std::path::PathBuf;

use super::*;
use crate::journal::segment::Segment;

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/journal-v1")
}

const ID: &str = "c4ffc6129f998b356170fd0828a31982";

/// Writes such a log.
fn write(dir: &Path) -> LogId {
    let (mut journal, _) = open(dir, None);
    let id = journal.begin(&first(1)).unwrap();
    let mut salts = salts();
    journal.append(&groups(&[1, 2, 1]), &mut salts).unwrap();
    journal.seal_own(&id, TIME, &mut sign).unwrap();
    journal.roll(id).unwrap();
    journal.append(&groups(&[1]), &mut salts).unwrap();
    id
}

#[test]
fn a_log_is_written_as_it_was_written_by_the_first_version() {
    let dir = folder();
    let id = write(dir.path());
    assert_eq!(id.to_string(), ID);
    let folder = dir.path().join("journal").join(ID);
    let mut names = Vec::new();
    for entry in fs::read_dir(fixture().join(ID)).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let wanted = fs::read(&path).unwrap();
        let found = fs::read(folder.join(&name)).unwrap();
        let (same, zeros) = found.split_at(wanted.len().min(found.len()));
        assert!(same == wanted, "{name}");
        let room = name.ends_with(".log");
        assert!(zeros.iter().all(|&b| b == 0 && room), "{name}");
        names.push(name);
    }
    names.sort();
    let seal = "4-5376ea1c4fdc4540.seal";
    assert_eq!(names, ["1.log", "2.from", "2.log", seal, "first", "own"]);
}

#[test]
fn the_log_of_the_first_version_is_read() {
    let dir = folder();
    let folder = dir.path().join("journal").join(ID);
    fs::create_dir_all(&folder).unwrap();
    for entry in fs::read_dir(fixture().join(ID)).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
    }
    let id = LogId::parse(ID).unwrap();
    let (mut journal, notices) = open(dir.path(), Some(id));
    assert_eq!((notices, journal.own()), (vec![], Some(id)));
    let log = journal.log(&id).unwrap();
    assert_eq!((log.first, log.unsealed, log.runs.len()), (first(1), 1, 1));
    let mut walk = journal.walk(&log.runs[0].end, 1).unwrap();
    let mut found = Vec::new();
    while let Some(walked) = walk.next_frame().unwrap() {
        let content = walked.content().unwrap();
        found.push((content.change.unwrap().sets[0].value.clone(), content.more));
    }
    let wanted = [(1, false), (1, true), (2, false), (1, false), (1, false)];
    assert_eq!(found, wanted.map(|(n, more)| (Value::int(n), more)));
    assert_eq!(journal.check(&mut |_, _| {}).unwrap(), []);
    let next = journal.append(&groups(&[1]), &mut salts()).unwrap();
    assert_eq!(next[0].dot.seq, 6);
}

#[test]
fn the_fixture_says_where_its_second_segment_begins() {
    let from = fs::read(fixture().join(ID).join("2.from")).unwrap();
    let (seq, chain) = Segment::parse_from(&from).unwrap();
    assert_eq!(
        (seq, chain.mark().to_string().as_str()),
        (4, "5376ea1c4fdc4540")
    );
}

/// Writes the fixture where there is none: `cargo test --lib journal::tests::golden::write_the_fixture -- --ignored`.
#[test]
#[ignore = "writes into fixtures/, once"]
fn write_the_fixture() {
    let to = fixture().join(ID);
    if to.exists() {
        // Golden files are never edited; what is there is held by the tests above.
        return;
    }
    let dir = folder();
    write(dir.path());
    fs::create_dir_all(&to).unwrap();
    for entry in fs::read_dir(dir.path().join("journal").join(ID)).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let mut bytes = fs::read(&path).unwrap();
        if name.ends_with(".log") {
            let used = bytes.iter().rposition(|&b| b != 0).unwrap() + 1;
            bytes.truncate(used + 16);
        }
        if !name.ends_with(".index") {
            fs::write(to.join(name), bytes).unwrap();
        }
    }
}
