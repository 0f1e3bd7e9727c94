//! Choice lists as they stand in the files.

use unicode_width::UnicodeWidthStr;

use super::reader::{Reader, Table};
use crate::forms::choices::{Choice, Choices};
use crate::forms::lang::Label;

/// Columns of a short label.
pub(super) const SHORT: usize = 8;

/// Reads one `[[list]]`.
pub(super) fn list(table: &mut Table, reader: &mut Reader) -> Option<Choices> {
    let name = table.text("name", reader);
    let label = table.label("label", reader);
    let element = table.text("element", reader).map(|at| at.it);
    let all = choices(table, reader);
    let Some(name) = name else {
        reader.wrong(table.line, "选项表缺 name。", "A list has no name.");
        return None;
    };
    if label.is_none() {
        reader.wrong(
            table.line,
            format!("选项表 {} 缺 label。", name.it),
            format!("List {} has no label.", name.it),
        );
    }
    Some(Choices {
        name: name.it,
        label: label.map(|at| at.it).unwrap_or_default(),
        element,
        all,
    })
}

/// The key `choices` of a list, or of a field whose list is its own.
pub(super) fn choices(table: &mut Table, reader: &mut Reader) -> Vec<Choice> {
    let mut all: Vec<Choice> = Vec::new();
    for (place, mut item) in table.tables("choices", reader).into_iter().enumerate() {
        let line = item.line;
        let code = item
            .text("code", reader)
            .map(|at| at.it)
            .unwrap_or_default();
        let label = item.words(reader);
        let short = item.label("short", reader).map(|at| at.it);
        let choice = Choice {
            short: short.unwrap_or_else(|| label.clone()),
            retired: item.yes("retired", reader),
            alone: item.yes("alone", reader),
            rank: item.number("rank", reader).map_or(place as i64, |at| at.it),
            filter: item.text("filter", reader).map(|at| at.it),
            held: held(&mut item, reader),
            code,
            label,
        };
        if choice.code.is_empty()
            || choice.code.len() > 24
            || !choice.code.bytes().all(|c| c.is_ascii_graphic())
        {
            reader.wrong(
                line,
                "选项的 code 应是 1 到 24 个英文字母或数字。",
                "A choice wants a code of 1 to 24 letters or digits.",
            );
        }
        if all.iter().any(|other| other.code == choice.code) {
            let code = &choice.code;
            reader.wrong(
                line,
                format!("代码 {code} 用了两次。"),
                format!("Code {code} stands twice."),
            );
        }
        item.finish(reader);
        all.push(choice);
    }
    all
}

/// `held = true` with `why`, a sentence in both languages.
fn held(item: &mut Table, reader: &mut Reader) -> Option<Label> {
    let why = item.label("why", reader);
    if !item.yes("held", reader) {
        return None;
    }
    if why.is_none() {
        reader.wrong(
            item.line,
            "held 要写明原因 why。",
            "held wants the sentence why.",
        );
    }
    Some(why.map(|at| at.it).unwrap_or_default())
}

/// The short label: what is given, else the label itself; each language at most eight columns.
pub(super) fn short(
    given: Option<Label>,
    label: &Label,
    line: usize,
    reader: &mut Reader,
) -> Label {
    let short = given.unwrap_or_else(|| label.clone());
    for words in [&short.zh, &short.en] {
        if words.width() > SHORT {
            reader.wrong(
                line,
                format!("“{words}”超过 {SHORT} 列，请给 short。"),
                format!("\"{words}\" is wider than {SHORT} columns; give a short label."),
            );
        }
    }
    short
}
