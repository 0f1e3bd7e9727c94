//! Whose logs and batches are accepted: `allowed_signers`, which ssh-keygen reads too.
//!
//! One line a key: `NAME@UNIT ssh-ed25519 BASE64 introduced by NAME@UNIT`; behind `# removed ` if she is trusted no
//! longer: nothing new of hers is taken then, but what was merged stays and keeps its name. Lines of other forms (a
//! certificate authority, a pattern, a comment, another kind of key) are kept as they stand and trust nobody here.

use std::collections::BTreeSet;
use std::path::Path;

use super::disk;
use super::error::ExchangeError;
use super::keys::{self, PublicKey};
use super::name;
use crate::files::Files;

/// The file's name in a store's folder.
pub const FILE: &str = "allowed_signers";

/// What stands before the line of someone who is trusted no longer.
const REMOVED: &str = "# removed ";

/// One trusted key and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Her name.
    pub name: String,
    /// Her unit's division code.
    pub unit: String,
    /// The key.
    pub key: PublicKey,
    /// What stands behind the key: `introduced by NAME@UNIT`, or whatever was written there by hand.
    pub comment: String,
}

impl Person {
    /// `NAME@UNIT`.
    pub fn principal(&self) -> String {
        format!("{}@{}", self.name, self.unit)
    }

    fn line(&self) -> String {
        format!(
            "{} {}",
            self.principal(),
            keys::public_line(&self.key, &self.comment)
        )
    }

    /// A person as `principal` introduced her.
    pub fn introduced(name: &str, unit: &str, key: PublicKey, by: &str) -> Self {
        Self {
            name: name.into(),
            unit: unit.into(),
            key,
            comment: format!("introduced by {by}"),
        }
    }

    /// Who introduced her: `NAME@UNIT`, if it is known.
    pub fn introduced_by(&self) -> Option<&str> {
        self.comment.strip_prefix("introduced by ")
    }

    /// Reads one line of an `allowed_signers` file that names one person and a plain Ed25519 key.
    pub fn parse(line: &str) -> Option<Self> {
        let (principal, rest) = line.trim().split_once(' ')?;
        let (name, unit) = principal.split_once('@')?;
        let (key, comment) = keys::parse_public(rest)?;
        (name::is_name(name) && name::is_unit(unit)).then(|| Self {
            name: name.into(),
            unit: unit.into(),
            key,
            comment,
        })
    }
}

#[derive(Clone, Debug)]
enum Line {
    Person(Person),
    Removed(Person),
    Other(String),
}

/// What adding a person did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Added {
    /// She is new.
    New,
    /// A new key of a person who has one already: to be asked about.
    SecondKey,
    /// The key was trusted already, under that name.
    Known(Person),
}

/// The trust list.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    lines: Vec<Line>,
}

impl Trust {
    /// Reads the text of an `allowed_signers` file. Nothing in it is an error; see the module's words.
    pub fn parse(text: &str) -> Self {
        let lines = text.lines().map(|line| {
            let removed = line.strip_prefix(REMOVED).and_then(Person::parse);
            match (removed, Person::parse(line)) {
                (Some(person), _) => Line::Removed(person),
                (None, Some(person)) => Line::Person(person),
                (None, None) => Line::Other(line.to_owned()),
            }
        });
        Self {
            lines: lines.collect(),
        }
    }

    /// The text of the file.
    pub fn text(&self) -> String {
        self.lines
            .iter()
            .map(|line| match line {
                Line::Person(person) => person.line() + "\n",
                Line::Removed(person) => format!("{REMOVED}{}\n", person.line()),
                Line::Other(line) => format!("{line}\n"),
            })
            .collect()
    }

    /// Reads the trust list of a store's folder; a missing file trusts nobody.
    ///
    /// # Errors
    /// [`ExchangeError::File`] if it cannot be read.
    pub fn load(files: &dyn Files, dir: &Path) -> Result<Self, ExchangeError> {
        let text = disk::read_text(files, &dir.join(FILE))?;
        Ok(Self::parse(&text.unwrap_or_default()))
    }

    /// Writes it whole, in a temporary file that is renamed.
    ///
    /// # Errors
    /// [`ExchangeError::File`] if it cannot be written; the old list stands then.
    pub fn save(&self, files: &dyn Files, dir: &Path) -> Result<(), ExchangeError> {
        disk::replace(files, &dir.join(FILE), self.text().as_bytes())
    }

