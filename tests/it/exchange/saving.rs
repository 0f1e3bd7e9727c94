//! Saving through the ledger: ids, stamps, `seen`, groups.

use std::sync::Arc;

use jinguo::exchange::commit::Edit;
use jinguo::exchange::keys::AuthorKey;
use jinguo::exchange::ledger::Ledger;
use jinguo::files::{Disk, Failing};
use jinguo::forms::{Registers, Source};
use jinguo::record::{Set, Value};

use super::{NAME, PEOPLE, add, deleted, edit, group, merge, store, store_on, text, trust};

/// A register with a natural key: who was there on which day.
const ROLL: u32 = 10_001;
const ROLL_TOML: &str = r#"
number = 10001
name = "roll_test"
label = { zh = "到会", en = "Roll" }
title = "{{ held_on }}"
key = ["held_on", "who"]

[[field]]
tag = 1
name = "held_on"
label = { zh = "日期", en = "Day" }
type = "date"
required = true

[[field]]
tag = 2
name = "who"
label = { zh = "谁", en = "Who" }
type = "ref"
to = "person"
required = true

[[field]]
tag = 3
name = "note"
label = { zh = "备注", en = "Note" }
type = "text"
"#;

fn with_roll(dir: &std::path::Path, name: &str, seed: u8) -> Ledger {
    let source = Source {
        name: "roll.toml".into(),
        text: ROLL_TOML.into(),
    };
    let registers = Registers::load(&[source], None).unwrap();
    let key = AuthorKey::from_seed(&[seed; 32], &format!("{name}@500101000000")).unwrap();
    Ledger::init_with(&dir.join(name), key, Arc::new(registers), Arc::new(Disk)).unwrap()
}

fn present(who: jinguo::record::RecordId, note: &str) -> Edit {
    let set = |tag, value| Set {
        tag,
        element: vec![],
        value,
    };
    Edit {
        register: ROLL,
        sets: vec![
            set(1, Value::int(20_000)),
            set(2, Value::reference(who)),
            text(3, note),
        ],
        ..Edit::default()
    }
}

#[test]
fn a_key_that_is_held_is_edited_and_two_authors_make_the_same_record() {
    let dir = tempfile::tempdir().unwrap();
    let mut a = with_roll(dir.path(), "李静", 1);
    let mut b = with_roll(dir.path(), "王芳", 2);
    let who = add(&mut a, "张秀兰");
    let id = a.commit(vec![present(who, "")]).unwrap()[0];
    assert_eq!(a.commit(vec![present(who, "")]).unwrap(), [id]);
    let changes = |ledger: &Ledger| ledger.store.changes(ROLL, id).unwrap().len();
    assert_eq!(changes(&a), 1, "nothing differs, nothing is written");
    // Twice in one chunk: the second has seen the first.
    let ids = a
        .commit_many(vec![vec![present(who, "早退")], vec![present(who, "迟到")]])
        .unwrap();
    assert_eq!((ids, changes(&a)), (vec![vec![id], vec![id]], 3));
    assert_eq!(a.conflicts().unwrap(), []);
    let record = a.store.record(ROLL, id).unwrap().unwrap();
    assert_eq!(record.value(3).unwrap().as_text(), Some("迟到"));
    assert_eq!(b.commit(vec![present(who, "迟到")]).unwrap(), [id]);
    trust(&mut a, &[&b]);
    let merged = merge(&mut a, &[&super::batch(&mut b, dir.path())]);
    assert_eq!(merged.applied.created, 0);
    assert_eq!(a.conflicts().unwrap(), [], "they say the same");
}

#[test]
fn a_deleted_record_with_a_key_lives_again_when_it_is_added_again() {
    let dir = tempfile::tempdir().unwrap();
    let mut a = with_roll(dir.path(), "李静", 1);
    let who = add(&mut a, "张秀兰");
    let id = a.commit(vec![present(who, "")]).unwrap()[0];
    let gone = Edit {
        register: ROLL,
        record: Some(id),
        seen: a.store.seen(ROLL, id).unwrap(),
        sets: vec![deleted()],
        row_of: None,
    };
    a.commit(vec![gone]).unwrap();
    assert!(!a.store.record(ROLL, id).unwrap().unwrap().is_alive());
    a.commit(vec![present(who, "")]).unwrap();
    let record = a.store.record(ROLL, id).unwrap().unwrap();
    assert!(record.is_alive() && record.conflicts().is_empty());
}

#[test]
fn rows_refer_to_their_parent_and_are_one_group() {
    let dir = tempfile::tempdir().unwrap();
    let disk = Failing::new();
    let mut a = store_on(dir.path(), "李静", 1, Arc::new(disk.clone()));
    add(&mut a, "张秀兰");
    let before = disk.counts().syncs;
    let row = |name: &str| Edit {
        register: PEOPLE,
        sets: vec![text(NAME, name)],
        row_of: Some((0, 7)),
        ..Edit::default()
    };
    let parent = Edit {
        register: 5,
        sets: vec![text(1, "张")],
        ..Edit::default()
    };
    let ids = a
        .commit(vec![parent, row("张秀兰"), row("张小军")])
        .unwrap();
    assert_eq!(disk.counts().syncs, before + 1, "one fdatasync");
    for id in &ids[1..] {
        let record = a.store.record(PEOPLE, *id).unwrap().unwrap();
        assert_eq!(record.value(7).unwrap().as_ref_id(), Some(ids[0]));
    }
    let journal = a.store.journal();
    let own = journal.log(&journal.own().unwrap()).unwrap();
    let end = own.runs[0].end;
    let mut walk = journal.walk(&end, 2).unwrap();
    let mut more = Vec::new();
    while let Some(walked) = walk.next_frame().unwrap() {
        more.push(walked.content().unwrap().more);
    }
    assert_eq!(more, [true, true, false]);
}

#[test]
fn a_form_that_was_opened_before_the_merge_conflicts_with_what_came() {
    let dir = tempfile::tempdir().unwrap();
    let (mut a, mut b) = (store(dir.path(), "李静", 1), store(dir.path(), "王芳", 2));
    trust(&mut a, &[&b]);
    trust(&mut b, &[&a]);
    let id = add(&mut a, "张秀兰");
    merge(&mut b, &[&super::batch(&mut a, dir.path())]);
    let opened = a.store.seen(PEOPLE, id).unwrap();
    edit(&mut b, id, vec![text(NAME, "张秀英")]);
    merge(&mut a, &[&super::batch(&mut b, dir.path())]);
    let late = Edit {
        register: PEOPLE,
        record: Some(id),
        seen: opened,
        sets: vec![text(NAME, "张秀芳")],
        row_of: None,
    };
    a.commit(vec![late]).unwrap();
    assert_eq!(
        a.conflicts().unwrap().len(),
        1,
        "nobody's value is overwritten unseen"
    );
}

#[test]
fn a_clock_set_back_never_makes_an_edit_older_than_what_it_edits() {
    let dir = tempfile::tempdir().unwrap();
    let mut a = store(dir.path(), "李静", 1);
    a.set_clock(Arc::new(|| 2_000_000));
    let id = add(&mut a, "张秀兰");
    a.set_clock(Arc::new(|| 1_000));
    edit(&mut a, id, vec![group("03", true)]);
    let mut stamps: Vec<u64> = a
        .store
        .changes(PEOPLE, id)
        .unwrap()
        .iter()
        .map(|change| change.at.0)
        .collect();
    stamps.sort_unstable();
    assert_eq!(stamps, [2_000_000 << 16, (2_000_000 << 16) + 1]);
}
