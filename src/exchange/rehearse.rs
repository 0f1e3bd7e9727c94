//! What a merge would do to records, told before it is done: the pieces that a plan takes are read in the spool, and the
//! records that they touch are folded as if they were held. Nothing is written.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Read;

use super::error::ExchangeError;
use super::ledger::Ledger;
use super::piece;
use super::plan::{Candidate, Fate, Plan};
use super::receive::Spooled;
use crate::files::Files;
use crate::journal::{Frames, Journal};
use crate::record::fold::Run;
use crate::record::{Chain, Change, Dot, Held, LogId, RecordId, fold};
use crate::store::Applied;

/// New changes that are folded at a time.
const FOLDED: usize = 50_000;

/// A piece that would be taken, from where on, and the chain value before that.
struct New<'a> {
    spooled: &'a Spooled,
    from: u64,
    before: Chain,
}

/// What would be held: the logs, and what would be taken.
struct Would<'a> {
    journal: &'a Journal,
    files: &'a dyn Files,
    new: Vec<New<'a>>,
}

type Key = (RecordId, u32);

impl Ledger {
    /// The records that the pieces of a plan would create, change and set in conflict, by register.
    pub(super) fn rehearse(
        &self,
        candidates: &[Candidate],
        plan: &Plan,
    ) -> Result<BTreeMap<u32, Applied>, ExchangeError> {
        let new = plan.order.iter().filter_map(|&i| match plan.fates[i] {
            Fate::New { from, before, .. } => Some(New {
                spooled: &candidates[i].spooled,
                from,
                before,
            }),
            _ => None,
        });
        let would = Would {
            journal: self.store.journal(),
            files: &*self.files,
            new: new.collect(),
        };
        let mut applied: BTreeMap<u32, Applied> = BTreeMap::new();
        let mut touched: HashMap<Key, usize> = HashMap::new();
        would.each(&mut |change| {
            *touched.entry((change.record, change.register)).or_default() += 1;
            applied.entry(change.register).or_default().changes += 1;
        })?;
        let mut keys: Vec<Key> = touched.keys().copied().collect();
        keys.sort_unstable();
        let known = self.store.known(&keys)?;
        // A new record with one change is in conflict with nobody.
        let mut folded: Vec<(Key, bool)> = Vec::new();
        for (key, known) in keys.into_iter().zip(known) {
            let applied = applied.entry(key.1).or_default();
            match known {
                true => applied.changed += 1,
                false => applied.created += 1,
            }
            if known || touched[&key] > 1 {
                folded.push((key, known));
            }
        }
        let mut folded = folded.into_iter().peekable();
        while folded.peek().is_some() {
            let mut some: BTreeMap<Key, (Vec<Change>, bool)> = BTreeMap::new();
            let mut room = FOLDED;
            while let Some((key, known)) = folded.next_if(|_| room > 0) {
                room = room.saturating_sub(touched[&key]);
                some.insert(key, (Vec::new(), known));
            }
            would.each(&mut |change| {
                if let Some((changes, _)) = some.get_mut(&(change.record, change.register)) {
                    changes.push(change);
                }
            })?;
            for ((id, register), (new, known)) in some {
                if self.would_tear((id, register), new, known, &would)? {
                    applied.entry(register).or_default().conflicted += 1;
                }
            }
        }
        Ok(applied)
    }

    /// Whether a record would have a field in conflict that had none before.
    fn would_tear(
        &self,
        (id, register): Key,
        new: Vec<Change>,
        known: bool,
        would: &Would,
    ) -> Result<bool, ExchangeError> {
        let mut changes = match known {
            true => self.store.changes(register, id)?,
            false => Vec::new(),
        };
        let torn = |changes: &[Change], held: &dyn Held| {
            let record = fold(changes, held, &**self.registers());
            record.is_some_and(|record| !record.conflicts().is_empty())
        };
        if torn(&changes, would.journal) {
            return Ok(false);
        }
        let mut dots: BTreeSet<Dot> = changes.iter().map(|change| change.dot).collect();
        changes.extend(new.into_iter().filter(|change| dots.insert(change.dot)));
        Ok(torn(&changes, would))
    }
}

impl Would<'_> {
    /// Every new change, in the order in which they would be taken.
    fn each(&self, each: &mut dyn FnMut(Change)) -> Result<(), ExchangeError> {
        for New { spooled, from, .. } in &self.new {
            let failed = |why| ExchangeError::file(&spooled.file, why);
            let of = &spooled.piece;
            let packed = spooled.open(self.files).map_err(failed)?;
            let raw = piece::unpack(packed).map_err(failed)?.take(of.bytes);
            let mut frames = Frames::new(raw, of.from - 1, of.before, 0);
            loop {
                // It was verified when it came into the spool; what fails now is our own disk.
                let broken = |why: String| failed(std::io::Error::other(why));
                let step = frames
                    .next_frame()
                    .map_err(|why| broken(format!("{why:?}")))?;
                let Some(step) = step else {
                    break;
                };
                if step.seq < *from {
                    continue;
                }
                let content = step
                    .content(of.log)
                    .map_err(|why| broken(why.to_string()))?;
                content.change.into_iter().for_each(&mut *each);
            }
        }
        Ok(())
    }

    fn is_at(&self, new: &New, dot: &Dot) -> bool {
        let chain = new.spooled.chain_at(self.files, dot.seq);
        chain.is_ok_and(|chain| chain.mark() == dot.mark)
    }
}

impl Held for Would<'_> {
    fn reaches(&self, from: &Dot, to: &Dot) -> bool {
        if from.log != to.log || to.seq > from.seq {
            return false;
        }
        if self.journal.holds(from) {
            return self.journal.reaches(from, to);
        }
        let holder = self.new.iter().find(|new| {
            let of = &new.spooled.piece;
            of.log == from.log && (new.from..=of.to).contains(&from.seq) && self.is_at(new, from)
        });
        match holder {
            Some(new) if to.seq >= new.from => self.is_at(new, to),
            // What stands before the piece leads there or not.
            Some(new) => {
                let before = Dot {
                    log: from.log,
                    seq: new.from - 1,
                    mark: new.before.mark(),
                };
                self.reaches(&before, to)
            }
            None => false,
        }
    }

    fn runs(&self, log: &LogId) -> Vec<Run> {
        self.journal.runs(log)
    }
}
