//! `jinguo add`: JSON lines in, one group a line, one fdatasync a chunk, an answer a line behind it.

use std::cell::Cell;
use std::io::{BufReader, Write, stdin};

use serde_json::{Value as Json, json};

use super::args;
use super::env::Env;
use super::fault::{Fault, Outcome};
use super::lines::{Line, Lines};
use super::memory::Memory;
use super::out::{Format, Object, Out};
use super::progress::Progress;
use super::typed;
use crate::exchange::commit::Edit;
use crate::exchange::ledger::Ledger;
use crate::forms::{Context, Entry, Register};
use crate::record::RecordId;
use crate::text::cli::{Say, words};

/// Adds what standard input gives.
pub(crate) fn run(env: &mut Env, args: &args::Add) -> Result<Outcome, Fault> {
    let mut ledger = env.open()?;
    let registers = ledger.store.registers().clone();
    let register = env.register(&registers, &args.register)?;
    let mut out = env.out(Format::Json);
    let mut lines = Lines::new(BufReader::with_capacity(256 * 1024, stdin().lock()));
    let mut progress = Progress::new(words(env.lang, &Say::Adding));
    let mut adding = Adding {
        env,
        register,
        refused: false,
        last: 0,
        memory: Memory::default(),
    };
    adding
        .begin(&mut out)
        .map_err(|error| Fault::of_output(adding.env.lang, &error))?;
    loop {
        let chunk = lines
            .chunk()
            .map_err(|error| Fault::input(adding.env.lang, &Say::Reading(&error.to_string())))?;
        if chunk.is_empty() {
            break;
        }
        adding.chunk(&mut ledger, chunk, &mut out)?;
        progress.at(adding.last, 0);
    }
    Ok(if adding.refused {
        Outcome::NeedsPerson
    } else {
        Outcome::Done
    })
}

struct Adding<'a> {
    env: &'a Env,
    register: &'a Register,
    refused: bool,
    /// The last line that was answered.
    last: u64,
    memory: Memory,
}

/// A line that is ready to be saved.
struct Ready {
    entry: Entry,
    group: Vec<Edit>,
    rows: Vec<(String, usize)>,
    warnings: Vec<String>,
}

/// What became of a line so far.
enum Answer {
    /// It waits for the chunk's fdatasync: its place among the groups.
    Saved(usize, Box<Ready>),
    /// Why it is refused.
    Refused(Vec<String>),
}

