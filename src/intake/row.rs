//! One line of a list: whom it names, and what else it says of each.

use super::han::{Item, Places, items, name};
use super::pieces::{Piece, cut};
use super::surnames;
use super::words::{LABELS, Label, NEVER};

/// A person of a line.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Person {
    pub name: String,
    pub sure: bool,
    pub unit: Option<String>,
    pub phone: Option<String>,
    pub remark: String,
    pub extra: u32,
    pub back: bool,
}

/// What a line holds, in its order.
#[derive(Debug, Default)]
pub(super) struct Row {
    parts: Vec<Part>,
    /// Names in brackets: 小雨妈妈（张三）.
    aside: Vec<String>,
    numbered: bool,
    doubted: bool,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Part {
    Han(Item),
    Phone(String),
    Plus(u32),
}

impl Row {
    /// Reads a line without its number.
    pub(super) fn read(body: &str, places: &Places, numbered: bool) -> Self {
        let mut row = Self {
            numbered,
            ..Self::default()
        };
        row.pieces(&cut(body), places);
        row.settle();
        row
    }

    fn pieces(&mut self, pieces: &[Piece], places: &Places) {
        let mut label = None;
        let mut at = 0;
        while at < pieces.len() {
            let mut used = 1;
            match &pieces[at] {
                Piece::Mark(_) => {}
                Piece::Phone(number) => self.parts.push(Part::Phone(number.clone())),
                Piece::Plus(many) => self.parts.push(Part::Plus(*many)),
                Piece::Bracket(inner) => self.bracket(inner, places),
                Piece::Other(text) => {
                    let next = match pieces.get(at + 1) {
                        Some(Piece::Han(run)) => Some(run),
                        _ => None,
                    };
                    let counted = next.filter(|run| {
                        text.ends_with(|c: char| c.is_ascii_digit())
                            && run.starts_with(|c| {
                                "月日号年点时人个名位岁元间晚天份室楼栋组班期届分次级社".contains(c)
                            })
                    });
                    let short = text.len() <= 3 && text.bytes().all(|c| c.is_ascii_digit());
                    if let Some(run) = counted {
                        self.remark(format!("{text}{run}"));
                        used = 2;
                    } else if !(short && numbers(pieces, at)) {
                        self.remark(text.clone());
                    }
                }
                Piece::Han(run) => {
                    used = self.run(run, &pieces[at + 1..], &mut label, places) + 1;
                }
            }
            at += used;
        }
    }

    /// A run of 汉字; how many of the pieces behind it are used too.
    fn run(
        &mut self,
        run: &str,
        behind: &[Piece],
        label: &mut Option<Label>,
        places: &Places,
    ) -> usize {
        let blanks = behind
            .iter()
            .take_while(|piece| **piece == Piece::Mark(' '))
            .count();
        let next = match behind.get(blanks) {
            Some(Piece::Han(next)) => Some(next.as_str()),
            _ => None,
        };
        if label.is_none()
            && let Some((_, known)) = LABELS.iter().find(|(word, _)| *word == run)
        {
            let colon = behind.get(blanks) == Some(&Piece::Mark(':'));
            // 街道 or 参加 without a colon are words.
            if colon || !matches!(known, Label::People | Label::Unit) {
                *label = Some(*known).filter(|known| *known != Label::People);
                return blanks + usize::from(colon);
            }
        }
        match label.take() {
            Some(Label::Unit) => {
                self.parts.push(Part::Han(Item::Unit(run.to_owned())));
                return 0;
            }
            Some(Label::Name) if (2..=6).contains(&run.chars().count()) => {
                self.parts.push(Part::Han(Item::Name(run.to_owned(), true)));
                return 0;
            }
            Some(Label::Remark) => {
                self.remark(run.to_owned());
                return 0;
            }
            _ => {}
        }
        // 张 三, as people align names of two characters.
        let surname = run.chars().count() == 1 && run.chars().all(surnames::single);
        if surname
            && blanks > 0
            && let Some(next) = next
        {
            let whole = format!("{run}{next}");
            let given = next.chars().count();
            if given == 1 || given == 2 && matches!(items(next, places)[..], [Item::Unknown(_)]) {
                let sure = name(&whole).unwrap_or(false);
                self.parts.push(Part::Han(Item::Name(whole, sure)));
                return blanks + 1;
            }
        }
        let found = items(run, places);
        // 买买提.艾力
        if let ([Item::Unknown(one)], [Piece::Mark('.'), Piece::Han(two), ..]) =
            (&found[..], behind)
            && one.chars().count() <= 6
            && two.chars().count() <= 6
            && !one.chars().chain(two.chars()).any(|c| NEVER.contains(c))
        {
            self.parts
                .push(Part::Han(Item::Name(format!("{one}·{two}"), false)));
            return 2;
        }
        self.parts.extend(found.into_iter().map(Part::Han));
        0
    }

