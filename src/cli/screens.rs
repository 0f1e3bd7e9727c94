//! `jinguo` without a command: the screens.

use std::path::Path;

use super::env::{self, Env};
use super::fault::{Fault, Outcome};
use super::keys;
use crate::tui::open::{Opened, open as open_screens};

/// Opens the screens on the store at `dir`; where there is none, they begin with the first start.
///
/// # Errors
/// Wrong usage without a terminal, or on one that the screens cannot use; a store that cannot be used or is in use.
pub(crate) fn open(env: &mut Env, dir: &Path) -> Result<Outcome, Fault> {
    let registers = env.registers()?;
    let ledger = env.open_at(dir, registers.clone())?;
    let keymap = keys::keymap(env);
    let opened = Opened {
        registers,
        files: env::disk(),
        lang: env.lang,
        keymap,
    };
    open_screens(dir, ledger, opened).map_err(|error| Fault::new(2, error.words(env.lang)))?;
    Ok(Outcome::Done)
}
