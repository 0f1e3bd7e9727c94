//! Words of the form: its frame, its panel, and how each type is typed.

crate::words! {
    /// A word of the form.
    pub enum FormWord {
        New: "新建", "New";
        Again: "照上次再录", "As last time";
        Draft: "草稿 {}", "Draft {}";
        DraftAsTyped: "草稿随打随存", "draft kept as typed";
        DraftLeft: "草稿留着，首页可以接着写", "The draft is kept; Home brings it back";
        NothingTyped: "什么都没打，没留草稿", "Nothing was typed, no draft is kept";
        Saved: "已存 {}", "Saved {}";
        SavedMore: "已存 {}，再录一条", "Saved {}, one more";
        Unchanged: "没有改动，不用存", "Nothing changed, nothing to save";
        More: "另有 {} 项", "{} more";
        MoreJump: "跳到", "go to";
        Errors: "{} 处错误", "errors: {}";
        Warnings: "{} 处提醒", "warnings: {}";
        CannotSave: "{} 处错误，还不能存", "errors: {}, cannot be saved yet";
        SaveOver: "有提醒，再按一次 {} 就存", "Warnings: {} once more saves";
        WarningsHead: "存前看一眼", "Before it is saved";
        Needed: "这项要填", "This must be filled";
        NeededSkip: "这项要填；先跳过按 {}", "This must be filled; {} passes it for now";
        NoneWrong: "没有错误，也没有提醒", "No error and no warning";
        NothingToUndo: "没有可撤销的", "Nothing to undo";
        NothingToRedo: "没有可重做的", "Nothing to redo";
        NoLast: "没有上一次的可用", "There is no earlier one";
        ReadOnly: "建好以后不能再改", "Fixed once the record is made";
        Choose: "还差一位数字", "One more digit";
        NoSuchDigit: "没有 {} 这个选项", "There is no choice {}";
        FoundSome: "找到 {}", "{} found";
        FoundNone: "没有找到", "none found";
        Latest: "最近的", "the latest";
        NearFirst: "近的在前", "nearest first";
        NewOf: "新建{}", "New: {}";
        Never: "从未{}", "{}: none";
        CanType: "可打  姓名  首字母  手机尾号  门牌  村社", "Type  name  initials  end of phone  door  village";
        CanTypePlace: "可打  村社名  首字母  全拼  12 位代码", "Type  name  initials  pinyin  the code of 12 digits";
        LastTime: "上次 {}", "last {}";
        Within: "户内", "People";
        Family: "{}家", "{}";
        Take: "取", "take";
        NotNew: "这一项不能在这里新建", "Nothing can be made new from this field";
        JumpTo: "跳到", "Go to";
        JumpHow: "数字  名称  首字母", "digits or a name";
        Shown: "显示 {} 秒", "shown {} s";
        Pasted: "已贴进来，看一眼再往下", "Pasted; have a look before you go on";
        Other: "换一个", "other";
        Arrows: "上下", "Up Down";
        PickDigits: "数字", "Digits";
        Pick: "选", "pick";
        Sentence: "打字就行", "just type";
        Lines: "可写 {} 行", "up to {} lines";
        AtMost: "最多 {} 字", "at most {} characters";
        ReasonLast: "上次", "last";
        ReasonCarried: "沿用", "carried";
        ReasonToday: "今天", "today";
        ReasonDefault: "默认", "default";
        DateStep: "+ -", "+ -";
        DateStepHow: "前后一天，也可 +3 -1", "a day on or back, also +3 -1";
        DateDigits: "1123", "1123";
        DateDigitsHow: "月日，也可 23(本月) 11-23 2026/11/23", "month and day, also 23 11-23 2026/11/23";
        DateWords: "今天 昨天 周五", "t -1 w5";
        DateWordsHow: "写字也行", "today, yesterday, Friday";
        MonthDigits: "11", "11";
        MonthDigitsHow: "本年 11 月，也可 202611 2026-11", "this year's, also 202611 2026-11";
        TimeDigits: "1430", "1430";
        TimeDigitsHow: "也可 14:30 9 点", "also 14:30 9";
        MomentDigits: "1123 1430", "1123 1430";
        MomentDigitsHow: "日期、空格、时间；现在 = 此刻", "date, blank, time";
        NumberHow: "数字，全角也行", "digits, full width too";
        MoneyDigits: "200", "200";
        MoneyDigitsHow: "元，也可 200.50", "yuan, also 200.50";
        DecimalHow: "数字，小数点后最多 {} 位", "a number, at most {} decimals";
        PhoneHow: "手机 11 位打满就走；座机 023-58000000", "11 digits go on by themselves; landline 023-58000000";
        MobileHow: "手机 11 位，打满就走", "11 digits, goes on when full";
        IdHow: "18 位，打满就走；末位 X 打 * 也行", "18 characters, goes on when full; * is X";
        CreditHow: "18 位，不用 I O S V Z", "18 characters without I O S V Z";
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::Lang;

    #[test]
    fn every_word_has_as_many_places_in_both_languages() {
        for word in FormWord::ALL {
            let places = |text: &str| text.matches("{}").count();
            assert_eq!(
                places(word.get(Lang::Zh)),
                places(word.get(Lang::En)),
                "{word:?}"
            );
        }
    }
}
