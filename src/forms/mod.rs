//! Registers as data: what is kept, how it is typed, shown, checked and computed is written in TOML files, and this room
//! loads them, checks them and makes a form of them.
//!
//! It knows the fields of no register by name. It is pure: the clock, the author and the store are arguments
//! ([`Context`]). It must not know how anything is stored or drawn.

pub mod choices;
pub mod content;
pub mod context;
pub mod day;
pub mod divisions;
pub mod entry;
mod expression;
pub mod filter;
pub mod grid;
pub mod json;
pub mod kinds;
pub mod lang;
pub mod load;
pub mod mask;
pub mod register;

pub use choices::{Choice, Choices};
pub use content::{Content, Contents};
pub use context::{Context, Lookup, Me, Nothing};
pub use divisions::{Division, Divisions, Level};
pub use entry::{Entry, Origin, Problem};
pub use filter::Filter;
pub use grid::{Calendar, Idle, Roll};
pub use kinds::Kind;
pub use lang::{Label, Lang};
pub use load::{Mistake, Registers, Source};
pub use mask::Mask;
pub use register::{Ask, Field, FieldOrder, Register, SecondVisit, Step, UNIT};

use crate::record::Record;

/// What a record holds, as it is shown: the shown value of each field, the chosen elements of each multiple.
pub fn contents(record: &Record) -> Contents {
    let mut contents = Contents::new();
    for ((tag, element), state) in &record.fields {
        let value = &state.shown().value;
        if element.is_empty() {
            if !value.is_cleared() {
                contents.insert(*tag, Content::One(value.clone()));
            }
        } else if value.as_bool() == Some(true) {
            match contents
                .entry(*tag)
                .or_insert_with(|| Content::Many(Default::default()))
            {
                Content::Many(chosen) => {
                    chosen.insert(element.clone());
                }
                // A field that once held one value: the elements are what its register asks now.
                other => *other = Content::many([element.clone()]),
            }
        }
    }
    contents
}
