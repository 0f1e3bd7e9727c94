//! A ledger in memory, for tests: the real registers, changes in a vector, every record folded anew at each question.

use std::cell::RefCell;
use std::sync::Arc;

use super::app::Desk;
use super::effect::{Counts, Effect, Exported, Merged, Opening, Outcome, Saving};
use super::reader::{Ask, Batch, Draft, Exchange, Handed, Reader, Rows, Touched};
use super::screen::{Cx, Screen, Status};
use crate::forms::{Contents, Kind, Lookup, Me, Registers, contents};
use crate::record::fold::{Held, Run, fold, seen};
use crate::record::{Change, Dot, LogId, Mark, Record, RecordId, Seen, Set, Stamp, Tag, Value};

/// The ledger, and the effects that reached it.
pub struct Fake {
    /// The registers.
    pub registers: Arc<Registers>,
    /// Who types.
    pub me: Me,
    /// Every change held.
    pub changes: Vec<Change>,
    /// Names of logs.
    pub authors: Vec<(LogId, String)>,
    /// Drafts.
    pub drafts: Vec<Draft>,
    /// What lies in the inbox.
    pub batches: Vec<Batch>,
    /// What was handed over.
    pub handed: Vec<Handed>,
    /// What was asked for, in words.
    pub asked: Vec<String>,
    /// Whether forms really open.
    pub forms: bool,
    /// The files of drafts.
    pub files: std::collections::BTreeMap<String, Vec<u8>>,
    /// Numbers of the settings.
    pub settings: std::collections::BTreeMap<String, i64>,
    /// Which forms were opened, in words.
    pub opened: RefCell<Vec<String>>,
}

/// The own log and someone else's.
pub const OWN: LogId = LogId([1; 16]);
/// The log of another author.
pub const OTHER: LogId = LogId([2; 16]);

impl Fake {
    /// A ledger without records.
    pub fn empty(registers: &Arc<Registers>) -> Self {
        let unit = registers.divisions().find("天城", 1);
        let unit = unit.first().map(|division| division.code.clone());
        Self {
            registers: registers.clone(),
            me: Me {
                name: "李静".into(),
                unit: unit.expect("a town of Wanzhou"),
                cadre: None,
            },
            changes: Vec::new(),
            authors: vec![(OWN, "李静".into()), (OTHER, "王芳".into())],
            drafts: Vec::new(),
            batches: Vec::new(),
            handed: Vec::new(),
            asked: Vec::new(),
            forms: false,
            files: Default::default(),
            settings: Default::default(),
            opened: RefCell::default(),
        }
    }

    /// Writes a change into a log; what it has seen is everything, or what is given.
    pub fn write(
        &mut self,
        log: LogId,
        register: u32,
        record: RecordId,
        seen: Option<Vec<Seen>>,
        at: u64,
        sets: Vec<Set>,
    ) {
        let seq = 1 + self
            .changes
            .iter()
            .filter(|change| change.dot.log == log)
            .count() as u64;
        let dot = Dot {
            log,
            seq,
            mark: Mark([seq as u8; 8]),
        };
        let seen = seen.unwrap_or_else(|| self.seen(register, record));
        self.changes.push(Change {
            dot,
            at: Stamp(at << 16),
            record,
            register,
            seen,
            sets,
        });
    }

    /// Sets a field by its name from what a person would type.
    pub fn typed(&self, register: &str, values: &[(&str, &str)]) -> Vec<Set> {
        let register = self
            .registers
            .by_name(register)
            .expect("a register of the tests");
        let forms = crate::forms::Context {
            registers: &self.registers,
            now_millis: super::testing::NOW,
            me: &self.me,
            lookup: self,
            lang: crate::forms::Lang::Zh,
        };
        let mut sets = Vec::new();
        for (name, typed) in values {
            let field = register.field(name).expect("a field of the tests");
            match field
                .kind
                .parse(typed, &forms)
                .expect("a value of the tests")
            {
                crate::forms::Content::One(value) => sets.push(Set {
                    tag: field.tag,
                    element: Vec::new(),
                    value,
                }),
                crate::forms::Content::Many(chosen) => {
                    sets.extend(chosen.into_iter().map(|element| Set {
                        tag: field.tag,
                        element,
                        value: Value::bool(true),
                    }))
                }
                crate::forms::Content::Empty => {}
            }
        }
        sets
    }

