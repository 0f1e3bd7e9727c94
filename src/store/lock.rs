//! One store, one process: a lock on `<store>/lock`, in which the holder says who it is.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// Who holds a store.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Holder {
    /// Its process; 0 if the lock file does not say.
    pub pid: u32,
    /// Its terminal; empty if it has none.
    pub tty: String,
    /// Since when, in seconds since 1970; 0 if the lock file does not say.
    pub since: u64,
}

impl Holder {
    fn this() -> Self {
        let tty = std::fs::read_link("/proc/self/fd/0").unwrap_or_default();
        let tty = tty.to_string_lossy();
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            pid: std::process::id(),
            tty: tty
                .strip_prefix("/dev/")
                .filter(|tty| *tty != "null")
                .unwrap_or_default()
                .to_owned(),
            since: now.map_or(0, |since| since.as_secs()),
        }
    }

    fn parse(text: &str) -> Self {
        let word = |key: &str| {
            text.lines()
                .find_map(|line| line.strip_prefix(key))
                .map(str::trim)
                .unwrap_or_default()
        };
        Self {
            pid: word("pid ").parse().unwrap_or_default(),
            tty: word("tty ").to_owned(),
            since: word("since ").parse().unwrap_or_default(),
        }
    }
}

/// A store's lock; let go when dropped, and by the system when the process dies.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "held, never read")] File);

impl Lock {
    /// Takes the lock of the store in `dir`.
    ///
    /// # Errors
    /// `Ok(Err(holder))` if someone holds it.
    pub fn take(dir: &Path) -> io::Result<Result<Self, Holder>> {
        let mut options = OpenOptions::new();
        let mut file = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(dir.join("lock"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                file.read_to_string(&mut text)?;
                return Ok(Err(Holder::parse(&text)));
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let Holder { pid, tty, since } = Holder::this();
        file.set_len(0)?;
        file.rewind()?;
        write!(file, "pid {pid}\ntty {tty}\nsince {since}\n")?;
        Ok(Ok(Self(file)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_one_is_told_who_holds_the_store() {
        let dir = tempfile::tempdir().unwrap();
        let first = Lock::take(dir.path()).unwrap().unwrap();
        let holder = Lock::take(dir.path()).unwrap().unwrap_err();
        assert_eq!(holder.pid, std::process::id());
        assert!(holder.since > 1_700_000_000);
        drop(first);
        assert!(Lock::take(dir.path()).unwrap().is_ok());
    }
}
