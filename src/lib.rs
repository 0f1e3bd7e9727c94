//! The map of the house.

pub mod cli;
pub mod codec;
pub mod demo;
pub mod forms;
pub mod record;
pub mod text;
