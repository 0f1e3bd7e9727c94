//! What one cadre does in a year, as acts in the order of time: families found, visits paid, needs written down and
//! handled. Plain fields by name, as `jinguo add` reads them; nothing is stored here.

use serde_json::{Value, json};

use super::acts::{Act, Group, ended, fields, person};
use super::calendar::{self, Day, moment, text, working_day};
use super::dice::Dice;
use super::families::Family;
use super::handling;
use super::notes::{Notes, Subject};
use super::orgs::Orgs;
use super::wants::{Wants, on_the_spot};
use crate::forms::day;
use crate::record::RecordId;

/// A cadre of the demonstration.
#[derive(Clone, Debug)]
pub struct Author {
    /// Her name.
    pub name: &'static str,
    /// Her unit's division code.
    pub unit: &'static str,
    /// Her post: the code.
    pub role: &'static str,
    /// How much she works, in percent of the usual.
    pub zeal: usize,
}

/// A family that she knows.
struct Known {
    family: Family,
    household: RecordId,
    people: Vec<RecordId>,
    last: Day,
}

/// One cadre's year.
pub struct Year<'a> {
    author: &'a Author,
    community: bool,
    orgs: &'a Orgs,
    dice: Dice,
    notes: Notes,
    wants: Wants,
    known: Vec<Known>,
    groups: Vec<Group>,
}

/// What a note says was made known: the codes.
fn publicity(note: &str) -> Value {
    let items: Vec<&str> = [
        ("12338", "law"),
        ("两癌免费", "two_cancer"),
        ("家庭教育", "parenting"),
        ("诈骗", "fraud"),
        ("招工", "jobs"),
        ("零工意向", "jobs"),
        ("担保贷款", "policy"),
        ("医保缴费", "policy"),
        ("养老保险认证", "policy"),
    ]
    .iter()
    .filter(|(word, _)| note.contains(word))
    .map(|(_, item)| *item)
    .collect();
    if items.is_empty() {
        Value::Null
    } else {
        json!(items)
    }
}

impl<'a> Year<'a> {
    /// The year of `author` in a village or community, up to and with `today`.
    pub fn new(author: &'a Author, community: bool, orgs: &'a Orgs, dice: &Dice) -> Self {
        Self {
            author,
            community,
            orgs,
            dice: dice.part(author.name),
            notes: Notes::default(),
            wants: Wants::default(),
            known: Vec::new(),
            groups: Vec::new(),
        }
    }

    /// All that she does up to `now` (milliseconds since 1970): about 220 families, 520 visits and 110 needs at scale 1
    /// and full zeal.
    pub fn groups(mut self, now: u64, scale: f64) -> Vec<Group> {
        let today = calendar::day_of(now);
        let amount = |usual: f64| (usual * scale * self.author.zeal as f64 / 100.0).ceil() as usize;
        let (visits, families) = (amount(520.0), amount(220.0));
        let sittings = calendar::outings(today, 300, visits.div_ceil(5), &mut self.dice);
        let mut left = visits;
        for (i, day) in sittings.iter().enumerate() {
            let share = left.div_ceil(sittings.len() - i);
            let count =
                (share as i64 + self.dice.between(-2, 2)).clamp(1, left.max(1) as i64) as usize;
            let count = if i + 1 == sittings.len() {
                left
            } else {
                count.min(left)
            };
            left -= count;
            self.sitting(*day, count, families);
        }
        self.sitting(today, 2, families);
        // What would be done only later, also later today, is not done yet.
        self.groups.retain(|group| group[0].at <= now);
        self.groups.sort_by_key(|group| group[0].at);
        self.groups
    }

