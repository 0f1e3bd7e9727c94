//! What becomes of a need: most are worked on within weeks, some are told and closed, some wait or are suspended. Each step
//! is one that the register allows, written down when it was taken.

use serde_json::{Value, json};

use super::acts::{Act, Fields, Group, ended, fields};
use super::calendar::{Day, moment, text, working_day};
use super::dice::Dice;
use super::notes::Facts;
use super::wants::Want;
use crate::record::RecordId;

const REASONS: &[&str] = &[
    "政策年内不再受理，明年一季度再报",
    "需区级部门统一安排资金",
    "本人外出务工，年底回来再办",
    "涉及权属争议，等法院判决",
];
const CONTACTS: &[&str] = &[
    "给承办人打了电话，说材料收到了，在走程序。",
    "上门看了情况，拍了照，答应三天内回话。",
    "和村支书商量，先由村里想办法垫着。",
    "陪着去镇上便民服务中心跑了一趟。",
    "微信问了进度，说等会上研究。",
];

/// The steps of one need, from the day it was raised.
pub fn steps(
    need: RecordId,
    want: &Want,
    facts: &Facts,
    raised: Day,
    dice: &mut Dice,
) -> Vec<Group> {
    let mut steps = Steps {
        need,
        groups: Vec::new(),
    };
    let fate = dice.weighed(&[
        ("closed", 56),
        ("told", 8),
        ("handled", 8),
        ("working", 12),
        ("suspended", 4),
        ("assigned", 5),
        ("waiting", 7),
    ]);
    if fate == "waiting" {
        return steps.groups;
    }
    let mut day = working_day(raised + dice.between(1, 3));
    steps.to("20", [], day, 0, dice);
    if fate == "assigned" {
        return steps.groups;
    }
    day = working_day(day + dice.between(0, 3));
    steps.to("30", [], day, 30, dice);
    steps.to("40", [], day, 45, dice);
    if dice.chance(40) {
        day = working_day(day + dice.between(1, 6));
        let (kind, note) = ("contact", dice.pick(CONTACTS).to_owned());
        steps.note(kind, note, day, 20, dice);
    }
    day = working_day(day + dice.between(1, 14));
    match fate {
        "suspended" => {
            let reason = dice.pick(REASONS);
            steps.to("80", [("suspend_reason", json!(reason))], day, 0, dice);
        }
        "working" => {}
        _ => {
            let result = dice.weighed(&[("01", 62), ("02", 15), ("03", 14), ("05", 9)]);
            let how = want.end(facts, dice);
            let mut end = ended(how.clone(), result, day, dice);
            let told = ["fed_back_on", "feedback_mode"]
                .map(|name| (name, end.remove(name).unwrap_or_default()));
            let satisfied = end.remove("satisfaction").unwrap_or_default();
            end.insert("need_status".to_owned(), json!("50"));
            steps.change(end, day, 0, dice);
            if dice.chance(30) {
                steps.note("handle", how, day, 10, dice);
            }
            if fate != "handled" {
                steps.to("60", told, day, 60, dice);
            }
            if fate == "closed" {
                steps.to("70", [("satisfaction", satisfied)], day, 75, dice);
            }
        }
    }
    steps.groups
}

struct Steps {
    need: RecordId,
    groups: Vec<Group>,
}

impl Steps {
    fn to<const N: usize>(
        &mut self,
        status: &str,
        with: [(&str, Value); N],
        day: Day,
        minute: u64,
        dice: &mut Dice,
    ) {
        let mut set = fields(with);
        set.insert("need_status".to_owned(), json!(status));
        self.change(set, day, minute, dice);
    }

    /// `minute` behind half past three, and a little.
    fn change(&mut self, fields: Fields, day: Day, minute: u64, dice: &mut Dice) {
        let at = moment(day, 15 * 60 + 30 + minute) + dice.below(9 * 60_000) as u64;
        let (register, id) = ("need", self.need);
        self.groups.push(vec![Act {
            at,
            register,
            id,
            new: false,
            fields,
        }]);
    }

    fn note(&mut self, kind: &str, note: String, day: Day, minute: u64, dice: &mut Dice) {
        let at = moment(day, 15 * 60 + 30 + minute) + dice.below(9 * 60_000) as u64;
        let id = RecordId::v7(at, dice.bytes());
        let clock = (at + 8 * 3_600_000) % super::calendar::DAY / 1_000;
        let acted = format!(
            "{}T{:02}:{:02}:{:02}+08:00",
            text(day),
            clock / 3_600,
            clock / 60 % 60,
            clock % 60
        );
        let fields = fields([
            ("need_id", json!(self.need.to_string())),
            ("acted_on", json!(acted)),
            ("action_kind", json!(kind)),
            ("note", json!(note)),
        ]);
        self.groups.push(vec![Act {
            at,
            register: "need_action",
            id,
            new: true,
            fields,
        }]);
    }
}
