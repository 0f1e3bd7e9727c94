//! Registers as data.

pub mod content;
pub mod lang;

pub use content::{Content, Contents};
pub use lang::{Label, Lang};
