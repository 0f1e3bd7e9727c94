//! The files as they stand: registers, extensions and choice lists, before anything that names something else is
//! resolved.

use toml::de::DeTable;

use super::fields::{self, Lists, Raw};
use super::grids::{self, RawGrid};
use super::lists;
use super::reader::{At, Mistake, Reader, Source, Table};
use crate::forms::lang::Label;
use crate::record::Tag;

/// The first number and tag of files that are not the project's.
const LOCAL: i64 = 10_000;

/// A register as it stands in its file.
pub(super) struct RawRegister {
    pub(super) file: usize,
    pub(super) line: usize,
    pub(super) number: u32,
    pub(super) name: String,
    pub(super) label: Label,
    pub(super) counter: Option<At<String>>,
    pub(super) home: Option<u8>,
    pub(super) title: Option<At<Label>>,
    pub(super) line_of: Option<At<Label>>,
    pub(super) sort: Option<At<String>>,
    pub(super) key: Option<At<Vec<String>>>,
    pub(super) together: Option<At<Vec<Vec<String>>>>,
    pub(super) lifecycle: Option<At<String>>,
    /// Field names, days, line.
    pub(super) second_visit: Option<(Vec<String>, i64, usize)>,
    pub(super) steps: Vec<RawStep>,
    pub(super) roll: Option<RawGrid>,
    pub(super) calendar: Option<RawGrid>,
    pub(super) reserved: Vec<Tag>,
    pub(super) fields: Vec<Raw>,
}

/// A step as it stands in its file.
pub(super) struct RawStep {
    pub(super) line: usize,
    pub(super) from: Vec<String>,
    pub(super) to: String,
    pub(super) label: Label,
    pub(super) who: Option<Label>,
    pub(super) needs: Vec<String>,
    pub(super) relevant: Option<At<String>>,
}

/// What all files say.
pub(super) struct Files {
    pub(super) registers: Vec<RawRegister>,
    pub(super) lists: Lists,
}

/// A file parsed as TOML, kept while its parts are read.
struct Parsed<'i> {
    file: usize,
    root: DeTable<'i>,
}

pub(super) fn read(sources: &[Source], ours: usize, mistakes: &mut Vec<Mistake>) -> Files {
    let mut parsed = Vec::new();
    for (file, source) in sources.iter().enumerate() {
        let (root, errors) = DeTable::parse_recoverable(&source.text);
        let mut reader = Reader { source, mistakes };
        for error in &errors {
            let line = error.span().map_or(0, |span| span.start);
            let why = error.message();
            reader.wrong(
                line,
                format!("不是合格的 TOML：{why}。"),
                format!("This is not TOML: {why}."),
            );
        }
        // What a broken file seems to say would only add mistakes that are none.
        if errors.is_empty() {
            parsed.push(Parsed {
                file,
                root: root.into_inner(),
            });
        }
    }
    let mut files = Files {
        registers: Vec::new(),
        lists: Lists::new(),
    };
    let mut tables: Vec<(usize, Table)> = parsed
        .iter()
        .map(|parsed| (parsed.file, Table::new(&parsed.root, 0)))
        .collect();
    for (file, table) in &mut tables {
        let mut reader = Reader {
            source: &sources[*file],
            mistakes,
        };
        for mut item in table.tables("list", &mut reader) {
            if let Some(list) = lists::list(&mut item, &mut reader) {
                if files.lists.contains_key(&list.name) {
                    let name = &list.name;
                    reader.wrong(
                        item.line,
                        format!("选项表 {name} 已经有了。"),
                        format!("List {name} is there already."),
                    );
                }
                files.lists.insert(list.name.clone(), list.into());
            }
            item.finish(&mut reader);
        }
    }
    let mut every: Option<usize> = None;
    for (at, (file, table)) in tables.iter_mut().enumerate() {
        let mut reader = Reader {
            source: &sources[*file],
            mistakes,
        };
        if table.yes("every", &mut reader) {
            every = Some(at);
        } else if table.has("number") || table.has("name") {
            let register = register(table, *file, *file < ours, &mut files, &mut reader);
            files.registers.extend(register);
        }
    }
    for (file, table) in &mut tables {
        let mut reader = Reader {
            source: &sources[*file],
            mistakes,
        };
        if let Some(name) = table.text("extend", &mut reader) {
            extend(table, *file, &name, &mut files, &mut reader);
        }
    }
    if let Some(at) = every {
        let (file, table) = &mut tables[at];
        envelope(table, *file, &sources[*file], &mut files, mistakes);
    }
    for (file, table) in tables {
        table.finish(&mut Reader {
            source: &sources[file],
            mistakes,
        });
    }
    files
}

