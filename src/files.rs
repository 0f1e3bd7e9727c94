//! The one way by which bytes of a store reach a disk: the trait [`Files`], [`Disk`] for real, and [`Failing`] for tests.
//!
//! Everything that must survive a crash (logs, seals, drafts, batches) goes through here, so that a test can let every
//! single operation fail in its turn and see what is left. This room knows nothing of logs or records.

use std::fmt::Debug;
use std::fs::{File, OpenOptions};
use std::io;
use std::num::NonZeroU64;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

mod failing;

pub use failing::{Counts, Failing, Failure};

/// How a file is opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum How {
    /// To read; it must be there.
    Read,
    /// To read and write; made if it is not there, kept as it is if it is.
    Write,
    /// As `Write`, but if it is made, only its owner may read it (mode 0600).
    Private,
}

/// One entry of a folder.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Item {
    /// Its name; a name that is not UTF-8 is never ours and is left out of a list.
    pub name: String,
    /// Whether it is a folder.
    pub folder: bool,
}

/// A disk. Nothing is durable before [`Open::sync`] of the file and [`Files::sync_folder`] of its folder.
pub trait Files: Debug + Send + Sync {
    /// Makes a folder and those above it; one that is there is fine.
    fn create_dir_all(&self, dir: &Path) -> io::Result<()>;
    /// What a folder holds, sorted by name.
    fn list(&self, dir: &Path) -> io::Result<Vec<Item>>;
    /// Opens a file.
    fn open(&self, path: &Path, how: How) -> io::Result<Arc<dyn Open>>;
    /// Moves a file or folder, over what stands there.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Removes a folder and all in it.
    fn remove_dir_all(&self, dir: &Path) -> io::Result<()>;
    /// fsync of a folder: the names in it are durable.
    fn sync_folder(&self, dir: &Path) -> io::Result<()>;
}

/// An open file.
pub trait Open: Debug + Send + Sync {
    /// Reads at most `buf` bytes from `offset`; 0 at the end.
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize>;
    /// Writes all of `bytes` at `offset`.
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()>;
    /// fdatasync: the bytes, and the length they need, are durable.
    fn sync(&self) -> io::Result<()>;
    /// Cuts or grows the file to `len`.
    fn truncate(&self, len: u64) -> io::Result<()>;
    /// Takes room for `len` bytes from `offset` and grows the file over them, zeros. File systems without it say so.
    fn preallocate(&self, offset: u64, len: u64) -> io::Result<()>;
    /// Its length in bytes.
    fn len(&self) -> io::Result<u64>;
    /// Whether it has no bytes.
    fn is_empty(&self) -> io::Result<bool> {
        Ok(self.len()? == 0)
    }
    /// Tells the system that these bytes are read soon. A hint: it cannot fail.
    fn will_need(&self, offset: u64, len: u64);
}

/// Reads a whole file.
///
/// # Errors
/// Whatever the disk says.
pub fn read(files: &dyn Files, path: &Path) -> io::Result<Vec<u8>> {
    let file = files.open(path, How::Read)?;
    let mut bytes = vec![0; usize::try_from(file.len()?).map_err(io::Error::other)?];
    let mut filled = 0;
    while filled < bytes.len() {
        match file.read_at(&mut bytes[filled..], filled as u64)? {
            0 => break,
            n => filled += n,
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}

/// Puts a whole file in its place so that after a crash either the old or the new one stands there: a temporary file
/// beside it, fsync, rename, fsync of the folder.
///
/// # Errors
/// Whatever the disk says; the old file stands then.
pub fn replace(files: &dyn Files, path: &Path, bytes: &[u8], how: How) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let temporary = path.with_extension(match path.extension().and_then(|e| e.to_str()) {
        Some(extension) => format!("{extension}.tmp"),
        None => "tmp".to_owned(),
    });
    let write = || {
        let file = files.open(&temporary, how)?;
        file.truncate(0)?;
        file.write_at(bytes, 0)?;
        file.sync()?;
        files.rename(&temporary, path)?;
        files.sync_folder(folder)
    };
    write().inspect_err(|_| {
        let _ = files.remove(&temporary);
    })
}

/// The real disk.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Files for Disk {
    fn create_dir_all(&self, dir: &Path) -> io::Result<()> {
        std::fs::create_dir_all(dir)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<Item>> {
        let mut items = Vec::new();
        for entry in std::fs::read_dir(dir)? {
            let entry = entry?;
            if let Ok(name) = entry.file_name().into_string() {
                items.push(Item {
                    name,
                    folder: entry.file_type()?.is_dir(),
                });
            }
        }
        items.sort();
        Ok(items)
    }

    fn open(&self, path: &Path, how: How) -> io::Result<Arc<dyn Open>> {
        let mut options = OpenOptions::new();
        options.read(true);
        if how != How::Read {
            options.write(true).create(true).truncate(false);
        }
        if how == How::Private {
            options.mode(0o600);
        }
        Ok(Arc::new(options.open(path)?))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }

    fn remove_dir_all(&self, dir: &Path) -> io::Result<()> {
        std::fs::remove_dir_all(dir)
    }

    fn sync_folder(&self, dir: &Path) -> io::Result<()> {
        File::open(dir)?.sync_all()
    }
}

impl Open for File {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        loop {
            match FileExt::read_at(self, buf, offset) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => return read,
            }
        }
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.write_all_at(bytes, offset)
    }

    fn sync(&self) -> io::Result<()> {
        self.sync_data()
    }

    fn truncate(&self, len: u64) -> io::Result<()> {
        self.set_len(len)
    }

    fn preallocate(&self, offset: u64, len: u64) -> io::Result<()> {
        rustix::fs::fallocate(self, rustix::fs::FallocateFlags::empty(), offset, len)?;
        Ok(())
    }

    fn len(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn will_need(&self, offset: u64, len: u64) {
        if let Some(len) = NonZeroU64::new(len) {
            let _ = rustix::fs::fadvise(self, offset, Some(len), rustix::fs::Advice::WillNeed);
        }
    }
}

