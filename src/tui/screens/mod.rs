//! The screens. Adding one touches its own file and the line that pushes it.

pub mod form;
