//! What cadres write about a visit: patterns as village notes have them, filled with the family's own facts. A note is an
//! opening, what was found, what was done and what was agreed, never all four at once.

use std::collections::BTreeMap;

use super::dice::{Deck, Dice};

/// A family's facts, by the word that stands in the patterns in braces.
pub type Facts = BTreeMap<&'static str, String>;

/// Puts facts into a pattern's braces; a word that the facts do not have stays as it stands, which a test forbids.
pub fn fill(pattern: &str, facts: &Facts) -> String {
    let mut text = String::with_capacity(pattern.len() * 2);
    let mut rest = pattern;
    while let Some((before, behind)) = rest.split_once('{') {
        text.push_str(before);
        let (word, behind) = behind.split_once('}').unwrap_or((behind, ""));
        match facts.get(word) {
            Some(fact) => text.push_str(fact),
            None => text.extend(["{", word, "}"]),
        }
        rest = behind;
    }
    text.push_str(rest);
    text
}

/// How a visit at home begins.
const OPENINGS: &[&str] = &[
    "上午到{她}家，人在家。",
    "吃过晌午去的，{她}正在院坝收拾{作物}。",
    "傍晚收工后上门，一家人都在。",
    "{她}刚从镇上赶场回来，在家门口碰到。",
    "和网格员一起入户。",
    "趁赶场天人齐，到{她}家坐了半个多小时。",
    "按分片名单走到{她}家。",
    "下雨没出工，{她}在屋头。",
    "到的时候{她}在喂{牲口}。",
    "与驻村干部同行。",
    "这户是本月必访户。",
    "{她}听到狗叫出来接，摆了一阵龙门阵。",
    "一早去的，{她}正要出门做零工。",
];
/// How a visit by phone begins.
const CALLS: &[&str] = &[
    "电话打通，聊了十来分钟。",
    "打了两次才接。",
    "晚上打的电话，{她}刚收工。",
    "电话回访，声音精神。",
    "电话里{她}声音有点哑，说是感冒了。",
];
/// How a visit by message begins.
const MESSAGES: &[&str] = &[
    "微信视频，{她}在上班间隙接的。",
    "微信上先发了消息，晚上回的。",
    "语音聊的，{她}在{外地}看娃。",
    "{她}发来几张家里的照片。",
];
/// Nobody was met.
const MISSED: &[&str] = &[
    "敲门无人应，隔壁说{她}到{外地}看孙子去了，要月底才回。",
    "大门上锁，电话没人接，改天再去。",
    "家中无人，邻居讲赶人户去了，留了联系卡。",
    "{她}住院陪护，没碰到面，已给家属留话。",
    "去了两回都没遇到，微信留言请她回电话。",
    "外出做零工未归，门缝里塞了服务联系卡。",
    "在地头没找到人，邻居答应带话。",
    "屋头只有狗，听说走亲戚去了，约周末再来。",
];
/// She did not want to talk.
const REFUSED: &[&str] = &[
    "{她}说忙，不愿多谈，没勉强，留下联系电话。",
    "隔着门说家里都好，没让进屋，下次请组长一起去。",
    "情绪不好，不想说，改由{亲戚}先劝。",
];

