//! What others can do with our files, and we with theirs: the three commands of the README, an independent reader and an
//! independent writer in Python, both written from the description of the formats alone. They need ssh-keygen, zstd, tar,
//! sha256sum and Python 3.11, so they are run by `cargo test --test it -- --ignored`.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Someone with a ledger of her own.
struct Person {
    home: PathBuf,
    store: PathBuf,
}

impl Person {
    fn at(home: &Path, store: &Path) -> Self {
        Self {
            home: home.into(),
            store: store.into(),
        }
    }

    /// A new ledger.
    fn new(home: &Path, name: &str) -> Self {
        let person = Self::at(home, &home.join(name));
        person.done(&["init", "--name", name, "--unit", "500101028008"], "");
        person
    }

    fn run(&self, args: &[&str], input: &str) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_jinguo"))
            .args(args)
            .env_clear()
            .env("HOME", &self.home)
            .env("JINGUO_STORE", &self.store)
            .current_dir(&self.home)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let written = child
            .stdin
            .take()
            .expect("it is piped")
            .write_all(input.as_bytes());
        let output = child.wait_with_output().expect("it ends");
        // Who needs no input may have gone before it came.
        assert!(written.is_ok() || input.is_empty(), "{args:?}");
        output
    }

    /// Runs a command that must end with one of `codes`, and gives its standard output.
    fn ended(&self, codes: &[i32], args: &[&str], input: &str) -> String {
        let output = self.run(args, input);
        let code = output.status.code();
        assert!(
            code.is_some_and(|code| codes.contains(&code)),
            "jinguo {args:?}: {code:?}\n{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    fn done(&self, args: &[&str], input: &str) -> String {
        self.ended(&[0], args, input)
    }

    /// Everything as one batch, in a folder of its own.
    fn export(&self) -> PathBuf {
        let out = self.store.with_extension("out");
        let _ = fs::remove_dir_all(&out);
        fs::create_dir(&out).unwrap();
        self.done(&["export", "--all", "-o", &text(&out)], "");
        let mut batches = fs::read_dir(&out)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let batch = batches.next().expect("a batch was written");
        assert!(batches.next().is_none(), "one batch");
        batch
    }

    /// Accepts a batch's authors and merges it.
    fn take(&self, batch: &Path) {
        self.done(&["trust", "add", &text(batch), "--yes"], "");
        // 1: something needs a person, as a conflict does.
        self.ended(&[0, 1], &["merge", &text(batch)], "");
    }

    fn list(&self, register: &str) -> String {
        self.done(&["list", register, "--format", "json"], "")
    }
}

fn text(path: &Path) -> String {
    path.to_str().expect("paths of the tests are UTF-8").into()
}

fn python(script: &str, args: &[&str], input: &str) -> Output {
    let mut child = Command::new("python3")
        .arg(root().join("tests").join(script))
        .args(args)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("python3 runs");
    let _ = child
        .stdin
        .take()
        .expect("it is piped")
        .write_all(input.as_bytes());
    child.wait_with_output().expect("it ends")
}

/// What the independent reader prints of a register in a batch.
fn read(register: &str, batch: &Path) -> String {
    let forms = text(&root().join("src/forms"));
    let output = python(
        "reader.py",
        &["--forms", &forms, register, &text(batch)],
        "",
    );
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{register}: {errors}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The names of all registers.
fn registers() -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join("src/forms")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            let file: toml::Table = fs::read_to_string(&path).unwrap().parse().unwrap();
            if file.contains_key("number") {
                found.push(file["name"].as_str().unwrap().to_owned());
            }
        }
    }
    assert!(!found.is_empty());
    found
}

/// A district with its authors' logs, as the demonstration makes it.
fn district(home: &Path) -> Person {
    let demo = home.join("demo");
    let person = Person::at(home, &demo.join("district"));
    person.done(&["demo", "--dir", &text(&demo), "--scale", "0.1"], "");
    person
}

