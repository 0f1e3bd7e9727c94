//! `settings.toml`: what a person has chosen about her own store. It never leaves it.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::disk;
use super::error::ExchangeError;
use crate::files::Files;

/// The file's name in a store's folder.
pub const FILE: &str = "settings.toml";

/// The settings. Keys that this build does not know are kept when it writes the file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// To whom she hands over: `NAME`, `NAME@UNIT` or a fingerprint of the trust list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hand_to: Option<String>,
    /// Minutes without a key after which the screen hides what it shows; 0 never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idle_lock: Option<u32>,
    /// Which keymap: `standard`, `vim`, `classic`, or a file's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keymap: Option<String>,
    /// Her own record among the people of the federation, 32 hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cadre: Option<String>,
    /// `zh` or `en`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// How much of a course a person has to attend to pass: 0.8 unless it is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pass_rate: Option<f64>,
    /// What other versions wrote.
    #[serde(flatten)]
    pub others: toml::Table,
}

impl Settings {
    /// Reads the settings of a store's folder; a missing file has none.
    ///
    /// # Errors
    /// [`ExchangeError::Settings`] if it is not TOML or a value is of another type; [`ExchangeError::File`] if it cannot
    /// be read.
    pub fn load(files: &dyn Files, dir: &Path) -> Result<Self, ExchangeError> {
        let text = disk::read_text(files, &dir.join(FILE))?.unwrap_or_default();
        toml::from_str(&text).map_err(|why| ExchangeError::Settings(why.message().to_owned()))
    }

    /// Writes the file whole, in a temporary file that is renamed.
    ///
    /// # Errors
    /// [`ExchangeError::File`] if it cannot be written; the old one stands then.
    pub fn save(&self, files: &dyn Files, dir: &Path) -> Result<(), ExchangeError> {
        let text = toml::to_string(self).map_err(|why| ExchangeError::Settings(why.to_string()))?;
        disk::replace(files, &dir.join(FILE), text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Disk;

    #[test]
    fn settings_are_read_as_they_were_written_and_unknown_keys_stay() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(
            Settings::load(&Disk, dir.path()).unwrap(),
            Settings::default()
        );
        let text = "idle_lock = 5\nnew_thing = [1, 2]\n[later]\nx = true\n";
        std::fs::write(dir.path().join(FILE), text).unwrap();
        let mut settings = Settings::load(&Disk, dir.path()).unwrap();
        settings.hand_to = Some("区妇联@500101".into());
        settings.save(&Disk, dir.path()).unwrap();
        let read = Settings::load(&Disk, dir.path()).unwrap();
        assert_eq!(read, settings);
        assert_eq!(read.others.len(), 2);
        std::fs::write(dir.path().join(FILE), "idle_lock = \"x\"\n").unwrap();
        assert!(matches!(
            Settings::load(&Disk, dir.path()),
            Err(ExchangeError::Settings(_))
        ));
    }
}
