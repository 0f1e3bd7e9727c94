//! `jinguo check` and `jinguo rebuild`.

use serde_json::json;

use super::env::Env;
use super::fault::{Fault, Outcome};
use super::out::{Format, Object};
use super::progress::Progress;
use crate::store::StoreError;
use crate::text::cli::{Say, words};

/// Verifies every log and the view; a row for each damage.
pub(crate) fn check(env: &mut Env) -> Result<Outcome, Fault> {
    let ledger = env.open()?;
    let journal = ledger.store.journal();
    let mut progress = Progress::new(words(env.lang, &Say::Checking));
    let damage = journal.check(&mut |done, total| progress.at(done, total));
    drop(progress);
    let damage = damage.map_err(|error| env.store(&StoreError::from(error)))?;
    let view = ledger.store.check();
    let mut out = env.out(Format::Text);
    let mut print = || {
        out.columns(["log", "seq", "segment", "offset", "what"])?;
        for one in &damage {
            let mut row = Object::new();
            row.insert("log".to_owned(), json!(one.log.to_string()));
            row.insert("seq".to_owned(), json!(one.seq));
            row.insert("segment".to_owned(), json!(one.segment));
            row.insert("offset".to_owned(), json!(one.offset));
            row.insert("what".to_owned(), json!(one.what));
            let log = one.log.to_string();
            out.row(&row, || {
                words(
                    env.lang,
                    &Say::Damaged {
                        log: &log,
                        seq: one.seq,
                        what: &one.what,
                    },
                )
            })?;
        }
        if let Err(error) = &view {
            let why = error.to_string();
            let mut row = Object::new();
            row.insert("what".to_owned(), json!(why));
            out.row(&row, || words(env.lang, &Say::ViewDamaged(&why)))?;
        }
        if let (Ok(checked), true) = (&view, damage.is_empty()) {
            let (logs, changes) = (journal.logs().len() as u64, checked.changes);
            if out.format() != Format::Csv {
                let mut row = Object::new();
                row.insert("logs".to_owned(), json!(logs));
                row.insert("changes".to_owned(), json!(changes));
                out.row(&row, || words(env.lang, &Say::Sound { logs, changes }))?;
            }
        }
        out.flush()
    };
    print().map_err(|error| Fault::of_output(env.lang, &error))?;
    Ok(if damage.is_empty() && view.is_ok() {
        Outcome::Done
    } else {
        Outcome::NeedsPerson
    })
}

/// Rebuilds the view from the logs.
pub(crate) fn rebuild(env: &mut Env) -> Result<Outcome, Fault> {
    let mut ledger = env.open()?;
    ledger.store.rebuild().map_err(|error| env.store(&error))?;
    let mut row = Object::new();
    row.insert("rebuilt".to_owned(), json!(true));
    env.print(Format::Text, &row, || words(env.lang, &Say::Rebuilt))?;
    Ok(Outcome::Done)
}
