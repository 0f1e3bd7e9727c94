//! What every command needs: the language, the output, the registers, the store.

use std::io::{StdoutLock, stdout};

use super::out::{Format, Out};
use crate::forms::Lang;

/// What every command needs.
pub(crate) struct Env {
    /// The language that is spoken.
    pub lang: Lang,
    /// Whether it was asked for; else the store's settings may choose another.
    asked: bool,
    format: Option<Format>,
}

impl Env {
    /// From what stands on the command line.
    pub(crate) fn new(lang: Option<Lang>, format: Option<Format>) -> Self {
        Self {
            lang: lang.unwrap_or_default(),
            asked: lang.is_some(),
            format,
        }
    }

    /// Standard output in the format asked for, else in the command's usual one.
    pub(crate) fn out(&self, usual: Format) -> Out<StdoutLock<'static>> {
        Out::new(self.format.unwrap_or(usual), stdout().lock())
    }
}
