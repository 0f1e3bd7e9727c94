//! `jinguo add`: JSON lines in, one group a line, one fdatasync a chunk, an answer a line behind it.

use std::collections::BTreeSet;
use std::io::{BufReader, Write, stdin};

use serde_json::{Value as Json, json};

use super::args;
use super::env::Env;
use super::fault::{Fault, Outcome};
use super::lines::{Line, Lines};
use super::memory::Memory;
use super::out::{Format, Object, Out};
use super::progress::Progress;
use super::reader::{Read, Reader, Ready};
use crate::exchange::ledger::Ledger;
use crate::forms::Register;
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
    let mut adding = Adding::new(env, register);
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
        adding.chunk(&mut ledger, &chunk, &mut out)?;
        progress.at(adding.last, 0);
    }
    Ok(adding.outcome())
}

/// Lines on their way into the store, for `add` and `import`.
pub(crate) struct Adding<'a> {
    env: &'a Env,
    register: &'a Register,
    refused: bool,
    /// The last line that was answered.
    last: u64,
    /// What each reading thread remembers of the store.
    memories: [Memory; 2],
    /// Every answer names its line.
    numbered: bool,
    /// Nothing is saved.
    dry: bool,
}

impl<'a> Adding<'a> {
    /// Nothing was read yet.
    pub(crate) fn new(env: &'a Env, register: &'a Register) -> Self {
        Self {
            env,
            register,
            refused: false,
            last: 0,
            memories: Default::default(),
            numbered: false,
            dry: false,
        }
    }

    /// Answers name their row; a dry run only says what would be refused.
    pub(crate) fn by_row(&mut self, dry: bool) {
        (self.numbered, self.dry) = (true, dry);
    }

    /// How it went.
    pub(crate) fn outcome(&self) -> Outcome {
        if self.refused {
            Outcome::NeedsPerson
        } else {
            Outcome::Done
        }
    }

