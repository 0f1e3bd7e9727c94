//! What a run of 汉字 is: a name, a unit, a word, or several of them run together.

use std::collections::BTreeSet;

use super::surnames;
use super::words::{
    BACK, BACK_BESIDE, FOR_OTHERS, NEVER, REMARK_STARTS, TITLES, UNIT_ENDS, UNITS, no_names,
};
use crate::forms::Divisions;

/// A run longer than this is a sentence.
const LONGEST: usize = 40;

/// What a run holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Item {
    /// A name; whether there is hardly a doubt.
    Name(String, bool),
    /// A place that is called like a person.
    Either(String),
    /// A unit or a place.
    Unit(String),
    /// The name beside it is taken back.
    Back,
    /// A post, a word, a remark.
    Remark(String),
    /// Nobody knows.
    Unknown(String),
}

/// Places that are known by name.
#[derive(Debug, Default)]
pub struct Places(BTreeSet<String>);

impl Places {
    /// Those of a division table, with and without 街道, 镇, 乡, 村, 社区.
    pub fn of(divisions: &Divisions) -> Self {
        let mut places = BTreeSet::new();
        for division in divisions.all() {
            for name in [&division.name, &division.short] {
                places.insert(name.clone());
            }
            let core = ["土家族乡", "街道", "社区", "镇", "乡", "村"];
            let core = core.iter().find_map(|end| division.short.strip_suffix(end));
            places.extend(
                core.filter(|core| core.chars().count() > 1)
                    .map(str::to_owned),
            );
        }
        Self(places)
    }

    fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// Whether a text begins with the name of a place.
    fn begin(&self, text: &str) -> bool {
        ends(text).skip(1).any(|end| self.has(&text[..end]))
    }
}

/// Byte positions behind each character.
fn ends(text: &str) -> impl DoubleEndedIterator<Item = usize> + '_ {
    text.char_indices().map(|(at, c)| at + c.len_utf8())
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// Whether a text can be a name, and whether there is hardly a doubt.
pub(super) fn name(text: &str) -> Option<bool> {
    if text.contains('·') {
        return dotted(text);
    }
    let many = length(text);
    if !(2..=5).contains(&many) || no_names().any(|word| word == text) {
        return None;
    }
    let surname = surnames::compound(text).filter(|surname| *surname < many);
    let compound = surname.is_some();
    let mut rest = text.chars();
    if !compound && !rest.next().is_some_and(surnames::single) {
        return None;
    }
    if rest.clone().any(|c| NEVER.contains(c))
        || compound && text.chars().any(|c| NEVER.contains(c))
    {
        return None;
    }
    let worded = no_names().any(|word| length(word) == 2 && text.starts_with(word));
    let given = many - surname.unwrap_or(1);
    let double = || text.chars().nth(1).is_some_and(surnames::single);
    match (compound, given) {
        (_, 1 | 2) => Some(compound || !worded),
        (false, 3) if worded => None,
        (false, 3) => Some(double()),
        (true, 3) => Some(false),
        _ => None,
    }
}

fn dotted(text: &str) -> Option<bool> {
    let parts: Vec<&str> = text.split('·').collect();
    let whole = length(text) <= 20 && parts.iter().all(|part| length(part) > 0);
    let plain = parts
        .iter()
        .all(|part| !unit(part) && !part.chars().any(|c| NEVER.contains(c)));
    if !whole || !plain || length(parts[0]) < 2 {
        return None;
    }
    // Two people with a dot between them look like one from far away.
    Some(!parts.iter().all(|part| name(part) == Some(true)))
}

fn unit(text: &str) -> bool {
    let long = length(text) > 2;
    UNITS.contains(&text) || long && UNIT_ENDS.iter().any(|end| text.ends_with(end))
}

