//! The command line from outside: the built binary, its output, its exit codes.

use std::io::{BufRead as _, BufReader, Write as _};

use serde_json::{Value, json};

use crate::desk::{Desk, visit};

#[test]
fn a_store_is_made_once() {
    let desk = Desk::bare();
    let ran = desk.run(&["list", "visit"]).ended(4);
    assert!(
        ran.out.is_empty() && ran.err.contains("jinguo init"),
        "{}",
        ran.err
    );
    desk.run(&["init", "--name", "李静", "--unit", "500101028008"])
        .done();
    desk.run(&["init", "--name", "李静", "--unit", "500101028008"])
        .ended(2);
    desk.run(&["list", "visit"]).done();
    let other = Desk::bare();
    other
        .run(&["init", "--name", "李 静", "--unit", "500101028008"])
        .ended(2);
    other
        .run(&["init", "--name", "李静", "--unit", "5001"])
        .ended(2);
    assert!(!other.path("store").join("key").exists());
}

#[test]
fn wrong_usage_is_2_in_both_languages() {
    let desk = Desk::bare();
    for (lang, word) in [("zh", "命令"), ("en", "usage")] {
        let ran = desk.run(&["--lang", lang, "lits"]).ended(2);
        assert!(ran.err.contains(word), "{}", ran.err);
        assert!(ran.out.is_empty());
    }
    let help = desk.run(&["--help"]).done();
    assert!(help.out.contains("台账"), "{}", help.out);
    let help = desk.run(&["list", "--help", "--lang", "en"]).done();
    assert!(help.out.contains("a condition"), "{}", help.out);
    assert!(desk.run(&["--version"]).done().out.starts_with("jinguo "));
}

#[test]
fn good_lines_are_saved_and_bad_ones_say_why() {
    let desk = Desk::of("李静");
    let household = desk.household("谭大明");
    let lines = [
        visit(&household, "家庭和睦，无诉求。"),
        json!({"visit_date": "2026-11-02", "no_such_field": 1}),
        json!({"visit_date": "2026-02-30", "household_id": household, "key_groups": ["00"], "summary": "说了一会儿话"}),
        json!({"visit_date": "2026-11-03", "household_id": household, "key_groups": ["77"], "summary": "说了一会儿话"}),
        json!({"visit_date": "2026-11-03", "household_id": "00000000000000000000000000000000", "key_groups": ["00"], "summary": "说了一会儿话"}),
    ];
    let mut input: Vec<String> = lines.iter().map(Value::to_string).collect();
    input.push("not json".to_owned());
    input.push(visit(&household, "约定下次走访时间。").to_string());
    let ran = desk.feed(&["add", "visit"], &input.join("\n")).ended(1);
    let rows = ran.rows();
    assert_eq!(rows.len(), 7);
    for (i, row) in rows.iter().enumerate() {
        if i == 0 || i == 6 {
            assert_eq!(row["id"].as_str().map(str::len), Some(32), "{row}");
        } else {
            assert_eq!(row["line"], i + 1, "{row}");
            assert!(!row["errors"].as_array().unwrap().is_empty(), "{row}");
        }
    }
    assert!(
        rows[1]["errors"].to_string().contains("no_such_field"),
        "{}",
        rows[1]
    );
    assert!(
        rows[2]["errors"].to_string().contains("visit_date"),
        "{}",
        rows[2]
    );
    assert!(rows[3]["errors"].to_string().contains("77"), "{}", rows[3]);
    assert_eq!(desk.list("visit").len(), 2);
}

#[test]
fn a_resident_id_of_a_day_that_never_was_is_refused() {
    let desk = Desk::of("李静");
    let household = desk.household("谭大明");
    let person = |id: &str| {
        json!({"name": "向秀英", "birth_date": "1903-08-15", "key_groups": ["00"], "household_id": household, "id_number": id}).to_string()
    };
    let ran = desk
        .feed(&["add", "person"], &person("500101190002290022"))
        .ended(1);
    assert!(
        ran.rows()[0]["errors"].to_string().contains("id_number"),
        "{}",
        ran.out
    );
    let ran = desk.feed(&["add", "person"], &person("500101190308150022"));
    assert!(ran.rows()[0]["id"].is_string(), "{}", ran.out);
}

#[test]
fn words_that_fit_one_record_are_a_reference_and_several_are_not() {
    let desk = Desk::of("李静");
    let one = desk.household("谭大明");
    desk.household("谭小兵");
    let id = desk.add("visit", visit("大明", "说了一会儿话。"));
    let shown = desk.run(&["show", &id]).done().rows();
    assert_eq!(shown[0]["household_id"], one);
    let ran = desk
        .feed(
            &["add", "visit"],
            &visit("谭", "说了一会儿话。").to_string(),
        )
        .ended(1);
    let errors = ran.rows()[0]["errors"].to_string();
    assert!(
        errors.contains(&one) && errors.contains("谭小兵"),
        "{errors}"
    );
    let ran = desk
        .feed(
            &["add", "visit"],
            &visit("王", "说了一会儿话。").to_string(),
        )
        .ended(1);
    assert!(
        ran.rows()[0]["errors"].to_string().contains("household_id"),
        "{}",
        ran.out
    );
}