fn register(
    table: &mut Table,
    file: usize,
    ours: bool,
    files: &mut Files,
    reader: &mut Reader,
) -> Option<RawRegister> {
    let number = table.number("number", reader);
    let name = table.text("name", reader);
    let label = table.label("label", reader);
    let (Some(number), Some(name)) = (number, name) else {
        reader.wrong(
            table.line,
            "台账要有 number 和 name。",
            "A register wants number and name.",
        );
        return None;
    };
    let range = if ours {
        1..LOCAL
    } else {
        LOCAL..i64::from(u16::MAX)
    };
    if !range.contains(&number.it) {
        let (low, high) = (range.start, range.end - 1);
        reader.wrong(
            number.line,
            format!("number 在 {low} 到 {high} 之间。"),
            format!("number is between {low} and {high}."),
        );
    }
    for other in &files.registers {
        if i64::from(other.number) == number.it {
            let (n, name) = (number.it, &other.name);
            reader.wrong(
                number.line,
                format!("编号 {n} 已是 {name} 的。"),
                format!("Number {n} is {name}'s."),
            );
        }
        if other.name == name.it {
            let name = &name.it;
            reader.wrong(
                number.line,
                format!("台账 {name} 已经有了。"),
                format!("Register {name} is there already."),
            );
        }
    }
    if label.is_none() {
        reader.wrong(table.line, "台账缺 label。", "The register has no label.");
    }
    let reserved = table
        .numbers("reserved", reader)
        .map(|at| at.it)
        .unwrap_or_default();
    let mut register = RawRegister {
        file,
        line: table.line,
        number: u32::try_from(number.it).unwrap_or_default(),
        label: label.map(|at| at.it).unwrap_or_default(),
        counter: table.text("counter", reader),
        home: table
            .number("home", reader)
            .and_then(|at| u8::try_from(at.it).ok()),
        title: table.either("title", reader),
        line_of: table.either("line", reader),
        sort: table.text("sort", reader),
        key: table.texts("key", reader),
        together: table.groups("together", reader),
        lifecycle: table.text("lifecycle", reader),
        second_visit: second_visit(table, reader),
        steps: steps(table, reader),
        roll: grids::roll(table, reader),
        calendar: grids::calendar(table, reader),
        reserved: reserved
            .into_iter()
            .filter_map(|tag| Tag::try_from(tag).ok())
            .collect(),
        fields: Vec::new(),
        name: name.it,
    };
    if register.title.is_none() {
        reader.wrong(table.line, "台账缺 title。", "The register has no title.");
    }
    if register.steps.is_empty() != register.lifecycle.is_none() {
        reader.wrong(
            table.line,
            "lifecycle 和 [[step]] 要一起有。",
            "lifecycle and [[step]] belong together.",
        );
    }
    add_fields(table, file, &mut register, &mut files.lists, reader);
    Some(register)
}

fn second_visit(table: &mut Table, reader: &mut Reader) -> Option<(Vec<String>, i64, usize)> {
    let mut second = table.table("second_visit", reader)?;
    let line = second.line;
    let same = second
        .texts("same", reader)
        .map(|at| at.it)
        .unwrap_or_default();
    let days = second.number("within_days", reader).map_or(0, |at| at.it);
    if same.is_empty() || days < 1 {
        reader.wrong(
            line,
            "second_visit 要有 same 和 within_days。",
            "second_visit wants same and within_days.",
        );
    }
    second.finish(reader);
    Some((same, days, line))
}

