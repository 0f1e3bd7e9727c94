//! `jinguo list`: the records of a register, one a line.

use std::cmp::Ordering;
use std::io::Write;

use serde_json::json;

use super::args;
use super::env::Env;
use super::fault::{Fault, Outcome};
use super::out::{Format, Object, Out};
use super::progress::Progress;
use super::row;
use crate::exchange::ledger::Ledger;
use crate::forms::{self, Content, Contents, Context, Field, Filter, Lang, Register};
use crate::record::{Known, Record, RecordId};
use crate::text::clean;
use crate::text::cli::{Say, words};

/// Prints the records that the arguments ask for: by id, or by one field.
pub(crate) fn run(env: &mut Env, args: &args::List) -> Result<Outcome, Fault> {
    let ledger = env.open()?;
    let registers = ledger.store.registers().clone();
    let register = env.register(&registers, &args.register)?;
    let filter = match &args.filter {
        None => None,
        Some(text) => Some(
            Filter::compile(&registers, register, text)
                .map_err(|why| Fault::usage(env.lang, &Say::BadFilter(&why)))?,
        ),
    };
    let sort = match &args.sort {
        None => None,
        Some(text) => Some(sort_field(env, register, text)?),
    };
    let context = Context {
        registers: &registers,
        now_millis: ledger.now_millis(),
        me: &ledger.me,
        lookup: &ledger.store,
        lang: env.lang,
    };
    let wanted = |record: &Record, contents: &Contents| {
        (args.deleted || record.is_alive())
            && filter
                .as_ref()
                .is_none_or(|filter| filter.holds(contents, &context))
    };
    let limit = args.limit.unwrap_or(usize::MAX);
    let total = ledger
        .store
        .count(register.number)
        .map_err(|error| env.store(&error))?;
    let mut progress = Progress::new(words(env.lang, &Say::Listing));
    let mut printer = Printer {
        out: env.out(Format::Json),
        ledger: &ledger,
        register,
        labels: args.labels,
        context,
    };
    let output = |error: std::io::Error| Fault::of_output(env.lang, &error);
    printer.begin().map_err(output)?;
    let mut keyed: Vec<(Vec<u8>, RecordId)> = Vec::new();
    let mut printed = 0;
    for (done, record) in ledger.store.records(register.number).enumerate() {
        if printed >= limit {
            break;
        }
        let record = record.map_err(|error| env.store(&error))?;
        progress.at(done as u64, total);
        let contents = forms::contents(&record);
        if !wanted(&record, &contents) {
            continue;
        }
        match sort {
            Some((field, _)) => keyed.push((sort_key(contents.get(&field.tag)), record.id)),
            None => {
                printer.print(&record).map_err(output)?;
                printed += 1;
            }
        }
    }
    if let Some((_, descending)) = sort {
        // Among equals the id decides, always upwards, so that two stores print the same.
        keyed.sort_by(|a, b| {
            let by_key = a.0.cmp(&b.0);
            let by_key = if descending { by_key.reverse() } else { by_key };
            match by_key {
                Ordering::Equal => a.1.cmp(&b.1),
                other => other,
            }
        });
        for (_, id) in keyed.iter().take(limit) {
            let record = ledger
                .store
                .record(register.number, *id)
                .map_err(|error| env.store(&error))?;
            if let Some(record) = record {
                printer.print(&record).map_err(output)?;
            }
        }
    }
    printer.out.flush().map_err(output)?;
    Ok(Outcome::Done)
}

/// The field that `--sort` names, and whether the greatest comes first.
fn sort_field<'a>(
    env: &Env,
    register: &'a Register,
    text: &str,
) -> Result<(&'a Field, bool), Fault> {
    let name = text.strip_prefix('-').unwrap_or(text);
    match register.field(name).filter(|field| field.stored()) {
        Some(field) => Ok((field, name != text)),
        None => {
            let known: Vec<&str> = register
                .fields
                .iter()
                .filter(|field| field.stored())
                .map(|field| field.name.as_str())
                .collect();
            Err(Fault::usage(
                env.lang,
                &Say::NoField {
                    name,
                    known: &known.join(" "),
                },
            ))
        }
    }
}

