//! A set of byte strings in sorted pages, in one sled tree. Beside the pages the tree holds a few plain keys that begin
//! with `!`; they are the view's.
//!
//! A page's key is its kind alone for the first page of a kind, else the shortest prefix that parts it from the page
//! before. Nothing here knows what an entry means, but for its first byte, the kind.

use std::collections::BTreeMap;
use std::ops::Bound;

use sled::{Batch, IVec, Tree};

use super::ops::Ops;
use super::page::{self, Flat, Walk};

/// Why the view cannot be read or written. The answer is always the same: set it aside and rebuild it.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// sled says so.
    #[error("{0}")]
    Sled(#[from] sled::Error),
    /// sled panicked.
    #[error("{0}")]
    Panic(String),
    /// A page, a key or an entry is not what it must be.
    #[error("{0}")]
    Damage(&'static str),
}

/// How many entries at most go through memory at once on their way into pages.
const STEP: usize = 50_000;

/// Entries and bytes of one kind.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Tally {
    /// Entries.
    pub entries: u64,
    /// Bytes of its pages.
    pub bytes: u64,
}

/// Tallies by kind.
pub type Tallies = BTreeMap<u8, Tally>;

/// Where merged pages go.
pub enum Target<'a> {
    /// Into one batch, which is applied later.
    Batch(&'a mut Batch, &'a mut usize),
    /// Straight into the tree.
    Tree,
}

impl Target<'_> {
    fn put(&mut self, tree: &Tree, key: &[u8], page: Option<Vec<u8>>) -> Result<(), ViewError> {
        match (self, page) {
            (Self::Batch(batch, keys), page) => {
                **keys += 1;
                match page {
                    Some(page) => batch.insert(key, page),
                    None => batch.remove(key),
                }
            }
            (Self::Tree, Some(page)) => drop(tree.insert(key, page)?),
            (Self::Tree, None) => drop(tree.remove(key)?),
        }
        Ok(())
    }
}

fn checked(page: &IVec) -> Result<&[u8], ViewError> {
    if page::check(page) {
        Ok(page)
    } else {
        Err(ViewError::Damage("a page does not match its check"))
    }
}

/// The page where `entry` is or would be.
fn page_of(tree: &Tree, entry: &[u8]) -> Result<Option<(IVec, IVec)>, ViewError> {
    match tree.range(..=entry).next_back().transpose()? {
        Some((key, page)) if key[0] == entry[0] => Ok(Some((key, page))),
        _ => Ok(None),
    }
}

/// Applies sorted operations: each page hit is read, merged, cut evenly and written once. Adding what is there and
/// removing what is not there change nothing.
pub fn merge(
    tree: &Tree,
    ops: &Ops,
    tallies: &mut Tallies,
    target: &mut Target<'_>,
) -> Result<(), ViewError> {
    let mut i = 0;
    let (mut flat, mut old, mut op) = (Flat::default(), Walk::new(), Vec::new());
    while i < ops.len() {
        ops.get(i, &mut op);
        let kind = op[0];
        let found = page_of(tree, &op)?;
        let behind = match &found {
            Some((key, _)) => Bound::Excluded(key.as_ref()),
            None => Bound::Included(&op[..1]),
        };
        let next = tree
            .range::<&[u8], _>((behind, Bound::Unbounded))
            .keys()
            .next()
            .transpose()?;
        let next = next.filter(|next| next[0] == kind);
        let (key, bytes): (&[u8], &[u8]) = match &found {
            Some((key, page)) => (key, checked(page)?),
            None => (std::slice::from_ref(&kind), &[]),
        };
        flat.clear();
        old.restart();
        let mut here = old.next(bytes).is_some();
        let mut added = 0i64;
        let mut taken = 0;
        while i < ops.len() && taken < STEP && ops.kind(i) == kind {
            if let Some(next) = &next
                && ops.compare(i, next).is_ge()
            {
                break;
            }
            let add = ops.get(i, &mut op);
            // Of one entry the last operation counts.
            if i + 1 < ops.len() && ops.compare(i + 1, &op).is_eq() {
                i += 1;
                continue;
            }
            while here && old.entry() < op.as_slice() {
                flat.push(old.entry());
                here = old.next(bytes).is_some();
            }
            let stood = here && old.entry() == op.as_slice();
            if stood {
                here = old.next(bytes).is_some();
            }
            if add {
                flat.push(&op);
            }
            added += i64::from(add) - i64::from(stood);
            i += 1;
            taken += 1;
        }
        while here {
            flat.push(old.entry());
            here = old.next(bytes).is_some();
        }
        let tally = tallies.entry(kind).or_default();
        tally.entries = tally.entries.wrapping_add_signed(added);
        tally.bytes = tally.bytes.saturating_sub(bytes.len() as u64);
        if flat.len() == 0 {
            target.put(tree, key, None)?;
            continue;
        }
        let mut failed = Ok(());
        flat.cut(|own, page| {
            tally.bytes += page.len() as u64;
            if failed.is_ok() {
                failed = target.put(tree, own.unwrap_or(key), Some(page));
            }
        });
        failed?;
    }
    Ok(())
}

