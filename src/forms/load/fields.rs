//! One field of a register file: everything but its expressions, which are compiled when all registers are known.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::lists;
use super::reader::{At, Reader, Table};
use crate::forms::choices::Choices;
use crate::forms::kinds::Kind;
use crate::forms::lang::Label;
use crate::forms::mask::Mask;
use crate::forms::register::{Ask, Field, FieldOrder, Start};
use crate::record::Tag;

/// A field as it stands in its file: names are not resolved yet.
pub(super) struct Raw {
    pub(super) field: Field,
    pub(super) line: usize,
    /// Which file, by its place among the sources.
    pub(super) file: usize,
    pub(super) of: Of,
    pub(super) also: Option<At<String>>,
    pub(super) within: Option<At<String>>,
    pub(super) relevant: Option<At<String>>,
    pub(super) required: Option<At<String>>,
    pub(super) default: Option<At<String>>,
    /// A template: the default is what people read, in Chinese.
    pub(super) default_shown: Option<At<String>>,
    pub(super) calculation: Option<At<String>>,
    /// Expression, message, whether it only warns.
    pub(super) constraints: Vec<(At<String>, Label, bool)>,
}

/// What a type names: a register, or a register and its reference.
pub(super) enum Of {
    Nothing,
    Register(At<String>),
    Rows(At<String>, At<String>),
}

/// The choice lists known, by name.
pub(super) type Lists = BTreeMap<String, Arc<Choices>>;

/// Reads one `[[field]]`. `None` if it has no name or no type: there is nothing to hold on to then.
pub(super) fn field(
    table: &mut Table,
    register: &str,
    file: usize,
    lists: &mut Lists,
    reader: &mut Reader,
) -> Option<Raw> {
    let line = table.line;
    let name = table.text("name", reader);
    let kind_name = table.text("type", reader);
    let tag = table.number("tag", reader);
    let label = table.label("label", reader);
    let given = table.label("short", reader).map(|at| at.it);
    let (Some(name), Some(kind_name)) = (&name, &kind_name) else {
        reader.wrong(
            line,
            "字段要有 name 和 type。",
            "A field wants name and type.",
        );
        return None;
    };
    let well_named = name
        .it
        .bytes()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_')
        && name.it.starts_with(|c: char| c.is_ascii_lowercase());
    if !well_named {
        reader.wrong(
            name.line,
            "name 只用小写字母、数字和下划线。",
            "A name has small letters, digits and underscores.",
        );
    }
    if label.is_none() {
        reader.wrong(
            line,
            format!("{} 缺 label。", name.it),
            format!("{} has no label.", name.it),
        );
    }
    let (label, label_line) = label.map_or_else(|| (Label::default(), line), |at| (at.it, at.line));
    let short = lists::short(given, &label, label_line, reader);
    let (kind, of) = kind(table, kind_name, register, &name.it, &label, lists, reader)?;
    let ask = word(table, "ask", reader, Ask::default(), |word| {
        Some(match word {
            "always" => Ask::Always,
            "required" => Ask::Required,
            "if_empty" => Ask::IfEmpty,
            "on_demand" => Ask::OnDemand,
            _ => return None,
        })
    });
    let order = word(table, "order", reader, FieldOrder::default(), |word| {
        Some(match word {
            "latest" => FieldOrder::Latest,
            "highest" => FieldOrder::Highest,
            "strictest" => FieldOrder::Strictest,
            "forward" => FieldOrder::Forward,
            _ => return None,
        })
    });
    let mask = word(table, "mask", reader, None, |word| {
        Some(Some(match word {
            "phone" => Mask::Phone,
            "id" => Mask::Id,
            "address" => Mask::Address,
            _ => return None,
        }))
    });
    let field = Field {
        tag: stored_tag(tag, &kind, &name.it, line, reader),
        name: name.it.clone(),
        hint: table
            .label("hint", reader)
            .map(|at| at.it)
            .unwrap_or_default(),
        open: ask != Ask::OnDemand,
        ask,
        carry: table.yes("carry", reader),
        fresh: table.yes("fresh", reader),
        changes: table.yes("changes", reader),
        together: Vec::new(),
        order,
        column: bounded(table, "column", 1..=80, reader).map(|n| n as u16),
        search: table.yes("search", reader),
        sensitive: bounded(table, "sensitive", 0..=4, reader).unwrap_or(0) as u8,
        mask,
        default_label: table.label("default_label", reader).map(|at| at.it),
        also: None,
        within: None,
        phrases: phrases(table, lists, reader),
        key: false,
        envelope: false,
        relevant: None,
        required: None,
        constraints: Vec::new(),
        start: Start::Empty,
        moves: Vec::new(),
        label,
        short,
        kind,
    };
    Some(Raw {
        field,
        line,
        file,
        of,
        also: table.text("also", reader),
        within: table.text("within", reader),
        relevant: expression(table, "relevant", reader),
        required: expression(table, "required", reader),
        default: expression(table, "default", reader),
        default_shown: table.text("default_shown", reader),
        calculation: table.text("calculation", reader),
        constraints: [
            ("constraint", "constraint_message", false),
            ("warning", "warning_message", true),
        ]
        .into_iter()
        .filter_map(|(key, message, warning)| constraint(table, key, message, warning, reader))
        .collect(),
    })
}

