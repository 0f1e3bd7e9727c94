//! A pasted list of names or a WeChat 接龙, read line by line.

use super::han::Places;
use super::pieces::{Piece, cut, is_han};
use super::plain::plain;
use super::row::{Person, Row};
use super::words::{EXAMPLE, HEADING, TOTAL};

/// A person as a text names her.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Her name.
    pub name: String,
    /// Her unit, as written.
    pub unit: Option<String>,
    /// Her telephone, digits alone.
    pub phone: Option<String>,
    /// What else stood there.
    pub remark: String,
    /// The line of the text, from 1.
    pub line: usize,
    /// How many more she brings: `+1`.
    pub extra: u32,
    /// How she stands.
    pub state: State,
}

/// How a line stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// A name, hardly a doubt.
    Taken,
    /// Perhaps a name: a person decides.
    Unsure,
    /// The same person stood on this line before.
    Again(usize),
    /// Taken back on this line.
    Back(usize),
}

/// A line of the text that became nobody.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Passed {
    /// The line of the text, from 1.
    pub line: usize,
    /// The line as it was written.
    pub text: String,
    /// Why.
    pub why: Why,
}

/// Why a line became nobody.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// A title, or what it is about.
    Heading,
    /// The unit of the lines below.
    UnitAbove,
    /// An example of how to write.
    Example,
    /// A count.
    Total,
    /// A number without anything.
    Empty,
    /// It takes back a name that stands on an earlier line.
    TakesBack,
    /// No name was found in it.
    NoName,
}

/// All that a text says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reading {
    /// The people, in the order of the text.
    pub lines: Vec<Line>,
    /// Every other line that is not blank.
    pub passed: Vec<Passed>,
    /// The last count that the text gives itself (合计40人).
    pub said: Option<u32>,
}

impl Reading {
    /// How many people come by what was read without a doubt: those taken, and whom they bring.
    pub fn count(&self) -> u32 {
        let taken = self.lines.iter().filter(|line| line.state == State::Taken);
        taken.map(|line| 1 + line.extra).sum()
    }

    fn pass(&mut self, line: usize, text: &str, why: Why) {
        let text = text.trim().to_owned();
        self.passed.push(Passed { line, text, why });
    }

    /// Enters a person of a line; `false` if she only takes back an earlier one.
    fn enter(&mut self, person: Person, line: usize) -> bool {
        let standing = |state| matches!(state, State::Taken | State::Unsure);
        let mut earlier = self
            .lines
            .iter_mut()
            .filter(|one| one.name == person.name && standing(one.state));
        let mut state = if person.sure {
            State::Taken
        } else {
            State::Unsure
        };
        if person.back {
            if let Some(one) = earlier.next_back() {
                one.state = State::Back(line);
                return false;
            }
            state = State::Back(line);
        } else {
            let mut all: Vec<&mut Line> = earlier.collect();
            let several = all.len() > 1;
            if let Some(one) = all.iter_mut().find(|one| !apart(one, &person)) {
                let phone = person.phone.is_some() && one.phone == person.phone;
                // The unit of one and the telephone of the other say nothing of each other.
                let crossed = one.phone.is_none()
                    && person.phone.is_some()
                    && person.unit.is_none()
                    && one.unit.is_some();
                if phone || !several && !crossed {
                    state = State::Again(one.line);
                    one.unit = one.unit.take().or_else(|| person.unit.clone());
                    one.phone = one.phone.take().or_else(|| person.phone.clone());
                } else {
                    state = State::Unsure;
                }
            }
        }
        self.lines.push(Line {
            name: person.name,
            unit: person.unit,
            phone: person.phone,
            remark: person.remark,
            line,
            extra: person.extra,
            state,
        });
        true
    }
}

/// Whether two of one name are told apart by telephone or unit.
fn apart(one: &Line, other: &Person) -> bool {
    match (&one.phone, &other.phone) {
        (Some(one), Some(other)) => return one != other,
        (None, None) => {}
        _ => return false,
    }
    match (&one.unit, &other.unit) {
        (Some(one), Some(other)) => !one.contains(other.as_str()) && !other.contains(one.as_str()),
        _ => false,
    }
}

