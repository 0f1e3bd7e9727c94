//! A disk that fails on purpose, for tests.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Disk, Files, How, Item, Open};

/// How [`Failing`] fails, at the operation it is told to. Operations are those that change something; reads do not count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Failure {
    /// This one operation fails, with nothing done; later ones work.
    Once,
    /// This one fails; if it is a write, half of its bytes reach the file first.
    Short,
    /// From here on the disk is full: writes put down half of their bytes, and what needs room fails with `ENOSPC`.
    Full,
    /// From here on nothing can be changed (`EROFS`).
    ReadOnly,
    /// The process ends here: half of a write is done, and nothing after it.
    Dead,
}

/// What went through a [`Failing`] disk.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Operations that change something, in all.
    pub operations: u64,
    /// Writes.
    pub writes: u64,
    /// Syncs of files (fdatasync).
    pub syncs: u64,
    /// Syncs of folders.
    pub folder_syncs: u64,
}

/// A disk for tests: it counts, and fails at the nth operation.
#[derive(Clone, Debug, Default)]
pub struct Failing {
    state: Arc<Mutex<Plan>>,
}

#[derive(Debug, Default)]
struct Plan {
    counts: Counts,
    fail: Option<(u64, Failure)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Operation {
    Create,
    Write,
    Sync,
    SyncFolder,
    Rename,
    Remove,
    Truncate,
    Preallocate,
}

impl Failing {
    /// A disk that works and counts.
    pub fn new() -> Self {
        Self::default()
    }

    /// From now on, fails at the `nth` operation from here, counted from 0.
    pub fn fail_at(&self, nth: u64, failure: Failure) {
        let mut plan = self.plan();
        plan.fail = Some((plan.counts.operations + nth, failure));
    }

    /// Works again.
    pub fn heal(&self) {
        self.plan().fail = None;
    }

    /// What went through so far.
    pub fn counts(&self) -> Counts {
        self.plan().counts
    }

    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts an operation; the error that it meets, and whether half of a write is done before.
    fn meet(&self, operation: Operation) -> Result<(), (io::Error, bool)> {
        let mut plan = self.plan();
        let number = plan.counts.operations;
        plan.counts.operations += 1;
        match operation {
            Operation::Write => plan.counts.writes += 1,
            Operation::Sync => plan.counts.syncs += 1,
            Operation::SyncFolder => plan.counts.folder_syncs += 1,
            _ => {}
        }
        let Some((at, failure)) = plan.fail.filter(|(at, _)| number >= *at) else {
            return Ok(());
        };
        let broken = || io::Error::other("made to fail by a test");
        let needs_room = matches!(
            operation,
            Operation::Create | Operation::Write | Operation::Preallocate
        );
        match failure {
            Failure::Once | Failure::Short if number == at => {
                Err((broken(), failure == Failure::Short))
            }
            Failure::Full if needs_room => Err((io::ErrorKind::StorageFull.into(), true)),
            Failure::ReadOnly => Err((io::ErrorKind::ReadOnlyFilesystem.into(), false)),
            Failure::Dead => Err((broken(), number == at)),
            _ => Ok(()),
        }
    }

    fn whole(&self, operation: Operation) -> io::Result<()> {
        self.meet(operation).map_err(|(error, _)| error)
    }
}

impl Files for Failing {
    fn create_dir_all(&self, dir: &Path) -> io::Result<()> {
        if !dir.is_dir() {
            self.whole(Operation::Create)?;
        }
        Disk.create_dir_all(dir)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<Item>> {
        Disk.list(dir)
    }

    fn open(&self, path: &Path, how: How) -> io::Result<Arc<dyn Open>> {
        if how != How::Read && !path.exists() {
            self.whole(Operation::Create)?;
        }
        Ok(Arc::new(FailingFile {
            disk: self.clone(),
            file: Disk.open(path, how)?,
        }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.whole(Operation::Rename)?;
        Disk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.whole(Operation::Remove)?;
        Disk.remove(path)
    }

    fn remove_dir_all(&self, dir: &Path) -> io::Result<()> {
        self.whole(Operation::Remove)?;
        Disk.remove_dir_all(dir)
    }

    fn sync_folder(&self, dir: &Path) -> io::Result<()> {
        self.whole(Operation::SyncFolder)?;
        Disk.sync_folder(dir)
    }
}

#[derive(Debug)]
struct FailingFile {
    disk: Failing,
    file: Arc<dyn Open>,
}

impl Open for FailingFile {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        self.file.read_at(buf, offset)
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        if let Err((error, half)) = self.disk.meet(Operation::Write) {
            if half {
                self.file.write_at(&bytes[..bytes.len() / 2], offset)?;
            }
            return Err(error);
        }
        self.file.write_at(bytes, offset)
    }

    fn sync(&self) -> io::Result<()> {
        self.disk.whole(Operation::Sync)?;
        self.file.sync()
    }

    fn truncate(&self, len: u64) -> io::Result<()> {
        self.disk.whole(Operation::Truncate)?;
        self.file.truncate(len)
    }

    fn preallocate(&self, offset: u64, len: u64) -> io::Result<()> {
        self.disk.whole(Operation::Preallocate)?;
        self.file.preallocate(offset, len)
    }

    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }

    fn will_need(&self, offset: u64, len: u64) {
        self.file.will_need(offset, len);
    }
}
