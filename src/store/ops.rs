//! What a run adds and removes: many small entries, sorted once.
//!
//! An operation is 24 bytes with the first 16 of its entry in it, so that sorting and merging rarely touch other memory.

use std::cmp::Ordering;

const INLINE: usize = 16;

#[derive(Clone, Copy)]
struct Op {
    head: [u8; INLINE],
    /// Where the bytes behind the first 16 begin.
    at: u32,
    len: u8,
    add: bool,
}

/// Entries to add and to remove.
#[derive(Default)]
pub struct Ops {
    ops: Vec<Op>,
    tails: Vec<u8>,
}

impl Ops {
    /// How many.
    pub fn len(&self) -> usize {
        self.ops.len()
    }

    /// Forgets all, keeps the memory.
    pub fn clear(&mut self) {
        self.ops.clear();
        self.tails.clear();
    }

    /// The entry is to be there.
    pub fn add(&mut self, entry: &[u8]) {
        self.push(entry, true);
    }

    /// The entry is to be gone.
    pub fn remove(&mut self, entry: &[u8]) {
        self.push(entry, false);
    }

    fn push(&mut self, entry: &[u8], add: bool) {
        let mut head = [0; INLINE];
        let inline = entry.len().min(INLINE);
        head[..inline].copy_from_slice(&entry[..inline]);
        self.ops.push(Op {
            head,
            // Runs are bounded in memory far below 4 GiB; entries at 255 bytes.
            at: self.tails.len() as u32,
            len: entry.len() as u8,
            add,
        });
        self.tails.extend_from_slice(&entry[inline..]);
    }

    /// Sorts by entry; of one entry the removal first, so that an addition beside it wins.
    pub fn sort(&mut self) {
        let tails = &self.tails;
        self.ops.sort_unstable_by(|a, b| {
            u128::from_be_bytes(a.head)
                .cmp(&u128::from_be_bytes(b.head))
                .then_with(|| tail(tails, a).cmp(tail(tails, b)))
                .then_with(|| a.len.cmp(&b.len))
                .then_with(|| a.add.cmp(&b.add))
        });
    }

    /// The entry at place `i`, written into `entry`, and whether it is added.
    #[inline]
    pub fn get(&self, i: usize, entry: &mut Vec<u8>) -> bool {
        let op = &self.ops[i];
        entry.clear();
        entry.extend_from_slice(&op.head[..INLINE.min(op.len.into())]);
        entry.extend_from_slice(tail(&self.tails, op));
        op.add
    }

    /// Compares the entry at place `i` with `other`.
    #[inline]
    pub fn compare(&self, i: usize, other: &[u8]) -> Ordering {
        let op = &self.ops[i];
        let inline = INLINE.min(op.len.into());
        let theirs = &other[..other.len().min(INLINE)];
        op.head[..inline]
            .cmp(theirs)
            .then_with(|| tail(&self.tails, op).cmp(&other[theirs.len()..]))
    }

    /// The first byte of the entry at place `i`.
    pub fn kind(&self, i: usize) -> u8 {
        self.ops[i].head[0]
    }
}

fn tail<'a>(tails: &'a [u8], op: &Op) -> &'a [u8] {
    let len = usize::from(op.len).saturating_sub(INLINE);
    let at = op.at as usize;
    &tails[at..at + len]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_sort_as_their_entries_do() {
        let entries: [&[u8]; 7] = [
            b"T",
            b"Ta\0",
            b"Ta",
            b"T0123456789012345",
            b"T01234567890123",
            b"T012345678901234",
            b"T0123456789012344",
        ];
        let mut ops = Ops::default();
        entries.iter().for_each(|entry| ops.add(entry));
        ops.remove(b"Ta");
        ops.sort();
        let mut sorted = entries.to_vec();
        sorted.sort_unstable();
        let mut read = Vec::new();
        let mut entry = Vec::new();
        for i in 0..ops.len() {
            let add = ops.get(i, &mut entry);
            assert_eq!(ops.compare(i, &entry), Ordering::Equal);
            read.push((entry.clone(), add));
        }
        let place = read.iter().position(|(entry, _)| entry == b"Ta").unwrap();
        assert!(!read[place].1 && read[place + 1] == (b"Ta".to_vec(), true));
        read.remove(place);
        let read: Vec<&[u8]> = read.iter().map(|(entry, _)| entry.as_slice()).collect();
        assert_eq!(read, sorted);
        assert_eq!(size_of::<Op>(), 24);
    }
}
