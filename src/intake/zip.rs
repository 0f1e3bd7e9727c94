//! The bound before an xlsx is unpacked: its parts are counted and inflated into nothing, so that a small file cannot become
//! gigabytes in memory.

use std::io::Read;

use flate2::read::DeflateDecoder;

use super::table::Unread;

/// The most bytes of all parts unpacked. Reading a sheet costs a few times as much, which stays under 64 MB.
const UNPACKED: u64 = 20_000_000;
/// The most parts.
const PARTS: usize = 2_000;

const END: [u8; 4] = *b"PK\x05\x06";
const ENTRY: [u8; 4] = *b"PK\x01\x02";
const LOCAL: [u8; 4] = *b"PK\x03\x04";
const LARGE: [u8; 4] = *b"PK\x06\x07";

/// Refuses a zip that is broken, of an odd form, or larger unpacked than a roster is.
pub(super) fn bound(bytes: &[u8]) -> Result<(), Unread> {
    let broken = || Unread::Broken("zip".to_owned());
    let end = directory_end(bytes).ok_or_else(broken)?;
    let many = usize::from(u16_at(bytes, end + 10).ok_or_else(broken)?);
    let size = u32_at(bytes, end + 12).ok_or_else(broken)?;
    let mut at = u32_at(bytes, end + 16).ok_or_else(broken)?;
    // One form only, in which every reader finds the same parts.
    let large = end >= 20 && bytes[end - 20..].starts_with(&LARGE);
    if large || at.checked_add(size) != Some(end) {
        return Err(broken());
    }
    if many > PARTS {
        return Err(Unread::TooLarge);
    }
    let mut left = UNPACKED;
    for _ in 0..many {
        let entry = bytes
            .get(at..end)
            .filter(|entry| entry.starts_with(&ENTRY))
            .ok_or_else(broken)?;
        let half = |place| u16_at(entry, place).map(usize::from).ok_or_else(broken);
        let whole = |place| u32_at(entry, place).ok_or_else(broken);
        let (method, packed, local) = (half(10)?, whole(20)?, whole(42)?);
        at += 46 + half(28)? + half(30)? + half(32)?;
        let head = bytes
            .get(local..)
            .filter(|head| head.starts_with(&LOCAL))
            .ok_or_else(broken)?;
        let half = |place| u16_at(head, place).map(usize::from).ok_or_else(broken);
        let begin = 30 + half(26)? + half(28)?;
        let stop = begin.checked_add(packed).ok_or_else(broken)?;
        let data = head.get(begin..stop).ok_or_else(broken)?;
        let size = match method {
            0 => data.len() as u64,
            8 => inflated(data, left + 1).map_err(|_| broken())?,
            _ => return Err(broken()),
        };
        left = left.checked_sub(size).ok_or(Unread::TooLarge)?;
    }
    if at == end { Ok(()) } else { Err(broken()) }
}

/// How many bytes come out, at most `most`.
fn inflated(data: &[u8], most: u64) -> std::io::Result<u64> {
    std::io::copy(
        &mut DeflateDecoder::new(data).take(most),
        &mut std::io::sink(),
    )
}

/// Where the end record stands; its comment must reach to the end of the file.
fn directory_end(bytes: &[u8]) -> Option<usize> {
    let from = bytes.len().checked_sub(22)?;
    let reach = from.saturating_sub(65_535);
    let is_end = |at: &usize| {
        let comment = u16_at(bytes, at + 20).map(usize::from);
        bytes[*at..].starts_with(&END) && comment == Some(bytes.len() - at - 22)
    };
    (reach..=from).rev().find(is_end)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at + 2)?;
    Some(u16::from_le_bytes(bytes.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..at + 4)?;
    usize::try_from(u32::from_le_bytes(bytes.try_into().ok()?)).ok()
}