/// What was found, by the code of the group that she belongs to.
const FOUND: &[(&str, &[&str])] = &[
    (
        "00",
        &[
            "家庭和睦，无诉求。",
            "一家{人口}口，收入靠{作物}和{男人}做{活路}，日子过得去。",
            "婆媳关系好，{她}还当着院落的矛盾调解员。",
            "今年{作物}收成比去年好，就是价钱不稳。",
            "新房刚装修完，欠的账不多，{她}说慢慢还。",
            "{娃}读{年级}，成绩中等，家里管得严。",
            "老人身体硬朗，{她}每天跳坝坝舞。",
            "{她}参加了村里的腰鼓队，精神头足。",
            "问了家里情况，都正常，对院坝路灯满意。",
            "屋前屋后收拾得干净，评上本季度清洁户。",
            "家里添了电三轮，赶场卖{作物}方便多了。",
            "{男人}在附近工地做{活路}，早出晚归。",
        ],
    ),
    (
        "11",
        &[
            "丈夫在{外地}做{活路}，今年{月数}个月没回，{她}一个人种{亩}亩{作物}，带{娃}读{年级}。",
            "{她}腰疼又犯了，地里活请{亲戚}帮了两天。",
            "男人在{外地}，每月寄回{钱}元，够用，就是家里没个商量的人。",
            "一人照看两个老人和{娃}，晚上睡不好。",
            "家中老人孩子需照料，{她}走不开，想就近找点事做。",
            "{男人}上个月打电话说{外地}活少，可能提前回来。",
            "{她}学会了视频，每晚和丈夫通话，心情比上次好。",
            "今年没种完，荒了一块，{她}说实在忙不过来。",
            "养了{头数}头{牲口}，一早一晚都要喂，赶场都得掐时间。",
        ],
    ),
    (
        "12",
        &[
            "父母都在{外地}，{娃}由婆婆带，读{年级}，作业多半没人辅导。",
            "{娃}话少，说想妈妈，约了周末视频。",
            "看了作业本，数学错得多，字写得工整。",
            "{娃}个子长了，校服短了一截。",
            "婆婆管不住手机，{娃}放学就抱着看，讲了约定每天半小时。",
            "老师反映{娃}上课走神，和婆婆一起听了。",
            "爸爸前阵回来过，带了新书包，{娃}高兴。",
            "婆婆记性差，药和饭都要{娃}提醒。",
        ],
    ),
    (
        "13",
        &[
            "{娃}随爷爷生活，爷爷{病}，家里靠低保，房子漏雨处已补。",
            "{娃}有资助人，学费不愁，缺的是有人陪。",
            "监护人能尽责，{娃}衣着干净，按时上学。",
            "{娃}夜里怕黑，老师建议多陪伴。",
            "村里给配了小书桌，{娃}能在家里写作业了。",
            "查看了助学金到账情况，本学期已发。",
        ],
    ),
    (
        "14",
        &[
            "{她}一人住，饮食起居能自理，{病}，每天吃药。",
            "儿子在{外地}，一年回一次，平时{亲戚}隔天来看。",
            "灶屋电线老化，叫{她}不要乱拉，已请电工来看。",
            "{她}耳背，要大声说才听得见，门口防滑垫是上次送的。",
            "冬天烤火，讲了开窗防煤气。",
            "把药盒按早中晚分好，{她}记不住哪样吃几颗。",
            "{她}摔过一跤，膝盖还青着，走路扶墙。",
            "陪{她}说了会儿话，翻出老照片看，很高兴。",
            "米油够吃，菜是自己种的，就是没人挑水泥巴路。",
        ],
    ),
    (
        "21",
        &[
            "{她}独自带{娃}，在镇上餐馆帮工，月收入{钱}元。",
            "前夫抚养费给得断断续续，上个月给了。",
            "{娃}读{年级}，{她}最愁晚上加班没人接。",
            "房租一年一交，今年涨了，{她}有点吃力。",
            "性格要强，不愿多讲困难，慢慢聊才说。",
            "{她}想学个证，晚上自己在手机上看课。",
            "{娃}感冒刚好，{她}请了三天假，扣了全勤。",
        ],
    ),
    (
        "22",
        &[
            "低保按月到账，{男人}{病}，主要开支是药费。",
            "家里{人口}口人，只有{她}一人有收入，种{亩}亩{作物}。",
            "上半年看病花了{钱}元，报销后自付三成。",
            "享受公益性岗位，每天扫两条村道，{她}做得认真。",
            "养{牲口}的周转金用上了，已出栏{头数}头。",
            "{娃}的助学金申请表帮着填好了。",
            "房屋安全，饮水到户，没有返贫风险。",
            "卖{作物}得了{钱}元，比去年多。",
        ],
    ),
    (
        "23",
        &[
            "{她}术后复查，指标稳定，药要继续吃。",
            "化疗间隙在家休息，胃口差，{亲戚}来帮忙做饭。",
            "救助金已打到卡上，{她}连说谢谢。",
            "情绪比上次平和，加入了病友互助群，愿意出门走走。",
            "自付部分压力大，帮着算了医保和大病报销。",
            "手臂还肿，康复操每天做两回。",
            "下月到区医院复查，{男人}请假陪。",
        ],
    ),
    (
        "24",
        &[
            "{她}行动不便，轮椅轮胎坏了一只，已报残联。",
            "两项补贴按月发，{她}在家做手工串珠，一天能挣二三十。",
            "门口坡道修好了，自己能推出去晒太阳。",
            "听力差，{娃}打字给她看，沟通没问题。",
            "残疾证快到期，提醒换证。",
            "{她}手巧，绣的鞋垫在微家摆着卖。",
            "家里装了扶手，洗澡方便多了。",
        ],
    ),
    (
        "25",
        &[
            "{她}患{病}，一周去三次医院，来回车费不少。",
            "家里借了亲戚的钱看病，大病报销材料还差一张发票。",
            "病情稳定，能做点轻活，{男人}在近处找了活照顾她。",
            "药价降了，一个月少花{钱}元。",
            "精神不错，村医每周上门量血压。",
        ],
    ),
    (
        "27",
        &[
            "怀孕{孕月}个月，产检按时，叶酸在领。",
            "产后第{孕月}个月，奶水够，夜里娃闹睡不好。",
            "婆婆帮着带，坐月子的讲究有点摩擦，劝双方都让一步。",
            "建档立卡，疫苗本齐全。",
            "{她}有点情绪低落，请卫生院妇幼医生加了微信。",
        ],
    ),
    (
        "31",
        &[
            "两口子为{男人}打牌的事吵了几回，分别谈了，都愿意各退一步。",
            "婆媳为带娃的法子不合，吃饭分了灶。",
            "因给老人赡养费的事兄弟有意见，{她}夹在中间。",
            "近一个月没再吵，{男人}把工资卡交了。",
            "为宅基地边界和邻居怄气，已请村调解员看现场。",
            "{她}说气话要回娘家，坐下来摆了一个钟头，消了气。",
        ],
    ),
    (
        "33",
        &[
            "协议已签，{娃}跟{她}，每月抚养费{钱}元。",
            "离婚后搬回娘家住，{她}爹妈帮着带娃。",
            "法院排期下个月，{她}心里没底，讲了程序。",
            "{她}状态比春上好，开始在超市上班。",
            "探望时间双方说好了，每月两次。",
        ],
    ),
    (
        "34",
        &[
            "租住在学校旁，{她}专门照看{娃}读{年级}，一年租金{钱}元。",
            "白天没事做，想找个能接送娃的短工。",
            "{娃}月考进步，{她}松了口气。",
            "老家房子空着，{男人}在{外地}供着两头。",
            "参加了陪读妈妈读书会，认识了几个姐妹。",
        ],
    ),
    (
        "41",
        &[
            "从{外地}厂里回来，想在家门口就业，会踩缝纫机。",
            "{她}开网店卖{作物}，月销百十单，缺包装和流量。",
            "想办家庭农场，{亩}亩地已流转，差启动钱。",
            "去镇上服装车间试了工，{她}说做得下来。",
            "考育婴师证过了理论，实操下个月。",
            "小吃摊生意一般，想学做面点添个品种。",
            "面试了两家都嫌年纪大，{她}有点灰心，鼓励她再试。",
        ],
    ),
    (
        "42",
        &[
            "{她}跑外卖，一天三四十单，讲了行车安全和意外险。",
            "送快递片区大，中午在驿站歇脚，希望多个能热饭的地方。",
            "做直播卖{作物}，晚上播到十一点，嗓子哑。",
            "开网约车两年，平台派单少了，收入掉了一截。",
            "家政接单，{她}想考个证把价钱提一提。",
        ],
    ),
    (
        "43",
        &[
            "库区移民户，住安置房，{她}在滨江做保洁。",
            "后期扶持直补已到账。",
            "搬上来二十多年，老家{作物}地淹了，靠{男人}做{活路}。",
            "安置房顶楼渗水，去年修过，今年没再漏。",
            "{她}常回江边看看，说老码头那阵热闹。",
        ],
    ),
    (
        "44",
        &[
            "从{外地}来租住的，{娃}随迁上学手续办好了。",
            "{她}人生地不熟，请她参加微家的包面活动。",
            "居住证到期，提醒续办。",
            "在批发市场帮工，起早贪黑，租屋通风不好。",
        ],
    ),
    (
        "51",
        &[
            "{她}带着七八个姐妹种{作物}，今年订单签到{钱}元。",
            "说愿意给村里媳妇讲讲自己的经历。",
            "家庭被推为绿色家庭候选，{她}说做得还不够。",
            "合作社缺冷库，正在跑项目。",
            "自家院坝办了微家，书和茶都备着。",
        ],
    ),
    (
        "52",
        &[
            "{她}读大二，寒暑假愿意来村里辅导娃娃作业。",
            "毕业半年在备考，压力大，父母催得紧。",
            "想回乡做电商，问创业贷款政策。",
            "{她}帮村里拍了短视频，{作物}卖得好。",
        ],
    ),
];
/// What was done.
const DONE: &[&str] = &[
    "宣传两癌免费筛查。",
    "讲解反家暴法和12338热线。",
    "提醒防电信诈骗，装了反诈APP。",
    "发了家庭教育宣传册。",
    "讲了医保缴费时间和金额。",
    "登记了零工意向。",
    "送去{慰问}。",
    "帮她在手机上查了补贴到账。",
    "教了视频通话。",
    "讲了用火用电安全。",
    "邀请参加本周{微家}活动。",
    "把镇上招工信息转给她。",
    "告知养老保险认证办法。",
    "一起看了娃的作业。",
    "讲了防一氧化碳。",
    "留了妇联联系卡。",
    "量了血压，偏高，叫按时吃药。",
    "提醒流感疫苗接种。",
    "说了移风易俗、不办无事酒。",
    "讲了妇女小额担保贷款政策。",
];
/// What was agreed.
const CLOSES: &[&str] = &[
    "约定下次走访时间。",
    "下月再来看。",
    "{她}表示感谢。",
    "有事打电话。",
    "已记下，回去跟主席报。",
    "暂无其他诉求。",
    "临走{她}硬塞了几个{果子}。",
    "让{亲戚}也帮着留意。",
    "下周电话再问一声。",
    "请组长平时多看一眼。",
];

