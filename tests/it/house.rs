//! The walls of the house, read from the sources: who may use whom, who alone may name which crate, and what stands
//! nowhere. The map is in the crate documentation (`src/lib.rs`).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms, from the ground up. A room uses only rooms of the lines before its own.
const FLOORS: [&[&str]; 10] = [
    &["record"],
    &["forms"],
    &["codec"],
    &["files"],
    &["journal", "drafts"],
    &["store"],
    &["exchange", "report"],
    &["text", "demo"],
    &["tui", "cli"],
    &["main", "lib"],
];

/// Crates that one room alone may name.
const ALONE: [(&str, &str); 5] = [
    ("bincode", "codec"),
    ("sled", "store"),
    ("ratatui", "tui"),
    ("ratatui_textarea", "tui"),
    ("crossterm", "tui"),
];

/// The most lines of a source file.
const LINES: usize = 500;

/// A source file, taken apart.
struct Source {
    path: PathBuf,
    room: String,
    /// How deep its module lies: 1 for a room itself.
    depth: usize,
    text: String,
    /// Without comments, and with what stands in strings and character literals blanked.
    code: String,
    /// The same without test modules.
    shipped: String,
    /// String literals outside test modules, with their line.
    literals: Vec<(usize, String)>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path
            .extension()
            .is_some_and(|extension| extension == ending)
        {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<Source> {
    let src = root().join("src");
    let sources: Vec<Source> = files(&src, "rs")
        .into_iter()
        .map(|path| {
            let inside: Vec<String> = path
                .strip_prefix(&src)
                .expect("it was found there")
                .with_extension("")
                .iter()
                .map(|part| part.to_string_lossy().into_owned())
                .filter(|part| part != "mod")
                .collect();
            let text = fs::read_to_string(&path).expect("a source file is readable UTF-8");
            let (code, all) = take_apart(&text);
            // A file of tests beside its subject.
            let of_tests = inside.last().is_some_and(|name| name == "tests");
            let shipped = if of_tests {
                String::new()
            } else {
                without_tests(&code)
            };
            let literals = all
                .into_iter()
                .filter(|(at, _)| {
                    shipped
                        .as_bytes()
                        .get(*at)
                        .is_some_and(|byte| *byte != b'\x01')
                })
                .map(|(at, literal)| (text[..at].matches('\n').count() + 1, literal))
                .collect();
            Source {
                path,
                room: inside[0].clone(),
                depth: inside.len(),
                text,
                code,
                shipped,
                literals,
            }
        })
        .collect();
    assert!(
        sources.iter().any(|source| source.room == "record"),
        "the sources were not found"
    );
    sources
}

/// Blanks comments and the insides of literals, byte for byte, and gives the string literals with their offsets.
fn take_apart(text: &str) -> (String, Vec<(usize, String)>) {
    let bytes = text.as_bytes();
    let mut code = bytes.to_vec();
    let mut literals = Vec::new();
    let mut at = 0;
    let blank = |code: &mut Vec<u8>, from: usize, to: usize| {
        for byte in &mut code[from..to] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    };
    while at < bytes.len() {
        let rest = &bytes[at..];
        let before_is_word =
            at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
        let end = if rest.starts_with(b"//") {
            let end = rest
                .iter()
                .position(|byte| *byte == b'\n')
                .map_or(bytes.len(), |n| at + n);
            blank(&mut code, at, end);
            end
        } else if rest.starts_with(b"/*") {
            let mut depth = 0;
            let mut end = at;
            loop {
                match bytes.get(end..end + 2) {
                    Some(b"/*") => (depth, end) = (depth + 1, end + 2),
                    Some(b"*/") => (depth, end) = (depth - 1, end + 2),
                    Some(_) => end += 1,
                    None => break end = bytes.len(),
                }
                if depth == 0 {
                    break;
                }
            }
            blank(&mut code, at, end);
            end
        } else if let Some(hashes) = raw_string(rest).filter(|_| !before_is_word) {
            let open = at
                + rest
                    .iter()
                    .position(|byte| *byte == b'"')
                    .expect("a raw string opens")
                + 1;
            let close = format!("\"{}", "#".repeat(hashes));
            let end = text[open..].find(&close).map_or(bytes.len(), |n| open + n);
            literals.push((at, text[open..end].to_owned()));
            blank(&mut code, open, end);
            (end + close.len()).min(bytes.len())
        } else if rest[0] == b'"' {
            let mut end = at + 1;
            while end < bytes.len() && bytes[end] != b'"' {
                end += if bytes[end] == b'\\' { 2 } else { 1 };
            }
            let end = end.min(bytes.len());
            literals.push((at, text[at + 1..end].to_owned()));
            blank(&mut code, at + 1, end);
            end + 1
        } else if rest[0] == b'\'' {
            // A character, or a lifetime.
            let character = text[at + 1..].chars().next().unwrap_or(' ');
            let end = at + 1 + character.len_utf8();
            if character == '\\' {
                let close = text[end + 1..]
                    .find('\'')
                    .map_or(bytes.len(), |n| end + 1 + n);
                blank(&mut code, at + 1, close);
                close + 1
            } else if bytes.get(end) == Some(&b'\'') {
                blank(&mut code, at + 1, end);
                end + 1
            } else {
                end
            }
        } else {
            at + 1
        };
        at = end;
    }
    (
        String::from_utf8(code).expect("only whole characters were blanked"),
        literals,
    )
}

/// How many `#` a raw string that starts here has.
fn raw_string(rest: &[u8]) -> Option<usize> {
    let rest = rest.strip_prefix(b"b").unwrap_or(rest).strip_prefix(b"r")?;
    let hashes = rest.iter().take_while(|byte| **byte == b'#').count();
    (rest.get(hashes) == Some(&b'"')).then_some(hashes)
}

/// Overwrites what stands behind `#[cfg(test)]`, up to the end of that item, with a byte that no source has.
fn without_tests(code: &str) -> String {
    let mut bytes = code.as_bytes().to_vec();
    let mut from = 0;
    while let Some(start) = code[from..].find("#[cfg(test)]").map(|n| from + n) {
        let mut depth = 0usize;
        let mut end = start + "#[cfg(test)]".len();
        while let Some(byte) = bytes.get(end).copied() {
            end += 1;
            match byte {
                b'{' => depth += 1,
                b'}' => depth -= 1,
                b';' if depth == 0 => break,
                _ => continue,
            }
            if depth == 0 {
                break;
            }
        }
        for byte in &mut bytes[start..end] {
            if *byte != b'\n' {
                *byte = b'\x01';
            }
        }
        from = end;
    }
    // Blanked or not, the code outside literals may still hold whole characters of other scripts: names in tests.
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The names behind each `crate::` of the code; behind a brace each name of the list.
fn rooms_used(code: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back().unwrap_or(' ');
        if before.is_alphanumeric() || before == '_' || before == '$' {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut start = 0;
            for (n, c) in list.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => {
                        used.extend(word(&list[start..n]));
                        break;
                    }
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        used.extend(word(&list[start..n]));
                        start = n + 1;
                    }
                    _ => {}
                }
            }
        } else {
            used.extend(word(rest));
        }
    }
    used
}

