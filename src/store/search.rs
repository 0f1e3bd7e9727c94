//! What typed words find: a bitmap for each word, tested row by row.
//!
//! Words narrow. A word finds records by their own tokens, by their unit, and by the records that they refer to through
//! fields that are searched: a row of a list has the numbers of these in it, so no reference is followed. Pinyin may be typed with or without blanks, so neighbouring words of letters also count
//! joined: `li jing` finds what `lijing` finds, and what `li` and `jing` find.

use super::Reading;
use super::bitmap::Bitmap;
use super::entry::{self, Row};
use super::keys::{self, Part, TAIL_DIGITS};
use super::pages::{Cursor, ViewError, scan};
use crate::forms::Division;
use crate::record::Tag;

/// Neighbouring words of letters that are tried joined; more stand alone.
const JOINED: usize = 4;

/// One thing that was typed.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Word {
    Han(Vec<char>),
    Letters(String),
    /// Digits, or letters and digits.
    Other(String),
}

/// Typed words: runs of letters that may count joined, everything else alone. All must hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Words(Vec<Vec<Word>>);

impl Words {
    /// Reads what was typed.
    pub fn read(typed: &str) -> Self {
        let mut runs: Vec<Vec<Word>> = Vec::new();
        for part in keys::parts(typed) {
            let word = match part {
                Part::Han(han) => Word::Han(han),
                Part::Word(word) if word.bytes().all(|c| c.is_ascii_lowercase()) => {
                    Word::Letters(word)
                }
                Part::Word(word) => Word::Other(word),
            };
            match runs.last_mut() {
                Some(run)
                    if run.len() < JOINED
                        && matches!((&run[0], &word), (Word::Letters(_), Word::Letters(_))) =>
                {
                    run.push(word);
                }
                _ => runs.push(vec![word]),
            }
        }
        Self(runs)
    }
}

/// What one word, or several joined ones, find in one register.
struct Found {
    numbers: Bitmap,
    /// By row of the division table.
    units: Vec<bool>,
}

impl Found {
    #[inline]
    fn has(&self, row: &Row) -> bool {
        self.numbers.has(row.number)
            || row.targets().any(|target| self.numbers.has(target))
            || self.units.get(row.unit as usize).copied().unwrap_or(false)
    }
}

/// Words against the rows of one register.
pub struct Test {
    /// For each run: how many words, and for each start and end what they find joined.
    runs: Vec<(usize, Vec<Found>)>,
}

impl Test {
    /// `None` if nothing was typed that can be looked for.
    pub fn of(words: &Words, view: &Reading, register: u32) -> Result<Option<Self>, ViewError> {
        let mut found = Vec::new();
        for run in &words.0 {
            for start in 0..run.len() {
                for end in start + 1..=run.len() {
                    let word = match &run[start..end] {
                        [word] => word.clone(),
                        several => Word::Letters(several.iter().map(Word::letters).collect()),
                    };
                    found.push(look_up(&word, view)?);
                }
            }
        }
        through_others(&mut found, view, register)?;
        let mut found = found.into_iter();
        let runs: Vec<(usize, Vec<Found>)> = words
            .0
            .iter()
            .map(|run| {
                let n = run.len();
                (n, found.by_ref().take(n * (n + 1) / 2).collect())
            })
            .collect();
        Ok((!runs.is_empty()).then_some(Self { runs }))
    }

    /// Whether all words hold for a row.
    #[inline]
    pub fn holds(&self, row: &Row) -> bool {
        self.runs.iter().all(|(words, found)| {
            if *words == 1 {
                return found[0].has(row);
            }
            // reached[i]: the first i words hold in some way of joining them.
            let mut reached = [false; JOINED + 1];
            reached[0] = true;
            let mut found = found.iter();
            for start in 0..*words {
                for end in start + 1..=*words {
                    let has = found
                        .next()
                        .is_some_and(|found| reached[start] && !reached[end] && found.has(row));
                    reached[end] |= has;
                }
            }
            reached[*words]
        })
    }
}

