//! `jinguo` without a command: the screens.

use std::path::Path;

use super::env::Env;
use super::fault::{Fault, Outcome};

/// Opens the screens on a store.
pub(crate) fn open(_env: &Env, _dir: &Path) -> Result<Outcome, Fault> {
    Ok(Outcome::Done)
}