fn stored_tag(
    tag: Option<At<i64>>,
    kind: &Kind,
    name: &str,
    line: usize,
    reader: &mut Reader,
) -> Tag {
    let stored = kind.wire() != 0;
    match tag {
        Some(tag) if (1..60_000).contains(&tag.it) => tag.it as Tag,
        Some(tag) => {
            reader.wrong(
                tag.line,
                "tag 在 1 到 59999 之间。",
                "A tag is between 1 and 59999.",
            );
            0
        }
        None if stored => {
            reader.wrong(
                line,
                format!("{name} 缺 tag。"),
                format!("{name} has no tag."),
            );
            0
        }
        None => 0,
    }
}

fn word<T>(
    table: &mut Table,
    key: &'static str,
    reader: &mut Reader,
    absent: T,
    read: impl Fn(&str) -> Option<T>,
) -> T {
    let Some(at) = table.text(key, reader) else {
        return absent;
    };
    read(&at.it).unwrap_or_else(|| {
        reader.wrong(
            at.line,
            format!("{key} 不认识“{}”。", at.it),
            format!("{key} does not know {}.", at.it),
        );
        absent
    })
}

fn bounded(
    table: &mut Table,
    key: &'static str,
    range: std::ops::RangeInclusive<i64>,
    reader: &mut Reader,
) -> Option<i64> {
    let at = table.number(key, reader)?;
    if range.contains(&at.it) {
        return Some(at.it);
    }
    let (low, high) = (range.start(), range.end());
    reader.wrong(
        at.line,
        format!("{key} 在 {low} 到 {high} 之间。"),
        format!("{key} is between {low} and {high}."),
    );
    None
}

/// An expression; `true`, `false` and whole numbers may be written bare.
fn expression(table: &mut Table, key: &'static str, reader: &mut Reader) -> Option<At<String>> {
    if table.is_bare(key) {
        return table.bare(key, reader);
    }
    table.text(key, reader)
}

fn constraint(
    table: &mut Table,
    key: &'static str,
    message_key: &'static str,
    warning: bool,
    reader: &mut Reader,
) -> Option<(At<String>, Label, bool)> {
    let holds = table.text(key, reader);
    let message = table.label(message_key, reader);
    let holds = holds?;
    if message.is_none() {
        reader.wrong(
            holds.line,
            format!("{key} 缺 {message_key}。"),
            format!("{key} has no {message_key}."),
        );
    }
    Some((holds, message.map(|at| at.it).unwrap_or_default(), warning))
}

