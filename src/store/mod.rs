//! The store: the logs, and beside them the view, through which records are listed, searched and read.
//!
//! Saving goes to the own log first and is done when that is on the disk; the view follows. The view holds only small
//! sorted entries that point into the logs (`entry`), in pages (`page`, `pages`), brought up to date by one algorithm
//! for a save and for a batch of a million (`run`). Everything in it may be thrown away: whatever goes wrong with it is
//! answered by setting its folder aside and building it again from the logs.
//!
//! This is the only room that names sled. It must not know what a field means: that stands in the registers; nor whose
//! key is trusted and why: it is told.

mod bitmap;
mod entry;
mod keys;
mod known;
mod layout;
mod list;
mod lock;
mod logs;
mod merge;
mod ops;
mod page;
mod pages;
mod read;
mod run;
mod search;
mod stand;
mod view;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};

use thiserror::Error;

pub use keys::{How, is_han, readings, tokens};
pub use list::{Query, Window};
pub use lock::Holder;
pub use pages::ViewError;
pub use run::Applied;
pub use stand::{Checked, Records};

use self::layout::Layout;
use self::lock::Lock;
use self::view::{Found, View, guard};
use crate::codec::Unplaced;
use crate::files::Files;
use crate::forms::Registers;
use crate::journal::{self, Journal, JournalError, LogInfo, Placed};
use crate::record::{Change, LogId};

/// Why the store could not do what it was asked. Words for people: `text::store`.
#[derive(Debug, Error)]
pub enum StoreError {
    /// Another process has the store open.
    #[error("the store is in use by process {}", .0.pid)]
    InUse(Holder),
    /// The store's folder cannot be used.
    #[error("{path}: {source}")]
    Folder {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The logs could not be read or written.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The view could not be built, even from nothing.
    #[error("the view cannot be built: {0}")]
    View(#[from] ViewError),
    /// The system gave no random bytes.
    #[error("no random bytes: {0}")]
    Random(String),
}

/// Something that a person should be told. Words: `text::store`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Notice {
    /// About the logs.
    Journal(journal::Notice),
    /// The view was built again from the logs; nothing was lost.
    Rebuilt(Why),
    /// The view cannot be built at the moment; what was saved is safe in the logs.
    NoView(String),
}

/// Why the view was built again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Why {
    /// There was none.
    Missing,
    /// It was made by another version, or for other registers or divisions.
    Other,
    /// A merge was broken off.
    Unfinished,
    /// It did not agree with the logs.
    Disagrees,
    /// A log has a fork or a gap that it had not before.
    Forked,
    /// It was damaged: what was said.
    Damaged(String),
    /// A person asked for it.
    Asked,
}

/// What a store is opened with.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The log that takes own changes; `None` before it has begun.
    pub own: Option<LogId>,
    /// The keys whose logs count. Own logs always do, and so does what was applied once.
    pub trusted: BTreeSet<[u8; 32]>,
}

/// An open store. Reading needs `&self` and may go on in several threads.
pub struct Store {
    registers: Arc<Registers>,
    layout: Layout,
    journal: Journal,
    trusted: BTreeSet<[u8; 32]>,
    /// The view's folder.
    dir: PathBuf,
    view: RwLock<View>,
    notices: Mutex<Vec<Notice>>,
    _lock: Lock,
}

/// What one reading looks at.
struct Reading<'a> {
    view: &'a View,
    journal: &'a Journal,
    registers: &'a Registers,
    layout: &'a Layout,
}

/// A save of at most so many changes goes into the view as one atomic batch: sled's batches hold a lock that stops
/// every read, so they must stay under 500 pages. A visit touches about 40.
const ATOMIC: usize = 8;

