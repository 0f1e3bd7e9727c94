//! The cases of `design/data.md` that people will meet, each told once.

use jinguo::record::{Dot, LogId, Mark, Record, Seen, Tag, Value};

use crate::universe::{FIELDS, MANY, World, deleted, element, record, set, value};

const FIELD: Tag = FIELDS[0];
/// The three stores: 甲's and 乙's, and a town's that passes things on.
const A: usize = 0;
const B: usize = 1;
const TOWN: usize = 2;

fn here(world: &World, store: usize) -> Record {
    world.stores[store]
        .shelf
        .fold(record(0))
        .expect("the store holds the record")
}

fn values(world: &World, store: usize) -> Vec<Value> {
    let record = here(world, store);
    let state = record.state(FIELD).expect("the field was set");
    state.siblings().iter().map(|s| s.value.clone()).collect()
}

fn write(world: &mut World, store: usize, n: usize) -> Dot {
    world.edit(store, record(0), vec![set(FIELD, value(n))])
}

fn everyone_meets(world: &mut World) {
    for _ in 0..2 {
        for from in 0..world.stores.len() {
            for to in 0..world.stores.len() {
                world.pass(from, to, |_| true);
            }
        }
    }
}

#[test]
fn a_value_seen_through_a_relay_only() {
    let mut world = World::new(3, 100);
    write(&mut world, A, 0);
    world.pass(A, TOWN, |_| true);
    world.pass(TOWN, B, |_| true);
    write(&mut world, B, 1);
    // 甲 gets 乙's change directly, and never hears of the relay.
    world.pass(B, A, |_| true);
    assert_eq!(values(&world, A), [value(1)]);
}

#[test]
fn what_a_relay_has_not_passed_on_yet_has_no_effect() {
    let mut world = World::new(3, 100);
    write(&mut world, A, 0);
    world.pass(A, B, |_| true);
    let settled = write(&mut world, B, 1);
    world.pass(B, TOWN, |dot| *dot == settled);
    assert_eq!(values(&world, TOWN), [value(1)]);
    world.pass(A, TOWN, |_| true);
    assert_eq!(values(&world, TOWN), [value(1)]);
}

#[test]
fn two_who_did_not_meet_disagree_until_one_picks() {
    let mut world = World::new(3, 100);
    write(&mut world, A, 0);
    write(&mut world, B, 1);
    everyone_meets(&mut world);
    assert_eq!(here(&world, TOWN).conflicts(), [FIELD]);
    write(&mut world, TOWN, 0);
    everyone_meets(&mut world);
    for store in [A, B, TOWN] {
        assert_eq!(values(&world, store), [value(0)]);
    }
}

#[test]
fn two_who_did_not_meet_and_say_the_same_agree() {
    let mut world = World::new(3, 100);
    write(&mut world, A, 0);
    write(&mut world, B, 0);
    everyone_meets(&mut world);
    assert!(here(&world, TOWN).conflicts().is_empty());
}

#[test]
fn a_gap_hides_nothing_and_heals() {
    let mut world = World::new(3, 100);
    let first = write(&mut world, A, 0);
    let second = write(&mut world, A, 1);
    let third = world.edit(A, record(1), vec![set(FIELD, value(0))]);
    // 乙 holds the first and the third; the second is on a USB stick that has not come.
    world.pass(A, B, |dot| *dot == first || *dot == third);
    let seen = world.stores[B].shelf.seen(record(0), 100);
    assert_eq!(
        seen.iter().map(|s| (s.low, s.seq)).collect::<Vec<_>>(),
        [(1, 1)]
    );
    write(&mut world, B, 2);
    assert_eq!(values(&world, B), [value(2)]);
    // The second was not seen by 乙: it stands beside hers when it comes.
    world.pass(A, B, |dot| *dot == second);
    assert_eq!(here(&world, B).conflicts(), [FIELD]);
    assert_eq!(values(&world, B).len(), 2);
}

