//! The district's training: five classes of cadres from all towns, their meetings, rolls and marks (domain study, 1.1 and
//! 2.4: near 400 people, over 200,000 yuan).

use serde_json::{Value as Json, json};

use super::acts::{Act, Fields, Group, fields};
use super::calendar::{Day, moment, text};
use super::dice::Dice;
use super::names;
use super::orgs::{Orgs, Place};
use crate::forms::Registers;
use crate::record::{RecordId, Value};

/// A class: begins so many days before today, lasts so many days, its name, for whom, how, where, its topics.
struct Class {
    ago: i64,
    days: i64,
    name: &'static str,
    targets: &'static [&'static str],
    forms: &'static [&'static str],
    base: &'static str,
    topics: &'static [(&'static str, &'static str)],
}

const CLASSES: [Class; 5] = [
    Class {
        ago: 262,
        days: 3,
        name: "第一期基层妇联领头雁培训班",
        targets: &["03"],
        forms: &["01", "02"],
        base: "qwdx",
        topics: &[
            ("党的创新理论与妇女工作", "何老师"),
            ("村社妇联主席怎么走访", "冉主席"),
            ("反家庭暴力法与告诫书", "幸律师"),
            ("婚姻家庭纠纷的化解", "程法官"),
            ("台账怎么记", "周老师"),
            ("分组讨论", ""),
        ],
    },
    Class {
        ago: 205,
        days: 2,
        name: "第二期基层妇联领头雁培训班",
        targets: &["02", "03"],
        forms: &["01", "04"],
        base: "local",
        topics: &[
            ("家庭教育促进法", "骆老师"),
            ("亲子阅读带领", "陶老师"),
            ("妇女微家怎么办活动", "向微家长"),
            ("交流：我的微家", ""),
        ],
    },
    Class {
        ago: 151,
        days: 3,
        name: "新领域妇联干部培训班",
        targets: &["05"],
        forms: &["03", "05"],
        base: "cqjgy",
        topics: &[
            ("两企三新建妇联", "熊老师"),
            ("女职工权益", "幸律师"),
            ("心理疏导入门", "蒲医生"),
            ("经验分享：商圈微家", "杜总"),
            ("参观：巾帼园", ""),
            ("小结", "周老师"),
        ],
    },
    Class {
        ago: 74,
        days: 2,
        name: "巾帼志愿者骨干培训班",
        targets: &["06"],
        forms: &["02", "06"],
        base: "local",
        topics: &[
            ("两癌筛查怎么宣传", "蒲医生"),
            ("走访中的安全", "易警官"),
            ("直播助农", "成老师"),
            ("分组演练", ""),
        ],
    },
    Class {
        ago: 2,
        days: 4,
        name: "第三期基层妇联领头雁培训班",
        targets: &["03", "04"],
        forms: &["01", "02", "04"],
        base: "scfgx",
        topics: &[
            ("开班式与妇女工作形势", "余主席"),
            ("农村妇女创业政策", "周老师"),
            ("反电信诈骗", "易警官"),
            ("妇女儿童权益案例", "程法官"),
            ("家风家训怎么讲", "陶老师"),
            ("微家活动设计", "向微家长"),
            ("参观见学", ""),
            ("结业式", "余主席"),
        ],
    },
];

/// Which mark is how usual.
const MARKS: &[(&str, usize)] = &[("P", 930), ("L", 28), ("E", 12), ("V", 18), ("A", 12)];

/// Ids of natural keys, as the form gives them.
pub struct Keys<'a>(pub &'a Registers);

impl Keys<'_> {
    fn of(&self, register: &str, parts: &[&Value]) -> RecordId {
        let number = self.0.by_name(register).map_or(0, |found| found.number);
        RecordId::of_key(number, parts.iter().copied())
    }
}

/// The cadres who are trained, and their classes: groups in the order of time.
pub fn groups(
    places: &[Place],
    orgs: &Orgs,
    keys: &Keys<'_>,
    today: Day,
    scale: f64,
    dice: &Dice,
) -> Vec<Group> {
    let mut dice = dice.part("training");
    let villages: Vec<&Place> = places
        .iter()
        .filter(|place| !place.code.ends_with("000"))
        .collect();
    let size = ((78.0 * scale).ceil() as usize).clamp(3, 400);
    let cadres = cadres(size * 3, &villages, orgs, today - 300, &mut dice);
    let mut groups: Vec<Group> = cadres.iter().map(|act| vec![act.clone()]).collect();
    for (n, class) in CLASSES.iter().enumerate() {
        groups.extend(held(n, class, size, &cadres, keys, today, &mut dice));
    }
    groups
}

fn cadres(count: usize, villages: &[&Place], orgs: &Orgs, day: Day, dice: &mut Dice) -> Vec<Act> {
    (0..count)
        .map(|i| {
            let place = villages[dice.below(villages.len())];
            let at = moment(day, 8 * 60) + i as u64 * 45_000;
            let born = 1968 + dice.below(30) as i16;
            let name = names::name(names::Who::Woman(born), None, dice);
            let org = orgs.get(&place.code).map(RecordId::to_string);
            let fields = fields([
                ("name", json!(name)),
                ("mobile", json!(names::phone(dice))),
                (
                    "role",
                    json!(dice.weighed(&[("01", 5), ("06", 4), ("02", 1)])),
                ),
                ("org_code", json!(org)),
                ("unit", json!(place.code)),
            ]);
            Act {
                at,
                register: "cadre",
                id: RecordId::v7(at, dice.bytes()),
                new: true,
                fields,
            }
        })
        .collect()
}

