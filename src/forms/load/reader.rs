//! Reads a register file so that every mistake is found at once: a value of the wrong type is reported with its line and
//! passed over, and what nobody asked for is an unknown key.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::forms::lang::Label;

/// A register file, and where it came from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    /// Its name, as a mistake names it.
    pub name: String,
    /// Its text.
    pub text: String,
}

impl Source {
    /// The line, from 1, of a byte of the text.
    pub(super) fn line(&self, at: usize) -> usize {
        let before = &self.text.as_bytes()[..at.min(self.text.len())];
        before.iter().filter(|c| **c == b'\n').count() + 1
    }
}

/// A mistake in a register file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mistake {
    /// The file.
    pub file: String,
    /// The line, from 1; 0 where no line can be named.
    pub line: usize,
    /// What is wrong.
    pub message: Label,
    /// The registers load all the same.
    pub warning: bool,
}

impl std::fmt::Display for Mistake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}:{}: {} / {}",
            self.file, self.line, self.message.zh, self.message.en
        )
    }
}

/// A file being read, and the mistakes found in all files so far.
pub(super) struct Reader<'a> {
    pub(super) source: &'a Source,
    pub(super) mistakes: &'a mut Vec<Mistake>,
}

impl Reader<'_> {
    pub(super) fn wrong(&mut self, at: usize, zh: impl Into<String>, en: impl Into<String>) {
        self.mistakes.push(Mistake {
            file: self.source.name.clone(),
            line: self.source.line(at),
            message: Label {
                zh: zh.into(),
                en: en.into(),
            },
            warning: false,
        });
    }
}

/// A value, and at which byte of its file it stands (counting lines is left to whoever finds a mistake).
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct At<T> {
    pub(super) it: T,
    pub(super) line: usize,
}

/// A table of a file, and which keys were asked for.
pub(super) struct Table<'t, 'i> {
    table: &'t DeTable<'i>,
    pub(super) line: usize,
    asked: Vec<&'static str>,
}

impl<'t, 'i> Table<'t, 'i> {
    pub(super) fn new(table: &'t DeTable<'i>, line: usize) -> Self {
        Self {
            table,
            line,
            asked: Vec::new(),
        }
    }

    fn get(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'i>>> {
        self.asked.push(key);
        self.table
            .iter()
            .find(|(name, _)| name.get_ref() == key)
            .map(|(_, value)| value)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.iter().any(|(name, _)| name.get_ref() == key)
    }

    /// Whether the value is yes, no or a whole number.
    pub(super) fn is_bare(&self, key: &str) -> bool {
        let value = self.table.iter().find(|(name, _)| name.get_ref() == key);
        value.is_some_and(|(_, value)| value.get_ref().is_bool() || value.get_ref().is_integer())
    }

    /// A value that is yes, no or a whole number, as an expression writes it.
    pub(super) fn bare(&mut self, key: &'static str, reader: &mut Reader) -> Option<At<String>> {
        self.typed(key, ("值", "a value"), reader, |value| {
            match value.as_bool() {
                Some(yes) => Some(yes.to_string()),
                None => value.as_integer().map(ToString::to_string),
            }
        })
    }

