//! A person's machine for tests of the built binary: her home, her store, and what a run gives.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// A person's machine: her home and her store.
pub struct Desk {
    home: TempDir,
}

/// What a run gave.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn rows(&self) -> Vec<Value> {
        self.out
            .lines()
            .map(|line| {
                serde_json::from_str(line)
                    .unwrap_or_else(|error| panic!("{error}: {line}\n{}", self.err))
            })
            .collect()
    }

    pub fn done(self) -> Self {
        self.ended(0)
    }

    pub fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, code, "\nout: {}\nerr: {}", self.out, self.err);
        self
    }
}

impl Desk {
    /// A machine without a store.
    pub fn bare() -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
        }
    }

    /// A machine with a store.
    pub fn of(name: &str) -> Self {
        let desk = Self::bare();
        desk.run(&["init", "--name", name, "--unit", "500101028008"])
            .done();
        desk
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub fn command(&self, args: &[&str]) -> Command {
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

    pub fn run(&self, args: &[&str]) -> Ran {
        self.feed(args, "")
    }

    pub fn feed(&self, args: &[&str], input: &str) -> Ran {
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
    pub fn add(&self, register: &str, fields: Value) -> String {
        let ran = self.feed(&["add", register], &fields.to_string()).done();
        ran.rows()[0]["id"].as_str().unwrap().to_owned()
    }

    pub fn household(&self, head: &str) -> String {
        self.add(
            "household",
            json!({"head_name": head, "address_detail": "3组大院子9号", "phone": "13800000001"}),
        )
    }

    pub fn list(&self, register: &str) -> Vec<Value> {
        self.run(&["list", register, "--format", "json"])
            .done()
            .rows()
    }
}

pub fn visit(household: &str, note: &str) -> Value {
    json!({"visit_date": "2026-11-02", "household_id": household, "key_groups": ["00"], "summary": note, "has_need": false})
}