#[test]
fn what_lies_below_a_gap_was_not_seen() {
    let mut world = World::new(3, 100);
    let first = write(&mut world, A, 0);
    let second = world.edit(A, record(1), vec![set(FIELD, value(0))]);
    let third = world.edit(A, record(0), vec![set(FIELDS[1], value(1))]);
    // 乙 holds only the third, so its own change covers nothing below it.
    world.pass(A, B, |dot| *dot == third);
    let seen = world.stores[B].shelf.seen(record(0), 100);
    assert_eq!(
        seen.iter().map(|s| (s.low, s.seq)).collect::<Vec<_>>(),
        [(3, 3)]
    );
    world.edit(
        B,
        record(0),
        vec![set(FIELD, value(1)), set(FIELDS[1], value(2))],
    );
    world.pass(A, B, |dot| *dot == first || *dot == second);
    let record = here(&world, B);
    assert_eq!(record.conflicts(), [FIELD]);
    assert_eq!(record.value(FIELDS[1]), None, "the third was seen: cleared");
}

#[test]
fn a_change_counts_across_a_gap_if_it_stands_alone() {
    let mut world = World::new(3, 100);
    let first = write(&mut world, A, 0);
    world.edit(A, record(1), vec![]);
    let third = world.edit(A, record(0), vec![set(FIELDS[1], value(0))]);
    world.pass(A, B, |_| true);
    let settled = write(&mut world, B, 1);
    // The town lacks the second for ever; what 乙 saw she saw.
    world.pass(A, TOWN, |dot| *dot == first || *dot == third);
    world.pass(B, TOWN, |dot| *dot == settled);
    assert_eq!(values(&world, TOWN), [value(1)]);
}

#[test]
fn a_restored_backup_with_another_branch_loses_neither() {
    let mut world = World::new(3, 100);
    write(&mut world, A, 0);
    let restored = world.copy(A);
    // Both go on from the same place in the same log.
    let one = write(&mut world, A, 1);
    let other = write(&mut world, restored, 2);
    assert_eq!((one.log, one.seq), (other.log, other.seq));
    assert_ne!(one.mark, other.mark);
    everyone_meets(&mut world);
    assert_eq!(world.stores[B].shelf.forks().len(), 1);
    assert_eq!(here(&world, B).conflicts(), [FIELD]);
    // Whoever settles it names both branches.
    let seen = world.stores[B].shelf.seen(record(0), 100);
    assert_eq!(seen.iter().map(|s| s.seq).collect::<Vec<_>>(), [2, 2]);
    write(&mut world, B, 1);
    everyone_meets(&mut world);
    assert_eq!(values(&world, A), [value(1)]);
    // A copy that has met its other self goes on in a new log.
    assert_ne!(write(&mut world, restored, 0).log, one.log);
    assert_eq!(values(&world, restored), [value(0)]);
}

#[test]
fn a_branch_that_was_not_seen_is_not_covered_by_the_one_that_was() {
    let mut world = World::new(3, 100);
    write(&mut world, A, 0);
    let restored = world.copy(A);
    write(&mut world, A, 1);
    write(&mut world, restored, 2);
    // 乙 sees only the one branch; its seq equals the other's.
    world.pass(A, B, |_| true);
    write(&mut world, B, 0);
    assert_eq!(values(&world, B), [value(0)]);
    world.pass(restored, B, |_| true);
    let both = values(&world, B);
    assert_eq!(both.len(), 2);
    assert!(both.contains(&value(2)) && both.contains(&value(0)));
}

#[test]
fn a_draft_of_monday_saved_after_tuesdays_merge() {
    let mut world = World::new(3, 100);
    write(&mut world, A, 0);
    world.pass(A, B, |_| true);
    let monday = world.open(A, record(0));
    write(&mut world, B, 1);
    world.pass(B, A, |_| true);
    assert_eq!(values(&world, A), [value(1)]);
    // What Tuesday brought was not on show when the form was opened: both stand.
    world.save(A, monday, vec![set(FIELD, value(2))]);
    let both = values(&world, A);
    assert_eq!(both.len(), 2);
    assert!(both.contains(&value(1)) && both.contains(&value(2)));
}

#[test]
fn a_seen_that_names_the_future_waits_for_it() {
    let mut world = World::new(3, 100);
    let first = write(&mut world, A, 0);
    let later = write(&mut world, A, 1);
    let future = Seen {
        log: later.log,
        low: 1,
        seq: later.seq,
        mark: later.mark,
    };
    world.pass(A, B, |dot| *dot == first);
    world.forge(B, record(0), vec![future], vec![set(FIELD, value(2))]);
    // The frame it names is not there: it covers nothing, not even what lies below.
    assert_eq!(values(&world, B).len(), 2);
    let unknown = Seen {
        log: LogId([9; 16]),
        ..future
    };
    world.forge(B, record(0), vec![unknown], vec![set(FIELD, value(2))]);
    assert_eq!(values(&world, B).len(), 2);
    // When the very frame arrives, the entry counts.
    world.pass(A, B, |_| true);
    assert_eq!(values(&world, B), [value(2)]);
}

