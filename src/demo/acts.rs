//! Acts: one record made or changed, with plain fields by name, as `jinguo add` reads them.

use serde_json::{Map, Value, json};

use super::calendar::{Day, text};
use super::dice::Dice;
use super::families::{Family, Member};
use crate::record::RecordId;

/// Fields by name.
pub type Fields = Map<String, Value>;

/// One record made or changed.
#[derive(Clone, Debug)]
pub struct Act {
    /// When, in milliseconds since 1970.
    pub at: u64,
    /// The register's name.
    pub register: &'static str,
    /// The record.
    pub id: RecordId,
    /// Made now; else changed.
    pub new: bool,
    /// What it holds, or what changes.
    pub fields: Fields,
}

/// Acts that are saved as one, in order.
pub type Group = Vec<Act>;

/// Fields from pairs; `null` ones are left out.
pub fn fields<const N: usize>(pairs: [(&str, Value); N]) -> Fields {
    pairs
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn date((year, month, day): (i16, i8, i8)) -> String {
    format!("{year:04}-{month:02}-{day:02}")
}

/// A need that was handled, told and closed on one day.
pub fn ended(how: String, result: &str, day: Day, dice: &mut Dice) -> Fields {
    let satisfaction = dice.weighed(&[("5", 46), ("4", 38), ("3", 10), ("0", 6)]);
    fields([
        ("need_status", json!("70")),
        ("result", json!(result)),
        ("result_text", json!(how)),
        ("handled_on", json!(text(day))),
        ("fed_back_on", json!(text(day))),
        (
            "feedback_mode",
            json!(dice.weighed(&[("02", 60), ("01", 30), ("03", 10)])),
        ),
        ("satisfaction", json!(satisfaction)),
    ])
}

/// A person of a family, as she is written down on a day.
pub fn person(member: &Member, household: RecordId, family: &Family, day: Day) -> Fields {
    let away = member.spouse_away.as_ref();
    let since = away.map(|(_, months)| text(day - months * 30)[..7].to_owned());
    fields([
        ("name", json!(member.name)),
        ("gender", json!(if member.female { "2" } else { "1" })),
        ("birth_date", json!(date(member.birth))),
        ("id_number", json!(member.resident_id)),
        ("mobile", json!(member.phone)),
        ("household_id", json!(household.to_string())),
        ("family_relation", json!(member.relation)),
        ("key_groups", json!(member.groups)),
        ("marital_status", json!(member.marital)),
        ("low_income_type", json!(family.low_income)),
        ("spouse_away", away.map_or(Value::Null, |_| json!(true))),
        ("spouse_away_place", json!(away.map(|(place, _)| place))),
        ("spouse_away_since", json!(since)),
        ("contact_tier", json!(family.tier)),
        (
            "consent_basis",
            json!(match (member.resident_id.is_some(), member.groups[0]) {
                (_, "12" | "13") => "4",
                (true, _) => "3",
                _ => "1",
            }),
        ),
        ("consent_on", json!(text(day))),
    ])
}
