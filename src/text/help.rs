//! The help of the command line.

use crate::forms::Lang;

/// Help by path: a command, or a command and `<argument>`.
const HELP: &[(&str, &str, &str)] = &[
    (
        "",
        "巾帼：妇联基层干部的键盘台账。不带命令即打开界面。",
        "Jinguo: a keyboard ledger for the field cadres of a women's federation. Without a command it opens the screen.",
    ),
    (
        "<lang>",
        "界面语言：zh 中文，en 英文",
        "language: zh Chinese, en English",
    ),
    (
        "<format>",
        "输出格式：text 给人看，json 每行一个对象，csv 给电子表格",
        "output: text for people, json one object a line, csv for spreadsheets",
    ),
    (
        "init",
        "建立台账和您的签名密钥",
        "make a store and its author key",
    ),
    ("init <name>", "您的姓名", "your name"),
    (
        "init <unit>",
        "本单位的12位区划代码，如 500101028008",
        "your unit's 12-digit division code, such as 500101028008",
    ),
    (
        "demo",
        "生成万州演示数据并打开（不会动您自己的台账）",
        "make the Wanzhou demonstration and open it (never your own store)",
    ),
    (
        "demo <dir>",
        "演示数据放在哪个文件夹",
        "the folder for the demonstration",
    ),
    (
        "demo <scale>",
        "数据量的倍数",
        "how many times as much data",
    ),
    (
        "demo <fresh>",
        "先删掉旧的演示数据，重新生成",
        "remove the old demonstration and make it anew",
    ),
    (
        "add",
        "从标准输入读入 JSON，每行一条，校验后保存",
        "read JSON lines from standard input, check each as the form does, save",
    ),
    (
        "add <register>",
        "台账名，如 visit",
        "register, such as visit",
    ),
    (
        "import",
        "导入 csv 或 xlsx 名单：每行收下，或说明为什么不收",
        "import a csv or xlsx: each row accepted, or refused with its reason",
    ),
    (
        "import <register>",
        "台账名，如 visit",
        "register, such as visit",
    ),
    ("import <file>", "csv 或 xlsx 文件", "a csv or xlsx file"),
    (
        "import <map>",
        "哪一列是哪个字段：每行 \"列名\" = \"字段名\"（TOML）",
        "which column is which field: \"heading\" = \"field\" a line (TOML)",
    ),
    (
        "import <dry_run>",
        "只看结果，不写入",
        "only say what would happen",
    ),
    (
        "edit",
        "修改一条记录：标准输入给出要改的字段（JSON 对象）",
        "change a record: the fields to change as a JSON object on standard input",
    ),
    ("edit <id>", "记录编号（32 位）", "the record's id (32 hex)"),
    (
        "delete",
        "删除一条记录（标准输入可为空，或带 _seen）",
        "delete a record (standard input may be empty, or carry _seen)",
    ),
    (
        "delete <id>",
        "记录编号（32 位）",
        "the record's id (32 hex)",
    ),
    ("list", "列出记录，每行一条", "list records, one a line"),
    (
        "list <register>",
        "台账名，如 visit",
        "register, such as visit",
    ),
    (
        "list <filter>",
        "条件表达式，如 \"visit_date >= '2026-11-01'\"",
        "a condition, such as \"visit_date >= '2026-11-01'\"",
    ),
    (
        "list <sort>",
        "按字段排序，字段前加 - 为倒序",
        "sort by a field; - before it: descending",
    ),
    ("list <limit>", "最多几条", "at most so many"),
    ("list <labels>", "另附代码的文字", "add the words of codes"),
    ("list <deleted>", "也列出已删除的", "deleted ones too"),
    ("show", "显示一条记录", "show one record"),
    ("show <id>", "记录编号（32 位）", "the record's id (32 hex)"),
    (
        "show <history>",
        "连同每次修改：谁、何时、改前是什么",
        "with its changes: who, when, what was before",
    ),
    (
        "export",
        "导出签名的批次文件，只含对方还没有的",
        "write a signed batch of what the receiver lacks",
    ),
    (
        "export <output>",
        "写到哪个文件或文件夹",
        "the file or folder to write",
    ),
    ("export <all>", "全部导出", "everything"),
    (
        "export <receiver>",
        "给谁（姓名 或 姓名@单位）",
        "for whom (NAME or NAME@UNIT)",
    ),
    (
        "inspect",
        "看一个批次：谁的、什么、多少、签名，不合并",
        "look at a batch without merging: whose, what, how many, signature",
    ),
    ("inspect <file>", "批次文件", "a batch"),
    (
        "report",
        "打印用的表：签到表、花名册",
        "sheets to print: the one to sign, the roll",
    ),
    (
        "report sign-in",
        "签到表：一人一行，一次课一栏，供签名",
        "the sheet to sign: a line for each person, a column for each meeting",
    ),
    (
        "report sign-in <id>",
        "培训班的编号（32 位）",
        "the class's id (32 hex)",
    ),
    (
        "report sign-in <output>",
        "写到哪个文件：.xlsx 或 .csv",
        "the file to write: .xlsx or .csv",
    ),
    (
        "report roll",
        "花名册：学时、出勤率、考核结果、证号；电话打码",
        "the roll: hours, attendance, result, certificate; phones masked",
    ),
    (
        "report roll <id>",
        "培训班的编号（32 位）",
        "the class's id (32 hex)",
    ),
    (
        "report roll <output>",
        "写到哪个文件：.xlsx 或 .csv",
        "the file to write: .xlsx or .csv",
    ),
    (
        "merge",
        "合并批次，并给出对得上的账目",
        "merge batches and print a balance that adds up",
    ),
    (
        "merge <files>",
        "批次文件或装有批次的文件夹",
        "batches, or folders of batches",
    ),
    (
        "merge <dry_run>",
        "只看结果，不写入",
        "only say what would happen",
    ),
    (
        "conflicts",
        "列出不一致的字段，或选定一个值",
        "list fields in conflict, or settle one",
    ),
    (
        "conflicts <resolve>",
        "编号 字段 选择：选择是所列序号，或 =值",
        "ID FIELD CHOICE; CHOICE is the number listed, or =VALUE",
    ),
    (
        "trust",
        "管理认可的人：谁的台账和批次可以合并",
        "whose logs and batches are accepted",
    ),
    (
        "trust add",
        "认可一个人：批次、公钥，或一行 allowed_signers",
        "accept a person: a batch, a public key, or a line of allowed_signers",
    ),
    (
        "trust add <file>",
        "批次、公钥或 allowed_signers 文件",
        "a batch, a public key or an allowed_signers file",
    ),
    ("trust add <yes>", "不再询问", "do not ask"),
    ("trust list", "列出认可的人", "list who is accepted"),
    (
        "trust remove",
        "不再接受某人的新内容（已合并的保留）",
        "accept nothing new of a person (what is merged stays)",
    ),
    (
        "trust remove <name>",
        "姓名 或 姓名@单位",
        "NAME or NAME@UNIT",
    ),
    ("trust remove <yes>", "不再询问", "do not ask"),
    (
        "check",
        "核对每本日志和视图",
        "verify every log and the view",
    ),
    (
        "rebuild",
        "从日志重建视图",
        "rebuild the view from the logs",
    ),
    ("forms", "台账定义", "register files"),
    (
        "forms check",
        "检查台账定义文件，一次报出全部错误",
        "validate register files, all mistakes at once",
    ),
    (
        "forms check <file>",
        "要检查的文件；不给则检查已安装的全部",
        "the file; without it, all that are installed",
    ),
    ("keys", "打印键位表", "print the keymap"),
    ("keys <keymap>", "键位方案：standard", "its name: standard"),
];

/// The help of a command (`trust add`) or of its argument (`trust add <file>`).
pub fn help(path: &str, lang: Lang) -> Option<&'static str> {
    let (_, zh, en) = HELP.iter().find(|(of, ..)| *of == path)?;
    Some(match lang {
        Lang::Zh => zh,
        Lang::En => en,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_stands_once_and_in_both_languages() {
        for (i, (path, zh, en)) in HELP.iter().enumerate() {
            assert!(!zh.is_empty() && en.is_ascii(), "{path}");
            assert!(
                HELP[..i].iter().all(|(other, ..)| other != path),
                "{path} twice"
            );
        }
    }
}
