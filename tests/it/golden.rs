//! The bytes of version 1, held by golden files in `fixtures/`: they may be added to, never edited.

use std::fmt::Write;

use jinguo::codec::{self, First, Unplaced};
use jinguo::record::id::{hex, unhex};
use jinguo::record::{ALIVE, Chain, Dot, RecordId, Seen, Set, Stamp, Tag, Value};

const GOLDEN: &str = include_str!("../../fixtures/frames-1.txt");

fn first() -> First {
    First {
        format: 1,
        key: std::array::from_fn(|n| n as u8),
        name: "李静".into(),
        unit: "500101028008".into(),
        reach: 0,
        class: 0,
        nonce: [0xa5; 16],
    }
}

fn set(tag: Tag, element: &[u8], value: Value) -> Set {
    Set {
        tag,
        element: element.into(),
        value,
    }
}

/// A group of two, then a change that has seen both runs of another log, a delete, an undelete, and what a later build
/// may write: an unknown wire type under an unknown tag of an unknown register.
fn changes(before: &[Dot]) -> (Unplaced, bool) {
    let record = RecordId::v7(1_795_449_600_000, [0x11; 10]);
    let other = RecordId::of_key(27, [&Value::int(20_780), &Value::text("一班")]);
    let seen = |dot: &Dot| Seen {
        log: dot.log,
        low: 1,
        seq: dot.seq,
        mark: dot.mark,
    };
    let change = |record, register, seen, sets| Unplaced {
        at: Stamp((1_795_449_600_000 + before.len() as u64) << 16 | 3),
        record,
        register,
        seen,
        sets,
    };
    match before {
        [] => {
            let sets = vec![
                set(2, b"", Value::int(20_780)),
                set(3, b"", Value::text("走访了张秀华家，丈夫外出务工")),
                set(5, b"", Value::bool(true)),
                set(6, b"", Value::reference(other)),
                set(8, b"05", Value::bool(true)),
                set(8, b"09", Value::bool(false)),
                set(9, b"", Value::int(-1)),
                set(300, b"", Value::int(i64::MIN)),
                set(9001, b"", Value::text("500101028008")),
            ];
            (change(record, 9, vec![], sets), true)
        }
        [_] => (change(other, 27, vec![], vec![]), false),
        [a, _] => {
            let far = |low, seq, mark| Seen {
                log: jinguo::record::LogId([0xee; 16]),
                low,
                seq,
                mark: jinguo::record::Mark([mark; 8]),
            };
            let mut seen = vec![seen(a), far(1, 250, 0x01), far(70_000, 5_000_000_000, 0x02)];
            seen.sort_unstable();
            let sets = vec![
                set(3, b"", Value::cleared()),
                set(4, b"", Value::text("好")),
            ];
            (change(record, 9, seen, sets), false)
        }
        [.., c] if before.len() == 3 => {
            let sets = vec![set(ALIVE, b"", Value::cleared())];
            (change(record, 9, vec![seen(c)], sets), false)
        }
        [.., c] if before.len() == 4 => (change(record, 9, vec![seen(c)], vec![]), false),
        [..] => {
            let odd = Value {
                wire: 77,
                bytes: vec![0xff, 0x00],
            };
            let sets = vec![set(Tag::MAX, b"\x00\xff", odd)];
            (change(record, u32::MAX, vec![], sets), false)
        }
    }
}

const HEAD: &str = "# Frames of one log, version 1 (format.md): what stands here never changes, lines may be added.
# first HEX | log ID | frame SEQ HEX | chain SEQ HEX
";

/// The golden file as this build would write it.
fn written() -> String {
    let mut text = HEAD.to_owned();
    let bytes = first().frame().unwrap();
    let mut chain: Chain = codec::chain_start(&codec::read_frame(&bytes).unwrap().unwrap());
    let log = chain.log_id();
    writeln!(text, "first {}\nlog {log}", hex(&bytes)).unwrap();
    let mut dots = Vec::new();
    for seq in 1..=6u64 {
        let (change, more) = changes(&dots);
        let bytes = change.frame(seq, more, [seq as u8; 16]).unwrap();
        chain = codec::chain_next(&chain, &codec::read_frame(&bytes).unwrap().unwrap());
        writeln!(text, "frame {seq} {}\nchain {seq} {chain}", hex(&bytes)).unwrap();
        dots.push(Dot {
            log,
            seq,
            mark: chain.mark(),
        });
    }
    text
}

#[test]
fn frames_are_written_as_ever() {
    assert_eq!(written(), GOLDEN, "\n{}", written());
}

#[test]
fn frames_are_read_as_ever() {
    let mut chain = None;
    let mut dots: Vec<Dot> = Vec::new();
    let mut frame = Vec::new();
    for line in GOLDEN.lines().filter(|line| !line.starts_with('#')) {
        let words: Vec<&str> = line.split(' ').collect();
        let bytes = |text: &str| -> Vec<u8> {
            (0..text.len() / 2)
                .map(|n| unhex::<1>(&text[2 * n..2 * n + 2]).unwrap()[0])
                .collect()
        };
        match words[..] {
            ["first", text] => {
                let bytes = bytes(text);
                let frame = codec::read_frame(&bytes).unwrap().unwrap();
                assert_eq!(First::read(&frame).unwrap(), first());
                chain = Some(codec::chain_start(&frame));
            }
            ["log", id] => assert_eq!(chain.unwrap().log_id().to_string(), id),
            ["frame", _, text] => frame = bytes(text),
            ["chain", seq, value] => {
                let seq: u64 = seq.parse().unwrap();
                let log = chain_log(GOLDEN);
                let read = codec::read_frame(&frame).unwrap().unwrap();
                let next = codec::chain_next(&chain.unwrap(), &read);
                assert_eq!(next.to_string(), value);
                chain = Some(next);
                let content = codec::read_change(&read, log, seq, next.mark()).unwrap();
                let (expected, more) = changes(&dots);
                assert_eq!(content.more, more);
                let change = content.change.expect("version 1 is known");
                assert_eq!(
                    (change.at, change.record, change.register),
                    (expected.at, expected.record, expected.register)
                );
                assert_eq!(
                    (&change.seen, &change.sets),
                    (&expected.seen, &expected.sets)
                );
                dots.push(change.dot);
            }
            _ => panic!("a line of the golden file that this test does not read: {line}"),
        }
    }
    assert_eq!(dots.len(), 6);
}

fn chain_log(golden: &str) -> jinguo::record::LogId {
    let line = golden.lines().find_map(|line| line.strip_prefix("log "));
    jinguo::record::LogId::parse(line.unwrap()).unwrap()
}

#[test]
fn ids_are_made_as_ever() {
    assert_eq!(
        RecordId::v7(1_795_449_600_000, [0x11; 10]).to_string(),
        "01a20922b80071119111111111111111"
    );
    let key = [Value::int(20_780), Value::text("一班")];
    assert_eq!(
        RecordId::of_key(27, &key).to_string(),
        "a36ec9066b3db442f9c6c79402808a53"
    );
}
