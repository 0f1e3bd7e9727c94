//! The real desk: the ledger behind the screens. Long work takes the ledger to a thread; until it is back, screens see
//! nobody's ledger.

mod read;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use super::app::Desk;
use super::effect::{self, Effect, Opening, Outcome, Saving};
use super::reader::{Batch, Handed, Reader, Touched};
use super::run::{Sent, wall};
use super::screen::{Cx, Screen, Status};
use super::screens::form;
use crate::drafts::Drafts;
use crate::exchange::ExchangeError;
use crate::exchange::commit::Edit;
use crate::exchange::export::Handing;
use crate::exchange::history::Passed;
use crate::exchange::ledger::Ledger;
use crate::exchange::merge::Merged;
use crate::exchange::plan::Why;
use crate::files::Files;
use crate::forms::{Lang, Level, Me, Registers};
use crate::record::RecordId;
use crate::text;

/// Where the ledger is.
enum Held {
    /// It is not made yet, or a thread has it.
    Away,
    /// Here.
    Here(Box<Open>),
}

/// A ledger that is open, with what is read once.
struct Open {
    ledger: Ledger,
    drafts: Drafts,
    status: Status,
    recent: Vec<Touched>,
    handed: Vec<Handed>,
}

/// How many records 最近经手 remembers.
const RECENT: usize = 60;
/// How many of the last changes are looked through for them: a meeting of a roll alone is hundreds of marks.
const RECENT_CHANGES: u64 = 2_000;
/// A thread tells its progress at most so often.
const TELL: Duration = Duration::from_millis(100);
/// How many of the batches handed over are shown.
const HANDED: usize = 5;
/// How many batches of the inbox are looked into.
const INBOX: usize = 20;
/// How long what came in stands on Home, in milliseconds.
const NEWS: u64 = 24 * 3_600_000;

/// The desk of a real store.
pub struct Books {
    held: Held,
    back: Option<Receiver<Box<Open>>>,
    nobody: Arc<Registers>,
    me: Me,
    dir: PathBuf,
    files: Arc<dyn Files>,
    sender: Sender<Sent>,
    lang: Lang,
}

impl Books {
    /// The desk of the store at `dir`, which is not open. Threads tell their progress into `sender`.
    pub fn new(
        dir: &Path,
        registers: Arc<Registers>,
        files: Arc<dyn Files>,
        sender: Sender<Sent>,
        lang: Lang,
    ) -> Self {
        Self {
            held: Held::Away,
            back: None,
            nobody: registers,
            me: Me::default(),
            dir: dir.into(),
            files,
            sender,
            lang,
        }
    }

    /// Takes an open ledger.
    pub fn open(&mut self, ledger: Ledger) {
        self.me = ledger.me.clone();
        self.held = Held::Here(Box::new(Open::new(ledger, &self.files)));
    }

    fn here(&self) -> Option<&Open> {
        match &self.held {
            Held::Here(open) => Some(open),
            Held::Away => None,
        }
    }

    fn failed(&self, error: &ExchangeError) -> Option<Outcome> {
        Some(Outcome::Failed(text::exchange::words(self.lang, error)))
    }

    fn begin(&mut self, name: &str, unit: &str) -> Option<Outcome> {
        match Ledger::init(
            &self.dir,
            name,
            unit,
            self.nobody.clone(),
            self.files.clone(),
        ) {
            Ok(ledger) => {
                self.open(ledger);
                Some(Outcome::Begun)
            }
            Err(error) => self.failed(&error),
        }
    }

    fn save(&mut self, savings: Vec<Saving>) -> Option<Outcome> {
        let Held::Here(open) = &mut self.held else {
            return None;
        };
        let records: Vec<(u32, RecordId)> = savings
            .iter()
            .map(|saving| (saving.register, saving.record))
            .collect();
        let edits = savings.into_iter().map(edit).collect();
        match open.ledger.commit(edits) {
            Ok(_) => {
                open.touched(&records);
                open.count();
                Some(Outcome::Saved {
                    at: wall(),
                    records,
                })
            }
            Err(error) => self.failed(&error),
        }
    }

    /// Does long work on a thread; `None` now, its outcome comes as an event.
    fn work(
        &mut self,
        work: impl FnOnce(&mut Ledger, &mut dyn FnMut(u64, u64)) -> Outcome + Send + 'static,
    ) {
        let Held::Here(mut open) = std::mem::replace(&mut self.held, Held::Away) else {
            return;
        };
        let (give, back) = channel();
        self.back = Some(back);
        let sender = self.sender.clone();
        std::thread::spawn(move || {
            let mut told = Instant::now();
            let mut progress = |done, of| {
                if told.elapsed() >= TELL {
                    told = Instant::now();
                    let _ = sender.send(Sent::Work(Outcome::Progress { done, of }));
                }
            };
            let outcome = work(&mut open.ledger, &mut progress);
            open.count();
            open.read_handed();
            if give.send(open).is_ok() {
                let _ = sender.send(Sent::Work(outcome));
            }
        });
    }

