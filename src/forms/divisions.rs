//! The division table: district, towns, villages. Embedded for Wanzhou; another district's table of the same columns
//! replaces it.

use std::collections::HashMap;
use std::ops::Range;

/// How large a division is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    /// District or county.
    District,
    /// Town, township or street.
    Town,
    /// Village or community.
    Village,
}

/// One division.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Division {
    /// 12 digits, as the statistics bureau gives them.
    pub code: String,
    /// Its level.
    pub level: Level,
    /// Its full name.
    pub name: String,
    /// Its short name, as on screen.
    pub short: String,
    /// The code of what it lies in.
    pub parent: String,
    /// Full pinyin without tones and blanks.
    pub pinyin: String,
    /// Initials in every reading, with and without 街道, 镇, 乡, 村, 社区.
    pub initials: Vec<String>,
}

/// The divisions of a district, sorted by code.
#[derive(Clone, Debug, Default)]
pub struct Divisions {
    all: Vec<Division>,
    by_code: HashMap<String, usize>,
}

impl Divisions {
    /// Reads a table in csv. Columns by name, in any order: `level`, `code12`, `name`; and where they are there
    /// `short_name`, `parent_code12`, `pinyin`, `initials`, `initials_core`, `initials_alt`. The error names the line.
    pub fn read(csv: &str) -> Result<Self, (usize, String)> {
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
        let head = reader
            .headers()
            .map_err(|error| (1, error.to_string()))?
            .clone();
        let column = |name: &str| head.iter().position(|column| column.trim() == name);
        let needed = |name: &str| column(name).ok_or_else(|| (1, format!("no column {name}")));
        let (level, code, name) = (needed("level")?, needed("code12")?, needed("name")?);
        let (short, parent, pinyin) = (
            column("short_name"),
            column("parent_code12"),
            column("pinyin"),
        );
        let initials = [
            column("initials"),
            column("initials_core"),
            column("initials_alt"),
        ];
        let mut divisions = Self::default();
        for row in reader.records() {
            let row = row.map_err(|error| {
                (
                    error.position().map_or(0, |at| at.line() as usize),
                    error.to_string(),
                )
            })?;
            let line = row.position().map_or(0, |at| at.line() as usize);
            let cell = |column: usize| row.get(column).unwrap_or_default().trim();
            let maybe = |column: Option<usize>| column.map(cell).unwrap_or_default();
            let code = cell(code).to_owned();
            if code.len() != 12 || !code.bytes().all(|c| c.is_ascii_digit()) {
                return Err((line, format!("code12 is not 12 digits: {code}")));
            }
            let level = match cell(level) {
                "district" => Level::District,
                "town" => Level::Town,
                "village" => Level::Village,
                other => {
                    return Err((
                        line,
                        format!("level is district, town or village, not {other}"),
                    ));
                }
            };
            let name = cell(name).to_owned();
            let mut all: Vec<String> = initials
                .iter()
                .flat_map(|column| maybe(*column).split([' ', ';', '|', '/']))
                .filter(|initials| !initials.is_empty())
                .map(str::to_ascii_lowercase)
                .collect();
            all.dedup();
            divisions.all.push(Division {
                level,
                short: match maybe(short) {
                    "" => name.clone(),
                    short => short.to_owned(),
                },
                name,
                parent: match (maybe(parent), level) {
                    ("", Level::Village) => format!("{}000", &code[..9]),
                    ("", Level::Town) => format!("{}000000", &code[..6]),
                    (parent, _) => parent.to_owned(),
                },
                pinyin: maybe(pinyin).chars().filter_map(toneless).collect(),
                initials: all,
                code,
            });
        }
        divisions.all.sort_by(|a, b| a.code.cmp(&b.code));
        for (at, division) in divisions.all.iter().enumerate() {
            if divisions
                .by_code
                .insert(division.code.clone(), at)
                .is_some()
            {
                return Err((0, format!("{} stands twice", division.code)));
            }
        }
        Ok(divisions)
    }

