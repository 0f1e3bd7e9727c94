//! The map of the house.

pub mod codec;
pub mod demo;
pub mod forms;
pub mod record;