    /// What a rehearsal says of the first two registers.
    fn rehearsed(&self) -> Vec<Counts> {
        let numbers = self.registers.all().iter().map(|register| register.number);
        let counts = |(register, created, changed)| Counts {
            register,
            created,
            changed,
            conflicted: 0,
        };
        let both = numbers.zip([(5, 0), (0, 2)]);
        both.map(|(register, (created, changed))| counts((register, created, changed)))
            .collect()
    }

    fn of(&self, register: u32) -> Vec<Record> {
        let mut ids: Vec<RecordId> = self
            .changes
            .iter()
            .filter(|change| change.register == register)
            .map(|change| change.record)
            .collect();
        ids.sort();
        ids.dedup();
        ids.into_iter()
            .filter_map(|id| self.record(register, id))
            .filter(Record::is_alive)
            .collect()
    }

    fn words_fit(&self, record: &Record, words: &str) -> bool {
        let Some(register) = self.registers.by_number(record.register) else {
            return false;
        };
        let forms = crate::forms::Context {
            registers: &self.registers,
            now_millis: super::testing::NOW,
            me: &self.me,
            lookup: self,
            lang: crate::forms::Lang::Zh,
        };
        let contents = contents(record);
        let text = format!(
            "{} {}",
            register.title(&contents, &forms),
            register.line(&contents, &forms)
        );
        words.split_whitespace().all(|word| text.contains(word))
    }
}

impl Held for Fake {
    fn reaches(&self, from: &Dot, to: &Dot) -> bool {
        from.log == to.log && to.seq <= from.seq
    }

    fn runs(&self, log: &LogId) -> Vec<Run> {
        let last = self
            .changes
            .iter()
            .filter(|change| change.dot.log == *log)
            .max_by_key(|change| change.dot.seq);
        last.map(|change| Run {
            low: 1,
            end: change.dot,
        })
        .into_iter()
        .collect()
    }
}

impl Lookup for Fake {
    fn contents(&self, register: u32, id: RecordId) -> Option<Contents> {
        self.record(register, id)
            .filter(Record::is_alive)
            .map(|record| contents(&record))
    }

    fn newest_referring(&self, register: u32, by: Tag, to: RecordId) -> Option<RecordId> {
        let mut found: Vec<Record> = self
            .of(register)
            .into_iter()
            .filter(|record| record.value(by).and_then(Value::as_ref_id) == Some(to))
            .collect();
        found.sort_by_key(|record| record.newest);
        found.last().map(|record| record.id)
    }
}

impl Reader for Fake {
    fn registers(&self) -> &Registers {
        &self.registers
    }
    fn me(&self) -> &Me {
        &self.me
    }
    fn setting(&self, key: &str) -> Option<i64> {
        self.settings.get(key).copied()
    }
    fn lookup(&self) -> &dyn Lookup {
        self
    }
    fn record(&self, register: u32, id: RecordId) -> Option<Record> {
        fold(
            &self.changes(register, id),
            self,
            &crate::record::fold::Latest,
        )
    }
    fn changes(&self, register: u32, id: RecordId) -> Vec<Change> {
        let of = |change: &&Change| change.register == register && change.record == id;
        self.changes.iter().filter(of).cloned().collect()
    }
    fn seen(&self, register: u32, id: RecordId) -> Vec<Seen> {
        seen(&self.changes(register, id), self, 100)
    }
    fn author(&self, log: &LogId) -> Option<String> {
        self.authors
            .iter()
            .find(|(known, _)| known == log)
            .map(|(_, name)| name.clone())
    }
    fn is_own(&self, log: &LogId) -> bool {
        *log == OWN
    }
    fn brought(&self, dot: &Dot) -> Option<u64> {
        (!self.is_own(&dot.log)).then_some(31)
    }
    fn window(&self, ask: &Ask) -> Rows {
        let mut found = self.of(ask.register);
        found.retain(|record| self.words_fit(record, &ask.words));
        if let Some((tag, down)) = self
            .registers
            .by_number(ask.register)
            .and_then(|register| register.sort)
        {
            found.sort_by_key(|record| {
                record
                    .value(tag)
                    .and_then(Value::as_int)
                    .unwrap_or_default()
            });
            if down {
                found.reverse();
            }
        }
        let total = found.len() as u64;
        let records = found.into_iter().skip(ask.skip).take(ask.limit).collect();
        Rows { records, total }
    }
    fn search(&self, registers: &[u32], words: &str, limit: usize) -> Vec<(u32, RecordId)> {
        let all = registers.iter().flat_map(|register| self.of(*register));
        let fit = all.filter(|record| self.words_fit(record, words));
        fit.take(limit)
            .map(|record| (record.register, record.id))
            .collect()
    }
    fn referring(&self, to: (u32, RecordId), from: u32) -> Vec<RecordId> {
        let Some(register) = self.registers.by_number(from) else {
            return Vec::new();
        };
        let refers = |record: &Record| {
            register.fields.iter().any(|field| {
                field.kind == (Kind::Ref { to: to.0 })
                    && record.value(field.tag).and_then(Value::as_ref_id) == Some(to.1)
            })
        };
        self.of(from)
            .into_iter()
            .filter(|record| refers(record))
            .map(|record| record.id)
            .collect()
    }
    fn conflicts(&self) -> Vec<(u32, RecordId, Tag)> {
        let numbers = self.registers.all().iter().map(|register| register.number);
        numbers
            .flat_map(|number| self.of(number))
            .flat_map(|record| {
                record
                    .conflicts()
                    .into_iter()
                    .map(move |tag| (record.register, record.id, tag))
            })
            .collect()
    }
    fn drafts(&self) -> Vec<Draft> {
        self.drafts.clone()
    }
    fn draft(&self, name: &str) -> Option<Vec<u8>> {
        self.files.get(name).cloned()
    }
    fn recent(&self, limit: usize) -> Vec<Touched> {
        let mut out: Vec<Touched> = Vec::new();
        for change in self
            .changes
            .iter()
            .rev()
            .filter(|change| change.dot.log == OWN)
        {
            if !out.iter().any(|touched| touched.record == change.record) {
                out.push(Touched {
                    register: change.register,
                    record: change.record,
                    at: change.at.millis(),
                });
            }
        }
        out.truncate(limit);
        out
    }
    fn received(&self) -> Option<(u64, String, u64)> {
        None
    }
    fn handed(&self) -> Vec<Handed> {
        self.handed.clone()
    }
    fn exchange(&self) -> Exchange {
        Exchange {
            hand_to: Some("district".into()),
            owed: 14,
            fingerprint: "SHA256:abc".into(),
            inbox: "in".into(),
            batches: self.batches.clone(),
        }
    }
}