    fn typed<T>(
        &mut self,
        key: &'static str,
        wanted: (&str, &str),
        reader: &mut Reader,
        read: impl Fn(&DeValue<'i>) -> Option<T>,
    ) -> Option<At<T>> {
        let value = self.get(key)?;
        let line = value.span().start;
        match read(value.get_ref()) {
            Some(it) => Some(At { it, line }),
            None => {
                reader.wrong(
                    line,
                    format!("{key} 应是{}。", wanted.0),
                    format!("{key} wants {}.", wanted.1),
                );
                None
            }
        }
    }

    pub(super) fn text(&mut self, key: &'static str, reader: &mut Reader) -> Option<At<String>> {
        self.typed(key, ("文字", "a string"), reader, |value| {
            value.as_str().map(str::to_owned)
        })
    }

    pub(super) fn number(&mut self, key: &'static str, reader: &mut Reader) -> Option<At<i64>> {
        self.typed(key, ("整数", "a whole number"), reader, |value| {
            let number = value.as_integer()?;
            i64::from_str_radix(number.as_str(), number.radix()).ok()
        })
    }

    pub(super) fn yes(&mut self, key: &'static str, reader: &mut Reader) -> bool {
        self.typed(
            key,
            ("true 或 false", "true or false"),
            reader,
            DeValue::as_bool,
        )
        .is_some_and(|at| at.it)
    }

    pub(super) fn texts(
        &mut self,
        key: &'static str,
        reader: &mut Reader,
    ) -> Option<At<Vec<String>>> {
        self.typed(key, ("文字的列表", "a list of strings"), reader, texts)
    }

    /// A list of lists of strings; one list alone is taken as the only one.
    pub(super) fn groups(
        &mut self,
        key: &'static str,
        reader: &mut Reader,
    ) -> Option<At<Vec<Vec<String>>>> {
        self.typed(
            key,
            ("文字列表的列表", "a list of lists of strings"),
            reader,
            |value| {
                texts(value).map(|one| vec![one]).or_else(|| {
                    value
                        .as_array()?
                        .iter()
                        .map(|group| texts(group.get_ref()))
                        .collect()
                })
            },
        )
    }

    pub(super) fn numbers(
        &mut self,
        key: &'static str,
        reader: &mut Reader,
    ) -> Option<At<Vec<i64>>> {
        self.typed(
            key,
            ("整数的列表", "a list of whole numbers"),
            reader,
            |value| {
                value
                    .as_array()?
                    .iter()
                    .map(|item| {
                        let number = item.get_ref().as_integer()?;
                        i64::from_str_radix(number.as_str(), number.radix()).ok()
                    })
                    .collect()
            },
        )
    }

    /// Words in both languages; a language that is missing or empty is a mistake.
    pub(super) fn label(&mut self, key: &'static str, reader: &mut Reader) -> Option<At<Label>> {
        let mut table = self.table(key, reader)?;
        let line = table.line;
        let label = table.words(reader);
        table.finish(reader);
        Some(At { it: label, line })
    }

    /// The keys `zh` and `en` of this table.
    pub(super) fn words(&mut self, reader: &mut Reader) -> Label {
        let mut word = |key: &'static str, zh: &str, en: &str| {
            let text = self.text(key, reader).map(|at| at.it).unwrap_or_default();
            if text.trim().is_empty() {
                reader.wrong(
                    self.line,
                    format!("缺{zh}的说法 ({key})。"),
                    format!("The {en} words are missing ({key})."),
                );
            }
            text
        };
        Label {
            zh: word("zh", "中文", "Chinese"),
            en: word("en", "英文", "English"),
        }
    }

    /// A text that may differ by language: a string or `{ zh, en }`.
    pub(super) fn either(&mut self, key: &'static str, reader: &mut Reader) -> Option<At<Label>> {
        if self.get(key)?.get_ref().is_str() {
            let text = self.text(key, reader)?;
            return Some(At {
                it: Label {
                    zh: text.it.clone(),
                    en: text.it,
                },
                line: text.line,
            });
        }
        self.label(key, reader)
    }

    pub(super) fn table(
        &mut self,
        key: &'static str,
        reader: &mut Reader,
    ) -> Option<Table<'t, 'i>> {
        let value = self.get(key)?;
        let line = value.span().start;
        match value.get_ref().as_table() {
            Some(table) => Some(Table::new(table, line)),
            None => {
                reader.wrong(
                    line,
                    format!("{key} 应是一张表。"),
                    format!("{key} wants a table."),
                );
                None
            }
        }
    }

    /// An array of tables; none where the key is absent.
    pub(super) fn tables(&mut self, key: &'static str, reader: &mut Reader) -> Vec<Table<'t, 'i>> {
        let Some(value) = self.get(key) else {
            return Vec::new();
        };
        let tables: Option<Vec<Table<'t, 'i>>> = value.get_ref().as_array().and_then(|array| {
            array
                .iter()
                .map(|item| Some(Table::new(item.get_ref().as_table()?, item.span().start)))
                .collect()
        });
        tables.unwrap_or_else(|| {
            let line = value.span().start;
            reader.wrong(
                line,
                format!("{key} 应是若干张表。"),
                format!("{key} wants tables."),
            );
            Vec::new()
        })
    }

    /// Every key that nobody asked for is a mistake.
    pub(super) fn finish(self, reader: &mut Reader) {
        for (key, _) in self.table.iter() {
            if !self.asked.iter().any(|asked| asked == key.get_ref()) {
                let line = key.span().start;
                let key = key.get_ref();
                reader.wrong(
                    line,
                    format!("不认识的键 {key}。"),
                    format!("Unknown key {key}."),
                );
            }
        }
    }
}

fn texts(value: &DeValue) -> Option<Vec<String>> {
    value
        .as_array()?
        .iter()
        .map(|item| item.get_ref().as_str().map(str::to_owned))
        .collect()
}
