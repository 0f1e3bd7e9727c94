//! The fold: from the changes that name a record to the record. Pure, and the same for any order of its input.
//!
//! ```text
//! covers(d, c) = an entry of d.seen has c's log with low <= c.seq <= seq, the frame it names is held with that mark,
//!                and c is on its branch
//! field k: S = changes that set k;  siblings = {c in S : no d in S covers c}
//! one distinct value -> the value;  several -> a conflict: all are shown
//! ```
//! A change that saw all siblings settles the field and travels like any other edit. Nothing is ever settled by a clock.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::ALIVE;
use super::change::{Change, Dot, Element, Seen, Tag};
use super::id::{LogId, RecordId};
use super::stamp::Stamp;
use super::value::Value;

/// One unbroken run of a log that is held, on one branch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Run {
    /// 1, or the first seq behind a gap.
    pub low: u64,
    /// The last frame held of it.
    pub end: Dot,
}

/// What is held of the logs. The journal answers for real; laws and tests answer from a tiny universe.
pub trait Held {
    /// Whether the frame `from` is held with that mark and chain values lead from it back to `to` (a frame that is
    /// held, of the same log, not behind `from`). Across a gap: whether no other frame of `to.seq` is held.
    fn reaches(&self, from: &Dot, to: &Dot) -> bool;

    /// The unbroken runs held of a log; of a forked log one for each branch.
    fn runs(&self, log: &LogId) -> Vec<Run>;
}

/// Which of two siblings of a field stands first in a conflict. `Greater` is shown; `Equal` leaves it to the newest.
pub trait Order {
    /// Compares two values of a field of a register.
    fn compare(&self, register: u32, tag: Tag, a: &Value, b: &Value) -> Ordering;
}

/// The newest first, whatever the field.
pub struct Latest;

impl Order for Latest {
    fn compare(&self, _: u32, _: Tag, _: &Value, _: &Value) -> Ordering {
        Ordering::Equal
    }
}

/// Whether `d` was made by someone who had seen `c`.
pub fn covers(d: &Change, c: &Change, held: &dyn Held) -> bool {
    d.seen.iter().any(|seen| {
        seen.log == c.dot.log
            && (seen.low..=seen.seq).contains(&c.dot.seq)
            && (seen.dot() == c.dot || held.reaches(&seen.dot(), &c.dot))
    })
}

/// One of the values that stand side by side in a field: the newest change that sets it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sibling {
    /// The value.
    pub value: Value,
    /// The change.
    pub dot: Dot,
    /// When it was made.
    pub at: Stamp,
}

/// The state of one field: its siblings, at least one, all of different value; the one shown first, then the newest first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct State(Vec<Sibling>);

impl State {
    /// The value that is shown.
    pub fn shown(&self) -> &Sibling {
        &self.0[0]
    }

    /// All of them, the shown one first.
    pub fn siblings(&self) -> &[Sibling] {
        &self.0
    }

    /// Whether a person must pick.
    pub fn in_conflict(&self) -> bool {
        self.0.len() > 1
    }
}

/// A record as folded from the changes held.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    /// Its id.
    pub id: RecordId,
    /// Its register's number.
    pub register: u32,
    /// Yes: alive; no: deleted; both: someone edited what someone else deleted (alive is shown first).
    pub alive: State,
    /// Every field ever set, cleared ones too.
    pub fields: BTreeMap<(Tag, Element), State>,
    /// The newest stamp among its changes: what a new change must be later than.
    pub newest: Stamp,
}

impl Record {
    /// The state of a field with one value.
    pub fn state(&self, tag: Tag) -> Option<&State> {
        self.fields.get(&(tag, Element::new()))
    }

    /// The shown value of a field with one value; cleared and never set are both `None`.
    pub fn value(&self, tag: Tag) -> Option<&Value> {
        self.state(tag)
            .map(|state| &state.shown().value)
            .filter(|value| !value.is_cleared())
    }

    /// The states of a field's elements, in order of element.
    pub fn elements(&self, tag: Tag) -> impl Iterator<Item = (&Element, &State)> {
        let first = (tag, Element::new());
        self.fields
            .range(first..)
            .take_while(move |((t, _), _)| *t == tag)
            .map(|((_, element), state)| (element, state))
    }

    /// The elements that are set, in order.
    pub fn chosen(&self, tag: Tag) -> impl Iterator<Item = &Element> {
        self.elements(tag)
            .filter(|(_, state)| state.shown().value.as_bool() == Some(true))
            .map(|(element, _)| element)
    }

    /// Whether it is shown as alive.
    pub fn is_alive(&self) -> bool {
        self.alive.shown().value.as_bool() == Some(true)
    }

    /// The tags that a person must settle, each once, in order; [`ALIVE`] for a delete beside an edit.
    pub fn conflicts(&self) -> Vec<Tag> {
        let alive = self.alive.in_conflict().then_some(ALIVE);
        let fields = self
            .fields
            .iter()
            .filter(|(_, state)| state.in_conflict())
            .map(|((tag, _), _)| *tag);
        let mut tags: Vec<Tag> = alive.into_iter().chain(fields).collect();
        tags.dedup();
        tags
    }
}