    /// All people, in the order of the file. A person with two keys stands twice.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.lines.iter().filter_map(|line| match line {
            Line::Person(person) => Some(person),
            Line::Removed(_) | Line::Other(_) => None,
        })
    }

    /// Whose key it is, if it is trusted.
    pub fn of_key(&self, key: &PublicKey) -> Option<&Person> {
        self.people().find(|person| person.key == *key)
    }

    /// Whose key it is, or was before she was removed.
    pub fn name_of(&self, key: &PublicKey) -> Option<&Person> {
        self.of_key(key)
            .or_else(|| self.removed().find(|person| person.key == *key))
    }

    /// The people who are trusted no longer.
    pub fn removed(&self) -> impl Iterator<Item = &Person> {
        self.lines.iter().filter_map(|line| match line {
            Line::Removed(person) => Some(person),
            Line::Person(_) | Line::Other(_) => None,
        })
    }

    /// The keys that are trusted.
    pub fn keys(&self) -> BTreeSet<PublicKey> {
        self.people().map(|person| person.key).collect()
    }

    /// The people meant by `NAME`, `NAME@UNIT` or a fingerprint.
    pub fn find(&self, who: &str) -> Vec<&Person> {
        self.people()
            .filter(|person| {
                person.name == who
                    || person.principal() == who
                    || keys::fingerprint(&person.key) == who
            })
            .collect()
    }

    /// Trusts a person's key. A key that is trusted already keeps its name.
    pub fn add(&mut self, person: Person) -> Added {
        if let Some(known) = self.of_key(&person.key) {
            return Added::Known(known.clone());
        }
        let second = self
            .people()
            .any(|known| (&known.name, &known.unit) == (&person.name, &person.unit));
        self.lines
            .retain(|line| !matches!(line, Line::Removed(old) if old.key == person.key));
        self.lines.push(Line::Person(person));
        if second { Added::SecondKey } else { Added::New }
    }

    /// Trusts no longer whom [`Trust::find`] finds; gives who that was. What is merged of them stays.
    pub fn remove(&mut self, who: &str) -> Vec<Person> {
        let gone: Vec<Person> = self.find(who).into_iter().cloned().collect();
        for line in &mut self.lines {
            if let Line::Person(person) = line
                && gone.contains(person)
            {
                *line = Line::Removed(person.clone());
            }
        }
        gone
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::keys::AuthorKey;

    fn person(name: &str, seed: u8) -> Person {
        let key = AuthorKey::from_seed(&[seed; 32], "x@1").unwrap();
        Person::introduced(name, "500101", key.public(), "区妇联@500101")
    }

    #[test]
    fn a_list_is_read_as_it_was_written_and_foreign_lines_stay() {
        let text = "# ours\n*@x cert-authority ssh-ed25519 AAAA\n";
        let mut trust = Trust::parse(text);
        assert_eq!(trust.people().count(), 0);
        assert_eq!(trust.add(person("李静", 1)), Added::New);
        assert_eq!(trust.add(person("李静", 2)), Added::SecondKey);
        let other = Person {
            name: "王芳".into(),
            ..person("", 1)
        };
        assert_eq!(trust.add(other), Added::Known(person("李静", 1)));
        assert!(trust.text().starts_with(text));
        let read = Trust::parse(&trust.text());
        assert_eq!(
            read.people().cloned().collect::<Vec<_>>(),
            [person("李静", 1), person("李静", 2)]
        );
        assert_eq!(read.find("李静").len(), 2);
        let finger = keys::fingerprint(&person("", 2).key);
        assert_eq!(trust.remove(&finger), [person("李静", 2)]);
        assert_eq!(trust.remove("李静@500101"), [person("李静", 1)]);
        assert_eq!((trust.people().count(), trust.removed().count()), (0, 2));
        let read = Trust::parse(&trust.text());
        assert_eq!(read.name_of(&person("", 2).key).unwrap().name, "李静");
        assert_eq!(trust.add(person("李静", 2)), Added::New);
        assert_eq!((trust.people().count(), trust.removed().count()), (1, 1));
    }

    #[test]
    fn lines_with_options_patterns_or_two_names_trust_nobody() {
        let line = person("李静", 1).line();
        for odd in [
            line.replacen(' ', " namespaces=\"x\" ", 1),
            line.replace("李静", "李*"),
            line.replace("李静@", "李静@1,王芳@"),
            line.replace("ssh-ed25519", "ssh-rsa"),
        ] {
            assert_eq!(Person::parse(&odd), None, "{odd}");
        }
    }
}