    fn export(&mut self, all: bool) {
        let lang = self.lang;
        self.work(move |ledger, progress| {
            let handing = Handing {
                all,
                ..Handing::default()
            };
            match ledger.export(&handing, progress) {
                Ok(exported) => Outcome::Exported(effect::Exported {
                    path: exported.path,
                    changes: exported.changes,
                    size: exported.bytes,
                    fingerprint: ledger.key.fingerprint(),
                }),
                Err(error) => Outcome::Failed(text::exchange::words(lang, &error)),
            }
        });
    }

    fn merge(&mut self, files: Vec<PathBuf>, rehearse: bool) {
        let lang = self.lang;
        self.work(
            move |ledger, progress| match ledger.merge(&files, rehearse, progress) {
                Ok(merged) => Outcome::Merged(said(lang, rehearse, &merged)),
                Err(error) => Outcome::Failed(text::exchange::words(lang, &error)),
            },
        );
    }

    fn keep(&self, name: &str, bytes: &[u8]) -> Option<Outcome> {
        let drafts = Drafts::new(self.files.clone(), &self.dir);
        match drafts.save(name, bytes) {
            Ok(()) => Some(Outcome::DraftSaved {
                name: name.into(),
                at: wall(),
            }),
            Err(error) => Some(Outcome::Failed(text::journal::draft(self.lang, &error))),
        }
    }

    fn drop_draft(&self, name: &str) -> Option<Outcome> {
        match Drafts::new(self.files.clone(), &self.dir).discard(name) {
            Ok(()) => Some(Outcome::DraftDropped),
            Err(error) => Some(Outcome::Failed(text::journal::draft(self.lang, &error))),
        }
    }
}

fn edit(saving: Saving) -> Edit {
    Edit {
        register: saving.register,
        record: Some(saving.record),
        seen: saving.seen,
        sets: saving.sets,
        row_of: None,
    }
}

/// What a merge did, in this room's words.
fn said(lang: Lang, rehearsal: bool, merged: &Merged) -> effect::Merged {
    let balance = &merged.balance;
    let applied = merged.applied;
    let mut notes: Vec<String> = merged
        .refused
        .iter()
        .map(|(path, why)| text::exchange::refused(lang, &path.display().to_string(), why))
        .collect();
    let mut waits: BTreeSet<String> = BTreeSet::new();
    for waiting in &merged.waiting {
        let word = match waiting.why {
            Why::Gap => text::Word::WaitsGap,
            Why::Fork => text::Word::WaitsFork,
            Why::Untrusted => text::Word::WaitsTrust,
        };
        waits.insert(word.with(lang, &[&waiting.who.name]));
    }
    notes.extend(waits);
    effect::Merged {
        rehearsal,
        files: (merged.files.len() + merged.refused.len()) as u64,
        came: balance.total,
        new: balance.new,
        known: balance.known,
        waiting: balance.waiting,
        refused: balance.refused,
        created: applied.created,
        changed: applied.changed,
        conflicted: applied.conflicted,
        registers: merged
            .registers
            .iter()
            .map(|(register, applied)| effect::Counts {
                register: *register,
                created: applied.created,
                changed: applied.changed,
                conflicted: applied.conflicted,
            })
            .collect(),
        notes,
    }
}

/// Whether a register's records are the cells of a roll: those are seen there, not one by one.
fn is_mark(registers: &Registers, register: u32) -> bool {
    let mut rolls = registers.all().iter().filter_map(|one| one.roll.as_ref());
    rolls.any(|roll| roll.marks == register)
}

impl Open {
    fn new(ledger: Ledger, files: &Arc<dyn Files>) -> Self {
        let drafts = Drafts::new(files.clone(), ledger.dir());
        let mut open = Self {
            ledger,
            drafts,
            status: Status::default(),
            recent: Vec::new(),
            handed: Vec::new(),
        };
        open.recent = open.read_recent().unwrap_or_default();
        open.read_handed();
        open.count();
        open
    }

