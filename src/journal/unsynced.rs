//! Making what was taken durable: first the frames, then the seals that make them count. May run in a second thread.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::Journal;
use super::error::JournalError;
use super::own::put;
use super::seal;
use crate::files::{Files, How};
use crate::record::{LogId, Mark};

/// What was taken of a log and is not yet durable.
#[derive(Clone, Debug, Default)]
pub(super) struct Pending {
    pub numbers: BTreeSet<u32>,
    pub seals: BTreeMap<(u64, Mark), Vec<u8>>,
}

impl Journal {
    /// What was taken and must still be made durable: [`Unsynced::sync`] may run in a second thread, and then
    /// [`Journal::synced`] is told.
    pub fn unsynced(&self) -> Unsynced {
        let mut logs = Vec::new();
        for (id, pending) in &self.pending {
            let folder = self.shelf.folder(*id);
            let segments = self.logs.get(id).map_or(&[][..], |log| &log.segments);
            let indexes = segments
                .iter()
                .filter(|segment| pending.numbers.contains(&segment.number))
                .map(|s| (folder.join(format!("{}.index", s.number)), s.index_file()));
            logs.push(UnsyncedLog {
                files: pending
                    .numbers
                    .iter()
                    .map(|number| folder.join(format!("{number}.log")))
                    .collect(),
                seals: pending
                    .seals
                    .iter()
                    .map(|(&(seq, mark), bytes)| {
                        (folder.join(seal::file_name(seq, mark)), bytes.clone())
                    })
                    .collect(),
                indexes: indexes.collect(),
                keys: pending.seals.keys().copied().collect(),
                id: *id,
                folder,
            });
        }
        Unsynced {
            files: Arc::clone(&self.shelf.files),
            dir: self.shelf.dir.clone(),
            logs,
        }
    }

    /// Notes what has become durable.
    pub fn synced(&mut self, done: &Unsynced) {
        for log in &done.logs {
            if let Some(pending) = self.pending.get_mut(&log.id) {
                for key in &log.keys {
                    pending.seals.remove(key);
                }
                if pending.seals.is_empty() {
                    self.pending.remove(&log.id);
                }
            }
        }
    }

    /// Makes all that was taken durable, here and now.
    ///
    /// # Errors
    /// [`JournalError::Disk`]; it may be tried again.
    pub fn sync(&mut self) -> Result<(), JournalError> {
        let unsynced = self.unsynced();
        unsynced.sync()?;
        self.synced(&unsynced);
        Ok(())
    }
}

/// What was taken and is not yet durable.
#[derive(Debug)]
pub struct Unsynced {
    files: Arc<dyn Files>,
    dir: PathBuf,
    logs: Vec<UnsyncedLog>,
}

#[derive(Debug)]
struct UnsyncedLog {
    id: LogId,
    folder: PathBuf,
    files: Vec<PathBuf>,
    seals: Vec<(PathBuf, Vec<u8>)>,
    indexes: Vec<(PathBuf, Vec<u8>)>,
    keys: Vec<(u64, Mark)>,
}

impl Unsynced {
    /// Syncs the frames; only then writes the seals, which make them count; then the indexes. When this has returned,
    /// everything is durable.
    ///
    /// # Errors
    /// [`JournalError::Disk`]; it may be tried again.
    pub fn sync(&self) -> Result<(), JournalError> {
        for log in &self.logs {
            let sync = || {
                for file in &log.files {
                    self.files.open(file, How::Write)?.sync()?;
                }
                self.files.sync_folder(&log.folder)
            };
            sync().map_err(JournalError::disk(&log.folder))?;
        }
        if !self.logs.is_empty() {
            let sync = self.files.sync_folder(&self.dir);
            sync.map_err(JournalError::disk(&self.dir))?;
        }
        for log in &self.logs {
            let seal = || {
                for (path, bytes) in &log.seals {
                    let temporary = path.with_extension("seal.tmp");
                    put(&*self.files, &temporary, bytes)?;
                    self.files.rename(&temporary, path)?;
                }
                self.files.sync_folder(&log.folder)
            };
            seal().map_err(JournalError::disk(&log.folder))?;
            for (path, bytes) in &log.indexes {
                let _ = put_unsynced(&*self.files, path, bytes);
            }
        }
        Ok(())
    }
}

/// Writes an index: one that is torn is not taken, so it need not be synced.
fn put_unsynced(files: &dyn Files, path: &std::path::Path, bytes: &[u8]) -> io::Result<()> {
    let file = files.open(path, How::Private)?;
    file.truncate(0)?;
    file.write_at(bytes, 0)
}
