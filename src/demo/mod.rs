//! The demonstration: Wanzhou's federations, several cadres with most of a year of work behind them, their batches merged.
//!
//! Everybody and everything in it is made up, from one seed; dates count back from today. The only room beside `text`
//! that may name registers and fields.

mod acts;
mod calendar;
mod cast;
mod dice;
mod families;
mod handling;
mod homes;
mod make;
mod names;
mod notes;
mod orgs;
mod plan;
mod training;
mod typing;
mod wants;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

use crate::exchange::ExchangeError;
use crate::files::Files;
use crate::forms::Registers;
use crate::store::StoreError;

/// The folder of the store that has everything.
pub const DISTRICT: &str = "district";
/// The file that says what the folder is; without it nothing is ever removed.
const NOTE: &str = "demo.txt";
/// What it says.
const NOTE_TEXT: &str = "巾帼演示数据：人物、电话、证号均为虚构，可整个删除。\nA demonstration of jinguo: people, numbers and IDs are made up. The folder may be removed.\n";

/// Why there is no demonstration.
#[derive(Debug, Error)]
pub enum DemoError {
    /// The folder holds something else, which is not touched.
    #[error("{0} is not a demonstration")]
    NotADemo(PathBuf),
    /// A file cannot be read or written.
    #[error("{path}: {why}")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        why: String,
    },
    /// A form or a merge refused what the demonstration wrote: its own fault.
    #[error("{0}")]
    Refused(String),
    /// Keys, batches, merging.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
    /// A store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl DemoError {
    fn file(path: &Path, why: &std::io::Error) -> Self {
        Self::File {
            path: path.to_owned(),
            why: why.to_string(),
        }
    }
}

/// What a demonstration is made of and by.
pub struct Wish {
    /// The registers.
    pub registers: Arc<Registers>,
    /// The disk.
    pub files: Arc<dyn Files>,
    /// Now, in milliseconds since 1970.
    pub now: u64,
    /// How many times the usual amount of records.
    pub scale: f64,
    /// Whether an older one is removed first.
    pub fresh: bool,
}

/// Makes the demonstration in `dir` if it is not there: `district` and `authors/*`. Gives the district's store. Progress
/// is told in steps done and steps in all.
///
/// # Errors
/// [`DemoError::NotADemo`] if the folder holds anything else; those of the disk: then there is no demonstration.
pub fn ready(
    dir: &Path,
    wish: &Wish,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<PathBuf, DemoError> {
    let district = dir.join(DISTRICT);
    let made = dir.join(NOTE).is_file();
    if made && !wish.fresh {
        return Ok(district);
    }
    if made {
        remove(dir)?;
    } else if dir.exists() && !is_empty(dir)? {
        return Err(DemoError::NotADemo(dir.to_owned()));
    }
    // Made beside and renamed, so that one half made is never taken for whole.
    let mut beside = dir.as_os_str().to_owned();
    beside.push(".making");
    let beside = PathBuf::from(beside);
    if beside.join(NOTE).is_file() {
        remove(&beside)?;
    }
    let file = |why| DemoError::file(&beside, &why);
    std::fs::create_dir_all(&beside).map_err(file)?;
    std::fs::write(beside.join(NOTE), NOTE_TEXT).map_err(file)?;
    let stage = make::Stage {
        dir: &beside,
        registers: wish.registers.clone(),
        files: wish.files.clone(),
        now: wish.now,
        scale: wish.scale,
    };
    stage.make(progress)?;
    if dir.exists() {
        std::fs::remove_dir(dir).map_err(|why| DemoError::file(dir, &why))?;
    }
    std::fs::rename(&beside, dir).map_err(|why| DemoError::file(dir, &why))?;
    Ok(district)
}

fn remove(dir: &Path) -> Result<(), DemoError> {
    std::fs::remove_dir_all(dir).map_err(|why| DemoError::file(dir, &why))
}

fn is_empty(dir: &Path) -> Result<bool, DemoError> {
    let mut entries = std::fs::read_dir(dir).map_err(|why| DemoError::file(dir, &why))?;
    Ok(entries.next().is_none())
}
