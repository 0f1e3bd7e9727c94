//! Two and three stores that exchange batches.

use jinguo::exchange::conflict::Choice;
use jinguo::exchange::ledger::Ledger;
use jinguo::exchange::plan::Why;

use super::{
    GROUPS, NAME, PEOPLE, add, all, batch, batch_for, deleted, edit, group, merge, person_of,
    reopen, store, text, trust,
};

#[test]
fn two_stores_edit_one_record_merge_in_either_order_twice_and_agree() {
    let dir = tempfile::tempdir().unwrap();
    let (mut a, mut b) = (store(dir.path(), "李静", 1), store(dir.path(), "王芳", 2));
    trust(&mut a, &[&b]);
    trust(&mut b, &[&a]);
    let id = add(&mut a, "张秀兰");
    let first = batch(&mut a, dir.path());
    assert_eq!(merge(&mut b, &[&first]).balance.new, 1);
    edit(&mut a, id, vec![text(NAME, "张秀英"), group("03", true)]);
    edit(&mut b, id, vec![text(NAME, "张秀芳"), group("05", true)]);
    let (from_a, from_b) = (batch(&mut a, dir.path()), batch(&mut b, dir.path()));
    let merged = merge(&mut b, &[&from_a, &first]);
    assert_eq!((merged.balance.new, merged.balance.known), (1, 2));
    assert_eq!(merged.applied.conflicted, 1);
    merge(&mut b, &[&first]);
    merge(&mut a, &[&from_b]);
    assert_eq!(merge(&mut a, &[&from_b]).balance.new, 0);
    assert_eq!(all(&a), all(&b));
    // Concurrent additions add up; the name is in conflict, named with both people.
    let found = a.conflicts().unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].id, found[0].tag, found[0].values.len()),
        (id, NAME, 2)
    );
    let mut names: Vec<&str> = found[0]
        .values
        .iter()
        .map(|side| side.who.name.as_str())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["李静", "王芳"]);
    let record = a.store.record(PEOPLE, id).unwrap().unwrap();
    assert_eq!(record.chosen(GROUPS).count(), 2);
    // Settled on one side, exchanged again: settled on both.
    a.resolve(&found[0], &Choice::Number(2)).unwrap();
    assert!(
        a.resolve(&found[0], &Choice::Number(1)).is_err(),
        "it is settled"
    );
    let settled = batch(&mut a, dir.path());
    merge(&mut b, &[&settled]);
    assert_eq!(
        (a.conflicts().unwrap().len(), b.conflicts().unwrap().len()),
        (0, 0)
    );
    assert_eq!(all(&a), all(&b));
    let (a, b) = (reopen(a), reopen(b));
    assert_eq!(all(&a), all(&b));
}

#[test]
fn a_delete_beside_an_edit_is_settled_before_the_fields() {
    let dir = tempfile::tempdir().unwrap();
    let (mut a, mut b) = (store(dir.path(), "李静", 1), store(dir.path(), "王芳", 2));
    trust(&mut a, &[&b]);
    trust(&mut b, &[&a]);
    let id = add(&mut a, "张秀兰");
    edit(&mut a, id, vec![group("03", true)]);
    merge(&mut b, &[&batch(&mut a, dir.path())]);
    edit(&mut a, id, vec![deleted()]);
    edit(&mut b, id, vec![text(NAME, "张秀英"), group("03", false)]);
    merge(&mut a, &[&batch(&mut b, dir.path())]);
    let found = a.conflicts().unwrap();
    assert_eq!(found.iter().map(|one| one.tag).collect::<Vec<_>>(), [0]);
    assert_eq!(
        found[0].values[0].value.as_bool(),
        Some(true),
        "alive is shown"
    );
    a.resolve(&found[0], &Choice::Number(2)).unwrap();
    assert!(!a.store.record(PEOPLE, id).unwrap().unwrap().is_alive());
    merge(&mut b, &[&batch(&mut a, dir.path())]);
    assert_eq!(all(&a), all(&b));
    // An element in conflict is settled like a field.
    edit(&mut a, id, vec![group("07", true)]);
    edit(&mut b, id, vec![group("07", false)]);
    merge(&mut a, &[&batch(&mut b, dir.path())]);
    let found = a.conflicts().unwrap();
    assert_eq!((found.len(), found[0].element.as_slice()), (1, &b"07"[..]));
    let picked = Choice::Value(jinguo::record::Value::bool(false));
    a.resolve(&found[0], &picked).unwrap();
    assert_eq!(a.conflicts().unwrap(), []);
}

