//! `jinguo keys`: the keymap as a table.

use serde_json::json;

use super::args;
use super::env::Env;
use super::fault::{Fault, Outcome, tell};
use super::out::{Format, Object};
use super::place;
use crate::text::cli::Say;
use crate::tui::keymap::{Keymap, show};

/// Prints the keymap: place, keys, action, what it does.
pub(crate) fn run(env: &Env, args: &args::Keys) -> Result<Outcome, Fault> {
    let keymap = match args.keymap.as_deref() {
        None => keymap(env),
        Some("standard") => Keymap::standard(),
        Some(name) => return Err(Fault::usage(env.lang, &Say::NoKeymap(name))),
    };
    let mut out = env.out(Format::Text);
    let mut print = || {
        out.columns(["context", "keys", "action", "help"])?;
        for binding in keymap.bindings() {
            let keys: Vec<String> = binding
                .keys
                .iter()
                .map(|key| show(*key, env.lang))
                .collect();
            let mut row = Object::new();
            row.insert("context".to_owned(), json!(binding.context.name()));
            row.insert(
                "keys".to_owned(),
                json!(
                    binding
                        .keys
                        .iter()
                        .map(ToString::to_string)
                        .collect::<Vec<_>>()
                ),
            );
            row.insert("action".to_owned(), json!(binding.action.name()));
            row.insert("help".to_owned(), json!(binding.action.help(env.lang)));
            out.row(&row, || {
                format!(
                    "{:<12} {:<24} {}",
                    binding.context.name(),
                    keys.join(" "),
                    binding.action.help(env.lang)
                )
            })?;
        }
        out.flush()
    };
    print().map_err(|error| Fault::of_output(env.lang, &error))?;
    Ok(Outcome::Done)
}

/// The standard keymap under the user's own (`keymap.toml` in her configuration folder). What is wrong in that is told,
/// and the standard stands there.
pub(crate) fn keymap(env: &Env) -> Keymap {
    let mut keymap = Keymap::standard();
    let Some(path) = place::config().map(|dir| dir.join("keymap.toml")) else {
        return keymap;
    };
    if let Ok(text) = std::fs::read_to_string(&path) {
        for mistake in keymap.overlay(&path.display().to_string(), &text) {
            tell(&format!(
                "{}:{}: {}",
                mistake.file,
                mistake.line,
                mistake.message.get(env.lang)
            ));
        }
    }
    keymap
}
