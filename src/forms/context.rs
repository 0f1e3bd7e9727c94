//! What an expression or a form may ask of the world around it. Everything is an argument: this room knows no clock, no
//! store and no settings.

use super::content::Contents;
use super::day;
use super::lang::Lang;
use super::load::Registers;
use crate::record::{RecordId, Tag};

/// Who is typing.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Me {
    /// Her name, as in the first frame of her log.
    pub name: String,
    /// Her unit: a division code of 12 digits.
    pub unit: String,
    /// Her own record among the people of the federation, if she picked it.
    pub cadre: Option<RecordId>,
}

/// What a form may look up in the store. All answers are about records that are alive, as they are shown.
pub trait Lookup {
    /// What a record holds; `None` if there is no such record.
    fn contents(&self, register: u32, id: RecordId) -> Option<Contents>;

    /// Looks at what a record holds, without a copy of it where the store has one at hand. Whether there is such a record.
    fn look(&self, register: u32, id: RecordId, at: &mut dyn FnMut(&Contents)) -> bool {
        let contents = self.contents(register, id);
        contents.as_ref().map(at).is_some()
    }

    /// The newest record of `register` whose reference `by` points to `to`: by the register's sort field where it has
    /// one, else by its newest change.
    fn newest_referring(&self, register: u32, by: Tag, to: RecordId) -> Option<RecordId>;
}

/// A store without records.
pub struct Nothing;

impl Lookup for Nothing {
    fn contents(&self, _: u32, _: RecordId) -> Option<Contents> {
        None
    }

    fn newest_referring(&self, _: u32, _: Tag, _: RecordId) -> Option<RecordId> {
        None
    }
}

/// Everything a form asks while it is typed into.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The registers.
    pub registers: &'a Registers,
    /// Milliseconds since 1970, UTC.
    pub now_millis: u64,
    /// Who is typing.
    pub me: &'a Me,
    /// The store.
    pub lookup: &'a dyn Lookup,
    /// The language of complaints that quote a value, and of titles.
    pub lang: Lang,
}

impl Context<'_> {
    /// Today in China (+08:00, whatever TZ says), in days since 1970-01-01.
    pub fn today(&self) -> i64 {
        day::of_millis(self.now_millis)
    }
}

/// A store that also knows one record that is not saved yet: the parent of the rows being typed.
pub(super) struct Beside<'a> {
    pub(super) store: &'a dyn Lookup,
    pub(super) register: u32,
    pub(super) id: RecordId,
    pub(super) contents: &'a Contents,
}

impl Lookup for Beside<'_> {
    fn contents(&self, register: u32, id: RecordId) -> Option<Contents> {
        if (register, id) == (self.register, self.id) {
            return Some(self.contents.clone());
        }
        self.store.contents(register, id)
    }

    fn look(&self, register: u32, id: RecordId, at: &mut dyn FnMut(&Contents)) -> bool {
        if (register, id) == (self.register, self.id) {
            at(self.contents);
            return true;
        }
        self.store.look(register, id, at)
    }

    fn newest_referring(&self, register: u32, by: Tag, to: RecordId) -> Option<RecordId> {
        self.store.newest_referring(register, by, to)
    }
}