/// A walk over entries in order, from any place.
pub struct Cursor<'a> {
    tree: &'a Tree,
    pages: Option<sled::Iter>,
    page: IVec,
    walk: Walk,
    kind: u8,
}

impl<'a> Cursor<'a> {
    /// A cursor that stands nowhere yet.
    pub fn new(tree: &'a Tree) -> Self {
        Self {
            tree,
            pages: None,
            page: IVec::default(),
            walk: Walk::new(),
            kind: 0,
        }
    }

    /// The first entry of the same kind that is not less than `from`.
    pub fn seek(&mut self, from: &[u8]) -> Result<Option<&[u8]>, ViewError> {
        // A page that holds an entry before and one not before it needs no second look-up.
        let standing = self.pages.is_some() && self.kind == from[0] && self.walk.entry() < from;
        if !(standing && self.walk_to(from)) {
            self.kind = from[0];
            let start = match page_of(self.tree, from)? {
                Some((key, _)) => key,
                None => IVec::from(&from[..1]),
            };
            self.pages = Some(self.tree.range(start..));
            self.page = IVec::default();
            self.walk.restart();
            loop {
                if !self.turn()? {
                    return Ok(None);
                }
                if self.walk_to(from) {
                    break;
                }
            }
        }
        Ok(Some(self.walk.entry()))
    }

    fn walk_to(&mut self, from: &[u8]) -> bool {
        while let Some(entry) = self.walk.next(&self.page) {
            if entry >= from {
                return true;
            }
        }
        false
    }

    /// Turns to the next page of this kind.
    fn turn(&mut self) -> Result<bool, ViewError> {
        let Some(pages) = &mut self.pages else {
            return Ok(false);
        };
        match pages.next().transpose()? {
            Some((key, page)) if key[0] == self.kind => {
                checked(&page)?;
                self.page = page;
                self.walk.restart();
                Ok(true)
            }
            _ => {
                self.pages = None;
                Ok(false)
            }
        }
    }

    /// The next entry of the same kind.
    #[inline]
    pub fn next(&mut self) -> Result<Option<&[u8]>, ViewError> {
        loop {
            // The borrow checker cannot see that a returned entry ends the loop.
            if self.walk.next(&self.page).is_some() {
                return Ok(Some(self.walk.entry()));
            }
            if !self.turn()? {
                return Ok(None);
            }
        }
    }
}

/// Calls `each` for every entry that begins with `prefix`, in order, until it says `false`.
pub fn scan(
    tree: &Tree,
    prefix: &[u8],
    mut each: impl FnMut(&[u8]) -> bool,
) -> Result<(), ViewError> {
    let mut cursor = Cursor::new(tree);
    let mut entry = cursor.seek(prefix)?;
    while let Some(bytes) = entry {
        if !bytes.starts_with(prefix) || !each(bytes) {
            break;
        }
        entry = cursor.next()?;
    }
    Ok(())
}