/// Folds the changes that name one record: at least one, all of the same id and register, each dot once.
/// `None` for no change at all.
pub fn fold(changes: &[Change], held: &dyn Held, order: &dyn Order) -> Option<Record> {
    let first = changes.first()?;
    let mut setters: BTreeMap<(Tag, Element), Vec<(usize, &Value)>> = BTreeMap::new();
    let mut alive: Vec<(usize, Value)> = Vec::with_capacity(changes.len());
    for (i, change) in changes.iter().enumerate() {
        alive.push((i, Value::bool(!change.deletes())));
        for set in change.sets.iter().filter(|set| set.tag != ALIVE) {
            let setters = setters.entry((set.tag, set.element.clone())).or_default();
            // Of one field twice in one change the last counts.
            setters.retain(|(j, _)| *j != i);
            setters.push((i, &set.value));
        }
    }
    let alive: Vec<(usize, &Value)> = alive.iter().map(|(i, value)| (*i, value)).collect();
    // Covering is a matter of two changes, whatever the field: asked once for each pair.
    let covered = Covered::new(changes, held);
    let state = |setters: &[(usize, &Value)], compare: &dyn Fn(&Value, &Value) -> Ordering| {
        let mut siblings: Vec<usize> = (0..setters.len())
            .filter(|&c| !setters.iter().any(|&(d, _)| covered.by(setters[c].0, d)))
            .collect();
        if siblings.is_empty() {
            siblings = (0..setters.len()).collect();
        }
        siblings.sort_by_key(|&s| std::cmp::Reverse(changes[setters[s].0].display_order()));
        let mut state: Vec<Sibling> = Vec::with_capacity(siblings.len());
        for s in siblings {
            let (i, value) = setters[s];
            if !state.iter().any(|sibling| sibling.value == *value) {
                state.push(Sibling {
                    value: value.clone(),
                    dot: changes[i].dot,
                    at: changes[i].at,
                });
            }
        }
        let mut shown = 0;
        for s in 1..state.len() {
            if compare(&state[s].value, &state[shown].value) == Ordering::Greater {
                shown = s;
            }
        }
        state[..=shown].rotate_right(1);
        State(state)
    };
    Some(Record {
        id: first.record,
        register: first.register,
        alive: state(&alive, &|a, b| a.as_bool().cmp(&b.as_bool())),
        fields: setters
            .iter()
            .map(|((tag, element), setters)| {
                let compare = |a: &Value, b: &Value| order.compare(first.register, *tag, a, b);
                ((*tag, element.clone()), state(setters, &compare))
            })
            .collect(),
        newest: changes
            .iter()
            .map(|change| change.at)
            .max()
            .unwrap_or_default(),
    })
}

/// Which change is covered by which, asked once a pair.
struct Covered {
    n: usize,
    by: Vec<bool>,
}

impl Covered {
    fn new(changes: &[Change], held: &dyn Held) -> Self {
        let n = changes.len();
        let mut by = vec![false; if n > 1 { n * n } else { 0 }];
        for c in 0..by.len().min(n) {
            for d in (0..n).filter(|&d| d != c) {
                by[c * n + d] = covers(&changes[d], &changes[c], held);
            }
        }
        Self { n, by }
    }

    fn by(&self, c: usize, d: usize) -> bool {
        c != d && self.by[c * self.n + d]
    }
}

/// What a form that opens now has seen of a record: one entry for each unbroken run held of each log (and each branch)
/// that has a change of it, sorted. At most `limit` entries: the ones that name the oldest changes are left out, since a
/// frame's head is bounded.
pub fn seen(changes: &[Change], held: &dyn Held, limit: usize) -> Vec<Seen> {
    let mut logs: Vec<LogId> = changes.iter().map(|change| change.dot.log).collect();
    logs.sort_unstable();
    logs.dedup();
    let mut entries: Vec<(Stamp, Seen)> = Vec::with_capacity(logs.len());
    for log in logs {
        for run in held.runs(&log) {
            let last = changes
                .iter()
                .filter(|change| {
                    change.dot.log == log && (run.low..=run.end.seq).contains(&change.dot.seq)
                })
                .filter(|change| change.dot == run.end || held.reaches(&run.end, &change.dot))
                .max_by_key(|change| change.dot.seq);
            if let Some(change) = last {
                let Dot { log, seq, mark } = change.dot;
                entries.push((
                    change.at,
                    Seen {
                        log,
                        low: run.low,
                        seq,
                        mark,
                    },
                ));
            }
        }
    }
    // Branches that part behind the last change of the record give the same entry.
    entries.sort_unstable_by(|a, b| b.cmp(a));
    entries.dedup();
    entries.truncate(limit);
    let mut seen: Vec<Seen> = entries.into_iter().map(|(_, seen)| seen).collect();
    seen.sort_unstable();
    seen
}
