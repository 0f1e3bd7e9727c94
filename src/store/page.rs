//! One page: a sorted run of entries, each stored as what it does not share with the one before.
//!
//! `crc32c u32 | count u16 | (shared u8, rest u8, bytes)*`, little-endian, at most [`MAX`] bytes, walked from its start.
//! Pure: bytes in, bytes out.

/// The most bytes of a page. Twice as many is a little faster in bulk and ten times slower at the 99th percentile of a
/// window.
pub const MAX: usize = 4_000;
/// The most bytes of an entry.
pub const MAX_ENTRY: usize = 255;
const HEAD: usize = 6;

/// A page whose check is right, or nothing.
pub fn check(bytes: &[u8]) -> bool {
    bytes.len() >= HEAD
        && bytes.len() <= MAX
        && crc32c::crc32c(&bytes[4..]).to_le_bytes() == bytes[..4]
}

/// How many entries a page holds.
pub fn count(bytes: &[u8]) -> usize {
    usize::from(u16::from_le_bytes([bytes[4], bytes[5]]))
}

/// A walk over the entries of a page, which was checked.
#[derive(Default)]
pub struct Walk {
    at: usize,
    entry: Vec<u8>,
    /// Of the last skip: what the last entry passed shares with what was looked for.
    matched: usize,
}

impl Walk {
    /// A walk that begins before the first entry.
    pub fn new() -> Self {
        Self {
            at: HEAD,
            entry: Vec::with_capacity(64),
            matched: 0,
        }
    }

    /// Back to the start, for another page.
    pub fn restart(&mut self) {
        self.at = HEAD;
        self.entry.clear();
    }

    /// The next entry of `page`; `None` at its end.
    #[inline]
    pub fn next(&mut self, page: &[u8]) -> Option<&[u8]> {
        self.next_shared(page).map(|(entry, _)| entry)
    }

    /// The same, and how many bytes it shares with the one before in this page: what was found out about these of that
    /// one holds of this one too.
    #[inline]
    pub fn next_shared(&mut self, page: &[u8]) -> Option<(&[u8], usize)> {
        let head = page.get(self.at..self.at + 2)?;
        let (shared, rest) = (usize::from(head[0]), usize::from(head[1]));
        let bytes = page.get(self.at + 2..self.at + 2 + rest)?;
        self.at += 2 + rest;
        self.entry.truncate(shared);
        // Most entries differ from the one before in a byte or two.
        match bytes {
            [a] => self.entry.push(*a),
            [a, b] => self.entry.extend([*a, *b]),
            bytes => self.entry.extend_from_slice(bytes),
        }
        Some((&self.entry, shared))
    }

    /// The entry that [`next`](Self::next) gave last.
    pub fn entry(&self) -> &[u8] {
        &self.entry
    }

    /// Goes on to the first entry that is not less than `from`; `false` at the end of the page.
    pub fn skip_to(&mut self, page: &[u8], from: &[u8]) -> bool {
        self.skip(page, from).is_some()
    }

    /// The same, and how it went: what the entry before shares with `from` stands in `matched`. Entries on the way are
    /// not put together: while each shares more with the one before than that shares with `from`, it is less than
    /// `from` too.
    fn skip(&mut self, page: &[u8], from: &[u8]) -> Option<Stop> {
        self.matched = shared(&self.entry, from);
        while let Some(&[same, rest]) = page.get(self.at..self.at + 2) {
            let (same, rest) = (usize::from(same), usize::from(rest));
            let start = self.at;
            self.at += 2 + rest;
            if same > self.matched {
                continue;
            }
            let bytes = page.get(start + 2..self.at)?;
            // Up to `same` the entry is what `from` is.
            let left = &from[same..];
            let more = shared(bytes, left);
            if bytes[more..] < left[more..] {
                self.matched = same + more;
                continue;
            }
            self.entry.clear();
            self.entry.extend_from_slice(&from[..same]);
            self.entry.extend_from_slice(bytes);
            return Some(Stop { start, same });
        }
        self.entry.clear();
        None
    }
}

