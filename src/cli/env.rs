//! What every command needs: the language, the output, the registers, the store.

use std::io::{StdoutLock, stdout};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::fault::Fault;
use super::forms_check;
use super::out::{Format, Out};
use super::place;
use crate::forms::{Lang, Registers, Source};
use crate::text::cli::Say;

/// The division table's name among register files.
const DIVISIONS: &str = "divisions.csv";

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