    fn bracket(&mut self, inner: &str, places: &Places) {
        if inner.trim().bytes().all(|c| c.is_ascii_digit()) && inner.trim().len() <= 3 {
            return;
        }
        let mut within = Self::default();
        within.pieces(&cut(inner), places);
        let names = within
            .parts
            .iter()
            .any(|part| matches!(part, Part::Han(Item::Name(..))));
        let kept = |part: &Part| {
            matches!(
                part,
                Part::Phone(_)
                    | Part::Plus(_)
                    | Part::Han(Item::Unit(_) | Item::Back | Item::Either(_))
            )
        };
        match &within.parts[..] {
            [Part::Han(Item::Name(name, _))] => {
                self.aside.push(name.clone());
                self.remark(inner.trim().to_owned());
            }
            parts if !names && parts.iter().any(kept) => {
                for part in parts {
                    self.parts.push(match part {
                        Part::Han(Item::Either(place)) => Part::Han(Item::Unit(place.clone())),
                        part => part.clone(),
                    });
                }
            }
            _ => self.remark(inner.trim().to_owned()),
        }
    }

    fn remark(&mut self, text: String) {
        if !text.is_empty() {
            self.parts.push(Part::Han(Item::Remark(text)));
        }
    }

    /// Decides what depends on the rest of the line.
    fn settle(&mut self) {
        let is_name = |part: &Part| matches!(part, Part::Han(Item::Name(..)));
        let told = self
            .parts
            .iter()
            .any(|part| matches!(part, Part::Phone(_) | Part::Han(Item::Unit(_))));
        let mut named = self.parts.iter().any(is_name);
        for part in &mut self.parts {
            if let Part::Han(Item::Either(word)) = part {
                let word = std::mem::take(word);
                *part = Part::Han(if named {
                    Item::Unit(word)
                } else {
                    Item::Name(word, told)
                });
                named = true;
            }
        }
        if named {
            return;
        }
        if self.numbered
            && let [name] = &self.aside[..]
        {
            self.parts
                .retain(|part| *part != Part::Han(Item::Remark(name.clone())));
            self.parts
                .insert(0, Part::Han(Item::Name(name.clone(), false)));
            return;
        }
        let phone = self.parts.iter().any(|part| matches!(part, Part::Phone(_)));
        if !self.numbered && !phone {
            return;
        }
        // A name that no list of surnames holds: 古丽米热.
        let maybe = self.parts.iter().position(|part| match part {
            Part::Han(Item::Unknown(word)) => {
                (2..=6).contains(&word.chars().count()) && !word.chars().any(|c| NEVER.contains(c))
            }
            _ => false,
        });
        if let Some(at) = maybe
            && let Part::Han(Item::Unknown(word)) = &self.parts[at]
        {
            self.parts[at] = Part::Han(Item::Name(word.clone(), false));
        }
    }

    /// Whether it names units and nothing else.
    pub(super) fn only_unit(&self) -> bool {
        let unit = |part: &Part| matches!(part, Part::Han(Item::Unit(_)));
        !self.parts.is_empty() && self.parts.iter().all(unit)
    }

    /// Its units.
    pub(super) fn units(&self) -> Option<String> {
        let units = self.parts.iter().filter_map(|part| match part {
            Part::Han(Item::Unit(unit)) => Some(unit.as_str()),
            _ => None,
        });
        Some(units.collect::<Vec<_>>().join(" ")).filter(|units| !units.is_empty())
    }

    /// Whether it is one name and nothing else.
    pub(super) fn only_name(&self) -> bool {
        matches!(self.parts[..], [Part::Han(Item::Name(..))])
    }

    /// Nobody of it is sure.
    pub(super) fn doubt(&mut self) {
        self.doubted = true;
    }

