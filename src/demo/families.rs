//! Made-up families: who lives there, which group they belong to, and the facts that every note about them keeps to.

use super::dice::Dice;
use super::names::{self, Who};
use super::notes::Facts;

/// One person of a family who is followed by name.
#[derive(Clone, Debug)]
pub struct Member {
    /// Her name.
    pub name: String,
    /// Whether she is a woman or girl.
    pub female: bool,
    /// Year, month and day of birth.
    pub birth: (i16, i8, i8),
    /// Her relation to the head: the code.
    pub relation: &'static str,
    /// Her groups: codes, at least one.
    pub groups: Vec<&'static str>,
    /// Marital status: the code; none for children.
    pub marital: Option<&'static str>,
    /// Her own telephone.
    pub phone: Option<String>,
    /// A made-up resident ID, for the few who needed one for an aid form.
    pub resident_id: Option<String>,
    /// Whether her husband works far away, where, and since how many months.
    pub spouse_away: Option<(String, i64)>,
}

/// One family.
#[derive(Clone, Debug)]
pub struct Family {
    /// The group that the visits are about: the code.
    pub group: &'static str,
    /// The head's name.
    pub head: String,
    /// Where they live.
    pub address: String,
    /// Their telephone.
    pub phone: String,
    /// Heads, women, minors, elders.
    pub count: [i64; 4],
    /// Low income: the code.
    pub low_income: &'static str,
    /// How often to call: the code.
    pub tier: &'static str,
    /// The colour of the five-colour rating, where rated: the code.
    pub colour: Option<&'static str>,
    /// Those followed by name; the first is whom the visits are about.
    pub members: Vec<Member>,
    /// What notes say of them.
    pub facts: Facts,
}

/// Group, weight among families, youngest and oldest.
const GROUPS: &[(&str, usize, i64, i64)] = &[
    ("00", 24, 28, 66),
    ("11", 16, 26, 58),
    ("12", 8, 5, 15),
    ("13", 2, 6, 15),
    ("14", 12, 66, 89),
    ("21", 5, 27, 48),
    ("22", 8, 35, 70),
    ("23", 2, 38, 66),
    ("24", 3, 28, 66),
    ("25", 3, 35, 70),
    ("27", 3, 22, 37),
    ("31", 2, 26, 55),
    ("33", 2, 26, 48),
    ("34", 3, 30, 46),
    ("41", 4, 24, 50),
    ("42", 2, 22, 42),
    ("43", 5, 46, 70),
    ("44", 2, 24, 50),
    ("51", 2, 32, 58),
    ("52", 2, 19, 25),
];

const AWAY: &[&str] = &[
    "广东东莞",
    "浙江宁波",
    "福建泉州",
    "江苏昆山",
    "重庆主城",
    "四川成都",
    "广东深圳",
    "浙江温州",
    "上海松江",
    "湖北宜昌",
    "福建厦门",
    "浙江义乌",
    "广东佛山",
    "云南昆明",
    "新疆库尔勒",
    "江苏苏州",
    "陕西西安",
    "贵州贵阳",
];
const WORKS: &[&str] = &[
    "建筑活",
    "电子厂的活",
    "制衣活",
    "货运",
    "装修活",
    "保安",
    "搬运活",
    "焊工活",
    "厨房活",
    "零工",
    "隧道活",
    "快递分拣",
];
const CROPS: &[&str] = &[
    "红橘",
    "血橙",
    "李子",
    "柠檬",
    "榨菜",
    "茶叶",
    "花椒",
    "洋芋",
    "红苕",
    "苞谷",
    "油菜",
    "脆桃",
    "枇杷",
    "玫瑰香橙",
    "辣椒",
];
const STOCK: &[&str] = &["猪", "羊", "土鸡", "鸭子", "黄牛", "兔子"];
const AILMENTS: &[&str] = &[
    "血压高",
    "有糖尿病",
    "腰椎间盘突出",
    "关节炎犯了",
    "有慢支炎",
    "胃不好",
    "眼睛有白内障",
    "冠心病在吃药",
    "痛风",
    "中风后手脚不便",
];
const KIN: &[&str] = &[
    "幺妹",
    "隔壁李孃孃",
    "堂嫂",
    "大姑子",
    "小叔子",
    "侄女",
    "娘家妈",
    "邻居程大姐",
    "妇女小组长",
    "表姐",
];
const GIFTS: &[&str] = &[
    "一袋米一桶油",
    "棉被一床",
    "牛奶和鸡蛋",
    "文具书包",
    "换季衣服",
    "春联和挂历",
    "防滑拖鞋",
    "一盒常用药",
];
const HOMES: &[&str] = &[
    "邻里微家",
    "平安法治微家",
    "家风微家",
    "包面微家",
    "坝坝舞微家",
    "巧手微家",
];
const PLACES: &[&str] = &[
    "老桥头",
    "村小门口",
    "卫生室坡上",
    "3组弯道",
    "移民小区后门",
    "菜市场背后",
    "堰塘边",
    "公交站",
];
const FRUIT: &[&str] = &["红橘", "李子", "鸡蛋", "核桃", "嫩苞谷", "红苕"];
const GRADES: &[&str] = &[
    "幼儿园中班",
    "幼儿园大班",
    "一年级",
    "二年级",
    "三年级",
    "四年级",
    "五年级",
    "六年级",
    "初一",
    "初二",
    "初三",
    "高一",
    "高二",
    "高三",
];

