//! What a merge will do, decided before anything is done: which pieces are known, new, or must wait. A dry run and a
//! merge share the plan, so they cannot differ.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::keys::PublicKey;
use super::receive::{Opening, Spooled};
use crate::files::Files;
use crate::record::{Chain, Dot, LogId};

/// What is held of the logs. The journal answers.
pub trait Standing {
    /// Whether any frame of the log is held.
    fn holds(&self, log: LogId) -> bool;
    /// The chain values held at `seq` of a log, one for each branch. At 0 that of its first frame, if it is held.
    ///
    /// # Errors
    /// Those of reading the log.
    fn chains_at(&self, log: LogId, seq: u64) -> io::Result<Vec<Chain>>;
}

/// A piece that could be taken, and where it came from.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The piece.
    pub spooled: Spooled,
    /// Its log's first frame.
    pub opening: Opening,
    /// The batch: an index into the files of this merge, or `None` for a piece that waited in the store.
    pub file: Option<usize>,
    /// The batch's name, for people.
    pub batch: String,
}

/// Why a piece waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Nothing is held of the seq before it.
    Gap,
    /// Another frame is held where it goes on from.
    Fork,
    /// Its author is not trusted.
    Untrusted,
}

/// What becomes of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// All of it is held.
    Known,
    /// It is taken from `from` on; what lies before is held.
    New {
        /// The first frame that is new.
        from: u64,
        /// The chain value before it.
        before: Chain,
        /// Whether another frame is held at `from`: the log forks there.
        forks: bool,
    },
    /// It waits, but for its first frames if those are held.
    Waits {
        /// Why.
        why: Why,
        /// How many of its frames are held.
        known: u64,
    },
}

/// What becomes of every piece.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// One for each candidate.
    pub fates: Vec<Fate>,
    /// Those that are taken, in the order in which they must be.
    pub order: Vec<usize>,
}

impl Plan {
    /// Decides. `trusted` says whose keys count.
    ///
    /// # Errors
    /// Those of reading the logs or the spool.
    pub fn of(
        files: &dyn Files,
        standing: &dyn Standing,
        candidates: &[Candidate],
        trusted: &BTreeSet<PublicKey>,
    ) -> io::Result<Self> {
        let mut planning = Planning {
            files,
            standing,
            candidates,
            taken: BTreeMap::new(),
        };
        let mut fates = vec![Fate::Known; candidates.len()];
        let mut order = Vec::new();
        let mut open: Vec<usize> = (0..candidates.len()).collect();
        // A piece may wait for one that comes later in another batch: try again while anything moves.
        loop {
            let before = open.len();
            let mut waiting = Vec::new();
            for i in open {
                fates[i] = planning.fate(&candidates[i], trusted)?;
                match fates[i] {
                    Fate::Known => {}
                    Fate::Waits { .. } => waiting.push(i),
                    Fate::New { .. } => {
                        order.push(i);
                        let log = candidates[i].spooled.piece.log;
                        planning.taken.entry(log).or_default().push(i);
                    }
                }
            }
            open = waiting;
            if open.is_empty() || open.len() == before {
                return Ok(Self { fates, order });
            }
        }
    }
}

struct Planning<'a> {
    files: &'a dyn Files,
    standing: &'a dyn Standing,
    candidates: &'a [Candidate],
    taken: BTreeMap<LogId, Vec<usize>>,
}

impl Planning<'_> {
    /// The chain values at a seq, as they will be held when what was planned so far is taken.
    fn chains_at(&self, candidate: &Candidate, seq: u64) -> io::Result<Vec<Chain>> {
        let log = candidate.spooled.piece.log;
        let mut chains = self.standing.chains_at(log, seq)?;
        if seq == 0 {
            // A log of which nothing is held begins with its first frame.
            chains.extend(super::piece::chain_start(&candidate.opening.bytes));
        }
        for &i in self.taken.get(&log).into_iter().flatten() {
            let taken = &self.candidates[i].spooled;
            if (taken.piece.from..=taken.piece.to).contains(&seq) {
                chains.push(taken.chain_at(self.files, seq)?);
            }
        }
        Ok(chains)
    }

    fn fate(&self, candidate: &Candidate, trusted: &BTreeSet<PublicKey>) -> io::Result<Fate> {
        let piece = &candidate.spooled.piece;
        let held = |seq: u64| -> io::Result<(bool, bool)> {
            let chain = match seq + 1 == piece.from {
                true => piece.before,
                false => candidate.spooled.chain_at(self.files, seq)?,
            };
            let chains = self.chains_at(candidate, seq)?;
            Ok((chains.contains(&chain), !chains.is_empty()))
        };
        if held(piece.to)?.0 {
            return Ok(Fate::Known);
        }
        let trusted = trusted.contains(&candidate.opening.first.key);
        let (joins, any) = held(piece.from - 1)?;
        if !joins {
            let why = match (trusted, any) {
                (false, _) => Why::Untrusted,
                (true, true) => Why::Fork,
                (true, false) => Why::Gap,
            };
            return Ok(Fate::Waits { why, known: 0 });
        }
        // A chain value held means that all before it are: the last one held is found by halving.
        let (mut last, mut beyond) = (piece.from - 1, piece.to);
        while last + 1 < beyond {
            let middle = last + (beyond - last) / 2;
            match held(middle)?.0 {
                true => last = middle,
                false => beyond = middle,
            }
        }
        if !trusted {
            return Ok(Fate::Waits {
                why: Why::Untrusted,
                known: last + 1 - piece.from,
            });
        }
        let before = match last + 1 == piece.from {
            true => piece.before,
            false => candidate.spooled.chain_at(self.files, last)?,
        };
        Ok(Fate::New {
            from: last + 1,
            before,
            forks: held(last + 1)?.1,
        })
    }
}

/// How far each log will be held without a gap from 1, with the pieces that wait only for trust counted: what the ends of
/// a batch say. `ends` are those held already, one for each branch.
pub fn ends_with_waiting(ends: Vec<Dot>, waiting: &[Candidate], plan: &Plan) -> Vec<Dot> {
    let mut ends: BTreeSet<Dot> = ends.into_iter().collect();
    for &i in &plan.order {
        let Fate::New { from, before, .. } = plan.fates[i] else {
            continue;
        };
        let piece = &waiting[i].spooled.piece;
        let log = piece.log;
        ends.remove(&Dot {
            log,
            seq: from - 1,
            mark: before.mark(),
        });
        ends.insert(piece.end());
    }
    ends.into_iter().collect()
}
