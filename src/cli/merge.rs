//! `jinguo merge`: a balance that adds up, and what needs a person.

use serde_json::{Value as Json, json};

use super::args;
use super::env::Env;
use super::export::{name, person};
use super::fault::{Fault, Outcome};
use super::out::{Format, Object};
use super::progress::Progress;
use crate::exchange::ledger::Ledger;
use crate::exchange::merge::{Balance, Merged};
use crate::exchange::plan::Why;
use crate::forms::Registers;
use crate::store::Applied;
use crate::text::cli::{Say, words};
use crate::text::exchange as exchange_words;

/// Merges and prints the balance.
///
/// # Errors
/// Bad input if a file was refused; the others are merged all the same.
pub(crate) fn run(env: &mut Env, args: &args::Merge) -> Result<Outcome, Fault> {
    let mut ledger = env.open()?;
    let mut progress = Progress::new(words(env.lang, &Say::Merging));
    let merged = ledger.merge(&args.files, args.dry_run, &mut |done, total| {
        progress.at(done, total)
    });
    drop(progress);
    let merged = merged.map_err(|error| env.exchange(&error))?;
    let row = object(&merged, ledger.registers());
    env.print(Format::Text, &row, || {
        text(env, &merged, &ledger, args.dry_run)
    })?;
    if !merged.refused.is_empty() {
        let why = |(path, why): &(std::path::PathBuf, _)| {
            exchange_words::refused(env.lang, &path.display().to_string(), why)
        };
        return Err(Fault {
            code: 3,
            chain: merged.refused.iter().map(why).collect(),
        });
    }
    let conflicted = merged.applied.conflicted > 0;
    Ok(if conflicted || !merged.waiting.is_empty() {
        Outcome::NeedsPerson
    } else {
        Outcome::Done
    })
}

fn balance(row: &mut Object, balance: &Balance) {
    for (key, number) in [
        ("in", balance.total),
        ("new", balance.new),
        ("known", balance.known),
        ("waiting", balance.waiting),
        ("refused", balance.refused),
    ] {
        row.insert(key.to_owned(), json!(number));
    }
}

fn counts(row: &mut Object, applied: &Applied) {
    row.insert("created".to_owned(), json!(applied.created));
    row.insert("changed".to_owned(), json!(applied.changed));
    row.insert("conflicted".to_owned(), json!(applied.conflicted));
}

/// A register's name; of one that is not loaded its number.
fn name_of(registers: &Registers, number: u32) -> String {
    let register = registers.by_number(number);
    register.map_or_else(|| number.to_string(), |register| register.name.clone())
}

fn object(merged: &Merged, registers: &Registers) -> Object {
    let mut row = Object::new();
    balance(&mut row, &merged.balance);
    counts(&mut row, &merged.applied);
    if !merged.registers.is_empty() {
        let mut by_register = Object::new();
        for (number, applied) in &merged.registers {
            let mut row = Object::new();
            counts(&mut row, applied);
            by_register.insert(name_of(registers, *number), row.into());
        }
        row.insert("registers".to_owned(), by_register.into());
    }
    let files: Vec<Json> = merged
        .files
        .iter()
        .map(|file| {
            let mut row = Object::new();
            row.insert("path".to_owned(), json!(file.path.display().to_string()));
            row.insert("sender".to_owned(), person(&file.sender).into());
            row.insert("made".to_owned(), json!(file.made));
            row.insert("number".to_owned(), json!(file.number));
            balance(&mut row, &file.balance);
            row.into()
        })
        .collect();
    row.insert("files".to_owned(), files.into());
    let refused: Vec<Json> = merged
        .refused
        .iter()
        .map(|(path, why)| json!({"path": path.display().to_string(), "why": why.to_string()}))
        .collect();
    row.insert("refusals".to_owned(), refused.into());
    let waits: Vec<Json> = merged
        .waiting
        .iter()
        .map(|piece| {
            let mut row = person(&piece.who);
            row.insert("log".to_owned(), json!(piece.log.to_string()));
            row.insert("from".to_owned(), json!(piece.from));
            row.insert("to".to_owned(), json!(piece.to));
            let why = match piece.why {
                Why::Gap => "gap",
                Why::Fork => "fork",
                Why::Untrusted => "untrusted",
            };
            row.insert("why".to_owned(), json!(why));
            row.insert("batch".to_owned(), json!(piece.batch));
            row.into()
        })
        .collect();
    row.insert("waits".to_owned(), waits.into());
    let forks: Vec<Json> = merged
        .forks
        .iter()
        .map(|fork| {
            let mut row = person(&fork.who);
            row.insert("log".to_owned(), json!(fork.log.to_string()));
            row.insert("seq".to_owned(), json!(fork.seq));
            row.insert("batch".to_owned(), json!(fork.batch));
            row.insert("held".to_owned(), json!(fork.held));
            row.into()
        })
        .collect();
    row.insert("forks".to_owned(), forks.into());
    row.insert("joined".to_owned(), json!(merged.joined));
    row.insert("restored".to_owned(), json!(merged.restored));
    row
}

fn text(env: &Env, merged: &Merged, ledger: &Ledger, dry_run: bool) -> String {
    let lang = env.lang;
    let Balance {
        total,
        new,
        known,
        waiting,
        refused,
    } = merged.balance;
    let mut lines = vec![words(
        lang,
        &Say::Balance {
            total,
            new,
            known,
            waiting,
            refused,
        },
    )];
    let count = |applied: &Applied| Say::Applied {
        created: applied.created,
        changed: applied.changed,
        conflicted: applied.conflicted,
    };
    lines.push(words(lang, &count(&merged.applied)));
    for (number, applied) in &merged.registers {
        let register = ledger.registers().by_number(*number);
        let label = register.map_or_else(
            || number.to_string(),
            |register| register.label.get(lang).to_owned(),
        );
        lines.push(format!("  {label}  {}", words(lang, &count(applied))));
    }
    if dry_run {
        lines.push(words(lang, &Say::DryRun));
    }
    for piece in &merged.waiting {
        let why = match piece.why {
            Why::Gap => Say::WaitsForGap,
            Why::Fork => Say::WaitsForFork,
            Why::Untrusted => Say::WaitsForTrust,
        };
        let (who, range) = (
            name(&piece.who, lang),
            format!("{}-{}", piece.from, piece.to),
        );
        lines.push(words(
            lang,
            &Say::Waits {
                who: &who,
                range: &range,
                why: &words(lang, &why),
            },
        ));
    }
    for fork in &merged.forks {
        lines.push(words(
            lang,
            &Say::Forked {
                who: &name(&fork.who, lang),
                seq: fork.seq,
            },
        ));
    }
    if merged.restored {
        lines.push(words(lang, &Say::Restored));
    }
    lines.join("\n")
}
