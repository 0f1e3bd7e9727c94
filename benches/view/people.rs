//! People, families and visits as a district has them, from one seed.

use jinguo::codec::Unplaced;
use jinguo::forms::{Level, Registers, UNIT};
use jinguo::record::{RecordId, Set, Stamp, Tag, Value};

pub const HOUSEHOLD: u32 = 5;
pub const PERSON: u32 = 6;
pub const VISIT: u32 = 9;
const CADRE: u32 = 4;
pub const FAMILIES: u64 = 20_000;

/// About as often as in a county of Chongqing.
const SURNAMES: &str = "李李李李李李李王王王王王王王张张张张张张陈陈陈陈陈刘刘刘刘刘杨杨杨杨黄黄黄周周周吴吴向向谭谭谭冉何何罗罗牟牟熊熊邓邓冯唐唐彭彭曾曾程程余余蒋蒋胡胡徐徐朱朱高高林林郭郭马马孙梁宋郑韩谢谢董萧袁袁潘潘蔡幸易易崔石石龚龚万万段雷雷方方钟汪田田任任姜范姚廖廖邹邹陆金孔白江江邱秦秦付阎薛侯侯文文温单解缪仇盖";
const GIVEN: &str = "芳英秀兰桂珍玉华明淑红梅琼丽艳霞燕萍群莉娟静敏雪平素琴蓉碧清菊凤春容云莲真贞雯婷婷欣怡佳慧思雨涵子萱晓小燕文学成国建志强勇军波涛长寿重行";
const CLAUSES: &str = "丈夫外出务工常年不在家|孩子由爷爷奶奶照看|家中老人患有高血压|需要长期服药|享受农村低保|去年脱贫目前收入稳定|在镇上超市上班|想参加家政培训|希望学习月嫂技能|孩子在万州二中读初中|孩子学习成绩下降|沉迷手机需要引导|已发放两癌筛查宣传单|约定下月参加免费检查|去年查出乳腺结节|正在复查|邻里关系和睦|婆媳有矛盾已劝解|对政策比较满意|反映村道路灯损坏|反映饮水困难|反映医保报销手续麻烦|已告知办理流程|宣传反家庭暴力法|提醒防范电信诈骗|提醒汛期安全|院坝会上踊跃发言|愿意加入巾帼志愿队|家庭环境整洁|评上最美家庭|种植柑橘三亩|养猪五头|今年销路不好|帮助联系收购商|生活困难送去慰问品|大米一袋食用油一桶|因病致贫已申请救助|残疾证已办理|轮椅需要更换|独居老人身体尚可|子女每周回来看望|情绪低落已陪伴谈心|离异后独自抚养两个孩子|申请了困境儿童补助|房屋漏雨已报村委会|正在等待维修|电话联系其丈夫|表示春节回家|没有其他诉求|一切正常";

pub struct People {
    seed: u64,
    villages: Vec<String>,
    made: u64,
}

fn id(register: u32, n: u64) -> RecordId {
    // Spread as random bits are, the same each time.
    let mixed = mix(n ^ u64::from(register) << 40);
    let mut random = [0; 10];
    random[..8].copy_from_slice(&mixed.to_be_bytes());
    random[8..].copy_from_slice(&(n as u16).to_be_bytes());
    RecordId::v7(1_700_000_000_000 + n * 977, random)
}

