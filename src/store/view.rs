//! The view's folder: one sled tree with pages and a few plain keys, and how far it is applied.
//!
//! | key | value |
//! |---|---|
//! | `!v` | the format of the view, and what the registers make of records (`layout`) |
//! | `!n` | the next free number |
//! | `!c` | entries and bytes of each kind |
//! | `!h` + log | changes held and the sum of their marks; then how far the log is applied: low, seq and chain of each run |
//! | `!run` | a bulk run is under way: found at open, the view is half written |
//! | `!open` | the view is in use: found at open, the last use did not end cleanly |
//!
//! sled panics inside itself when a disk fails it, so all calls into this room run behind [`guard`]; whatever goes
//! wrong, the folder is set aside and the view built again from the logs.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use sled::{Batch, Tree};

use super::StoreError;
use super::pages::{self, Tallies, Tally, ViewError};
use super::run::{Books, Sum};
use crate::journal::Journal;
use crate::record::{Chain, LogId, Mark};

/// The format of the view; another one means rebuild.
const FORMAT: u32 = 2;
/// A file larger than so many times its pages is copied.
const LOOSE: u64 = 4;
/// Below this it never is: sled's own files take some room.
const SMALL: u64 = 16 * 1024 * 1024;
/// sled's cache. It does not bound its memory, but it moves it.
const CACHE: u64 = 16 * 1024 * 1024;

/// How far a log is applied: the unbroken runs of it, one for each branch.
pub type Ends = Vec<End>;

/// An unbroken run of a log that is applied.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct End {
    /// Its first seq: 1, or the first behind a gap.
    pub low: u64,
    /// Its last seq.
    pub seq: u64,
    /// The chain value there.
    pub chain: Chain,
}

/// What was found in the folder.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Found {
    /// A view, closed as it should be.
    Sound,
    /// A view whose last use did not end cleanly.
    Unclean,
    /// Nothing.
    Nothing,
    /// Another format, other registers or divisions.
    Other,
    /// A bulk run that did not end.
    Unfinished,
}

/// The open view.
pub struct View {
    /// Taken only by drop.
    db: Option<sled::Db>,
    dir: PathBuf,
    /// Numbers, tallies, sums.
    pub books: Books,
    /// How far each log is applied.
    pub heads: BTreeMap<LogId, Ends>,
    /// Cleared when something went wrong: it must be built again.
    pub sound: bool,
}

/// Runs what calls into sled; a panic in there is an error.
pub fn guard<T>(call: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|panic| {
        let said = panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|said| (*said).to_owned()));
        Err(ViewError::Panic(said.unwrap_or_default()).into())
    })
}

fn head_key(log: &LogId) -> Vec<u8> {
    [&b"!h"[..], &log.0].concat()
}

fn sled_open(dir: &Path) -> Result<sled::Db, ViewError> {
    // No flush by the clock: what a crash takes is applied again from the logs, and an idle program stays idle.
    let config = sled::Config::new().path(dir).cache_capacity(CACHE);
    Ok(config.flush_every_ms(None).open()?)
}

impl View {
    /// Opens the view in `dir` for registers of this layout, and says what was found there. What is not [`Found::Sound`]
    /// or proven by [`View::agrees`] must not be used.
    pub fn open(dir: &Path, layout: u64) -> Result<(Self, Found), ViewError> {
        let db = sled_open(dir)?;
        let mut view = Self {
            db: Some(db),
            dir: dir.to_owned(),
            books: Books::default(),
            heads: BTreeMap::new(),
            sound: true,
        };
        let version = [&FORMAT.to_be_bytes()[..], &layout.to_be_bytes()].concat();
        // What was applied is wanted even of a view that is not used: it counts again when the view is built.
        let read = view.read()?;
        let found = match view.tree().get("!v")? {
            None if view.tree().is_empty() => Found::Nothing,
            Some(there) if there == version => read,
            _ => Found::Other,
        };
        if found == Found::Nothing {
            view.tree().insert("!v", version)?;
        }
        if matches!(found, Found::Nothing | Found::Sound | Found::Unclean) {
            view.tree().insert("!open", &[])?;
        }
        Ok((view, found))
    }

