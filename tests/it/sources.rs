//! Reads Rust sources well enough to say what stands in code, in literals and in test modules.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A source file, taken apart.
pub struct Source {
    /// Where it stands.
    pub path: PathBuf,
    /// Its room: the folder or file of that name under `src`.
    pub room: String,
    /// How deep its module lies: 1 for a room itself.
    pub depth: usize,
    /// As it stands.
    pub text: String,
    /// Without comments, and with what stands in strings and character literals blanked.
    pub code: String,
    /// The same without test modules.
    pub shipped: String,
    /// String literals outside test modules, with their line.
    pub literals: Vec<(usize, String)>,
}

/// The crate's folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files under a folder whose name ends so.
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
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

/// All source files of the crate.
pub fn sources() -> Vec<Source> {
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
            // A file of tests beside its subject: `tests.rs`, `tests/…`, `…_tests.rs`.
            let of_tests = inside.iter().any(|name| name.ends_with("tests"));
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
pub fn rooms_used(code: &str) -> BTreeSet<String> {
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
pub fn names(text: &str, name: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).any(|(at, _)| {
        !text[..at].chars().next_back().is_some_and(part)
            && !text[at + name.len()..].chars().next().is_some_and(part)
    })
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