fn mix(mut n: u64) -> u64 {
    n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    n = (n ^ n >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    n = (n ^ n >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ n >> 31
}

fn set(tag: Tag, value: Value) -> Set {
    Set {
        tag,
        element: Vec::new(),
        value,
    }
}

fn chosen(tag: Tag, code: &str) -> Set {
    Set {
        tag,
        element: code.into(),
        value: Value::bool(true),
    }
}

impl People {
    pub fn new(registers: &Registers) -> Self {
        let all = registers.divisions().all();
        Self {
            seed: 7,
            villages: all
                .iter()
                .filter(|division| division.level == Level::Village)
                .map(|division| division.code.clone())
                .collect(),
            made: 0,
        }
    }

    fn below(&mut self, n: usize) -> usize {
        self.seed = self.seed.wrapping_add(1);
        (mix(self.seed) % n as u64) as usize
    }

    fn one(&mut self, of: &str) -> char {
        let n = self.below(of.chars().count());
        of.chars().nth(n).unwrap_or('李')
    }

    fn name(&mut self) -> String {
        let mut name = String::from(self.one(SURNAMES));
        for _ in 0..1 + self.below(3).min(1) {
            name.push(self.one(GIVEN));
        }
        name
    }

    fn mobile(&mut self) -> String {
        format!("13{:09}", self.below(1_000_000_000))
    }

    fn village(&self, family: u64) -> Value {
        Value::text(&self.villages[mix(family) as usize % self.villages.len()])
    }

    fn change(&mut self, register: u32, n: u64, sets: Vec<Set>) -> Unplaced {
        self.made += 1;
        Unplaced {
            at: Stamp::next(1_700_000_000_000 + self.made * 1_000, None),
            record: id(register, n),
            register,
            seen: Vec::new(),
            sets,
        }
    }

    /// A household and a person for each family.
    pub fn families(&mut self) -> Vec<Unplaced> {
        let mut all = Vec::new();
        for n in 0..FAMILIES {
            let village = self.village(n);
            let (head, phone) = (self.name(), self.mobile());
            let address = format!("{}组{}号", 1 + self.below(9), 1 + self.below(200));
            let sets = vec![
                set(1, Value::text(&head)),
                set(2, Value::text(&address)),
                set(4, Value::text(&phone)),
                set(UNIT, village.clone()),
            ];
            all.push(self.change(HOUSEHOLD, n, sets));
            let (name, mobile) = (self.name(), self.mobile());
            let born = self.below(20_000) as i64 - 5_000;
            let sets = vec![
                set(1, Value::text(&name)),
                set(3, Value::int(born)),
                set(6, Value::text(&mobile)),
                set(7, Value::reference(id(HOUSEHOLD, n))),
                set(UNIT, village),
            ];
            all.push(self.change(PERSON, n, sets));
        }
        all
    }

    fn summary(&mut self) -> String {
        let clauses: Vec<&str> = CLAUSES.split('|').collect();
        let mut text = String::new();
        for n in 0..2 + self.below(3) {
            text.push_str(if n > 0 { "，" } else { "" });
            text.push_str(clauses[self.below(clauses.len())]);
        }
        text + "。"
    }

    /// A visit by one of forty cadres, who each visit the families of some villages.
    pub fn visit(&mut self) -> Unplaced {
        let family = self.below(FAMILIES as usize) as u64;
        let n = self.made;
        let day = 19_700 + (self.made / 300) as i64;
        let summary = self.summary();
        let group = ["00", "11", "12", "21", "24"][self.below(5)];
        let told = ["law", "fraud", "two_cancer"][self.below(3)];
        let sets = vec![
            set(2, Value::int(day)),
            set(3, Value::text("02")),
            set(4, Value::text("01")),
            set(5, Value::text("household")),
            set(6, Value::reference(id(HOUSEHOLD, family))),
            set(7, Value::reference(id(PERSON, family))),
            set(10, Value::text("01")),
            set(11, Value::reference(id(CADRE, mix(family) % 40))),
            chosen(13, group),
            set(14, Value::text(&summary)),
            set(15, Value::bool(false)),
            set(16, Value::bool(false)),
            set(17, Value::text("0")),
            chosen(19, told),
            set(22, Value::int(day + 90)),
            set(25, Value::text("1")),
            set(UNIT, self.village(family)),
        ];
        self.change(VISIT, n, sets)
    }

    /// Another summary for one of the first visits, made without having seen it.
    pub fn edit(&mut self) -> Unplaced {
        let n = 2 * FAMILIES + self.below(100_000) as u64;
        let summary = self.summary();
        self.change(VISIT, n, vec![set(14, Value::text(&summary))])
    }
}
