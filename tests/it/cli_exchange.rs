//! Stores that meet, through the built binary.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::desk::{Desk, Ran, visit};

fn only_batch(dir: &Path) -> PathBuf {
    let mut found: Vec<PathBuf> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "jgb"))
        .collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

/// Exports everything of `from` and merges it into `to`, which trusts `from`'s key already.
fn hand_over(from: &Desk, to: &Desk, code: i32) -> Ran {
    let out = tempfile::tempdir().unwrap();
    from.run(&["export", "--all", "-o", out.path().to_str().unwrap()])
        .done();
    let batch = only_batch(out.path());
    to.run(&["trust", "add", batch.to_str().unwrap(), "--yes"])
        .done();
    to.run(&["merge", batch.to_str().unwrap(), "--format", "json"])
        .ended(code)
}

#[test]
fn two_stores_edit_the_same_visit_and_list_it_byte_for_byte_alike() {
    let (one, two) = (Desk::of("李静"), Desk::of("王芳"));
    let household = one.household("谭大明");
    let id = one.add("visit", visit(&household, "家庭和睦，无诉求。"));
    let merged = hand_over(&one, &two, 0);
    let balance = &merged.rows()[0];
    assert_eq!(balance["in"], json!(2), "{balance}");
    assert_eq!(balance["new"], json!(2), "{balance}");

    one.feed(
        &["edit", &id],
        r#"{"summary":"丈夫外出务工，老人要人照看。"}"#,
    )
    .done();
    two.feed(&["edit", &id], r#"{"summary":"约定下周再来。"}"#)
        .done();
    hand_over(&one, &two, 1);
    hand_over(&two, &one, 1);
    // Once more changes nothing.
    let again = hand_over(&one, &two, 0);
    assert_eq!(again.rows()[0]["new"], json!(0), "{}", again.out);
    for register in ["visit", "household"] {
        let list = |desk: &Desk| desk.run(&["list", register, "--format", "json"]).done().out;
        assert_eq!(list(&one), list(&two));
    }
    let row = &one.list("visit")[0];
    assert_eq!(
        row["_conflicts"]["summary"].as_array().map(Vec::len),
        Some(2),
        "{row}"
    );

    let conflicts = one.run(&["conflicts", "--format", "json"]).ended(1).rows();
    assert_eq!(
        (conflicts.len(), &conflicts[0]["field"]),
        (1, &json!("summary"))
    );
    assert_eq!(conflicts[0]["id"], json!(id));
    one.run(&["conflicts", "--resolve", &id, "summary", "9"])
        .ended(2);
    one.run(&["conflicts", "--resolve", &id, "summary", "2"])
        .done();
    one.run(&["conflicts", "--format", "json"]).done();
    hand_over(&one, &two, 0);
    let list = |desk: &Desk| desk.run(&["list", "visit", "--format", "json"]).done().out;
    assert_eq!(list(&one), list(&two));
    assert_eq!(two.list("visit")[0].get("_conflicts"), None);
}

#[test]
fn an_edit_stands_on_what_was_listed() {
    let (one, two) = (Desk::of("李静"), Desk::of("王芳"));
    let household = one.household("谭大明");
    hand_over(&one, &two, 0);
    // Listed on Monday, merged on Tuesday, given back on Wednesday: not having seen Tuesday's is a conflict.
    let monday = two.list("household")[0]["_seen"].clone();
    one.feed(&["edit", &household], r#"{"phone":"13800000002"}"#)
        .done();
    hand_over(&one, &two, 0);
    let wednesday = json!({"phone": "13800000003", "_seen": monday}).to_string();
    two.feed(&["edit", &household], &wednesday).done();
    assert_eq!(
        two.list("household")[0]["_conflicts"]["phone"]
            .as_array()
            .map(Vec::len),
        Some(2)
    );
    two.feed(
        &["edit", &household],
        r#"{"phone":"13800000004","_seen":["what"]}"#,
    )
    .ended(3);
}

#[test]
fn strangers_and_damaged_batches_are_refused() {
    let (one, two) = (Desk::of("李静"), Desk::of("王芳"));
    one.household("谭大明");
    one.run(&["export", "--all", "-o", "b.jgb"]).done();
    let batch = one.path("b.jgb");
    let batch = batch.to_str().unwrap();
    two.run(&["merge", batch]).ended(3);
    two.run(&["trust", "add", batch]).ended(2);
    let inspected = two.run(&["inspect", batch, "--format", "json"]).done();
    assert!(inspected.out.contains("李静"), "{}", inspected.out);
    two.run(&["trust", "add", batch, "--yes"]).done();
    assert!(
        two.run(&["trust", "list", "--format", "json"])
            .done()
            .out
            .contains("李静")
    );
    let mut bytes = std::fs::read(batch).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(two.path("bad.jgb"), bytes).unwrap();
    two.run(&["merge", "bad.jgb"]).ended(3);
    assert_eq!(two.list("household").len(), 0);
    let dry = two
        .run(&["merge", batch, "--dry-run", "--format", "json"])
        .done();
    let row = &dry.rows()[0];
    assert_eq!(row["new"], json!(1), "{}", dry.out);
    let counts = json!({"created": 1, "changed": 0, "conflicted": 0});
    assert_eq!(row["created"], json!(1), "{}", dry.out);
    assert_eq!(
        row["registers"],
        json!({"household": counts}),
        "{}",
        dry.out
    );
    let said = two.run(&["merge", batch, "--dry-run"]).done();
    assert!(said.out.contains("新增记录 1"), "{}", said.out);
    assert_eq!(two.list("household").len(), 0);
    two.run(&["merge", batch]).done();
    assert_eq!(two.list("household").len(), 1);
    two.run(&["trust", "remove", "李静", "--yes"]).done();
    assert_eq!(two.list("household").len(), 1);
}