/// What a note is about.
pub struct Subject<'a> {
    /// The code of her group.
    pub group: &'a str,
    /// Her family's facts.
    pub facts: &'a Facts,
    /// The code of how she was reached: 01 at home, 02 phone, 03 WeChat …
    pub mode: &'a str,
    /// The code of the result: 01 met, 02 her family, 03 nobody there, 04 refused.
    pub result: &'a str,
}

/// Writes notes, dealing its patterns so that a cadre does not write the same twice in a row.
#[derive(Default)]
pub struct Notes {
    decks: BTreeMap<&'static str, Deck>,
}

impl Notes {
    /// One note, in a cadre's words; at most 300 characters.
    pub fn write(&mut self, subject: &Subject<'_>, dice: &mut Dice) -> String {
        let facts = subject.facts;
        let mut say = |pool: &'static str, from: &'static [&'static str], dice: &mut Dice| {
            fill(self.decks.entry(pool).or_default().deal(from, dice), facts)
        };
        match subject.result {
            "03" => return say("missed", MISSED, dice),
            "04" => return say("refused", REFUSED, dice),
            _ => {}
        }
        let mut text = String::new();
        match subject.mode {
            "02" => text += &say("calls", CALLS, dice),
            "03" => text += &say("messages", MESSAGES, dice),
            "01" if dice.chance(45) => text += &say("openings", OPENINGS, dice),
            _ => {}
        }
        if subject.result == "02" {
            text += &fill("{她}不在，{亲戚}在家。", facts);
        }
        let found = FOUND
            .iter()
            .find(|(code, _)| *code == subject.group)
            .unwrap_or(&FOUND[0]);
        text += &say(found.0, found.1, dice);
        if dice.chance(22) {
            let more = say(found.0, found.1, dice);
            if !text.contains(&more) {
                text += &more;
            }
        }
        if dice.chance(48) {
            text += &say("done", DONE, dice);
        }
        if dice.chance(35) {
            text += &say("closes", CLOSES, dice);
        }
        text.chars().take(300).collect()
    }
}