fn phrases(table: &mut Table, lists: &Lists, reader: &mut Reader) -> Option<String> {
    let at = table.text("phrases", reader)?;
    if !lists.contains_key(&at.it) {
        missing_list(&at, reader);
    }
    Some(at.it)
}

fn missing_list(at: &At<String>, reader: &mut Reader) {
    reader.wrong(
        at.line,
        format!("没有选项表 {}。", at.it),
        format!("There is no choice list {}.", at.it),
    );
}

/// The list of a select: by name, or its own, which is then called `register.field`.
fn select(
    table: &mut Table,
    register: &str,
    name: &str,
    label: &Label,
    lists: &mut Lists,
    reader: &mut Reader,
) -> Option<Arc<Choices>> {
    if table.has("choices") {
        let own = Choices {
            name: format!("{register}.{name}"),
            label: label.clone(),
            element: table.text("element", reader).map(|at| at.it),
            all: lists::choices(table, reader),
        };
        let own = Arc::new(own);
        lists.insert(own.name.clone(), own.clone());
        return Some(own);
    }
    let Some(at) = table.text("list", reader) else {
        reader.wrong(
            table.line,
            format!("{name} 缺选项表 list。"),
            format!("{name} names no choice list."),
        );
        return None;
    };
    let list = lists.get(&at.it).cloned();
    if list.is_none() {
        missing_list(&at, reader);
    }
    list
}

fn kind(
    table: &mut Table,
    kind: &At<String>,
    register: &str,
    name: &str,
    label: &Label,
    lists: &mut Lists,
    reader: &mut Reader,
) -> Option<(Kind, Of)> {
    let mut to = |key: &'static str, reader: &mut Reader| {
        let at = table.text(key, reader);
        if at.is_none() {
            reader.wrong(
                table.line,
                format!("{name} 缺 {key}。"),
                format!("{name} has no {key}."),
            );
        }
        at
    };
    let kind = match kind.it.as_str() {
        "ref" => return Some((Kind::Ref { to: 0 }, Of::Register(to("to", reader)?))),
        "ref_multiple" => {
            return Some((Kind::RefMultiple { to: 0 }, Of::Register(to("to", reader)?)));
        }
        "rows" => {
            let (of, by) = (to("of", reader)?, to("by", reader)?);
            return Some((Kind::Rows { of: 0, by: 0 }, Of::Rows(of, by)));
        }
        "text" => Kind::Text {
            lines: bounded(table, "lines", 1..=20, reader).unwrap_or(1) as u16,
            min: bounded(table, "min", 0..=100, reader).unwrap_or(0) as u32,
            max: bounded(table, "max", 1..=10_000, reader).map(|n| n as u32),
        },
        "integer" => Kind::Integer {
            min: table.number("min", reader).map(|at| at.it),
            max: table.number("max", reader).map(|at| at.it),
        },
        "decimal" => Kind::Decimal {
            scale: bounded(table, "scale", 0..=9, reader).unwrap_or(2) as u8,
        },
        "money" => Kind::Money {
            max: bounded(table, "max", 0..=1_000_000_000, reader).map(|yuan| yuan * 100),
        },
        "date" => Kind::Date {
            ahead: table.yes("ahead", reader),
        },
        "year_month" => Kind::YearMonth,
        "time" => Kind::Time,
        "datetime" => Kind::Datetime,
        "select_one" => Kind::SelectOne(select(table, register, name, label, lists, reader)?),
        "select_multiple" => {
            Kind::SelectMultiple(select(table, register, name, label, lists, reader)?)
        }
        "yes_no" => Kind::YesNo,
        "phone" => Kind::Phone {
            mobile: table.yes("mobile", reader),
        },
        "resident_id" => Kind::ResidentId,
        "credit_code" => Kind::CreditCode,
        "division" => Kind::Division,
        "calculate" => Kind::Calculate,
        "note" => Kind::Note,
        other => {
            reader.wrong(
                kind.line,
                format!("没有类型 {other}。"),
                format!("There is no type {other}."),
            );
            return None;
        }
    };
    Some((kind, Of::Nothing))
}
