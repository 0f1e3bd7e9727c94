//! Bytes of frames and changes, version 1 (`format.md`). The only file that names `bincode`.
//!
//! Bytes that were received are verified and kept, never re-encoded: bincode's encodings are not canonical, so every hash
//! is taken of the bytes as they came. What this build does not know (a version, a tag, a wire type, a register) is
//! chained, carried and exported as it came; it only does not count in the fold.

use bincode::config::{Configuration, Limit, LittleEndian, Varint};
use bincode::{Decode, Encode};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::record::{Chain, Change, Dot, LogId, Mark, RecordId, Seen, Set, Stamp, Value};

/// The version of frames that this build writes.
pub const VERSION: u8 = 1;
/// Bytes of a frame's `len` field.
pub const LEN_BYTES: usize = 4;
/// The largest `len`: 1 MiB.
pub const MAX_LEN: usize = 1_048_576;
/// The largest head.
pub const MAX_HEAD: usize = 65_536;
/// How many entries of `seen` surely fit into a head beside all else.
pub const MAX_SEEN: usize = 1_500;
/// Bytes of `version`, `kind`, `head_len` and the digest's start: the smallest `len`.
const FIXED: usize = 10;
/// The random bytes before a body's values, so that an erased body cannot be guessed from its hash.
const SALT: usize = 16;

/// Sizes are counted in memory by bincode, so this only stops a huge length prefix; frames are bounded before.
fn config() -> Configuration<LittleEndian, Varint, Limit<16_777_216>> {
    bincode::config::standard().with_limit::<16_777_216>()
}

/// Why bytes are not a frame, or a frame is not what it must be.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum FrameError {
    /// The bytes end before the frame does.
    #[error("the frame is cut short")]
    Short,
    /// A length out of its bounds.
    #[error("a frame's {what} is {found}, out of bounds")]
    Length {
        /// Which.
        what: &'static str,
        /// What stands there.
        found: u64,
    },
    /// The digest does not match.
    #[error("a frame's check does not match its bytes")]
    Digest,
    /// A kind that must not stand here.
    #[error("a frame of kind {0} cannot stand here")]
    Kind(u8),
    /// A head or body that does not decode, or leaves bytes over.
    #[error("a frame's {0} does not decode")]
    Decode(&'static str),
    /// The seq is not the next one.
    #[error("a frame says seq {found} where {expected} must stand")]
    Seq {
        /// What stands there.
        found: u64,
        /// What must.
        expected: u64,
    },
}

/// One frame, as a view into bytes. Its digest was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// The whole frame, `len` and all.
    pub bytes: &'a [u8],
    /// The version of head and body.
    pub version: u8,
    /// 0 the first frame, 1 a change, 2 a change whose body was erased.
    pub kind: u8,
    /// Who set which fields of which record, having seen what.
    pub head: &'a [u8],
    /// The values.
    pub body: &'a [u8],
    /// SHA-256 over version, head length, head and the body's hash.
    pub digest: [u8; 32],
}

/// Reads the length of the frame that starts `bytes`: the whole frame's bytes, `len` included. `None` where a
/// preallocated segment's zeros begin, or at the end.
///
/// # Errors
/// [`FrameError::Short`] for fewer than four bytes, [`FrameError::Length`] for a length out of its bounds.
pub fn frame_size(bytes: &[u8]) -> Result<Option<usize>, FrameError> {
    if bytes.is_empty() {
        return Ok(None);
    }
    let len = bytes.first_chunk::<LEN_BYTES>().ok_or(FrameError::Short)?;
    match u32::from_le_bytes(*len) as usize {
        0 => Ok(None),
        len if !(FIXED..=MAX_LEN).contains(&len) => Err(FrameError::Length {
            what: "length",
            found: len as u64,
        }),
        len => Ok(Some(LEN_BYTES + len)),
    }
}

/// Reads and checks the frame that starts `bytes`; `None` as in [`frame_size`].
///
/// # Errors
/// Whatever is wrong with its lengths or its digest.
pub fn read_frame(bytes: &[u8]) -> Result<Option<Frame<'_>>, FrameError> {
    let Some(size) = frame_size(bytes)? else {
        return Ok(None);
    };
    let bytes = bytes.get(..size).ok_or(FrameError::Short)?;
    let (version, kind) = (bytes[4], bytes[5]);
    let head_len = u32::from_le_bytes([bytes[6], bytes[7], bytes[8], bytes[9]]) as usize;
    if head_len > MAX_HEAD || head_len > size - LEN_BYTES - FIXED {
        return Err(FrameError::Length {
            what: "head length",
            found: head_len as u64,
        });
    }
    let (head, rest) = bytes[10..].split_at(head_len);
    let (body, check) = rest.split_at(rest.len() - 4);
    let body_hash: [u8; 32] = match kind {
        // An erased body is the hash of the body that was.
        2 => body
            .try_into()
            .map_err(|_| FrameError::Decode("erased body"))?,
        _ => Sha256::digest(body).into(),
    };
    let digest = digest(version, head, &body_hash);
    if digest[..4] != *check {
        return Err(FrameError::Digest);
    }
    Ok(Some(Frame {
        bytes,
        version,
        kind,
        head,
        body,
        digest,
    }))
}

