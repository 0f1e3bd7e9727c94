//! `jinguo init`: a store and its author key.

use serde_json::json;

use super::args;
use super::env::{self, Env};
use super::fault::{Fault, Outcome};
use super::out::{Format, Object};
use crate::exchange::ledger::Ledger;
use crate::exchange::{ExchangeError, keys};
use crate::text::cli::Say;

/// Makes the store and says whose it is.
pub(crate) fn run(env: &Env, args: &args::Init) -> Result<Outcome, Fault> {
    let dir = env.store_dir()?;
    let shown = dir.display().to_string();
    let ledger = Ledger::init(&dir, &args.name, &args.unit, env.registers()?, env::disk());
    let ledger = ledger.map_err(|error| match error {
        ExchangeError::Exists(_) => Fault::usage(env.lang, &Say::StoreExists(&shown)),
        error => env.exchange(&error),
    })?;
    let fingerprint = keys::fingerprint(&ledger.key.public());
    let mut row = Object::new();
    row.insert("store".to_owned(), json!(shown));
    row.insert("name".to_owned(), json!(ledger.me.name));
    row.insert("unit".to_owned(), json!(ledger.me.unit));
    row.insert("fingerprint".to_owned(), json!(fingerprint));
    env.print(Format::Text, &row, || {
        format!("{shown}\n{}@{} {fingerprint}", args.name, args.unit)
    })?;
    Ok(Outcome::Done)
}