fn steps(table: &mut Table, reader: &mut Reader) -> Vec<RawStep> {
    let mut steps = Vec::new();
    for mut step in table.tables("step", reader) {
        let from = step
            .texts("from", reader)
            .map(|at| at.it)
            .unwrap_or_default();
        let to = step.text("to", reader).map(|at| at.it).unwrap_or_default();
        let label = step
            .label("label", reader)
            .map(|at| at.it)
            .unwrap_or_default();
        if from.is_empty() || to.is_empty() || label.zh.is_empty() {
            reader.wrong(
                step.line,
                "step 要有 from、to 和 label。",
                "A step wants from, to and label.",
            );
        }
        steps.push(RawStep {
            line: step.line,
            from,
            to,
            label,
            who: step.label("who", reader).map(|at| at.it),
            needs: step
                .texts("needs", reader)
                .map(|at| at.it)
                .unwrap_or_default(),
            relevant: step.text("relevant", reader),
        });
        step.finish(reader);
    }
    steps
}

fn add_fields(
    table: &mut Table,
    file: usize,
    register: &mut RawRegister,
    lists: &mut Lists,
    reader: &mut Reader,
) {
    for mut item in table.tables("field", reader) {
        if let Some(raw) = fields::field(&mut item, &register.name, file, lists, reader) {
            add(raw, register, reader);
        }
        item.finish(reader);
    }
}

/// Adds a field unless its tag or name is taken.
fn add(raw: Raw, register: &mut RawRegister, reader: &mut Reader) {
    let (tag, line) = (raw.field.tag, raw.line);
    let mut twin = register
        .fields
        .iter()
        .filter(|other| other.field.tag == tag && tag != 0);
    if let Some(twin) = twin.next() {
        let name = &twin.field.name;
        reader.wrong(
            line,
            format!("tag {tag} 已是 {name} 的。"),
            format!("Tag {tag} is {name}'s."),
        );
    }
    if register.reserved.contains(&tag) {
        reader.wrong(
            line,
            format!("tag {tag} 是保留的。"),
            format!("Tag {tag} is reserved."),
        );
    }
    if register
        .fields
        .iter()
        .any(|other| other.field.name == raw.field.name)
    {
        let name = &raw.field.name;
        reader.wrong(
            line,
            format!("字段 {name} 已经有了。"),
            format!("Field {name} is there already."),
        );
    }
    register.fields.push(raw);
}

fn extend(
    table: &mut Table,
    file: usize,
    name: &At<String>,
    files: &mut Files,
    reader: &mut Reader,
) {
    let Some(register) = files
        .registers
        .iter_mut()
        .find(|register| register.name == name.it)
    else {
        let name_ = &name.it;
        reader.wrong(
            name.line,
            format!("没有台账 {name_}。"),
            format!("There is no register {name_}."),
        );
        return;
    };
    for mut item in table.tables("field", reader) {
        if let Some(raw) = fields::field(&mut item, &register.name, file, &mut files.lists, reader)
        {
            if raw.field.stored() && i64::from(raw.field.tag) < LOCAL {
                reader.wrong(
                    raw.line,
                    "加到别的台账的字段，tag 从 10000 起。",
                    "A field added to a register has a tag from 10000.",
                );
            }
            add(raw, register, reader);
        }
        item.finish(reader);
    }
}

/// The fields of every register, behind its own.
fn envelope(
    table: &mut Table,
    file: usize,
    source: &Source,
    files: &mut Files,
    mistakes: &mut Vec<Mistake>,
) {
    for at in 0..files.registers.len() {
        // Each register gets its own copy; a mistake in them is told once.
        let mut again = Vec::new();
        let mut reader = Reader {
            source,
            mistakes: if at == 0 { &mut *mistakes } else { &mut again },
        };
        for mut item in table.tables("field", &mut reader) {
            let raw = fields::field(&mut item, "every", file, &mut files.lists, &mut reader);
            // A register may declare one of them itself, with another default or place.
            let own = |raw: &Raw| {
                let mut fields = files.registers[at].fields.iter();
                fields.any(|own| own.field.tag == raw.field.tag && own.field.name == raw.field.name)
            };
            if let Some(mut raw) = raw.filter(|raw| !own(raw)) {
                raw.field.envelope = true;
                add(raw, &mut files.registers[at], &mut reader);
            }
            item.finish(&mut reader);
        }
    }
}
