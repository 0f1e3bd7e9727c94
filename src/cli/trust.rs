//! `jinguo trust`: whose logs and batches are accepted.

use std::path::Path;

use serde_json::json;

use super::args;
use super::ask;
use super::env::Env;
use super::fault::{Fault, Outcome, tell};
use super::out::{Format, Object};
use super::progress::Progress;
use crate::exchange::keys::fingerprint;
use crate::exchange::trust::{Added, Person};
use crate::forms::Lang;
use crate::text::cli::{Say, words};

/// Runs one of the three.
pub(crate) fn run(env: &mut Env, args: &args::Trust) -> Result<Outcome, Fault> {
    match args {
        args::Trust::Add { file, yes } => add(env, file, *yes),
        args::Trust::List => list(env),
        args::Trust::Remove { name, yes } => remove(env, name, *yes),
    }
}

/// Each person of the file is asked for.
fn add(env: &mut Env, file: &Path, yes: bool) -> Result<Outcome, Fault> {
    let mut ledger = env.open()?;
    let mut progress = Progress::new(words(env.lang, &Say::Checking));
    let found = ledger.introductions(file, &mut |done, total| progress.at(done, total));
    drop(progress);
    let found = found.map_err(|error| env.exchange(&error))?;
    let mut accepted = Vec::new();
    for introduction in found {
        let person = introduction.person;
        let note = match introduction.added {
            Added::Known(known) => {
                tell(&format!(
                    "{} {}",
                    line(&known),
                    words(env.lang, &Say::KnownKey)
                ));
                continue;
            }
            Added::SecondKey => words(env.lang, &Say::SecondKey),
            Added::New => String::new(),
        };
        tell(format!("{} {note}", line(&person)).trim_end());
        if ask::yes(env.lang, yes, &words(env.lang, &Say::AskTrust))? {
            accepted.push(person);
        }
    }
    if accepted.is_empty() {
        tell(&words(env.lang, &Say::NothingDone));
        return Ok(Outcome::Done);
    }
    let mut progress = Progress::new(words(env.lang, &Say::Merging));
    let joined = ledger.trust(accepted.clone(), &mut |done, total| {
        progress.at(done, total)
    });
    drop(progress);
    joined.map_err(|error| env.exchange(&error))?;
    print(env, &accepted, |lang, person| {
        words(lang, &Say::Trusted(&line(person)))
    })?;
    Ok(Outcome::Done)
}

fn list(env: &mut Env) -> Result<Outcome, Fault> {
    let ledger = env.open()?;
    let people: Vec<Person> = ledger.trust.people().cloned().collect();
    print(env, &people, |_, person| line(person))?;
    Ok(Outcome::Done)
}

fn remove(env: &mut Env, name: &str, yes: bool) -> Result<Outcome, Fault> {
    let mut ledger = env.open()?;
    for person in ledger.trust.find(name) {
        tell(&line(person));
    }
    if !ask::yes(env.lang, yes, &words(env.lang, &Say::AskRemove(name)))? {
        tell(&words(env.lang, &Say::NothingDone));
        return Ok(Outcome::Done);
    }
    let gone = ledger
        .distrust(name)
        .map_err(|error| env.exchange(&error))?;
    print(env, &gone, |lang, person| {
        words(lang, &Say::Distrusted(&line(person)))
    })?;
    Ok(Outcome::Done)
}

/// `NAME@UNIT` and the fingerprint.
fn line(person: &Person) -> String {
    format!("{} {}", person.principal(), fingerprint(&person.key))
}

fn print(
    env: &Env,
    people: &[Person],
    text: impl Fn(Lang, &Person) -> String,
) -> Result<(), Fault> {
    let mut out = env.out(Format::Text);
    let mut print = || {
        out.columns(["name", "unit", "fingerprint", "comment"])?;
        for person in people {
            let mut row = Object::new();
            row.insert("name".to_owned(), json!(person.name));
            row.insert("unit".to_owned(), json!(person.unit));
            row.insert("fingerprint".to_owned(), json!(fingerprint(&person.key)));
            row.insert("comment".to_owned(), json!(person.comment));
            out.row(&row, || text(env.lang, person))?;
        }
        out.flush()
    };
    print().map_err(|error| Fault::of_output(env.lang, &error))
}