impl Store {
    /// Opens the store in `dir`, which is made if it is not there: takes its lock, opens the logs, and brings the view
    /// up to them, or builds it again. Whatever a person should know comes beside it.
    ///
    /// # Errors
    /// [`StoreError::InUse`] names who has it open; [`StoreError::Folder`]; [`StoreError::Journal`] if the logs cannot be
    /// read.
    pub fn open(
        dir: &Path,
        registers: Arc<Registers>,
        files: Arc<dyn Files>,
        options: Options,
    ) -> Result<(Self, Vec<Notice>), StoreError> {
        let pages = dir.join("view").join("pages");
        let folder = |source| StoreError::Folder {
            path: dir.to_owned(),
            source,
        };
        std::fs::create_dir_all(dir.join("view")).map_err(folder)?;
        let lock = Lock::take(dir)
            .map_err(folder)?
            .map_err(StoreError::InUse)?;
        let layout = Layout::of(&registers);
        let mut why = None;
        let (view, found) = match guard(|| Ok(View::open(&pages, layout.version())?)) {
            Ok(found) => found,
            Err(error) => {
                why = Some(Why::Damaged(error.to_string()));
                view::set_aside(&pages);
                guard(|| Ok(View::open(&pages, layout.version())?))?
            }
        };
        let applied = |log: &LogId| view.applied(log);
        let (journal, told) = Journal::open(files, &dir.join("journal"), options.own, &applied)?;
        let store = Self {
            registers,
            layout,
            journal,
            trusted: options.trusted,
            dir: pages,
            view: RwLock::new(view),
            notices: Mutex::new(told.into_iter().map(Notice::Journal).collect()),
            _lock: lock,
        };
        let why = why.or_else(|| store.distrust(found));
        let mut store = store;
        match why {
            Some(why) => store.heal(why)?,
            None => drop(store.bring_up(&mut |_, _| {})?),
        }
        store.compact();
        let notices = store.take_notices();
        Ok((store, notices))
    }

    /// Why what was found must not be used, if it must not.
    fn distrust(&self, found: Found) -> Option<Why> {
        let view = self.view();
        match found {
            Found::Other => return Some(Why::Other),
            Found::Unfinished => return Some(Why::Unfinished),
            Found::Nothing => {
                let any = self.journal.logs().iter().any(|log| !log.runs.is_empty());
                return any.then_some(Why::Missing);
            }
            Found::Unclean => {
                if guard(|| view.agrees(&self.journal)).is_err() {
                    return Some(Why::Disagrees);
                }
            }
            Found::Sound => {}
        }
        match view.is_of(&self.journal) {
            Ok(true) => None,
            _ => Some(Why::Disagrees),
        }
    }

