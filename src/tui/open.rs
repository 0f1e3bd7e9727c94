//! Opens the screens on a store: takes the terminal, asks it what it can show, runs the loop, gives the terminal back.

use std::io;
use std::path::Path;
use std::sync::Arc;

use thiserror::Error;

use super::app::App;
use super::keymap::Keymap;
use super::ledger::Books;
use super::run::{Line, run};
use super::screen::Screen;
use super::screens::{home::Home, start::Start};
use super::terminal::Terminal;
use super::theme::Theme;
use crate::exchange::ledger::Ledger;
use crate::files::Files;
use crate::forms::{Lang, Registers};
use crate::text::{self, Word};

/// Why the screens did not open.
#[derive(Debug, Error)]
pub enum TuiError {
    /// Standard input or output is no terminal, or it failed.
    #[error("the terminal: {0}")]
    Terminal(#[from] io::Error),
    /// 张 took another number of columns than 2: the terminal does not read UTF-8, and would lose what is typed.
    #[error("the terminal does not read UTF-8")]
    NotUtf8,
}

impl TuiError {
    /// The sentence for a person. An encoding that is wrong is told in both languages, since one of them cannot be read.
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Self::Terminal(error) => format!("{}: {error}", Word::NotATerminal.get(lang)),
            Self::NotUtf8 => {
                let (zh, en) = (Word::NotUtf8.get(Lang::Zh), Word::NotUtf8.get(Lang::En));
                format!("{en}\n{zh}")
            }
        }
    }
}

/// How the screens are opened.
pub struct Opened {
    /// The registers.
    pub registers: Arc<Registers>,
    /// The disk.
    pub files: Arc<dyn Files>,
    /// The language.
    pub lang: Lang,
    /// The keymap.
    pub keymap: Keymap,
}

/// Opens the screens on the ledger of the store at `dir`; without one the first start asks for name and unit and makes it
/// there. Returns when she leaves, or when the terminal is gone.
///
/// # Errors
/// [`TuiError`]: nothing was changed.
pub fn open(dir: &Path, ledger: Option<Ledger>, opened: Opened) -> Result<(), TuiError> {
    let terminal = Terminal::take()?;
    let probe = terminal.probe();
    if probe.han.is_some_and(|han| han != 2) {
        return Err(TuiError::NotUtf8);
    }
    let set = |name: &str| std::env::var(name).unwrap_or_default();
    let mut theme = Theme::of(&set("TERM"), !set("NO_COLOR").is_empty());
    if probe.ambiguous.is_some_and(|ambiguous| ambiguous != 1) {
        theme.ascii = true;
    }
    let line = Line::new();
    let Opened {
        registers,
        files,
        lang,
        keymap,
    } = opened;
    let mut books = Books::new(dir, registers, files, line.sender(), lang);
    let mut notices = Vec::new();
    let first: Box<dyn Screen> = match ledger {
        Some(ledger) => {
            let told = ledger.notices.iter();
            notices.extend(told.map(|notice| text::exchange::notice(lang, notice)));
            books.open(ledger);
            Box::new(Home::new())
        }
        None => Box::new(Start::new("")),
    };
    let mut app = App::new(keymap, lang, theme, terminal.size());
    if !notices.is_empty() {
        app.say(notices.join("  "));
    }
    let narrow = probe.ambiguous == Some(1);
    run(&terminal, narrow, &line, &mut app, &mut books, first)?;
    Ok(())
}
