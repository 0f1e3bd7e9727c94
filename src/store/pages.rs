//! A set of byte strings in sorted pages, in one sled tree. Beside the pages the tree holds a few plain keys that begin
//! with `!`; they are the view's.
//!
//! A page's key is its kind alone for the first page of a kind, else the shortest prefix that parts it from the page
//! before. Nothing here knows what an entry means, but for its first byte, the kind.

use std::collections::BTreeMap;
use std::ops::Bound;

use sled::{IVec, Tree};

use super::page::{self, Walk};

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

/// A page whose check is right.
pub(super) fn checked(page: &IVec) -> Result<&[u8], ViewError> {
    if page::check(page) {
        Ok(page)
    } else {
        Err(ViewError::Damage("a page does not match its check"))
    }
}

/// The page where `entry` is or would be.
pub(super) fn page_of(tree: &Tree, entry: &[u8]) -> Result<Option<(IVec, IVec)>, ViewError> {
    match tree.range(..=entry).next_back().transpose()? {
        Some((key, page)) if key[0] == entry[0] => Ok(Some((key, page))),
        _ => Ok(None),
    }
}

/// One page after another, as ascending entries ask for them. Neighbouring pages are reached by going on, others by
/// looking them up: sled's look-up of what lies before a key costs as much as reading several pages.
pub(super) struct Ahead<'a> {
    tree: &'a Tree,
    /// The page found last; `None` before the first page of its kind.
    page: Option<(IVec, IVec)>,
    /// The page behind it, of whatever kind.
    behind: Option<(IVec, IVec)>,
    rest: Option<sled::Iter>,
}

impl<'a> Ahead<'a> {
    /// How many pages are passed before a look-up is cheaper.
    const PASSED: usize = 3;

    pub fn new(tree: &'a Tree) -> Self {
        Self {
            tree,
            page: None,
            behind: None,
            rest: None,
        }
    }

    /// Key and bytes of the page found last.
    pub fn page(&self) -> Option<&(IVec, IVec)> {
        self.page.as_ref()
    }

    /// The key that ends the page, if a page of the same kind follows.
    pub fn end(&self, kind: u8) -> Option<&IVec> {
        let (key, _) = self.behind.as_ref()?;
        (key[0] == kind).then_some(key)
    }

    /// The tree was changed under it.
    pub fn forget(&mut self) {
        self.rest = None;
    }

    /// Finds the page where `entry` is or would be. `true`: it is another one than before.
    pub fn find(&mut self, entry: &[u8]) -> Result<bool, ViewError> {
        for passed in 0..Self::PASSED {
            let (Some(_), Some((key, _))) = (&self.rest, &self.page) else {
                break;
            };
            if key[0] != entry[0] || entry < key.as_ref() {
                break;
            }
            if self.end(entry[0]).is_none_or(|end| entry < end.as_ref()) {
                return Ok(passed > 0);
            }
            self.on()?;
        }
        self.page = page_of(self.tree, entry)?;
        let from = match &self.page {
            Some((key, _)) => Bound::Excluded(key.as_ref()),
            None => Bound::Included(&entry[..1]),
        };
        let mut rest = self.tree.range::<&[u8], _>((from, Bound::Unbounded));
        self.behind = rest.next().transpose()?;
        self.rest = Some(rest);
        Ok(true)
    }

    /// Goes on to the page behind.
    fn on(&mut self) -> Result<(), ViewError> {
        let next = match &mut self.rest {
            Some(rest) => rest.next().transpose()?,
            None => None,
        };
        self.page = std::mem::replace(&mut self.behind, next);
        Ok(())
    }
}

/// A walk over entries in order, from any place.
pub struct Cursor<'a> {
    ahead: Ahead<'a>,
    page: IVec,
    walk: Walk,
    /// What was looked for last: the walk may go on from there to anything greater.
    sought: Vec<u8>,
    /// Whether the walk went on since.
    stepped: bool,
}

impl<'a> Cursor<'a> {
    /// A cursor that stands nowhere yet.
    pub fn new(tree: &'a Tree) -> Self {
        Self {
            ahead: Ahead::new(tree),
            page: IVec::default(),
            walk: Walk::new(),
            sought: Vec::new(),
            stepped: false,
        }
    }

    /// The first entry of the same kind that is not less than `from`.
    pub fn seek(&mut self, from: &[u8]) -> Result<Option<&[u8]>, ViewError> {
        let passed = self.stepped && from < self.walk.entry();
        let back = passed || from < self.sought.as_slice();
        self.stepped = false;
        if self.ahead.find(from)? || back {
            self.page = IVec::default();
            if let Some((_, page)) = self.ahead.page() {
                checked(page)?;
                self.page = page.clone();
            }
            self.walk.restart();
        }
        self.sought.clear();
        self.sought.extend_from_slice(from);
        if !self.walk.entry().is_empty() && self.walk.entry() >= from {
            return Ok(Some(self.walk.entry()));
        }
        if self.walk.skip_to(&self.page, from) {
            return Ok(Some(self.walk.entry()));
        }
        self.first_behind()
    }

    /// The first entry of the page behind, while the walk stays at the end of this one: the next one that is looked for
    /// may still lie between them.
    fn first_behind(&mut self) -> Result<Option<&[u8]>, ViewError> {
        let Some((key, page)) = self.ahead.behind.as_ref() else {
            return Ok(None);
        };
        if key.first() != self.sought.first() {
            return Ok(None);
        }
        checked(page)?;
        self.page = page.clone();
        self.ahead.on()?;
        self.walk.restart();
        Ok(self.walk.next(&self.page))
    }

    /// The next entry of the same kind.
    #[inline]
    pub fn next(&mut self) -> Result<Option<&[u8]>, ViewError> {
        self.stepped = true;
        // The borrow checker cannot see that a returned entry ends the matter.
        if self.walk.next(&self.page).is_some() {
            return Ok(Some(self.walk.entry()));
        }
        self.first_behind()
    }
}

/// Calls `each` for every entry that begins with `prefix`, in order, until it says `false`.
pub fn scan(
    tree: &Tree,
    prefix: &[u8],
    mut each: impl FnMut(&[u8]) -> bool,
) -> Result<(), ViewError> {
    range(tree, prefix, &after(prefix), |entry, _| each(entry))
}

/// Calls `each` for every entry of one kind in `from..below`, in order, until it says `false`. It is also told how many
/// bytes the entry shares with the one told before; 0 means that nobody knows.
pub fn range(
    tree: &Tree,
    from: &[u8],
    below: &[u8],
    mut each: impl FnMut(&[u8], usize) -> bool,
) -> Result<(), ViewError> {
    let start = page_of(tree, from)?.map_or_else(|| IVec::from(&from[..1]), |(key, _)| key);
    let mut walk = Walk::new();
    for next in tree.range(start..) {
        let (key, page) = next?;
        if key[0] != from[0] || key.as_ref() >= below {
            break;
        }
        let bytes = checked(&page)?;
        walk.restart();
        let mut told = false;
        if key.as_ref() < from {
            if !walk.skip_to(bytes, from) {
                continue;
            }
            if walk.entry() >= below || !each(walk.entry(), 0) {
                return Ok(());
            }
            told = true;
        }
        while let Some((entry, shared)) = walk.next_shared(bytes) {
            // One that shares with the last all that tells it from `below` is below it, too.
            if shared < below.len() && entry >= below {
                return Ok(());
            }
            let known = if told { shared } else { 0 };
            told = true;
            if !each(entry, known) {
                return Ok(());
            }
        }
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
