//! A tiny universe: a few stores, two records, two fields, three values, so that collisions are certain. The frames and
//! the chains are real (`jinguo::codec`); the stores are sets of frames. Beside every change the universe writes down
//! the truth: which changes its writer really held when the form was opened. The laws compare the fold with that.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use jinguo::codec::{self, First, Unplaced};
use jinguo::record::fold::{Latest, Run, seen};
use jinguo::record::{
    ALIVE, Chain, Change, Dot, Element, Held, LogId, Record, RecordId, Seen, Set, Stamp, Tag,
    Value, fold,
};

/// The register of both records.
pub const REGISTER: u32 = 9;
/// The fields with one value.
pub const FIELDS: [Tag; 2] = [3, 4];
/// The field with elements.
pub const MANY: Tag = 5;

/// One of the two records.
pub fn record(n: usize) -> RecordId {
    RecordId([n as u8 % 2 + 1; 16])
}

/// One of the three values; clearing a field is one of them.
pub fn value(n: usize) -> Value {
    [Value::text("甲"), Value::text("乙"), Value::cleared()][n % 3].clone()
}

/// Sets a field with one value.
pub fn set(tag: Tag, value: Value) -> Set {
    Set {
        tag,
        element: vec![],
        value,
    }
}

/// Adds or takes away one element of [`MANY`].
pub fn element(n: usize, yes: bool) -> Set {
    Set {
        tag: MANY,
        element: vec![b'a' + n as u8 % 3],
        value: Value::bool(yes),
    }
}

/// The set that deletes.
pub fn deleted() -> Set {
    set(ALIVE, Value::cleared())
}

/// A frame in its place, with the chain before it.
#[derive(Debug)]
pub struct Placed {
    /// What it says.
    pub change: Change,
    /// The chain value before it.
    pub before: Chain,
    /// The chain value at it.
    pub chain: Chain,
    /// The whole frame.
    pub bytes: Vec<u8>,
    /// The first frame of its log.
    pub first: Rc<Vec<u8>>,
}

impl Placed {
    fn parent(&self) -> Option<Dot> {
        let Dot { log, seq, .. } = self.change.dot;
        (seq > 1).then(|| Dot {
            log,
            seq: seq - 1,
            mark: self.before.mark(),
        })
    }
}

/// What one store holds, in order of arrival.
#[derive(Clone, Default)]
pub struct Shelf {
    frames: BTreeMap<Dot, Rc<Placed>>,
    arrived: Vec<Dot>,
}

impl Shelf {
    /// Takes a frame; one that is held already changes nothing.
    pub fn take(&mut self, placed: &Rc<Placed>) {
        let dot = placed.change.dot;
        if self.frames.insert(dot, Rc::clone(placed)).is_none() {
            self.arrived.push(dot);
        }
    }

    /// Takes all that another shelf holds and `which` lets pass.
    pub fn take_from(&mut self, other: &Shelf, which: impl Fn(&Dot) -> bool) {
        for dot in other.arrived.iter().filter(|dot| which(dot)) {
            self.take(&other.frames[dot]);
        }
    }

    /// Whether a frame is held.
    pub fn holds(&self, dot: &Dot) -> bool {
        self.frames.contains_key(dot)
    }

    /// All frames held, in order of arrival.
    pub fn dots(&self) -> &[Dot] {
        &self.arrived
    }

    /// The frames held, in order of arrival.
    pub fn placed(&self) -> impl Iterator<Item = &Rc<Placed>> {
        self.arrived.iter().map(|dot| &self.frames[dot])
    }

    /// The changes of one record, in order of arrival.
    pub fn changes(&self, id: RecordId) -> Vec<Change> {
        self.placed()
            .map(|placed| placed.change.clone())
            .filter(|change| change.record == id)
            .collect()
    }

    /// The record as the fold sees it from here.
    pub fn fold(&self, id: RecordId) -> Option<Record> {
        fold(&self.changes(id), self, &Latest)
    }

    /// What a form that opens here has seen.
    pub fn seen(&self, id: RecordId, limit: usize) -> Vec<Seen> {
        seen(&self.changes(id), self, limit)
    }

    /// The logs with a frame whose predecessor is not held.
    pub fn gaps(&self) -> BTreeSet<LogId> {
        self.placed()
            .filter(|placed| placed.parent().is_some_and(|parent| !self.holds(&parent)))
            .map(|placed| placed.change.dot.log)
            .collect()
    }