#[test]
fn rows_are_saved_with_their_record() {
    let desk = Desk::of("李静");
    let household = desk.household("谭大明");
    let mut fields = visit(&household, "想找点事做。");
    fields["has_need"] = json!(true);
    fields["needs"] = json!([{"need_category": "02", "description": "想在家门口找份活", "handling_level": "0", "result": "01", "result_text": "当场介绍", "satisfaction": "5"}]);
    let ran = desk.feed(&["add", "visit"], &fields.to_string()).done();
    let row = &ran.rows()[0];
    let need = row["needs"][0]
        .as_str()
        .unwrap_or_else(|| panic!("{row}"))
        .to_owned();
    let shown = desk.run(&["show", &need]).done().rows();
    assert_eq!(shown[0]["visit_id"], row["id"]);
    fields["needs"] = json!([{"need_category": "nonsense"}]);
    let ran = desk.feed(&["add", "visit"], &fields.to_string()).ended(1);
    assert!(
        ran.rows()[0]["errors"]
            .to_string()
            .contains("need_category"),
        "{}",
        ran.out
    );
    assert_eq!(desk.list("visit").len(), 1);
}

#[test]
fn a_record_is_listed_shown_edited_and_deleted() {
    let desk = Desk::of("李静");
    let (a, b) = (desk.household("谭大明"), desk.household("向世平"));
    let rows = desk.list("household");
    assert_eq!(rows.len(), 2);
    assert!(
        rows.windows(2)
            .all(|two| two[0]["id"].as_str() < two[1]["id"].as_str())
    );
    assert!(
        rows[0]["_seen"][0].as_str().unwrap().contains(":1-"),
        "{}",
        rows[0]
    );

    desk.feed(&["edit", &a], r#"{"phone":"13800000002"}"#)
        .done();
    desk.feed(&["edit", &a], r#"{"phone":"12"}"#).ended(1);
    desk.feed(&["edit", &a], r#"{"nothing_like_it":"12"}"#)
        .ended(1);
    desk.feed(&["edit", &a], "[]").ended(3);
    let shown = desk.run(&["show", &a, "--history"]).done().rows();
    assert_eq!(shown[0]["phone"], "13800000002");
    assert!(
        shown[0].to_string().contains("13800000001"),
        "the value before: {}",
        shown[0]
    );
    desk.feed(&["edit", &a], r#"{"phone":null}"#).done();
    assert_eq!(desk.run(&["show", &a]).done().rows()[0].get("phone"), None);

    let where_ = |filter: &str| {
        desk.run(&["list", "household", "--where", filter, "--format", "json"])
            .done()
            .rows()
    };
    assert_eq!(where_("head_name == '向世平'")[0]["id"], b.as_str());
    assert_eq!(where_("phone").len(), 1);
    desk.run(&["list", "household", "--where", "no_such == 1"])
        .ended(2);
    desk.run(&["list", "nonsense"]).ended(2);
    let sorted = desk
        .run(&[
            "list",
            "household",
            "--sort",
            "-phone",
            "--limit",
            "1",
            "--format",
            "json",
        ])
        .done()
        .rows();
    assert_eq!((sorted.len(), &sorted[0]["id"]), (1, &json!(b)));
    let labels = desk
        .run(&[
            "list",
            "household",
            "--labels",
            "--format",
            "json",
            "--limit",
            "1",
        ])
        .done()
        .rows();
    assert!(labels[0]["_labels"].is_object(), "{}", labels[0]);

    desk.feed(&["delete", &b], "").done();
    assert_eq!(desk.list("household").len(), 1);
    let with = desk
        .run(&["list", "household", "--deleted", "--format", "json"])
        .done()
        .rows();
    assert_eq!(with.iter().filter(|row| row["_deleted"] == true).count(), 1);
    desk.run(&["show", "00000000000000000000000000000000"])
        .ended(2);
    desk.run(&["show", "12"]).ended(2);
}

#[test]
fn a_csv_has_a_mark_and_no_formula() {
    let desk = Desk::of("李静");
    desk.add(
        "household",
        json!({"head_name": "谭大明", "address_detail": "=HYPERLINK(\"x\")"}),
    );
    let csv = desk
        .run(&["list", "household", "--format", "csv"])
        .done()
        .out;
    assert!(csv.starts_with("\u{feff}id,"), "{csv}");
    assert!(csv.contains("\"'=HYPERLINK(\"\"x\"\")\""), "{csv}");
}

#[test]
fn a_reader_who_goes_away_is_no_error() {
    let desk = Desk::of("李静");
    let lines: Vec<String> = (0..3_000)
        .map(|i| {
            json!({"head_name": "谭大明", "address_detail": format!("{i}组大院子")}).to_string()
        })
        .collect();
    desk.feed(&["add", "household"], &lines.join("\n")).done();
    let mut child = desk
        .command(&["list", "household", "--format", "json"])
        .spawn()
        .unwrap();
    drop(child.stdin.take());
    let mut first = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut first).unwrap();
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(first.starts_with("{\"id\":"));
}

#[test]
fn a_store_in_use_is_4_and_says_by_whom() {
    let desk = Desk::of("李静");
    // `add` holds the store until its input ends.
    let mut holder = desk.command(&["add", "household"]).spawn().unwrap();
    let mut stdin = holder.stdin.take().unwrap();
    let mut stdout = BufReader::new(holder.stdout.take().unwrap());
    let line = json!({"head_name": "谭大明", "address_detail": "3组大院子"}).to_string() + "\n";
    stdin.write_all(line.repeat(1_000).as_bytes()).unwrap();
    let mut first = String::new();
    stdout.read_line(&mut first).unwrap();
    let ran = desk.run(&["list", "household"]).ended(4);
    assert!(ran.err.contains(&holder.id().to_string()), "{}", ran.err);
    drop(stdin);
    let rest: Vec<String> = stdout.lines().map(Result::unwrap).collect();
    assert_eq!(rest.len(), 999);
    assert!(holder.wait().unwrap().success());
    assert_eq!(desk.list("household").len(), 1_000);
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_4() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::bare();
    let locked = desk.path("locked");
    std::fs::create_dir(&locked).unwrap();
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o500)).unwrap();
    // Root writes everywhere; a file where a folder must be stops everyone.
    std::fs::write(desk.path("file"), "").unwrap();
    for at in [locked.join("store"), desk.path("file").join("store")] {
        if at.starts_with(&locked) && std::fs::write(locked.join("probe"), "").is_ok() {
            continue;
        }
        let output = desk
            .command(&["init", "--name", "李静", "--unit", "500101028008"])
            .env("JINGUO_STORE", &at)
            .output()
            .unwrap();
        assert_eq!(
            output.status.code(),
            Some(4),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(!output.stderr.is_empty());
    }
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn a_store_checks_and_rebuilds() {
    let desk = Desk::of("李静");
    desk.household("谭大明");
    desk.run(&["check"]).done();
    std::fs::remove_dir_all(desk.path("store").join("view")).unwrap();
    desk.run(&["rebuild"]).done();
    assert_eq!(desk.list("household").len(), 1);
    desk.run(&["forms", "check"]).done();
    std::fs::write(desk.path("mine.toml"), "number = 9\nname = \"x\"\n").unwrap();
    let ran = desk.run(&["forms", "check", "mine.toml"]).ended(3);
    assert!(
        ran.out.contains("mine.toml") || ran.err.contains("mine.toml"),
        "{}{}",
        ran.out,
        ran.err
    );
    assert!(desk.run(&["keys"]).done().out.contains("F1 "));
    desk.run(&["keys", "--keymap", "nonsense"]).ended(2);
}

/// A row without what names logs.
fn without_logs(line: &str) -> String {
    let mut row: Value = serde_json::from_str(line).unwrap();
    row.as_object_mut().unwrap().remove("_seen");
    let conflicts = row.get_mut("_conflicts").and_then(Value::as_object_mut);
    for value in conflicts
        .into_iter()
        .flatten()
        .flat_map(|(_, values)| values.as_array_mut().unwrap())
    {
        value.as_object_mut().unwrap().remove("by");
        value.as_object_mut().unwrap().remove("at");
    }
    row.to_string()
}

#[test]
fn a_demonstration_is_the_same_each_time() {
    let desk = Desk::bare();
    let make = |dir: &str| {
        desk.run(&["demo", "--dir", dir, "--scale", "0.05"]).done();
        let list = |register: &str| {
            let output = desk
                .command(&["list", register, "--format", "json"])
                .env("JINGUO_STORE", desk.path(dir).join("district"))
                .output()
                .unwrap();
            // Logs have random names; all else comes from the seed.
            let text = String::from_utf8(output.stdout).unwrap();
            let rows: Vec<String> = text.lines().map(without_logs).collect();
            rows.join("\n")
        };
        ["org_unit", "household", "person", "visit", "need"].map(list)
    };
    let (one, two) = (make("one"), make("two"));
    assert_eq!(one, two);
    assert_eq!(one[0].lines().count(), 663);
    assert!(one.iter().all(|rows| !rows.is_empty()));
    assert!(
        one.iter().any(|rows| rows.contains("_conflicts")),
        "somebody disagrees"
    );
    assert!(desk.path("one").join("authors").read_dir().unwrap().count() >= 6);
    // Made once: a second start finds it.
    let again = desk.run(&["demo", "--dir", "one"]).done();
    assert!(again.out.contains("one") || again.err.contains("one"));
    std::fs::create_dir(desk.path("mine")).unwrap();
    std::fs::write(desk.path("mine").join("thesis.txt"), "x").unwrap();
    desk.run(&["demo", "--dir", "mine", "--fresh"]).ended(2);
    assert!(desk.path("mine").join("thesis.txt").exists());
}
