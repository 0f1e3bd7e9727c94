//! Disagreements: which values stand side by side, who wrote them and when, and how a person settles them.

use super::commit::Edit;
use super::error::ExchangeError;
use super::keys::PublicKey;
use super::ledger::Ledger;
use super::name;
use crate::record::{
    ALIVE, Dot, Element, LogId, Record, RecordId, Seen, Set, Stamp, State, Tag, Value,
};

/// Who wrote a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// Her name: of the trust list, or as she claims it, tamed.
    pub name: String,
    /// Her unit, likewise.
    pub unit: String,
    /// Whether the trust list knows her.
    pub known: bool,
    /// Her key.
    pub key: PublicKey,
}

/// One of the values that stand side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The value; of [`ALIVE`] yes or no.
    pub value: Value,
    /// The newest change that sets it.
    pub by: Dot,
    /// When it was made.
    pub at: Stamp,
    /// Who made it.
    pub who: Who,
}

/// A field (or one element of it) with several values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The record.
    pub id: RecordId,
    /// Its register's number.
    pub register: u32,
    /// The field; [`ALIVE`] for a delete beside an edit.
    pub tag: Tag,
    /// Which element of it; empty for a field with one value.
    pub element: Element,
    /// The values, the shown one first, then the newest first.
    pub values: Vec<Side>,
    /// What the store holds of the record now: a settling that was decided from this listing gives it back.
    pub seen: Vec<Seen>,
}

/// What a person picks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The value of this number, from 1, as listed.
    Number(usize),
    /// Another value, or one of them; cleared too. Of [`ALIVE`] yes or no.
    Value(Value),
}

impl Ledger {
    /// Who wrote a log; of one that is not held, nobody known.
    pub fn who(&self, log: &LogId) -> Who {
        match self.store.journal().log(log) {
            Some(info) => self.who_claims(&info.first.key, &info.first.name, &info.first.unit),
            None => Who {
                name: "_".into(),
                unit: name::tame_unit(""),
                known: false,
                key: [0; 32],
            },
        }
    }

    /// Who has a key and claims that name and unit: the trust list's words win.
    pub fn who_claims(&self, key: &PublicKey, name: &str, unit: &str) -> Who {
        let (name, unit, known) = match self.trust.name_of(key) {
            _ if *key == self.key.public() => (self.me.name.clone(), self.me.unit.clone(), true),
            Some(person) => (person.name.clone(), person.unit.clone(), true),
            None => (name::tame(name), name::tame_unit(unit), false),
        };
        Who {
            name,
            unit,
            known,
            key: *key,
        }
    }

    /// Every disagreement, by register and record; a delete beside an edit before the record's fields.
    ///
    /// # Errors
    /// Those of the store.
    pub fn conflicts(&self) -> Result<Vec<Disagreement>, ExchangeError> {
        let mut records = self.store.conflicts()?;
        records.sort_unstable_by_key(|record| (record.register, record.id));
        let mut found = Vec::new();
        for record in &records {
            found.extend(self.conflicts_in(record)?);
        }
        Ok(found)
    }

    /// The disagreements of one record.
    ///
    /// # Errors
    /// Those of the store.
    pub fn conflicts_of(
        &self,
        register: u32,
        id: RecordId,
    ) -> Result<Vec<Disagreement>, ExchangeError> {
        match self.store.record(register, id)? {
            Some(record) => self.conflicts_in(&record),
            None => Ok(Vec::new()),
        }
    }

    fn conflicts_in(&self, record: &Record) -> Result<Vec<Disagreement>, ExchangeError> {
        let (register, id) = (record.register, record.id);
        let seen = self.store.seen(register, id)?;
        let alive = std::iter::once(((ALIVE, Element::new()), &record.alive));
        let fields = record
            .fields
            .iter()
            .map(|(key, state)| (key.clone(), state));
        Ok(alive
            .chain(fields)
            .filter(|(_, state)| state.in_conflict())
            .map(|((tag, element), state)| Disagreement {
                id,
                register,
                tag,
                element,
                values: self.sides(state),
                seen: seen.clone(),
            })
            .collect())
    }

    fn sides(&self, state: &State) -> Vec<Side> {
        let sides = state.siblings().iter().map(|sibling| Side {
            value: sibling.value.clone(),
            by: sibling.dot,
            at: sibling.at,
            who: self.who(&sibling.dot.log),
        });
        sides.collect()
    }

    /// Settles a disagreement, as it was listed: a change that saw all its siblings and sets what was picked. Fields that
    /// are saved together are settled together when a number was picked: the others take what the same change set.
    ///
    /// # Errors
    /// [`ExchangeError::NoConflict`] if it is none (any longer), [`ExchangeError::NoChoice`] for a number that was not
    /// listed, [`ExchangeError::AliveFirst`] if the record is deleted beside an edit: that must be settled first, since
    /// any other change says that the record lives. Those of the disk: then nothing is settled.
    pub fn resolve(
        &mut self,
        disagreement: &Disagreement,
        choice: &Choice,
    ) -> Result<(), ExchangeError> {
        let &Disagreement {
            id, register, tag, ..
        } = disagreement;
        let record = self.store.record(register, id)?;
        let record = record.ok_or(ExchangeError::NoConflict)?;
        let state = match tag {
            ALIVE => Some(&record.alive),
            _ => record.fields.get(&(tag, disagreement.element.clone())),
        };
        if !state.is_some_and(State::in_conflict) {
            return Err(ExchangeError::NoConflict);
        }
        if tag != ALIVE && record.alive.in_conflict() {
            return Err(ExchangeError::AliveFirst);
        }
        let (value, by) = match choice {
            Choice::Value(value) => (value.clone(), None),
            Choice::Number(number) => {
                let side = number
                    .checked_sub(1)
                    .and_then(|place| disagreement.values.get(place))
                    .ok_or(ExchangeError::NoChoice(*number))?;
                (side.value.clone(), Some(side.by))
            }
        };
        let mut sets = Vec::new();
        if tag != ALIVE {
            sets.push(Set {
                tag,
                element: disagreement.element.clone(),
                value,
            });
            if let Some(by) = by {
                sets.extend(self.together(&record, tag, by)?);
            }
        } else if value.as_bool() == Some(false) {
            sets.push(Set {
                tag: ALIVE,
                element: Vec::new(),
                value: Value::cleared(),
            });
        }
        self.commit(vec![Edit {
            register,
            record: Some(id),
            seen: disagreement.seen.clone(),
            sets,
            row_of: None,
        }])?;
        Ok(())
    }

    /// What the change `by` set in the other fields that are saved together with `tag` and are in conflict.
    fn together(&self, record: &Record, tag: Tag, by: Dot) -> Result<Vec<Set>, ExchangeError> {
        let registers = self.registers();
        let together = registers
            .by_number(record.register)
            .and_then(|register| register.by_tag(tag))
            .map(|field| field.together.clone())
            .unwrap_or_default();
        if together.len() < 2 {
            return Ok(Vec::new());
        }
        let changes = self.store.changes(record.register, record.id)?;
        let change = changes.into_iter().find(|change| change.dot == by);
        let sets = change.map(|change| change.sets).unwrap_or_default();
        Ok(sets
            .into_iter()
            .filter(|set| {
                set.tag != tag
                    && together.contains(&set.tag)
                    && record
                        .fields
                        .get(&(set.tag, set.element.clone()))
                        .is_some_and(State::in_conflict)
            })
            .collect())
    }
}