    /// Writes what stands above the answers.
    pub(crate) fn begin<W: Write>(&self, out: &mut Out<W>) -> std::io::Result<()> {
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

    /// Reads, saves and answers one chunk. A line that may mean a record of this very chunk is read again once the lines
    /// before it are saved.
    pub(crate) fn chunk<W: Write>(
        &mut self,
        ledger: &mut Ledger,
        chunk: &[(u64, Line)],
        out: &mut Out<W>,
    ) -> Result<(), Fault> {
        if self.dry {
            return self.rehearse(ledger, chunk, out);
        }
        let mut read = self.read(ledger, chunk);
        let mut saved: BTreeSet<RecordId> = BTreeSet::new();
        let mut start = 0;
        while start < chunk.len() {
            let mut answers = Vec::new();
            let mut groups = Vec::new();
            let mut keys = BTreeSet::new();
            for (at, (number, line)) in chunk.iter().enumerate().skip(start) {
                let known = |key: RecordId| saved.contains(&key) || keys.contains(&key);
                let outcome = read[at].take().filter(|outcome| match outcome {
                    Ok(ready) => !ready.key.is_some_and(known),
                    Err(_) => true,
                });
                let outcome = match outcome {
                    Some(outcome) => outcome,
                    None if groups.is_empty() => self.again(ledger, line),
                    None => break,
                };
                let outcome = outcome.map(|mut ready| {
                    keys.extend(ready.key);
                    groups.push(std::mem::take(&mut ready.group));
                    ready
                });
                answers.push((*number, outcome));
            }
            start += answers.len();
            let ids = ledger
                .commit_many(groups)
                .map_err(|error| self.env.exchange(&error))?;
            saved.extend(keys);
            let mut ids = ids.iter();
            for (number, outcome) in answers {
                self.last = number;
                let row = match outcome {
                    Ok(ready) => {
                        let ids = ids.next().map(Vec::as_slice).unwrap_or_default();
                        let mut row = ready.row(ids);
                        if self.numbered {
                            row.insert("line".to_owned(), json!(number));
                        }
                        self.learn(ledger, ready, ids);
                        row
                    }
                    Err(errors) => {
                        self.refused = true;
                        refusal(number, &errors)
                    }
                };
                let print = out.row(&row, || text(&row));
                print.map_err(|error| self.closed(&error))?;
            }
            out.flush().map_err(|error| self.closed(&error))?;
        }
        Ok(())
    }

    /// Reads and answers a chunk and saves nothing.
    fn rehearse<W: Write>(
        &mut self,
        ledger: &Ledger,
        chunk: &[(u64, Line)],
        out: &mut Out<W>,
    ) -> Result<(), Fault> {
        for (number, line) in chunk {
            let row = match self.again(ledger, line) {
                Ok(ready) => {
                    let mut row = Object::new();
                    row.insert("line".to_owned(), json!(number));
                    if !ready.warnings.is_empty() {
                        row.insert("warnings".to_owned(), json!(ready.warnings));
                    }
                    row
                }
                Err(errors) => {
                    self.refused = true;
                    refusal(*number, &errors)
                }
            };
            let print = out.row(&row, || text(&row));
            print.map_err(|error| Fault::of_output(self.env.lang, &error))?;
        }
        out.flush()
            .map_err(|error| Fault::of_output(self.env.lang, &error))
    }

    /// Reads a chunk's lines in two threads: reading costs several times what saving costs.
    fn read(&mut self, ledger: &Ledger, chunk: &[(u64, Line)]) -> Vec<Option<Read>> {
        let (lang, register) = (self.env.lang, self.register);
        let read = |lines: &[(u64, Line)], memory: &Memory| -> Vec<Option<Read>> {
            let reader = Reader {
                lang,
                register,
                ledger,
                memory,
            };
            lines
                .iter()
                .map(|(_, line)| reader.read(line, true))
                .collect()
        };
        let (one, two) = chunk.split_at(chunk.len() / 2);
        let [of_one, of_two] = &mut self.memories;
        std::thread::scope(|scope| {
            let second = scope.spawn(move || read(two, of_two));
            let mut all = read(one, of_one);
            match second.join() {
                Ok(rest) => all.extend(rest),
                Err(panic) => std::panic::resume_unwind(panic),
            }
            all
        })
    }

    /// Reads a line before which everything is saved.
    fn again(&self, ledger: &Ledger, line: &Line) -> Read {
        let reader = Reader {
            lang: self.env.lang,
            register: self.register,
            ledger,
            memory: &self.memories[0],
        };
        // Nothing is left to wait for.
        reader.read(line, false).unwrap_or_else(|| Err(Vec::new()))
    }

    /// Remembers what was saved.
    fn learn(&self, ledger: &Ledger, mut ready: Ready, ids: &[RecordId]) {
        let flat = ready.rows.len() + 1 == ids.len();
        if !ready.entry.is_new() || !flat {
            return self.memories.iter().for_each(Memory::forget);
        }
        ready.entry.set_id(ids[0]);
        // In the order in which the group was made.
        let fields = self
            .register
            .fields
            .iter()
            .filter(|field| ready.entry.relevant(field.tag));
        let rows: Vec<_> = fields
            .flat_map(|field| ready.entry.rows(field.tag))
            .zip(&ready.rows)
            .collect();
        for memory in &self.memories {
            memory.saved(self.register, ids[0], &ready.entry);
            for (row, (_, place)) in &rows {
                if let Some(register) = ledger.registers().by_number(row.register()) {
                    memory.saved(register, ids[*place], row);
                }
            }
        }
    }

    fn closed(&self, error: &std::io::Error) -> Fault {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Fault::new(1, words(self.env.lang, &Say::ClosedWhileAdding(self.last)));
        }
        Fault::of_output(self.env.lang, error)
    }
}

fn refusal(number: u64, errors: &[String]) -> Object {
    let mut row = Object::new();
    row.insert("line".to_owned(), json!(number));
    row.insert("errors".to_owned(), json!(errors));
    row
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
        None if row.contains_key("errors") => format!("{}: {}", row["line"], list("errors")),
        None => format!("{}: ok {}", row["line"], list("warnings")),
    }
}