    /// All of them, sorted by code.
    pub fn all(&self) -> &[Division] {
        &self.all
    }

    /// The division with a code of 12 digits.
    pub fn by_code(&self, code: &str) -> Option<&Division> {
        self.by_code.get(code).map(|&at| &self.all[at])
    }

    /// Its row, from 1, in the order of codes; 0 for a code that the table does not have.
    pub fn row(&self, code: &str) -> u32 {
        self.by_code.get(code).map_or(0, |&at| at as u32 + 1)
    }

    /// The rows of a division and all that lies in it: of a town its villages, of the district everything.
    pub fn rows(&self, code: &str) -> Range<u32> {
        let Some(division) = self.by_code(code) else {
            return 0..0;
        };
        let prefix = match division.level {
            Level::District => &code[..6],
            Level::Town => &code[..9],
            Level::Village => code,
        };
        let first = self
            .all
            .partition_point(|division| division.code.as_str() < prefix);
        let count = self.all[first..]
            .iter()
            .take_while(|division| division.code.starts_with(prefix))
            .count();
        first as u32 + 1..(first + count) as u32 + 1
    }

    /// The short name of a code; the code itself if the table does not have it.
    pub fn place<'a>(&'a self, code: &'a str) -> &'a str {
        self.by_code(code).map_or(code, |division| &division.short)
    }

    /// What people call it in a narrow column: without the word for what it is (甘家院社区 is 甘家院), where more than one
    /// character is left.
    pub fn brief<'a>(&'a self, code: &'a str) -> &'a str {
        let place = self.place(code);
        let kinds = ["社区", "街道", "村", "镇", "乡"];
        let names = kinds.iter().filter_map(|kind| place.strip_suffix(kind));
        let mut long = names.filter(|name| name.chars().count() > 1);
        long.next().unwrap_or(place)
    }

    /// Town and village of a code (天城街道诗仙社区): some village names occur twice in a district.
    pub fn full(&self, code: &str) -> String {
        match self.by_code(code) {
            Some(division) if division.level == Level::Village => {
                format!("{}{}", self.place(&division.parent), division.short)
            }
            _ => self.place(code).to_owned(),
        }
    }

    /// The towns, in the order of codes.
    pub fn towns(&self) -> impl Iterator<Item = &Division> {
        self.all
            .iter()
            .filter(|division| division.level == Level::Town)
    }

    /// What lies directly in a division, in the order of codes.
    pub fn within<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a Division> {
        self.all
            .iter()
            .filter(move |division| division.parent == code)
    }

    /// Divisions that fit the words, nearest first, at most `limit`: each word is the beginning of initials, of the full
    /// pinyin or of the name (or stands inside the name). Several words narrow: a word may fit the town of a village.
    pub fn find(&self, words: &str, limit: usize) -> Vec<&Division> {
        let words: Vec<&str> = words.split_whitespace().collect();
        let Some((last, above)) = words.split_last() else {
            return Vec::new();
        };
        let mut found: Vec<(u8, usize)> = self
            .all
            .iter()
            .enumerate()
            .filter_map(|(at, division)| {
                let mut nearness = division.fits(last).or_else(|| {
                    // `tc sx` and `sx tc` are the same wish.
                    above.iter().find_map(|word| division.fits(word))
                })?;
                let town = self.by_code(&division.parent);
                for word in &words {
                    let own = division.fits(word);
                    let fits = own.or_else(|| town.and_then(|town| town.fits(word)));
                    nearness = nearness.max(fits?);
                }
                Some((nearness, at))
            })
            .collect();
        found.sort_unstable();
        // An exact hit is the answer, whatever else begins with it.
        if found.iter().filter(|(nearness, _)| *nearness == 0).count() == 1 {
            found.truncate(1);
        }
        found
            .into_iter()
            .take(limit)
            .map(|(_, at)| &self.all[at])
            .collect()
    }
}

