//! What peers hold, as they said themselves: the newest signed statement of each peer's log, in `peers/<log>.toml`.
//!
//! Sent is never taken as received: only a batch or receipt that came back says what its sender holds.

use std::path::Path;

use super::disk;
use super::error::ExchangeError;
use super::keys::{self, PublicKey};
use super::manifest::Manifest;
use crate::files::Files;
use crate::record::LogId;

/// The folder's name in a store's folder.
pub const FOLDER: &str = "peers";

/// The newest statement of the peer whose log this is; `None` if there is none, or if it cannot be read (it comes again
/// with her next batch).
pub fn of_log(files: &dyn Files, dir: &Path, log: LogId) -> Option<Manifest> {
    let path = dir.join(FOLDER).join(format!("{log}.toml"));
    Manifest::read(disk::read_text(files, &path).ok()??.as_bytes()).ok()
}

/// The texts of all statements held, by log.
fn texts(files: &dyn Files, dir: &Path) -> impl Iterator<Item = String> {
    let folder = dir.join(FOLDER);
    let items = files.list(&folder).unwrap_or_default();
    items.into_iter().filter_map(move |item| {
        LogId::parse(item.name.strip_suffix(".toml")?)?;
        disk::read_text(files, &folder.join(&item.name)).ok()?
    })
}

/// All statements held, by log.
pub fn all(files: &dyn Files, dir: &Path) -> Vec<Manifest> {
    texts(files, dir)
        .filter_map(|text| Manifest::read(text.as_bytes()).ok())
        .collect()
}

/// The newest statement of whoever has one of these keys. She may have several logs (she moved, or a copy began a new
/// one); the newest by its own date counts.
pub fn newest_of(files: &dyn Files, dir: &Path, keys: &[PublicKey]) -> Option<Manifest> {
    // A store of a district holds hundreds, each with hundreds of ends: only those that name a key are taken apart.
    let lines: Vec<String> = keys.iter().map(|key| keys::public_line(key, "")).collect();
    let names = |text: &String| lines.iter().any(|line| text.contains(line.as_str()));
    texts(files, dir)
        .filter(names)
        .filter_map(|text| Manifest::read(text.as_bytes()).ok())
        .filter(|statement| keys.contains(&statement.sender.key))
        .max_by(|a, b| (&a.made, a.number).cmp(&(&b.made, b.number)))
}

/// Keeps what a batch says its sender holds, unless a statement with a higher number is held.
///
/// # Errors
/// [`ExchangeError::File`] if it cannot be written; the old one stands then.
pub fn keep(files: &dyn Files, dir: &Path, manifest: &Manifest) -> Result<(), ExchangeError> {
    let log = manifest.sender.log;
    if of_log(files, dir, log).is_some_and(|held| held.number >= manifest.number) {
        return Ok(());
    }
    let statement = Manifest {
        pieces: Vec::new(),
        ..manifest.clone()
    };
    let folder = dir.join(FOLDER);
    disk::create_folder(files, &folder)?;
    disk::replace(
        files,
        &folder.join(format!("{log}.toml")),
        statement.text().as_bytes(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::keys::AuthorKey;
    use crate::exchange::manifest::Sender;
    use crate::files::Disk;

    fn statement(log: u8, key: u8, number: u64, made: &str) -> Manifest {
        let key = AuthorKey::from_seed(&[key; 32], "a@1").unwrap();
        Manifest {
            made: made.into(),
            number,
            receiver: String::new(),
            sender: Sender {
                name: "李静".into(),
                unit: "500101".into(),
                key: key.public(),
                log: LogId([log; 16]),
            },
            pieces: vec![],
            ends: vec![],
        }
    }

    #[test]
    fn the_highest_number_of_a_log_and_the_newest_log_of_a_person_count() {
        let dir = tempfile::tempdir().unwrap();
        let (day1, day2) = ("2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z");
        let key = statement(1, 1, 1, day1).sender.key;
        assert_eq!(newest_of(&Disk, dir.path(), &[key]), None);
        for made in [
            statement(1, 1, 7, day1),
            statement(1, 1, 3, day2),
            statement(2, 1, 1, day2),
            statement(3, 2, 9, day2),
        ] {
            keep(&Disk, dir.path(), &made).unwrap();
        }
        assert_eq!(all(&Disk, dir.path()).len(), 3);
        assert_eq!(of_log(&Disk, dir.path(), LogId([1; 16])).unwrap().number, 7);
        assert_eq!(
            newest_of(&Disk, dir.path(), &[key]).unwrap().sender.log,
            LogId([2; 16])
        );
        std::fs::write(dir.path().join("peers").join("junk.toml"), "x").unwrap();
        assert_eq!(all(&Disk, dir.path()).len(), 3);
    }
}
