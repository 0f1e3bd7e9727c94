//! What every command needs: the language, the output, the registers, the store.

use std::io::{StdoutLock, stdout};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::fault::{Fault, tell};
use super::forms_check;
use super::out::{Format, Object, Out};
use super::place;
use crate::exchange::ExchangeError;
use crate::exchange::ledger::Ledger;
use crate::files::{Disk, Files};
use crate::forms::{Lang, Register, Registers, Source};
use crate::store::StoreError;
use crate::text::cli::Say;
use crate::text::{exchange as exchange_words, store as store_words};

/// The division table's name among register files.
const DIVISIONS: &str = "divisions.csv";

/// What every command needs.
pub(crate) struct Env {
    /// The language that is spoken.
    pub lang: Lang,
    /// Whether it was asked for; else the store's settings may choose another.
    pub asked: bool,
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

    /// The registers: the embedded ones, with those of the machine and of the user.
    pub(crate) fn registers(&self) -> Result<Arc<Registers>, Fault> {
        let (sources, divisions) = self.sources(&register_files())?;
        match Registers::load(&sources, divisions.as_deref()) {
            Ok(registers) => Ok(Arc::new(registers)),
            Err(mistakes) => Err(Fault {
                code: 3,
                chain: mistakes
                    .iter()
                    .filter(|mistake| !mistake.warning)
                    .map(|mistake| forms_check::line(mistake, self.lang))
                    .collect(),
            }),
        }
    }

    /// Reads register files; the last division table among them replaces the embedded one.
    pub(crate) fn sources(
        &self,
        files: &[PathBuf],
    ) -> Result<(Vec<Source>, Option<String>), Fault> {
        let mut sources = Vec::new();
        let mut divisions = None;
        for path in files {
            let text = std::fs::read_to_string(path).map_err(|error| self.file(path, &error))?;
            if path.file_name().is_some_and(|name| name == DIVISIONS) {
                divisions = Some(text);
            } else {
                sources.push(Source {
                    name: path.display().to_string(),
                    text,
                });
            }
        }
        Ok((sources, divisions))
    }

    /// Where the store is.
    ///
    /// # Errors
    /// A store that cannot be used, if no home is known.
    pub(crate) fn store_dir(&self) -> Result<PathBuf, Fault> {
        place::store().ok_or_else(|| Fault::store(self.lang, &Say::NoHome))
    }

    /// Opens the store; its notices go to standard error.
    ///
    /// # Errors
    /// A store that cannot be used or is in use, or register files with mistakes.
    pub(crate) fn open(&mut self) -> Result<Ledger, Fault> {
        let dir = self.store_dir()?;
        let registers = self.registers()?;
        let opened = self.open_at(&dir, registers)?;
        let none = || Fault::store(self.lang, &Say::NoStore(&dir.display().to_string()));
        opened.ok_or_else(none)
    }

    /// Opens the store at `dir`; `None` if there is none.
    ///
    /// # Errors
    /// A store that cannot be used or is in use.
    pub(crate) fn open_at(
        &mut self,
        dir: &Path,
        registers: Arc<Registers>,
    ) -> Result<Option<Ledger>, Fault> {
        let ledger = match Ledger::open(dir, registers, disk()) {
            Ok(ledger) => ledger,
            Err(ExchangeError::NoKey(_)) => return Ok(None),
            Err(error) => return Err(self.exchange(&error)),
        };
        if !self.asked {
            match ledger.settings.lang.as_deref() {
                Some("en") => self.lang = Lang::En,
                Some("zh") => self.lang = Lang::Zh,
                _ => {}
            }
        }
        for notice in &ledger.notices {
            tell(&exchange_words::notice(self.lang, notice));
        }
        Ok(Some(ledger))
    }

    /// What exchange could not do, and how that ends a command.
    pub(crate) fn exchange(&self, error: &ExchangeError) -> Fault {
        let code = match error {
            ExchangeError::Exists(_)
            | ExchangeError::Name(_)
            | ExchangeError::Unit(_)
            | ExchangeError::Nobody(_)
            | ExchangeError::Several(..)
            | ExchangeError::NoConflict
            | ExchangeError::NoChoice(_)
            | ExchangeError::AliveFirst => 2,
            ExchangeError::Refused { .. } => 3,
            _ => 4,
        };
        Fault::because(code, exchange_words::words(self.lang, error), error)
    }

    /// What the store could not do.
    pub(crate) fn store(&self, error: &StoreError) -> Fault {
        Fault::because(4, store_words::words(self.lang, error), error)
    }

    /// The register of a name.
    ///
    /// # Errors
    /// Wrong usage, with the names that there are.
    pub(crate) fn register<'a>(
        &self,
        registers: &'a Registers,
        name: &str,
    ) -> Result<&'a Register, Fault> {
        registers.by_name(name).ok_or_else(|| {
            let known: Vec<&str> = registers
                .all()
                .iter()
                .map(|register| register.name.as_str())
                .collect();
            Fault::usage(
                self.lang,
                &Say::NoRegister {
                    name,
                    known: &known.join(" "),
                },
            )
        })
    }

    /// The register of a number.
    ///
    /// # Errors
    /// Wrong usage for one that this build does not know: its records are carried, not shown.
    pub(crate) fn register_of<'a>(
        &self,
        registers: &'a Registers,
        number: u32,
    ) -> Result<&'a Register, Fault> {
        registers.by_number(number).ok_or_else(|| {
            let known: Vec<&str> = registers
                .all()
                .iter()
                .map(|register| register.name.as_str())
                .collect();
            let name = number.to_string();
            Fault::usage(
                self.lang,
                &Say::NoRegister {
                    name: &name,
                    known: &known.join(" "),
                },
            )
        })
    }

    /// Prints one object; its keys are the columns.
    pub(crate) fn print(
        &self,
        usual: Format,
        row: &Object,
        text: impl FnOnce() -> String,
    ) -> Result<(), Fault> {
        let mut out = self.out(usual);
        let print = || {
            out.columns(row.keys().map(String::as_str))?;
            out.row(row, text)?;
            out.flush()
        };
        print().map_err(|error| Fault::of_output(self.lang, &error))
    }

    /// A file given by the user that cannot be read: bad input.
    pub(crate) fn file(&self, path: &Path, error: &std::io::Error) -> Fault {
        let (path, why) = (path.display().to_string(), error.to_string());
        Fault::input(
            self.lang,
            &Say::File {
                path: &path,
                why: &why,
            },
        )
    }
}

/// The disk.
pub(crate) fn disk() -> Arc<dyn Files> {
    Arc::new(Disk)
}

/// The register files of the machine and of the user, and the division tables beside them, sorted within each folder.
pub(crate) fn register_files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    for dir in place::forms() {
        let mut here: Vec<PathBuf> = std::fs::read_dir(dir)
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| {
                path.extension().is_some_and(|ending| ending == "toml")
                    || path.file_name().is_some_and(|name| name == DIVISIONS)
            })
            .collect();
        here.sort();
        files.extend(here);
    }
    files
}
