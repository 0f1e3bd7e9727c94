//! Registers that are more than a list: `[roll]` makes one a grid of people by meetings, `[calendar]` gives it a year of
//! days. Which registers and fields play which part is data; this file only names the parts.

use super::content::Contents;
use super::context::Context;
use super::expression::Expression;
use super::register::Register;
use crate::record::Tag;

/// `[roll]`: a record as a grid, its people down, its meetings across, a mark in each cell.
#[derive(Debug)]
pub struct Roll {
    /// The register of the lines: one person each.
    pub people: u32,
    /// Their reference to the record that is the grid.
    pub people_by: Tag,
    /// Their reference to whom they are about; empty for someone who is in no register.
    pub person: Tag,
    /// Their number, by which they are printed.
    pub number: Tag,
    /// Their name; a line without `person` has only this.
    pub name: Tag,
    /// Fields of a line that stand before the marks.
    pub before: Vec<Tag>,
    /// Fields of a line that stand behind the marks, as far as there is room.
    pub behind: Vec<Tag>,
    /// The register of the columns.
    pub meetings: u32,
    /// Their reference to the record that is the grid.
    pub meetings_by: Tag,
    /// The two heads of a column: a day, and what tells the meetings of a day apart.
    pub heads: (Tag, Tag),
    /// What else is said of the marked column.
    pub about: Vec<Tag>,
    /// How many hours a meeting counts.
    pub weight: Tag,
    /// The register of the cells: one mark of one person at one meeting.
    pub marks: u32,
    /// Their reference to the meeting.
    pub marks_meeting: Tag,
    /// Their reference to the line.
    pub marks_person: Tag,
    /// The mark: one choice of a list.
    pub mark: Tag,
    /// What everybody is unless marked: a quiet dot.
    pub usual: String,
    /// Marks of those who were there.
    pub attended: Vec<String>,
    /// Marks that deserve a colour.
    pub absent: Vec<String>,
    /// The lines of the names of a meeting, in the order in which they are filled.
    pub names: Vec<String>,
    /// The field of a line that says how it stands.
    pub state: Tag,
    /// States of lines that are not expected any more.
    pub gone: Vec<String>,
    /// The state of a line in whose place another one stands.
    pub replaced: String,
    /// The line that stands in its place.
    pub replaced_by: Tag,
    /// Why it was replaced.
    pub reason: Tag,
    /// The result of a line.
    pub result: Tag,
    /// The result of a line that was there often enough.
    pub passed: String,
    /// The number of its certificate.
    pub certificate: Tag,
    /// Fields of the record itself that stand under the title of a printed sheet.
    pub titled: Vec<Tag>,
    /// Fields of a line on the sheet that is signed; never one that is masked.
    pub signed: Vec<Tag>,
    /// Fields of a line on the printed roll.
    pub printed: Vec<Tag>,
    pub(super) frozen: Expression,
}

impl Roll {
    /// Whether people are only replaced by now, with the reason.
    pub fn frozen(&self, register: &Register, contents: &Contents, context: &Context) -> bool {
        self.frozen.is_true(register, contents, context)
    }
}

/// `[calendar]`: a record's year, months by days, planned and held.
#[derive(Debug)]
pub struct Calendar {
    /// The register of the days' records.
    pub of: u32,
    /// Their reference to the record whose year it is.
    pub by: Tag,
    /// Their day.
    pub day: Tag,
    /// What is added up at the edge.
    pub sum: Tag,
    /// What says in a line what it was.
    pub text: Vec<Tag>,
    /// A field of the record itself with a name in each line.
    pub people: Tag,
    /// Fields of the record itself that make its card.
    pub card: Vec<Tag>,
    /// Fields of the record itself that stand beside its state.
    pub rated: Vec<Tag>,
    /// The register of which it has one record a year.
    pub yearly: u32,
    /// Their reference to the record whose year it is.
    pub yearly_by: Tag,
    /// Their year.
    pub yearly_year: Tag,
    /// Where the days without anything are counted from if nothing ever was.
    pub since: Tag,
    /// States that are proposed after so many days without anything, the sooner first.
    pub idle: Vec<Idle>,
    pub(super) held: Expression,
    pub(super) planned: Expression,
}

/// After so many days without anything, a state is proposed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Idle {
    /// From these states.
    pub from: Vec<String>,
    /// To this one.
    pub to: String,
    /// After so many days.
    pub days: i64,
    /// The setting that says other days.
    pub setting: String,
}

impl Calendar {
    /// Whether a record of [`Calendar::of`], which `register` is, happened.
    pub fn held(&self, register: &Register, contents: &Contents, context: &Context) -> bool {
        self.held.is_true(register, contents, context)
    }

    /// Whether it is still to happen.
    pub fn planned(&self, register: &Register, contents: &Contents, context: &Context) -> bool {
        self.planned.is_true(register, contents, context)
    }
}
