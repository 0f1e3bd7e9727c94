//! `jinguo` without a command: the screens.

use std::path::Path;

use super::env::{self, Env};
use super::fault::{Fault, Outcome, tell};
use crate::exchange::ExchangeError;
use crate::exchange::ledger::Ledger;
use crate::forms::Lang;
use crate::text::exchange as exchange_words;
use crate::tui::keymap::Keymap;
use crate::tui::open::{self, Opened};

/// Opens the screens on a store; where there is none yet, the first start makes it.
pub(crate) fn open(env: &Env, dir: &Path) -> Result<Outcome, Fault> {
    let registers = env.registers()?;
    let ledger = match Ledger::open(dir, registers.clone(), env::disk()) {
        Ok(ledger) => Some(ledger),
        Err(ExchangeError::NoKey(_)) => None,
        Err(error) => return Err(env.exchange(&error)),
    };
    let settings = ledger.as_ref().map(|ledger| &ledger.settings);
    let lang = match settings.and_then(|settings| settings.lang.as_deref()) {
        Some("en") if !env.asked => Lang::En,
        Some("zh") if !env.asked => Lang::Zh,
        _ => env.lang,
    };
    for notice in ledger.iter().flat_map(|ledger| &ledger.notices) {
        tell(&exchange_words::notice(lang, notice));
    }
    let opened = Opened {
        registers,
        files: env::disk(),
        lang,
        keymap: Keymap::standard(),
    };
    open::open(dir, ledger, opened).map_err(|error| Fault {
        code: 4,
        chain: vec![error.words(lang)],
    })?;
    Ok(Outcome::Done)
}