#[test]
fn what_a_typed_reaches_c_by_b_alone() {
    let dir = tempfile::tempdir().unwrap();
    let mut a = store(dir.path(), "李静", 1);
    let mut b = store(dir.path(), "王芳", 2);
    let mut c = store(dir.path(), "区妇联", 3);
    trust(&mut b, &[&a]);
    trust(&mut c, &[&a, &b]);
    for name in ["张秀兰", "刘桂英", "陈玉梅"] {
        add(&mut a, name);
    }
    merge(&mut b, &[&batch(&mut a, dir.path())]);
    let own = add(&mut b, "周小红");
    edit(&mut b, own, vec![text(NAME, "周晓红")]);
    let merged = merge(&mut c, &[&batch(&mut b, dir.path())]);
    assert_eq!((merged.balance.total, merged.balance.new), (5, 5));
    assert_eq!(merged.applied.created, 4);
    assert_eq!(all(&b), all(&c));
}

#[test]
fn only_what_the_receiver_lacks_is_sent_and_a_receipt_says_what_she_holds() {
    let dir = tempfile::tempdir().unwrap();
    let mut a = store(dir.path(), "李静", 1);
    let mut c = store(dir.path(), "区妇联", 3);
    trust(&mut a, &[&c]);
    trust(&mut c, &[&a]);
    a.settings.hand_to = Some("区妇联".into());
    add(&mut a, "张秀兰");
    let (first, changes) = batch_for(&mut a, "区妇联", dir.path());
    assert_eq!(changes, 1);
    merge(&mut c, &[&first]);
    // Sent is not received: without a receipt everything goes again.
    assert_eq!(batch_for(&mut a, "区妇联", dir.path()).1, 1);
    let (receipt, changes) = batch_for(&mut c, "李静", dir.path());
    assert_eq!(
        changes, 0,
        "a receipt of someone who has typed nothing herself"
    );
    merge(&mut a, &[&receipt]);
    assert_eq!(batch_for(&mut a, "区妇联", dir.path()).1, 0);
    let id = add(&mut a, "刘桂英");
    edit(&mut a, id, vec![group("03", true)]);
    let (second, changes) = batch_for(&mut a, "区妇联@500101000000", dir.path());
    assert_eq!(changes, 2);
    merge(&mut c, &[&second]);
    assert_eq!(all(&a), all(&c));
    assert!(a.person("无此人").is_err());
}

#[test]
fn a_log_nobody_trusts_waits_and_counts_as_soon_as_its_author_is_trusted() {
    let dir = tempfile::tempdir().unwrap();
    let mut a = store(dir.path(), "李静", 1);
    let mut b = store(dir.path(), "王芳", 2);
    let mut c = store(dir.path(), "区妇联", 3);
    let mut d = store(dir.path(), "市妇联", 4);
    trust(&mut b, &[&a]);
    trust(&mut c, &[&b]);
    trust(&mut d, &[&a, &c]);
    add(&mut a, "张秀兰");
    merge(&mut b, &[&batch(&mut a, dir.path())]);
    add(&mut b, "刘桂英");
    let from_b = batch(&mut b, dir.path());
    let merged = merge(&mut c, &[&from_b]);
    assert_eq!((merged.balance.new, merged.balance.waiting), (1, 1));
    assert_eq!(merged.waiting.len(), 1);
    assert_eq!(merged.waiting[0].why, Why::Untrusted);
    assert_eq!(merged.waiting[0].who.name, "李静");
    assert!(!merged.waiting[0].who.known);
    assert_eq!(merge(&mut c, &[&from_b]).balance.waiting, 1);
    // Who trusts her may get her log from a store where it only waits.
    let merged = merge(&mut d, &[&batch(&mut c, dir.path())]);
    assert_eq!((merged.balance.new, merged.waiting.len()), (1, 1));
    let mut c = reopen(c);
    let merged = trust(&mut c, &[&a]);
    assert_eq!((merged.joined, merged.waiting.len()), (1, 0));
    assert_eq!(all(&b), all(&c));
    assert_eq!(merge(&mut c, &[&from_b]).balance.known, 2);
    // Trusted no longer: nothing new is taken, what was merged stays with its name.
    c.distrust("李静").unwrap();
    let mut c = reopen(c);
    add(&mut a, "陈玉梅");
    merge(&mut b, &[&batch(&mut a, dir.path())]);
    let merged = merge(&mut c, &[&batch(&mut b, dir.path())]);
    assert_eq!((merged.balance.known, merged.balance.waiting), (2, 1));
    assert_eq!(c.store.records(PEOPLE).count(), 2);
    c.store.rebuild().unwrap();
    assert_eq!(c.store.records(PEOPLE).count(), 2);
}

