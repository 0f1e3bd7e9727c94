//! `jinguo export` and `jinguo inspect`: batches as they are made and looked at.

use serde_json::{Value as Json, json};

use super::args;
use super::env::Env;
use super::fault::{Fault, Outcome};
use super::out::{Format, Object};
use super::progress::Progress;
use crate::exchange::conflict::Who;
use crate::exchange::export::Handing;
use crate::exchange::keys::fingerprint;
use crate::exchange::trust::Person;
use crate::forms::Lang;
use crate::text::cli::{Say, words};

/// Writes a batch and says where it is.
pub(crate) fn export(env: &mut Env, args: &args::Export) -> Result<Outcome, Fault> {
    let mut ledger = env.open()?;
    // A bare file name means this folder.
    let target = args
        .output
        .as_ref()
        .map(|path| std::path::absolute(path).unwrap_or_else(|_| path.clone()));
    let handing = Handing {
        receiver: args.receiver.clone(),
        all: args.all,
        target,
    };
    let mut progress = Progress::new(words(env.lang, &Say::Exporting));
    let exported = ledger.export(&handing, &mut |done, total| progress.at(done, total));
    drop(progress);
    let exported = exported.map_err(|error| env.exchange(&error))?;
    let path = exported.path.display().to_string();
    let receiver = exported.receiver.as_ref().map(Person::principal);
    let mut row = Object::new();
    row.insert("path".to_owned(), json!(path));
    row.insert("number".to_owned(), json!(exported.number));
    row.insert("for".to_owned(), json!(receiver));
    row.insert("changes".to_owned(), json!(exported.changes));
    row.insert("logs".to_owned(), json!(exported.logs));
    row.insert("bytes".to_owned(), json!(exported.bytes));
    env.print(Format::Text, &row, || {
        let receiver = receiver
            .clone()
            .unwrap_or_else(|| words(env.lang, &Say::Anybody));
        let changes = exported.changes;
        words(
            env.lang,
            &Say::Exported {
                path: &path,
                changes,
                receiver: &receiver,
            },
        )
    })?;
    Ok(Outcome::Done)
}

/// Says what a batch is, whoever made it.
pub(crate) fn inspect(env: &mut Env, args: &args::Inspect) -> Result<Outcome, Fault> {
    let ledger = env.open()?;
    let mut progress = Progress::new(words(env.lang, &Say::Checking));
    let inspection = ledger.inspect(&args.file, &mut |done, total| progress.at(done, total));
    drop(progress);
    let inspection = inspection.map_err(|error| env.exchange(&error))?;
    let manifest = &inspection.manifest;
    let logs: Vec<Json> = inspection
        .logs
        .iter()
        .map(|log| {
            let mut row = person(&log.who);
            row.insert("log".to_owned(), json!(log.log.to_string()));
            row.insert("changes".to_owned(), json!(log.changes));
            row.insert("new".to_owned(), json!(log.new));
            row.into()
        })
        .collect();
    let mut row = Object::new();
    row.insert("sender".to_owned(), person(&inspection.sender).into());
    row.insert("number".to_owned(), json!(manifest.number));
    row.insert("made".to_owned(), json!(manifest.made));
    row.insert("for".to_owned(), json!(manifest.receiver));
    row.insert("changes".to_owned(), json!(inspection.changes));
    row.insert("logs".to_owned(), logs.into());
    env.print(Format::Text, &row, || {
        let sender = name(&inspection.sender, env.lang);
        let say = Say::Inspected {
            sender: &sender,
            number: manifest.number,
            made: &manifest.made,
            changes: inspection.changes,
        };
        let mut lines = vec![words(env.lang, &say), fingerprint(&inspection.sender.key)];
        for log in &inspection.logs {
            let (who, changes, new) = (name(&log.who, env.lang), log.changes, log.new);
            lines.push(words(
                env.lang,
                &Say::LogIn {
                    who: &who,
                    changes,
                    new,
                },
            ));
        }
        lines.join("\n")
    })?;
    Ok(Outcome::Done)
}

/// Someone as an object.
pub(crate) fn person(who: &Who) -> Object {
    let mut row = Object::new();
    row.insert("name".to_owned(), json!(who.name));
    row.insert("unit".to_owned(), json!(who.unit));
    row.insert("trusted".to_owned(), json!(who.known));
    row.insert("fingerprint".to_owned(), json!(fingerprint(&who.key)));
    row
}

/// `name(unit)`, and whether nobody accepted her yet.
pub(crate) fn name(who: &Who, lang: Lang) -> String {
    let name = format!("{}({})", who.name, who.unit);
    match who.known {
        true => name,
        false => format!("{name} {}", words(lang, &Say::Unknown)),
    }
}
