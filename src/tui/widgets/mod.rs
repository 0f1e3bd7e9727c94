//! Pieces that several screens draw. They take actions or text, never key events.

pub mod editor;
pub mod line;

pub use line::Line;