    /// Reads the plain keys.
    fn read(&mut self) -> Result<Found, ViewError> {
        let db = self.db.clone().ok_or(ViewError::Damage("closed"))?;
        let short = || ViewError::Damage("a key of the view is too short");
        let be64 = |bytes: &[u8], at: usize| -> Result<u64, ViewError> {
            let bytes = bytes.get(at..at + 8).and_then(|b| b.try_into().ok());
            bytes.map(u64::from_be_bytes).ok_or_else(short)
        };
        if let Some(next) = db.get("!n")? {
            let bytes = next.as_ref().try_into().map_err(|_| short())?;
            self.books.next = u32::from_be_bytes(bytes);
        }
        for tally in db.get("!c")?.unwrap_or_default().chunks(17) {
            let (entries, bytes) = (be64(tally, 1)?, be64(tally, 9)?);
            self.books
                .tallies
                .insert(tally[0], Tally { entries, bytes });
        }
        for head in db.scan_prefix("!h") {
            let (key, value) = head?;
            let log = LogId(key[2..].try_into().map_err(|_| short())?);
            let sum = Sum {
                changes: be64(&value, 0)?,
                marks: be64(&value, 8)?,
            };
            self.books.sums.insert(log, sum);
            let mut ends = Ends::new();
            for end in value[16..].chunks(48) {
                let chain = end.get(16..).and_then(|chain| chain.try_into().ok());
                ends.push(End {
                    low: be64(end, 0)?,
                    seq: be64(end, 8)?,
                    chain: Chain(chain.ok_or_else(short)?),
                });
            }
            self.heads.insert(log, ends);
        }
        Ok(if db.contains_key("!run")? {
            Found::Unfinished
        } else if db.contains_key("!open")? {
            Found::Unclean
        } else {
            Found::Sound
        })
    }

    /// The pages.
    pub fn tree(&self) -> &Tree {
        self.db.as_ref().expect("only drop takes it")
    }

    /// Marks that a bulk run is under way.
    pub fn begin_run(&self) -> Result<(), ViewError> {
        self.tree().insert("!run", &[])?;
        Ok(())
    }

    /// Notes, in one batch with whatever pages are in it, how far the logs in `ends` are applied; a bulk run ends there.
    pub fn note(&mut self, mut batch: Batch, ends: BTreeMap<LogId, Ends>) -> Result<(), ViewError> {
        batch.insert("!n", &self.books.next.to_be_bytes());
        let mut tallies = Vec::with_capacity(17 * self.books.tallies.len());
        for (kind, tally) in &self.books.tallies {
            tallies.push(*kind);
            tallies.extend(tally.entries.to_be_bytes());
            tallies.extend(tally.bytes.to_be_bytes());
        }
        batch.insert("!c", tallies);
        for (log, ends) in ends {
            let sum = self.books.sums.get(&log).copied().unwrap_or_default();
            let mut value = Vec::with_capacity(16 + 48 * ends.len());
            value.extend(sum.changes.to_be_bytes());
            value.extend(sum.marks.to_be_bytes());
            for end in &ends {
                value.extend(end.low.to_be_bytes());
                value.extend(end.seq.to_be_bytes());
                value.extend(end.chain.0);
            }
            batch.insert(head_key(&log), value);
            self.heads.insert(log, ends);
        }
        batch.remove("!run");
        self.tree().apply_batch(batch)?;
        Ok(())
    }

    /// How far a log is applied, for the journal: frames up to there that are gone are damage.
    pub fn applied(&self, log: &LogId) -> Option<(u64, Mark)> {
        let ends = self.heads.get(log)?;
        let end = ends.iter().max_by_key(|end| end.seq)?;
        Some((end.seq, end.chain.mark()))
    }