impl Desk for Fake {
    fn reader(&self) -> &dyn Reader {
        self
    }

    fn status(&self) -> Status {
        Status {
            owed: 14,
            conflicts: self.conflicts().len() as u64,
        }
    }

    fn form(&self, opening: Opening, cx: &Cx) -> Option<Box<dyn Screen>> {
        self.opened.borrow_mut().push(format!("{opening:?}"));
        let seed = [self.opened.borrow().len() as u8; 16];
        self.forms
            .then(|| super::screens::form::open(&opening, seed, cx))?
    }

    fn perform(&mut self, effect: Effect) -> Option<Outcome> {
        let at = super::testing::NOW;
        match effect {
            Effect::Save(savings) => {
                self.asked.push("save".into());
                let records = savings
                    .iter()
                    .map(|saving| (saving.register, saving.record))
                    .collect();
                for Saving {
                    register,
                    record,
                    seen,
                    sets,
                } in savings
                {
                    self.write(OWN, register, record, Some(seen), at, sets);
                }
                Some(Outcome::Saved { at, records })
            }
            Effect::SaveDraft(name, bytes) => {
                self.asked.push("draft".into());
                self.files.insert(name.clone(), bytes);
                Some(Outcome::DraftSaved { name, at })
            }
            Effect::DropDraft(name) => {
                self.asked.push(format!("drop {name}"));
                self.files.remove(&name);
                self.drafts.retain(|draft| draft.name != name);
                Some(Outcome::DraftDropped)
            }
            Effect::Begin { name, unit } => {
                self.asked.push(format!("begin {name} {unit}"));
                Some(Outcome::Begun)
            }
            Effect::Export { all } => {
                self.asked.push(format!("export {all}"));
                let exported = Exported {
                    path: "out/1.jinguo".into(),
                    changes: 14,
                    size: 4321,
                    fingerprint: "SHA256:abc".into(),
                };
                Some(Outcome::Exported(exported))
            }
            Effect::Merge { files, rehearse } => {
                self.asked.push(format!("merge {} {rehearse}", files.len()));
                let merged = Merged {
                    rehearsal: rehearse,
                    files: 1,
                    came: 10,
                    new: 7,
                    known: 3,
                    created: 5,
                    changed: 2,
                    registers: if rehearse {
                        self.rehearsed()
                    } else {
                        Vec::new()
                    },
                    ..Merged::default()
                };
                Some(Outcome::Merged(merged))
            }
            _ => None,
        }
    }
}