    fn view(&self) -> RwLockReadGuard<'_, View> {
        self.view.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads from the view; if it fails, it is built again and asked once more.
    fn read<T>(
        &self,
        ask: impl Fn(&Reading<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let once = || {
            let view = self.view();
            if !view.sound {
                return Err(ViewError::Damage("it could not be built before").into());
            }
            guard(|| {
                ask(&Reading {
                    view: &view,
                    journal: &self.journal,
                    registers: &self.registers,
                    layout: &self.layout,
                })
            })
        };
        match once() {
            Err(StoreError::View(error)) => {
                self.heal(Why::Damaged(error.to_string()))?;
                once()
            }
            other => other,
        }
    }

    /// Sets the view aside and builds it again from the logs that count.
    fn heal(&self, why: Why) -> Result<(), StoreError> {
        let mut view = self.view.write().unwrap_or_else(PoisonError::into_inner);
        view.sound = false;
        view.close();
        view::set_aside(&self.dir);
        // What was applied once stays, whether its key is still trusted or not.
        let before: BTreeSet<LogId> = view.heads.keys().copied().collect();
        let counts = |log: &LogInfo| before.contains(&log.id) || self.counts(log);
        *view = guard(|| {
            let (mut view, _) = View::open(&self.dir, self.layout.version())?;
            logs::bring_up(
                &mut view,
                &self.journal,
                &self.registers,
                &self.layout,
                &counts,
                &mut || Ok(()),
                &mut |_, _| {},
            )?;
            Ok(view)
        })?;
        drop(view);
        self.tell(Notice::Rebuilt(why));
        Ok(())
    }

    fn counts(&self, log: &LogInfo) -> bool {
        log.own || self.trusted.contains(&log.first.key)
    }

    fn tell(&self, notice: Notice) {
        let mut notices = self.notices.lock().unwrap_or_else(PoisonError::into_inner);
        notices.push(notice);
    }

    /// What a person should be told since this was asked last.
    pub fn take_notices(&self) -> Vec<Notice> {
        std::mem::take(&mut *self.notices.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The registers.
    pub fn registers(&self) -> &Arc<Registers> {
        &self.registers
    }

    /// The logs.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// The logs, to begin, take and seal. After taking anything call [`Store::apply_logs`].
    pub fn journal_mut(&mut self) -> &mut Journal {
        &mut self.journal
    }

    /// Sets the keys whose logs count. Logs that count from now on are applied by [`Store::apply_logs`].
    pub fn set_trusted(&mut self, trusted: BTreeSet<[u8; 32]>) {
        self.trusted = trusted;
    }

    /// Saves a group of changes as one: when this returns they are on the disk.
    ///
    /// # Errors
    /// [`StoreError::Journal`]: nothing was saved.
    pub fn save(&mut self, group: Vec<Unplaced>) -> Result<Vec<Placed>, StoreError> {
        self.save_many(vec![group])
    }

    /// Saves several groups with one fdatasync. If the view fails behind it, the changes are saved all the same, and
    /// the view is built again.
    ///
    /// # Errors
    /// As [`Store::save`].
    pub fn save_many(&mut self, groups: Vec<Vec<Unplaced>>) -> Result<Vec<Placed>, StoreError> {
        let count = groups.iter().map(Vec::len).sum();
        let mut salts = vec![[0; 16]; count];
        getrandom::fill(salts.as_flattened_mut())
            .map_err(|error| StoreError::Random(error.to_string()))?;
        let mut salts = salts.into_iter();
        let placed = self
            .journal
            .append(&groups, &mut || salts.next().unwrap_or_default())?;
        let changes: Vec<(Placed, Change)> = placed
            .iter()
            .zip(groups.into_iter().flatten())
            .map(|(placed, change)| {
                let change = Change {
                    dot: placed.dot,
                    at: change.at,
                    record: change.record,
                    register: change.register,
                    seen: change.seen,
                    sets: change.sets,
                };
                (*placed, change)
            })
            .collect();
        let view = self.view.get_mut().unwrap_or_else(PoisonError::into_inner);
        let (journal, registers, layout) = (&self.journal, &self.registers, &self.layout);
        let taken = if view.sound {
            guard(|| logs::take_own(view, journal, registers, layout, &changes))
        } else {
            Err(ViewError::Damage("it could not be built before").into())
        };
        if let Err(error) = taken
            && let Err(error) = self.heal(Why::Damaged(error.to_string()))
        {
            self.tell(Notice::NoView(error.to_string()));
        }
        Ok(placed)
    }

    /// Brings the view up to all logs that count: after a merge, or after a key became trusted. What was taken from
    /// others is made durable in a second thread meanwhile. `progress` is told how many changes of how many are done.
    ///
    /// # Errors
    /// [`StoreError::Journal`] if what was taken cannot be made durable or read.
    pub fn apply_logs(
        &mut self,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Applied, StoreError> {
        let applied = self.bring_up(progress)?;
        self.compact();
        Ok(applied)
    }

    fn bring_up(&mut self, progress: &mut dyn FnMut(u64, u64)) -> Result<Applied, StoreError> {
        let unsynced = self.journal.unsynced();
        let view = self.view.get_mut().unwrap_or_else(PoisonError::into_inner);
        let (journal, registers, layout) = (&self.journal, &self.registers, &self.layout);
        let trusted = &self.trusted;
        let counts = |log: &LogInfo| log.own || trusted.contains(&log.first.key);
        let mut synced = false;
        let brought = std::thread::scope(|scope| {
            let mut thread = Some(scope.spawn(|| unsynced.sync()));
            let mut durable = || {
                let done = thread.take().map_or(Ok(Ok(())), |thread| thread.join());
                done.map_err(|_| ViewError::Panic("the second thread".into()))??;
                synced = true;
                Ok(())
            };
            guard(|| {
                if !view.sound {
                    return Err(ViewError::Damage("it could not be built before").into());
                }
                logs::bring_up(
                    view,
                    journal,
                    registers,
                    layout,
                    &counts,
                    &mut durable,
                    progress,
                )
            })
        });
        // A view that failed early did not wait for the disk.
        let brought = if synced {
            brought
        } else {
            unsynced.sync()?;
            brought
        };
        match brought {
            Ok(Some(applied)) => {
                self.journal.synced(&unsynced);
                Ok(applied)
            }
            Ok(None) => {
                self.journal.synced(&unsynced);
                self.heal(Why::Forked)?;
                Ok(Applied::default())
            }
            Err(StoreError::View(error)) => {
                self.journal.synced(&unsynced);
                self.heal(Why::Damaged(error.to_string()))?;
                Ok(Applied::default())
            }
            Err(error) => {
                // Half a run may be in the view.
                let view = self.view.get_mut().unwrap_or_else(PoisonError::into_inner);
                view.sound = false;
                Err(error)
            }
        }
    }

    /// Copies the view when its file has grown far beyond what is in it. If that fails, the view is built again when it
    /// is read next.
    fn compact(&self) {
        let mut view = self.view.write().unwrap_or_else(PoisonError::into_inner);
        if !(view.sound && view.is_loose()) {
            return;
        }
        let layout = self.layout.version();
        if guard(|| view.compact(&self.dir, layout)).is_err() {
            view.sound = false;
        }
    }

    /// Sets the view aside and builds it again.
    ///
    /// # Errors
    /// If the logs cannot be read.
    pub fn rebuild(&mut self) -> Result<(), StoreError> {
        self.heal(Why::Asked)
    }
}
