//! Writing a batch: pieces are packed into the spool first, since the checksums stand first in the container; then all is
//! written beside the target under a temporary name, synced, renamed, and the folder synced.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::disk::Spool;
use super::error::ExchangeError;
use super::keys::{self, AuthorKey};
use super::manifest::{Manifest, Piece, Sums, first_member};
use super::name;
use super::ustar;
use crate::files::{Files, How, Stream};
use crate::record::LogId;

/// A packed piece that lies in the spool or in the store.
#[derive(Clone, Debug)]
pub struct Packed {
    /// What it is.
    pub piece: Piece,
    /// The file of its packed frames.
    pub file: PathBuf,
    /// Where they start in it.
    pub offset: u64,
    /// How many bytes they are.
    pub len: u64,
    /// Their SHA-256.
    pub sum: [u8; 32],
    /// Its author's seal, whole.
    pub seal: Vec<u8>,
}

enum Source<'a> {
    Bytes(&'a [u8]),
    File(&'a Packed),
}

/// The name of a batch's file: `NAME-UNIT-<first 8 hex of the log>-NUMBER.jgb`. The parts are the sender's own and tamed,
/// so that the name stays within its folder.
pub fn file_name(manifest: &Manifest) -> String {
    let sender = &manifest.sender;
    let log = sender.log.to_string();
    format!(
        "{}-{}-{}-{}.jgb",
        name::tame(&sender.name),
        name::tame_unit(&sender.unit),
        &log[..8],
        manifest.number
    )
}

/// Writes the batch to `target`. `pieces` need not be sorted; `manifest.pieces` is set from them. `first` gives the first
/// frame of a log.
///
/// # Errors
/// [`ExchangeError::File`] if it cannot be written: then nothing stands at `target`, or what stood there before.
pub fn write(
    spool: &Spool,
    key: &AuthorKey,
    manifest: &mut Manifest,
    mut pieces: Vec<Packed>,
    first: &dyn Fn(LogId) -> Result<Vec<u8>, ExchangeError>,
    target: &Path,
) -> Result<(), ExchangeError> {
    pieces.sort_by(|a, b| {
        let key = |packed: &Packed| {
            let piece = &packed.piece;
            (piece.log, piece.from, piece.to, piece.mark)
        };
        key(a).cmp(&key(b))
    });
    manifest.pieces = pieces.iter().map(|packed| packed.piece.clone()).collect();
    let text = manifest.text();
    let mut firsts = Vec::new();
    for packed in &pieces {
        let log = packed.piece.log;
        if firsts.last().is_none_or(|(last, _)| *last != log) {
            firsts.push((log, first(log)?));
        }
    }
    let mut members = vec![("manifest.toml".to_owned(), Source::Bytes(text.as_bytes()))];
    let mut firsts_left = firsts.iter().peekable();
    for packed in &pieces {
        let piece = &packed.piece;
        if let Some((log, bytes)) = firsts_left.next_if(|(log, _)| *log == piece.log) {
            members.push((first_member(log), Source::Bytes(bytes)));
        }
        members.push((piece.member(), Source::File(packed)));
        members.push((piece.seal(), Source::Bytes(&packed.seal)));
    }
    let sums = Sums(
        members
            .iter()
            .map(|(name, source)| {
                let sum = match source {
                    Source::Bytes(bytes) => Sha256::digest(bytes).into(),
                    Source::File(packed) => packed.sum,
                };
                (name.clone(), sum)
            })
            .collect(),
    )
    .text();
    let armour = key.sign(keys::BATCH, sums.as_bytes())?;
    members.insert(0, ("SHA256SUMS".into(), Source::Bytes(sums.as_bytes())));
    members.insert(
        1,
        ("SHA256SUMS.sig".into(), Source::Bytes(armour.as_bytes())),
    );
    put(&**spool.files(), &members, target).map_err(|why| ExchangeError::file(target, why))
}

fn put(files: &dyn Files, members: &[(String, Source<'_>)], target: &Path) -> std::io::Result<()> {
    let temporary = target.with_extension("jgb.tmp");
    let write = || {
        let stream = Stream::create(files, &temporary, How::Write)?;
        let mut tar = ustar::Writer::new(BufWriter::with_capacity(1 << 20, stream));
        for (name, source) in members {
            match source {
                Source::Bytes(bytes) => {
                    tar.member(name, bytes.len() as u64, &mut &bytes[..])?;
                }
                Source::File(packed) => {
                    let file = files.open(&packed.file, How::Read)?;
                    let end = packed.offset + packed.len;
                    let mut body = Stream::new(file, packed.offset, end);
                    tar.member(name, packed.len, &mut body)?;
                }
            }
        }
        let mut out = tar.finish()?;
        out.flush()?;
        out.get_ref().file().sync()?;
        files.rename(&temporary, target)?;
        files.sync_folder(target.parent().unwrap_or(Path::new(".")))
    };
    write().inspect_err(|_| {
        let _ = files.remove(&temporary);
    })
}
