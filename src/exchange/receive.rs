//! Reading a batch: copied to our own spool first (a USB stick may change under our hands), then verified to its last
//! byte. Only a batch of which everything holds comes out of here; nothing of the store is asked or changed.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::disk::Spool;
use super::error::{ExchangeError, Fault, Refusal};
use super::keys::{self, MAX_SIGNATURE, PublicKey};
use super::manifest::{MAX_TEXT, Manifest, Piece, Sums, first_member};
use super::piece::{self, Hashing, MAX_PACKED};
use super::seal;
use super::ustar::{self, Reader};
use crate::codec::{First, MAX_LEN};
use crate::files::{Files, How, Stream};
use crate::record::{Chain, LogId};

/// The largest batch that is copied to the spool: 64 GiB.
const MAX_BATCH: u64 = 64 << 30;

/// A piece in the spool, verified.
#[derive(Clone, Debug)]
pub struct Spooled {
    /// What it is.
    pub piece: Piece,
    /// The chain value at its end.
    pub chain: Chain,
    /// Its author's seal, whole.
    pub seal: Vec<u8>,
    /// The file it lies in.
    pub file: PathBuf,
    /// Where in the file.
    pub offset: u64,
    /// Its packed bytes.
    pub packed: u64,
    /// The file of its chain values, 32 bytes for each frame.
    pub chains: PathBuf,
    /// Where in that file they start.
    pub chains_at: u64,
}

impl Spooled {
    /// The packed frames.
    ///
    /// # Errors
    /// Those of opening the file.
    pub fn open(&self, files: &dyn Files) -> std::io::Result<BufReader<Stream>> {
        let file = files.open(&self.file, How::Read)?;
        let stream = Stream::new(file, self.offset, self.offset + self.packed);
        Ok(BufReader::with_capacity(128 << 10, stream))
    }

    /// The chain value at `seq`, which lies in the piece.
    ///
    /// # Errors
    /// Those of reading the file.
    pub fn chain_at(&self, files: &dyn Files, seq: u64) -> std::io::Result<Chain> {
        let mut chain = [0; 32];
        let at = self.chains_at + (seq - self.piece.from) * 32;
        let file = files.open(&self.chains, How::Read)?;
        Stream::new(file, at, at + 32).read_exact(&mut chain)?;
        Ok(Chain(chain))
    }
}

/// The first frame of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The frame as it came.
    pub bytes: Vec<u8>,
    /// What it says.
    pub first: First,
}

/// A batch in the spool, verified to its last byte. The spool is emptied when it goes.
#[derive(Debug)]
pub struct Received {
    /// Where it came from.
    pub path: PathBuf,
    /// What it says of itself.
    pub manifest: Manifest,
    /// The first frames of its logs.
    pub firsts: BTreeMap<LogId, Opening>,
    /// Its pieces, in order.
    pub pieces: Vec<Spooled>,
    _spool: Spool,
}

impl Received {
    /// How many changes it holds.
    pub fn changes(&self) -> u64 {
        self.pieces.iter().map(|piece| piece.piece.changes()).sum()
    }
}

