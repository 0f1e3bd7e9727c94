//! What is held of the logs, for the fold: runs, and what leads to what.

use super::Journal;
use super::log::Log;
use crate::record::fold::{Held, Run};
use crate::record::{Dot, LogId};

impl Held for Journal {
    /// For a log without fork this asks only for the mark at `from`: known in memory at the end of a run and every 256
    /// frames, else read once with its neighbours and kept. A frame that cannot be read is not held; `check` names it.
    fn reaches(&self, from: &Dot, to: &Dot) -> bool {
        let Some(log) = self.logs.get(&from.log).filter(|_| from.log == to.log) else {
            return false;
        };
        let Some(holder) = self.holder(log, from) else {
            return false;
        };
        to.seq <= from.seq && self.leads(log, holder, to)
    }

    fn runs(&self, log: &LogId) -> Vec<Run> {
        self.logs.get(log).map(Log::runs).unwrap_or_default()
    }
}

impl Journal {
    /// Whether this very frame is held.
    pub fn holds(&self, dot: &Dot) -> bool {
        self.logs
            .get(&dot.log)
            .is_some_and(|log| self.holder(log, dot).is_some())
    }

    /// As [`Held::reaches`] for a `from` that the caller knows to be held (a change that it has read): for a log without
    /// fork nothing is read or looked up.
    pub fn reaches_held(&self, from: &Dot, to: &Dot) -> bool {
        let Some(log) = self.logs.get(&from.log).filter(|_| from.log == to.log) else {
            return false;
        };
        let mut holders = log.covering(from.seq);
        match (holders.next(), holders.next()) {
            (Some(holder), None) => to.seq <= from.seq && self.leads(log, holder, to),
            _ => self.reaches(from, to),
        }
    }

    /// The segment that holds this very frame.
    pub(super) fn holder(&self, log: &Log, dot: &Dot) -> Option<usize> {
        log.covering(dot.seq)
            .find(|&at| self.is_there(log, at, dot))
    }

    fn is_there(&self, log: &Log, at: usize, dot: &Dot) -> bool {
        let mark = self.shelf.mark(log.id, &log.segments[at], dot.seq);
        mark.is_ok_and(|mark| mark == dot.mark)
    }

    /// Whether the chain in `holder` leads back to `to`, which is held and not behind it.
    fn leads(&self, log: &Log, holder: usize, to: &Dot) -> bool {
        let mut there = log.covering(to.seq);
        let (Some(one), None) = (there.next(), there.next()) else {
            // A fork at `to`: only the frame on the own path counts, and across a gap none.
            let there = log.on_path(holder, to.seq);
            return there.is_some_and(|at| self.is_there(log, at, to));
        };
        // The only frame of its seq: on the path, or across a gap from it; else on a branch that left the path. At the
        // upper edge of a gap the chain says which frame stands there, and this is not it, or it would be on the path.
        log.on_path(holder, to.seq) == Some(one) || to.seq + 1 < log.low(holder)
    }
}
