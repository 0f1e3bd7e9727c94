//! The federations of the district: itself, its towns, its villages and communities, as one tree.

use std::collections::BTreeMap;

use serde_json::json;

use super::acts::{Act, Fields};
use super::calendar::{Day, moment, text};
use super::dice::Dice;
use crate::forms::{Division, Divisions, Level};
use crate::record::RecordId;

/// A division, as the table of the package has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// 12 digits.
    pub code: String,
    /// The code of the place above; the district has none here.
    pub above: Option<String>,
    /// 天城街道, 诗仙社区.
    pub name: String,
    /// Whether it is a community (居委会), not a village.
    pub community: bool,
}

impl Place {
    /// 2 district, 3 town, 4 village: the code of the level.
    fn level(&self) -> &'static str {
        match (self.code.ends_with("000000"), self.code.ends_with("000")) {
            (true, _) => "2",
            (_, true) => "3",
            _ => "4",
        }
    }
}

/// The places of a division table.
pub fn places(divisions: &Divisions) -> Vec<Place> {
    let place = |division: &Division| Place {
        code: division.code.clone(),
        above: (division.level != Level::District).then(|| division.parent.clone()),
        name: division.short.clone(),
        community: division.name.ends_with("居民委员会"),
    };
    divisions.all().iter().map(place).collect()
}

/// The federations' records, by division code.
pub type Orgs = BTreeMap<String, RecordId>;

/// The acts that make the tree, parents first, each division once; and the ids by code.
pub fn tree(places: &[Place], day: Day, dice: &Dice) -> (Vec<Act>, Orgs) {
    let mut dice = dice.part("orgs");
    let mut orgs = Orgs::new();
    let names: BTreeMap<&str, &str> = places
        .iter()
        .map(|place| (place.code.as_str(), place.name.as_str()))
        .collect();
    let mut sorted: Vec<&Place> = places.iter().collect();
    sorted.sort_by_key(|place| (place.level(), &place.code));
    let mut acts = Vec::with_capacity(sorted.len());
    for (i, place) in sorted.into_iter().enumerate() {
        let at = moment(day, 9 * 60) + i as u64 * 20_000;
        let id = RecordId::v7(at, dice.bytes());
        orgs.insert(place.code.clone(), id);
        let above = place.above.as_ref();
        let level = place.level();
        let name = match (level, above.and_then(|code| names.get(code.as_str()))) {
            ("4", Some(town)) => format!("{town}{}妇女联合会", place.name),
            _ => format!("{}妇女联合会", place.name),
        };
        let founded = day - dice.between(700, 1_700);
        let mut fields = Fields::new();
        let quota = match level {
            "4" => dice.between(10, 15),
            "3" => dice.between(25, 31),
            _ => 49,
        };
        for (field, value) in [
            ("org_name", json!(name)),
            ("org_level", json!(level)),
            ("org_kind", json!("fl")),
            ("established_on", json!(text(founded))),
            ("org_state", json!("70")),
            ("executive_quota", json!(quota)),
            ("unit", json!(place.code)),
        ] {
            fields.insert(field.to_owned(), value);
        }
        if level == "4" {
            fields.insert(
                "women_population".to_owned(),
                json!(dice.between(320, 2_600)),
            );
        }
        if let Some(parent) = above.and_then(|code| orgs.get(code)) {
            fields.insert("parent_org_code".to_owned(), json!(parent.to_string()));
        }
        acts.push(Act {
            at,
            register: "org_unit",
            id,
            new: true,
            fields,
        });
    }
    (acts, orgs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_stands_on_the_district() {
        let place = |code: &str, above: Option<&str>, name: &str| Place {
            code: code.into(),
            above: above.map(str::to_owned),
            name: name.into(),
            community: true,
        };
        let places = [
            place("500101028008", Some("500101028000"), "诗仙社区"),
            place("500101028000", Some("500101000000"), "天城街道"),
            place("500101000000", None, "万州区"),
        ];
        let (acts, orgs) = tree(&places, 20_000, &Dice::new(1));
        let names: Vec<&str> = acts
            .iter()
            .filter_map(|act| act.fields["org_name"].as_str())
            .collect();
        assert_eq!(
            names,
            [
                "万州区妇女联合会",
                "天城街道妇女联合会",
                "天城街道诗仙社区妇女联合会"
            ]
        );
        assert_eq!(
            acts[2].fields["parent_org_code"],
            orgs["500101028000"].to_string()
        );
        assert!(!acts[0].fields.contains_key("parent_org_code"));
    }
}