/// The year in which somebody of `age` was born, seen from `year`, with a day that lies behind the turn of the year's
/// first month at the latest, so that the age is right all year.
fn born(year: i16, age: i64, dice: &mut Dice) -> (i16, i8, i8) {
    (
        year - age as i16 - 1,
        dice.between(1, 12) as i8,
        dice.between(1, 28) as i8,
    )
}

impl Family {
    /// A family of a village or community, as it is in `year`.
    pub fn new(community: bool, year: i16, dice: &mut Dice) -> Self {
        let choice: Vec<(usize, usize)> = GROUPS
            .iter()
            .enumerate()
            .map(|(i, group)| (i, group.1))
            .collect();
        let (group, _, youngest, oldest) = GROUPS[dice.weighed(&choice)];
        let age = dice.between(youngest, oldest);
        let family = names::surname(dice);
        let child_group = matches!(group, "12" | "13");
        let alone = matches!(group, "14" | "21" | "33");
        // A wife keeps her own name; a child has the family's.
        let subject_name = match (child_group, group) {
            (true, _) => names::name(Who::Child, Some(family), dice),
            (_, "52") => names::name(Who::Woman(year - age as i16), Some(family), dice),
            _ => names::name(Who::Woman(year - age as i16), None, dice),
        };
        let head = if alone || (group == "51" && dice.chance(50)) {
            subject_name.clone()
        } else {
            names::name(Who::Man, Some(family), dice)
        };
        let phone = names::phone(dice);
        let mut subject = Member {
            birth: born(year, age, dice),
            female: !child_group || dice.chance(50),
            relation: match group {
                "12" | "13" => "41",
                "52" => "30",
                _ if head == subject_name => "02",
                _ => "10",
            },
            groups: vec![group],
            marital: match group {
                "12" | "13" => None,
                "14" => Some("30"),
                "21" | "33" => Some("40"),
                "52" => Some("10"),
                _ => Some("20"),
            },
            phone: (!child_group && dice.chance(75)).then(|| phone.clone()),
            resident_id: None,
            spouse_away: None,
            name: subject_name,
        };
        if child_group && subject.female {
            subject.relation = "42";
        }
        if group == "11" && dice.chance(25) {
            subject.groups.push("22");
        }
        let mut members = vec![subject];
        let guardian = child_group.then(|| {
            let age = dice.between(56, 74);
            let guardian = Member {
                name: names::name(Who::Woman(year - age as i16), None, dice),
                female: true,
                birth: born(year, age, dice),
                relation: "10",
                groups: vec!["00"],
                marital: Some("20"),
                phone: Some(phone.clone()),
                resident_id: None,
                spouse_away: None,
            };
            (guardian, age)
        });
        let (speaker, speaker_age) = guardian
            .as_ref()
            .map_or((members[0].name.clone(), age), |(guardian, age)| {
                (guardian.name.clone(), *age)
            });
        let child_age = if child_group {
            age
        } else {
            dice.between(4, 17)
        };
        let child = if child_group {
            names::call(&members[0].name, age)
        } else if speaker_age > 58 {
            dice.pick(&["孙子", "孙女", "外孙", "幺孙"]).to_owned()
        } else {
            dice.pick(&["儿子", "女儿", "大女儿", "小儿子", "幺女", "老二"])
                .to_owned()
        };
        members.extend(guardian.map(|(guardian, _)| guardian));
        if !alone && !child_group && dice.chance(32) {
            let age = dice.between(62, 86);
            members.push(Member {
                name: names::name(Who::Woman(year - age as i16), None, dice),
                female: true,
                birth: born(year, age, dice),
                relation: "52",
                groups: vec![if age > 75 { "14" } else { "00" }],
                marital: Some("30"),
                phone: None,
                resident_id: None,
                spouse_away: None,
            });
        }
        let away = dice.pick(AWAY).to_owned();
        let months = dice.between(2, 11);
        if group == "11" {
            members[0].spouse_away = Some((away.clone(), months + dice.between(4, 30)));
        }
        let low_income = match group {
            "22" => dice.pick(&["01", "03", "04", "05"]),
            "13" => "01",
            "23" | "25" if dice.chance(40) => "04",
            _ => "00",
        };
        if !child_group && matches!(low_income, "01" | "03") && dice.chance(25) {
            // Only an aid form asks for the number; its year of birth is of nobody living.
            members[0].resident_id = Some(names::resident_id(dice).0);
        }
        let people = if alone {
            dice.between(1, 3)
        } else {
            dice.between(3, 7)
        };
        let people = people.max(members.len() as i64);
        let facts = Facts::from([
            ("她", names::call(&speaker, speaker_age)),
            (
                "男人",
                dice.pick(&["丈夫", "男人", "老公", "当家的"]).to_owned(),
            ),
            ("外地", away),
            ("活路", dice.pick(WORKS).to_owned()),
            ("月数", months.to_string()),
            ("孕月", dice.between(3, 9).to_string()),
            ("娃", child),
            (
                "年级",
                GRADES[(child_age - 4).clamp(0, 13) as usize].to_owned(),
            ),
            ("病", dice.pick(AILMENTS).to_owned()),
            ("作物", dice.pick(CROPS).to_owned()),
            (
                "亩",
                ["一", "两", "三", "四", "五", "六", "八"][dice.below(7)].to_owned(),
            ),
            ("牲口", dice.pick(STOCK).to_owned()),
            ("头数", dice.between(2, 40).to_string()),
            (
                "钱",
                [
                    "500", "800", "1000", "1200", "1500", "1800", "2000", "2400", "3000", "3600",
                    "4500", "5000",
                ][dice.below(12)]
                .to_owned(),
            ),
            ("亲戚", dice.pick(KIN).to_owned()),
            ("人口", people.to_string()),
            ("慰问", dice.pick(GIFTS).to_owned()),
            ("微家", dice.pick(HOMES).to_owned()),
            ("果子", dice.pick(FRUIT).to_owned()),
            ("地", dice.pick(PLACES).to_owned()),
        ]);
        Self {
            group,
            head,
            address: names::address(community, dice),
            phone,
            count: [
                people,
                (1 + i64::from(members.len() > 1 && !child_group) + i64::from(people > 4))
                    .min(people),
                if alone && group == "14" {
                    0
                } else {
                    dice.between(i64::from(child_group), 2).min(people - 1)
                },
                (i64::from(speaker_age >= 60) + i64::from(members.len() > 1 && !child_group))
                    .min(people),
            ],
            low_income,
            tier: match group {
                "13" | "31" => "w",
                "12" | "14" | "21" | "23" | "25" => "m",
                "11" | "22" | "24" | "27" | "33" => "q",
                _ => "h",
            },
            colour: match group {
                "31" => Some("orange"),
                "33" => Some("yellow"),
                "13" => Some("blue"),
                _ => None,
            },
            members,
            facts,
        }
    }
}

/// Facts of some family, for the tests of the patterns.
#[cfg(test)]
pub fn facts_for_tests(dice: &mut Dice) -> Facts {
    Family::new(false, 2026, dice).facts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_hold_together() {
        let mut dice = Dice::new(8);
        for _ in 0..2_000 {
            let family = Family::new(dice.chance(50), 2026, &mut dice);
            assert!(
                !family.members.is_empty()
                    && family
                        .members
                        .iter()
                        .all(|member| !member.groups.is_empty())
            );
            assert!(family.count[0] >= family.members.len() as i64, "{family:?}");
            for member in &family.members {
                assert!(
                    (2..=4).contains(&member.name.chars().count()),
                    "{}",
                    member.name
                );
                assert!(member.birth.0 > 1930 && member.birth.0 < 2026, "{member:?}");
            }
            if family.members[0].relation == "02" {
                assert_eq!(family.head, family.members[0].name);
            }
        }
    }

    #[test]
    fn a_seed_gives_the_same_family_again() {
        let family = |seed| format!("{:?}", Family::new(true, 2026, &mut Dice::new(seed)));
        assert_eq!(family(4), family(4));
        assert_ne!(family(4), family(5));
    }
}
