//! What the READMEs say is so: the commands they list, the keys they name, the register they show.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use jinguo::forms::{Registers, Source};

use crate::sources::root;

const READMES: [&str; 2] = ["README.md", "README.zh-CN.md"];

fn readme(name: &str) -> String {
    fs::read_to_string(root().join(name)).expect("the README stands there")
}

fn jinguo(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_jinguo"))
        .args(args)
        .output()
        .expect("the binary runs");
    assert!(output.status.success(), "{args:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The blocks of a README in this language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let open = format!("```{language}\n");
    let ends = |part: &str| part.split("```").next().unwrap_or_default().to_owned();
    text.split(&open).skip(1).map(ends).collect()
}

#[test]
fn every_command_stands_in_the_readmes() {
    let help = jinguo(&["--help", "--lang", "en"]);
    let listed = help
        .split("Commands:")
        .nth(1)
        .and_then(|rest| rest.split("\n\n").next())
        .expect("help lists the commands");
    let commands: Vec<&str> = listed
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(commands.len() > 10, "{help}");
    for name in READMES {
        let text = readme(name);
        for command in &commands {
            let named = format!("`jinguo {command}");
            assert!(text.contains(&named), "{name} lacks {command}");
        }
    }
}

#[test]
fn every_key_of_the_readmes_is_in_the_keymap() {
    let keys = jinguo(&["keys", "--lang", "en"]);
    let keys: BTreeSet<&str> = keys.split_whitespace().collect();
    for name in READMES {
        let text = readme(name);
        let rows = text.lines().filter(|line| line.starts_with("| "));
        let mut found = 0;
        for row in rows {
            let named = row.split('|').nth(1).unwrap_or_default();
            let words = named.split(|c: char| c.is_whitespace() || c == ',' || c == '、');
            for key in words.filter(|word| is_key(word)) {
                assert!(keys.contains(key), "{name}: {key} does nothing");
                found += 1;
            }
        }
        assert!(found > 20, "{name}: only {found} keys found");
    }
}

fn is_key(word: &str) -> bool {
    let function = word
        .strip_prefix('F')
        .is_some_and(|n| n.parse::<u8>().is_ok());
    function
        || word.starts_with("Ctrl-")
        || ["Enter", "Tab", "Shift-Tab", "Esc", "Del"].contains(&word)
}

#[test]
fn the_register_in_the_readmes_loads() {
    let shown: BTreeSet<String> = READMES
        .iter()
        .flat_map(|name| blocks(&readme(name), "toml"))
        .collect();
    assert!(!shown.is_empty());
    for text in shown {
        let name = "leaflet.toml".into();
        let registers = Registers::load(&[Source { name, text }], None).expect("it is a good one");
        let visits = registers.by_name("visit").expect("it is built in");
        assert!(visits.field("brought_leaflet").is_some());
    }
}

#[test]
fn the_two_commands_stand_first() {
    for name in READMES {
        let blocks = blocks(&readme(name), "sh");
        let lines: Vec<&str> = blocks[0]
            .lines()
            .filter_map(|line| line.split('#').next())
            .map(str::trim)
            .collect();
        assert_eq!(lines, ["cargo run --release -- demo", "cargo test"]);
    }
}