/// Copies `path` into the spool and verifies it. `accept` is asked as soon as the sender's signature and the manifest
/// were read; `progress` hears bytes done and bytes in all.
///
/// # Errors
/// [`ExchangeError::Refused`] with the first thing that is not as it must be, or with what `accept` answers;
/// [`ExchangeError::File`] if our own disk fails.
pub fn receive(
    spool: Spool,
    path: &Path,
    accept: &dyn Fn(&Manifest) -> Result<(), Refusal>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Received, ExchangeError> {
    let refused = |why| ExchangeError::Refused {
        path: path.into(),
        why,
    };
    let copy = copy_to(&spool, path)?;
    let file =
        Stream::open(&**spool.files(), &copy).map_err(|why| ExchangeError::file(&copy, why))?;
    let total = file
        .file()
        .len()
        .map_err(|why| ExchangeError::file(&copy, why))?;
    let chains = spool.path().join("chains");
    let chains_out = spool.create("chains")?;
    let mut reading = Reading {
        tar: Reader::new(BufReader::with_capacity(128 << 10, file)),
        at: 0,
        copy,
        chains,
        chains_out: BufWriter::with_capacity(128 << 10, chains_out),
        chains_at: 0,
        failed: None,
    };
    let (manifest, sums) = reading.head().map_err(refused)?;
    accept(&manifest).map_err(refused)?;
    let mut firsts = BTreeMap::new();
    let mut pieces = Vec::with_capacity(manifest.pieces.len());
    let mut sums = sums.0.into_iter().skip(1).map(|(_, sum)| sum);
    let mut sum = || sums.next().unwrap_or_default();
    for piece in &manifest.pieces {
        let opening = match firsts.entry(piece.log) {
            Entry::Vacant(vacant) => {
                vacant.insert(reading.first(piece.log, sum()).map_err(refused)?)
            }
            Entry::Occupied(held) => held.into_mut(),
        };
        let read = reading.piece(piece, opening, [sum(), sum()]);
        pieces.push(read.map_err(|why| match reading.failed.take() {
            Some(why) => ExchangeError::file(spool.path(), why),
            None => refused(why),
        })?);
        progress(reading.at, total);
    }
    reading.tar.finish().map_err(refused)?;
    let why = reading.chains_out.into_inner().err();
    if let Some(why) = why {
        return Err(ExchangeError::file(spool.path(), why.into_error()));
    }
    let sender = &manifest.sender;
    if firsts
        .get(&sender.log)
        .is_some_and(|opening| opening.first.key != sender.key)
    {
        return Err(refused(Refusal::Manifest("sender's log")));
    }
    progress(total, total);
    Ok(Received {
        path: path.into(),
        manifest,
        firsts,
        pieces,
        _spool: spool,
    })
}

/// Copies the batch, unless it does not even begin as one.
fn copy_to(spool: &Spool, path: &Path) -> Result<PathBuf, ExchangeError> {
    let refused = |why| ExchangeError::Refused {
        path: path.into(),
        why,
    };
    let unreadable = |why: std::io::Error| {
        refused(Refusal::Io {
            what: path.display().to_string(),
            why: why.to_string(),
        })
    };
    let mut source = File::open(path).map_err(unreadable)?;
    if !source.metadata().map_err(unreadable)?.is_file() {
        return Err(refused(Refusal::NotABatch));
    }
    let mut start = Vec::with_capacity(ustar::BLOCK);
    (&mut source)
        .take(ustar::BLOCK as u64)
        .read_to_end(&mut start)
        .map_err(unreadable)?;
    if !start.starts_with(b"SHA256SUMS\0") {
        return Err(refused(Refusal::NotABatch));
    }
    let mut out = spool.create("batch")?;
    let ours = |why| ExchangeError::file(spool.path(), why);
    out.write_all(&start).map_err(ours)?;
    let mut buffer = vec![0; 1 << 20];
    let mut copied = start.len() as u64;
    loop {
        let read = source.read(&mut buffer).map_err(unreadable)?;
        copied += read as u64;
        if copied > MAX_BATCH {
            return Err(refused(Refusal::Large(path.display().to_string())));
        }
        if read == 0 {
            break;
        }
        out.write_all(&buffer[..read]).map_err(ours)?;
    }
    out.flush().map_err(ours)?;
    Ok(spool.path().join("batch"))
}

struct Reading<W: Write> {
    tar: Reader<BufReader<Stream>>,
    /// Bytes of the container read so far.
    at: u64,
    copy: PathBuf,
    chains: PathBuf,
    chains_out: BufWriter<W>,
    chains_at: u64,
    /// Our own disk failed.
    failed: Option<std::io::Error>,
}

impl<W: Write> Reading<W> {
    fn small(&mut self, name: &str, max: u64) -> Result<Vec<u8>, Refusal> {
        self.tar.open(name, max)?;
        let bytes = self.tar.take_bytes()?;
        self.close(bytes.len() as u64)?;
        Ok(bytes)
    }

    fn close(&mut self, size: u64) -> Result<(), Refusal> {
        self.tar.close()?;
        self.at += ustar::BLOCK as u64 + size + ustar::padding(size) as u64;
        Ok(())
    }

    /// The signed head: checksums, signature, manifest.
    fn head(&mut self) -> Result<(Manifest, Sums), Refusal> {
        let text = self.small("SHA256SUMS", MAX_TEXT)?;
        let armour = self.small("SHA256SUMS.sig", MAX_SIGNATURE as u64)?;
        let signer: PublicKey =
            keys::verify(keys::BATCH, &text, &armour).ok_or(Refusal::Signature)?;
        let sums = Sums::read(&text)?;
        let text = self.small("manifest.toml", MAX_TEXT)?;
        check("manifest.toml", &text, sums.0[0].1)?;
        let mut manifest = Manifest::read(&text)?;
        sums.apply(&mut manifest)?;
        match manifest.sender.key == signer {
            true => Ok((manifest, sums)),
            false => Err(Refusal::Signature),
        }
    }

    fn first(&mut self, log: LogId, sum: [u8; 32]) -> Result<Opening, Refusal> {
        let name = first_member(&log);
        let bytes = self.small(&name, MAX_LEN as u64)?;
        check(&name, &bytes, sum)?;
        let first = piece::read_first(log, &bytes)?;
        Ok(Opening { bytes, first })
    }

    fn piece(
        &mut self,
        piece: &Piece,
        opening: &Opening,
        sums: [[u8; 32]; 2],
    ) -> Result<Spooled, Refusal> {
        let fault = |why| Refusal::Piece {
            log: piece.log,
            from: piece.from,
            why,
        };
        if piece.from == 1 && Some(piece.before) != piece::chain_start(&opening.bytes) {
            return Err(fault(Fault::Chain));
        }
        let name = piece.member();
        let packed = self.tar.open(&name, MAX_PACKED)?;
        let offset = self.at + ustar::BLOCK as u64;
        let chains_at = self.chains_at;
        let (chains_out, failed) = (&mut self.chains_out, &mut self.failed);
        let hashing = BufReader::with_capacity(128 << 10, Hashing::new(&mut self.tar));
        let (rest, chain) = piece::walk(piece, hashing, &mut |step| {
            chains_out.write_all(&step.chain.0).map_err(|why| {
                let said = why.to_string();
                *failed = Some(why);
                Refusal::Io {
                    what: "spool".into(),
                    why: said,
                }
            })
        })?;
        if !rest.buffer().is_empty() || rest.get_ref().bytes != packed {
            return Err(fault(Fault::Length));
        }
        if rest.into_inner().finish().1 != sums[0] {
            return Err(Refusal::Checksum(name));
        }
        self.chains_at += piece.changes() * 32;
        self.close(packed)?;
        let name = piece.seal();
        let seal = self.small(&name, MAX_SIGNATURE as u64)?;
        check(&name, &seal, sums[1])?;
        let holds = seal::read(&seal, &opening.first.key)
            .is_some_and(|read| (read.log, read.seq, read.chain) == (piece.log, piece.to, chain));
        if !holds {
            return Err(fault(Fault::Seal));
        }
        Ok(Spooled {
            piece: piece.clone(),
            chain,
            seal,
            file: self.copy.clone(),
            offset,
            packed,
            chains: self.chains.clone(),
            chains_at,
        })
    }
}

fn check(name: &str, bytes: &[u8], sum: [u8; 32]) -> Result<(), Refusal> {
    match <[u8; 32]>::from(Sha256::digest(bytes)) == sum {
        true => Ok(()),
        false => Err(Refusal::Checksum(name.into())),
    }
}
