//! The two sheets that an office prints of a grid: the one that is signed at the door (签到表), and the roll (花名册).
//!
//! Which fields stand on them is said in the register's `[roll]`. A sheet that lies on a table for everybody to sign shows
//! nothing that is masked elsewhere, whatever the register says; the roll shows it masked.

use super::roll::Grid;
use super::table::{Cell, Column, Table};
use crate::forms::{Content, Contents, Context, Field, Kind, Register, Roll};
use crate::record::Tag;

/// How many cells a name needs that is signed by hand.
const SIGNED: u16 = 11;
/// How high a row is in which a name is signed, and one that is only read, in points.
const HEIGHTS: [f64; 2] = [28.0, 20.0];

/// The words of the sheets that no register has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Words {
    /// What the sheet to sign is called.
    pub sign_in: &'static str,
    /// What the roll is called.
    pub roll: &'static str,
    /// The name of the record, before its title.
    pub record: &'static str,
    /// How many people.
    pub people: &'static str,
    /// How many meetings.
    pub meetings: &'static str,
    /// Hours attended.
    pub hours: &'static str,
    /// The rate of attendance.
    pub rate: &'static str,
    /// Where a name is signed if no meeting stands there yet.
    pub signature: &'static str,
    /// The page at the foot: `{}` is its number, the second `{}` how many there are.
    pub page: &'static str,
}

/// A grid with the record that it is of.
pub struct Sheet<'a> {
    /// Its register.
    pub register: &'a Register,
    /// What the record holds.
    pub contents: &'a Contents,
    /// How its register makes it a grid.
    pub roll: &'a Roll,
    /// The grid.
    pub grid: &'a Grid,
    /// The words of its register come from here.
    pub context: &'a Context<'a>,
    /// All other words.
    pub words: Words,
}

impl Sheet<'_> {
    /// The sheet that is signed: a line for each who is expected, a column for each meeting.
    pub fn sign_in(&self) -> Table {
        let mut fields = self.of_people(&self.roll.signed);
        fields.retain(|field| field.mask.is_none() && field.sensitive < 2);
        let mut columns = self.heads(&fields);
        let known = columns.len();
        columns.extend(self.grid.meetings().iter().map(|meeting| Column {
            head: self.head(&meeting.contents),
            width: SIGNED,
        }));
        if columns.len() == known {
            columns.push(Column {
                head: self.words.signature.to_owned(),
                width: 2 * SIGNED,
            });
        }
        let signed = columns.len() - known;
        let rows = self.lines(&fields, |_| vec![Cell::Text(String::new()); signed]);
        self.table(self.words.sign_in, HEIGHTS[0], columns, rows)
    }

    /// The roll: a line for each who is expected, with her hours, her rate, her result and her certificate. A result that
    /// nobody wrote down is the one earned by so many of a thousand meetings (`pass`), once all were held.
    pub fn roll(&self, pass: u32) -> Table {
        let fields = self.of_people(&self.roll.printed);
        let results = self.of_people(&[self.roll.result, self.roll.certificate]);
        let mut columns = self.heads(&fields);
        columns.push(Column::new(self.words.hours));
        columns.push(Column::new(self.words.rate));
        columns.extend(results.iter().map(|field| self.column(field)));
        let over = (0..self.grid.meetings().len()).all(|at| self.grid.held(at));
        let rows = self.lines(&fields, |person| {
            let contents = &self.grid.people()[person].contents;
            let mut cells = vec![
                Cell::Tenths(self.grid.hours(person)),
                Cell::Rate(self.grid.rate(person)),
            ];
            cells.extend(results.iter().map(|field| {
                let earned = (over && field.tag == self.roll.result)
                    .then(|| self.grid.earned(person, pass))
                    .flatten();
                match (earned, self.show(field, contents)) {
                    (Some(code), shown) if shown.is_empty() => Cell::Text(self.word(field, code)),
                    (_, shown) => Cell::Text(shown),
                }
            }));
            cells
        });
        self.table(self.words.roll, HEIGHTS[1], columns, rows)
    }

    fn table(&self, name: &str, height: f64, columns: Vec<Column>, rows: Vec<Vec<Cell>>) -> Table {
        let title = self.register.title(self.contents, self.context);
        let mut about = vec![(self.words.record.to_owned(), title.clone())];
        let fields = self
            .roll
            .titled
            .iter()
            .filter_map(|tag| self.register.by_tag(*tag));
        for field in fields {
            let label = field.label.get(self.context.lang);
            about.push((label.to_owned(), self.show(field, self.contents)));
        }
        let meetings = self.grid.meetings().len();
        about.push((self.words.people.to_owned(), rows.len().to_string()));
        about.push((self.words.meetings.to_owned(), meetings.to_string()));
        Table {
            title: format!("{title} {name}"),
            about,
            columns,
            rows,
            height,
        }
    }

    /// The number and the fields of each line, then what `more` says; those who are gone are left out.
    fn lines(&self, fields: &[&Field], more: impl Fn(usize) -> Vec<Cell>) -> Vec<Vec<Cell>> {
        let people = self.grid.people().iter().enumerate();
        let expected = people.filter(|(at, _)| self.grid.expected(*at));
        expected
            .zip(1..)
            .map(|((at, person), place)| {
                let number = person.contents.get(&self.roll.number);
                let number = number
                    .and_then(Content::value)
                    .and_then(|value| value.as_int());
                let mut cells = vec![Cell::Number(number.unwrap_or(place))];
                let shown = fields
                    .iter()
                    .map(|field| self.show(field, &person.contents));
                cells.extend(shown.map(Cell::Text));
                cells.extend(more(at));
                cells
            })
            .collect()
    }

    fn heads(&self, fields: &[&Field]) -> Vec<Column> {
        let numbered = self.of_people(&[self.roll.number]);
        let all = numbered.iter().chain(fields);
        all.map(|field| self.column(field)).collect()
    }

    fn column(&self, field: &Field) -> Column {
        Column::new(field.label.get(self.context.lang))
    }

    /// The two heads of a meeting, one below the other.
    fn head(&self, contents: &Contents) -> String {
        let (first, second) = self.roll.heads;
        let register = self.context.registers.by_number(self.roll.meetings);
        let shown = [first, second].map(|tag| {
            let field = register.and_then(|register| register.by_tag(tag));
            field.map_or_else(String::new, |field| self.show(field, contents))
        });
        shown.join("\n").trim().to_owned()
    }

    fn of_people(&self, tags: &[Tag]) -> Vec<&Field> {
        let register = self.context.registers.by_number(self.roll.people);
        let field = |tag: &Tag| register.and_then(|register| register.by_tag(*tag));
        tags.iter().filter_map(field).collect()
    }

    /// As everyone may see it; a village with its town, since some names occur twice.
    fn show(&self, field: &Field, contents: &Contents) -> String {
        let content = contents.get(&field.tag).unwrap_or(&Content::Empty);
        match (
            &field.kind,
            content.value().and_then(|value| value.as_text()),
        ) {
            (Kind::Division, Some(code)) => self.context.registers.divisions().full(code),
            _ => field.show(content, self.context),
        }
    }

    fn word(&self, field: &Field, code: &str) -> String {
        match &field.kind {
            Kind::SelectOne(list) => list.words(code, self.context.lang).to_owned(),
            _ => code.to_owned(),
        }
    }
}