fn digest(version: u8, head: &[u8], body_hash: &[u8; 32]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update([version]);
    hash.update((head.len() as u32).to_le_bytes());
    hash.update(head);
    hash.update(body_hash);
    hash.finalize().into()
}

/// The chain value at seq 0 of the log that `first` opens.
pub fn chain_start(first: &Frame<'_>) -> Chain {
    let mut hash = Sha256::new();
    hash.update(b"jinguo-log-1");
    hash.update(first.digest);
    Chain(hash.finalize().into())
}

/// The next chain value.
pub fn chain_next(before: &Chain, frame: &Frame<'_>) -> Chain {
    let mut hash = Sha256::new();
    hash.update(before.0);
    hash.update(frame.digest);
    Chain(hash.finalize().into())
}

fn write_frame(kind: u8, head: &[u8], body: &[u8]) -> Result<Vec<u8>, FrameError> {
    if head.len() > MAX_HEAD {
        return Err(FrameError::Length {
            what: "head length",
            found: head.len() as u64,
        });
    }
    let len = FIXED + head.len() + body.len();
    if len > MAX_LEN {
        return Err(FrameError::Length {
            what: "length",
            found: len as u64,
        });
    }
    let digest = digest(VERSION, head, &Sha256::digest(body).into());
    let mut frame = Vec::with_capacity(LEN_BYTES + len);
    frame.extend((len as u32).to_le_bytes());
    frame.extend([VERSION, kind]);
    frame.extend((head.len() as u32).to_le_bytes());
    frame.extend(head);
    frame.extend(body);
    frame.extend(&digest[..4]);
    Ok(frame)
}

fn decode<T: Decode<()>>(bytes: &[u8], what: &'static str) -> Result<T, FrameError> {
    match bincode::decode_from_slice(bytes, config()) {
        Ok((value, used)) if used == bytes.len() => Ok(value),
        _ => Err(FrameError::Decode(what)),
    }
}

fn encode<T: Encode>(value: &T) -> Vec<u8> {
    // Encoding into memory can fail only by the limit, which is on decoding alone.
    bincode::encode_to_vec(value, config()).unwrap_or_default()
}

/// What a log's first frame says: whose it is and who may ever receive it. Name and unit are the author's claim; the
/// trust list's words win on screen.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct First {
    /// The format of this head; a later one may append fields.
    pub format: u16,
    /// The author's Ed25519 public key.
    pub key: [u8; 32],
    /// The author's name.
    pub name: String,
    /// Her unit's division code.
    pub unit: String,
    /// 0: the whole tree may receive it; 1: this unit and those above.
    pub reach: u8,
    /// 0: ordinary; 1: restricted.
    pub class: u8,
    /// Random bytes, so that no two logs share an id.
    pub nonce: [u8; 16],
}

impl First {
    /// The frame that opens a log.
    ///
    /// # Errors
    /// [`FrameError::Length`] for a name of more than 64 KiB.
    pub fn frame(&self) -> Result<Vec<u8>, FrameError> {
        write_frame(0, &encode(self), &[])
    }

    /// Reads the first frame of a log; its version stays 1 for ever.
    ///
    /// # Errors
    /// Another kind or version, a body, or a head that does not decode.
    pub fn read(frame: &Frame<'_>) -> Result<Self, FrameError> {
        if frame.kind != 0 {
            return Err(FrameError::Kind(frame.kind));
        }
        if frame.version != 1 || !frame.body.is_empty() {
            return Err(FrameError::Decode("first frame"));
        }
        let (first, used): (Self, usize) = bincode::decode_from_slice(frame.head, config())
            .map_err(|_| FrameError::Decode("first frame"))?;
        if first.format == 1 && used != frame.head.len() {
            return Err(FrameError::Decode("first frame"));
        }
        Ok(first)
    }
}

#[derive(Encode, Decode)]
struct Head {
    seq: u64,
    at: u64,
    record: [u8; 16],
    register: u32,
    more: bool,
    tags: Vec<u16>,
    seen: Vec<SeenEntry>,
}

#[derive(Encode, Decode)]
struct SeenEntry {
    log: [u8; 16],
    low: u64,
    seq: u64,
    mark: [u8; 8],
}

/// As [`Entry`], to be written.
#[derive(Encode)]
struct EntryRef<'a> {
    element: &'a [u8],
    wire: u8,
    bytes: &'a [u8],
}