#[test]
fn a_forged_seen_with_a_wrong_mark_covers_nothing() {
    let mut world = World::new(3, 100);
    let dot = write(&mut world, A, 0);
    world.pass(A, B, |_| true);
    let forged = Seen {
        log: dot.log,
        low: 1,
        seq: dot.seq,
        mark: Mark([0xee; 8]),
    };
    world.forge(B, record(0), vec![forged], vec![set(FIELD, value(1))]);
    assert_eq!(values(&world, B).len(), 2);
    let right = Seen {
        mark: dot.mark,
        ..forged
    };
    world.forge(B, record(0), vec![right], vec![set(FIELD, value(1))]);
    assert_eq!(values(&world, B), [value(1)]);
}

#[test]
fn a_clock_set_back_makes_no_edit_older_than_what_it_edits() {
    let mut world = World::new(3, 100);
    world.set_clock(A, 5_000);
    write(&mut world, A, 0);
    world.set_clock(A, 10);
    write(&mut world, A, 1);
    assert_eq!(values(&world, A), [value(1)]);
    assert!(here(&world, A).newest.millis() >= 5_000);
    // And one that stands far ahead wins nothing.
    world.set_clock(B, u64::MAX >> 20);
    write(&mut world, B, 0);
    world.pass(A, B, |_| true);
    assert_eq!(here(&world, B).conflicts(), [FIELD]);
    world.pass(B, A, |_| true);
    write(&mut world, A, 2);
    assert_eq!(values(&world, A), [value(2)]);
}

#[test]
fn a_delete_beside_an_edit_is_a_conflict_shown_alive() {
    let mut world = World::new(3, 100);
    write(&mut world, A, 0);
    world.pass(A, B, |_| true);
    world.edit(A, record(0), vec![deleted()]);
    assert!(!here(&world, A).is_alive());
    write(&mut world, B, 1);
    everyone_meets(&mut world);
    let record0 = here(&world, TOWN);
    assert!(record0.is_alive() && record0.alive.in_conflict());
    assert_eq!(record0.conflicts(), [jinguo::record::ALIVE]);
    // Whoever saw both deletes it for good.
    world.edit(TOWN, record(0), vec![deleted()]);
    everyone_meets(&mut world);
    for store in [A, B, TOWN] {
        let record = here(&world, store);
        assert!(!record.is_alive() && !record.alive.in_conflict());
    }
}

#[test]
fn an_undelete_sets_nothing_and_brings_everything_back() {
    let mut world = World::new(3, 100);
    write(&mut world, A, 0);
    world.edit(A, record(0), vec![deleted()]);
    world.edit(A, record(0), vec![]);
    let record = here(&world, A);
    assert!(record.is_alive() && record.conflicts().is_empty());
    assert_eq!(record.value(FIELD), Some(&value(0)));
}

#[test]
fn a_choice_added_here_and_taken_away_there_disagrees_about_that_choice_only() {
    let mut world = World::new(3, 100);
    world.edit(A, record(0), vec![element(0, true), element(1, true)]);
    world.pass(A, B, |_| true);
    world.edit(A, record(0), vec![element(0, false)]);
    world.edit(B, record(0), vec![element(2, true)]);
    everyone_meets(&mut world);
    let merged = here(&world, TOWN);
    assert!(merged.conflicts().is_empty());
    assert_eq!(merged.chosen(MANY).collect::<Vec<_>>(), [b"b", b"c"]);

    world.edit(A, record(0), vec![element(2, false)]);
    world.edit(B, record(0), vec![element(2, true)]);
    everyone_meets(&mut world);
    assert_eq!(here(&world, TOWN).conflicts(), [MANY]);
    let states: Vec<bool> = here(&world, TOWN)
        .elements(MANY)
        .map(|(_, state)| state.in_conflict())
        .collect();
    assert_eq!(states, [false, false, true]);
}
