//! What the view makes of a record: which of its fields are listed by, searched and referred through. Taken from the
//! registers once, when the store opens.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::entry::{self, Number};
use super::keys::{self, How};
use crate::forms::{Choices, Content, Divisions, Kind, Lang, Registers, UNIT};
use crate::record::{ALIVE, Change, Record, RecordId, Tag, Value};

/// The layouts of all registers.
pub struct Layout {
    sheets: BTreeMap<u32, Sheet>,
    version: u64,
}

/// The layout of one register.
pub struct Sheet {
    number: u16,
    sort: Option<(Tag, Kind, bool)>,
    fields: Vec<(Tag, Use)>,
    /// Choices that are found by their words.
    choices: BTreeMap<Tag, Arc<Choices>>,
}

#[derive(Clone, Copy, Default)]
struct Use {
    refers: Option<u32>,
    search: bool,
    /// What it refers to stands in the list entry.
    listed: bool,
    how: Option<How>,
}

/// A record as it is shown, whether it comes from one change or from a fold.
pub struct Shown<'a> {
    /// Whether it is alive.
    pub alive: bool,
    /// Tag, element and value of every field set.
    pub values: Vec<(Tag, &'a [u8], &'a Value)>,
    /// Its fields in conflict.
    pub conflicts: Vec<Tag>,
}

/// Which entries of a record are wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// All of them.
    All,
    /// All but the tokens.
    NoTokens,
    /// The tokens alone.
    Tokens,
}

/// The dense numbers of the records that a run touches or refers to.
pub type Numbers = HashMap<(RecordId, u32), Number>;

impl Layout {
    /// The layouts of `registers`.
    pub fn of(registers: &Registers) -> Self {
        let mut hash = DefaultHasher::new();
        let divisions = registers.divisions().all();
        divisions
            .iter()
            .for_each(|division| division.code.hash(&mut hash));
        let mut sheets = BTreeMap::new();
        for register in registers.all() {
            // The list order holds 16 bits; no register has a greater number.
            let Ok(number) = u16::try_from(register.number) else {
                continue;
            };
            let sort = register.sort.and_then(|(tag, descending)| {
                Some((tag, register.by_tag(tag)?.kind.clone(), descending))
            });
            let mut listed = 0;
            let mut fields: Vec<(Tag, Use)> = register
                .fields
                .iter()
                .map(|field| {
                    let refers = match field.kind {
                        Kind::Ref { to } | Kind::RefMultiple { to } => Some(to),
                        _ => None,
                    };
                    let how = match field.kind {
                        Kind::Text { lines: 0..=1, .. } | Kind::SelectOne(_) => Some(How::Name),
                        Kind::Text { .. } | Kind::Decimal { .. } | Kind::CreditCode => {
                            Some(How::Text)
                        }
                        Kind::Phone { .. } | Kind::ResidentId => Some(How::Tail),
                        _ => None,
                    };
                    let search = field.search;
                    let how = how.filter(|_| search);
                    // A field of many references may have more than an entry holds.
                    let one = matches!(field.kind, Kind::Ref { .. });
                    let fits = one && search && listed < entry::MAX_TARGETS;
                    listed += usize::from(fits);
                    let used = Use {
                        refers,
                        search,
                        listed: fits,
                        how,
                    };
                    (field.tag, used)
                })
                .filter(|(_, used)| used.refers.is_some() || used.how.is_some())
                .collect();
            fields.sort_by_key(|(tag, _)| *tag);
            let choices = register.searched().filter_map(|field| match &field.kind {
                Kind::SelectOne(list) => Some((field.tag, Arc::clone(list))),
                _ => None,
            });
            (number, sort.as_ref().map(|(tag, _, down)| (*tag, *down))).hash(&mut hash);
            for (tag, used) in &fields {
                (tag, used.refers, used.search, used.listed).hash(&mut hash);
                used.how.map(|how| how as u8).hash(&mut hash);
            }
            let sheet = Sheet {
                number,
                sort,
                fields,
                choices: choices.collect(),
            };
            sheets.insert(register.number, sheet);
        }
        Self {
            sheets,
            version: hash.finish(),
        }
    }

    /// Changes with anything that would make other entries of the same records: another division table, another sort
    /// field, another field searched.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The layout of a register, if this build knows it.
    pub fn sheet(&self, register: u32) -> Option<&Sheet> {
        self.sheets.get(&register)
    }

    /// Calls `each` with every record that a change refers to.
    pub fn references(&self, change: &Change, mut each: impl FnMut(RecordId, u32)) {
        let Some(sheet) = self.sheet(change.register) else {
            return;
        };
        for set in &change.sets {
            if let Some(to) = sheet.used(set.tag).and_then(|used| used.refers)
                && let Some(id) = target(&set.element, &set.value)
            {
                each(id, to);
            }
        }
    }
}

