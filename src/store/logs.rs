//! From the logs that count into the view: which stretches of them are new, and the runs that take them.

use std::collections::BTreeMap;

use sled::Batch;

use super::layout::Layout;
use super::run::{Applied, Few, Run, Source};
use super::view::{End, Ends, View};
use super::{ATOMIC, StoreError};
use crate::forms::Registers;
use crate::journal::{Journal, JournalError, LogInfo, Placed};
use crate::record::{Change, Dot, LogId};

/// Changes taken in one run: as many as memory allows. Runs of 50,000 are four times slower in the end.
const RUN: u64 = 250_000;
/// How many changes lie between two words about progress.
const STEP: u64 = 1_000;

/// A part of one branch of a log.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    end: Dot,
    from: u64,
    to: u64,
}

/// Streams stretches out of the logs.
struct Logs<'a> {
    journal: &'a Journal,
    stretches: &'a [Stretch],
    /// Told of every frame read.
    tick: &'a mut dyn FnMut(u64),
}

impl Source for Logs<'_> {
    fn each(
        &mut self,
        each: &mut dyn FnMut(&Placed, &Change) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut read = 0;
        for stretch in self.stretches {
            let mut walk = self.journal.walk(&stretch.end, stretch.from)?;
            while let Some(walked) = walk.next_frame()? {
                let placed = walked.placed;
                let content = walked.content().map_err(|source| JournalError::Damage {
                    log: placed.dot.log,
                    seq: placed.dot.seq,
                    segment: placed.pointer.segment,
                    offset: placed.pointer.offset,
                    source,
                })?;
                if let Some(change) = &content.change {
                    each(&placed, change)?;
                }
                read += 1;
                if read == STEP {
                    (self.tick)(read);
                    read = 0;
                }
                if placed.dot.seq >= stretch.to {
                    break;
                }
            }
        }
        (self.tick)(read);
        Ok(())
    }
}

/// The branches of a log as held, with their chain values.
fn ends(journal: &Journal, log: &LogInfo) -> Result<Ends, StoreError> {
    let mut ends = Ends::new();
    for run in &log.runs {
        let chains = journal.chain_at(&log.id, run.end.seq)?;
        ends.extend(
            chains
                .into_iter()
                .filter(|chain| chain.mark() == run.end.mark)
                .map(|chain| End {
                    low: run.low,
                    seq: run.end.seq,
                    chain,
                }),
        );
    }
    ends.sort_unstable();
    Ok(ends)
}

/// What must be taken to bring the view up to the logs.
#[derive(Default)]
struct Plan {
    stretches: Vec<Stretch>,
    heads: BTreeMap<LogId, Ends>,
    changes: u64,
}

/// `None` if a log has a fork or a gap now that it had not when it was applied, or the other way round: which changes
/// cover which may have changed for records that no new change names, so the view is built again.
fn plan(
    view: &View,
    journal: &Journal,
    counts: &dyn Fn(&LogInfo) -> bool,
) -> Result<Option<Plan>, StoreError> {
    let mut plan = Plan::default();
    for log in journal.logs() {
        let applied = view.heads.get(&log.id);
        if (applied.is_none() && !counts(&log)) || log.runs.is_empty() {
            continue;
        }
        let held = ends(journal, &log)?;
        let mut add = |end: Dot, from: u64| {
            plan.changes += end.seq + 1 - from;
            plan.stretches.push(Stretch {
                end,
                from,
                to: end.seq,
            });
        };
        match (applied.map(Vec::as_slice), log.runs.as_slice()) {
            (Some(applied), _) if *applied == *held => continue,
            (None | Some([]), runs) => runs.iter().for_each(|run| add(run.end, run.low)),
            (Some([end]), [run])
                if (end.low, run.low) == (1, 1)
                    && end.seq < run.end.seq
                    && journal.chain_at(&log.id, end.seq)?.contains(&end.chain) =>
            {
                add(run.end, end.seq + 1);
            }
            _ => return Ok(None),
        }
        plan.heads.insert(log.id, held);
    }
    Ok(Some(plan))
}

/// Cuts stretches into runs of at most [`RUN`] changes.
fn runs(stretches: Vec<Stretch>) -> Vec<Vec<Stretch>> {
    let mut runs = vec![Vec::new()];
    let mut room = RUN;
    for mut stretch in stretches {
        while stretch.from <= stretch.to {
            let part = (stretch.to + 1 - stretch.from).min(room);
            let to = stretch.from + part - 1;
            if let Some(run) = runs.last_mut() {
                run.push(Stretch { to, ..stretch });
            }
            stretch.from = to + 1;
            room -= part;
            if room == 0 {
                runs.push(Vec::new());
                room = RUN;
            }
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

/// Brings the view up to the logs that count. `durable` is called before it is noted that they are applied, and waits
/// until what was taken from others is on the disk. `progress` is told how many changes of how many are done. `None`:
/// the view must be built again (see [`plan`]).
pub fn bring_up(
    view: &mut View,
    journal: &Journal,
    registers: &Registers,
    layout: &Layout,
    counts: &dyn Fn(&LogInfo) -> bool,
    durable: &mut dyn FnMut() -> Result<(), StoreError>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Option<Applied>, StoreError> {
    let Some(plan) = plan(view, journal, counts)? else {
        return Ok(None);
    };
    if plan.heads.is_empty() {
        durable()?;
        return Ok(Some(Applied::default()));
    }
    view.begin_run()?;
    let mut applied = Applied::default();
    // A bulk run streams three times.
    let total = plan.changes;
    let mut read = 0;
    let mut tick = |frames: u64| {
        read += frames;
        progress((read / 3).min(total), total);
    };
    for stretches in runs(plan.stretches) {
        let tree = view.tree().clone();
        let run = Run {
            tree: &tree,
            journal,
            registers,
            layout,
        };
        let mut source = Logs {
            journal,
            stretches: &stretches,
            tick: &mut tick,
        };
        applied += run.take(&mut source, &mut view.books, None)?;
    }
    durable()?;
    view.note(Batch::default(), plan.heads)?;
    progress(total, total);
    Ok(Some(applied))
}

/// Takes own changes that were just appended: a few as one atomic batch, more as a bulk run.
pub fn take_own(
    view: &mut View,
    journal: &Journal,
    registers: &Registers,
    layout: &Layout,
    changes: &[(Placed, Change)],
) -> Result<(), StoreError> {
    let Some(log) = changes.last().and_then(|(p, _)| journal.log(&p.dot.log)) else {
        return Ok(());
    };
    let heads = BTreeMap::from([(log.id, ends(journal, &log)?)]);
    let tree = view.tree().clone();
    let run = Run {
        tree: &tree,
        journal,
        registers,
        layout,
    };
    let mut batch = Batch::default();
    if changes.len() <= ATOMIC {
        let mut keys = 0;
        run.take(
            &mut Few(changes),
            &mut view.books,
            Some((&mut batch, &mut keys)),
        )?;
    } else {
        view.begin_run()?;
        run.take(&mut Few(changes), &mut view.books, None)?;
    }
    view.note(batch, heads)?;
    Ok(())
}
