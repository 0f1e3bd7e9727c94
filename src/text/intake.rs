//! Words for what comes from outside: rosters that do not read, columns and rows that are not taken.

use crate::forms::Lang;
use crate::intake::Unread;
use crate::words;

words! {
    /// Sentences.
    pub enum Say {
        Old: "{} 是旧的 xls 文件，什么都没有导入。请在表格软件里另存为 xlsx，再导入。",
            "{} is an xls file of before 2007; nothing was imported. Save it as xlsx in your spreadsheet program and import that.";
        TooLarge: "{} 太大或解开后太大，什么都没有导入。请把名单那一页复制到一个新文件里，再导入。",
            "{} is too large, or becomes so when unpacked; nothing was imported. Copy the sheet with the people into a new file and import that.";
        Broken: "{} 读不出来，什么都没有导入。请在表格软件里打开它，另存为 xlsx 或 csv，再导入。（{}）",
            "{} cannot be read; nothing was imported. Open it in your spreadsheet program, save it as xlsx or csv and import that. ({})";
        Empty: "{} 里什么也没有，什么都没有导入。请检查是不是选错了文件。",
            "{} holds nothing; nothing was imported. See whether it is the right file.";
        NoHeader: "{} 里找不到表头（如 姓名、手机号），什么都没有导入。请在名单上面加一行列名，或用 --map 说明。",
            "{} has no row that names its columns (such as 姓名, Mobile); nothing was imported. Add one above the rows, or say it with --map.";
        BadMap: "{} 读不懂：{}。写法是每行一条：\"列名\" = \"字段名\"；不要的列写 \"\"。什么都没有导入。",
            "{} does not read: {}. One line a column: \"heading\" = \"field\"; \"\" leaves the column out. Nothing was imported.";
        NotTaken: "这些列没有导入：{}", "These columns are not taken: {}";
        PassedRow: "第 {} 行不是记录，没有导入：{}", "Row {} is no record and is not taken: {}";
        Importing: "正在导入", "Importing";
    }
}

/// Words for a file that does not read.
pub fn unread(lang: Lang, file: &str, why: &Unread) -> String {
    let file = super::clean(file);
    match why {
        Unread::Old => Say::Old.with(lang, &[&file]),
        Unread::TooLarge => Say::TooLarge.with(lang, &[&file]),
        Unread::Broken(said) => Say::Broken.with(lang, &[&file, &super::clean(said)]),
        Unread::Empty => Say::Empty.with(lang, &[&file]),
        Unread::NoHeader => Say::NoHeader.with(lang, &[&file]),
    }
}