/// The record that a value of a reference names: the value itself, or the element of a ref_multiple that is set.
fn target(element: &[u8], value: &Value) -> Option<RecordId> {
    match value.as_ref_id() {
        Some(id) => Some(id),
        None if value.as_bool() == Some(true) => element.try_into().ok().map(RecordId),
        None => None,
    }
}

impl Sheet {
    /// Its number in list order and references.
    pub fn number(&self) -> u16 {
        self.number
    }

    fn used(&self, tag: Tag) -> Option<Use> {
        let place = self
            .fields
            .binary_search_by_key(&tag, |(tag, _)| *tag)
            .ok()?;
        Some(self.fields[place].1)
    }

    /// The references through which its records are found, by what they refer to, and which do not stand in its list
    /// entries.
    pub fn searched_apart(&self) -> impl Iterator<Item = Tag> + '_ {
        let apart = |used: &Use| used.search && used.refers.is_some() && !used.listed;
        let fields = self.fields.iter();
        fields
            .filter(move |(_, used)| apart(used))
            .map(|(tag, _)| *tag)
    }

    /// The `L` entry of a record up to its targets: its place in the list.
    pub fn place(&self, number: Number, shown: &Shown, divisions: &Divisions) -> [u8; 19] {
        let value = |wanted: Tag| {
            shown
                .values
                .iter()
                .find(|(tag, element, _)| *tag == wanted && element.is_empty())
                .map(|(_, _, value)| *value)
        };
        let unit = value(UNIT).and_then(Value::as_text);
        let mut sort = [0; 8];
        if let Some((tag, kind, descending)) = &self.sort {
            if let Some(value) = value(*tag) {
                sort = kind.sort_key(&Content::one(value.clone()));
            }
            if *descending {
                sort.iter_mut().for_each(|byte| *byte = !*byte);
            }
        }
        let unit = unit.map_or(0, |code| divisions.row(code));
        entry::list(self.number, sort, unit, number)
    }

    /// Calls `each` with the entries of a record, all but its number and its places: L, B and T while it is alive, C
    /// always.
    pub fn entries(
        &self,
        number: Number,
        shown: &Shown,
        divisions: &Divisions,
        numbers: &dyn Fn(RecordId, u32) -> Option<Number>,
        want: Want,
        mut each: impl FnMut(&[u8]),
    ) {
        if want != Want::Tokens {
            for tag in &shown.conflicts {
                each(&entry::conflict(number, *tag));
            }
        }
        if !shown.alive {
            return;
        }
        let mut listed = Vec::with_capacity(64);
        listed.extend(self.place(number, shown, divisions));
        let mut bytes = Vec::with_capacity(64);
        for (tag, element, value) in &shown.values {
            let Some(used) = self.used(*tag) else {
                continue;
            };
            if want != Want::Tokens
                && let Some(to) = used.refers
                && let Some(id) = target(element, value)
                && let Some(target) = numbers(id, to)
            {
                each(&entry::backward(target, self.number, *tag, number));
                // One value of each field at most, whatever a log says.
                if used.listed && element.is_empty() {
                    listed.extend(target.to_be_bytes());
                }
            }
            if want != Want::NoTokens
                && let Some(how) = used.how
                && let Some(text) = value.as_text()
            {
                let text = match self.choices.get(tag) {
                    Some(list) => list.words(text, Lang::Zh),
                    None => text,
                };
                keys::tokens(text, how, |token| {
                    entry::token(token, number, &mut bytes);
                    each(&bytes);
                });
            }
        }
        if want != Want::Tokens {
            each(&listed);
        }
    }
}

impl<'a> Shown<'a> {
    /// A new record, as its only change makes it. Of a field twice in one change the last counts.
    pub fn of_change(change: &'a Change) -> Self {
        let mut values: Vec<(Tag, &[u8], &Value)> = Vec::with_capacity(change.sets.len());
        for set in change.sets.iter().filter(|set| set.tag != ALIVE) {
            let item = (set.tag, set.element.as_slice(), &set.value);
            // Writers sort, so a second one stands behind the first; readers take any order.
            match values.last() {
                Some(last) if (last.0, last.1) < (item.0, item.1) => values.push(item),
                None => values.push(item),
                _ => {
                    values.retain(|old| (old.0, old.1) != (item.0, item.1));
                    values.push(item);
                    values.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
                }
            }
        }
        Self {
            alive: !change.deletes(),
            values,
            conflicts: Vec::new(),
        }
    }

    /// A record as folded.
    pub fn of_record(record: &'a Record) -> Self {
        Self {
            alive: record.is_alive(),
            values: record
                .fields
                .iter()
                .map(|((tag, element), state)| (*tag, element.as_slice(), &state.shown().value))
                .collect(),
            conflicts: record.conflicts(),
        }
    }
}
