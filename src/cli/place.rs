//! Where things stand on this machine: the store, the demonstration, register files.

use std::path::PathBuf;

use etcetera::BaseStrategy as _;
use etcetera::base_strategy::Xdg;

/// The store: `$JINGUO_STORE`, else `jinguo` in the XDG data folder. `None` without a home.
pub(crate) fn store() -> Option<PathBuf> {
    match std::env::var_os("JINGUO_STORE") {
        Some(dir) if !dir.is_empty() => Some(PathBuf::from(dir)),
        _ => Some(Xdg::new().ok()?.data_dir().join("jinguo")),
    }
}

/// The demonstration's folder if no other is named: `jinguo-demo` in the XDG data folder.
pub(crate) fn demo() -> Option<PathBuf> {
    Some(Xdg::new().ok()?.data_dir().join("jinguo-demo"))
}

/// The user's own configuration folder.
pub(crate) fn config() -> Option<PathBuf> {
    Some(Xdg::new().ok()?.config_dir().join("jinguo"))
}

/// Folders of register files: the machine's, then the user's.
pub(crate) fn forms() -> Vec<PathBuf> {
    let own = config().map(|dir| dir.join("forms"));
    [PathBuf::from("/etc/jinguo/forms")]
        .into_iter()
        .chain(own)
        .collect()
}