    /// Whether every log is held as far as it was applied.
    pub fn is_of(&self, journal: &Journal) -> Result<bool, StoreError> {
        for (log, ends) in &self.heads {
            for end in ends {
                if !journal.chain_at(log, end.seq)?.contains(&end.chain) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Walks all pages and compares: checks, order, entries of each kind, and for each log how many of its changes are
    /// here and the sum of their marks. An error says what does not agree.
    pub fn agrees(&self, journal: &Journal) -> Result<(), StoreError> {
        let nonzero = |tallies: &Tallies| -> Tallies {
            let there = tallies.iter().filter(|(_, tally)| tally.entries > 0);
            there.map(|(kind, tally)| (*kind, *tally)).collect()
        };
        if nonzero(&pages::measure(self.tree())?) != nonzero(&self.books.tallies) {
            return Err(ViewError::Damage("entries are missing or too many").into());
        }
        let mut sums: BTreeMap<u32, Sum> = BTreeMap::new();
        pages::scan(self.tree(), b"P", |entry| {
            if let Some((_, pointer, mark)) = super::entry::read_place(entry) {
                sums.entry(pointer.segment).or_default().add(mark);
            }
            true
        })?;
        let mut by_log: BTreeMap<LogId, Sum> = BTreeMap::new();
        for (segment, sum) in sums {
            let log = journal
                .segment_log(segment)
                .ok_or(ViewError::Damage("a place in the view names no log"))?;
            let whole = by_log.entry(log).or_default();
            whole.changes += sum.changes;
            whole.marks = whole.marks.wrapping_add(sum.marks);
        }
        let noted: BTreeMap<LogId, Sum> = self
            .books
            .sums
            .iter()
            .filter(|(_, sum)| sum.changes > 0)
            .map(|(log, sum)| (*log, *sum))
            .collect();
        if noted != by_log {
            return Err(ViewError::Damage("the changes of a log are not all here").into());
        }
        Ok(())
    }

    /// Bytes of the folder's files, and of the pages in them.
    pub fn sizes(&self) -> (u64, u64) {
        let pages = self.books.tallies.values().map(|tally| tally.bytes).sum();
        (folder_size(&self.dir), pages)
    }

    /// Whether the file has grown far beyond what is in it.
    pub fn is_loose(&self) -> bool {
        let (file, pages) = self.sizes();
        file > SMALL && file > LOOSE * pages
    }

    /// Copies what is in it into a new folder and puts that in its place.
    pub fn compact(&mut self, dir: &Path, layout: u64) -> Result<(), StoreError> {
        let (new, old) = (dir.with_extension("new"), dir.with_extension("old"));
        for leftover in [&new, &old] {
            let _ = std::fs::remove_dir_all(leftover);
        }
        {
            let copy = sled_open(&new)?;
            for item in self.tree() {
                let (key, value) = item.map_err(ViewError::Sled)?;
                if key.as_ref() != b"!open" {
                    copy.insert(key, value).map_err(ViewError::Sled)?;
                }
            }
            copy.flush().map_err(ViewError::Sled)?;
        }
        self.close();
        let moved = std::fs::rename(dir, &old).and_then(|()| std::fs::rename(&new, dir));
        moved.map_err(|error| ViewError::Sled(sled::Error::Io(error)))?;
        let _ = std::fs::remove_dir_all(&old);
        let (view, found) = Self::open(dir, layout)?;
        if found != Found::Sound {
            return Err(ViewError::Damage("the copied view is not what was copied").into());
        }
        *self = view;
        Ok(())
    }

    /// Flushes and lets go; what fails is found at the next open.
    pub fn close(&mut self) {
        let db = self.db.take();
        let sound = self.sound;
        let _ = guard(|| {
            if let Some(db) = db {
                if sound {
                    db.remove("!open").map_err(ViewError::Sled)?;
                }
                db.flush().map_err(ViewError::Sled)?;
            }
            Ok(())
        });
    }
}

impl Drop for View {
    fn drop(&mut self) {
        self.close();
    }
}

/// Moves the folder of a view that cannot be used out of the way; only the last one is kept, for whoever asks why.
pub fn set_aside(dir: &Path) {
    let aside = dir.with_extension("aside");
    let _ = std::fs::remove_dir_all(&aside);
    if std::fs::rename(dir, &aside).is_err() {
        let _ = std::fs::remove_dir_all(dir);
    }
}

fn folder_size(dir: &Path) -> u64 {
    let Ok(items) = std::fs::read_dir(dir) else {
        return 0;
    };
    let sizes = items.flatten().map(|item| match item.metadata() {
        Ok(data) if data.is_dir() => folder_size(&item.path()),
        Ok(data) => data.len(),
        Err(_) => 0,
    });
    sizes.sum()
}