/// Bytes that sort as the values do; nothing sorts first.
fn sort_key(content: Option<&Content>) -> Vec<u8> {
    match content {
        None | Some(Content::Empty) => Vec::new(),
        Some(Content::One(value)) => match value.known() {
            Some(Known::Int(n)) => [&[1][..], &(n as u64 ^ 1 << 63).to_be_bytes()].concat(),
            _ => [&[1][..], &value.bytes].concat(),
        },
        Some(Content::Many(chosen)) => [1]
            .into_iter()
            .chain(chosen.iter().flatten().copied())
            .collect(),
    }
}

struct Printer<'a, W: Write> {
    out: Out<W>,
    ledger: &'a Ledger,
    register: &'a Register,
    labels: bool,
    context: Context<'a>,
}

impl<W: Write> Printer<'_, W> {
    fn begin(&mut self) -> std::io::Result<()> {
        let fields: Vec<&str> = self
            .register
            .fields
            .iter()
            .filter(|field| field.stored())
            .map(|field| field.name.as_str())
            .collect();
        let labels: Vec<String> = if self.labels {
            fields.iter().map(|name| format!("{name}.label")).collect()
        } else {
            Vec::new()
        };
        let all = ["id"]
            .into_iter()
            .chain(fields)
            .chain(labels.iter().map(String::as_str))
            .chain(["_seen", "_conflicts", "_deleted"]);
        self.out.columns(all)
    }

    fn print(&mut self, record: &Record) -> std::io::Result<()> {
        let seen = match self.out.format() {
            Format::Text => Vec::new(),
            _ => self
                .ledger
                .store
                .seen(record.register, record.id)
                .map_err(std::io::Error::other)?,
        };
        let labels = self.labels.then_some(&self.context);
        let mut object = row::object(self.register, record, &seen, labels);
        if self.out.format() == Format::Csv {
            spread_labels(&mut object);
        }
        let (register, context) = (self.register, self.context);
        self.out.row(&object, || line(register, record, &context))
    }
}

/// In a table each field's words stand in a column of their own.
fn spread_labels(object: &mut Object) {
    if let Some(serde_json::Value::Object(labels)) = object.remove("_labels") {
        for (name, words) in labels {
            object.insert(format!("{name}.label"), json!(words));
        }
    }
}

/// One line for people: the id and the columns of the list, masked as on screen.
fn line(register: &Register, record: &Record, context: &Context<'_>) -> String {
    let contents = forms::contents(record);
    let mut line = record.id.to_string();
    for (field, width) in register.columns() {
        let content = contents.get(&field.tag).unwrap_or(&Content::Empty);
        line.push_str("  ");
        line.push_str(&padded(
            &shown(field, content, context),
            usize::from(width) * 2,
        ));
    }
    if !record.conflicts().is_empty() {
        line.push_str(match context.lang {
            Lang::Zh => "  !冲突",
            Lang::En => "  !conflict",
        });
    }
    line.trim_end().to_owned()
}

/// A field as people read it, masked.
pub(crate) fn shown(field: &Field, content: &Content, context: &Context<'_>) -> String {
    let shown = field.kind.show(content, context);
    let shown = match field.mask {
        Some(mask) => mask.apply(&shown),
        None => shown,
    };
    clean(&shown).into_owned()
}

/// At least so many cells wide.
pub(crate) fn padded(text: &str, width: usize) -> String {
    let used = unicode_width::UnicodeWidthStr::width(text);
    format!("{text}{}", " ".repeat(width.saturating_sub(used)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Value;

    #[test]
    fn keys_sort_as_values_do() {
        let key = |value: Value| sort_key(Some(&Content::One(value)));
        assert!(sort_key(None) < key(Value::int(-5)));
        assert!(key(Value::int(-5)) < key(Value::int(3)));
        assert!(key(Value::text("2026-01-01")) < key(Value::text("2026-01-02")));
    }

    #[test]
    fn columns_count_cells() {
        assert_eq!(padded("走访", 6), "走访  ");
        assert_eq!(padded("long enough", 3), "long enough");
    }
}