fn held(
    n: usize,
    class: &Class,
    size: usize,
    cadres: &[Act],
    keys: &Keys<'_>,
    today: Day,
    dice: &mut Dice,
) -> Vec<Group> {
    let first = today - class.ago;
    let last = first + class.days - 1;
    let done = last < today;
    let made = moment(first - 12, 9 * 60 + 10 * n as u64);
    let id = RecordId::v7(made, dice.bytes());
    let to_class = Value::reference(id);
    let count = size + dice.below(size / 8 + 1);
    let mut groups = vec![vec![Act {
        at: made,
        register: "training_class",
        id,
        new: true,
        fields: card(n, class, first, last, count, done),
    }]];
    let sessions = sessions(class, id, &to_class, first, keys, made);
    let ids: Vec<(RecordId, Day)> = sessions.iter().map(|(act, day)| (act.id, *day)).collect();
    groups.push(sessions.into_iter().map(|(act, _)| act).collect());
    if done {
        groups.push(expenses(id, last, count, dice));
    }
    let start = dice.below(cadres.len());
    let mut lines = Vec::with_capacity(count);
    for i in 0..count {
        let cadre = &cadres[(start + i * 7 + i / cadres.len()) % cadres.len()];
        let line = keys.of("trainee_roll", &[&to_class, &Value::reference(cadre.id)]);
        if lines.contains(&line) {
            continue;
        }
        lines.push(line);
        groups.push(vec![Act {
            at: moment(first - 6, 10 * 60) + i as u64 * 30_000,
            register: "trainee_roll",
            id: line,
            new: true,
            fields: fields([
                ("class_id", json!(id.to_string())),
                ("cadre_id", json!(cadre.id.to_string())),
                ("seq", json!(lines.len())),
                ("enrol_state", json!("confirmed")),
                ("assess_result", result(done, dice)),
            ]),
        }]);
    }
    for (nth, (session, day)) in ids.iter().enumerate() {
        // Today's second half day is not marked yet.
        if *day > today || (*day == today && nth % 2 == 1) {
            continue;
        }
        let at = moment(*day, if nth % 2 == 0 { 12 * 60 } else { 18 * 60 });
        let marks = lines.iter().map(|line| {
            let parts = [Value::reference(*session), Value::reference(*line)];
            Act {
                at,
                register: "attendance",
                id: keys.of("attendance", &[&parts[0], &parts[1]]),
                new: true,
                fields: fields([
                    ("session_id", json!(session.to_string())),
                    ("trainee_id", json!(line.to_string())),
                    ("mark", json!(dice.weighed(MARKS))),
                ]),
            }
        });
        groups.push(marks.collect());
    }
    groups
}

fn result(done: bool, dice: &mut Dice) -> Json {
    match done {
        true => json!(dice.weighed(&[("1", 18), ("2", 78), ("3", 2), ("0", 2)])),
        false => Json::Null,
    }
}

fn card(n: usize, class: &Class, first: Day, last: Day, count: usize, done: bool) -> Fields {
    let year = &text(first)[..4];
    let finished = |value: Json| if done { value } else { Json::Null };
    fields([
        ("class_name", json!(class.name)),
        ("class_no", json!(format!("PX{year}{:02}", n + 1))),
        ("class_term_no", json!(n + 1)),
        ("targets", json!(class.targets)),
        ("forms", json!(class.forms)),
        ("base", json!(class.base)),
        ("start_on", json!(text(first))),
        ("end_on", json!(text(last))),
        ("headcount_planned", json!(count)),
        ("budget", json!("42000")),
        (
            "notice_no",
            json!(format!("万妇发〔{year}〕{}号", 7 + 4 * n)),
        ),
        ("status", json!(if done { "60" } else { "40" })),
        (
            "summary",
            finished(json!("学员到课好，讨论热烈；下期多留时间演练走访和台账。")),
        ),
    ])
}

fn sessions(
    class: &Class,
    id: RecordId,
    to_class: &Value,
    first: Day,
    keys: &Keys<'_>,
    made: u64,
) -> Vec<(Act, Day)> {
    let topics = class.topics.iter().take(2 * class.days as usize);
    topics
        .enumerate()
        .map(|(nth, (topic, teacher))| {
            let day = first + nth as i64 / 2;
            let half = ["am", "pm"][nth % 2];
            let (on, part) = (Value::int(day), Value::text(half));
            let teacher = (!teacher.is_empty()).then_some(*teacher);
            let act = Act {
                at: made + 60_000 * (nth as u64 + 1),
                register: "training_session",
                id: keys.of("training_session", &[to_class, &on, &part]),
                new: true,
                fields: fields([
                    ("class_id", json!(id.to_string())),
                    ("session_date", json!(text(day))),
                    ("half_day", json!(half)),
                    ("topic", json!(topic)),
                    ("teacher", json!(teacher)),
                ]),
            };
            (act, day)
        })
        .collect()
}

fn expenses(class: RecordId, last: Day, count: usize, dice: &mut Dice) -> Group {
    let count = count as i64;
    let shares = [
        ("teacher", 6_000 + dice.between(0, 20) * 100),
        ("lodging", 190 * count),
        ("meals", 160 * count),
        ("venue", 3_000),
        ("material", 35 * count),
        ("transport", 20 * count),
    ];
    shares
        .into_iter()
        .enumerate()
        .map(|(i, (item, amount))| {
            let at = moment(last + 3, 10 * 60 + i as u64);
            Act {
                at,
                register: "training_expense",
                id: RecordId::v7(at, dice.bytes()),
                new: true,
                fields: fields([
                    ("class_id", json!(class.to_string())),
                    ("item", json!(item)),
                    ("amount", json!(amount.to_string())),
                    ("voucher", json!(format!("{:06}", dice.below(900_000) + 1))),
                ]),
            }
        })
        .collect()
}
