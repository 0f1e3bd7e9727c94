//! The command line from outside: the built binary, its output, its exit codes.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// A person's machine: her home and her store.
struct Desk {
    home: TempDir,
}

/// What a run gave.
struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Ran {
    fn rows(&self) -> Vec<Value> {
        self.out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}\n{}", self.err)))
            .collect()
    }

    fn done(self) -> Self {
        self.ended(0)
    }

    fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, code, "\nout: {}\nerr: {}", self.out, self.err);
        self
    }
}

impl Desk {
    /// A machine without a store.
    fn bare() -> Self {
        Self { home: tempfile::tempdir().unwrap() }
    }

    /// A machine with a store.
    fn of(name: &str) -> Self {
        let desk = Self::bare();
        desk.run(&["init", "--name", name, "--unit", "500101028008"]).done();
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jinguo"));
        command
            .args(args)
            .env_clear()
            .env("HOME", self.home.path())
            .env("JINGUO_STORE", self.path("store"))
            .current_dir(self.home.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn run(&self, args: &[&str]) -> Ran {
        self.feed(args, "")
    }

    fn feed(&self, args: &[&str], input: &str) -> Ran {
        let mut child = self.command(args).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_owned();
        // A command that does not read its input closes it.
        let feeder = std::thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
        let output = child.wait_with_output().unwrap();
        feeder.join().unwrap();
        Ran {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Adds one record and gives its id.
    fn add(&self, register: &str, fields: Value) -> String {
        let ran = self.feed(&["add", register], &fields.to_string()).done();
        ran.rows()[0]["id"].as_str().unwrap().to_owned()
    }

    fn household(&self, head: &str) -> String {
        self.add("household", json!({"head_name": head, "address_detail": "3组大院子9号", "phone": "13800000001"}))
    }

    fn list(&self, register: &str) -> Vec<Value> {
        self.run(&["list", register, "--format", "json"]).done().rows()
    }
}

fn visit(household: &str, note: &str) -> Value {
    json!({"visit_date": "2026-11-02", "household_id": household, "key_groups": ["00"], "summary": note, "has_need": false})
}

#[test]
fn a_store_is_made_once() {
    let desk = Desk::bare();
    let ran = desk.run(&["list", "visit"]).ended(4);
    assert!(ran.out.is_empty() && ran.err.contains("jinguo init"), "{}", ran.err);
    desk.run(&["init", "--name", "李静", "--unit", "500101028008"]).done();
    desk.run(&["init", "--name", "李静", "--unit", "500101028008"]).ended(2);
    desk.run(&["list", "visit"]).done();
    let other = Desk::bare();
    other.run(&["init", "--name", "李 静", "--unit", "500101028008"]).ended(2);
    other.run(&["init", "--name", "李静", "--unit", "5001"]).ended(2);
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
    assert!(rows[1]["errors"].to_string().contains("no_such_field"), "{}", rows[1]);
    assert!(rows[2]["errors"].to_string().contains("visit_date"), "{}", rows[2]);
    assert!(rows[3]["errors"].to_string().contains("77"), "{}", rows[3]);
    assert_eq!(desk.list("visit").len(), 2);
}

#[test]
fn a_resident_id_of_a_day_that_never_was_is_refused() {
    let desk = Desk::of("李静");
    let household = desk.household("谭大明");
    let person = |id: &str| json!({"name": "向秀英", "birth_date": "1903-08-15", "key_groups": ["00"], "household_id": household, "id_number": id}).to_string();
    let ran = desk.feed(&["add", "person"], &person("500101190002290022")).ended(1);
    assert!(ran.rows()[0]["errors"].to_string().contains("id_number"), "{}", ran.out);
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
    let ran = desk.feed(&["add", "visit"], &visit("谭", "说了一会儿话。").to_string()).ended(1);
    let errors = ran.rows()[0]["errors"].to_string();
    assert!(errors.contains(&one) && errors.contains("谭小兵"), "{errors}");
    let ran = desk.feed(&["add", "visit"], &visit("王", "说了一会儿话。").to_string()).ended(1);
    assert!(ran.rows()[0]["errors"].to_string().contains("household_id"), "{}", ran.out);
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
    let need = row["needs"][0].as_str().unwrap_or_else(|| panic!("{row}")).to_owned();
    let shown = desk.run(&["show", &need]).done().rows();
    assert_eq!(shown[0]["visit_id"], row["id"]);
    fields["needs"] = json!([{"need_category": "nonsense"}]);
    let ran = desk.feed(&["add", "visit"], &fields.to_string()).ended(1);
    assert!(ran.rows()[0]["errors"].to_string().contains("need_category"), "{}", ran.out);
    assert_eq!(desk.list("visit").len(), 1);
}

#[test]
fn a_record_is_listed_shown_edited_and_deleted() {
    let desk = Desk::of("李静");
    let (a, b) = (desk.household("谭大明"), desk.household("向世平"));
    let rows = desk.list("household");
    assert_eq!(rows.len(), 2);
    assert!(rows.windows(2).all(|two| two[0]["id"].as_str() < two[1]["id"].as_str()));
    assert!(rows[0]["_seen"][0].as_str().unwrap().contains(":1-"), "{}", rows[0]);

    desk.feed(&["edit", &a], r#"{"phone":"13800000002"}"#).done();
    desk.feed(&["edit", &a], r#"{"phone":"12"}"#).ended(1);
    desk.feed(&["edit", &a], r#"{"nothing_like_it":"12"}"#).ended(1);
    desk.feed(&["edit", &a], "[]").ended(3);
    let shown = desk.run(&["show", &a, "--history"]).done().rows();
    assert_eq!(shown[0]["phone"], "13800000002");
    assert!(shown[0].to_string().contains("13800000001"), "the value before: {}", shown[0]);
    desk.feed(&["edit", &a], r#"{"phone":null}"#).done();
    assert_eq!(desk.run(&["show", &a]).done().rows()[0].get("phone"), None);

    let where_ = |filter: &str| desk.run(&["list", "household", "--where", filter, "--format", "json"]).done().rows();
    assert_eq!(where_("head_name == '向世平'")[0]["id"], b.as_str());
    assert_eq!(where_("phone").len(), 1);
    desk.run(&["list", "household", "--where", "no_such == 1"]).ended(2);
    desk.run(&["list", "nonsense"]).ended(2);
    let sorted = desk.run(&["list", "household", "--sort", "-phone", "--limit", "1", "--format", "json"]).done().rows();
    assert_eq!((sorted.len(), &sorted[0]["id"]), (1, &json!(b)));
    let labels = desk.run(&["list", "household", "--labels", "--format", "json", "--limit", "1"]).done().rows();
    assert!(labels[0]["_labels"].is_object(), "{}", labels[0]);

    desk.feed(&["delete", &b], "").done();
    assert_eq!(desk.list("household").len(), 1);
    let with = desk.run(&["list", "household", "--deleted", "--format", "json"]).done().rows();
    assert_eq!(with.iter().filter(|row| row["_deleted"] == true).count(), 1);
    desk.run(&["show", "00000000000000000000000000000000"]).ended(2);
    desk.run(&["show", "12"]).ended(2);
}

#[test]
fn a_csv_has_a_mark_and_no_formula() {
    let desk = Desk::of("李静");
    desk.add("household", json!({"head_name": "谭大明", "address_detail": "=HYPERLINK(\"x\")"}));
    let csv = desk.run(&["list", "household", "--format", "csv"]).done().out;
    assert!(csv.starts_with("\u{feff}id,"), "{csv}");
    assert!(csv.contains("\"'=HYPERLINK(\"\"x\"\")\""), "{csv}");
}

#[test]
fn a_reader_who_goes_away_is_no_error() {
    let desk = Desk::of("李静");
    let lines: Vec<String> = (0..3_000)
        .map(|i| json!({"head_name": "谭大明", "address_detail": format!("{i}组大院子")}).to_string())
        .collect();
    desk.feed(&["add", "household"], &lines.join("\n")).done();
    let mut child = desk.command(&["list", "household", "--format", "json"]).spawn().unwrap();
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
        assert_eq!(output.status.code(), Some(4), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(!output.stderr.is_empty());
    }
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o700)).unwrap();
}

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
    from.run(&["export", "--all", "-o", out.path().to_str().unwrap()]).done();
    let batch = only_batch(out.path());
    to.run(&["trust", "add", batch.to_str().unwrap(), "--yes"]).done();
    to.run(&["merge", batch.to_str().unwrap(), "--format", "json"]).ended(code)
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

    one.feed(&["edit", &id], r#"{"summary":"丈夫外出务工，老人要人照看。"}"#).done();
    two.feed(&["edit", &id], r#"{"summary":"约定下周再来。"}"#).done();
    hand_over(&one, &two, 1);
    hand_over(&two, &one, 1);
    // Once more changes nothing.
    let again = hand_over(&one, &two, 1);
    assert_eq!(again.rows()[0]["new"], json!(0), "{}", again.out);
    for register in ["visit", "household"] {
        let list = |desk: &Desk| desk.run(&["list", register, "--format", "json"]).done().out;
        assert_eq!(list(&one), list(&two));
    }
    let row = &one.list("visit")[0];
    assert_eq!(row["_conflicts"]["summary"].as_array().map(Vec::len), Some(2), "{row}");

    let conflicts = one.run(&["conflicts", "--format", "json"]).ended(1).rows();
    assert_eq!((conflicts.len(), &conflicts[0]["field"]), (1, &json!("summary")));
    assert_eq!(conflicts[0]["id"], json!(id));
    one.run(&["conflicts", "--resolve", &id, "summary", "9"]).ended(2);
    one.run(&["conflicts", "--resolve", &id, "summary", "2"]).done();
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
    one.feed(&["edit", &household], r#"{"phone":"13800000002"}"#).done();
    hand_over(&one, &two, 0);
    let wednesday = json!({"phone": "13800000003", "_seen": monday}).to_string();
    two.feed(&["edit", &household], &wednesday).done();
    assert_eq!(two.list("household")[0]["_conflicts"]["phone"].as_array().map(Vec::len), Some(2));
    two.feed(&["edit", &household], r#"{"phone":"13800000004","_seen":["what"]}"#).ended(3);
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
    assert!(two.run(&["trust", "list", "--format", "json"]).done().out.contains("李静"));
    let mut bytes = std::fs::read(batch).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(two.path("bad.jgb"), bytes).unwrap();
    two.run(&["merge", "bad.jgb"]).ended(3);
    assert_eq!(two.list("household").len(), 0);
    let dry = two.run(&["merge", batch, "--dry-run", "--format", "json"]).done();
    assert_eq!(dry.rows()[0]["new"], json!(1), "{}", dry.out);
    assert_eq!(two.list("household").len(), 0);
    two.run(&["merge", batch]).done();
    assert_eq!(two.list("household").len(), 1);
    two.run(&["trust", "remove", "李静", "--yes"]).done();
    assert_eq!(two.list("household").len(), 1);
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
    assert!(ran.out.contains("mine.toml") || ran.err.contains("mine.toml"), "{}{}", ran.out, ran.err);
    assert!(desk.run(&["keys"]).done().out.contains("F10"));
    desk.run(&["keys", "--keymap", "nonsense"]).ended(2);
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
            String::from_utf8(output.stdout).unwrap()
        };
        ["org_unit", "household", "person", "visit", "need"].map(list)
    };
    let (one, two) = (make("one"), make("two"));
    assert_eq!(one, two);
    assert_eq!(one[0].lines().count(), 663);
    assert!(one.iter().all(|rows| !rows.is_empty()));
    assert!(one.iter().any(|rows| rows.contains("_conflicts")), "somebody disagrees");
    assert!(desk.path("one").join("authors").read_dir().unwrap().count() >= 6);
    // Made once: a second start finds it.
    let again = desk.run(&["demo", "--dir", "one"]).done();
    assert!(again.out.contains("one") || again.err.contains("one"));
    std::fs::create_dir(desk.path("mine")).unwrap();
    std::fs::write(desk.path("mine").join("thesis.txt"), "x").unwrap();
    desk.run(&["demo", "--dir", "mine", "--fresh"]).ended(2);
    assert!(desk.path("mine").join("thesis.txt").exists());
}
