//! A piece: a run of frames as they stand in a log, packed with zstd (`format.md`, "Seal and piece"). Both directions
//! stream; memory holds one frame at a time.

use std::io::{self, BufRead, Read, Write};

use sha2::{Digest, Sha256};

use super::error::{Fault, Refusal};
use super::manifest::Piece;
use crate::codec;
use crate::journal::{Frames, Step, StreamError};
use crate::record::{Chain, LogId};

/// The most bytes of a piece, unpacked.
pub const MAX_RAW: u64 = 256 << 20;
/// The most bytes of a piece, packed.
pub const MAX_PACKED: u64 = 257 << 20;
/// The largest zstd window that is read: 8 MiB.
const WINDOW_LOG: u32 = 23;
/// How hard we pack.
const LEVEL: i32 = 3;

/// Hashes what passes through it.
pub struct Hashing<T> {
    inner: T,
    hash: Sha256,
    /// How many bytes passed.
    pub bytes: u64,
}

impl<T> Hashing<T> {
    /// Hashes from here on.
    pub fn new(inner: T) -> Self {
        Self {
            inner,
            hash: Sha256::new(),
            bytes: 0,
        }
    }

    /// The hash of all that passed.
    pub fn finish(self) -> (T, [u8; 32]) {
        (self.inner, self.hash.finalize().into())
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(bytes)?;
        self.hash.update(&bytes[..read]);
        self.bytes += read as u64;
        Ok(read)
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Packs frames.
pub struct Packer<W: Write> {
    encoder: zstd::Encoder<'static, Hashing<W>>,
    /// Bytes of the frames so far, unpacked.
    pub raw: u64,
}

impl<W: Write> Packer<W> {
    /// Packs into `out`.
    ///
    /// # Errors
    /// When zstd finds no memory.
    pub fn new(out: W) -> io::Result<Self> {
        let mut encoder = zstd::Encoder::new(Hashing::new(out), LEVEL)?;
        encoder.include_checksum(true)?;
        Ok(Self { encoder, raw: 0 })
    }

    /// Adds a frame, or several.
    ///
    /// # Errors
    /// Those of writing.
    pub fn push(&mut self, frames: &[u8]) -> io::Result<()> {
        self.raw += frames.len() as u64;
        self.encoder.write_all(frames)
    }

    /// Ends the piece; gives its packed size and checksum.
    ///
    /// # Errors
    /// Those of writing.
    pub fn finish(self) -> io::Result<(W, u64, [u8; 32])> {
        let mut hashing = self.encoder.finish()?;
        hashing.flush()?;
        let bytes = hashing.bytes;
        let (out, sum) = hashing.finish();
        Ok((out, bytes, sum))
    }
}

/// The frames of a packed piece, as they stand in a log: bounded, and no window above 8 MiB.
///
/// # Errors
/// When zstd finds no memory.
pub fn unpack<R: BufRead>(packed: R) -> io::Result<zstd::Decoder<'static, R>> {
    let mut decoder = zstd::Decoder::with_buffer(packed)?.single_frame();
    decoder.window_log_max(WINDOW_LOG)?;
    Ok(decoder)
}

/// Unpacks a piece and walks its frames, each checked before `each` sees it. Gives `packed` back, behind the one zstd
/// frame, and the chain value at the end.
///
/// # Errors
/// Whatever is not as the piece's name and the manifest say; and whatever `each` answers.
pub fn walk<R: BufRead>(
    piece: &Piece,
    packed: R,
    each: &mut dyn FnMut(&Step<'_>) -> Result<(), Refusal>,
) -> Result<(R, Chain), Refusal> {
    let log = piece.log;
    let fault = |why| Refusal::Piece {
        log,
        from: piece.from,
        why,
    };
    if piece.bytes > MAX_RAW {
        return Err(fault(Fault::Length));
    }
    let decoder = unpack(packed).map_err(|_| fault(Fault::Zstd))?;
    let mut raw = decoder.take(piece.bytes);
    let mut frames = Frames::new(&mut raw, piece.from - 1, piece.before, 0);
    let mut end = (piece.from - 1, piece.before, false);
    while end.0 < piece.to {
        let seq = end.0 + 1;
        let broken = |why| Refusal::Frame { log, seq, why };
        let step = match frames.next_frame() {
            Ok(Some(step)) => step,
            Ok(None) => return Err(fault(Fault::Frames)),
            Err(StreamError::Frame(why)) => return Err(broken(why)),
            Err(StreamError::Read(_)) => return Err(fault(Fault::Zstd)),
        };
        let content = step.content(log).map_err(broken)?;
        end = (seq, step.chain, content.more);
        each(&step)?;
    }
    if !frames.is_used_up().map_err(|_| fault(Fault::Zstd))? || raw.limit() > 0 {
        return Err(fault(Fault::Frames));
    }
    let (_, chain, more) = end;
    if more {
        return Err(fault(Fault::Group));
    }
    if chain.mark() != piece.mark {
        return Err(fault(Fault::Chain));
    }
    // Unpacked further than the manifest says: one byte more must be the end.
    let mut decoder = raw.into_inner();
    match decoder.read(&mut [0]) {
        Ok(0) => Ok((decoder.finish(), chain)),
        Ok(_) => Err(fault(Fault::Length)),
        Err(_) => Err(fault(Fault::Zstd)),
    }
}

/// Whether `first` is the first frame that names `log`; gives what it says.
///
/// # Errors
/// [`Fault::First`] if it is not exactly that.
pub fn read_first(log: LogId, first: &[u8]) -> Result<codec::First, Refusal> {
    let wrong = Refusal::Piece {
        log,
        from: 0,
        why: Fault::First,
    };
    let frame = match codec::read_frame(first) {
        Ok(Some(frame)) if frame.bytes.len() == first.len() => frame,
        _ => return Err(wrong),
    };
    if codec::chain_start(&frame).log_id() != log {
        return Err(wrong);
    }
    codec::First::read(&frame).map_err(|_| wrong)
}

/// The chain value at seq 0 of a log, of its first frame; `None` if that is not a frame.
pub fn chain_start(first: &[u8]) -> Option<Chain> {
    let frame = codec::read_frame(first).ok()??;
    Some(codec::chain_start(&frame))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Unplaced;
    use crate::record::{RecordId, Set, Stamp, Value};

    fn frame(seq: u64, more: bool) -> Vec<u8> {
        let change = Unplaced {
            at: Stamp(seq << 16),
            record: RecordId([1; 16]),
            register: 9,
            seen: vec![],
            sets: vec![Set {
                tag: 2,
                element: vec![],
                value: Value::text("走访"),
            }],
        };
        change.frame(seq, more, [3; 16]).unwrap()
    }

    fn pack(frames: &[Vec<u8>]) -> (Piece, Vec<u8>) {
        let mut packer = Packer::new(Vec::new()).unwrap();
        let mut chain = Chain([5; 32]);
        for bytes in frames {
            packer.push(bytes).unwrap();
            chain = codec::chain_next(&chain, &codec::read_frame(bytes).unwrap().unwrap());
        }
        let bytes = packer.raw;
        let (packed, size, sum) = packer.finish().unwrap();
        assert_eq!(size, packed.len() as u64);
        assert_eq!(sum, <[u8; 32]>::from(Sha256::digest(&packed)));
        let piece = Piece {
            log: LogId([4; 16]),
            from: 1,
            to: frames.len() as u64,
            mark: chain.mark(),
            before: Chain([5; 32]),
            bytes,
        };
        (piece, packed)
    }

    fn read(piece: &Piece, packed: &[u8]) -> Result<u64, Refusal> {
        let mut seqs = 0;
        let (rest, _) = walk(piece, packed, &mut |step| {
            assert_eq!(step.seq, seqs + 1);
            seqs += 1;
            Ok(())
        })?;
        assert!(rest.is_empty());
        Ok(seqs)
    }

    #[test]
    fn a_piece_is_read_as_it_was_packed() {
        let (piece, packed) = pack(&[frame(1, false), frame(2, true), frame(3, false)]);
        assert_eq!(read(&piece, &packed), Ok(3));
    }

    #[test]
    fn a_piece_that_is_not_what_it_says_is_refused() {
        let frames = [frame(1, false), frame(2, true), frame(3, false)];
        let (piece, packed) = pack(&frames);
        for odd in [
            Piece {
                to: 2,
                ..piece.clone()
            },
            Piece {
                to: 4,
                ..piece.clone()
            },
            Piece {
                bytes: piece.bytes - 1,
                ..piece.clone()
            },
            Piece {
                bytes: piece.bytes + 1,
                ..piece.clone()
            },
            Piece {
                bytes: MAX_RAW + 1,
                ..piece.clone()
            },
            Piece {
                before: Chain([6; 32]),
                ..piece.clone()
            },
            Piece {
                from: 2,
                ..piece.clone()
            },
        ] {
            assert!(read(&odd, &packed).is_err(), "{odd:?}");
        }
        let (inside, packed) = pack(&frames[..2]);
        assert!(matches!(
            read(&inside, &packed),
            Err(Refusal::Piece {
                why: Fault::Group,
                ..
            })
        ));
    }

    #[test]
    fn what_stands_behind_the_packed_frame_is_given_back() {
        let (piece, mut packed) = pack(&[frame(1, false)]);
        packed.push(7);
        let (rest, _) = walk(&piece, packed.as_slice(), &mut |_| Ok(())).unwrap();
        assert_eq!(rest, [7]);
    }

    #[test]
    fn a_window_above_eight_mebibytes_is_refused() {
        let raw = frame(1, false);
        let (piece, _) = pack(std::slice::from_ref(&raw));
        let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
        encoder.window_log(24).unwrap();
        encoder.write_all(&raw).unwrap();
        let packed = encoder.finish().unwrap();
        assert!(matches!(
            read(&piece, &packed),
            Err(Refusal::Piece {
                why: Fault::Zstd,
                ..
            })
        ));
    }
}
