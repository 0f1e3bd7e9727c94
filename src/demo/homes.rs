//! The micro-homes of each author's town and a year of their activities (domain study, 1.1 and 2.5: 71 homes of five
//! types in three clusters).

use serde_json::json;

use super::acts::{Act, Group, fields};
use super::calendar::{Day, moment, text, working_day};
use super::dice::Dice;
use super::names;
use super::orgs::{Orgs, Place};
use super::plan::Author;
use crate::record::RecordId;

/// How many homes there are in all.
const HOMES: usize = 71;

const CLUSTERS: [(&str, &str); 3] = [
    ("天城亲邻集群", "邻里互助"),
    ("滨江商圈集群", "创业与权益"),
    ("山村家风集群", "家风家训"),
];

/// What homes are called, their type and their site.
const KINDS: &[(&[&str], &str, &str)] = &[
    (&["春晖", "邻里", "和美", "暖阳", "石榴籽"], "01", "grid"),
    (&["平安", "护苗", "法润", "明理"], "02", "building"),
    (&["书香", "霓裳", "巧手", "山歌"], "03", "team"),
    (&["家风", "善德", "清雅", "谭家院子"], "04", "home"),
    (&["三峡绣", "橘乡", "巾帼云", "创客"], "05", "mall"),
];

/// What is done: type and topics.
const TOPICS: &[(&str, &[&str])] = &[
    (
        "04",
        &[
            "亲子阅读：给妈妈的一封信",
            "亲子阅读：秋天的书",
            "家庭教育：手机放哪里",
            "暑期安全一课",
        ],
    ),
    (
        "11",
        &[
            "给独居老人包饺子",
            "邻里互助：帮张婆婆收苞谷",
            "坝坝里的百家宴",
        ],
    ),
    ("06", &["讲反家暴法", "旁听家事法庭后的讨论", "12338怎么打"]),
    ("08", &["两癌免费筛查宣传", "义诊：量血压", "更年期健康"]),
    (
        "02",
        &["议事：楼道堆物", "议事：院坝路灯", "议事：接送娃儿的路口"],
    ),
    ("05", &["晒家风家训", "好媳妇好婆婆座谈"]),
    ("10", &["读书会：平凡的世界", "学跳坝坝舞", "三峡绣体验"]),
    ("09", &["直播卖橘子", "家政技能课", "小额贷款政策"]),
    ("14", &["中秋：做月饼", "重阳：敬老", "三八节茶话会"]),
    ("12", &["美丽庭院评比", "清沟除草"]),
];

const SUMMARIES: &[&str] = &[
    "来的人比上次多，大家说得热闹，约好下月再来。",
    "先学后议，几位妈妈讲了自己的难处，帮着出了主意。",
    "老人和孩子都来了，微家长准备了茶水，结束后一起收拾。",
    "发了宣传单，回答了提问，两人愿意当志愿者。",
    "现场演示，人人动手，照片已存微家群。",
];

/// The clusters, which the district founds.
pub fn clusters(orgs: &Orgs, district: &str, day: Day, dice: &Dice) -> Vec<(Act, RecordId)> {
    let mut dice = dice.part("clusters");
    CLUSTERS
        .iter()
        .enumerate()
        .map(|(i, (name, theme))| {
            let at = moment(day, 14 * 60 + i as u64);
            let id = RecordId::v7(at, dice.bytes());
            let act = Act {
                at,
                register: "micro_home_cluster",
                id,
                new: true,
                fields: fields([
                    ("cluster_name", json!(name)),
                    ("theme", json!(theme)),
                    (
                        "lead_org",
                        json!(orgs.get(district).map(RecordId::to_string)),
                    ),
                    ("formed_on", json!(text(day))),
                ]),
            };
            (act, id)
        })
        .collect()
}

