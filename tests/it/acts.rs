//! What can happen in the tiny universe, and the strategy that makes it happen.

use jinguo::record::LogId;
use proptest::prelude::*;

use crate::universe::{FIELDS, World, deleted, element, record, set, value};

/// What can happen. Stores, records, fields and values are numbers that wrap around.
#[derive(Clone, Debug)]
pub enum Act {
    /// Store, record, field, value.
    Edit(usize, usize, usize, usize),
    /// Store, record, value: sets both fields.
    Both(usize, usize, usize),
    /// Store, record, element, added or taken away.
    Element(usize, usize, usize, bool),
    /// Store, record.
    Delete(usize, usize),
    /// Store, record.
    Undelete(usize, usize),
    /// Store, record: a form that may be saved much later.
    Open(usize, usize),
    /// Store, which of its open forms, field, value.
    Save(usize, usize, usize, usize),
    /// From, to, log, up to which seq: the beginning of a log.
    Pass(usize, usize, usize, u64),
    /// From, to: everything.
    PassAll(usize, usize),
    /// From, to, log, behind which seq: a piece whose beginning did not come.
    Gap(usize, usize, usize, u64),
    /// A store's folder is copied, and both go on.
    Copy(usize),
    /// A store's clock is set.
    Clock(usize, u64),
}

fn act() -> impl Strategy<Value = Act> {
    let store = 0..5usize;
    let few = 0..3usize;
    prop_oneof![
        6 => (store.clone(), few.clone(), few.clone(), few.clone())
            .prop_map(|(s, r, f, v)| Act::Edit(s, r, f, v)),
        2 => (store.clone(), few.clone(), few.clone()).prop_map(|(s, r, v)| Act::Both(s, r, v)),
        3 => (store.clone(), few.clone(), few.clone(), any::<bool>())
            .prop_map(|(s, r, e, yes)| Act::Element(s, r, e, yes)),
        1 => (store.clone(), few.clone()).prop_map(|(s, r)| Act::Delete(s, r)),
        1 => (store.clone(), few.clone()).prop_map(|(s, r)| Act::Undelete(s, r)),
        3 => (store.clone(), few.clone()).prop_map(|(s, r)| Act::Open(s, r)),
        3 => (store.clone(), few.clone(), few.clone(), few.clone())
            .prop_map(|(s, w, f, v)| Act::Save(s, w, f, v)),
        4 => (store.clone(), store.clone(), few.clone(), 0..10u64)
            .prop_map(|(a, b, l, n)| Act::Pass(a, b, l, n)),
        3 => (store.clone(), store.clone()).prop_map(|(a, b)| Act::PassAll(a, b)),
        2 => (store.clone(), store.clone(), few, 0..5u64)
            .prop_map(|(a, b, l, n)| Act::Gap(a, b, l, n)),
        1 => store.clone().prop_map(Act::Copy),
        1 => (store, 0..4_000u64).prop_map(|(s, t)| Act::Clock(s, t)),
    ]
}

/// Things that happen, one after another.
pub fn acts() -> impl Strategy<Value = Vec<Act>> {
    prop::collection::vec(act(), 1..40)
}

impl World {
    /// Does one thing; a number out of range wraps around.
    pub fn act(&mut self, act: &Act) {
        let n = self.stores.len();
        match *act {
            Act::Edit(store, id, tag, v) => {
                let sets = vec![set(FIELDS[tag % 2], value(v))];
                self.edit(store % n, record(id), sets);
            }
            Act::Both(store, id, v) => {
                let sets = vec![set(FIELDS[0], value(v)), set(FIELDS[1], value(v + 1))];
                self.edit(store % n, record(id), sets);
            }
            Act::Element(store, id, which, yes) => {
                self.edit(store % n, record(id), vec![element(which, yes)]);
            }
            Act::Delete(store, id) => {
                self.edit(store % n, record(id), vec![deleted()]);
            }
            Act::Undelete(store, id) => {
                self.edit(store % n, record(id), vec![]);
            }
            Act::Open(store, id) => {
                let form = self.open(store % n, record(id));
                self.stores[store % n].forms.push(form);
            }
            Act::Save(store, which, tag, v) => {
                let forms = &mut self.stores[store % n].forms;
                if !forms.is_empty() {
                    let form = forms.remove(which % forms.len());
                    self.save(store % n, form, vec![set(FIELDS[tag % 2], value(v))]);
                }
            }
            Act::Pass(from, to, log, upto) => {
                let log = self.log(log);
                let upto = if upto > 7 { u64::MAX } else { upto };
                self.pass(from % n, to % n, |dot| dot.log == log && dot.seq <= upto);
            }
            Act::PassAll(from, to) => self.pass(from % n, to % n, |_| true),
            Act::Gap(from, to, log, low) => {
                let log = self.log(log);
                self.pass(from % n, to % n, |dot| dot.log == log && dot.seq > low);
            }
            Act::Copy(of) => {
                if n < 5 {
                    self.copy(of % n);
                }
            }
            Act::Clock(store, millis) => self.set_clock(store % n, millis),
        }
    }

    fn log(&self, n: usize) -> LogId {
        self.stores[n % self.stores.len()].log
    }

    /// A world after `acts`.
    pub fn after(acts: &[Act], limit: usize) -> Self {
        let mut world = Self::new(3, limit);
        acts.iter().for_each(|act| world.act(act));
        world
    }
}
