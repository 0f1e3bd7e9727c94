//! Stores that were copied, moved and restored: nothing is lost, and one log is never written twice.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use jinguo::exchange::here::Here;
use jinguo::exchange::ledger::{Ledger, Notice};
use jinguo::files::Disk;

use super::{NAME, PEOPLE, add, all, batch, edit, merge, registers, reopen, store, text, trust};

fn copy(from: &Path, to: &Path) {
    let done = Command::new("cp").arg("-a").args([from, to]).status();
    assert!(done.unwrap().success());
}

fn open(dir: &Path) -> Ledger {
    Ledger::open(dir, registers(), Arc::new(Disk)).unwrap()
}

#[test]
fn a_copied_store_begins_a_log_of_its_own_and_both_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut a = store(dir.path(), "李静", 1);
    let mut c = store(dir.path(), "区妇联", 3);
    trust(&mut c, &[&a]);
    let id = add(&mut a, "张秀兰");
    let home = a.dir().to_owned();
    drop(a);
    let away = dir.path().join("away");
    copy(&home, &away);
    let (mut a, mut copied) = (open(&home), open(&away));
    assert_eq!(a.notices, []);
    assert!(
        matches!(copied.notices[..], [Notice::Copied { .. }]),
        "{:?}",
        copied.notices
    );
    edit(&mut a, id, vec![text(NAME, "张秀英")]);
    edit(&mut copied, id, vec![text(NAME, "张秀芳")]);
    add(&mut copied, "刘桂英");
    let mut copied = reopen(copied);
    assert_eq!(copied.notices, [], "it is told once");
    let merged = merge(
        &mut c,
        &[&batch(&mut a, dir.path()), &batch(&mut copied, dir.path())],
    );
    assert_eq!((merged.forks.len(), merged.waiting.len()), (0, 0));
    assert_eq!(c.store.records(PEOPLE).count(), 2);
    assert_eq!(c.conflicts().unwrap().len(), 1, "both values stand");
    merge(&mut a, &[&batch(&mut copied, dir.path())]);
    merge(&mut copied, &[&batch(&mut a, dir.path())]);
    assert_eq!(all(&a), all(&c));
    assert_eq!(all(&a), all(&copied));
}

#[test]
fn a_copy_that_does_not_know_it_is_one_forks_its_log_and_both_branches_are_kept() {
    let dir = tempfile::tempdir().unwrap();
    let mut a = store(dir.path(), "李静", 1);
    let mut c = store(dir.path(), "区妇联", 3);
    trust(&mut c, &[&a]);
    let id = add(&mut a, "张秀兰");
    let log = a.store.journal().own().unwrap();
    let home = a.dir().to_owned();
    drop(a);
    let away = dir.path().join("away");
    copy(&home, &away);
    // As if the machine had been copied with its disk.
    Here::now(&away, log).unwrap().save(&Disk, &away).unwrap();
    let (mut a, mut copied) = (open(&home), open(&away));
    assert_eq!((&a.notices[..], &copied.notices[..]), (&[][..], &[][..]));
    edit(&mut a, id, vec![text(NAME, "张秀英")]);
    edit(&mut copied, id, vec![text(NAME, "张秀芳")]);
    add(&mut copied, "刘桂英");
    let one = batch(&mut a, dir.path());
    let other = dir.path().join("other");
    std::fs::create_dir(&other).unwrap();
    let two = batch(&mut copied, &other);
    merge(&mut c, &[&one]);
    let merged = merge(&mut c, &[&two]);
    assert_eq!(merged.forks.len(), 1);
    let fork = &merged.forks[0];
    assert_eq!(
        (fork.log, fork.seq, fork.who.name.as_str()),
        (log, 2, "李静")
    );
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    assert_eq!((&fork.batch, &fork.held), (&name(&two), &vec![name(&one)]));
    assert_eq!((merged.balance.known, merged.balance.new), (1, 2));
    assert_eq!(c.store.records(PEOPLE).count(), 2);
    assert_eq!(c.conflicts().unwrap().len(), 1);
    // The fork travels: who gets only the merger's batch holds both branches.
    let mut d = store(dir.path(), "市妇联", 4);
    trust(&mut d, &[&a, &c]);
    let merged = merge(&mut d, &[&batch(&mut c, dir.path())]);
    assert_eq!((merged.forks.len(), merged.waiting.len()), (1, 0));
    assert_eq!(all(&c), all(&d));
    // And it comes home: the own log ends, a new one begins, nothing is lost.
    trust(&mut a, &[&c]);
    let merged = merge(&mut a, &[&batch(&mut c, dir.path())]);
    assert!(merged.restored);
    assert_ne!(a.store.journal().own(), Some(log));
    assert_eq!(all(&a), all(&c));
    add(&mut a, "陈玉梅");
    let a = reopen(a);
    assert_eq!(a.store.records(PEOPLE).count(), 3);
}

#[test]
fn a_store_restored_from_a_backup_gets_its_own_changes_back() {
    let dir = tempfile::tempdir().unwrap();
    let mut a = store(dir.path(), "李静", 1);
    let mut c = store(dir.path(), "区妇联", 3);
    trust(&mut a, &[&c]);
    trust(&mut c, &[&a]);
    add(&mut a, "张秀兰");
    let log = a.store.journal().own().unwrap();
    let home = a.dir().to_owned();
    drop(a);
    let backup = dir.path().join("backup");
    copy(&home, &backup);
    let mut a = open(&home);
    add(&mut a, "刘桂英");
    merge(&mut c, &[&batch(&mut a, dir.path())]);
    drop(a);
    // The disk breaks; the backup takes the old place.
    Here::now(&backup, log)
        .unwrap()
        .save(&Disk, &backup)
        .unwrap();
    let mut a = open(&backup);
    assert_eq!(a.store.records(PEOPLE).count(), 1);
    let merged = merge(&mut a, &[&batch(&mut c, dir.path())]);
    assert_eq!(
        (merged.balance.new, merged.forks.len(), merged.restored),
        (1, 0, true)
    );
    assert_eq!(all(&a), all(&c));
    add(&mut a, "陈玉梅");
    assert_ne!(a.store.journal().own(), Some(log));
    merge(&mut c, &[&batch(&mut a, dir.path())]);
    assert_eq!(all(&a), all(&c));
}

#[test]
fn an_unsealed_tail_beside_a_longer_branch_is_sealed_and_travels() {
    let dir = tempfile::tempdir().unwrap();
    let mut a = store(dir.path(), "李静", 1);
    let mut c = store(dir.path(), "区妇联", 3);
    trust(&mut a, &[&c]);
    trust(&mut c, &[&a]);
    add(&mut a, "张秀兰");
    let log = a.store.journal().own().unwrap();
    let home = a.dir().to_owned();
    drop(a);
    let backup = dir.path().join("backup");
    copy(&home, &backup);
    let mut a = open(&home);
    for name in ["刘桂英", "陈玉梅", "周小红"] {
        add(&mut a, name);
    }
    merge(&mut c, &[&batch(&mut a, dir.path())]);
    drop(a);
    Here::now(&backup, log)
        .unwrap()
        .save(&Disk, &backup)
        .unwrap();
    let mut a = open(&backup);
    add(&mut a, "杨柳");
    let merged = merge(&mut a, &[&batch(&mut c, dir.path())]);
    assert_eq!((merged.forks.len(), merged.restored), (1, true));
    merge(&mut c, &[&batch(&mut a, dir.path())]);
    assert_eq!(c.store.records(PEOPLE).count(), 5);
    assert_eq!(all(&a), all(&c));
}
