//! Forms that are not saved yet: small files `drafts/<name>`, each written whole (temporary file, fsync, rename, fsync of the
//! folder), so that a lost line, a kill or a crash costs at most the last keys.
//!
//! What a draft says (typed text, half-typed too, the focused field, the caret, what was seen) is the form's business; it
//! is a JSON object with a number `version`. This room knows only that much, so that a file that is broken, or that
//! only a later build can read, is put aside and reported, never dropped. It knows no logs.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

use crate::files::{self, Files, How};

/// Why a draft could not be kept or read. Words for people: `text::journal`.
#[derive(Debug, Error)]
pub enum DraftError {
    /// The disk failed.
    #[error("{path}: {source}")]
    Disk {
        /// The file or folder.
        path: PathBuf,
        /// What the disk said.
        source: io::Error,
    },
    /// A name that cannot be a draft's: anything but letters, digits and `-`.
    #[error("{0:?} cannot be a draft's name")]
    Name(String),
}

/// Every draft of a store.
#[derive(Clone, Debug)]
pub struct Drafts {
    files: Arc<dyn Files>,
    dir: PathBuf,
    aside: PathBuf,
}

/// What [`Drafts::all`] found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Found {
    /// Name and bytes of each draft, by name.
    pub drafts: BTreeMap<String, Vec<u8>>,
    /// Where the files are kept that could not be read.
    pub broken: Vec<PathBuf>,
}

impl Drafts {
    /// The drafts under `<store>/drafts`; what is broken goes to `<store>/aside`. Nothing is read or made yet.
    pub fn new(files: Arc<dyn Files>, store: &Path) -> Self {
        Self {
            files,
            dir: store.join("drafts"),
            aside: store.join("aside"),
        }
    }

    /// Keeps a draft, in the place of an earlier one of this name; it is on disk when this returns.
    ///
    /// # Errors
    /// [`DraftError`]; the earlier one stands then.
    pub fn save(&self, name: &str, bytes: &[u8]) -> Result<(), DraftError> {
        let path = self.path(name)?;
        self.files
            .create_dir_all(&self.dir)
            .and_then(|()| files::replace(&*self.files, &path, bytes, How::Private))
            .map_err(|source| DraftError::Disk { path, source })
    }

    /// One draft; `None` if there is none of this name.
    ///
    /// # Errors
    /// [`DraftError`].
    pub fn load(&self, name: &str) -> Result<Option<Vec<u8>>, DraftError> {
        let path = self.path(name)?;
        match files::read(&*self.files, &path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(DraftError::Disk { path, source }),
        }
    }

    /// Every draft. A file that is no JSON object with a `version`, or that `reads` does not accept, is put aside.
    ///
    /// # Errors
    /// [`DraftError`] if the folder cannot be read, or a broken file cannot be put aside (it stays then).
    pub fn all(&self, reads: &dyn Fn(&[u8]) -> bool) -> Result<Found, DraftError> {
        let mut found = Found::default();
        let disk = |source| DraftError::Disk {
            path: self.dir.clone(),
            source,
        };
        let items = match self.files.list(&self.dir) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
            items => items.map_err(disk)?,
        };
        for item in items.iter().filter(|item| !item.folder) {
            if item.name.ends_with(".tmp") {
                // A draft that was about to be written; the one before it stands.
                let _ = self.files.remove(&self.dir.join(&item.name));
                continue;
            }
            let path = self.dir.join(&item.name);
            let bytes = files::read(&*self.files, &path).map_err(disk)?;
            if is_name(&item.name) && has_version(&bytes) && reads(&bytes) {
                found.drafts.insert(item.name.clone(), bytes);
                continue;
            }
            let name = format!("draft-{}", item.name);
            let why = "a draft that could not be read";
            let kept = files::keep_aside(&*self.files, &self.aside, &name, &bytes, why);
            found.broken.push(kept.map_err(disk)?);
            self.files.remove(&path).map_err(disk)?;
        }
        Ok(found)
    }

    /// Throws a draft away; one that is not there is fine.
    ///
    /// # Errors
    /// [`DraftError`]; it may stand then.
    pub fn discard(&self, name: &str) -> Result<(), DraftError> {
        let path = self.path(name)?;
        let gone = self.files.remove(&path);
        match gone.and_then(|()| self.files.sync_folder(&self.dir)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done.map_err(|source| DraftError::Disk { path, source }),
        }
    }

    fn path(&self, name: &str) -> Result<PathBuf, DraftError> {
        if is_name(name) {
            Ok(self.dir.join(name))
        } else {
            Err(DraftError::Name(name.to_owned()))
        }
    }
}

fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-';
    (1..=64).contains(&name.len()) && name.chars().all(fits)
}

fn has_version(bytes: &[u8]) -> bool {
    let json: Option<serde_json::Value> = serde_json::from_slice(bytes).ok();
    json.is_some_and(|json| json.get("version").is_some_and(serde_json::Value::is_u64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::{Disk, Failing, Failure};

    const A: &[u8] = br#"{"version":1,"text":"half a wor"}"#;
    const B: &[u8] = br#"{"version":1,"text":"half a word more"}"#;

    #[test]
    fn a_draft_survives_every_failure_in_its_old_or_its_new_form() {
        let dir = tempfile::tempdir().unwrap();
        let disk = Failing::new();
        let drafts = Drafts::new(Arc::new(disk.clone()), dir.path());
        drafts.save("a", A).unwrap();
        let before = disk.counts().operations;
        drafts.save("a", A).unwrap();
        let operations = disk.counts().operations - before;
        for failure in [
            Failure::Once,
            Failure::Short,
            Failure::Full,
            Failure::ReadOnly,
            Failure::Dead,
        ] {
            for nth in 0..operations {
                disk.fail_at(nth, failure);
                let saved = drafts.save("a", B);
                disk.heal();
                let found = drafts.all(&|_| true).unwrap();
                assert_eq!(found.broken, Vec::<PathBuf>::new());
                let kept = &found.drafts["a"];
                assert!(
                    kept == B || saved.is_err() && kept == A,
                    "{failure:?} {nth}"
                );
                drafts.save("a", A).unwrap();
            }
        }
        drafts.discard("a").unwrap();
        drafts.discard("a").unwrap();
        assert_eq!(drafts.load("a").unwrap(), None);
        assert_eq!(drafts.all(&|_| true).unwrap(), Found::default());
    }

    #[test]
    fn a_broken_draft_is_put_aside_with_its_bytes_and_the_others_are_read() {
        let dir = tempfile::tempdir().unwrap();
        let drafts = Drafts::new(Arc::new(Disk), dir.path());
        drafts.save("a", A).unwrap();
        drafts.save("b", B).unwrap();
        let later = br#"{"version":99}"#;
        drafts.save("c", later).unwrap();
        drafts.save("d", &A[..10]).unwrap();
        let reads = |bytes: &[u8]| !bytes.windows(2).any(|pair| pair == b"99");
        let found = drafts.all(&reads).unwrap();
        assert_eq!(found.drafts.keys().collect::<Vec<_>>(), ["a", "b"]);
        let aside = |name: &str| dir.path().join("aside").join(name);
        assert_eq!(found.broken, [aside("draft-c"), aside("draft-d")]);
        assert_eq!(std::fs::read(aside("draft-c")).unwrap(), later);
        assert_eq!(std::fs::read(aside("draft-d")).unwrap(), &A[..10]);
        assert_eq!(drafts.all(&reads).unwrap().broken, Vec::<PathBuf>::new());
        for wrong in ["", "../a", "a.tmp", "张"] {
            assert!(matches!(drafts.save(wrong, A), Err(DraftError::Name(_))));
        }
    }
}
