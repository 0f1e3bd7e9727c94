//! How offices head their columns. The wordings of a line mean the same; a field is meant by all wordings of each line that
//! holds its label, its short label or its name.

use super::plain::plain;
use crate::forms::Field;

const SAME: &[&str] = &[
    "姓名 名字 人员姓名 学员姓名 干部姓名 参训人员 参训学员 学员 参会人员 name",
    "手机号 手机 手机号码 电话 电话号码 联系电话 联系方式 移动电话 本人电话 mobile phone tel",
    "单位 工作单位 所在单位 单位名称 选送单位 就职单位 工作单位全称 employer",
    "职务 妇联职务 现任职务 担任职务 职位 岗位 post role",
    "单位职务 行政职务 工作职务",
    "性别 男/女 sex gender",
    "公民身份号码 身份证号 身份证 身份证号码 居民身份证号 证件号码 id",
    "民族 ethnicgroup ethnic",
    "序号 编号 no. no",
    "学历 文化程度 最高学历 education",
    "政治面貌 政治身份 是否党员",
    "出生年月 出生日期 出生 生日",
    "所在组织 妇联组织 所在妇联 所属妇联 所属组织 组织名称 organisation",
    "所属村社 村社 村(社区) 村社区 所在村社 所在村(社区) 镇街 所属镇街 镇乡街道 乡镇街道 unit",
    "是否住宿 住宿 需要住宿 lodging",
    "备注 说明 备考 remark remarks",
    "任职起 任职时间 任职日期 任现职时间",
    "专长 特长 expertise",
    "组别 分组 小组 group",
    "成绩 分数 得分 score",
    "培训班 班次 培训班名称 班级 class",
    "住址 地址 家庭住址 详细地址 现住址 address",
];

/// A heading without blanks, signs and what only explains: 手机号（必填）* is 手机号.
pub(super) fn bare(heading: &str) -> String {
    let mut bare: String = plain(heading).to_lowercase();
    bare.retain(|c| !c.is_whitespace() && !matches!(c, '*' | ':' | '"' | '\''));
    let explains = [
        "(必填)",
        "(选填)",
        "(可不填)",
        "(11位)",
        "(18位)",
        "(全称)",
        "(盖章)",
        "(是/否)",
        "(必须)",
    ];
    for what in explains {
        bare = bare.replace(what, "");
    }
    bare
}

/// How well a bare heading means a field: 2 by its own words, 1 by common ones, 0 not.
pub(super) fn fit(heading: &str, field: &Field) -> u8 {
    let own = [
        &field.name,
        &field.label.zh,
        &field.label.en,
        &field.short.zh,
        &field.short.en,
    ];
    let own: Vec<String> = own.iter().map(|own| bare(own)).collect();
    if own.iter().any(|own| own == heading) {
        return 2;
    }
    let same = SAME
        .iter()
        .filter(|line| line.split(' ').any(|word| word == heading));
    let means = same
        .flat_map(|line| line.split(' '))
        .any(|word| own.iter().any(|own| own == word));
    u8::from(means)
}