    /// The visits of one day, typed in the evening.
    fn sitting(&mut self, day: Day, count: usize, families: usize) {
        let mut minute = self.dice.between(16 * 60 + 30, 19 * 60) as u64;
        for _ in 0..count {
            let at = moment(day, minute) + self.dice.below(50_000) as u64;
            minute += self.dice.between(5, 14) as u64;
            let finds =
                self.known.len() < families && (self.known.is_empty() || self.dice.chance(55));
            let known = if finds {
                self.find(at, day)
            } else {
                self.call_again(day)
            };
            self.visit(at + 90_000, day, known);
        }
    }

    fn id(&mut self, at: u64) -> RecordId {
        RecordId::v7(at, self.dice.bytes())
    }

    /// A family that she meets for the first time.
    fn find(&mut self, at: u64, day: Day) -> usize {
        let (year, ..) = day::civil(day);
        let family = Family::new(self.community, year as i16, &mut self.dice);
        let household = self.id(at);
        let [population, women, minors, elders] = family.count;
        let mut group = vec![Act {
            at,
            register: "household",
            id: household,
            new: true,
            fields: fields([
                ("head_name", json!(family.head)),
                ("address_detail", json!(family.address)),
                ("phone", json!(family.phone)),
                ("population", json!(population)),
                ("women_18_plus", json!(women)),
                ("minors", json!(minors)),
                ("elders_60_plus", json!(elders)),
                ("low_income_type", json!(family.low_income)),
                ("household_colour", json!(family.colour)),
                ("contact_tier", json!(family.tier)),
            ]),
        }];
        let mut people = Vec::new();
        for (i, member) in family.members.iter().enumerate() {
            let at = at + 20_000 * (i as u64 + 1);
            let id = self.id(at);
            people.push(id);
            group.push(Act {
                at,
                register: "person",
                id,
                new: true,
                fields: person(member, household, &family, day),
            });
        }
        self.groups.push(group);
        self.known.push(Known {
            family,
            household,
            people,
            last: day,
        });
        self.known.len() - 1
    }

    /// A family that she knows and has not seen for the longest of a few.
    fn call_again(&mut self, day: Day) -> usize {
        let few: Vec<usize> = (0..4).map(|_| self.dice.below(self.known.len())).collect();
        let chosen = few
            .into_iter()
            .min_by_key(|i| self.known[*i].last)
            .unwrap_or(0);
        self.known[chosen].last = day;
        chosen
    }

