//! Frames that are read as they were written, and those that are refused.

use super::*;

fn change() -> Unplaced {
    Unplaced {
        at: Stamp(1 << 20),
        record: RecordId([1; 16]),
        register: 9,
        seen: vec![Seen {
            log: LogId([2; 16]),
            low: 1,
            seq: 3,
            mark: Mark([4; 8]),
        }],
        sets: vec![
            Set {
                tag: 14,
                element: vec![],
                value: Value::text("丈夫外出务工"),
            },
            Set {
                tag: 2,
                element: vec![],
                value: Value::int(20_000),
            },
        ],
    }
}

#[test]
fn a_change_is_read_as_it_was_written_sorted_by_tag() {
    let bytes = change().frame(7, true, [9; 16]).unwrap();
    let frame = read_frame(&bytes).unwrap().unwrap();
    let content = read_change(&frame, LogId([5; 16]), 7, Mark([6; 8])).unwrap();
    assert!(content.more);
    let read = content.change.unwrap();
    assert_eq!(
        read.sets.iter().map(|set| set.tag).collect::<Vec<_>>(),
        [2, 14]
    );
    assert_eq!(
        (read.record, read.register, read.at, read.seen),
        (RecordId([1; 16]), 9, Stamp(1 << 20), change().seen)
    );
    let wrong = read_change(&frame, LogId([5; 16]), 8, Mark([6; 8]));
    assert_eq!(
        wrong,
        Err(FrameError::Seq {
            found: 7,
            expected: 8
        })
    );
}

#[test]
fn a_frame_cut_anywhere_or_changed_anywhere_is_refused() {
    let bytes = change().frame(1, false, [9; 16]).unwrap();
    for cut in 1..bytes.len() {
        assert!(read_frame(&bytes[..cut]).is_err(), "cut at {cut}");
    }
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 0x10;
        let read = read_frame(&changed).and_then(|frame| {
            let frame = frame.ok_or(FrameError::Short)?;
            read_change(&frame, LogId([5; 16]), 1, Mark([6; 8]))
        });
        assert!(read.is_err(), "changed at {at}");
    }
}

#[test]
fn an_unknown_version_is_carried_and_an_unknown_kind_refused() {
    let mut bytes = change().frame(1, true, [9; 16]).unwrap();
    bytes[4] = 77;
    let head_len = u32::from_le_bytes([bytes[6], bytes[7], bytes[8], bytes[9]]) as usize;
    let end = bytes.len() - 4;
    let check = digest(
        77,
        &bytes[10..10 + head_len],
        &Sha256::digest(&bytes[10 + head_len..end]).into(),
    );
    bytes[end..].copy_from_slice(&check[..4]);
    let frame = read_frame(&bytes).unwrap().unwrap();
    let content = read_change(&frame, LogId([5; 16]), 1, Mark([6; 8])).unwrap();
    assert_eq!(
        content,
        Content {
            more: false,
            change: None
        }
    );
    let odd = Frame { kind: 3, ..frame };
    assert_eq!(
        read_change(&odd, LogId([5; 16]), 1, Mark([6; 8])),
        Err(FrameError::Kind(3))
    );
}

#[test]
fn a_first_frame_names_its_log() {
    let first = First {
        format: 1,
        key: [3; 32],
        name: "李静".into(),
        unit: "500101028008".into(),
        reach: 0,
        class: 0,
        nonce: [8; 16],
    };
    let bytes = first.frame().unwrap();
    let frame = read_frame(&bytes).unwrap().unwrap();
    assert_eq!(First::read(&frame).unwrap(), first);
    let other = First {
        nonce: [9; 16],
        ..first
    }
    .frame()
    .unwrap();
    let other = read_frame(&other).unwrap().unwrap();
    assert_ne!(chain_start(&frame).log_id(), chain_start(&other).log_id());
    assert_ne!(
        chain_next(&chain_start(&frame), &frame),
        chain_start(&frame)
    );
}

#[test]
fn a_huge_length_inside_a_head_is_an_error_not_an_allocation() {
    let mut head = encode(&(1u64, 1u64, [0u8; 16], 9u32, false));
    head.push(253);
    head.extend((1u64 << 40).to_le_bytes());
    let bytes = write_frame(1, &head, &[0; 20]).unwrap();
    let frame = read_frame(&bytes).unwrap().unwrap();
    assert_eq!(
        read_change(&frame, LogId([5; 16]), 1, Mark([6; 8])),
        Err(FrameError::Decode("head"))
    );
}

#[test]
fn zeros_end_a_preallocated_segment() {
    let mut bytes = change().frame(1, false, [9; 16]).unwrap();
    bytes.extend([0; 64]);
    assert_eq!(frames(&bytes).map(Result::unwrap).count(), 1);
}