    /// The logs with two frames at one seq.
    pub fn forks(&self) -> BTreeSet<LogId> {
        let mut at: BTreeMap<(LogId, u64), usize> = BTreeMap::new();
        for dot in &self.arrived {
            *at.entry((dot.log, dot.seq)).or_default() += 1;
        }
        at.into_iter()
            .filter(|(_, n)| *n > 1)
            .map(|((log, _), _)| log)
            .collect()
    }
}

impl Held for Shelf {
    fn reaches(&self, from: &Dot, to: &Dot) -> bool {
        if from.log != to.log || from.seq < to.seq || !self.holds(from) {
            return false;
        }
        let mut at = *from;
        while at.seq > to.seq {
            let Some(parent) = self.frames[&at].parent() else {
                return false;
            };
            if !self.holds(&parent) {
                // A gap. At its upper edge the chain still says which frame stands there; below, it is silent.
                let alone = self
                    .arrived
                    .iter()
                    .all(|dot| (dot.log, dot.seq) != (to.log, to.seq) || dot == to);
                return parent.seq != to.seq && alone;
            }
            at = parent;
        }
        at == *to
    }

    fn runs(&self, log: &LogId) -> Vec<Run> {
        let parents: BTreeSet<Dot> = self.placed().filter_map(|placed| placed.parent()).collect();
        let ends = self
            .arrived
            .iter()
            .filter(|dot| dot.log == *log && !parents.contains(dot));
        ends.map(|end| {
            let mut low = *end;
            while let Some(parent) = self.frames[&low]
                .parent()
                .filter(|parent| self.holds(parent))
            {
                low = parent;
            }
            Run {
                low: low.seq,
                end: *end,
            }
        })
        .collect()
    }
}

/// An open form: what it stands on, and what its writer really held.
#[derive(Clone)]
pub struct Form {
    id: RecordId,
    /// What it will say it had seen.
    pub seen: Vec<Seen>,
    truth: BTreeSet<Dot>,
    newest: Option<Stamp>,
}

/// One store of one author.
#[derive(Clone)]
pub struct Store {
    /// What it holds.
    pub shelf: Shelf,
    /// The log it writes.
    pub log: LogId,
    first: Rc<Vec<u8>>,
    tip: (u64, Chain),
    clock: u64,
    /// Forms that are open here.
    pub forms: Vec<Form>,
}

/// The stores, and what only an outsider knows.
#[derive(Clone)]
pub struct World {
    /// The stores.
    pub stores: Vec<Store>,
    /// Every frame ever made.
    pub all: Shelf,
    truth: BTreeMap<Dot, BTreeSet<Dot>>,
    limit: usize,
    salt: u128,
    /// Saves of forms that were opened before something else was saved or taken.
    pub stale: usize,
}

impl World {
    /// `n` authors with a store each, all empty. `limit` bounds the entries of a `seen`.
    pub fn new(n: usize, limit: usize) -> Self {
        let mut world = Self {
            stores: Vec::new(),
            all: Shelf::default(),
            truth: BTreeMap::new(),
            limit,
            salt: 0,
            stale: 0,
        };
        for _ in 0..n {
            let (first, start) = world.begin();
            world.stores.push(Store {
                shelf: Shelf::default(),
                log: start.log_id(),
                first,
                tip: (0, start),
                clock: 1_000,
                forms: Vec::new(),
            });
        }
        world
    }

    fn salt(&mut self) -> [u8; 16] {
        self.salt += 1;
        self.salt.to_le_bytes()
    }

    fn begin(&mut self) -> (Rc<Vec<u8>>, Chain) {
        let first = First {
            format: 1,
            key: [7; 32],
            name: "李静".into(),
            unit: "500101028008".into(),
            reach: 0,
            class: 0,
            nonce: self.salt(),
        };
        let bytes = first.frame().unwrap();
        let start = codec::chain_start(&codec::read_frame(&bytes).unwrap().unwrap());
        (Rc::new(bytes), start)
    }

    /// Opens a form of a record in a store.
    pub fn open(&self, store: usize, id: RecordId) -> Form {
        let shelf = &self.stores[store].shelf;
        let changes = shelf.changes(id);
        Form {
            id,
            seen: shelf.seen(id, self.limit),
            truth: changes.iter().map(|change| change.dot).collect(),
            newest: changes.iter().map(|change| change.at).max(),
        }
    }