    fn visit(&mut self, at: u64, day: Day, known: usize) {
        let mode = self
            .dice
            .weighed(&[("01", 78), ("02", 9), ("03", 5), ("05", 3), ("07", 5)]);
        let result = match mode {
            "01" => self
                .dice
                .weighed(&[("01", 84), ("02", 9), ("03", 6), ("04", 1)]),
            _ => "01",
        };
        let met = matches!(result, "01" | "02");
        let campaign = self
            .dice
            .weighed(&[("02", 70), ("04", 14), ("05", 10), ("03", 6)]);
        let id = self.id(at);
        let needs = met && self.dice.chance(21);
        let need = self.id(at + 40_000);
        let family = &self.known[known].family;
        let (household, person) = (self.known[known].household, self.known[known].people[0]);
        let subject = Subject {
            group: family.group,
            facts: &family.facts,
            mode,
            result,
        };
        let summary = self.notes.write(&subject, &mut self.dice);
        let campaign = if summary.contains("送去") {
            "06"
        } else {
            campaign
        };
        let mut group = vec![Act {
            at,
            register: "visit",
            id,
            new: true,
            fields: fields([
                ("visit_date", json!(text(day))),
                ("visit_campaign", json!(campaign)),
                ("visit_mode", json!(mode)),
                ("target_kind", json!("household")),
                ("household_id", json!(household.to_string())),
                ("person_id", json!(person.to_string())),
                ("visit_result", json!(result)),
                (
                    "key_groups",
                    if met {
                        json!(family.members[0].groups)
                    } else {
                        Value::Null
                    },
                ),
                ("summary", json!(summary)),
                ("has_need", if met { json!(needs) } else { Value::Null }),
                ("publicity_items", publicity(&summary)),
                (
                    "aid_kind",
                    if campaign == "06" {
                        json!(["goods"])
                    } else {
                        Value::Null
                    },
                ),
            ]),
        }];
        let mut later = Vec::new();
        if needs {
            let at = at + 40_000;
            let (want, ask) = self.wants.ask(family.group, &family.facts, &mut self.dice);
            let level = self
                .dice
                .weighed(&[("0", 22), ("1", 48), ("2", 20), ("3", 5), ("4", 5)]);
            let urgency = self.dice.weighed(&[("3", 76), ("2", 20), ("1", 4)]);
            let due = working_day(
                day + match (urgency, level) {
                    ("1", _) => 1,
                    ("2", _) => 7,
                    (_, "3" | "4") => 60,
                    _ => 15,
                },
            );
            let mut first = fields([
                ("visit_id", json!(id.to_string())),
                ("source_channel", json!("visit")),
                ("raised_on", json!(text(day))),
                ("person_id", json!(person.to_string())),
                ("need_category", json!(want.category)),
                ("urgency", json!(urgency)),
                ("description", json!(ask)),
                ("handling_level", json!(level)),
                ("due_on", json!(text(due))),
                ("need_status", json!("10")),
            ]);
            let facts = family.facts.clone();
            if level == "0" {
                first.extend(ended(
                    on_the_spot(&facts, &mut self.dice),
                    "01",
                    day,
                    &mut self.dice,
                ));
            } else if let Some(org) = self.orgs.get(&self.code_of(level)) {
                first.insert("assigned_org".to_owned(), json!(org.to_string()));
            }
            group.push(Act {
                at,
                register: "need",
                id: need,
                new: true,
                fields: first,
            });
            if level != "0" {
                later = handling::steps(need, want, &facts, day, &mut self.dice);
            }
        }
        self.groups.push(group);
        self.groups.extend(later);
    }

    /// Whose level that is, seen from her unit: its division code.
    fn code_of(&self, level: &str) -> String {
        let unit = self.author.unit;
        match level {
            "1" => unit.to_owned(),
            "2" => format!("{}000", &unit[..9]),
            _ => format!("{}000000", &unit[..6]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AUTHOR: Author = Author {
        name: "谭素芳",
        unit: "500101028008",
        role: "01",
        zeal: 100,
    };

    fn year(scale: f64) -> Vec<Group> {
        let orgs = Orgs::from([
            ("500101028008".to_owned(), RecordId([1; 16])),
            ("500101028000".to_owned(), RecordId([2; 16])),
            ("500101000000".to_owned(), RecordId([3; 16])),
        ]);
        Year::new(&AUTHOR, true, &orgs, &Dice::new(133)).groups(moment(20_780, 23 * 60), scale)
    }

    #[test]
    fn a_year_has_its_families_visits_and_needs_in_the_order_of_time() {
        let groups = year(1.0);
        let count = |register| {
            groups
                .iter()
                .flatten()
                .filter(|act| act.new && act.register == register)
                .count()
        };
        assert!(
            (200..=220).contains(&count("household")),
            "{}",
            count("household")
        );
        assert!((500..=560).contains(&count("visit")), "{}", count("visit"));
        assert!(
            count("person") > 230 && (70..160).contains(&count("need")),
            "{} {}",
            count("person"),
            count("need")
        );
        assert!(groups.is_sorted_by_key(|group| group[0].at));
        let notes: std::collections::BTreeSet<&str> = groups
            .iter()
            .flatten()
            .filter_map(|act| act.fields.get("summary")?.as_str())
            .collect();
        assert!(
            notes.len() * 10 > count("visit") * 9,
            "only {} different notes",
            notes.len()
        );
    }

    #[test]
    fn what_is_changed_was_made_before() {
        let mut made = std::collections::BTreeSet::new();
        for act in year(0.3).iter().flatten() {
            assert_eq!(made.insert(act.id), act.new, "{act:?}");
        }
    }
}