/// What a run of 汉字 holds, in its order.
pub(super) fn items(run: &str, places: &Places) -> Vec<Item> {
    let one = |item| vec![item];
    if length(run) > LONGEST {
        return one(Item::Unknown(run.to_owned()));
    }
    if BACK.contains(&run) {
        return one(Item::Back);
    }
    if places.has(run) {
        return one(match name(run) {
            Some(_) if length(run) == 2 => Item::Either(run.to_owned()),
            _ => Item::Unit(run.to_owned()),
        });
    }
    if TITLES.contains(&run) || REMARK_STARTS.contains(&run) || no_names().any(|word| word == run) {
        return one(Item::Remark(run.to_owned()));
    }
    if FOR_OTHERS.iter().any(|end| run.ends_with(end)) {
        return one(Item::Remark(run.to_owned()));
    }
    for word in BACK_BESIDE {
        let beside = run.strip_prefix(word).or_else(|| run.strip_suffix(word));
        if let Some(rest) = beside.filter(|rest| length(rest) > 1) {
            let mut all = items(rest, places);
            let at = if run.starts_with(word) { 0 } else { all.len() };
            all.insert(at, Item::Back);
            return all;
        }
    }
    if run.contains('·') && name(run).is_none() {
        let parts = run.split('·').filter(|part| !part.is_empty());
        return parts.flat_map(|part| items(part, places)).collect();
    }
    if let Some(both) = before_place(run, places) {
        return both;
    }
    if unit(run) {
        return one(Item::Unit(run.to_owned()));
    }
    titled(run)
        .or_else(|| name(run).map(|sure| one(Item::Name(run.to_owned(), sure && !glued(run)))))
        .or_else(|| behind(run, places))
        .or_else(|| before(run))
        .or_else(|| joined(run))
        .unwrap_or_else(|| one(Item::Unknown(run.to_owned())))
}

/// A name with a post behind it, or 李主席, of whom half the name is known.
fn titled(run: &str) -> Option<Vec<Item>> {
    let title = TITLES
        .iter()
        .filter(|title| run.ends_with(**title))
        .max_by_key(|title| title.len())?;
    let rest = run.strip_suffix(title)?;
    let half = length(rest) == 1 && rest.chars().all(surnames::single);
    let known = rest
        .strip_prefix(['老', '小'])
        .is_some_and(|rest| length(rest) == 1);
    match name(rest) {
        Some(sure) if !unit(rest) => Some(vec![
            Item::Name(rest.to_owned(), sure),
            Item::Remark((*title).to_owned()),
        ]),
        // 刘文书 may be a whole name.
        _ if half || known || length(rest) < 2 && name(run).is_some() => {
            Some(vec![Item::Name(run.to_owned(), false)])
        }
        // 石总, 代姐: short titles end names too.
        _ if length(title) < 2 => None,
        _ => Some(vec![Item::Remark(run.to_owned())]),
    }
}

/// 张丽王芳 may be two people.
fn glued(run: &str) -> bool {
    let third = || run.chars().nth(2).is_some_and(surnames::single);
    length(run) == 4 && surnames::compound(run).is_none() && third()
}

/// A unit or a post with a name behind it: 诗仙社区妇联主席张三.
fn behind(run: &str, places: &Places) -> Option<Vec<Item>> {
    let cuts = ends(run).rev().filter(|end| *end < run.len());
    for end in cuts {
        let (head, rest) = run.split_at(end);
        let short = UNIT_ENDS
            .iter()
            .filter(|end| head.ends_with(**end))
            .all(|end| length(end) < 2);
        let place = places.has(head) || unit(head) && (!short || length(head) > 2);
        let post = TITLES
            .iter()
            .any(|title| length(title) > 1 && head.ends_with(title));
        if (place || post)
            && let Some(sure) = name(rest)
        {
            let mut all = if place {
                vec![Item::Unit(head.to_owned())]
            } else {
                posts(head)
            };
            all.push(Item::Name(rest.to_owned(), sure));
            return Some(all);
        }
    }
    None
}