/// Where a walk stopped: where the entry starts in the page, and what it shares with the one before.
#[derive(Clone, Copy)]
struct Stop {
    start: usize,
    same: usize,
}

/// A page with some entries added and others removed, in order, without taking apart what lies between them. `None` if
/// it would not fit into one page.
pub fn splice<'a>(page: &[u8], edits: impl Iterator<Item = (&'a [u8], bool)>) -> Option<Spliced> {
    let mut out = Vec::with_capacity(MAX + 64);
    out.extend_from_slice(&[0; HEAD]);
    let mut walk = Walk::new();
    let (mut difference, mut changed) = (0i64, false);
    // The first old entry that is not written yet, and what it shares with the last one written.
    let mut stop = walk.begin(page);
    let mut same = 0;
    // The last edit, and what the last entry written shares with it.
    let (mut last, mut matched): (&[u8], usize) = (&[], 0);
    for (edit, add) in edits {
        matched = matched.min(shared(last, edit));
        if stop.is_some() && walk.entry() < edit {
            put(&mut out, walk.entry(), same);
            let from = walk.at;
            stop = walk.skip(page, edit);
            let to = stop.map_or(page.len(), |stop| stop.start);
            out.extend_from_slice(&page[from..to]);
            matched = walk.matched;
            same = stop.map_or(0, |stop| stop.same);
        }
        let stands = stop.is_some() && walk.entry() == edit;
        match (add, stands) {
            (true, true) => {
                put(&mut out, walk.entry(), same);
                stop = walk.step(page);
                same = stop.map_or(0, |stop| stop.same);
                matched = edit.len();
            }
            (true, false) => {
                put(&mut out, edit, matched);
                difference += 1;
                changed = true;
                same = shared(edit, walk.entry());
                matched = edit.len();
            }
            (false, true) => {
                difference -= 1;
                changed = true;
                stop = walk.step(page);
                same = same.min(stop.map_or(0, |stop| stop.same));
            }
            (false, false) => {}
        }
        if out.len() > MAX {
            return None;
        }
        last = edit;
    }
    if stop.is_some() {
        put(&mut out, walk.entry(), same);
        out.extend_from_slice(&page[walk.at..]);
    }
    if out.len() > MAX {
        return None;
    }
    let count = count(page).checked_add_signed(difference as isize)?;
    finish(&mut out, count);
    Some(Spliced {
        page: changed.then_some(out),
        difference,
    })
}

/// What became of a page.
pub struct Spliced {
    /// The new page; `None` if nothing changed.
    pub page: Option<Vec<u8>>,
    /// How many more entries it has.
    pub difference: i64,
}

fn put(out: &mut Vec<u8>, entry: &[u8], shared: usize) {
    out.push(shared as u8);
    out.push((entry.len() - shared) as u8);
    out.extend_from_slice(&entry[shared..]);
}

impl Walk {
    fn begin(&mut self, page: &[u8]) -> Option<Stop> {
        self.restart();
        self.step(page)
    }

    fn step(&mut self, page: &[u8]) -> Option<Stop> {
        let start = self.at;
        let same = page.get(start).map_or(0, |same| usize::from(*same));
        if self.next(page).is_none() {
            self.entry.clear();
            return None;
        }
        Some(Stop { start, same })
    }
}

/// Sorted entries on their way into pages.
#[derive(Default)]
pub struct Flat {
    bytes: Vec<u8>,
    /// For each entry: where it ends in `bytes`, and how much of it the one before shares.
    ends: Vec<(u32, u8)>,
    /// What they take in one page of any size.
    size: usize,
}