/// A file read or written from a place on, as the standard library's streams want it.
#[derive(Debug)]
pub struct Stream {
    file: Arc<dyn Open>,
    /// Where the next byte is read or written.
    pub offset: u64,
    end: u64,
}

impl Stream {
    /// The bytes from `offset` up to, not including, `end`.
    pub fn new(file: Arc<dyn Open>, offset: u64, end: u64) -> Self {
        Self { file, offset, end }
    }

    /// Makes or empties the file at `path` and writes it from its start.
    ///
    /// # Errors
    /// Whatever the disk says.
    pub fn create(files: &dyn Files, path: &Path, how: How) -> io::Result<Self> {
        let file = files.open(path, how)?;
        file.truncate(0)?;
        Ok(Self::new(file, 0, u64::MAX))
    }

    /// Opens the file at `path` and reads all of it.
    ///
    /// # Errors
    /// Whatever the disk says.
    pub fn open(files: &dyn Files, path: &Path) -> io::Result<Self> {
        Ok(Self::new(files.open(path, How::Read)?, 0, u64::MAX))
    }

    /// The file itself, to sync it.
    pub fn file(&self) -> &dyn Open {
        &*self.file
    }
}

impl io::Read for Stream {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end.saturating_sub(self.offset)).unwrap_or(usize::MAX);
        let wanted = buf.len().min(left);
        let read = self.file.read_at(&mut buf[..wanted], self.offset)?;
        self.offset += read as u64;
        Ok(read)
    }
}

impl io::Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write_at(bytes, self.offset)?;
        self.offset += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Keeps bytes that had to be cut or refused, with the reason beside them as text; the path they are kept under.
///
/// # Errors
/// Whatever the disk says; then nothing may be cut.
pub fn keep_aside(
    files: &dyn Files,
    aside: &Path,
    name: &str,
    bytes: &[u8],
    reason: &str,
) -> io::Result<PathBuf> {
    files.create_dir_all(aside)?;
    let path = aside.join(name);
    replace(files, &path, bytes, How::Private)?;
    let why = aside.join(format!("{name}.txt"));
    replace(files, &why, format!("{reason}\n").as_bytes(), How::Private)?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        let disk = Failing::new();
        replace(&disk, &path, b"old", How::Private).unwrap();
        let per_replace = disk.counts().operations;
        for failure in [
            Failure::Once,
            Failure::Short,
            Failure::Full,
            Failure::ReadOnly,
            Failure::Dead,
        ] {
            for nth in 0..per_replace {
                disk.fail_at(nth, failure);
                let done = replace(&disk, &path, b"newer", How::Private);
                disk.heal();
                let found = read(&Disk, &path).unwrap();
                assert!(
                    found == b"newer" || done.is_err() && found == b"old",
                    "{failure:?} at {nth}: {found:?}"
                );
                replace(&disk, &path, b"old", How::Private).unwrap();
            }
        }
    }

    #[test]
    fn preallocated_room_reads_as_zeros_and_is_counted() {
        let dir = tempfile::tempdir().unwrap();
        let disk = Failing::new();
        let file = disk.open(&dir.path().join("a"), How::Write).unwrap();
        file.preallocate(0, 4096).unwrap();
        file.write_at(b"abc", 1).unwrap();
        file.sync().unwrap();
        let mut found = [9; 5];
        assert_eq!(file.read_at(&mut found, 0).unwrap(), 5);
        assert_eq!((&found, file.len().unwrap()), (b"\0abc\0", 4096));
        let counts = disk.counts();
        assert_eq!((counts.operations, counts.writes, counts.syncs), (4, 1, 1));
    }
}
