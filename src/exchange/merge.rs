//! Merging: batches are verified in the spool, then all of their pieces are planned together, then taken. The union of
//! logs, piece by piece; nothing is ever settled or dropped here.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::conflict::Who;
use super::disk::Spool;
use super::error::{ExchangeError, Refusal};
use super::export::file_name;
use super::history::{self, Passed, Way};
use super::ledger::Ledger;
use super::manifest::{Manifest, Piece};
use super::peers;
use super::piece;
use super::plan::{Candidate, Fate, Plan, Standing, Why};
use super::receive::{Received, receive};
use super::waiting;
use crate::journal::{self, Journal};
use crate::record::{Chain, LogId};
use crate::store::Applied;

/// What became of the changes in the files: `total = new + known + waiting + refused`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// All of them.
    pub total: u64,
    /// Those that were not held before and count now.
    pub new: u64,
    /// Those that were held.
    pub known: u64,
    /// Those that wait.
    pub waiting: u64,
    /// Those of files that were refused whole, as far as their signed manifest could be read.
    pub refused: u64,
}

impl std::ops::AddAssign for Balance {
    fn add_assign(&mut self, other: Self) {
        self.total += other.total;
        self.new += other.new;
        self.known += other.known;
        self.waiting += other.waiting;
        self.refused += other.refused;
    }
}

/// One file that was merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    /// The file.
    pub path: PathBuf,
    /// Who made it.
    pub sender: Who,
    /// When, `YYYY-MM-DDTHH:MM:SSZ`.
    pub made: String,
    /// Its number.
    pub number: u64,
    /// What became of its changes.
    pub balance: Balance,
}

/// A piece that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The log.
    pub log: LogId,
    /// Its author.
    pub who: Who,
    /// Its first seq.
    pub from: u64,
    /// Its last seq.
    pub to: u64,
    /// Why it waits.
    pub why: Why,
    /// The batch that brought it.
    pub batch: String,
}

/// A log that has forked: two stores appended to it as one person. Both branches are kept and count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fork {
    /// The log.
    pub log: LogId,
    /// Its author.
    pub who: Who,
    /// The first seq at which the branches differ.
    pub seq: u64,
    /// The batch that brought the new branch.
    pub batch: String,
    /// The batches that brought the branch held before; none if it was written here.
    pub held: Vec<String>,
}

/// What a merge did, or in a dry run would do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Merged {
    /// The balance of all files.
    pub balance: Balance,
    /// Each file that was not refused.
    pub files: Vec<Merge>,
    /// Records created, changed and newly in conflict.
    pub applied: Applied,
    /// In a dry run the same by register.
    pub registers: BTreeMap<u32, Applied>,
    /// All pieces that wait in the store now, of this merge and of earlier ones.
    pub waiting: Vec<Waiting>,
    /// Forks that came to light.
    pub forks: Vec<Fork>,
    /// Files that were refused whole, and why.
    pub refused: Vec<(PathBuf, Refusal)>,
    /// Changes that had waited since an earlier merge and count now.
    pub joined: u64,
    /// Own changes came back that this store lacked (it was restored from a backup): a new log has begun.
    pub restored: bool,
}

impl Standing for Journal {
    fn holds(&self, log: LogId) -> bool {
        self.log(&log).is_some()
    }

    fn chains_at(&self, log: LogId, seq: u64) -> std::io::Result<Vec<Chain>> {
        self.chain_at(&log, seq).map_err(std::io::Error::other)
    }
}

