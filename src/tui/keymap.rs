//! Keymaps: which key is which action, where. They are files in the very format that a user overlays them with.

use std::collections::BTreeMap;

use super::action::{Action, Context};
use super::key::{Code, Key};
use crate::forms::{Label, Lang};

const STANDARD: &str = include_str!("../../keymaps/standard.toml");

/// Which key is which action, for each context.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Keymap {
    tables: BTreeMap<Context, BTreeMap<Action, Vec<Key>>>,
}

/// One row of `jinguo keys`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Binding {
    /// Where.
    pub context: Context,
    /// What.
    pub action: Action,
    /// By which keys, the first is the one that hints show.
    pub keys: Vec<Key>,
}

/// What is wrong in a keymap file; the default stands for what it names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mistake {
    /// The file, as it was named.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: Label,
}

impl Keymap {
    /// The keymap that is built in.
    pub fn standard() -> Self {
        let mut keymap = Self {
            tables: BTreeMap::new(),
        };
        let mistakes = keymap.overlay("standard.toml", STANDARD);
        debug_assert_eq!(
            mistakes,
            [],
            "a test holds that the built-in keymap is right"
        );
        keymap
    }

    /// Lays a file over this keymap, leaf by leaf. What is wrong is left out and reported, all at once.
    pub fn overlay(&mut self, file: &str, text: &str) -> Vec<Mistake> {
        let mistake = |at: usize, zh: String, en: String| Mistake {
            file: file.into(),
            line: text[..at.min(text.len())].matches('\n').count() + 1,
            message: Label { zh, en },
        };
        let root = match toml::de::DeTable::parse(text) {
            Ok(root) => root,
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                return vec![mistake(
                    at,
                    format!("不是 TOML：{}", error.message()),
                    format!("not TOML: {}", error.message()),
                )];
            }
        };
        let mut mistakes = Vec::new();
        for (name, table) in root.get_ref() {
            let Some(context) = Context::named(name.get_ref()) else {
                let near = nearest(
                    name.get_ref(),
                    Context::ALL.iter().map(|context| context.name()),
                );
                mistakes.push(mistake(
                    name.span().start,
                    format!("没有叫 {} 的地方，最像的是 {near}", name.get_ref()),
                    format!(
                        "no place is called {}; the nearest is {near}",
                        name.get_ref()
                    ),
                ));
                continue;
            };
            let Some(leaves) = table.get_ref().as_table() else {
                mistakes.push(mistake(
                    name.span().start,
                    format!("{} 应是一个表", name.get_ref()),
                    format!("{} must be a table", name.get_ref()),
                ));
                continue;
            };
            for (name, value) in leaves {
                let Some(action) = Action::named(name.get_ref()) else {
                    let near = nearest(
                        name.get_ref(),
                        Action::ALL.iter().map(|action| action.name()),
                    );
                    mistakes.push(mistake(
                        name.span().start,
                        format!("没有叫 {} 的动作，最像的是 {near}", name.get_ref()),
                        format!(
                            "no action is called {}; the nearest is {near}",
                            name.get_ref()
                        ),
                    ));
                    continue;
                };
                match keys(value.get_ref()) {
                    Ok(keys) => {
                        self.tables.entry(context).or_default().insert(action, keys);
                    }
                    Err(key) => mistakes.push(mistake(
                        value.span().start,
                        format!("{key} 不能作键：可用 F1 到 F10、Ctrl-字母、Enter、Tab、Esc、Space、方向键"),
                        format!("{key} cannot be a key: F1 to F10, Ctrl-letters, Enter, Tab, Esc, Space, arrows can"),
                    )),
                }
            }
        }
        mistakes
    }

    /// The action of a key in a context: its own table first, then the one of everywhere.
    pub fn resolve(&self, context: Context, key: Key) -> Option<Action> {
        [context, Context::Everywhere].iter().find_map(|context| {
            let table = self.tables.get(context)?;
            table
                .iter()
                .find(|(_, keys)| keys.contains(&key))
                .map(|(action, _)| *action)
        })
    }

    /// The keys of an action in a context.
    pub fn keys(&self, context: Context, action: Action) -> &[Key] {
        [context, Context::Everywhere]
            .iter()
            .find_map(|context| self.tables.get(context)?.get(&action))
            .map_or(&[], Vec::as_slice)
    }

    /// The whole table, in the order of contexts and actions.
    pub fn bindings(&self) -> Vec<Binding> {
        self.tables
            .iter()
            .flat_map(|(context, table)| {
                table.iter().map(|(action, keys)| Binding {
                    context: *context,
                    action: *action,
                    keys: keys.clone(),
                })
            })
            .collect()
    }
}

