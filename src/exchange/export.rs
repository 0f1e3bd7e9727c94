//! Handing over: a signed batch of what its receiver lacks.

use std::collections::BTreeSet;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use super::batch::{self, Packed};
use super::disk::{self, Spool};
use super::error::ExchangeError;
use super::history::{self, Passed, Way};
use super::keys::fingerprint;
use super::ledger::Ledger;
use super::manifest::{Manifest, Piece, Sender};
use super::peers;
use super::piece::{Hashing, MAX_RAW, Packer};
use super::plan::{Candidate, Plan, ends_with_waiting};
use super::trust::Person;
use super::waiting;
use crate::journal::{Journal, LogInfo};
use crate::record::{Dot, Held, LogId, Mark};

/// A piece is ended at the first seal behind so many bytes.
const FULL: u64 = 64 << 20;

/// To whom a batch goes, and where it is put.
#[derive(Clone, Debug, Default)]
pub struct Handing {
    /// `NAME`, `NAME@UNIT` or a fingerprint of the trust list; `None`: whom the settings name, else anybody.
    pub receiver: Option<String>,
    /// Everything, whatever the receiver holds.
    pub all: bool,
    /// A file, or a folder to put it in; `None`: `out/` of the store.
    pub target: Option<PathBuf>,
}

/// What was handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// The file.
    pub path: PathBuf,
    /// Its number.
    pub number: u64,
    /// Whom it is for.
    pub receiver: Option<Person>,
    /// How many changes are in it; none: it is a receipt.
    pub changes: u64,
    /// Of how many logs.
    pub logs: usize,
    /// Its bytes.
    pub bytes: u64,
}

/// What a batch would hold, before it is written.
#[derive(Clone, Debug)]
struct Choice {
    receiver: Option<Person>,
    /// Runs of the logs: from behind the seal at the first to the seal at the second.
    runs: Vec<(Dot, Dot)>,
    /// Pieces that wait here for trust only, and go on as they are.
    waiting: Vec<Candidate>,
    ends: Vec<Dot>,
}

impl Choice {
    fn changes(&self) -> u64 {
        let runs = self.runs.iter().map(|(start, end)| end.seq - start.seq);
        let waiting = self.waiting.iter().map(|one| one.spooled.piece.changes());
        runs.chain(waiting).sum()
    }
}

impl Ledger {
    /// How many changes [`Ledger::export`] would hand over, the unsealed ones of the own log with them.
    ///
    /// # Errors
    /// As [`Ledger::export`].
    pub fn to_hand_over(&self, handing: &Handing) -> Result<u64, ExchangeError> {
        let unsealed = self.store.journal().logs().into_iter();
        let unsealed: u64 = unsealed.map(|log| log.unsealed).sum();
        Ok(self.choose(handing)?.changes() + unsealed)
    }

