//! Disks that fail while stores meet, files that were changed, and what other tools make of a batch.

use std::process::Command;
use std::sync::Arc;

use jinguo::exchange::export::Handing;
use jinguo::exchange::trust::Trust;
use jinguo::files::{Failing, Failure};

use super::{PEOPLE, add, all, batch, merge, person_of, reopen, store, store_on, trust};

#[test]
fn a_disk_that_fails_anywhere_in_a_merge_loses_nothing_and_merging_again_brings_all() {
    let dir = tempfile::tempdir().unwrap();
    let mut a = store(dir.path(), "李静", 1);
    let mut b = store(dir.path(), "王芳", 2);
    trust(&mut b, &[&a]);
    for name in ["张秀兰", "刘桂英", "陈玉梅"] {
        add(&mut a, name);
    }
    merge(&mut b, &[&batch(&mut a, dir.path())]);
    add(&mut b, "周小红");
    let from_b = batch(&mut b, dir.path());
    for (run, failure) in [Failure::Full, Failure::Once, Failure::Short]
        .into_iter()
        .enumerate()
    {
        for nth in (run as u64..40).step_by(6) {
            let place = dir.path().join(format!("{run}-{nth}"));
            let disk = Failing::new();
            let mut c = store_on(&place, "区妇联", 9, Arc::new(disk.clone()));
            trust(&mut c, &[&a, &b]);
            let own = add(&mut c, "杨柳");
            disk.fail_at(nth, failure);
            let done = c.merge(std::slice::from_ref(&from_b), false, &mut |_, _| {});
            disk.heal();
            let mut c = reopen(c);
            assert!(
                c.store.record(PEOPLE, own).unwrap().is_some(),
                "{failure:?} at {nth}"
            );
            let merged = merge(&mut c, &[&from_b]);
            assert_eq!((merged.refused.len(), merged.waiting.len()), (0, 0));
            assert_eq!(
                c.store.records(PEOPLE).count(),
                5,
                "{failure:?} at {nth}: {done:?}"
            );
        }
    }
}

#[test]
fn a_disk_that_fails_anywhere_in_an_export_leaves_no_half_batch() {
    let dir = tempfile::tempdir().unwrap();
    let disk = Failing::new();
    let mut a = store_on(dir.path(), "李静", 1, Arc::new(disk.clone()));
    add(&mut a, "张秀兰");
    let mut c = store(dir.path(), "区妇联", 3);
    trust(&mut c, &[&a]);
    let out = dir.path().join("stick");
    std::fs::create_dir(&out).unwrap();
    let mut failed = 0;
    for failure in [Failure::Full, Failure::Once, Failure::Short] {
        for nth in (0..30).step_by(2) {
            add(&mut a, "刘桂英");
            disk.fail_at(nth, failure);
            let handing = Handing {
                target: Some(out.clone()),
                ..Handing::default()
            };
            let done = a.export(&handing, &mut |_, _| {});
            disk.heal();
            failed += u32::from(done.is_err());
            // Whatever stands there under a batch's name is a whole batch.
            let merged = c.merge(std::slice::from_ref(&out), false, &mut |_, _| {});
            assert_eq!(merged.unwrap().refused, [], "{failure:?} at {nth}");
        }
    }
    assert!(failed > 12, "{failed}");
    batch(&mut a, &out);
    c.merge(&[out], false, &mut |_, _| {}).unwrap();
    assert_eq!(all(&a), all(&c));
}

#[test]
fn a_refused_file_takes_nothing_and_the_others_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut a = store(dir.path(), "李静", 1);
    let mut b = store(dir.path(), "王芳", 2);
    let mut c = store(dir.path(), "区妇联", 3);
    trust(&mut c, &[&a, &b]);
    add(&mut a, "张秀兰");
    add(&mut b, "刘桂英");
    let (from_a, from_b) = (batch(&mut a, dir.path()), batch(&mut b, dir.path()));
    let mut bytes = std::fs::read(&from_a).unwrap();
    let at = bytes.len() - 1700;
    bytes[at] ^= 1;
    std::fs::write(&from_a, bytes).unwrap();
    let merged = merge(&mut c, &[&from_a, &from_b]);
    assert_eq!(merged.refused.len(), 1);
    assert_eq!((merged.balance.refused, merged.balance.new), (1, 1));
    assert_eq!(all(&b), all(&c));
}

#[test]
#[ignore = "needs tar, ssh-keygen and sha256sum: .ci/run installs them"]
fn other_tools_accept_a_batch() {
    let dir = tempfile::tempdir().unwrap();
    let mut a = store(dir.path(), "李静", 1);
    add(&mut a, "张秀兰");
    let from_a = batch(&mut a, dir.path());
    let mut list = Trust::default();
    list.add(person_of(&a));
    std::fs::write(dir.path().join("allowed_signers"), list.text()).unwrap();
    let script = "tar xf \"$1\" && ssh-keygen -Y verify -f allowed_signers -I 李静@500101000000 \
                  -n jinguo-batch -s SHA256SUMS.sig < SHA256SUMS && sha256sum --strict -c SHA256SUMS \
                  && for s in logs/*/*.seal; do head -n 5 $s > text && tail -n +6 $s > sig && \
                  ssh-keygen -Y verify -f allowed_signers -I 李静@500101000000 -n jinguo-seal -s sig < text \
                  || exit 1; done && zstd -t logs/*/*.zst";
    let done = Command::new("sh")
        .args(["-c", script, "sh"])
        .arg(&from_a)
        .current_dir(dir.path())
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
}