impl Division {
    /// 0 exactly, 1 at the beginning, 2 inside; `None` not at all.
    fn fits(&self, word: &str) -> Option<u8> {
        if self.code == word || self.name == word || self.short == word {
            return Some(0);
        }
        if word.is_ascii() {
            let begins = self.pinyin.starts_with(word)
                || self
                    .initials
                    .iter()
                    .any(|initials| initials.starts_with(word))
                || (word.len() >= 6 && self.code.starts_with(word));
            return begins.then_some(1);
        }
        if self.short.starts_with(word) || self.name.starts_with(word) {
            return Some(1);
        }
        self.name.contains(word).then_some(2)
    }
}

/// A letter of pinyin without its tone, small; `None` for blanks.
fn toneless(c: char) -> Option<char> {
    Some(match c {
        'ā' | 'á' | 'ǎ' | 'à' => 'a',
        'ē' | 'é' | 'ě' | 'è' => 'e',
        'ī' | 'í' | 'ǐ' | 'ì' => 'i',
        'ō' | 'ó' | 'ǒ' | 'ò' => 'o',
        'ū' | 'ú' | 'ǔ' | 'ù' => 'u',
        'ǖ' | 'ǘ' | 'ǚ' | 'ǜ' | 'ü' => 'v',
        'ń' | 'ň' | 'ǹ' => 'n',
        c if c.is_ascii_alphanumeric() => c.to_ascii_lowercase(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanzhou() -> Divisions {
        Divisions::read(include_str!("wanzhou-divisions.csv")).expect("the embedded table")
    }

    #[test]
    fn wanzhou_has_52_towns_and_610_villages() {
        let divisions = wanzhou();
        assert_eq!(divisions.towns().count(), 52);
        assert_eq!(
            divisions
                .all()
                .iter()
                .filter(|d| d.level == Level::Village)
                .count(),
            610
        );
        assert_eq!(divisions.place("500101028008"), "诗仙社区");
        assert_eq!(divisions.brief("500101028008"), "诗仙");
        let rows = divisions.rows("500101000000");
        assert_eq!(rows, 1..664);
        assert_eq!(divisions.row("500101000000"), 1);
        let town = divisions
            .by_code("500101028008")
            .expect("a village")
            .parent
            .clone();
        let rows = divisions.rows(&town);
        assert!(rows.contains(&divisions.row("500101028008")));
        assert_eq!(rows.len(), divisions.within(&town).count() + 1);
        assert_eq!(divisions.rows("999999999999"), 0..0);
    }

    #[test]
    fn villages_are_found_by_initials_pinyin_and_name() {
        let divisions = wanzhou();
        for words in ["诗仙社区", "shixian", "sxsq"] {
            let found = divisions.find(words, 9);
            assert!(found.iter().any(|d| d.code == "500101028008"), "{words}");
        }
        // Every reading: 长 is chang and zhang.
        assert!(
            divisions
                .find("cl", 99)
                .iter()
                .any(|d| d.short.starts_with("长岭"))
        );
        // 太平社区 occurs twice; the town narrows.
        assert!(divisions.find("太平社区", 9).len() > 1);
        assert!(divisions.find("", 9).is_empty());
    }

    #[test]
    fn another_districts_table_needs_three_columns_only() {
        let table = "name,code12,level\n甲区,500102000000,district\n乙镇,500102100000,town\n丙村,500102100201,village\n";
        let divisions = Divisions::read(table).expect("a table");
        assert_eq!(divisions.full("500102100201"), "乙镇丙村");
        assert_eq!(Divisions::read("name,code12\n").expect_err("no level").0, 1);
        let twice = "level,code12,name\nvillage,500102100201,a\nvillage,500102100201,b\n";
        assert!(Divisions::read(twice).is_err());
        assert_eq!(
            Divisions::read("level,code12,name\nvillage,12,a\n")
                .expect_err("short")
                .0,
            2
        );
    }
}
