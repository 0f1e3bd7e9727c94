//! What became of the batches that were handed over. Sent is never taken as received: only what the receiver says herself
//! that she holds tells it.

use super::history::{self, Way};
use super::ledger::Ledger;
use super::manifest::Manifest;
use super::peers;
use crate::record::{Dot, Held};

/// One batch that was handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handed {
    /// Its number.
    pub number: u64,
    /// When, `YYYY-MM-DDTHH:MM:SSZ`.
    pub at: String,
    /// The name of whom it is for; `None` for anybody.
    pub to: Option<String>,
    /// How many changes it holds.
    pub changes: u64,
    /// When she said that she holds all of it, `YYYY-MM-DDTHH:MM:SSZ`; `None` while she has not.
    pub received: Option<String>,
}

impl Ledger {
    /// The last batches handed over, the newest first.
    pub fn handed(&self, limit: usize) -> Vec<Handed> {
        let all = history::all(&*self.files, &self.dir, Way::Out);
        let last = all.iter().rev().take(limit);
        last.map(|passed| {
            let statement = self.statement_of(&passed.who);
            let holds = |statement: &Manifest| {
                passed
                    .ends()
                    .all(|(end, _)| statement.ends.iter().any(|hers| self.reaches(hers, &end)))
            };
            let to = passed.who.split('@').next().filter(|name| !name.is_empty());
            Handed {
                number: passed.number,
                at: passed.at.clone(),
                to: to.map(str::to_owned),
                changes: passed.changes,
                received: statement.filter(holds).map(|statement| statement.made),
            }
        })
        .collect()
    }

    fn statement_of(&self, principal: &str) -> Option<Manifest> {
        let people = self.trust.people();
        let hers = people.filter(|person| person.principal() == principal);
        let keys: Vec<_> = hers.map(|person| person.key).collect();
        (!keys.is_empty()).then(|| peers::newest_of(&*self.files, &self.dir, &keys))?
    }

    /// Whether who holds a log up to `hers` holds it up to `end`. One who is ahead of this store has it from elsewhere.
    fn reaches(&self, hers: &Dot, end: &Dot) -> bool {
        let journal = self.store.journal();
        hers.log == end.log
            && hers.seq >= end.seq
            && (!journal.holds(hers) || journal.reaches(hers, end))
    }
}