#[test]
fn a_strangers_batch_is_refused_until_she_is_introduced() {
    let dir = tempfile::tempdir().unwrap();
    let mut a = store(dir.path(), "李静", 1);
    let mut c = store(dir.path(), "区妇联", 3);
    add(&mut a, "张秀兰");
    let from_a = batch(&mut a, dir.path());
    let merged = merge(&mut c, &[&from_a]);
    assert_eq!((merged.balance.total, merged.balance.refused), (1, 1));
    assert!(
        merged.refused[0]
            .1
            .to_string()
            .contains(&a.key.fingerprint())
    );
    let looked = c.inspect(&from_a, &mut |_, _| {}).unwrap();
    assert_eq!((looked.changes, looked.sender.known), (1, false));
    assert_eq!((looked.logs.len(), looked.logs[0].new), (1, 1));
    let found = c.introductions(&from_a, &mut |_, _| {}).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].person.principal(), found[0].sender),
        ("李静@500101000000".into(), true)
    );
    assert_eq!(found[0].person.key, person_of(&a).key);
    // Her public key does as well.
    let by_key = c
        .introductions(&a.dir().join("key.pub"), &mut |_, _| {})
        .unwrap();
    assert_eq!(by_key[0].person.key, found[0].person.key);
    c.trust(vec![found[0].person.clone()], &mut |_, _| {})
        .unwrap();
    assert_eq!(merge(&mut c, &[&from_a]).balance.new, 1);
    assert_eq!(all(&a), all(&c));
}

#[test]
fn a_piece_behind_a_gap_waits_for_what_comes_before_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut a = store(dir.path(), "李静", 1);
    let mut b = store(dir.path(), "王芳", 2);
    let mut c = store(dir.path(), "区妇联", 3);
    trust(&mut a, &[&b]);
    trust(&mut b, &[&a]);
    trust(&mut c, &[&a, &b]);
    add(&mut a, "张秀兰");
    let early = batch(&mut a, dir.path());
    merge(&mut b, &[&early]);
    merge(&mut a, &[&batch(&mut b, dir.path())]);
    add(&mut a, "刘桂英");
    let (late, changes) = batch_for(&mut a, "王芳", dir.path());
    assert_eq!(changes, 1);
    let merged = merge(&mut c, &[&late]);
    assert_eq!(
        (merged.balance.waiting, merged.waiting[0].why),
        (1, Why::Gap)
    );
    let mut c = reopen(c);
    let merged = merge(&mut c, &[&early]);
    assert_eq!(
        (merged.balance.new, merged.joined, merged.waiting.len()),
        (1, 1, 0)
    );
    assert_eq!(all(&a), all(&c));
    // Both at once, whatever their order.
    let mut d = store(dir.path(), "市妇联", 4);
    trust(&mut d, &[&a, &b]);
    assert_eq!(merge(&mut d, &[&late, &early]).balance.new, 2);
}

#[test]
fn a_batch_handed_over_is_received_when_its_receiver_says_so_herself() {
    let dir = tempfile::tempdir().unwrap();
    let (mut a, mut b) = (store(dir.path(), "李静", 1), store(dir.path(), "王芳", 2));
    trust(&mut a, &[&b]);
    trust(&mut b, &[&a]);
    add(&mut a, "张秀兰");
    let (first, _) = batch_for(&mut a, "王芳", dir.path());
    add(&mut a, "郑祥会");
    let (second, _) = batch_for(&mut a, "王芳", dir.path());
    let received = |ledger: &Ledger| -> Vec<(u64, bool)> {
        let handed = ledger.handed(9).into_iter();
        handed
            .map(|handed| (handed.number, handed.received.is_some()))
            .collect()
    };
    assert_eq!(received(&a), [(2, false), (1, false)]);
    merge(&mut b, &[&first]);
    let (receipt, _) = batch_for(&mut b, "李静", dir.path());
    assert_eq!(received(&a), [(2, false), (1, false)], "merged is not told");
    merge(&mut a, &[&receipt]);
    assert_eq!(received(&a), [(2, false), (1, true)]);
    merge(&mut b, &[&second]);
    let (receipt, _) = batch_for(&mut b, "李静", dir.path());
    merge(&mut a, &[&receipt]);
    assert_eq!(received(&a), [(2, true), (1, true)]);
    // For anybody: nobody can say that she has it.
    batch(&mut a, dir.path());
    assert_eq!(a.handed(1)[0].to, None);
}