impl Adding<'_> {
    fn begin<W: Write>(&self, out: &mut Out<W>) -> std::io::Result<()> {
        let rows = self
            .register
            .fields
            .iter()
            .filter(|field| !field.stored())
            .map(|field| field.name.as_str());
        let columns: Vec<&str> = ["id"]
            .into_iter()
            .chain(rows)
            .chain(["warnings", "line", "errors"])
            .collect();
        out.columns(columns)
    }

    /// Reads, saves and answers one chunk.
    fn chunk<W: Write>(
        &mut self,
        ledger: &mut Ledger,
        chunk: Vec<(u64, Line)>,
        out: &mut Out<W>,
    ) -> Result<(), Fault> {
        let mut rest = chunk.into_iter().peekable();
        while rest.peek().is_some() {
            // A line whose words may mean a record of this very chunk is read again once that is saved.
            let mut answers: Vec<(u64, Answer)> = Vec::new();
            let mut waiting = 0;
            {
                let lookup = self.memory.before(&ledger.store, ledger.store.registers());
                let context = Context {
                    registers: ledger.store.registers(),
                    now_millis: ledger.now_millis(),
                    me: &ledger.me,
                    lookup: &lookup,
                    lang: self.env.lang,
                };
                while let Some((number, line)) = rest.peek() {
                    match self.read(ledger, line, waiting > 0, &context) {
                        None => break,
                        Some(Ok(ready)) => {
                            answers.push((*number, Answer::Saved(waiting, Box::new(ready))));
                            waiting += 1;
                        }
                        Some(Err(errors)) => answers.push((*number, Answer::Refused(errors))),
                    }
                    rest.next();
                }
            }
            let groups = answers.iter_mut().filter_map(|(_, answer)| match answer {
                Answer::Saved(_, ready) => Some(std::mem::take(&mut ready.group)),
                Answer::Refused(_) => None,
            });
            let groups: Vec<Vec<Edit>> = groups.collect();
            let ids = ledger
                .commit_many(groups)
                .map_err(|error| self.env.exchange(&error))?;
            for (number, answer) in answers {
                self.last = number;
                let row = match answer {
                    Answer::Saved(at, mut ready) => {
                        let ids = &ids[at];
                        self.learn(ledger, &mut ready, ids);
                        let mut row = Object::new();
                        row.insert("id".to_owned(), json!(ids[0].to_string()));
                        for (name, place) in ready.rows {
                            let list = row.entry(name).or_insert_with(|| json!([]));
                            if let Json::Array(list) = list {
                                list.push(json!(ids[place].to_string()));
                            }
                        }
                        if !ready.warnings.is_empty() {
                            row.insert("warnings".to_owned(), json!(ready.warnings));
                        }
                        row
                    }
                    Answer::Refused(errors) => {
                        self.refused = true;
                        let mut row = Object::new();
                        row.insert("line".to_owned(), json!(number));
                        row.insert("errors".to_owned(), json!(errors));
                        row
                    }
                };
                let print = out.row(&row, || text(&row));
                print.map_err(|error| self.closed(&error))?;
            }
            out.flush().map_err(|error| self.closed(&error))?;
        }
        Ok(())
    }

    /// Reads one line; `None` if it must wait until the lines before it are saved.
    fn read(
        &self,
        ledger: &Ledger,
        line: &Line,
        pending: bool,
        context: &Context<'_>,
    ) -> Option<Result<Ready, Vec<String>>> {
        let lang = self.env.lang;
        let refuse = |say: Say<'_>| Some(Err(vec![words(lang, &say)]));
        let text = match line {
            Line::Text(text) => text,
            Line::Long => return refuse(Say::LongLine),
            Line::NotText => return refuse(Say::NotJson("UTF-8")),
        };
        let object: Object = match serde_json::from_str::<Json>(text) {
            Ok(Json::Object(object)) => object,
            Ok(_) => return refuse(Say::NotObject),
            Err(error) => return refuse(Say::NotJson(&error.to_string())),
        };
        let wait = Cell::new(false);
        let search = |to: u32, typed: &str, limit: usize| {
            if pending && self.makes(to) {
                wait.set(true);
                return Vec::new();
            }
            let found = ledger.store.search(&[to], typed, limit).unwrap_or_default();
            found.into_iter().map(|record| record.id).collect()
        };
        let given = match typed::read(self.register, &object, &search, context) {
            _ if wait.get() => return None,
            Ok(given) => given,
            Err(errors) => return Some(Err(errors)),
        };
        let mut entry = Entry::new(self.register, context);
        entry.fill(given.clone(), context);
        // A natural key that is held already is an edit of what differs.
        let held = entry
            .natural_key(context)
            .and_then(|id| ledger.store.record(self.register.number, id).ok()?);
        if let Some(record) = &held {
            entry = Entry::of(record, context);
            entry.fill(given, context);
        } else if pending && !self.register.key.is_empty() {
            return None;
        }
        let (mut errors, warnings) = typed::complaints(self.register, &entry, context);
        errors.extend(typed::dangling(self.register, &entry, context));
        if !errors.is_empty() {
            return Some(Err(errors));
        }
        let (mut group, rows) = typed::group(self.register, &entry, context);
        if let Some(record) = held {
            group[0] = Edit {
                register: self.register.number,
                record: Some(record.id),
                seen: ledger
                    .store
                    .seen(self.register.number, record.id)
                    .unwrap_or_default(),
                sets: entry.sets(Some(&record), context),
                row_of: None,
            };
        }
        Some(Ok(Ready {
            entry,
            group,
            rows,
            warnings,
        }))
    }

    /// Remembers what was saved.
    fn learn(&self, ledger: &Ledger, ready: &mut Ready, ids: &[RecordId]) {
        let flat = ready.rows.len() + 1 == ids.len();
        if !ready.entry.is_new() || !flat {
            return self.memory.forget();
        }
        ready.entry.set_id(ids[0]);
        self.memory.saved(self.register, ids[0], &ready.entry);
        // In the order in which the group was made.
        let fields = self
            .register
            .fields
            .iter()
            .filter(|field| ready.entry.relevant(field.tag));
        let rows = fields.flat_map(|field| ready.entry.rows(field.tag));
        for (row, (_, place)) in rows.zip(&ready.rows) {
            if let Some(register) = ledger.registers().by_number(row.register()) {
                self.memory.saved(register, ids[*place], row);
            }
        }
    }

    /// Whether lines of this register make records of that one.
    fn makes(&self, register: u32) -> bool {
        use crate::forms::Kind;
        let of = |kind: &Kind| matches!(kind, Kind::Rows { of, .. } if *of == register);
        self.register.number == register || self.register.fields.iter().any(|field| of(&field.kind))
    }

    fn closed(&self, error: &std::io::Error) -> Fault {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Fault::new(1, words(self.env.lang, &Say::ClosedWhileAdding(self.last)));
        }
        Fault::of_output(self.env.lang, error)
    }
}

fn text(row: &Object) -> String {
    let list = |name: &str| {
        let items = row.get(name).and_then(Json::as_array).into_iter().flatten();
        items
            .filter_map(Json::as_str)
            .collect::<Vec<_>>()
            .join("; ")
    };
    match row.get("id").and_then(Json::as_str) {
        Some(id) if row.contains_key("warnings") => format!("{id} ({})", list("warnings")),
        Some(id) => id.to_owned(),
        None => format!("{}: {}", row["line"], list("errors")),
    }
}
