//! The embedded registers load, and every mistake of a file is told with its line.

use super::*;
use unicode_width::UnicodeWidthStr;

fn told(mistakes: &[Mistake]) -> String {
    mistakes
        .iter()
        .map(|mistake| format!("{mistake}\n"))
        .collect()
}

fn load(text: &str) -> Result<Registers, Vec<Mistake>> {
    let source = Source {
        name: "local.toml".into(),
        text: text.into(),
    };
    Registers::load(&[source], None)
}

#[test]
fn the_embedded_registers_load_without_a_warning() {
    match Registers::load(&[], None) {
        Ok(registers) => assert!(
            registers.warnings().is_empty(),
            "{}",
            told(registers.warnings())
        ),
        Err(mistakes) => panic!("{}", told(&mistakes)),
    }
}

#[test]
fn every_choice_has_a_short_word_in_both_languages() {
    let registers = Registers::builtin();
    for list in registers.lists.values() {
        for choice in &list.all {
            for word in [&choice.short.zh, &choice.short.en] {
                assert!(
                    (1..=8).contains(&word.width()),
                    "{} {} {word}",
                    list.name,
                    choice.code
                );
            }
            assert!(!choice.label.en.contains('_') && !choice.label.en.contains("  "));
        }
    }
}
