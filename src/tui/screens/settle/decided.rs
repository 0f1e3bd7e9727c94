//! What was decided and is not saved yet. One step is what one key decided; Ctrl-Z takes back the last one.

use std::collections::BTreeMap;

use super::case::{Case, Place, Side};
use crate::record::{ALIVE, Seen, Set, Value};
use crate::tui::effect::Saving;

/// The value that holds at a place from now on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Taken {
    /// Which of the places.
    pub place: usize,
    /// To what; `None` where nothing need be set, since the record is deleted.
    pub value: Option<Value>,
    /// What was seen when the sides were shown: a side that came since is not settled by it.
    pub seen: Vec<Seen>,
}

/// Steps, the oldest first.
#[derive(Default)]
pub struct Decided {
    steps: Vec<Vec<Taken>>,
}

impl Decided {
    /// What was decided at a place.
    pub fn at(&self, place: usize) -> Option<&Taken> {
        self.steps
            .iter()
            .flatten()
            .find(|taken| taken.place == place)
    }

    /// How many places are decided.
    pub fn count(&self) -> usize {
        self.steps.iter().flatten().count()
    }

    /// Adds what one key decided; places that are decided already stay as they are.
    pub fn add(&mut self, step: Vec<Taken>) {
        let mut new: Vec<Taken> = Vec::new();
        for taken in step {
            let known = new.iter().any(|other| other.place == taken.place);
            if !known && self.at(taken.place).is_none() {
                new.push(taken);
            }
        }
        self.steps.push(new);
    }

    /// Takes the last step back; its first place.
    pub fn undo(&mut self) -> Option<usize> {
        self.steps.pop()?.first().map(|taken| taken.place)
    }

    /// Forgets all: they are saved.
    pub fn clear(&mut self) {
        self.steps.clear();
    }

    /// One save of each record: a deleted one only says so, one that stays may set nothing else.
    pub fn savings(&self, places: &[Place]) -> Vec<Saving> {
        let all = self.steps.iter().flatten();
        let all: BTreeMap<usize, &Taken> = all.map(|taken| (taken.place, taken)).collect();
        let mut savings: Vec<Saving> = Vec::new();
        for (at, taken) in all {
            let Some(place) = places.get(at) else {
                continue;
            };
            let of_record =
                |saving: &Saving| (saving.register, saving.record) == (place.register, place.id);
            let known = savings.iter().position(of_record);
            let known = known.unwrap_or_else(|| {
                savings.push(Saving {
                    register: place.register,
                    record: place.id,
                    seen: taken.seen.clone(),
                    sets: Vec::new(),
                });
                savings.len() - 1
            });
            let Some(value) = taken.value.clone() else {
                continue;
            };
            let value = match (place.tag, value.as_bool()) {
                // Every change that does not delete says that the record lives.
                (ALIVE, Some(true)) => continue,
                (ALIVE, _) => Value::cleared(),
                _ => value,
            };
            savings[known].sets.push(Set {
                tag: place.tag,
                element: place.element.clone(),
                value,
            });
        }
        savings
    }
}

/// What follows from taking a value at a place: the value itself, and what goes with it in the same record.
pub fn step(
    places: &[Place],
    at: usize,
    value: Value,
    case: &Case,
    side: Option<&Side>,
) -> Vec<Taken> {
    let Some(place) = places.get(at) else {
        return Vec::new();
    };
    let taken = |place: usize, value: Option<Value>| Taken {
        place,
        value,
        seen: case.seen.clone(),
    };
    let deletes = place.tag == ALIVE && value.as_bool() == Some(false);
    let mut step = vec![taken(at, Some(value))];
    let others = places.iter().enumerate();
    for (i, other) in others.filter(|(i, other)| *i != at && other.same_record(place)) {
        if deletes {
            step.push(taken(i, None));
            continue;
        }
        let mut with = side.into_iter().flat_map(|side| &side.with);
        // Of one field twice in one change the last counts.
        let set = with.rfind(|set| (set.tag, &set.element) == (other.tag, &other.element));
        if let Some(set) = set {
            step.push(taken(i, Some(set.value.clone())));
        }
    }
    step
}
