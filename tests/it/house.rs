//! The walls of the house, read from the sources: who may use whom, who alone may name which crate, and what stands
//! nowhere. The map is in the crate documentation (`src/lib.rs`).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::sources::{Source, files, names, rooms_used, root, sources};

/// The rooms, from the ground up. A room uses only rooms of the lines before its own.
const FLOORS: [&[&str]; 12] = [
    &["record"],
    &["forms"],
    &["intake"],
    &["codec"],
    &["files"],
    &["journal", "drafts"],
    &["store"],
    &["exchange", "report"],
    &["text", "demo"],
    &["tui"],
    // `jinguo keys` prints the table of actions, `jinguo demo` opens the screen.
    &["cli"],
    &["main", "lib"],
];

/// Crates that one room alone may name.
const ALONE: [(&str, &str); 6] = [
    ("bincode", "codec"),
    ("sled", "store"),
    ("ratatui", "tui"),
    ("ratatui_textarea", "tui"),
    ("crossterm", "tui"),
    ("rust_xlsxwriter", "report"),
];

/// The most lines of a source file.
const LINES: usize = 500;

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

fn none(found: Vec<String>) {
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

fn at(source: &Source) -> String {
    let path = source.path.strip_prefix(root()).unwrap_or(&source.path);
    path.display().to_string()
}

#[test]
fn rooms_use_only_the_rooms_below_them() {
    let mut found = Vec::new();
    for source in sources() {
        let Some(own) = floor(&source.room) else {
            found.push(format!("{}: a room without a floor", at(&source)));
            continue;
        };
        for used in rooms_used(&source.code) {
            if let Some(other) = floor(&used)
                && used != source.room
                && other >= own
            {
                found.push(format!(
                    "{}: {} may not use {used}",
                    at(&source),
                    source.room
                ));
            }
        }
        let escape = "super::".repeat(source.depth);
        if source.room != "lib" && source.shipped.contains(&escape) {
            found.push(format!(
                "{}: {escape} leaves the room; say crate::",
                at(&source)
            ));
        }
    }
    none(found);
}

#[test]
fn one_room_alone_names_each_of_these_crates() {
    let sources = sources();
    for (name, room) in ALONE {
        let elsewhere = sources
            .iter()
            .filter(|source| source.room != room && names(&source.code, name))
            .map(|source| format!("{}: only {room} names {name}", at(source)));
        none(elsewhere.collect());
    }
    let bincode: Vec<String> = sources
        .iter()
        .filter(|source| names(&source.code, "bincode"))
        .map(at)
        .collect();
    assert_eq!(bincode, ["src/codec.rs"]);
}

#[test]
fn no_file_is_longer_than_its_bound() {
    let folders = ["src", "tests", "benches"];
    let long = folders
        .iter()
        .flat_map(|folder| files(&root().join(folder), "rs"));
    let long = long.filter_map(|path| {
        let lines = fs::read_to_string(&path).ok()?.lines().count();
        (lines > LINES).then(|| format!("{}: {lines} lines", path.display()))
    });
    none(long.collect());
}

#[test]
fn what_stands_nowhere() {
    let mut found = Vec::new();
    for source in sources() {
        for name in ["unsafe", "thread_local", "todo", "unimplemented", "dbg"] {
            if names(&source.code, name) {
                found.push(format!("{}: {name}", at(&source)));
            }
        }
        for (n, line) in source.shipped.lines().enumerate() {
            let line = line.trim_start();
            if line.contains(".unwrap()") {
                found.push(format!(
                    "{}:{}: unwrap; say which invariant",
                    at(&source),
                    n + 1
                ));
            }
            let global = ["static ", "pub static ", "pub(crate) static "]
                .iter()
                .any(|start| line.starts_with(start));
            let changes = ["Mutex", "RwLock", "Atomic", "OnceLock", "LazyLock", "Cell<"]
                .iter()
                .any(|kind| line.contains(kind));
            if global && (changes || line.contains("static mut")) {
                found.push(format!("{}:{}: a global", at(&source), n + 1));
            }
        }
        if source.shipped.contains("Rc<RefCell") {
            found.push(format!("{}: Rc<RefCell>", at(&source)));
        }
        for (n, line) in source.text.lines().enumerate() {
            for name in ["TODO", "FIXME", "XXX"] {
                if names(line, name) {
                    found.push(format!("{}:{}: {name}", at(&source), n + 1));
                }
            }
        }
    }
    none(found);
}

#[test]
fn an_ignored_test_says_why() {
    let all = files(&root().join("src"), "rs")
        .into_iter()
        .chain(files(&root().join("tests"), "rs"));
    let silent = all.filter(|path| {
        let text = fs::read_to_string(path).unwrap_or_default();
        text.lines().any(|line| line.trim() == "#[ignore]")
    });
    none(silent.map(|path| path.display().to_string()).collect());
}

#[test]
fn no_code_names_a_register_or_a_field() {
    let mut registers = BTreeSet::new();
    let mut fields = BTreeSet::new();
    for path in files(&root().join("src/forms"), "toml") {
        let text = fs::read_to_string(&path).expect("a register file is readable UTF-8");
        let file: toml::Table = text.parse().expect("a register file is TOML");
        if file.contains_key("number") {
            registers.extend(
                file.get("name")
                    .and_then(|name| name.as_str())
                    .map(str::to_owned),
            );
        }
        let listed = file
            .get("field")
            .and_then(|fields| fields.as_array())
            .into_iter()
            .flatten();
        let named = listed.filter_map(|field| field.get("name")?.as_str());
        fields.extend(named.filter(|name| name.contains('_')).map(str::to_owned));
    }
    let mut found = Vec::new();
    let sources = sources();
    for source in sources
        .iter()
        .filter(|source| source.room != "demo" && source.room != "text")
    {
        for (line, literal) in &source.literals {
            if registers.contains(literal) {
                found.push(format!("{}:{line}: the register {literal}", at(source)));
            }
            let field = fields.iter().find(|field| names(literal, field));
            if let Some(field) = field {
                found.push(format!("{}:{line}: the field {field}", at(source)));
            }
        }
    }
    none(found);
}

#[test]
fn the_tree_has_one_crossterm() {
    let lock = fs::read_to_string(root().join("Cargo.lock")).expect("Cargo.lock stands beside us");
    let lock: toml::Table = lock.parse().expect("Cargo.lock is TOML");
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in lock["package"].as_array().expect("it lists packages") {
        let name = package["name"].as_str().expect("a package has a name");
        let version = package["version"]
            .as_str()
            .expect("a package has a version");
        versions.entry(name).or_default().push(version);
    }
    for name in ["crossterm", "ratatui", "sled", "bincode"] {
        assert_eq!(versions[name].len(), 1, "{name}: {:?}", versions[name]);
    }
    assert_eq!(versions["bincode"], ["2.0.1"]);
    assert_eq!(versions["sled"], ["0.34.7"]);
}

/// What people get says nothing of where it was made, and asks no host of anybody's.
#[test]
fn no_paper_names_a_machine() {
    let papers = [
        "README.md",
        "README.zh-CN.md",
        "CHANGELOG.md",
        ".ci/run",
        "Cargo.toml",
    ];
    let sources = sources();
    let texts = papers
        .iter()
        .map(|paper| {
            (
                paper.to_string(),
                fs::read_to_string(root().join(paper)).unwrap(),
            )
        })
        .chain(
            sources
                .iter()
                .map(|source| (at(source), source.text.clone())),
        );
    let places = [
        "/work/",
        "/root/",
        "/tmp/",
        "localhost",
        "crates.io/api",
        "deb.debian.org",
    ];
    let found = texts.flat_map(|(name, text)| {
        let found = places.iter().filter(move |place| text.contains(**place));
        let found: Vec<String> = found.map(|place| format!("{name}: {place}")).collect();
        found
    });
    none(found.collect());
}
