//! The ledger: a store with its author's key, the trust list and the settings. What the TUI and the command line open.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use super::disk::{self, Spool};
use super::error::ExchangeError;
use super::here::Here;
use super::keys::{self, AuthorKey, PublicKey};
use super::name;
use super::seal::utc;
use super::settings::Settings;
use super::trust::Trust;
use crate::codec::First;
use crate::files::Files;
use crate::forms::{Me, Registers};
use crate::journal::LogInfo;
use crate::record::{LogId, RecordId};
use crate::store::{self, Options, Store};

/// An own log is sealed after so many bytes: a piece reaches from seal to seal and is bounded.
const SEAL_AFTER: u64 = 64 << 20;
/// A log that was opened with so many changes unsealed is sealed at once: how many bytes they are is not known then.
const SEAL_AT_OPEN: u64 = 10_000;

/// Milliseconds since 1970.
pub type Clock = Arc<dyn Fn() -> u64 + Send + Sync>;

/// Something that a person should be told about her store when it was opened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Notice {
    /// What the store found.
    Store(store::Notice),
    /// This store is a copy, or was moved: a new log of the same person has begun.
    Copied {
        /// The log that this store no longer appends to.
        old: LogId,
    },
    /// `settings.toml` could not be read; the defaults hold.
    Settings(String),
}

/// A store that is open, and all that belongs to its author.
pub struct Ledger {
    /// The store.
    pub store: Store,
    /// The author's key.
    pub key: AuthorKey,
    /// Whose logs and batches are accepted.
    pub trust: Trust,
    /// What she has chosen.
    pub settings: Settings,
    /// Who she is.
    pub me: Me,
    /// What she should be told.
    pub notices: Vec<Notice>,
    pub(super) dir: PathBuf,
    pub(super) files: Arc<dyn Files>,
    clock: Clock,
    unsealed: u64,
}

impl Ledger {
    /// Makes a store at `dir` with a new author key, and opens it.
    ///
    /// # Errors
    /// [`ExchangeError::Name`], [`ExchangeError::Unit`]; [`ExchangeError::Exists`] if there is a store; those of the disk.
    pub fn init(
        dir: &Path,
        name: &str,
        unit: &str,
        registers: Arc<Registers>,
        files: Arc<dyn Files>,
    ) -> Result<Self, ExchangeError> {
        check_author(name, unit, &registers)?;
        let key = AuthorKey::generate(&format!("{name}@{unit}"))?;
        Self::init_with(dir, key, registers, files)
    }

    /// As [`Ledger::init`], with a key that was made before: its comment is `NAME@UNIT`.
    ///
    /// # Errors
    /// As [`Ledger::init`].
    pub fn init_with(
        dir: &Path,
        key: AuthorKey,
        registers: Arc<Registers>,
        files: Arc<dyn Files>,
    ) -> Result<Self, ExchangeError> {
        let (name, unit) = key.comment().split_once('@').ok_or(ExchangeError::Key)?;
        check_author(name, unit, &registers)?;
        if dir.join("key").exists() || dir.join("journal").exists() {
            return Err(ExchangeError::Exists(dir.into()));
        }
        disk::create_folder(&*files, dir)?;
        key.save(dir)?;
        let mut ledger = Self::open(dir, registers, files)?;
        ledger.ready_to_write()?;
        Ok(ledger)
    }

    /// Opens the store at `dir`. If it is a copy of another one (or was moved), a new log of the same person begins, and
    /// a notice says so.
    ///
    /// # Errors
    /// [`ExchangeError::NoKey`] if it is no store; [`ExchangeError::Store`] if it is in use or cannot be read.
    pub fn open(
        dir: &Path,
        registers: Arc<Registers>,
        files: Arc<dyn Files>,
    ) -> Result<Self, ExchangeError> {
        let key = AuthorKey::load(dir)?;
        let (name, unit) = key.comment().split_once('@').ok_or(ExchangeError::Key)?;
        let trust = Trust::load(&*files, dir)?;
        let mut notices = Vec::new();
        let settings = Settings::load(&*files, dir).or_else(|error| match error {
            ExchangeError::Settings(why) => {
                notices.push(Notice::Settings(why));
                Ok(Settings::default())
            }
            other => Err(other),
        })?;
        let me = Me {
            name: name.into(),
            unit: unit.into(),
            cadre: settings.cadre.as_deref().and_then(RecordId::parse),
        };
        let own = Here::own_log(&*files, dir);
        let options = Options {
            own,
            trusted: counting(&trust, key.public()),
        };
        let (store, found) = Store::open(dir, registers, Arc::clone(&files), options)?;
        notices.extend(found.into_iter().map(Notice::Store));
        // Only who holds the store's lock may clear the spool.
        Spool::clear(&*files, dir);
        let mut ledger = Self {
            store,
            key,
            trust,
            settings,
            me,
            notices,
            dir: dir.into(),
            files,
            clock: Arc::new(system_clock),
            unsealed: 0,
        };
        if own.is_none()
            && let Some(old) = Here::load(&*ledger.files, dir).and_then(|here| here.log())
        {
            ledger.notices.push(Notice::Copied { old });
            // Should the disk refuse now, the next save tries again.
            let _ = ledger.ready_to_write();
        }
        let journal = ledger.store.journal();
        let info = journal.own().and_then(|own| journal.log(&own));
        if info.is_some_and(|info| info.unsealed >= SEAL_AT_OPEN) {
            let _ = ledger.seal();
        }
        Ok(ledger)
    }

