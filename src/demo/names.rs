//! Made-up people: names of the usual surnames and given names of three generations, telephone numbers and addresses.
//! Nobody is meant; numbers are of the 138 0000 kind, resident IDs of years in which nobody living was born.

use super::dice::Dice;

/// Surnames of Wanzhou and its valley, with rough weights.
const SURNAMES: &[(&str, usize)] = &[
    ("谭", 9),
    ("向", 8),
    ("陈", 9),
    ("张", 9),
    ("李", 9),
    ("王", 8),
    ("刘", 8),
    ("杨", 7),
    ("黄", 5),
    ("何", 5),
    ("冉", 4),
    ("牟", 5),
    ("熊", 5),
    ("周", 5),
    ("吴", 4),
    ("程", 4),
    ("易", 3),
    ("骆", 3),
    ("幸", 2),
    ("余", 4),
    ("彭", 3),
    ("袁", 3),
    ("蒋", 3),
    ("邓", 3),
    ("罗", 3),
    ("唐", 3),
    ("冯", 2),
    ("曾", 2),
    ("蒲", 2),
    ("郎", 1),
    ("文", 2),
    ("付", 2),
    ("魏", 2),
    ("秦", 2),
    ("方", 2),
    ("石", 2),
    ("崔", 1),
    ("潘", 2),
    ("丁", 1),
    ("贺", 1),
    ("万", 1),
    ("隆", 1),
    ("姚", 1),
    ("钟", 2),
    ("汪", 2),
    ("沈", 1),
    ("龚", 2),
    ("廖", 2),
    ("傅", 1),
    ("谢", 2),
];

/// Given names of women born before 1962.
const GRANDMOTHERS: &[&str] = &[
    "秀英", "桂兰", "玉珍", "素芳", "光碧", "世珍", "大碧", "泽芳", "正秀", "清碧", "安秀", "朝珍",
    "先碧", "代芳", "德珍", "天秀", "国珍", "云碧", "仁秀", "明珍", "开秀", "永芳", "兴碧", "中秀",
    "良英", "学珍", "成碧", "克秀", "淑华", "桂英", "素珍", "玉兰", "碧清", "发英", "祖芳", "登秀",
    "文碧", "万珍", "昌秀", "家芳", "远碧", "必珍", "惠芬", "昭容", "绍珍", "显芳", "贤碧", "尚英",
    "应秀", "孝珍",
];
/// Given names of women born from 1962 to 1988.
const MOTHERS: &[&str] = &[
    "晓琴", "红梅", "小琼", "春燕", "丽华", "建蓉", "海燕", "冬梅", "晓蓉", "艳", "小红", "秋菊",
    "玉梅", "春梅", "素琼", "明霞", "光琼", "小英", "兴琼", "丽琼", "朝霞", "雪梅", "成英", "爱华",
    "天琼", "永红", "建英", "晓霞", "世琼", "小兰", "国琼", "云霞", "群", "敏", "芳", "琼", "燕",
    "丽", "霞", "小凤", "家琼", "发琼", "秀梅", "亚琴", "仁琼", "代琼", "启英", "守琼", "晓凤",
    "大琼", "和英", "启蓉", "长梅", "道琼", "中琼", "金凤",
];
/// Given names of women born from 1989 to 2007.
const DAUGHTERS: &[&str] = &[
    "婷", "雪莲", "思雨", "梦婷", "欣怡", "静", "倩", "雯", "玲", "小娟", "丹", "露", "洁", "莎",
    "佳", "晓雪", "钰", "颖", "瑶", "琪", "柳", "雨薇", "诗琪", "悦", "媛", "蕾", "晓庆", "丽娟",
    "巧", "凤", "林", "梅", "小玲", "雅琴", "秋月", "婉婷", "青", "佩", "海霞", "春", "苗苗",
    "思思", "渝", "娅", "文静", "雨晴",
];
/// Given names of children.
const CHILDREN: &[&str] = &[
    "梓涵", "雨桐", "子轩", "浩然", "一诺", "沐宸", "欣妍", "宇轩", "诗涵", "俊熙", "可馨", "思源",
    "若溪", "皓宇", "语汐", "锦程", "雅涵", "铭泽", "芷晴", "佳豪", "梦瑶", "天佑", "静怡", "奕辰",
    "书瑶", "嘉懿", "心怡", "博文", "紫萱", "明轩", "星宇", "雨萌", "俊杰", "柯宇", "安琪", "睿",
    "涵", "玥", "鑫", "俊豪", "雪怡", "昊", "晨曦", "乐瑶",
];
/// Given names of men.
const MEN: &[&str] = &[
    "大明", "世平", "正国", "光明", "天福", "永贵", "建国", "成华", "小平", "文兵", "兴国", "朝阳",
    "德军", "国清", "云富", "仁义", "代全", "发祥", "中华", "家兵", "启明", "先林", "开伟", "泽军",
    "长江", "克勤", "学文", "昌平", "勇", "强", "军", "涛", "波", "刚", "伟", "小兵", "海波",
    "祖国", "明海", "万林", "和平", "必成", "安民", "松", "杰", "鹏", "江", "川", "祥", "林",
    "登云", "应华", "显贵", "绍安", "尚文", "孝全", "贤忠", "道林",
];

/// Who a name is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Who {
    /// A woman born in that year.
    Woman(i16),
    /// A man.
    Man,
    /// A child.
    Child,
}

