//! The entries of the view, big-endian, so that they sort as they are scanned.
//!
//! | kind | entry | for |
//! |---|---|---|
//! | I | id 16, register u32, number u32 | record to a dense number; also records that are only referred to |
//! | P | number u32, segment u24, offset u40, length u24, mark 8 | its changes, as pointers into log segments |
//! | L | register u16, sort key 8, unit u32, number, targets 4 each | list order, and what a row is searched through |
//! | T | token, 0, number | search |
//! | B | target number, register u16, tag u16, number | references backwards |
//! | C | number, tag u16 | fields in conflict |
//!
//! L has all that a search asks of a row, so that a search is one walk over the list: its unit, and the numbers of the
//! records that it is found through.
//!
//! P carries the mark of its frame, so that what covers what can be asked of a record without walking its log's chain.
//! B carries the tag, so that "the newest record whose field X refers to this one" is one short scan.

use crate::journal::Pointer;
use crate::record::{Mark, RecordId, Tag};

/// Kinds, in the order of their bytes: references backwards, conflicts, ids, lists, pointers, tokens.
pub const KINDS: [u8; 6] = *b"BCILPT";

/// The longest token.
pub const MAX_TOKEN: usize = 32;

/// The most targets in an `L` entry.
pub const MAX_TARGETS: usize = (super::page::MAX_ENTRY - PLACED) / 4;
/// Bytes of an `L` entry up to its targets.
const PLACED: usize = 19;

/// A record's dense number. It lives in this view only.
pub type Number = u32;

/// `I`.
pub fn id(register: u32, id: RecordId, number: Number) -> [u8; 25] {
    let mut entry = [0; 25];
    entry[0] = b'I';
    entry[1..17].copy_from_slice(&id.0);
    entry[17..21].copy_from_slice(&register.to_be_bytes());
    entry[21..].copy_from_slice(&number.to_be_bytes());
    entry
}

/// Where the `I` entry of a record begins, or of all records of that id.
pub fn id_prefix(id: RecordId, register: Option<u32>) -> Vec<u8> {
    let mut prefix = vec![b'I'];
    prefix.extend(id.0);
    prefix.extend(register.map(u32::to_be_bytes).into_iter().flatten());
    prefix
}

/// Reads an `I` entry.
pub fn read_id(entry: &[u8]) -> Option<(u32, RecordId, Number)> {
    let id = entry.get(1..17)?.try_into().ok()?;
    Some((be32(entry, 17)?, RecordId(id), be32(entry, 21)?))
}

/// `P`.
pub fn place(number: Number, pointer: Pointer, mark: Mark) -> [u8; 24] {
    let mut entry = [0; 24];
    entry[0] = b'P';
    entry[1..5].copy_from_slice(&number.to_be_bytes());
    entry[5..8].copy_from_slice(&pointer.segment.to_be_bytes()[1..]);
    entry[8..13].copy_from_slice(&pointer.offset.to_be_bytes()[3..]);
    entry[13..16].copy_from_slice(&pointer.len.to_be_bytes()[1..]);
    entry[16..].copy_from_slice(&mark.0);
    entry
}

/// Reads a `P` entry.
pub fn read_place(entry: &[u8]) -> Option<(Number, Pointer, Mark)> {
    let bytes: &[u8; 24] = entry.try_into().ok()?;
    let number = |range: std::ops::Range<usize>| {
        bytes[range]
            .iter()
            .fold(0u64, |number, byte| number << 8 | u64::from(*byte))
    };
    let pointer = Pointer {
        segment: number(5..8) as u32,
        offset: number(8..13),
        len: number(13..16) as u32,
    };
    let mut mark = [0; 8];
    mark.copy_from_slice(&bytes[16..]);
    Some((be32(entry, 1)?, pointer, Mark(mark)))
}

/// `L` up to its targets: no other entry begins so.
pub fn list(register: u16, sort: [u8; 8], unit: u32, number: Number) -> [u8; PLACED] {
    let mut entry = [0; PLACED];
    entry[..3].copy_from_slice(&list_prefix(register));
    entry[3..11].copy_from_slice(&sort);
    entry[11..15].copy_from_slice(&unit.to_be_bytes());
    entry[15..].copy_from_slice(&number.to_be_bytes());
    entry
}

/// Where the `L` entries of a register begin.
pub fn list_prefix(register: u16) -> [u8; 3] {
    let [high, low] = register.to_be_bytes();
    [b'L', high, low]
}