#[derive(Decode)]
struct Entry {
    element: Vec<u8>,
    wire: u8,
    bytes: Vec<u8>,
}

/// A change that is about to be appended: everything of a [`Change`] but its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unplaced {
    /// When it was made.
    pub at: Stamp,
    /// The record.
    pub record: RecordId,
    /// Its register's number.
    pub register: u32,
    /// What its writer had seen of the record.
    pub seen: Vec<Seen>,
    /// What it sets.
    pub sets: Vec<Set>,
}

impl Unplaced {
    /// The frame of this change at `seq`. `more` is set on all but the last of a group; `salt` is 16 random bytes.
    ///
    /// # Errors
    /// [`FrameError::Length`] if head or body are larger than a frame may be.
    pub fn frame(&self, seq: u64, more: bool, salt: [u8; SALT]) -> Result<Vec<u8>, FrameError> {
        let mut sets: Vec<&Set> = self.sets.iter().collect();
        sets.sort_by(|a, b| (a.tag, &a.element).cmp(&(b.tag, &b.element)));
        let head = Head {
            seq,
            at: self.at.0,
            record: self.record.0,
            register: self.register,
            more,
            tags: sets.iter().map(|set| set.tag).collect(),
            seen: self
                .seen
                .iter()
                .map(|seen| SeenEntry {
                    log: seen.log.0,
                    low: seen.low,
                    seq: seen.seq,
                    mark: seen.mark.0,
                })
                .collect(),
        };
        let entries: Vec<EntryRef<'_>> = sets
            .iter()
            .map(|set| EntryRef {
                element: &set.element,
                wire: set.value.wire,
                bytes: &set.value.bytes,
            })
            .collect();
        let mut body = salt.to_vec();
        body.extend(encode(&entries));
        write_frame(1, &encode(&head), &body)
    }
}

/// What a frame of a log says, behind the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Whether the next frame belongs to the same group. Of an unknown version: false.
    pub more: bool,
    /// The change; `None` for a version that this build does not know, which is carried.
    pub change: Option<Change>,
}

/// The seq that a change's frame says it has: for a reader who knows only where the frame lies.
///
/// # Errors
/// [`FrameError::Decode`] for a head that does not begin with one.
pub fn seq(frame: &Frame<'_>) -> Result<u64, FrameError> {
    bincode::decode_from_slice(frame.head, config())
        .map(|(seq, _)| seq)
        .map_err(|_| FrameError::Decode("head"))
}

/// Reads a change's frame, whose place is known from its log's chain.
///
/// # Errors
/// What version 1 refuses: a kind other than 1, a head or body that does not decode or leaves bytes over, a list that is
/// not as long as `tags`, a seq out of place, `at` with its top bit set.
pub fn read_change(
    frame: &Frame<'_>,
    log: LogId,
    seq: u64,
    mark: Mark,
) -> Result<Content, FrameError> {
    if frame.kind != 1 {
        return Err(FrameError::Kind(frame.kind));
    }
    if frame.version != VERSION {
        return Ok(Content {
            more: false,
            change: None,
        });
    }
    let head: Head = decode(frame.head, "head")?;
    if head.seq != seq {
        return Err(FrameError::Seq {
            found: head.seq,
            expected: seq,
        });
    }
    if head.at > Stamp::MAX.0 {
        return Err(FrameError::Decode("stamp"));
    }
    let entries: Vec<Entry> = decode(
        frame.body.get(SALT..).ok_or(FrameError::Decode("body"))?,
        "body",
    )?;
    if entries.len() != head.tags.len() {
        return Err(FrameError::Decode("body"));
    }
    let sets = head.tags.iter().zip(entries).map(|(&tag, entry)| Set {
        tag,
        element: entry.element,
        value: Value {
            wire: entry.wire,
            bytes: entry.bytes,
        },
    });
    let seen = head.seen.iter().map(|seen| Seen {
        log: LogId(seen.log),
        low: seen.low,
        seq: seen.seq,
        mark: Mark(seen.mark),
    });
    let change = Change {
        dot: Dot { log, seq, mark },
        at: Stamp(head.at),
        record: RecordId(head.record),
        register: head.register,
        seen: seen.collect(),
        sets: sets.collect(),
    };
    Ok(Content {
        more: head.more,
        change: Some(change),
    })
}

/// Walks the frames in `bytes`, one after another, to the end or to the zeros of a preallocated segment.
pub fn frames(bytes: &[u8]) -> impl Iterator<Item = Result<Frame<'_>, FrameError>> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || match read_frame(rest?) {
        Ok(Some(frame)) => {
            rest = rest.map(|rest| &rest[frame.bytes.len()..]);
            Some(Ok(frame))
        }
        Ok(None) => None,
        Err(error) => {
            rest = None;
            Some(Err(error))
        }
    })
}

#[cfg(test)]
mod tests;