    /// Writes a batch. The own log is sealed first. `progress` hears changes packed and changes in all.
    ///
    /// # Errors
    /// [`ExchangeError::Nobody`] or [`ExchangeError::Several`] for a receiver who is not one person of the trust list;
    /// those of the disk: then no file stands there, and nothing of the store has changed.
    pub fn export(
        &mut self,
        handing: &Handing,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Exported, ExchangeError> {
        self.ready_to_write()?;
        self.seal()?;
        let choice = self.choose(handing)?;
        let own = self.store.journal().own();
        let log = own.ok_or(ExchangeError::Journal(crate::journal::JournalError::NoOwn))?;
        let last = peers::of_log(&*self.files, &self.dir, log);
        let mut manifest = Manifest {
            made: self.time(),
            number: last.map_or(1, |last| last.number + 1),
            receiver: choice
                .receiver
                .as_ref()
                .map_or(String::new(), |person| fingerprint(&person.key)),
            sender: Sender {
                name: self.me.name.clone(),
                unit: self.me.unit.clone(),
                key: self.key.public(),
                log,
            },
            pieces: Vec::new(),
            ends: choice.ends.clone(),
        };
        let target = self.target(handing, &manifest)?;
        let spool = Spool::new(self.files.clone(), &self.dir)?;
        let pieces = self.pack(&spool, &choice, progress)?;
        let journal = self.store.journal();
        let first = |log: LogId| {
            let held = journal.first_frame(&log).map(<[u8]>::to_vec);
            let waiting = || {
                let mut of_log = choice.waiting.iter();
                let one = of_log.find(|one| one.spooled.piece.log == log);
                one.map(|one| one.opening.bytes.clone())
            };
            Ok(held.or_else(waiting).unwrap_or_default())
        };
        // The number is taken before it is used: a batch that was never finished leaves a hole, never a twin.
        peers::keep(&*self.files, &self.dir, &manifest)?;
        batch::write(&spool, &self.key, &mut manifest, pieces, &first, &target)?;
        self.exported(&manifest, choice.receiver, target)
    }

    fn exported(
        &self,
        manifest: &Manifest,
        receiver: Option<Person>,
        path: PathBuf,
    ) -> Result<Exported, ExchangeError> {
        let changes = manifest.pieces.iter().map(Piece::changes).sum();
        let logs: BTreeSet<LogId> = manifest.pieces.iter().map(|piece| piece.log).collect();
        let bytes = std::fs::metadata(&path).map_or(0, |metadata| metadata.len());
        let pieces = manifest.pieces.iter();
        let passed = Passed {
            at: manifest.made.clone(),
            file: file_name(&path),
            who: receiver.as_ref().map_or(String::new(), Person::principal),
            number: manifest.number,
            changes,
            new: 0,
            waiting: 0,
            pieces: pieces
                .map(|piece| Passed::piece(piece, piece.from))
                .collect(),
        };
        // The batch stands; its line in the history is only for people.
        let _ = history::add(&*self.files, &self.dir, Way::Out, &passed);
        Ok(Exported {
            path,
            number: manifest.number,
            receiver,
            changes,
            logs: logs.len(),
            bytes,
        })
    }

    fn target(&self, handing: &Handing, manifest: &Manifest) -> Result<PathBuf, ExchangeError> {
        let name = batch::file_name(manifest);
        match &handing.target {
            Some(path) if path.is_dir() => Ok(path.join(name)),
            Some(path) => Ok(path.clone()),
            None => {
                let out = self.dir.join("out");
                disk::create_folder(&*self.files, &out)?;
                Ok(out.join(name))
            }
        }
    }

    /// The one person of the trust list whom `who` means; with several keys, the first.
    ///
    /// # Errors
    /// [`ExchangeError::Nobody`], [`ExchangeError::Several`].
    pub fn person(&self, who: &str) -> Result<Person, ExchangeError> {
        let found = self.trust.find(who);
        let mut names: Vec<String> = found.iter().map(|person| person.principal()).collect();
        names.dedup();
        match (found.first(), names.len()) {
            (None, _) => Err(ExchangeError::Nobody(who.into())),
            (Some(person), 1) => Ok((*person).clone()),
            _ => Err(ExchangeError::Several(who.into(), names)),
        }
    }

    fn choose(&self, handing: &Handing) -> Result<Choice, ExchangeError> {
        let who = handing.receiver.as_ref().or(self.settings.hand_to.as_ref());
        let receiver = match who {
            Some(who) => Some(self.person(who)?),
            None => None,
        };
        let statement = receiver.as_ref().and_then(|person| {
            let same = |other: &&Person| other.principal() == person.principal();
            let keys: Vec<_> = self.trust.people().filter(same).map(|p| p.key).collect();
            peers::newest_of(&*self.files, &self.dir, &keys)
        });
        let theirs = match (handing.all, statement) {
            (false, Some(statement)) => statement.ends,
            _ => Vec::new(),
        };
        let journal = self.store.journal();
        let mut runs = Vec::new();
        let mut ends = Vec::new();
        for log in journal.logs() {
            runs.extend(lacking(journal, &log, &theirs));
            // Behind a gap does not count.
            let whole = log.runs.iter().filter(|run| run.low == 1);
            ends.extend(whole.map(|run| run.end));
        }
        let mut waiting = waiting::all(&*self.files, &self.dir);
        let keys = waiting.iter().map(|one| one.opening.first.key).collect();
        let plan = Plan::of(&*self.files, journal, &waiting, &keys)
            .map_err(|why| ExchangeError::file(&self.dir.join(waiting::FOLDER), why))?;
        let ends = ends_with_waiting(ends, &waiting, &plan);
        let mut going: Vec<usize> = plan.order;
        going.sort_unstable();
        going.retain(|&i| {
            let end = waiting[i].spooled.piece.end();
            !theirs
                .iter()
                .any(|theirs| theirs.log == end.log && theirs.seq >= end.seq)
        });
        let mut place = 0;
        waiting.retain(|_| {
            place += 1;
            going.binary_search(&(place - 1)).is_ok()
        });
        Ok(Choice {
            receiver,
            runs,
            waiting,
            ends,
        })
    }

    fn pack(
        &self,
        spool: &Spool,
        choice: &Choice,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Vec<Packed>, ExchangeError> {
        let total = choice.changes();
        let mut done = 0;
        let mut pieces = Vec::new();
        for (start, end) in &choice.runs {
            let mut start = *start;
            let mut next = false;
            while start.seq < end.seq {
                match self.pack_one(spool, pieces.len(), &start, end, next)? {
                    Some(packed) => {
                        done += packed.piece.changes();
                        progress(done, total);
                        start = packed.piece.end();
                        next = false;
                        pieces.push(packed);
                    }
                    None if next => return Err(ExchangeError::Unsealed(start.log)),
                    // Too large up to the seal that was hoped for: up to the next one only.
                    None => next = true,
                }
            }
        }
        for candidate in &choice.waiting {
            let spooled = &candidate.spooled;
            let failed = |why| ExchangeError::file(&spooled.file, why);
            let mut hashing = Hashing::new(spooled.open(&*self.files).map_err(failed)?);
            std::io::copy(&mut hashing.by_ref(), &mut std::io::sink()).map_err(failed)?;
            pieces.push(Packed {
                piece: spooled.piece.clone(),
                file: spooled.file.clone(),
                offset: spooled.offset,
                len: spooled.packed,
                sum: hashing.finish().1,
                seal: spooled.seal.clone(),
            });
        }
        Ok(pieces)
    }

    /// Packs from behind `start` up to a seal: the first behind [`FULL`] bytes, or the next at all if `next` is set, else
    /// `end`. `None` if that is more than a piece may hold.
    fn pack_one(
        &self,
        spool: &Spool,
        number: usize,
        start: &Dot,
        end: &Dot,
        next: bool,
    ) -> Result<Option<Packed>, ExchangeError> {
        let journal = self.store.journal();
        let seals: BTreeSet<(u64, Mark)> = journal.seals(&start.log).into_iter().collect();
        let before = journal
            .chain_at(&start.log, start.seq)?
            .into_iter()
            .find(|chain| start.seq == 0 || chain.mark() == start.mark)
            .unwrap_or_default();
        let name = number.to_string();
        let file = spool.path().join(&name);
        let failed = |why| ExchangeError::file(&file, why);
        let out = BufWriter::with_capacity(1 << 20, spool.create(&name)?);
        let mut packer = Packer::new(out).map_err(failed)?;
        let mut last = *start;
        let mut walk = journal.walk(end, start.seq + 1)?;
        while let Some(walked) = walk.next_frame()? {
            packer.push(walked.frame.bytes).map_err(failed)?;
            if packer.raw > MAX_RAW {
                return Ok(None);
            }
            last = walked.placed.dot;
            let full = packer.raw >= FULL || next;
            if full && seals.contains(&(last.seq, last.mark)) {
                break;
            }
        }
        let bytes = packer.raw;
        let (mut out, len, sum) = packer.finish().map_err(failed)?;
        out.flush().map_err(failed)?;
        let seal = journal.seal(&last.log, last.seq, last.mark)?;
        Ok(Some(Packed {
            piece: Piece {
                log: last.log,
                from: start.seq + 1,
                to: last.seq,
                mark: last.mark,
                before,
                bytes,
            },
            file,
            offset: 0,
            len,
            sum,
            seal: seal.ok_or(ExchangeError::Unsealed(last.log))?,
        }))
    }
}

/// The runs of a log that someone whose ends are `theirs` lacks: for each branch from behind the last seal that she holds
/// surely (or that goes with another branch already) to its last seal.
fn lacking(journal: &Journal, log: &LogInfo, theirs: &[Dot]) -> Vec<(Dot, Dot)> {
    let dot = |&(seq, mark): &(u64, Mark)| Dot {
        log: log.id,
        seq,
        mark,
    };
    let of_log = || theirs.iter().filter(|end| end.log == log.id).copied();
    if log
        .runs
        .iter()
        .all(|run| of_log().any(|end| end == run.end))
    {
        return Vec::new();
    }
    let (mut hers, unheld): (Vec<Dot>, Vec<Dot>) = of_log().partition(|end| journal.holds(end));
    let mut lacking = Vec::new();
    let seals: Vec<Dot> = journal.seals(&log.id).iter().map(dot).collect();
    // A log without a fork is one line: what lies before leads to what lies behind, and nothing need be read.
    let one_line = log.runs.len() == 1;
    let leads = |from: &Dot, to: &Dot| {
        from == to || to.seq < from.seq && (one_line || journal.reaches(from, to))
    };
    for run in log.runs.iter().filter(|run| run.low == 1) {
        // Who is ahead of all that is held here has it from elsewhere. Of an own log nobody should be: then it is sent.
        if !log.own && unheld.iter().any(|end| end.seq > run.end.seq) {
            continue;
        }
        let on_branch = seals.iter().rev().filter(|seal| leads(&run.end, seal));
        let mut on_branch = on_branch.copied().peekable();
        let Some(end) = on_branch.peek().copied() else {
            continue;
        };
        let start = on_branch.find(|seal| hers.iter().any(|end| leads(end, seal)));
        let start = start.unwrap_or(Dot {
            log: log.id,
            seq: 0,
            mark: Mark::default(),
        });
        if start.seq < end.seq {
            lacking.push((start, end));
        }
        hers.push(end);
    }
    lacking
}

/// A path's last part, for people.
pub(super) fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}