/// The keys of a leaf: one as text, or an array of them. The error is the text that names none.
fn keys(value: &toml::de::DeValue<'_>) -> Result<Vec<Key>, String> {
    let one = |value: &toml::de::DeValue<'_>| match value.as_str() {
        Some(text) => text.parse::<Key>(),
        None => Err("?".into()),
    };
    match value.as_array() {
        Some(array) => array.iter().map(|value| one(value.get_ref())).collect(),
        None => Ok(vec![one(value)?]),
    }
}

/// The name that shares most with `wrong`: fewest single-character changes.
fn nearest<'a>(wrong: &str, names: impl Iterator<Item = &'a str>) -> &'a str {
    names
        .min_by_key(|name| distance(wrong, name))
        .unwrap_or_default()
}

fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, a) in a.chars().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, b) in b.iter().enumerate() {
            let cost = before + usize::from(a != *b);
            before = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}

/// A key as a person reads it in a hint or a help line.
pub fn show(key: Key, lang: Lang) -> String {
    if lang == Lang::En || key.ctrl || key.shift {
        return key.to_string();
    }
    match key.code {
        Code::Char(' ') => "空格".into(),
        Code::Up => "上".into(),
        Code::Down => "下".into(),
        Code::Left => "左".into(),
        Code::Right => "右".into(),
        _ => key.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_keymap_has_no_mistake_and_no_key_twice_in_a_place() {
        let mut keymap = Keymap {
            tables: BTreeMap::new(),
        };
        assert_eq!(keymap.overlay("standard.toml", STANDARD), []);
        for (context, table) in &keymap.tables {
            let mut keys: Vec<&Key> = table.values().flatten().collect();
            let all = keys.len();
            keys.sort();
            keys.dedup();
            assert_eq!(keys.len(), all, "{context:?}");
        }
    }

    #[test]
    fn in_standard_no_letter_digit_or_mark_is_a_command() {
        for binding in Keymap::standard().bindings() {
            for key in binding.keys {
                assert!(
                    key.typed().is_none_or(|c| c == ' '),
                    "{key} is {:?}",
                    binding.action
                );
                assert!(
                    !(key.ctrl && "ABCHIJMV".contains(|c| key.code == Code::Char(c))),
                    "{key}"
                );
            }
        }
    }

    #[test]
    fn every_function_key_has_its_ctrl_twin() {
        for binding in Keymap::standard().bindings() {
            let function = binding
                .keys
                .iter()
                .any(|key| matches!(key.code, Code::F(_)));
            let twin = binding.keys.iter().any(|key| key.ctrl);
            assert!(!function || twin, "{:?}", binding.action);
        }
    }

    #[test]
    fn a_file_overlays_leaf_by_leaf_and_its_mistakes_name_line_and_nearest() {
        let mut keymap = Keymap::standard();
        let mistakes = keymap.overlay(
            "mine.toml",
            "[list]\nopne = \"F5\"\nnew = \"F11\"\nagain = \"F5\"\n",
        );
        let lines: Vec<(usize, bool)> = mistakes
            .iter()
            .map(|mistake| (mistake.line, mistake.message.en.contains("open")))
            .collect();
        assert_eq!(lines.iter().find(|(line, _)| *line == 2), Some(&(2, true)));
        assert!(lines.iter().any(|(line, _)| *line == 3));
        let f5 = "F5".parse().expect("a key");
        assert_eq!(keymap.resolve(Context::List, f5), Some(Action::Again));
        let f3 = "F3".parse().expect("a key");
        assert_eq!(keymap.resolve(Context::List, f3), Some(Action::New));
    }
}