    /// The people, with what belongs to each.
    pub(super) fn people(&self) -> Vec<Person> {
        let first = |of: fn(&Part) -> bool| self.parts.iter().position(of).unwrap_or(usize::MAX);
        let name_at = first(|part| matches!(part, Part::Han(Item::Name(..))));
        let unit_first = first(|part| matches!(part, Part::Han(Item::Unit(_)))) < name_at;
        let phone_first = first(|part| matches!(part, Part::Phone(_))) < name_at;
        let back_first = first(|part| matches!(part, Part::Han(Item::Back))) < name_at;
        let mut people: Vec<Person> = Vec::new();
        let mut coming = Person::default();
        // Where the people begin to whom the next unit belongs, and whether the last part was a unit.
        let (mut since, mut unit_before) = (0, false);
        for part in &self.parts {
            let is_unit = matches!(part, Part::Han(Item::Unit(_)));
            match part {
                Part::Han(Item::Name(name, sure)) => {
                    let unit = coming.unit.clone();
                    let mut person = std::mem::take(&mut coming);
                    coming.unit = unit.filter(|_| unit_first);
                    (person.name, person.sure, person.back) = (name.clone(), *sure, back_first);
                    people.push(person);
                }
                Part::Han(Item::Unit(unit)) if unit_first => {
                    let known = coming.unit.take().filter(|_| unit_before);
                    coming.unit = Some(join(known, unit));
                }
                Part::Han(Item::Unit(unit)) => {
                    let from = if unit_before {
                        since.min(people.len())
                    } else {
                        people
                            .iter()
                            .rposition(|one| one.unit.is_some())
                            .map_or(0, |at| at + 1)
                    };
                    since = from;
                    let all = people.len();
                    for person in &mut people[from.min(all.saturating_sub(1))..] {
                        person.unit = Some(join(person.unit.take(), unit));
                    }
                }
                Part::Phone(number) => match people.last_mut().filter(|_| !phone_first) {
                    Some(last) if last.phone.is_none() => last.phone = Some(number.clone()),
                    Some(last) => last.say(number),
                    None => coming.phone = Some(number.clone()),
                },
                Part::Plus(many) => people.last_mut().unwrap_or(&mut coming).extra += many,
                Part::Han(Item::Back) => {
                    if let Some(last) = people.last_mut() {
                        last.back = true;
                    }
                }
                Part::Han(Item::Remark(text) | Item::Unknown(text) | Item::Either(text)) => {
                    people.last_mut().unwrap_or(&mut coming).say(text);
                }
            }
            unit_before = is_unit;
        }
        if unit_before
            && unit_first
            && let Some(last) = people.last_mut()
        {
            let more = coming
                .unit
                .take()
                .filter(|unit| last.unit.as_ref() != Some(unit));
            if let Some(more) = more {
                last.unit = Some(join(last.unit.take(), &more));
            }
        }
        self.judge(&mut people, back_first);
        people
    }

    fn judge(&self, people: &mut [Person], back_first: bool) {
        let unclear = !self.numbered && self.is_talk();
        let backs = people.iter().filter(|person| person.back).count();
        let many = people.len();
        for person in people {
            // 张三、李四 取消: both, or one?
            let which = backs > 0 && !back_first && many > 1;
            // 取消 +1: the guest, or all?
            let what = person.back && person.extra > 0;
            if what || which {
                person.back = false;
                person.say("取消");
            }
            if what || which || unclear || self.doubted {
                person.sure = false;
            }
        }
    }

    /// Whether it reads like something said rather than a line of a list.
    fn is_talk(&self) -> bool {
        let long = |part: &Part| matches!(part, Part::Han(Item::Unknown(word)) if word.chars().count() > 4);
        matches!(self.parts.first(), Some(Part::Han(Item::Unknown(_))))
            || self.parts.iter().any(long)
    }
}

impl Person {
    fn say(&mut self, text: &str) {
        if !self.remark.is_empty() {
            self.remark.push(' ');
        }
        self.remark.push_str(text);
    }
}

fn join(one: Option<String>, more: &str) -> String {
    match one {
        Some(one) => format!("{one} {more}"),
        None => more.to_owned(),
    }
}

/// Whether short digits number the name behind them: `2.李四` within a line.
fn numbers(pieces: &[Piece], at: usize) -> bool {
    let before = at == 0 || matches!(pieces[at - 1], Piece::Mark(_) | Piece::Bracket(_));
    let mut behind = pieces[at + 1..].iter();
    let sign = matches!(
        pieces.get(at + 1),
        Some(Piece::Mark('.' | '、' | ')' | ':' | ',' | '-')) | Some(Piece::Han(_))
    );
    let han = behind.find(|piece| !matches!(piece, Piece::Mark(_)));
    before && sign && matches!(han, Some(Piece::Han(_)))
}
