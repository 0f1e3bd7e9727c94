//! The screens. Adding one touches its own file and the line that pushes it.

pub mod ask;
pub mod exchange;
pub mod form;
pub mod help;
pub mod home;
pub mod list;
pub mod more;
pub mod settle;
pub mod start;
#[cfg(test)]
mod tests;

use super::action::Context;
use super::effect::Effect;
use super::screen::Cx;

/// Opens the help of a place.
fn help(context: Context, cx: &Cx) -> Effect {
    Effect::Push(Box::new(help::Help::of(context, cx)))
}