    /// Saves a form in a store.
    pub fn save(&mut self, store: usize, form: Form, sets: Vec<Set>) -> Dot {
        if self.own_log_went_on(store) {
            // A restored copy that has met its other self: a new log of the same person.
            let (first, start) = self.begin();
            self.stores[store].log = start.log_id();
            self.stores[store].first = first;
            self.stores[store].tip = (0, start);
        }
        let salt = self.salt();
        let here = &mut self.stores[store];
        here.clock += 1;
        let (seq, before) = (here.tip.0 + 1, here.tip.1);
        let bytes = Unplaced {
            at: Stamp::next(here.clock, form.newest),
            record: form.id,
            register: REGISTER,
            seen: form.seen,
            sets,
        }
        .frame(seq, false, salt)
        .unwrap();
        let frame = codec::read_frame(&bytes).unwrap().unwrap();
        let chain = codec::chain_next(&before, &frame);
        let content = codec::read_change(&frame, here.log, seq, chain.mark()).unwrap();
        let change = content.change.expect("a frame of this version");
        let dot = change.dot;
        let first = Rc::clone(&here.first);
        let placed = Rc::new(Placed {
            change,
            before,
            chain,
            bytes,
            first,
        });
        here.tip = (seq, chain);
        if here.shelf.changes(form.id).len() > form.truth.len() {
            self.stale += 1;
        }
        here.shelf.take(&placed);
        self.all.take(&placed);
        self.truth.insert(dot, form.truth);
        dot
    }

    /// Opens and saves at once.
    pub fn edit(&mut self, store: usize, id: RecordId, sets: Vec<Set>) -> Dot {
        let form = self.open(store, id);
        self.save(store, form, sets)
    }

    /// A frame that says it stands on `seen`, whatever its writer held: a forger's.
    pub fn forge(&mut self, store: usize, id: RecordId, seen: Vec<Seen>, sets: Vec<Set>) -> Dot {
        let form = Form {
            seen,
            ..self.open(store, id)
        };
        self.save(store, form, sets)
    }

    fn own_log_went_on(&self, store: usize) -> bool {
        let Store {
            shelf, log, tip, ..
        } = &self.stores[store];
        shelf
            .runs(log)
            .iter()
            .any(|run| (run.end.seq, run.end.mark) != (tip.0, tip.1.mark()))
    }

    /// `to` takes what `from` holds and `which` lets pass.
    pub fn pass(&mut self, from: usize, to: usize, which: impl Fn(&Dot) -> bool) {
        let shelf = self.stores[from].shelf.clone();
        self.stores[to].shelf.take_from(&shelf, which);
    }

    /// A second store with the same files as `of`: a restored backup, a copied folder.
    pub fn copy(&mut self, of: usize) -> usize {
        self.stores.push(self.stores[of].clone());
        self.stores.len() - 1
    }

    /// Sets a store's clock to so many milliseconds.
    pub fn set_clock(&mut self, store: usize, millis: u64) {
        self.stores[store].clock = millis;
    }

    /// Whether the writer of `d` really held `c` when the form was opened.
    pub fn had_seen(&self, d: &Dot, c: &Dot) -> bool {
        self.truth[d].contains(c)
    }

    /// The values that must stand side by side in each field (and each element, and in "alive" under tag 0), by the
    /// truth instead of by `seen`, of what `shelf` holds.
    pub fn true_siblings(
        &self,
        shelf: &Shelf,
        id: RecordId,
    ) -> BTreeMap<(Tag, Vec<u8>), BTreeSet<Value>> {
        let mut setters: BTreeMap<(Tag, Element), Vec<(Dot, Value)>> = BTreeMap::new();
        for change in shelf.changes(id) {
            let alive = Value::bool(!change.deletes());
            let fields = change.sets.iter().filter(|set| set.tag != ALIVE);
            for (key, value) in fields
                .map(|set| ((set.tag, set.element.clone()), set.value.clone()))
                .chain([((ALIVE, vec![]), alive)])
            {
                setters.entry(key).or_default().push((change.dot, value));
            }
        }
        setters
            .into_iter()
            .map(|(key, setters)| {
                let standing = setters
                    .iter()
                    .filter(|(c, _)| !setters.iter().any(|(d, _)| self.had_seen(d, c)))
                    .map(|(_, value)| value.clone());
                (key, standing.collect())
            })
            .collect()
    }
}