/// The homes that one author looks after, and what was done in them up to today; `nth` of so many authors.
pub fn groups(
    author: &Author,
    (nth, authors): (usize, usize),
    places: &[Place],
    clusters: &[RecordId],
    today: Day,
    scale: f64,
    dice: &Dice,
) -> Vec<Group> {
    let mut dice = dice.part("homes").part(author.name);
    let town = &author.unit[..9];
    let villages: Vec<&Place> = places
        .iter()
        .filter(|place| place.code.starts_with(town) && !place.code.ends_with("000"))
        .collect();
    if villages.is_empty() {
        return Vec::new();
    }
    let mut groups = Vec::new();
    for number in (0..HOMES).filter(|number| number % authors == nth) {
        let village = villages[number / authors % villages.len()];
        let (act, home) = founded(number, village, clusters, today, &mut dice);
        let head = act.fields["head_name"].clone();
        groups.push(vec![act]);
        // One in eight has been quiet for long.
        let quiet = match number % 8 {
            7 => dice.between(95, 200),
            _ => dice.between(2, 25),
        };
        let wanted = ((14.0 * scale).ceil() as i64 + dice.between(-3, 3)).max(1);
        let mut day = today - quiet;
        for _ in 0..wanted {
            groups.push(vec![activity(home, working_day(day), false, &mut dice)]);
            day -= dice.between(12, 34);
            if day < today - 350 {
                break;
            }
        }
        if quiet < 90 {
            let ahead = today + dice.between(1, 20);
            let mut planned = activity(home, ahead, true, &mut dice);
            planned.at = moment(today - 1, 17 * 60 + number as u64);
            planned.fields.insert("host".into(), head);
            groups.push(vec![planned]);
        }
    }
    groups
}

fn founded(
    number: usize,
    village: &Place,
    clusters: &[RecordId],
    today: Day,
    dice: &mut Dice,
) -> (Act, RecordId) {
    let (called, kind, site) = KINDS[number % KINDS.len()];
    let at = moment(today - 355, 9 * 60) + number as u64 * 90_000;
    let id = RecordId::v7(at, dice.bytes());
    let accredited = today - dice.between(356, 900);
    let core: Vec<String> = ["亲子阅读", "调解", "法律志愿者", "手工", "探访老人"]
        .iter()
        .take(2 + dice.below(4))
        .map(|what| {
            let born = 1965 + dice.below(30) as i16;
            format!(
                "{} {what}",
                names::name(names::Who::Woman(born), None, dice)
            )
        })
        .collect();
    let head = names::name(names::Who::Woman(1975), None, dice);
    let act = Act {
        at,
        register: "micro_home",
        id,
        new: true,
        fields: fields([
            ("home_name", json!(format!("{}妇女微家", dice.pick(called)))),
            (
                "home_code",
                json!(format!("WJ{}-{:02}", village.code, 1 + number / 8)),
            ),
            ("home_type", json!(kind)),
            ("site_kind", json!(site)),
            (
                "build_mode",
                json!(dice.weighed(&[("01", 4), ("02", 3), ("03", 3)])),
            ),
            ("address", json!(names::address(village.community, dice))),
            ("head_name", json!(head)),
            ("head_mobile", json!(names::phone(dice))),
            ("head_is_exec", json!(dice.chance(70))),
            ("core_members", json!(core.len())),
            ("core_names", json!(core.join("\n"))),
            ("members", json!(dice.between(12, 60))),
            (
                "cluster_id",
                json!(clusters.get(number % 9).map(RecordId::to_string)),
            ),
            ("applied_on", json!(text(accredited - 40))),
            ("accredited_on", json!(text(accredited))),
            (
                "five_shows",
                json!(["sign", "structure", "duty", "identity", "activities"]),
            ),
            (
                "four_haves",
                json!(["place", "people", "activity", "feature"]),
            ),
            ("status", json!("40")),
            (
                "star_rating",
                json!(dice.weighed(&[("0", 3), ("3", 4), ("4", 2), ("5", 1)])),
            ),
            (
                "rated_year",
                json!(text(today - 365)[..4].parse::<i64>().ok()),
            ),
            ("unit", json!(village.code)),
        ]),
    };
    (act, id)
}

fn activity(home: RecordId, day: Day, planned: bool, dice: &mut Dice) -> Act {
    let (kind, topics) = TOPICS[dice.below(TOPICS.len())];
    let at = moment(day, 17 * 60 + dice.below(120) as u64);
    let all = dice.between(9, 48);
    let children = if kind == "04" {
        dice.between(3, all / 2)
    } else {
        0
    };
    let held = |value: serde_json::Value| match planned {
        true => serde_json::Value::Null,
        false => value,
    };
    Act {
        at,
        register: "micro_home_activity",
        id: RecordId::v7(at, dice.bytes()),
        new: true,
        fields: fields([
            ("home_id", json!(home.to_string())),
            ("activity_date", json!(text(day))),
            ("activity_type", json!(kind)),
            ("topic", json!(dice.pick(topics))),
            ("participants", held(json!(all))),
            ("children", held(json!(children))),
            ("families", held(json!(dice.between(4, all)))),
            ("summary", held(json!(dice.pick(SUMMARIES)))),
            ("status", json!(if planned { "10" } else { "20" })),
        ]),
    }
}