/// How many patterns there are.
#[cfg(test)]
fn patterns() -> usize {
    FOUND.iter().map(|(_, pool)| pool.len()).sum::<usize>()
        + [OPENINGS, CALLS, MESSAGES, MISSED, REFUSED, DONE, CLOSES]
            .iter()
            .map(|pool| pool.len())
            .sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::families::facts_for_tests;

    #[test]
    fn every_pattern_finds_its_facts() {
        let mut dice = Dice::new(5);
        let facts = facts_for_tests(&mut dice);
        let pools = FOUND
            .iter()
            .map(|(_, pool)| *pool)
            .chain([OPENINGS, CALLS, MESSAGES, MISSED, REFUSED, DONE, CLOSES]);
        for pattern in pools.flatten() {
            let text = fill(pattern, &facts);
            assert!(!text.contains(['{', '}']), "{pattern}");
        }
        assert!(patterns() > 180, "{}", patterns());
    }

    #[test]
    fn notes_do_not_repeat() {
        let mut dice = Dice::new(6);
        let facts = facts_for_tests(&mut dice);
        let mut notes = Notes::default();
        let mut written: Vec<String> = (0..200)
            .map(|_| {
                let subject = Subject {
                    group: "11",
                    facts: &facts,
                    mode: "01",
                    result: "01",
                };
                notes.write(&subject, &mut dice)
            })
            .collect();
        assert!(
            written
                .iter()
                .all(|note| (4..=300).contains(&note.chars().count()))
        );
        written.sort();
        written.dedup();
        assert!(
            written.len() > 120,
            "only {} different notes of one family",
            written.len()
        );
    }

    #[test]
    fn what_is_not_a_fact_stays_visible() {
        assert_eq!(fill("甲{无}乙", &Facts::new()), "甲{无}乙");
    }
}
