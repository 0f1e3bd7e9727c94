//! Who a line means: one known person, several of one name, or nobody known.

use super::chain::Line;
use crate::record::RecordId;

/// A known person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Candidate {
    /// Her record.
    pub id: RecordId,
    /// Her name.
    pub name: String,
    /// Her unit in words: place, organisation, employer, whatever is known.
    pub unit: String,
    /// Her telephone, or empty.
    pub phone: String,
}

/// Where known people are looked up.
pub trait People {
    /// All of exactly this name.
    fn named(&self, name: &str) -> Vec<Candidate>;
}

/// Whom a line means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Found {
    /// Her: the only one of that name, or the only one whose telephone or unit fits.
    Matched(Candidate),
    /// One of these, the likeliest first: a person decides. One alone whom telephone and unit speak against, too.
    Ambiguous(Vec<Candidate>),
    /// Nobody of that name is known.
    Unknown,
}

/// How a candidate fits, the greater the better.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    phone: bool,
    unit: bool,
}

/// Looks up whom a line means.
pub fn find(line: &Line, people: &impl People) -> Found {
    let mut known: Vec<(Fit, Candidate)> = people
        .named(&line.name)
        .into_iter()
        .map(|candidate| (fit(line, &candidate), candidate))
        .collect();
    known.sort_by(|(one, a), (two, b)| two.cmp(one).then_with(|| a.id.cmp(&b.id)));
    let best = match &known[..] {
        [] => return Found::Unknown,
        [(_, only)] => !against(line, only),
        [(one, _), (two, _), ..] => one > two,
    };
    let mut known = known.into_iter().map(|(_, candidate)| candidate);
    match known.next() {
        Some(first) if best => Found::Matched(first),
        first => Found::Ambiguous(first.into_iter().chain(known).collect()),
    }
}

fn fit(line: &Line, candidate: &Candidate) -> Fit {
    Fit {
        phone: line
            .phone
            .as_deref()
            .is_some_and(|phone| !phone.is_empty() && phone == candidate.phone),
        unit: line
            .unit
            .as_deref()
            .is_some_and(|unit| fits(unit, &candidate.unit)),
    }
}

/// Whether telephone and unit are known on both sides and neither fits.
fn against(line: &Line, candidate: &Candidate) -> bool {
    let Fit { phone, unit } = fit(line, candidate);
    let known = line.phone.is_some() && line.unit.is_some();
    known && !candidate.phone.is_empty() && !candidate.unit.is_empty() && !phone && !unit
}

/// Whether one unit is said in the words of another: 诗仙 in 天城街道诗仙社区; of several words each.
fn fits(written: &str, known: &str) -> bool {
    if known.is_empty() {
        return false;
    }
    let core = |word: &str| {
        let ends = ["街道", "社区", "镇", "乡", "村"];
        let core = ends.iter().find_map(|end| word.strip_suffix(end));
        core.filter(|core| core.chars().count() > 1)
            .unwrap_or(word)
            .to_owned()
    };
    let mut words = written.split_whitespace().peekable();
    words.peek().is_some() && words.all(|word| known.contains(&core(word)) || word.contains(known))
}

#[cfg(test)]
mod tests {
    use super::super::chain::State;
    use super::*;

    struct Known(Vec<Candidate>);

    impl People for Known {
        fn named(&self, name: &str) -> Vec<Candidate> {
            self.0
                .iter()
                .filter(|one| one.name == name)
                .cloned()
                .collect()
        }
    }

    fn known() -> Known {
        let people = [
            ("王芳", "天城街道诗仙社区", "13800000001"),
            ("王芳", "五桥街道", "13800000002"),
            ("谭晓琴", "天城街道", "13800000003"),
        ];
        let people = people
            .iter()
            .zip(1u8..)
            .map(|((name, unit, phone), at)| Candidate {
                id: RecordId([at; 16]),
                name: (*name).to_owned(),
                unit: (*unit).to_owned(),
                phone: (*phone).to_owned(),
            });
        Known(people.collect())
    }

    fn found(name: &str, unit: Option<&str>, phone: Option<&str>) -> (char, Vec<u8>) {
        let line = Line {
            name: name.to_owned(),
            unit: unit.map(str::to_owned),
            phone: phone.map(str::to_owned),
            remark: String::new(),
            line: 1,
            extra: 0,
            state: State::Taken,
        };
        match find(&line, &known()) {
            Found::Matched(one) => ('=', vec![one.id.0[0]]),
            Found::Ambiguous(all) => ('?', all.iter().map(|one| one.id.0[0]).collect()),
            Found::Unknown => ('-', Vec::new()),
        }
    }

    #[test]
    fn the_only_one_of_a_name_is_meant() {
        assert_eq!(found("谭晓琴", None, None), ('=', vec![3]));
        assert_eq!(found("谭晓琴", None, Some("13800000009")), ('=', vec![3]));
        assert_eq!(found("谭秀英", None, None), ('-', vec![]));
    }

    #[test]
    fn unless_telephone_and_unit_speak_against_her() {
        assert_eq!(
            found("谭晓琴", Some("五桥街道"), Some("13800000009")),
            ('?', vec![3])
        );
    }

    #[test]
    fn of_several_the_telephone_or_the_unit_tells() {
        assert_eq!(found("王芳", None, Some("13800000002")), ('=', vec![2]));
        assert_eq!(found("王芳", Some("诗仙"), None), ('=', vec![1]));
        assert_eq!(
            found("王芳", Some("天城街道 诗仙社区"), None),
            ('=', vec![1])
        );
        assert_eq!(
            found("王芳", Some("天城"), Some("13800000002")),
            ('=', vec![2])
        );
    }

    #[test]
    fn else_a_person_decides_the_likeliest_first() {
        assert_eq!(found("王芳", None, None), ('?', vec![1, 2]));
        assert_eq!(found("王芳", Some("龙驹镇"), None), ('?', vec![1, 2]));
    }
}
