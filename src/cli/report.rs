//! `jinguo report`: sheets of a grid for an office's printer.

use std::io::Write as _;
use std::path::Path;

use serde_json::json;

use super::args::{self, Sheet as Wanted};
use super::env::Env;
use super::fault::{Fault, Outcome};
use super::held::Held;
use super::out::{Format, Object};
use crate::exchange::ledger::Ledger;
use crate::forms::{self, Content, Contents, Context, Roll};
use crate::record::{Record, RecordId, Tag};
use crate::report::roll::{Grid, Meeting, PASS, Person};
use crate::report::sheet::Sheet;
use crate::report::{table, xlsx};
use crate::store::StoreError;
use crate::text::report::{self as words, Say};

/// Which of the two sheets.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    SignIn,
    Roll,
}

/// Writes what the arguments ask for.
pub(crate) fn run(env: &mut Env, args: &args::Report) -> Result<Outcome, Fault> {
    match args {
        args::Report::SignIn(wanted) => sheet(env, wanted, Which::SignIn),
        args::Report::Roll(wanted) => sheet(env, wanted, Which::Roll),
    }
}

fn sheet(env: &mut Env, wanted: &Wanted, which: Which) -> Result<Outcome, Fault> {
    let ending = wanted.output.extension().and_then(|ending| ending.to_str());
    let as_csv = match ending.map(str::to_ascii_lowercase).as_deref() {
        Some("csv") => true,
        Some("xlsx") => false,
        _ => {
            let path = wanted.output.display().to_string();
            return Err(usage(env, &Say::NoFormat(&path)));
        }
    };
    let ledger = env.open()?;
    let record = Held::find(env, &ledger, &wanted.id)?.record;
    let registers = ledger.registers().clone();
    let register = env.register_of(&registers, record.register)?;
    let Some(roll) = &register.roll else {
        let grids = registers.all().iter().filter(|one| one.roll.is_some());
        let known: Vec<&str> = grids.map(|one| one.name.as_str()).collect();
        let say = Say::NoRoll {
            register: register.label.get(env.lang),
            known: &known.join(" "),
        };
        return Err(usage(env, &say));
    };
    let context = Context {
        registers: &registers,
        now_millis: ledger.now_millis(),
        me: &ledger.me,
        lookup: &ledger.store,
        lang: env.lang,
    };
    let grid = grid(&ledger, roll, &record).map_err(|error| env.store(&error))?;
    let on_paper = words::sheet(env.lang);
    let sheet = Sheet {
        register,
        contents: &forms::contents(&record),
        roll,
        grid: &grid,
        context: &context,
        words: on_paper,
    };
    let (table, name) = match which {
        Which::SignIn => (sheet.sign_in(), on_paper.sign_in),
        Which::Roll => (sheet.roll(pass(&ledger)), on_paper.roll),
    };
    let bytes = match as_csv {
        true => table::csv(&table).into_bytes(),
        false => {
            let now = i64::try_from(context.now_millis / 1000).unwrap_or(0);
            xlsx::xlsx(&table, name, on_paper.page, now)
                .map_err(|error| usage(env, &Say::NoSheet(&error.to_string())))?
        }
    };
    write(&wanted.output, &bytes).map_err(|error| env.file(&wanted.output, &error))?;
    let (path, rows) = (wanted.output.display().to_string(), table.rows.len() as u64);
    let mut row = Object::new();
    row.insert("path".to_owned(), json!(path));
    row.insert("rows".to_owned(), json!(rows));
    env.print(Format::Text, &row, || {
        words::words(env.lang, &Say::Wrote { path: &path, rows })
    })?;
    Ok(Outcome::Done)
}

fn usage(env: &Env, say: &Say<'_>) -> Fault {
    Fault::new(2, words::words(env.lang, say))
}

/// The grid of a record, as it is stored.
pub(crate) fn grid(ledger: &Ledger, roll: &Roll, record: &Record) -> Result<Grid, StoreError> {
    let this = (record.register, record.id);
    let of = |from: u32, by: Tag| -> Result<Vec<(RecordId, Contents)>, StoreError> {
        let found = ledger.store.referring(this, from)?.into_iter();
        Ok(found
            .filter(Record::is_alive)
            .map(|record| (record.id, forms::contents(&record)))
            .filter(|(_, contents)| reference(contents, by) == Some(record.id))
            .collect())
    };
    let people = of(roll.people, roll.people_by)?;
    let meetings = of(roll.meetings, roll.meetings_by)?;
    let mut marks = Vec::new();
    for (meeting, _) in &meetings {
        let found = ledger
            .store
            .referring((roll.meetings, *meeting), roll.marks)?;
        for mark in found.iter().filter(|mark| mark.is_alive()) {
            let contents = forms::contents(mark);
            let code = contents.get(&roll.mark).and_then(Content::value);
            let code = code.and_then(|value| value.as_text());
            if let (Some(person), Some(code)) = (reference(&contents, roll.marks_person), code)
                && reference(&contents, roll.marks_meeting) == Some(*meeting)
            {
                marks.push(((*meeting, person), code.to_owned()));
            }
        }
    }
    let people = people
        .into_iter()
        .map(|(id, contents)| Person { id, contents });
    let meetings = meetings
        .into_iter()
        .map(|(id, contents)| Meeting { id, contents });
    Ok(Grid::new(
        roll,
        ledger.registers(),
        people.collect(),
        meetings.collect(),
        marks,
    ))
}

fn reference(contents: &Contents, tag: Tag) -> Option<RecordId> {
    contents.get(&tag)?.value()?.as_ref_id()
}

/// The rate of the settings that passes, of a thousand; one that is no rate is not taken.
fn pass(ledger: &Ledger) -> u32 {
    let rate = ledger.settings.pass_rate;
    let rate = rate.filter(|rate| (0.0..=1.0).contains(rate));
    rate.map_or(PASS, |rate| (rate * 1000.0).round() as u32)
}

/// Writes a file whole: whoever reads it while it is made sees the old one.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    file.write_all(bytes)?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
