//! Surnames: what tells a name from any other two or three characters.

/// Surnames of one character: the 百家姓, and what else is common today or along the Yangtze. 和, 到, 共 and a few others that
/// are nearly always words are left out: a person is asked about those.
const SINGLE: &str = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余\
元卜顾孟平黄穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁\
单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从\
鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍郤璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙欧殳沃\
利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公肖付涂牟谯覃佘晋但代仝邸丘岳帅缑亢况郈归海墨哈笪年爱阳佟言福苟敬粟谌宾幺尧税鄢操漆揭占门鲜\
问随青母辜雒补瓮旷原仵展底迟冶战木初卿冼麦练植";

/// Surnames of more than one character.
const COMPOUND: &[&str] = &[
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "司徒",
    "夏侯",
    "端木",
    "长孙",
    "宇文",
    "轩辕",
    "南宫",
    "闻人",
    "申屠",
    "太史",
    "独孤",
    "呼延",
    "拓跋",
    "万俟",
    "东郭",
    "西门",
    "淳于",
    "单于",
    "赫连",
    "澹台",
    "公冶",
    "宗政",
    "濮阳",
    "太叔",
    "仲孙",
    "钟离",
    "鲜于",
    "闾丘",
    "亓官",
    "司空",
    "子车",
    "颛孙",
    "巫马",
    "公西",
    "漆雕",
    "公良",
    "宰父",
    "谷梁",
    "段干",
    "百里",
    "羊舌",
    "微生",
    "梁丘",
    "左丘",
    "纳兰",
    "完颜",
    "叶赫那拉",
    "爱新觉罗",
];

/// Whether a character is a surname.
pub(super) fn single(c: char) -> bool {
    SINGLE.contains(c)
}

/// How many characters of a name are its compound surname.
pub(super) fn compound(name: &str) -> Option<usize> {
    let surname = COMPOUND.iter().find(|surname| name.starts_with(**surname));
    surname.map(|surname| surname.chars().count())
}
