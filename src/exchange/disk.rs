//! Files of the store's folder that this room keeps: small ones read and replaced whole, and the spool.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::ExchangeError;
use crate::files::{self, Files, How, Stream};
use crate::record::id::hex;

/// Reads a text file; `None` if there is none.
///
/// # Errors
/// [`ExchangeError::File`] if it cannot be read.
pub fn read_text(files: &dyn Files, path: &Path) -> Result<Option<String>, ExchangeError> {
    match files::read(files, path) {
        Ok(bytes) => String::from_utf8(bytes)
            .map(Some)
            .map_err(|why| ExchangeError::file(path, std::io::Error::other(why))),
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(why) => Err(ExchangeError::file(path, why)),
    }
}

/// Replaces a file whole; only its owner may read it.
///
/// # Errors
/// [`ExchangeError::File`] if it cannot be written; the old one stands then.
pub fn replace(files: &dyn Files, path: &Path, bytes: &[u8]) -> Result<(), ExchangeError> {
    files::replace(files, path, bytes, How::Private).map_err(|why| ExchangeError::file(path, why))
}

/// Makes a folder and those above it; one that is there is fine.
///
/// # Errors
/// [`ExchangeError::File`] if it cannot be made.
pub fn create_folder(files: &dyn Files, dir: &Path) -> Result<(), ExchangeError> {
    files
        .create_dir_all(dir)
        .map_err(|why| ExchangeError::file(dir, why))
}

/// Random bytes of the system.
///
/// # Errors
/// [`ExchangeError::Random`] if it gives none.
pub fn random<const N: usize>() -> Result<[u8; N], ExchangeError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| ExchangeError::Random)?;
    Ok(bytes)
}

/// A folder for what is not yet part of the store; it and all in it goes when the value does.
#[derive(Debug)]
pub struct Spool {
    files: Arc<dyn Files>,
    dir: PathBuf,
}

impl Spool {
    /// Makes a new folder in `spool/` of the store at `dir`.
    ///
    /// # Errors
    /// [`ExchangeError::File`] if it cannot be made.
    pub fn new(files: Arc<dyn Files>, dir: &Path) -> Result<Self, ExchangeError> {
        let dir = dir.join("spool").join(hex(&random::<8>()?));
        create_folder(&*files, &dir)?;
        Ok(Self { files, dir })
    }

    /// Throws away what a process that ended too early left in `spool/`.
    pub fn clear(files: &dyn Files, dir: &Path) {
        // What cannot be removed is only room on the disk.
        let _ = files.remove_dir_all(&dir.join("spool"));
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.dir
    }

    /// The disk that it lies on.
    pub fn files(&self) -> &Arc<dyn Files> {
        &self.files
    }

    /// Makes a file in it and writes it from its start.
    ///
    /// # Errors
    /// [`ExchangeError::File`] if it cannot be made.
    pub fn create(&self, name: &str) -> Result<Stream, ExchangeError> {
        let path = self.dir.join(name);
        Stream::create(&*self.files, &path, How::Private)
            .map_err(|why| ExchangeError::file(&path, why))
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        let _ = self.files.remove_dir_all(&self.dir);
    }
}