/// Each register as the batch's reader sees it and as the ledger prints it; how many records, how many in conflict.
fn compare(person: &Person, batch: &Path) -> (usize, usize) {
    let (mut records, mut conflicts) = (0, 0);
    for register in registers() {
        let ours = person.list(&register);
        let theirs = read(&register, batch);
        for (ours, theirs) in ours.lines().zip(theirs.lines()) {
            assert_eq!(ours, theirs, "{register}");
        }
        assert_eq!(ours.lines().count(), theirs.lines().count(), "{register}");
        records += ours.lines().count();
        conflicts += ours
            .lines()
            .filter(|line| line.contains("\"_conflicts\""))
            .count();
    }
    (records, conflicts)
}

#[test]
#[ignore = "needs python3, ssh-keygen and zstd"]
fn an_independent_reader_sees_what_the_ledger_prints() {
    let home = TempDir::new().unwrap();
    let district = district(home.path());
    let (records, _) = compare(&district, &district.export());
    assert!(records > 50, "{records} records are too few to show much");

    // Two who did not meet change the same field of the same record.
    let (one, two) = (
        Person::new(home.path(), "王芳"),
        Person::new(home.path(), "李静"),
    );
    let batch = district.export();
    one.take(&batch);
    two.take(&batch);
    let first: Value = serde_json::from_str(one.list("visit").lines().next().unwrap()).unwrap();
    let id = first["id"].as_str().unwrap();
    one.done(&["edit", id], r#"{"summary":"王芳看到的"}"#);
    two.done(&["edit", id], r#"{"summary":"李静看到的"}"#);
    one.take(&two.export());
    let (_, conflicts) = compare(&one, &one.export());
    assert!(conflicts >= 1);
    let listed = one.done(&["show", id, "--format", "json"], "");
    let shown: Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(shown["_conflicts"]["summary"].as_array().unwrap().len(), 2);
}

#[test]
#[ignore = "needs ssh-keygen, tar and sha256sum"]
fn the_three_commands_of_the_readme_verify_a_batch() {
    let home = TempDir::new().unwrap();
    let sender = Person::new(home.path(), "李静");
    let receiver = Person::new(home.path(), "区妇联");
    let household = r#"{"head_name":"张秀华","address_detail":"3组12号"}"#;
    sender.done(&["add", "household"], household);
    let batch = sender.export();
    receiver.done(&["trust", "add", &text(&batch), "--yes"], "");

    let folder = home.path().join("verify");
    fs::create_dir(&folder).unwrap();
    fs::copy(&batch, folder.join("b.jgb")).unwrap();
    fs::copy(
        receiver.store.join("allowed_signers"),
        folder.join("allowed_signers"),
    )
    .unwrap();
    for readme in ["README.md", "README.zh-CN.md"] {
        let readme = fs::read_to_string(root().join(readme)).unwrap();
        let start = readme.find("tar xf b.jgb").expect("the README says how");
        let commands = &readme[start..start + readme[start..].find("```").unwrap()];
        assert_eq!(commands.lines().count(), 3);
        let script = format!("set -e\n{}", commands.replace("NAME", "李静@500101028008"));
        let run = |folder: &Path| {
            Command::new("sh")
                .args(["-c", &script])
                .current_dir(folder)
                .output()
                .unwrap()
        };
        let output = run(&folder);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success(),
            "{said}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(said.contains("manifest.toml: OK"), "{said}");
        // And they fail where they must: a byte inside a member, and a checksum rewritten to fit.
        let mut bytes = fs::read(&batch).unwrap();
        let at = find(&bytes, b"format = 1");
        bytes[at + 9] = b'2';
        let broken = folder.join("broken");
        let _ = fs::create_dir(&broken);
        fs::write(broken.join("b.jgb"), &bytes).unwrap();
        fs::copy(
            folder.join("allowed_signers"),
            broken.join("allowed_signers"),
        )
        .unwrap();
        assert!(!run(&broken).status.success());
    }
}

fn find(bytes: &[u8], part: &[u8]) -> usize {
    bytes
        .windows(part.len())
        .position(|window| window == part)
        .expect("it stands there")
}

#[test]
#[ignore = "needs python3, ssh-keygen and zstd"]
fn a_batch_written_elsewhere_is_taken() {
    let home = TempDir::new().unwrap();
    let person = Person::new(home.path(), "区妇联");
    let forms = text(&root().join("src/forms"));
    let id = "01a20922b80071119111111111111111";
    let other = "01a20922b80071119111111111111112";
    let lines = [
        format!(
            r#"{{"register":"visit","id":"{id}","fields":{{"visit_date":"2026-11-23","summary":"丈夫外出务工"}}}}"#
        ),
        format!(
            r#"{{"register":"visit","id":"{id}","seen":["own"],"fields":{{"summary":"已返乡"}}}}"#
        ),
        format!(r#"{{"register":"visit","id":"{id}","fields":{{"summary":"没看到前面的"}}}}"#),
        format!(r#"{{"register":"visit","id":"{other}","deleted":true}}"#),
    ];
    let (key, batch) = (home.path().join("theirs"), home.path().join("theirs.jgb"));
    let output = python(
        "writer.py",
        &[
            "--forms",
            &forms,
            "--name",
            "张秀华",
            "--unit",
            "500101028008",
            "--key",
            &text(&key),
            "-o",
            &text(&batch),
        ],
        &lines.join("\n"),
    );
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    person.done(&["inspect", &text(&batch)], "");
    person.take(&batch);
    let listed = person.list("visit");
    assert_eq!(listed, read("visit", &batch));
    let record: Value = serde_json::from_str(listed.trim_end()).unwrap();
    let sides: BTreeSet<&str> = record["_conflicts"]["summary"]
        .as_array()
        .unwrap()
        .iter()
        .map(|side| side["value"].as_str().unwrap())
        .collect();
    assert_eq!(sides, BTreeSet::from(["已返乡", "没看到前面的"]));
    // And what was theirs goes on as it came.
    assert_eq!(read("visit", &person.export()), listed);
}

#[test]
#[ignore = "needs python3, ssh-keygen and zstd"]
fn any_changed_byte_is_refused_by_both() {
    let home = TempDir::new().unwrap();
    let forms = text(&root().join("src/forms"));
    let (key, batch) = (home.path().join("key"), home.path().join("b.jgb"));
    let line =
        r#"{"register":"visit","id":"01a20922b80071119111111111111111","fields":{"summary":"好"}}"#;
    python(
        "writer.py",
        &[
            "--forms",
            &forms,
            "--name",
            "张秀华",
            "--unit",
            "500101028008",
            "--key",
            &text(&key),
            "-o",
            &text(&batch),
        ],
        line,
    );
    let person = Person::new(home.path(), "区妇联");
    person.done(&["trust", "add", &text(&batch), "--yes"], "");
    let bytes = fs::read(&batch).unwrap();
    let broken = home.path().join("broken.jgb");
    // Spread over the whole file, headers and padding too.
    for n in 0..40 {
        let mut changed = bytes.clone();
        let at = n * (bytes.len() - 1) / 39;
        changed[at] ^= 1 << (n % 8);
        fs::write(&broken, &changed).unwrap();
        let theirs = python(
            "reader.py",
            &["--forms", &forms, "visit", &text(&broken)],
            "",
        );
        assert_eq!(theirs.status.code(), Some(3), "the reader, byte {at}");
        person.ended(&[3], &["merge", &text(&broken)], "");
    }
    assert_eq!(person.list("visit"), "");
    person.ended(&[0, 1], &["merge", &text(&batch)], "");
    assert_eq!(person.list("visit").lines().count(), 1);
}

#[test]
#[ignore = "needs python3"]
fn an_independent_reader_agrees_about_the_golden_frames() {
    let golden = text(&root().join("fixtures/frames-1.txt"));
    let output = python("reader.py", &["--frames", &golden], "");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