/// How many bytes two entries share at their start.
pub fn shared(a: &[u8], b: &[u8]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

impl Flat {
    /// Forgets all entries, keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.size = 0;
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Adds an entry, greater than all before it, of at most [`MAX_ENTRY`] bytes.
    pub fn push(&mut self, entry: &[u8]) {
        debug_assert!(entry.len() <= MAX_ENTRY && (self.ends.is_empty() || self.last() < entry));
        let shared = shared(self.last(), entry);
        self.bytes.extend_from_slice(entry);
        // A run is cut long before it reaches 4 GiB; an entry has at most 255 bytes.
        self.ends.push((self.bytes.len() as u32, shared as u8));
        self.size += 2 + entry.len() - shared;
    }

    /// Takes the entries of a page (or of none: no bytes) with some added and others removed; gives the difference.
    pub fn merge(&mut self, page: &[u8], edits: &[(&[u8], bool)]) -> i64 {
        let mut old = Walk::new();
        let mut here = old.next(page).is_some();
        let mut difference = 0;
        for (edit, add) in edits {
            while here && old.entry() < *edit {
                self.push(old.entry());
                here = old.next(page).is_some();
            }
            let stands = here && old.entry() == *edit;
            if stands {
                here = old.next(page).is_some();
            }
            if *add {
                self.push(edit);
            }
            difference += i64::from(*add) - i64::from(stands);
        }
        while here {
            self.push(old.entry());
            here = old.next(page).is_some();
        }
        difference
    }

    fn last(&self) -> &[u8] {
        self.ends.len().checked_sub(1).map_or(&[], |i| self.get(i))
    }

    fn get(&self, i: usize) -> &[u8] {
        let start = if i == 0 {
            0
        } else {
            self.ends[i - 1].0 as usize
        };
        &self.bytes[start..self.ends[i].0 as usize]
    }

    /// Cuts into pages as even as can be, each with the shortest key that parts it from the page before; the first has
    /// no key of its own (it keeps the one of the page it replaces). No entry: no page.
    pub fn cut(&self, mut page: impl FnMut(Option<&[u8]>, Vec<u8>)) {
        if self.ends.is_empty() {
            return;
        }
        let pages = (HEAD + self.size).div_ceil(MAX);
        // A first entry is stored whole, so pages beside the first are a little larger than their share.
        let share = if pages == 1 {
            MAX
        } else {
            self.size / pages + 1
        };
        let mut start = 0;
        let mut made = 0;
        let mut bytes = Vec::with_capacity(MAX);
        bytes.extend_from_slice(&[0; HEAD]);
        for i in 0..self.len() {
            let entry = self.get(i);
            let full =
                |bytes: &Vec<u8>, shared: usize| bytes.len() + 2 + entry.len() - shared > MAX;
            let shared = usize::from(self.ends[i].1);
            let due = made + 1 < pages && bytes.len() >= HEAD + share;
            if i > start && (due || full(&bytes, shared)) {
                page(self.key(start).as_deref(), seal(&mut bytes, i - start));
                made += 1;
                start = i;
            }
            let shared = if i == start { 0 } else { shared };
            bytes.push(shared as u8);
            bytes.push((entry.len() - shared) as u8);
            bytes.extend_from_slice(&entry[shared..]);
        }
        page(
            self.key(start).as_deref(),
            seal(&mut bytes, self.len() - start),
        );
    }

    /// The shortest prefix of entry `i` that is greater than the entry before it.
    fn key(&self, i: usize) -> Option<Vec<u8>> {
        let before = i.checked_sub(1)?;
        let entry = self.get(i);
        let shared = shared(self.get(before), entry);
        Some(entry[..shared + 1].to_vec())
    }
}

/// Writes count and check of a page.
fn finish(bytes: &mut [u8], count: usize) {
    // A page of 4,000 bytes has at most 1,331 entries.
    bytes[4..6].copy_from_slice(&(count as u16).to_le_bytes());
    let check = crc32c::crc32c(&bytes[4..]).to_le_bytes();
    bytes[..4].copy_from_slice(&check);
}

/// Finishes a page and leaves `bytes` ready for the next one.
fn seal(bytes: &mut Vec<u8>, count: usize) -> Vec<u8> {
    finish(bytes, count);
    let page = bytes.clone();
    bytes.truncate(HEAD);
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(entries: &[Vec<u8>]) -> Vec<(Option<Vec<u8>>, Vec<u8>)> {
        let mut flat = Flat::default();
        entries.iter().for_each(|entry| flat.push(entry));
        let mut pages = Vec::new();
        flat.cut(|key, page| pages.push((key.map(<[u8]>::to_vec), page)));
        pages
    }

    fn entries(pages: &[(Option<Vec<u8>>, Vec<u8>)]) -> Vec<Vec<u8>> {
        let mut all = Vec::new();
        for (_, page) in pages {
            assert!(check(page));
            let mut walk = Walk::new();
            let before = all.len();
            while let Some(entry) = walk.next(page) {
                all.push(entry.to_vec());
            }
            assert_eq!(all.len() - before, count(page));
        }
        all
    }

    #[test]
    fn what_goes_into_pages_comes_out_again_evenly_cut() {
        for n in [1, 2, 400, 5_000] {
            let all: Vec<Vec<u8>> = (0..n)
                .map(|i| format!("T{:05}{}", i * 7, "x".repeat(i % 30)).into_bytes())
                .collect();
            let pages = pages(&all);
            assert_eq!(entries(&pages), all);
            let sizes: Vec<usize> = pages.iter().map(|(_, page)| page.len()).collect();
            let (least, most) = (sizes.iter().min().unwrap(), sizes.iter().max().unwrap());
            assert!(most - least < 200 && *most <= MAX, "{sizes:?}");
        }
    }

    #[test]
    fn a_key_parts_its_page_from_the_one_before() {
        let all: Vec<Vec<u8>> = (0..3_000u32).map(|i| i.to_be_bytes().to_vec()).collect();
        let pages = pages(&all);
        assert!(pages.len() > 2 && pages[0].0.is_none());
        let mut last = Vec::new();
        for (key, page) in &pages {
            let mut walk = Walk::new();
            let first = walk.next(page).unwrap().to_vec();
            if let Some(key) = key {
                assert!(*key > last && *key <= first);
            }
            while let Some(entry) = walk.next(page) {
                last = entry.to_vec();
            }
        }
    }

    #[test]
    fn a_flipped_bit_is_seen() {
        let mut page = pages(&[b"Tabc".to_vec(), b"Tabd".to_vec()]).remove(0).1;
        for at in 0..page.len() {
            page[at] ^= 4;
            assert!(!check(&page));
            page[at] ^= 4;
        }
        assert!(check(&page) && !check(&page[..5]));
    }

    #[test]
    fn a_spliced_page_is_the_page_made_anew() {
        let entry = |n: u32| [&b"T"[..], n.to_string().as_bytes()].concat();
        let old: std::collections::BTreeSet<Vec<u8>> =
            (0..300).map(|n| entry(n * 7 % 1_999)).collect();
        let page = pages(&old.iter().cloned().collect::<Vec<_>>()).remove(0).1;
        for seed in 0..200u32 {
            let mut edits: Vec<(Vec<u8>, bool)> = (0..seed % 9)
                .map(|n| {
                    let at = (seed * 31 + n * 977) % 2_100;
                    (entry(at), (seed + n) % 3 > 0)
                })
                .collect();
            edits.sort();
            edits.dedup_by(|a, b| a.0 == b.0);
            let mut new = old.clone();
            for (entry, add) in &edits {
                let _ = if *add {
                    new.insert(entry.clone())
                } else {
                    new.remove(entry)
                };
            }
            let spliced = splice(
                &page,
                edits.iter().map(|(entry, add)| (entry.as_slice(), *add)),
            );
            let Spliced {
                page: spliced,
                difference,
            } = spliced.unwrap();
            assert_eq!(difference, new.len() as i64 - old.len() as i64);
            assert_eq!(spliced.is_none(), new == old);
            let spliced = spliced.unwrap_or_else(|| page.clone());
            let anew = pages(&new.into_iter().collect::<Vec<_>>()).remove(0).1;
            assert_eq!(spliced, anew, "{seed}: {edits:?}");
        }
    }
}
