//! The map of the house.

pub mod codec;
pub mod forms;
pub mod record;