impl Word {
    fn letters(&self) -> &str {
        match self {
            Self::Letters(letters) => letters,
            _ => "",
        }
    }
}

/// The numbers of all records, of any register, that one word finds by their own tokens.
fn own(word: &Word, view: &Reading) -> Result<Bitmap, ViewError> {
    let prefixes: Vec<Vec<u8>> = match word {
        Word::Han(han) => keys::pairs(han),
        Word::Letters(word) | Word::Other(word) => vec![word.clone().into_bytes()],
    };
    let mut found: Option<Bitmap> = None;
    for token in prefixes {
        let next = with_prefix(&token, view)?;
        match &mut found {
            Some(found) => found.keep(&next),
            None => found = Some(next),
        }
    }
    let mut found = found.unwrap_or_default();
    if let Word::Other(word) = word
        && word.len() >= TAIL_DIGITS
        && word
            .trim_end_matches('x')
            .bytes()
            .all(|c| c.is_ascii_digit())
        && let Some(tail) = keys::tail(word)
    {
        let tails = with_prefix(&tail, view)?;
        tails.iter().for_each(|number| found.add(number));
    }
    Ok(found)
}

fn with_prefix(token: &[u8], view: &Reading) -> Result<Bitmap, ViewError> {
    let mut found = Bitmap::new(view.bound());
    let token = &token[..token.len().min(entry::MAX_TOKEN)];
    let prefix = [&b"T"[..], token].concat();
    scan(view.tree(), &prefix, |entry| {
        found.add(entry::last_number(entry));
        true
    })?;
    Ok(found)
}

/// What one word finds by own tokens and by unit.
fn look_up(word: &Word, view: &Reading) -> Result<Found, ViewError> {
    let mut units = vec![false];
    let divisions = view.registers.divisions().all();
    units.extend(divisions.iter().map(|unit| names(word, unit)));
    Ok(Found {
        numbers: own(word, view)?,
        units,
    })
}

/// Adds the records of a register that refer, through searched fields that are not in its rows, to what each word found.
fn through_others(found: &mut [Found], view: &Reading, register: u32) -> Result<(), ViewError> {
    let Some(sheet) = view.layout.sheet(register) else {
        return Ok(());
    };
    let tags: Vec<Tag> = sheet.searched_apart().collect();
    if tags.is_empty() {
        return Ok(());
    }
    for found in found {
        let mut more = Bitmap::new(view.bound());
        let mut cursor = Cursor::new(view.tree());
        for target in found.numbers.iter() {
            for tag in &tags {
                let prefix = entry::backward_prefix(target, Some(sheet.number()), Some(*tag));
                let mut next = cursor.seek(&prefix)?;
                while let Some(entry) = next.filter(|entry| entry.starts_with(&prefix)) {
                    more.add(entry::last_number(entry));
                    next = cursor.next()?;
                }
            }
        }
        found.numbers.join(&more);
    }
    Ok(())
}

/// Whether a word names a unit: by characters, by initials, by full pinyin from two letters on.
fn names(word: &Word, unit: &Division) -> bool {
    match word {
        Word::Han(han) => {
            let han: String = han.iter().collect();
            han.chars().nth(1).is_some() && unit.name.contains(&han)
        }
        Word::Letters(letters) => {
            letters.len() > 1
                && (unit.pinyin.starts_with(letters.as_str())
                    || unit
                        .initials
                        .iter()
                        .any(|initials| initials.starts_with(letters.as_str())))
        }
        Word::Other(code) => unit.code == *code,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_letters_stand_together() {
        let words = Words::read("li jing 诗仙3组 0022 sx");
        let lengths: Vec<usize> = words.0.iter().map(Vec::len).collect();
        assert_eq!(lengths, [2, 1, 1, 1, 1, 1]);
        assert_eq!(words.0[0][1], Word::Letters("jing".into()));
        assert!(Words::read("  ，。").0.is_empty());
    }
}