impl Ledger {
    /// Merges batches; of a folder every `*.jgb` in it. A file is taken or refused whole. With `dry_run` nothing is
    /// changed and the answer says what would be. `progress` hears steps done and steps in all: first bytes verified,
    /// then changes applied.
    ///
    /// # Errors
    /// Those of our own disk: what was taken until then stays and counts, and merging the same files again brings the
    /// rest. A file that is refused is no error; see [`Merged::refused`].
    pub fn merge(
        &mut self,
        paths: &[PathBuf],
        dry_run: bool,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Merged, ExchangeError> {
        let mut merged = Merged::default();
        let mut received = Vec::new();
        for path in batches(paths)? {
            let claimed = Cell::new(0);
            let accept = |manifest: &Manifest| {
                claimed.set(manifest.pieces.iter().map(Piece::changes).sum());
                self.accept(manifest)
            };
            let spool = Spool::new(self.files.clone(), &self.dir)?;
            match receive(spool, &path, &accept, progress) {
                Ok(batch) => received.push(batch),
                Err(ExchangeError::Refused { path, why }) => {
                    merged.balance.total += claimed.get();
                    merged.balance.refused += claimed.get();
                    merged.refused.push((path, why));
                }
                Err(error) => return Err(error),
            }
        }
        self.merge_received(&received, dry_run, merged, progress)
    }

    /// Tries again what waits: after someone was trusted.
    ///
    /// # Errors
    /// As [`Ledger::merge`].
    pub fn retry(&mut self, progress: &mut dyn FnMut(u64, u64)) -> Result<Merged, ExchangeError> {
        self.merge_received(&[], false, Merged::default(), progress)
    }

    fn accept(&self, manifest: &Manifest) -> Result<(), Refusal> {
        let sender = &manifest.sender;
        match self.trusted_keys().contains(&sender.key) {
            true => Ok(()),
            false => Err(Refusal::Stranger {
                name: super::name::tame(&sender.name),
                unit: super::name::tame_unit(&sender.unit),
                key: sender.key,
            }),
        }
    }

    fn merge_received(
        &mut self,
        received: &[Received],
        dry_run: bool,
        mut merged: Merged,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Merged, ExchangeError> {
        let candidates = self.candidates(received);
        let plan = Plan::of(
            &*self.files,
            self.store.journal(),
            &candidates,
            &self.trusted_keys(),
        )
        .map_err(|why| ExchangeError::file(&self.dir, why))?;
        self.report(received, &candidates, &plan, &mut merged);
        if dry_run {
            merged.registers = self.rehearse(&candidates, &plan)?;
            for applied in merged.registers.values() {
                merged.applied += *applied;
            }
            return Ok(merged);
        }
        let taken = self.take(&candidates, &plan);
        merged.restored = matches!(taken, Ok(true));
        // What was taken before the disk failed counts too: the view follows the logs.
        let trusted = super::ledger::counting(&self.trust, self.key.public());
        self.store.set_trusted(trusted);
        let applied = self.store.apply_logs(progress);
        taken?;
        merged.applied = applied?;
        if merged.restored {
            self.ready_to_write()?;
        }
        for (candidate, fate) in candidates.iter().zip(&plan.fates) {
            match (fate, candidate.file) {
                (Fate::Waits { .. }, Some(_)) => waiting::keep(&*self.files, &self.dir, candidate)?,
                (Fate::Known | Fate::New { .. }, None) => {
                    waiting::forget(&*self.files, &self.dir, &candidate.spooled.piece)?;
                }
                _ => {}
            }
        }
        for (i, batch) in received.iter().enumerate() {
            if self.may_speak(batch) {
                peers::keep(&*self.files, &self.dir, &batch.manifest)?;
            }
            self.remember(i, batch, &candidates, &plan, &merged);
        }
        Ok(merged)
    }

    /// All pieces that could be taken: those of the files and those that wait, sorted.
    fn candidates(&self, received: &[Received]) -> Vec<Candidate> {
        let mut candidates = waiting::all(&*self.files, &self.dir);
        for (i, batch) in received.iter().enumerate() {
            candidates.extend(candidates_of(i, batch));
        }
        candidates.sort_by(|a, b| {
            // A piece that comes again goes before the one that waits: it is the one that is counted as new.
            let key = |candidate: &Candidate| {
                let file = candidate.file.unwrap_or(usize::MAX);
                (candidate.spooled.piece.end(), file)
            };
            let log = |candidate: &Candidate| candidate.spooled.piece.log;
            let from = |candidate: &Candidate| candidate.spooled.piece.from;
            (log(a), from(a), key(a)).cmp(&(log(b), from(b), key(b)))
        });
        candidates
    }

    /// Takes what was planned. Whether own changes came back that this store lacked.
    fn take(&mut self, candidates: &[Candidate], plan: &Plan) -> Result<bool, ExchangeError> {
        let mut restored = false;
        for &i in &plan.order {
            let Candidate {
                spooled, opening, ..
            } = &candidates[i];
            let failed = |why| ExchangeError::file(&spooled.file, why);
            let packed = spooled.open(&*self.files).map_err(failed)?;
            let mut raw = piece::unpack(packed).map_err(failed)?;
            let piece = journal::Piece {
                from: spooled.piece.from,
                before: spooled.piece.before,
                seal: &spooled.seal,
            };
            let taken = self
                .store
                .journal_mut()
                .take(&opening.bytes, &piece, &mut raw, false)?;
            restored |= taken.restored;
        }
        Ok(restored)
    }

    fn report(
        &self,
        received: &[Received],
        candidates: &[Candidate],
        plan: &Plan,
        merged: &mut Merged,
    ) {
        merged.files = received
            .iter()
            .map(|batch| {
                let sender = &batch.manifest.sender;
                Merge {
                    path: batch.path.clone(),
                    sender: self.who_claims(&sender.key, &sender.name, &sender.unit),
                    made: batch.manifest.made.clone(),
                    number: batch.manifest.number,
                    balance: Balance::default(),
                }
            })
            .collect();
        let history = history::all(&*self.files, &self.dir, Way::In);
        for (candidate, fate) in candidates.iter().zip(&plan.fates) {
            let piece = &candidate.spooled.piece;
            let first = &candidate.opening.first;
            let who = || self.who_claims(&first.key, &first.name, &first.unit);
            let mut balance = Balance {
                total: piece.changes(),
                ..Balance::default()
            };
            match *fate {
                Fate::Known => balance.known = balance.total,
                Fate::Waits { why, known } => {
                    balance.known = known;
                    balance.waiting = balance.total - known;
                    let waits = Waiting {
                        log: piece.log,
                        who: who(),
                        from: piece.from,
                        to: piece.to,
                        why,
                        batch: candidate.batch.clone(),
                    };
                    let same = |other: &Waiting| {
                        (other.log, other.from, other.to) == (waits.log, waits.from, waits.to)
                    };
                    if !merged.waiting.iter().any(same) {
                        merged.waiting.push(waits);
                    }
                }
                Fate::New { from, forks, .. } => {
                    balance.known = from - piece.from;
                    balance.new = balance.total - balance.known;
                    if forks {
                        let held = history
                            .iter()
                            .filter(|passed| passed.brought(piece.log, from));
                        merged.forks.push(Fork {
                            log: piece.log,
                            who: who(),
                            seq: from,
                            batch: candidate.batch.clone(),
                            held: held.map(|passed| passed.file.clone()).collect(),
                        });
                    }
                }
            }
            match candidate.file {
                Some(file) => {
                    merged.files[file].balance += balance;
                    merged.balance += balance;
                }
                None => merged.joined += balance.new,
            }
        }
    }

    /// Whether what a batch says of its sender's ends may be kept: its log's first frame, in the batch or held, has her
    /// key. Who has not written a change yet has sent no first frame; then nobody else may have spoken for that log.
    fn may_speak(&self, batch: &Received) -> bool {
        let sender = &batch.manifest.sender;
        if let Some(opening) = batch.firsts.get(&sender.log) {
            return opening.first.key == sender.key;
        }
        if let Some(info) = self.store.journal().log(&sender.log) {
            return info.first.key == sender.key;
        }
        peers::of_log(&*self.files, &self.dir, sender.log)
            .is_none_or(|held| held.sender.key == sender.key)
    }

    fn remember(
        &self,
        file: usize,
        batch: &Received,
        candidates: &[Candidate],
        plan: &Plan,
        merged: &Merged,
    ) {
        let merge = &merged.files[file];
        let of_file = candidates.iter().zip(&plan.fates);
        let pieces = of_file.filter(|(candidate, _)| candidate.file == Some(file));
        let passed = Passed {
            at: self.time(),
            file: file_name(&batch.path),
            who: format!("{}@{}", merge.sender.name, merge.sender.unit),
            number: merge.number,
            changes: merge.balance.total,
            new: merge.balance.new,
            waiting: merge.balance.waiting,
            pieces: pieces
                .filter_map(|(candidate, fate)| match fate {
                    Fate::New { from, .. } => Some(Passed::piece(&candidate.spooled.piece, *from)),
                    _ => None,
                })
                .collect(),
        };
        // The merge is done; its line in the history is only for people.
        let _ = history::add(&*self.files, &self.dir, Way::In, &passed);
    }
}

/// The pieces of one batch.
pub(super) fn candidates_of(file: usize, batch: &Received) -> Vec<Candidate> {
    let pieces = batch.pieces.iter().map(|spooled| Candidate {
        spooled: spooled.clone(),
        opening: batch.firsts[&spooled.piece.log].clone(),
        file: Some(file),
        batch: file_name(&batch.path),
    });
    pieces.collect()
}

/// The files meant: a folder stands for every `*.jgb` in it, by name.
fn batches(paths: &[PathBuf]) -> Result<Vec<PathBuf>, ExchangeError> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let failed = |why| ExchangeError::file(path, why);
        let mut found = Vec::new();
        for entry in std::fs::read_dir(path).map_err(failed)? {
            let path: PathBuf = entry.map_err(failed)?.path();
            if path.extension().is_some_and(|extension| extension == "jgb") && is_file(&path) {
                found.push(path);
            }
        }
        found.sort();
        files.extend(found);
    }
    Ok(files)
}

fn is_file(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file())
}
