//! The screens. Adding one touches its own file and the line that pushes it.

pub mod ask;
pub mod calendar;
pub mod exchange;
pub mod form;
pub mod help;
pub mod home;
pub mod list;
pub mod more;
pub mod roll;
pub mod settle;
pub mod start;
#[cfg(test)]
mod tests;

use super::action::Context;
use super::effect::{Effect, Opening};
use super::screen::Cx;
use crate::record::RecordId;

/// Opens the help of a place.
fn help(context: Context, cx: &Cx) -> Effect {
    Effect::Push(Box::new(help::Help::of(context, cx)))
}

/// Opens a record: on the screen that its register has for it, else in a form.
fn opened(register: u32, id: RecordId, cx: &Cx) -> Effect {
    let definition = cx.reader.registers().by_number(register);
    match definition {
        Some(definition) if definition.calendar.is_some() => {
            Effect::Push(Box::new(calendar::Calendar::new(register, id)))
        }
        Some(definition) if definition.roll.is_some() => {
            Effect::Push(Box::new(roll::Roll::new(register, id)))
        }
        _ => Effect::Open(Opening::Edit(register, id)),
    }
}