/// Reads a text. Everything in it comes back, as a person or as passed over; only blank lines do not.
pub fn read(text: &str, places: &Places) -> Reading {
    let lines: Vec<(usize, &str, String)> = text
        .lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line, plain(line)))
        .filter(|(_, _, plain)| !plain.is_empty())
        .collect();
    let marked = lines.iter().any(|(_, _, plain)| is_marker(plain));
    // Before the first number of a 接龙 stands what it is about.
    let first = lines
        .iter()
        .find(|(_, _, plain)| matches!(number(plain), (Numbered::Yes, rest) if !rest.is_empty()));
    let begin = first.filter(|_| marked).map_or(0, |(line, ..)| *line);
    let mut reading = Reading::default();
    let mut above: Option<String> = None;
    for (at, raw, plain) in &lines {
        let (numbered, body) = number(plain);
        if let Some(why) = known(plain, body, numbered) {
            if why == Why::Total {
                reading.said = last_number(body).or(reading.said);
            }
            reading.pass(*at, raw, why);
            continue;
        }
        let mut row = Row::read(body, places, numbered == Numbered::Yes);
        if numbered != Numbered::Yes
            && row.only_unit()
            && (numbered == Numbered::Outline || body.ends_with(':'))
        {
            above = row.units();
            reading.pass(*at, raw, Why::UnitAbove);
            continue;
        }
        if *at < begin {
            if !row.only_name() {
                reading.pass(*at, raw, Why::Heading);
                continue;
            }
            row.doubt();
        }
        let people = row.people();
        if people.is_empty() {
            reading.pass(*at, raw, Why::NoName);
            continue;
        }
        let mut entered = false;
        for mut person in people {
            person.unit = person.unit.or_else(|| above.clone());
            entered |= reading.enter(person, *at);
        }
        if !entered {
            reading.pass(*at, raw, Why::TakesBack);
        }
    }
    reading
}

fn is_marker(plain: &str) -> bool {
    let plain = plain.trim_start_matches(['#', ' ', '*', '(']);
    plain.starts_with("接龙") || plain.to_ascii_lowercase().starts_with("group note")
}

/// Lines that are known by how they begin.
fn known(plain: &str, body: &str, numbered: Numbered) -> Option<Why> {
    let begins = |words: &[&str], then: fn(&str) -> bool| {
        let body = body.trim_start_matches(['(', ' ', '*', '#']);
        let rests = words.iter().filter_map(|word| body.strip_prefix(word));
        rests
            .map(|rest| rest.trim_start_matches([' ', ')']))
            .any(then)
    };
    if body.is_empty() {
        return Some(Why::Empty);
    }
    if is_marker(plain) {
        return Some(Why::Heading);
    }
    if begins(EXAMPLE, |rest| !rest.starts_with(is_han)) {
        return Some(Why::Example);
    }
    if begins(TOTAL, |rest| rest.contains(|c: char| c.is_ascii_digit()))
        && body.contains(['人', '名', '位', ':'])
        || begins(TOTAL, |rest| {
            rest.trim_start_matches(':').trim().parse::<u32>().is_ok()
        })
    {
        return Some(Why::Total);
    }
    let about = numbered != Numbered::Yes
        && begins(HEADING, |rest| rest.is_empty() || rest.starts_with(':'));
    about.then_some(Why::Heading)
}

fn last_number(body: &str) -> Option<u32> {
    let mut numbers = body
        .split(|c: char| !c.is_ascii_digit())
        .filter(|digits| !digits.is_empty());
    numbers.next_back()?.parse().ok()
}

/// Whether a line has a number before it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Numbered {
    Yes,
    /// 一、 as people number parts.
    Outline,
    No,
}

/// The number before a line, and the rest.
fn number(plain: &str) -> (Numbered, &str) {
    let line = plain.trim_start_matches(['-', '*', '·', '#', ' ', '、', '.', '@']);
    let open = line.strip_prefix('(').unwrap_or(line);
    let digits = open.len() - open.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let phone = matches!(cut(open).first(), Some(Piece::Phone(_)));
    if (1..=4).contains(&digits) && !phone {
        let rest = &open[digits..];
        let signs = rest.trim_start_matches(['.', '、', ')', ':', ',', '-', '_', ' ', '/', '|']);
        let sign = &rest[..rest.len() - signs.len()];
        // 9.12 is a date, 9月 too, and 40人 counts.
        let counts = sign.trim().is_empty()
            && signs.starts_with(|c| "月日号年点时人个名位岁元天期届次级班组楼栋".contains(c));
        let phone = matches!(cut(signs).first(), Some(Piece::Phone(_)));
        let date = signs.starts_with(|c: char| c.is_ascii_digit())
            && !phone
            && !sign.contains(['、', ')', ' ']);
        if !(counts || date || sign.is_empty() && phone) {
            return (Numbered::Yes, signs.trim());
        }
    }
    let han = open.trim_start_matches(|c| "一二三四五六七八九十".contains(c));
    let sign = han.starts_with(['、', '.', ')']) && han.len() < open.len();
    if sign {
        return (
            Numbered::Outline,
            han.trim_start_matches(['、', '.', ')', ' ']),
        );
    }
    (Numbered::No, line)
}