/// The entry `n` places behind the first one that is not less than `from`. Whole pages are passed by what they say of
/// themselves.
pub fn nth(tree: &Tree, from: &[u8], n: u64) -> Result<Option<Vec<u8>>, ViewError> {
    let start = page_of(tree, from)?.map_or_else(|| IVec::from(&from[..1]), |(key, _)| key);
    let mut left = n;
    let mut walk = Walk::new();
    for next in tree.range(start..) {
        let (key, page) = next?;
        if key[0] != from[0] {
            break;
        }
        let bytes = checked(&page)?;
        let whole = page::count(bytes) as u64;
        if key.as_ref() >= from && left >= whole {
            left -= whole;
            continue;
        }
        walk.restart();
        while let Some(entry) = walk.next(bytes) {
            if entry < from {
                continue;
            }
            if left == 0 {
                return Ok(Some(entry.to_vec()));
            }
            left -= 1;
        }
    }
    Ok(None)
}

/// How many entries of the kind of `from` lie in `from..below`. Whole pages are counted by what they say of themselves.
pub fn count(tree: &Tree, from: &[u8], below: &[u8]) -> Result<u64, ViewError> {
    let start = page_of(tree, from)?.map_or_else(|| IVec::from(&from[..1]), |(key, _)| key);
    let mut total = 0;
    let mut held: Option<(IVec, IVec)> = None;
    let mut walk = Walk::new();
    let mut within = |page: &IVec| -> Result<u64, ViewError> {
        let bytes = checked(page)?;
        walk.restart();
        let mut count = 0;
        while let Some(entry) = walk.next(bytes) {
            count += u64::from(entry >= from && entry < below);
        }
        Ok(count)
    };
    for next in tree.range(start..) {
        let (key, page) = next?;
        // The page before lies below the key of this one.
        if let Some((at, before)) = held.take() {
            let whole = at.as_ref() >= from && key.as_ref() <= below;
            total += if whole {
                page::count(checked(&before)?) as u64
            } else {
                within(&before)?
            };
        }
        if key.as_ref() >= below || key[0] != from[0] {
            return Ok(total);
        }
        held = Some((key, page));
    }
    if let Some((_, last)) = held {
        total += within(&last)?;
    }
    Ok(total)
}

/// The least string greater than all that begin with `prefix`, which does not end in 255 throughout.
pub fn after(prefix: &[u8]) -> Vec<u8> {
    let mut after = prefix.to_vec();
    while let Some(last) = after.pop() {
        if last < u8::MAX {
            after.push(last + 1);
            break;
        }
    }
    after
}

