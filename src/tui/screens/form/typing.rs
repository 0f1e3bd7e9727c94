//! What is being typed into the field under the hand, before it is taken as a value.

use crate::forms::{Choices, Context, Entry, Field, Kind, Register};
use crate::tui::widgets::editor::Editor;

use super::find::Found;
use super::sheet::{Place, Sheet};
use super::show;

/// How a field is typed into.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Way {
    /// Free text: every key is in the record at once.
    #[default]
    Text,
    /// Something that is read when it is taken: a date, a number.
    Read,
    /// Digits beside choices.
    Choose,
    /// Words that find a record or a place.
    Find,
    /// It takes nothing: it is fixed, or counted.
    Fixed,
}

/// A choice as it is drawn.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choosable {
    /// The digits before it; empty where it cannot be chosen now.
    pub digits: String,
    /// What is stored.
    pub code: String,
    /// What is shown.
    pub words: String,
    /// Why it cannot be chosen now.
    pub why_not: Option<String>,
}

/// The typing.
#[derive(Clone, Debug, Default)]
pub struct Typing {
    /// How the field is typed into.
    pub way: Way,
    /// It has phrases.
    pub phrases: bool,
    /// The text under the hand: free text, half a date, words that find.
    pub editor: Editor,
    /// Something was typed since the hand came here: the text stands for the field, not its value.
    pub touched: bool,
    /// Digits of a choice typed so far.
    pub digits: String,
    /// Which candidate or choice is marked.
    pub marked: usize,
    /// The mark was moved by hand.
    pub moved: bool,
    /// What was found, nearest first.
    pub found: Vec<Found>,
    /// There is more than what was found.
    pub beyond: bool,
}

/// How the field of a place is typed into.
pub fn way(sheet: &Sheet, place: Place, context: &Context) -> Way {
    let field = sheet.field(place, context);
    if field.key && !sheet.entry(place.row).is_new() {
        return Way::Fixed;
    }
    of_kind(&field.kind)
}

fn of_kind(kind: &Kind) -> Way {
    match kind {
        Kind::Text { .. } => Way::Text,
        Kind::SelectOne(_) | Kind::SelectMultiple(_) | Kind::YesNo => Way::Choose,
        Kind::Ref { .. } | Kind::RefMultiple { .. } | Kind::Division => Way::Find,
        Kind::Calculate | Kind::Note | Kind::Rows { .. } => Way::Fixed,
        _ => Way::Read,
    }
}

/// The lines that a text field may have.
pub fn lines(field: &Field) -> u16 {
    match field.kind {
        Kind::Text { lines, .. } => lines.max(1),
        _ => 1,
    }
}

/// The choices of a place, in the order they are drawn. Of a lifecycle, for a record that is there: its steps.
pub fn choices(sheet: &Sheet, place: Place, context: &Context) -> Vec<Choosable> {
    let field = sheet.field(place, context);
    match &field.kind {
        Kind::SelectOne(list) => {
            let entry = sheet.entry(place.row);
            let moves =
                sheet.register(place, context).lifecycle == Some(place.tag) && !entry.is_new();
            if moves {
                steps(entry, list, context)
            } else {
                of_list(list, context)
            }
        }
        Kind::SelectMultiple(list) => of_list(list, context),
        Kind::YesNo => [(true, "1"), (false, "0")]
            .into_iter()
            .map(|(yes, digit)| Choosable {
                digits: digit.into(),
                code: digit.into(),
                words: show::yes_no(field, yes, context),
                why_not: None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn of_list(list: &Choices, context: &Context) -> Vec<Choosable> {
    list.digits()
        .into_iter()
        .map(|(digits, choice)| Choosable {
            digits,
            code: choice.code.clone(),
            words: choice.label.get(context.lang).to_owned(),
            why_not: None,
        })
        .collect()
}

/// The steps that lead on from where the record stands: those allowed now by digit, behind them the others with the
/// reason.
fn steps(entry: &Entry, list: &Choices, context: &Context) -> Vec<Choosable> {
    let mut steps = entry.steps(context);
    steps.sort_by_key(|step| step.refused.is_some());
    steps
        .into_iter()
        .enumerate()
        .map(|(n, step)| {
            let allowed = step.refused.is_none();
            let becomes = list.words(&step.step.to, context.lang);
            Choosable {
                digits: if allowed {
                    ((n + 1) % 10).to_string()
                } else {
                    String::new()
                },
                code: step.step.to.clone(),
                words: format!("{}  {becomes}", step.step.label.get(context.lang)),
                why_not: step.refused.map(|why| why.get(context.lang).to_owned()),
            }
        })
        .collect()
}

/// The short names of the fields that a new record of a register asks for.
pub fn asked(register: &Register, context: &Context) -> Vec<String> {
    let fresh = Entry::new(register, context);
    register
        .fields
        .iter()
        .filter(|field| of_kind(&field.kind) != Way::Fixed)
        .filter(|field| fresh.required(field.tag, context) && fresh.get(field.tag).is_empty())
        .map(|field| field.short.get(context.lang).to_owned())
        .collect()
}