    /// Where the store lies.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The registers.
    pub fn registers(&self) -> &Arc<Registers> {
        self.store.registers()
    }

    /// Now, in milliseconds since 1970.
    pub fn now_millis(&self) -> u64 {
        (self.clock)()
    }

    /// From now on this clock stamps what is saved: the demonstration counts back from today.
    pub fn set_clock(&mut self, clock: Clock) {
        self.clock = clock;
    }

    /// Writes the settings.
    ///
    /// # Errors
    /// [`ExchangeError::File`]; the old ones stand on the disk then.
    pub fn save_settings(&self) -> Result<(), ExchangeError> {
        self.settings.save(&*self.files, &self.dir)
    }

    pub(super) fn time(&self) -> String {
        utc(self.now_millis() / 1000)
    }

    /// Makes sure that there is an own log to append to.
    pub(super) fn ready_to_write(&mut self) -> Result<(), ExchangeError> {
        if self.store.journal().own().is_some() {
            return Ok(());
        }
        let first = First {
            format: 1,
            key: self.key.public(),
            name: self.me.name.clone(),
            unit: self.me.unit.clone(),
            reach: 0,
            class: 0,
            nonce: disk::random()?,
        };
        let log = self.store.journal_mut().begin(&first)?;
        self.unsealed = 0;
        match Here::now(&self.dir, log) {
            Some(here) => here.save(&*self.files, &self.dir),
            None => Ok(()),
        }
    }

    /// Counts what was saved, and seals when it is much.
    pub(super) fn wrote(&mut self, bytes: u64) -> Result<(), ExchangeError> {
        self.unsealed += bytes;
        match self.unsealed >= SEAL_AFTER {
            true => self.seal(),
            false => Ok(()),
        }
    }

    /// Seals the own log, and those of this person that have ended here, at their ends.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn seal(&mut self) -> Result<(), ExchangeError> {
        let time = self.time();
        let key = &self.key;
        let mut sign = |text: &str| {
            key.sign(keys::SEAL, text.as_bytes())
                .map_err(|why| why.to_string())
        };
        let journal = self.store.journal();
        let unsealed = |log: &LogInfo| {
            // Not by count: on a fork another branch may be longer, and sealed.
            let seals = journal.seals(&log.id);
            let mut ends = log.runs.iter().map(|run| (run.end.seq, run.end.mark));
            ends.any(|end| !seals.contains(&end))
        };
        let own: Vec<LogId> = journal
            .logs()
            .into_iter()
            .filter(|log| log.own && log.first.key == key.public() && unsealed(log))
            .map(|log| log.id)
            .collect();
        for log in own {
            self.store.journal_mut().seal_own(&log, &time, &mut sign)?;
        }
        self.unsealed = 0;
        Ok(())
    }

    /// The keys whose new pieces are taken: those trusted, and the own.
    pub(super) fn trusted_keys(&self) -> BTreeSet<PublicKey> {
        let mut keys = self.trust.keys();
        keys.insert(self.key.public());
        keys
    }
}

/// The keys whose logs count: trusted ones, the own, and those that were trusted when their logs were merged.
pub(super) fn counting(trust: &Trust, own: PublicKey) -> BTreeSet<PublicKey> {
    let mut keys = trust.keys();
    keys.extend(trust.removed().map(|person| person.key));
    keys.insert(own);
    keys
}

fn check_author(name: &str, unit: &str, registers: &Registers) -> Result<(), ExchangeError> {
    if !name::is_name(name) {
        return Err(ExchangeError::Name(name.into()));
    }
    match name::is_unit(unit) && registers.divisions().by_code(unit).is_some() {
        true => Ok(()),
        false => Err(ExchangeError::Unit(unit.into())),
    }
}

fn system_clock() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    })
}
