//! `jinguo import`: the rows of a csv or xlsx, each read as `add` reads a line, each accepted or refused with its reason.

use std::path::Path;

use super::add::Adding;
use super::args;
use super::env::Env;
use super::fault::{Fault, Outcome, tell};
use super::lines::Line;
use super::out::{Format, printable};
use super::progress::Progress;
use crate::exchange::ledger::Ledger;
use crate::forms::{Context, Register};
use crate::intake::{Map, Roster, object, roster, tables};
use crate::record::Tag;
use crate::text::cli::Say;
use crate::text::intake::{self, Say as Words};

/// The largest file that is read.
const LARGEST: u64 = 20_000_000;
/// Rows that are saved at once.
const CHUNK: usize = 1_000;

/// Imports a file.
pub(crate) fn run(env: &mut Env, args: &args::Import) -> Result<Outcome, Fault> {
    let mut ledger = env.open()?;
    let registers = ledger.store.registers().clone();
    let register = env.register(&registers, &args.register)?;
    let map = match &args.map {
        Some(path) => decided(env, path, register)?,
        None => Map::new(),
    };
    let file = args.file.display().to_string();
    let unread = |why| Fault::new(3, intake::unread(env.lang, &file, &why));
    let bytes = bytes(env, &args.file)?;
    let roster = tables(&bytes)
        .and_then(|tables| roster(&tables, register, &map))
        .map_err(unread)?;
    drop(bytes);
    not_taken(env, &roster);
    let mut out = env.out(Format::Json);
    let mut progress = Progress::new(Words::Importing.get(env.lang).to_owned());
    let mut adding = Adding::new(env, register);
    adding.by_row(args.dry_run);
    adding
        .begin(&mut out)
        .map_err(|error| Fault::of_output(env.lang, &error))?;
    let all = roster.rows.len() as u64;
    for (done, rows) in (1u64..).zip(roster.rows.chunks(CHUNK)) {
        let chunk: Vec<(u64, Line)> = rows
            .iter()
            .map(|(number, row)| (*number, line(env, &ledger, register, row)))
            .collect();
        adding.chunk(&mut ledger, &chunk, &mut out)?;
        progress.at((done * CHUNK as u64).min(all), all);
    }
    Ok(adding.outcome())
}

fn bytes(env: &Env, path: &Path) -> Result<Vec<u8>, Fault> {
    let size = std::fs::metadata(path)
        .map_err(|error| env.file(path, &error))?
        .len();
    if size > LARGEST {
        let why = crate::intake::Unread::TooLarge;
        return Err(Fault::new(
            3,
            intake::unread(env.lang, &path.display().to_string(), &why),
        ));
    }
    std::fs::read(path).map_err(|error| env.file(path, &error))
}

/// `--map`: which column is which field.
fn decided(env: &Env, path: &Path, register: &Register) -> Result<Map, Fault> {
    let text = std::fs::read_to_string(path).map_err(|error| env.file(path, &error))?;
    let file = path.display().to_string();
    let map: Map = toml::from_str(&text)
        .map_err(|error| Fault::new(3, Words::BadMap.with(env.lang, &[&file, error.message()])))?;
    let stored = |name: &str| register.field(name).is_some_and(|field| field.stored());
    if let Some(name) = map.values().find(|name| !name.is_empty() && !stored(name)) {
        let fields = register.fields.iter().filter(|field| field.stored());
        let known: Vec<&str> = fields.map(|field| field.name.as_str()).collect();
        let known = known.join(" ");
        return Err(Fault::input(
            env.lang,
            &Say::NoField {
                name,
                known: &known,
            },
        ));
    }
    Ok(map)
}

/// Says what of a file does not become records: it must not go unseen.
fn not_taken(env: &Env, roster: &Roster) {
    let left: Vec<&str> = roster
        .columns
        .iter()
        .filter(|column| column.field.is_none())
        .map(|column| column.heading.as_str())
        .collect();
    if !left.is_empty() {
        tell(&printable(
            &Words::NotTaken.with(env.lang, &[&left.join("、")]),
        ));
    }
    for (number, held) in &roster.passed {
        tell(&printable(
            &Words::PassedRow.with(env.lang, &[&number.to_string(), held]),
        ));
    }
}

fn line(env: &Env, ledger: &Ledger, register: &Register, row: &[(Tag, String)]) -> Line {
    let context = Context {
        registers: ledger.store.registers(),
        now_millis: ledger.now_millis(),
        me: &ledger.me,
        lookup: &ledger.store,
        lang: env.lang,
    };
    let read = object(register, row, &context);
    Line::Read(read.map_err(|wrong| {
        let complaints = wrong
            .iter()
            .map(|(name, label)| format!("{name}: {}", label.get(env.lang)));
        complaints.collect()
    }))
}