fn word(text: &str) -> Option<String> {
    let word: String = text
        .trim_start()
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect();
    (!word.is_empty()).then_some(word)
}

/// Whether `text` has `name` as a word of its own.
fn names(text: &str, name: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).any(|(at, _)| {
        !text[..at].chars().next_back().is_some_and(part)
            && !text[at + name.len()..].chars().next().is_some_and(part)
    })
}

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
        for name in [
            "unsafe",
            "thread_local",
            "todo",
            "unimplemented",
            "dbg",
            "RefCell",
        ] {
            if names(&source.code, name) {
                found.push(format!("{}: {name}", at(&source)));
            }
        }
        for (n, line) in source.shipped.lines().enumerate() {
            let line = line.trim_start();
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

#[test]
fn the_reader_of_sources_reads_them() {
    let text = r##"
// a "comment"
fn a<'x>() { let b = ("one", r#"t"wo"#, '"', '\'', b"three"); } /* "no" /* nested */ */
#[cfg(test)]
mod tests { const C: &str = "hidden"; }
use crate::{codec::{self, x}, store}; // crate::cli
"##;
    let (code, literals) = take_apart(text);
    let literals: Vec<&str> = literals.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(literals, ["one", "t\"wo", "three", "hidden"]);
    assert!(!code.contains("comment") && !code.contains("nested") && !code.contains("wo"));
    assert!(!without_tests(&code).contains("tests"));
    let used: Vec<String> = rooms_used(&code).into_iter().collect();
    assert_eq!(used, ["codec", "store"]);
}
