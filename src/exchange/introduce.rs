//! Looking at a batch without merging it, and getting to know people: who made it, whose logs are in it.

use std::collections::BTreeMap;
use std::path::Path;

use super::conflict::Who;
use super::disk::{self, Spool};
use super::error::{ExchangeError, Refusal};
use super::keys::{self, PublicKey};
use super::ledger::Ledger;
use super::manifest::Manifest;
use super::merge::Merged;
use super::name;
use super::plan::{Fate, Plan};
use super::receive::{Received, receive};
use super::trust::{Added, Person};
use crate::record::LogId;

/// One log of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogIn {
    /// The log.
    pub log: LogId,
    /// Its author.
    pub who: Who,
    /// How many of its changes the batch holds.
    pub changes: u64,
    /// How many of them are not held here.
    pub new: u64,
}

/// What a batch holds. All of it was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// What it says of itself.
    pub manifest: Manifest,
    /// Who made it; the signature holds.
    pub sender: Who,
    /// Its logs.
    pub logs: Vec<LogIn>,
    /// Its changes.
    pub changes: u64,
}

/// Someone who could be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Introduction {
    /// Who; her name and unit are her claim, tamed.
    pub person: Person,
    /// What trusting her would mean.
    pub added: Added,
    /// Whether she made the batch; else she wrote a log in it.
    pub sender: bool,
}

impl Ledger {
    /// Verifies a batch and says what is in it, whoever made it. Nothing is merged.
    ///
    /// # Errors
    /// [`ExchangeError::Refused`] if it does not hold; those of our own disk.
    pub fn inspect(
        &self,
        path: &Path,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Inspection, ExchangeError> {
        let batch = self.look(path, progress)?;
        let sender = &batch.manifest.sender;
        let sender = self.who_claims(&sender.key, &sender.name, &sender.unit);
        let candidates = super::merge::candidates_of(0, &batch);
        let everybody = candidates.iter().map(|c| c.opening.first.key).collect();
        let plan = Plan::of(&*self.files, self.store.journal(), &candidates, &everybody)
            .map_err(|why| ExchangeError::file(&self.dir, why))?;
        let mut logs: BTreeMap<LogId, LogIn> = BTreeMap::new();
        for (candidate, fate) in candidates.iter().zip(&plan.fates) {
            let piece = &candidate.spooled.piece;
            let first = &candidate.opening.first;
            let log = logs.entry(piece.log).or_insert_with(|| LogIn {
                log: piece.log,
                who: self.who_claims(&first.key, &first.name, &first.unit),
                changes: 0,
                new: 0,
            });
            log.changes += piece.changes();
            log.new += match *fate {
                Fate::Known => 0,
                Fate::New { from, .. } => piece.to - from + 1,
                Fate::Waits { known, .. } => piece.changes() - known,
            };
        }
        Ok(Inspection {
            changes: batch.changes(),
            manifest: batch.manifest.clone(),
            sender,
            logs: logs.into_values().collect(),
        })
    }

    fn look(
        &self,
        path: &Path,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Received, ExchangeError> {
        let spool = Spool::new(self.files.clone(), &self.dir)?;
        receive(spool, path, &|_| Ok(()), progress)
    }

    /// Who could be trusted after looking at a file: a batch (its sender first, then the authors of its logs), a public
    /// key with `NAME@UNIT` behind it, or lines of `allowed_signers`. The own key is left out.
    ///
    /// # Errors
    /// [`ExchangeError::Refused`] if it is none of these, or a batch that does not hold.
    pub fn introductions(
        &self,
        path: &Path,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Vec<Introduction>, ExchangeError> {
        let people = match self.look(path, progress) {
            Ok(batch) => self.people_of(&batch),
            Err(ExchangeError::Refused {
                why: Refusal::NotABatch,
                path,
            }) => {
                let text = disk::read_text(&*self.files, &path)?.unwrap_or_default();
                let people = people_in(&text);
                if people.is_empty() {
                    let why = Refusal::NotABatch;
                    return Err(ExchangeError::Refused { path, why });
                }
                people.into_iter().map(|person| (person, true)).collect()
            }
            Err(error) => return Err(error),
        };
        let mut found: Vec<Introduction> = Vec::new();
        for (person, sender) in people {
            let seen = found.iter().any(|other| other.person.key == person.key);
            if seen || person.key == self.key.public() {
                continue;
            }
            found.push(Introduction {
                added: self.trust.clone().add(person.clone()),
                person,
                sender,
            });
        }
        Ok(found)
    }

    fn people_of(&self, batch: &Received) -> Vec<(Person, bool)> {
        let sender = &batch.manifest.sender;
        let by_sender = {
            let who = self.who_claims(&sender.key, &sender.name, &sender.unit);
            format!("{}@{}", who.name, who.unit)
        };
        let me = format!("{}@{}", self.me.name, self.me.unit);
        let person = |claim: &str, unit: &str, key: PublicKey, by: &str| {
            Person::introduced(&name::tame(claim), &name::tame_unit(unit), key, by)
        };
        let mut people = vec![(person(&sender.name, &sender.unit, sender.key, &me), true)];
        people.extend(batch.firsts.values().map(|opening| {
            let first = &opening.first;
            let person = person(&first.name, &first.unit, first.key, &by_sender);
            (person, false)
        }));
        people
    }

    /// Trusts someone, and tries again what waits. The trust list is on the disk before anything of hers counts.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn trust(
        &mut self,
        people: Vec<Person>,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Merged, ExchangeError> {
        let mut trust = self.trust.clone();
        for person in people {
            trust.add(person);
        }
        trust.save(&*self.files, &self.dir)?;
        self.trust = trust;
        self.retry(progress)
    }

    /// Trusts someone no longer (`NAME`, `NAME@UNIT` or a fingerprint): nothing new of hers is taken. What is merged of
    /// her stays, and her pieces that wait go on waiting.
    ///
    /// # Errors
    /// [`ExchangeError::Nobody`]; those of the disk: then she is still trusted.
    pub fn distrust(&mut self, who: &str) -> Result<Vec<Person>, ExchangeError> {
        let mut trust = self.trust.clone();
        let gone = trust.remove(who);
        if gone.is_empty() {
            return Err(ExchangeError::Nobody(who.into()));
        }
        trust.save(&*self.files, &self.dir)?;
        self.trust = trust;
        Ok(gone)
    }
}

/// The people in a text: lines of `allowed_signers`, or public keys whose comment is `NAME@UNIT`.
fn people_in(text: &str) -> Vec<Person> {
    text.lines()
        .filter_map(|line| {
            Person::parse(line).or_else(|| {
                let (key, comment) = keys::parse_public(line)?;
                let (name, unit) = comment.split_once('@')?;
                Some(Person {
                    name: name::tame(name),
                    unit: name::tame_unit(unit),
                    key,
                    comment: String::new(),
                })
            })
        })
        .collect()
}
