//! `jinguo forms check`: every mistake of the register files at once.

use std::path::Path;

use serde_json::json;

use super::env::{self, Env};
use super::fault::{Fault, Outcome};
use super::out::{Format, Object};
use crate::forms::{Lang, Mistake, Registers};

/// Checks one file beside those that are installed, or only those. Prints a row for each mistake and warning.
///
/// # Errors
/// Bad input if there is a mistake that is more than a warning.
pub(crate) fn run(env: &Env, file: Option<&Path>) -> Result<Outcome, Fault> {
    let mut files = env::register_files();
    if let Some(file) = file {
        let same = |other: &Path| other.canonicalize().ok() == file.canonicalize().ok();
        files.retain(|other| !same(other));
        files.push(file.to_owned());
    }
    let (sources, divisions) = env.sources(&files)?;
    let loaded = Registers::load(&sources, divisions.as_deref());
    let mistakes = match &loaded {
        Ok(registers) => registers.warnings(),
        Err(mistakes) => mistakes,
    };
    let mut out = env.out(Format::Text);
    let mut print = || {
        out.columns(["file", "line", "warning", "message"])?;
        for mistake in mistakes {
            let mut row = Object::new();
            row.insert("file".to_owned(), json!(mistake.file));
            row.insert("line".to_owned(), json!(mistake.line));
            row.insert("warning".to_owned(), json!(mistake.warning));
            row.insert("message".to_owned(), json!(mistake.message.get(env.lang)));
            out.row(&row, || line(mistake, env.lang))?;
        }
        out.flush()
    };
    print().map_err(|error| Fault::of_output(env.lang, &error))?;
    match loaded {
        Ok(_) => Ok(Outcome::Done),
        Err(_) => Err(Fault {
            code: 3,
            chain: Vec::new(),
        }),
    }
}

/// `file:line: message`.
pub(crate) fn line(mistake: &Mistake, lang: Lang) -> String {
    format!(
        "{}:{}: {}",
        mistake.file,
        mistake.line,
        mistake.message.get(lang)
    )
}