/// Walks every page: checks, order, and what each kind adds up to.
pub fn measure(tree: &Tree) -> Result<Tallies, ViewError> {
    let mut tallies = Tallies::new();
    let mut walk = Walk::new();
    let mut last: Vec<u8> = Vec::new();
    for page in tree.range(super::entry::KINDS[..1].to_vec()..) {
        let (key, page) = page?;
        let bytes = checked(&page)?;
        let tally = tallies.entry(key[0]).or_default();
        tally.entries += page::count(bytes) as u64;
        tally.bytes += bytes.len() as u64;
        walk.restart();
        let mut seen = 0;
        while let Some(entry) = walk.next(bytes) {
            if entry <= last.as_slice() || entry < key.as_ref() || entry[0] != key[0] {
                return Err(ViewError::Damage("entries are out of order"));
            }
            last.clear();
            last.extend_from_slice(entry);
            seen += 1;
        }
        if seen != page::count(bytes) {
            return Err(ViewError::Damage("a page holds another count than it says"));
        }
    }
    Ok(tallies)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn tree() -> Tree {
        let db = sled::Config::new().temporary(true).open().unwrap();
        db.open_tree("t").unwrap()
    }

    fn all(tree: &Tree) -> Vec<Vec<u8>> {
        let mut all = Vec::new();
        for kind in [b'L', b'T'] {
            scan(tree, &[kind], |entry| {
                all.push(entry.to_vec());
                true
            })
            .unwrap();
        }
        all
    }

    fn entry() -> impl Strategy<Value = Vec<u8>> {
        let short = (prop_oneof![Just(b'L'), Just(b'T')], 0u32..600)
            .prop_map(|(kind, n)| [&[kind][..], &n.to_be_bytes()].concat());
        let long = (0u32..40, 1usize..200)
            .prop_map(|(n, len)| [&b"T"[..], &n.to_be_bytes(), &vec![n as u8; len]].concat());
        prop_oneof![4 => short, 1 => long]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]
        #[test]
        fn pages_are_a_sorted_set(
            runs in prop::collection::vec(prop::collection::vec((entry(), any::<bool>()), 0..400), 1..6),
            batch in any::<bool>(),
            from in entry(),
            below in entry(),
        ) {
            let tree = tree();
            let mut model: BTreeSet<Vec<u8>> = BTreeSet::new();
            let mut tallies = Tallies::new();
            for run in runs {
                let mut ops = Ops::default();
                // Removals of a run come first in the sort, so the model applies them first too.
                for (entry, add) in &run {
                    if *add { ops.add(entry) } else { ops.remove(entry); model.remove(entry); }
                }
                model.extend(run.iter().filter(|(_, add)| *add).map(|(entry, _)| entry.clone()));
                ops.sort();
                if batch {
                    let (mut batch, mut keys) = (Batch::default(), 0);
                    merge(&tree, &ops, &mut tallies, &mut Target::Batch(&mut batch, &mut keys)).unwrap();
                    tree.apply_batch(batch).unwrap();
                } else {
                    merge(&tree, &ops, &mut tallies, &mut Target::Tree).unwrap();
                }
                prop_assert_eq!(all(&tree), model.iter().cloned().collect::<Vec<_>>());
                let measured = measure(&tree).unwrap();
                tallies.retain(|_, tally| tally.entries > 0);
                prop_assert_eq!(&measured, &tallies);
            }
            let mut cursor = Cursor::new(&tree);
            for start in [&from, &below] {
                let expected = model.range(start.clone()..).find(|entry| entry[0] == start[0]);
                prop_assert_eq!(cursor.seek(start).unwrap(), expected.map(Vec::as_slice));
            }
            if from[0] == below[0] && from < below {
                let between: Vec<&Vec<u8>> = model.range(from.clone()..below.clone()).collect();
                prop_assert_eq!(count(&tree, &from, &below).unwrap(), between.len() as u64);
            }
            let behind: Vec<&Vec<u8>> = model.range(from.clone()..).filter(|entry| entry[0] == from[0]).collect();
            for n in [0, 1, 7, 300, 1_000] {
                let expected = behind.get(n).map(|entry| entry.to_vec());
                prop_assert_eq!(nth(&tree, &from, n as u64).unwrap(), expected);
            }
        }
    }

    #[test]
    fn a_first_load_is_cut_in_steps_and_the_same_twice_changes_nothing() {
        let tree = tree();
        let mut ops = Ops::default();
        (0..120_000u32).for_each(|n| ops.add(&[&b"T"[..], &n.to_be_bytes()].concat()));
        ops.sort();
        let mut tallies = Tallies::new();
        merge(&tree, &ops, &mut tallies, &mut Target::Tree).unwrap();
        let once = tallies.clone();
        merge(&tree, &ops, &mut tallies, &mut Target::Tree).unwrap();
        assert_eq!(once[&b'T'].entries, 120_000);
        assert_eq!(once[&b'T'].entries, tallies[&b'T'].entries);
        assert_eq!(measure(&tree).unwrap(), tallies);
        assert!(tree.iter().all(|page| page.unwrap().1.len() <= page::MAX));
    }

    #[test]
    fn a_damaged_page_is_an_error() {
        let tree = tree();
        let mut ops = Ops::default();
        ops.add(b"Tabc");
        merge(&tree, &ops, &mut Tallies::new(), &mut Target::Tree).unwrap();
        let mut page = tree.get(b"T").unwrap().unwrap().to_vec();
        page[8] ^= 1;
        tree.insert(b"T", page).unwrap();
        assert!(scan(&tree, b"T", |_| true).is_err());
        assert!(measure(&tree).is_err());
    }

    #[test]
    fn the_string_behind_a_prefix() {
        assert_eq!(after(b"La"), b"Lb");
        assert_eq!(after(&[b'L', 255]), b"M");
    }
}