/// A surname.
pub fn surname(dice: &mut Dice) -> &'static str {
    dice.weighed(SURNAMES)
}

/// A full name; `surname` if the family's is given.
pub fn name(who: Who, family: Option<&str>, dice: &mut Dice) -> String {
    let family = family.unwrap_or_else(|| surname(dice));
    let given = match who {
        Who::Woman(year) if year < 1962 => dice.pick(GRANDMOTHERS),
        Who::Woman(year) if year < 1989 => dice.pick(MOTHERS),
        Who::Woman(_) => dice.pick(DAUGHTERS),
        Who::Man => dice.pick(MEN),
        Who::Child => dice.pick(CHILDREN),
    };
    format!("{family}{given}")
}

/// What a village cadre calls her in a note: 谭婆婆, 向孃孃, 陈大姐, 张妹儿.
pub fn call(name: &str, age: i64) -> String {
    let family: String = name.chars().take(1).collect();
    let word = match age {
        70.. => "婆婆",
        56.. => "孃孃",
        34.. => "大姐",
        18.. => "妹儿",
        _ => return name.chars().skip(1).collect(),
    };
    format!("{family}{word}")
}

/// A telephone number that nobody has: 138 0000 and four digits.
pub fn phone(dice: &mut Dice) -> String {
    format!("1380000{:04}", dice.below(10_000))
}

/// A resident ID with a right check digit (GB 11643) of a woman born from 1900 to 1905, so of nobody alive; the date is
/// given back as year, month, day.
pub fn resident_id(dice: &mut Dice) -> (String, (i16, i8, i8)) {
    let (year, month, day) = (
        1900 + dice.below(6) as i16,
        1 + dice.below(12) as i8,
        1 + dice.below(28) as i8,
    );
    // An even 17th digit is a woman's.
    let order = dice.below(500) * 2;
    let body = format!("500101{year}{month:02}{day:02}{order:03}");
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body
        .bytes()
        .zip(weights)
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    let check = b"10X98765432"[(sum % 11) as usize] as char;
    (format!("{body}{check}"), (year, month, day))
}

/// Names of yards and slopes in the country.
const YARDS: &[&str] = &[
    "大院子",
    "老屋基",
    "青杠坪",
    "柏树湾",
    "石板沟",
    "油坊",
    "新房子",
    "堰塘坎",
    "李家湾",
    "岩口",
    "黄桷树",
    "三块田",
    "水井坎",
    "瓦窑坪",
    "学堂坝",
    "茶园坡",
    "橘子林",
    "晒坝边",
    "庙儿梁",
    "竹林湾",
    "桥头",
    "半山坡",
    "烂田沟",
    "花椒坪",
];
/// Roads in the town.
const ROADS: &[&str] = &[
    "诗仙路",
    "和平路",
    "滨江路",
    "静园路",
    "果园路",
    "新城路",
    "移民路",
    "江南大道",
    "玉龙路",
    "老街",
];

/// Where a family lives: a group and a yard in a village, a road and a flat in a community.
pub fn address(community: bool, dice: &mut Dice) -> String {
    if community {
        match dice.below(3) {
            0 => format!(
                "{}{}号{}单元{}-{}",
                dice.pick(ROADS),
                dice.between(3, 188),
                dice.between(1, 4),
                dice.between(1, 11),
                dice.between(1, 4)
            ),
            1 => format!(
                "{}网格移民安置房{}栋{}-{}",
                dice.between(1, 9),
                dice.between(1, 12),
                dice.between(1, 8),
                dice.between(1, 4)
            ),
            _ => format!(
                "{}网格{}{}号",
                dice.between(1, 9),
                dice.pick(ROADS),
                dice.between(3, 188)
            ),
        }
    } else {
        format!(
            "{}组{}{}号",
            dice.between(1, 9),
            dice.pick(YARDS),
            dice.between(1, 96)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resident_ids_check_and_are_of_nobody_alive() {
        let mut dice = Dice::new(3);
        for _ in 0..500 {
            let (id, (year, ..)) = resident_id(&mut dice);
            assert_eq!(id.len(), 18);
            assert!((1900..1906).contains(&year));
            // The check of the standard: weighed digits, the check digit included, are 1 modulo 11.
            let value = |byte: u8| {
                if byte == b'X' {
                    10
                } else {
                    u32::from(byte - b'0')
                }
            };
            let sum: u32 = id
                .bytes()
                .enumerate()
                .map(|(i, byte)| value(byte) * (2u32.pow(17 - i as u32) % 11))
                .sum();
            assert_eq!(sum % 11, 1, "{id}");
        }
    }

    #[test]
    fn people_are_called_as_a_village_calls_them() {
        assert_eq!(call("谭光碧", 78), "谭婆婆");
        assert_eq!(call("向丽琼", 60), "向孃孃");
        assert_eq!(call("陈艳", 44), "陈大姐");
        assert_eq!(call("张静", 25), "张妹儿");
        assert_eq!(call("李梓涵", 9), "梓涵");
    }

    #[test]
    fn numbers_are_made_up() {
        let mut dice = Dice::new(9);
        for _ in 0..100 {
            let phone = phone(&mut dice);
            assert!(phone.starts_with("1380000") && phone.len() == 11, "{phone}");
        }
    }
}
