//! Pieces that wait: verified, but behind a gap, of another branch, or by an author nobody trusts yet. They lie in
//! `waiting/<log>/` as they came and are tried again at each merge, and when someone is trusted.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::disk;
use super::error::ExchangeError;
use super::manifest::Piece;
use super::piece;
use super::plan::Candidate;
use super::receive::{Opening, Spooled};
use super::seal;
use crate::files::{self, Files, How, Stream};
use crate::record::{Chain, LogId, Mark};

/// The folder's name in a store's folder.
pub const FOLDER: &str = "waiting";

/// What the names of a waiting piece's files do not say.
#[derive(Serialize, Deserialize)]
struct Note {
    before: String,
    bytes: u64,
    batch: String,
}

fn folder(dir: &Path, log: LogId) -> PathBuf {
    dir.join(FOLDER).join(log.to_string())
}

/// Keeps a piece. One that waits already is left as it is.
///
/// # Errors
/// [`ExchangeError::File`] if it cannot be written; then it does not wait, and the batch brings it again.
pub fn keep(files: &dyn Files, dir: &Path, candidate: &Candidate) -> Result<(), ExchangeError> {
    let piece = &candidate.spooled.piece;
    let folder = folder(dir, piece.log);
    let at = |name: String| folder.join(name);
    let note = at(format!("{}.toml", piece.stem()));
    // The note is written last: without it nothing waits.
    if files::read(files, &note).is_ok() {
        return Ok(());
    }
    disk::create_folder(files, &folder)?;
    disk::replace(files, &at("first".into()), &candidate.opening.bytes)?;
    disk::replace(
        files,
        &at(format!("{}-{}.seal", piece.to, piece.mark)),
        &candidate.spooled.seal,
    )?;
    let spooled = &candidate.spooled;
    let (packed, chains) = (spooled.packed, piece.changes() * 32);
    for (from, offset, len, name) in [
        (&spooled.file, spooled.offset, packed, "zst"),
        (&spooled.chains, spooled.chains_at, chains, "chains"),
    ] {
        let path = at(format!("{}.{name}", piece.stem()));
        copy(files, from, offset, len, &path).map_err(|why| ExchangeError::file(&path, why))?;
    }
    let text = toml::to_string(&Note {
        before: piece.before.to_string(),
        bytes: piece.bytes,
        batch: candidate.batch.clone(),
    })
    .map_err(|why| ExchangeError::file(&note, std::io::Error::other(why)))?;
    disk::replace(files, &note, text.as_bytes())
}

fn copy(files: &dyn Files, from: &Path, offset: u64, len: u64, to: &Path) -> std::io::Result<()> {
    let mut input = Stream::new(files.open(from, How::Read)?, offset, offset + len);
    let mut out = Stream::create(files, to, How::Private)?;
    if std::io::copy(&mut input, &mut out)? != len {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    out.flush()?;
    out.file().sync()
}

/// All pieces that wait. What cannot be read there is left alone; its batch brings it again.
pub fn all(files: &dyn Files, dir: &Path) -> Vec<Candidate> {
    let logs = files.list(&dir.join(FOLDER)).unwrap_or_default();
    let mut waiting: Vec<Candidate> = logs
        .iter()
        .filter_map(|item| LogId::parse(&item.name))
        .flat_map(|log| of_log(files, dir, log))
        .collect();
    waiting.sort_by(|a, b| a.spooled.piece.cmp(&b.spooled.piece));
    waiting
}

fn of_log(files: &dyn Files, dir: &Path, log: LogId) -> Vec<Candidate> {
    let folder = folder(dir, log);
    let Some(opening) = files::read(files, &folder.join("first"))
        .ok()
        .and_then(|bytes| {
            let first = piece::read_first(log, &bytes).ok()?;
            Some(Opening { bytes, first })
        })
    else {
        return Vec::new();
    };
    let items = files.list(&folder).unwrap_or_default();
    items
        .iter()
        .filter_map(|item| {
            read(
                files,
                &folder,
                log,
                &opening,
                item.name.strip_suffix(".toml")?,
            )
        })
        .collect()
}

fn read(
    files: &dyn Files,
    folder: &Path,
    log: LogId,
    opening: &Opening,
    stem: &str,
) -> Option<Candidate> {
    let mut parts = stem.splitn(3, '-');
    let (from, to) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let mark = Mark::parse(parts.next()?)?;
    let at = |name: &str| folder.join(format!("{stem}.{name}"));
    let note: Note = toml::from_str(&disk::read_text(files, &at("toml")).ok()??).ok()?;
    let seal = files::read(files, &folder.join(format!("{to}-{mark}.seal"))).ok()?;
    let chain = seal::read(&seal, &opening.first.key)?.chain;
    let piece = Piece {
        log,
        from,
        to,
        mark,
        before: Chain::parse(&note.before)?,
        bytes: note.bytes,
    };
    let packed = files.open(&at("zst"), How::Read).ok()?.len().ok()?;
    Some(Candidate {
        spooled: Spooled {
            piece,
            chain,
            seal,
            file: at("zst"),
            offset: 0,
            packed,
            chains: at("chains"),
            chains_at: 0,
        },
        opening: opening.clone(),
        file: None,
        batch: note.batch,
    })
}

/// A piece waits no more: it was taken, or is known.
///
/// # Errors
/// [`ExchangeError::File`] if its note cannot be removed; it is known then the next time.
pub fn forget(files: &dyn Files, dir: &Path, piece: &Piece) -> Result<(), ExchangeError> {
    let folder = folder(dir, piece.log);
    let note = folder.join(format!("{}.toml", piece.stem()));
    files
        .remove(&note)
        .map_err(|why| ExchangeError::file(&note, why))?;
    for name in ["zst", "chains"] {
        // Without its note it waits no more; what is left over is only room on the disk.
        let _ = files.remove(&folder.join(format!("{}.{name}", piece.stem())));
    }
    let notes_left = files
        .list(&folder)
        .is_ok_and(|items| items.iter().any(|item| item.name.ends_with(".toml")));
    if !notes_left {
        let _ = files.remove_dir_all(&folder);
    }
    Ok(())
}