    /// What is owed and what is in conflict.
    fn count(&mut self) {
        let conflicts = self.ledger.store.count_conflicts().unwrap_or_default();
        let handing = Handing::default();
        // The district hands to nobody unless its settings name somebody.
        let divisions = self.ledger.store.registers().divisions();
        let top = divisions
            .by_code(&self.ledger.me.unit)
            .is_some_and(|unit| unit.level == Level::District);
        let owes = !top || self.ledger.settings.hand_to.is_some();
        let owed = owes.then(|| self.ledger.to_hand_over(&handing).unwrap_or_default());
        self.status = Status {
            owed: owed.unwrap_or_default(),
            conflicts,
        };
    }

    fn read_handed(&mut self) {
        let handed = self.ledger.handed(HANDED).into_iter();
        let handed = handed.filter_map(|handed| {
            Some(Handed {
                number: handed.number,
                at: read::millis(&handed.at)?,
                to: handed.to,
                changes: handed.changes,
                received: handed.received.as_deref().and_then(read::millis),
            })
        });
        self.handed = handed.collect();
    }

    /// The records of the own log's last changes, the newest first.
    fn read_recent(&self) -> Option<Vec<Touched>> {
        let journal = self.ledger.store.journal();
        let end = journal.log(&journal.own()?)?.runs.last()?.end;
        let from = end.seq.saturating_sub(RECENT_CHANGES).max(1);
        let registers = self.ledger.registers();
        let mut all = Vec::new();
        let mut walk = journal.walk(&end, from).ok()?;
        while let Ok(Some(walked)) = walk.next_frame() {
            if let Some(change) = walked.content().ok().and_then(|content| content.change)
                && !is_mark(registers, change.register)
            {
                all.push(Touched {
                    register: change.register,
                    record: change.record,
                    at: change.at.millis(),
                });
            }
        }
        let mut out: Vec<Touched> = Vec::new();
        for touched in all.into_iter().rev() {
            if !out
                .iter()
                .any(|known| (known.register, known.record) == (touched.register, touched.record))
            {
                out.push(touched);
            }
        }
        out.truncate(RECENT);
        Some(out)
    }

    fn touched(&mut self, records: &[(u32, RecordId)]) {
        let at = wall();
        let registers = self.ledger.registers().clone();
        let records = records.iter().rev();
        for (register, record) in records.filter(|(register, _)| !is_mark(&registers, *register)) {
            self.recent
                .retain(|known| (known.register, known.record) != (*register, *record));
            self.recent.insert(
                0,
                Touched {
                    register: *register,
                    record: *record,
                    at,
                },
            );
        }
        self.recent.truncate(RECENT);
    }

    /// A batch of the inbox; `before` is what was merged earlier.
    fn batch(&self, path: &Path, before: &[Passed], lang: Lang) -> Batch {
        let size = std::fs::metadata(path).map_or(0, |meta| meta.len());
        match self.ledger.inspect(path, &mut |_, _| {}) {
            Ok(found) => {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                let merged = before.iter().any(|passed| {
                    passed.file == name
                        && (passed.number, passed.waiting) == (found.manifest.number, 0)
                });
                let waits = match (found.sender.known, merged) {
                    (false, _) => Some(text::Word::WaitsTrust.with(lang, &[&found.sender.name])),
                    (true, true) => Some(text::Word::MergedAlready.get(lang).into()),
                    _ => None,
                };
                Batch {
                    path: path.into(),
                    from: found.sender.name.clone(),
                    changes: found.changes,
                    size,
                    waits,
                }
            }
            Err(error) => Batch {
                path: path.into(),
                from: path
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned(),
                changes: 0,
                size,
                waits: Some(text::exchange::words(lang, &error)),
            },
        }
    }
}

impl Desk for Books {
    fn reader(&self) -> &dyn Reader {
        self
    }

    fn status(&self) -> Status {
        self.here().map_or_else(Status::default, |open| open.status)
    }

    fn form(&self, opening: Opening, cx: &Cx) -> Option<Box<dyn Screen>> {
        let mut seed = [0; 16];
        getrandom::fill(&mut seed).ok()?;
        form::open(&opening, seed, cx)
    }

    fn perform(&mut self, effect: Effect) -> Option<Outcome> {
        match effect {
            Effect::Begin { name, unit } => self.begin(&name, &unit),
            Effect::Save(savings) => self.save(savings),
            Effect::SaveDraft(name, bytes) => self.keep(&name, &bytes),
            Effect::DropDraft(name) => self.drop_draft(&name),
            Effect::Export { all } => {
                self.export(all);
                None
            }
            Effect::Merge { files, rehearse } => {
                self.merge(files, rehearse);
                None
            }
            _ => None,
        }
    }

    fn back(&mut self) {
        if let Some(open) = self.back.as_ref().and_then(|back| back.try_recv().ok()) {
            self.held = Held::Here(open);
            self.back = None;
        }
    }
}
