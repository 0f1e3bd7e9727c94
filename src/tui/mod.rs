//! The terminal: the loop, keys, the frame around screens, and the screens. The only room that names ratatui.
//!
//! A key goes: terminal event, [`key::Key`], [`keymap::Keymap::resolve`], [`action::Action`] or text,
//! [`screen::Screen::update`] of the top screen, [`effect::Effect`]s, their outcome as input, one draw. Screens are pure:
//! they read through [`reader::Reader`], return effects, and never write. A popup is a pushed screen.

pub mod action;
pub mod app;
pub mod burst;
pub mod cells;
pub mod effect;
#[cfg(test)]
pub mod fake;
pub mod key;
pub mod keymap;
pub mod ledger;
pub mod open;
pub mod page;
pub mod pen;
pub mod picture;
pub mod reader;
pub mod run;
pub mod screen;
pub mod screens;
pub mod show;
pub mod stack;
pub mod terminal;
#[cfg(test)]
pub mod testing;
pub mod theme;
pub mod widgets;
