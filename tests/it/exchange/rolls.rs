//! Two clerks mark the same meeting of a roll.

use jinguo::exchange::commit::Edit;
use jinguo::exchange::ledger::Ledger;
use jinguo::record::{RecordId, Set, Tag, Value};

use super::{batch, merge, store, text, trust};

fn reference(tag: Tag, to: RecordId) -> Set {
    Set {
        tag,
        element: vec![],
        value: Value::reference(to),
    }
}

/// Marks people of one meeting, as the roll does: a mark is named by meeting and person.
fn mark(ledger: &mut Ledger, people: std::ops::Range<u8>, code: &str) {
    let registers = ledger.registers().clone();
    let class = registers.by_name("training_class").unwrap();
    let roll = class.roll.as_ref().unwrap();
    let edits = people.map(|person| Edit {
        register: roll.marks,
        sets: vec![
            reference(roll.marks_meeting, RecordId([9; 16])),
            reference(roll.marks_person, RecordId([person; 16])),
            text(roll.mark, code),
        ],
        ..Edit::default()
    });
    ledger.commit(edits.collect()).unwrap();
}

/// What each of 85 people is marked, and whether that is in conflict.
fn marks(ledger: &Ledger) -> Vec<(Vec<String>, bool)> {
    let registers = ledger.registers().clone();
    let class = registers.by_name("training_class").unwrap();
    let roll = class.roll.as_ref().unwrap();
    (0..85)
        .map(|person| {
            let (meeting, person) = (
                Value::reference(RecordId([9; 16])),
                Value::reference(RecordId([person; 16])),
            );
            let id = RecordId::of_key(roll.marks, [&meeting, &person]);
            let record = ledger.store.record(roll.marks, id).unwrap().unwrap();
            let state = &record.fields[&(roll.mark, vec![])];
            let mut codes: Vec<String> = state
                .siblings()
                .iter()
                .filter_map(|sibling| sibling.value.as_text().map(str::to_owned))
                .collect();
            codes.sort();
            codes.dedup();
            (codes, state.in_conflict())
        })
        .collect()
}

#[test]
fn two_clerks_who_mark_different_people_never_meet_and_five_marked_differently_are_conflicts() {
    let dir = tempfile::tempdir().unwrap();
    let mut one = store(dir.path(), "谭素芳", 1);
    let mut two = store(dir.path(), "冉小英", 2);
    trust(&mut one, &[&two]);
    trust(&mut two, &[&one]);
    mark(&mut one, 0..40, "P");
    mark(&mut one, 80..85, "L");
    mark(&mut two, 40..80, "P");
    mark(&mut two, 80..85, "A");
    let (of_one, of_two) = (batch(&mut one, dir.path()), batch(&mut two, dir.path()));
    // In any order, and twice.
    merge(&mut one, &[&of_two]);
    merge(&mut one, &[&of_two, &of_one]);
    merge(&mut two, &[&of_one, &of_two]);
    let held = marks(&one);
    assert_eq!(held, marks(&two));
    assert_eq!(held.iter().filter(|(_, torn)| !torn).count(), 80);
    assert!(held[..80].iter().all(|(codes, _)| codes == &["P"]));
    assert!(
        held[80..]
            .iter()
            .all(|(codes, torn)| *torn && codes == &["A", "L"])
    );
    assert_eq!(one.store.count_conflicts().unwrap(), 5);
    assert_eq!(two.store.count_conflicts().unwrap(), 5);
}