/// A row of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Row<'a> {
    /// The record.
    pub number: Number,
    /// Its row in the division table.
    pub unit: u32,
    /// The numbers of the records that it is found through, as they stand in the entry.
    targets: &'a [u8],
}

impl Row<'_> {
    /// The numbers of the records that it is found through.
    #[inline]
    pub fn targets(&self) -> impl Iterator<Item = Number> + '_ {
        self.targets
            .as_chunks()
            .0
            .iter()
            .map(|target| Number::from_be_bytes(*target))
    }
}

/// Reads an `L` entry.
#[inline]
pub fn row(entry: &[u8]) -> Option<Row<'_>> {
    let (placed, targets) = entry.split_first_chunk::<PLACED>()?;
    Some(Row {
        number: be32(placed, 15)?,
        unit: be32(placed, 11)?,
        targets,
    })
}

/// Writes a `T` entry into `entry`; the token is cut at [`MAX_TOKEN`] bytes.
pub fn token(token: &[u8], number: Number, entry: &mut Vec<u8>) {
    entry.clear();
    entry.push(b'T');
    entry.extend(&token[..token.len().min(MAX_TOKEN)]);
    entry.push(0);
    entry.extend(number.to_be_bytes());
}

/// `B`.
pub fn backward(target: Number, register: u16, tag: Tag, number: Number) -> [u8; 13] {
    let mut entry = [0; 13];
    entry[0] = b'B';
    entry[1..5].copy_from_slice(&target.to_be_bytes());
    entry[5..7].copy_from_slice(&register.to_be_bytes());
    entry[7..9].copy_from_slice(&tag.to_be_bytes());
    entry[9..].copy_from_slice(&number.to_be_bytes());
    entry
}

/// Where the `B` entries of a target begin: of one register, of one field of it.
pub fn backward_prefix(target: Number, register: Option<u16>, tag: Option<Tag>) -> Vec<u8> {
    let mut prefix = vec![b'B'];
    prefix.extend(target.to_be_bytes());
    prefix.extend(register.map(u16::to_be_bytes).into_iter().flatten());
    prefix.extend(tag.map(Tag::to_be_bytes).into_iter().flatten());
    prefix
}

/// `C`.
pub fn conflict(number: Number, tag: Tag) -> [u8; 7] {
    let mut entry = [0; 7];
    entry[0] = b'C';
    entry[1..5].copy_from_slice(&number.to_be_bytes());
    entry[5..].copy_from_slice(&tag.to_be_bytes());
    entry
}

/// The kind and one number: where the `P` or `C` entries of a record begin.
pub fn of_number(kind: u8, number: Number) -> [u8; 5] {
    let mut prefix = [kind; 5];
    prefix[1..].copy_from_slice(&number.to_be_bytes());
    prefix
}

/// The number that ends an `I`, `T` or `B` entry.
#[inline]
pub fn last_number(entry: &[u8]) -> Number {
    entry
        .last_chunk::<4>()
        .map_or(Number::MAX, |bytes| u32::from_be_bytes(*bytes))
}

/// The u32 at `at`.
#[inline]
pub fn be32(entry: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(entry.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_as_they_are_written() {
        let pointer = Pointer {
            segment: 70_000,
            offset: 5_000_000_000,
            len: 1_048_580,
        };
        let entry = place(9, pointer, Mark([7; 8]));
        assert_eq!(read_place(&entry), Some((9, pointer, Mark([7; 8]))));
        assert!(entry.starts_with(&of_number(b'P', 9)));
        let record = RecordId([3; 16]);
        let entry = id(9, record, 77);
        assert_eq!(read_id(&entry), Some((9, record, 77)));
        assert!(entry.starts_with(&id_prefix(record, Some(9))));
        let entry = [&list(9, [1; 8], 5, 6)[..], &[0, 0, 0, 7, 0, 0, 1, 0]].concat();
        assert!(entry.starts_with(&list_prefix(9)));
        let read = row(&entry).unwrap();
        assert_eq!((read.number, read.unit), (6, 5));
        assert_eq!(read.targets().collect::<Vec<_>>(), [7, 256]);
        let entry = backward(4, 9, 6, 8);
        assert!(entry.starts_with(&backward_prefix(4, Some(9), Some(6))));
        assert_eq!((read_place(b"P"), row(b"L")), (None, None));
    }
}