/// 诗仙社区妇联主席 as unit and post.
fn posts(head: &str) -> Vec<Item> {
    let unit_end = ends(head).rev().find(|end| unit(&head[..*end]));
    match unit_end {
        Some(end) => vec![
            Item::Unit(head[..end].to_owned()),
            Item::Remark(head[end..].to_owned()),
        ],
        None => vec![Item::Remark(head.to_owned())],
    }
}

/// Where a name may end, with how sure it is, and what stands behind it.
fn heads(run: &str) -> impl Iterator<Item = (&str, bool, &str)> {
    let cuts = ends(run).filter(|end| *end < run.len()).skip(1).take(3);
    cuts.filter_map(|end| {
        let (head, rest) = run.split_at(end);
        Some((head, name(head)?, rest))
    })
}

/// A name with a place behind it: 张三天城街道.
fn before_place(run: &str, places: &Places) -> Option<Vec<Item>> {
    let mut heads = heads(run).filter(|(head, ..)| !places.has(head));
    let (head, sure, place) =
        heads.find(|(_, _, rest)| places.begin(rest) && (places.has(rest) || unit(rest)))?;
    Some(vec![
        Item::Name(head.to_owned(), sure),
        Item::Unit(place.to_owned()),
    ])
}

/// A name with a remark behind it: 张三已接种.
fn before(run: &str) -> Option<Vec<Item>> {
    let mut heads = heads(run);
    let (head, sure, remark) =
        heads.find(|(_, _, rest)| REMARK_STARTS.iter().any(|start| rest.starts_with(start)))?;
    Some(vec![
        Item::Name(head.to_owned(), sure),
        Item::Remark(remark.to_owned()),
    ])
}

/// 张三和李四.
fn joined(run: &str) -> Option<Vec<Item>> {
    for (at, c) in run
        .char_indices()
        .filter(|(_, c)| "和与及跟同".contains(*c))
    {
        let (one, two) = (&run[..at], &run[at + c.len_utf8()..]);
        if let (Some(sure), Some(also)) = (name(one), name(two)) {
            return Some(vec![
                Item::Name(one.to_owned(), sure),
                Item::Name(two.to_owned(), also),
            ]);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::Registers;

    fn read(run: &str) -> String {
        let places = Places::of(Registers::builtin().divisions());
        let shown = items(run, &places).into_iter().map(|item| match item {
            Item::Name(name, true) => format!("!{name}"),
            Item::Name(name, false) => format!("?{name}"),
            Item::Either(name) => format!("={name}"),
            Item::Unit(unit) => format!("@{unit}"),
            Item::Back => "-".to_owned(),
            Item::Remark(text) => format!("({text})"),
            Item::Unknown(text) => format!("~{text}"),
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_run_is_told_apart() {
        for (run, wanted) in [
            ("张晓琴", "!张晓琴"),
            ("欧阳娜娜", "!欧阳娜娜"),
            ("买买提·艾力", "!买买提·艾力"),
            ("陈李小红", "!陈李小红"),
            ("张丽王芳", "?张丽王芳"),
            ("天城街道", "@天城街道"),
            ("龙驹镇", "@龙驹镇"),
            ("高峰", "=高峰"),
            ("已接种", "~已接种"),
            ("收到", "(收到)"),
            ("李主席", "?李主席"),
            ("张晓琴主任", "!张晓琴 (主任)"),
            ("副主席", "(副主席)"),
            ("取消张三", "- !张三"),
            ("张三退出接龙", "!张三 -"),
            ("诗仙社区张三", "@诗仙社区 !张三"),
            ("诗仙社区妇联主席张三", "@诗仙社区妇联 (主席) !张三"),
            ("张三天城街道", "!张三 @天城街道"),
            ("张三已接种", "!张三 (已接种)"),
            ("张三和李四", "!张三 !李四"),
            ("李和平", "!李和平"),
            ("高兴参加", "~高兴参加"),
            ("方便面", "?方便面"),
            ("周家坝", "@周家坝"),
            ("区妇联", "@区妇联"),
        ] {
            assert_eq!(read(run), wanted, "{run}");
        }
    }
}
