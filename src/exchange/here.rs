//! Is this store where it was? `here` names the own log and where its first segment lay: machine, device, inode.
//!
//! Two copies of one store must never append to one log: that would be a fork. A copy lies elsewhere, so it is seen when
//! it is opened, and begins a new log of the same person. A false alarm costs one frame.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::disk;
use super::error::ExchangeError;
use crate::files::Files;
use crate::record::LogId;

/// The file's name in a store's folder.
pub const FILE: &str = "here";

/// Where the own log lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Here {
    /// The own log, in hex.
    log: String,
    /// The machine's id (machine-id(5)); empty where there is none.
    machine: String,
    /// The device of the log's first segment.
    device: u64,
    /// Its inode.
    inode: u64,
}

impl Here {
    /// Where `log` lies now in the store at `dir`; `None` if it has no segment there.
    pub fn now(dir: &Path, log: LogId) -> Option<Self> {
        let folder = dir.join("journal").join(log.to_string());
        let mut segments: Vec<_> = std::fs::read_dir(folder)
            .ok()?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter_map(|path| {
                let number: u32 = path.file_stem()?.to_str()?.parse().ok()?;
                (path.extension()? == "log").then_some((number, path))
            })
            .collect();
        segments.sort();
        let metadata = std::fs::metadata(&segments.first()?.1).ok()?;
        let machine = ["/etc/machine-id", "/var/lib/dbus/machine-id"]
            .iter()
            .find_map(|path| std::fs::read_to_string(path).ok())
            .unwrap_or_default();
        Some(Self {
            log: log.to_string(),
            machine: machine.trim().to_owned(),
            device: metadata.dev(),
            inode: metadata.ino(),
        })
    }

    /// What was written when the own log began; `None` if that cannot be read.
    pub fn load(files: &dyn Files, dir: &Path) -> Option<Self> {
        toml::from_str(&disk::read_text(files, &dir.join(FILE)).ok()??).ok()
    }

    /// The own log that it names.
    pub fn log(&self) -> Option<LogId> {
        LogId::parse(&self.log)
    }

    /// Writes it into the store at `dir`.
    ///
    /// # Errors
    /// [`ExchangeError::File`] if it cannot be written.
    pub fn save(&self, files: &dyn Files, dir: &Path) -> Result<(), ExchangeError> {
        let text = toml::to_string(self)
            .map_err(|why| ExchangeError::file(&dir.join(FILE), std::io::Error::other(why)))?;
        disk::replace(files, &dir.join(FILE), text.as_bytes())
    }

    /// The own log of the store at `dir`, if the store is where it was.
    pub fn own_log(files: &dyn Files, dir: &Path) -> Option<LogId> {
        let then = Self::load(files, dir)?;
        let log = then.log()?;
        (Self::now(dir, log)? == then).then_some(log)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Disk;

    #[test]
    fn a_copy_is_seen_and_the_first_store_is_not_a_copy() {
        let dir = tempfile::tempdir().unwrap();
        let (first, copy) = (dir.path().join("first"), dir.path().join("copy"));
        let log = LogId([3; 16]);
        for store in [&first, &copy] {
            let folder = store.join("journal").join(log.to_string());
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join("7.log"), "x").unwrap();
            std::fs::write(folder.join("first"), "x").unwrap();
        }
        assert_eq!(
            Here::own_log(&Disk, &first),
            None,
            "nothing says which log is own"
        );
        Here::now(&first, log).unwrap().save(&Disk, &first).unwrap();
        assert_eq!(Here::own_log(&Disk, &first), Some(log));
        std::fs::copy(first.join(FILE), copy.join(FILE)).unwrap();
        assert_eq!(Here::own_log(&Disk, &copy), None);
        assert_eq!(Here::load(&Disk, &copy).unwrap().log(), Some(log));
    }
}
