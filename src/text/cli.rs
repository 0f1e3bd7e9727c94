//! Words of the command line: its help, and what it says on standard error.

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

/// What the command line says to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Say<'a> {
    /// The command line does not parse.
    Usage,
    /// No register of that name.
    NoRegister {
        /// As typed.
        name: &'a str,
        /// Names that there are.
        known: &'a str,
    },
    /// No field of that name.
    NoField {
        /// As typed.
        name: &'a str,
        /// Names that there are.
        known: &'a str,
    },
    /// An id that is not 32 hex digits.
    NoId(&'a str),
    /// No record with that id.
    NoRecord(&'a str),
    /// One id in several registers.
    ManyRecords(&'a str),
    /// The input is not JSON.
    NotJson(&'a str),
    /// The input is not a JSON object.
    NotObject,
    /// A line is longer than 1 MB.
    LongLine,
    /// A reference that nothing answers.
    NoMatch(&'a str),
    /// A reference that several records answer.
    ManyMatches {
        /// As typed.
        words: &'a str,
        /// Up to five of them, in words.
        candidates: &'a str,
    },
    /// A `_seen` that does not read.
    BadSeen,
    /// A condition that does not compile.
    BadFilter(&'a str),
    /// Reading standard input failed.
    Reading(&'a str),
    /// Writing standard output failed.
    Writing(&'a str),
    /// Standard output was closed while lines were being added.
    ClosedWhileAdding(u64),
    /// No store in that folder.
    NoStore(&'a str),
    /// There already is a store.
    StoreExists(&'a str),
    /// No folder for data is known.
    NoHome,
    /// A file or folder that cannot be read or written.
    File {
        /// Which.
        path: &'a str,
        /// Why.
        why: &'a str,
    },
    /// A question that nobody can answer.
    NobodyToAsk,
    /// The question of `trust add`.
    AskTrust,
    /// The question of `trust remove`.
    AskRemove(&'a str),
    /// Answered no.
    NothingDone,
    /// A scale out of its bounds.
    BadScale,
    /// The demonstration's folder holds something else.
    NotADemo(&'a str),
    /// The demonstration is there.
    DemoAt(&'a str),
    /// The demonstration is being made.
    MakingDemo,
    /// Lines are being added.
    Adding,
    /// Records are being listed.
    Listing,
    /// Batches are being merged.
    Merging,
    /// Logs are being verified.
    Checking,
    /// The view is being rebuilt.
    Rebuilding,
    /// No such conflict.
    NoConflict {
        /// Which field.
        field: &'a str,
    },
    /// A choice that is not listed.
    NoChoice(&'a str),
    /// No keymap of that name.
    NoKeymap(&'a str),
    /// A fault of the program.
    Fault(&'a str),
}

/// The words.
pub fn words(lang: Lang, say: &Say<'_>) -> String {
    let (zh, en) = both(say);
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

fn both(say: &Say<'_>) -> (String, String) {
    let fixed = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
    match say {
        Say::Usage => fixed(
            "命令写法不对；什么都没有改动。",
            "Wrong usage; nothing was changed.",
        ),
        Say::NoRegister { name, known } => (
            format!("没有叫“{name}”的台账；什么都没有改动。有：{known}"),
            format!("There is no register “{name}”; nothing was changed. There are: {known}"),
        ),
        Say::NoField { name, known } => (
            format!("没有叫“{name}”的字段。有：{known}"),
            format!("There is no field “{name}”. There are: {known}"),
        ),
        Say::NoId(id) => (
            format!("“{id}”不是记录编号（32 位小写十六进制，list 会列出）。"),
            format!("“{id}” is not a record's id (32 lower-case hex digits, as list prints them)."),
        ),
        Say::NoRecord(id) => (
            format!("台账里没有编号为 {id} 的记录；什么都没有改动。"),
            format!("The store holds no record {id}; nothing was changed."),
        ),
        Say::ManyRecords(id) => (
            format!("编号 {id} 在几本台账里都有，无法确定是哪一条；什么都没有改动。"),
            format!("Several registers hold a record {id}; nothing was changed."),
        ),
        Say::NotJson(why) => (
            format!("这一行不是 JSON：{why}"),
            format!("This is not JSON: {why}"),
        ),
        Say::NotObject => fixed(
            "要一个 JSON 对象：{\"字段\": 值}",
            "A JSON object is needed: {\"field\": value}",
        ),
        Say::LongLine => fixed(
            "一行超过 1 MB，没有保存。",
            "A line longer than 1 MB; it was not saved.",
        ),
        Say::NoMatch(words) => (
            format!("找不到“{words}”；请给出编号，或先建这条记录。"),
            format!("Nothing answers “{words}”; give an id, or add that record first."),
        ),
        Say::ManyMatches { words, candidates } => (
            format!("“{words}”对应不止一条，请改用编号：{candidates}"),
            format!("“{words}” fits several records; use an id: {candidates}"),
        ),
        Say::BadSeen => fixed(
            "_seen 读不懂；请原样使用 list 打印的值。",
            "_seen does not read; give it back as list printed it.",
        ),
        Say::BadFilter(why) => (
            format!("条件写得不对：{why}"),
            format!("The condition does not compile: {why}"),
        ),
        Say::Reading(why) => (
            format!("读标准输入出错：{why}"),
            format!("Standard input could not be read: {why}"),
        ),
        Say::Writing(why) => (
            format!("写标准输出出错：{why}。数据没有受影响。"),
            format!("Standard output could not be written: {why}. The data is not affected."),
        ),
        Say::ClosedWhileAdding(line) => (
            format!("标准输出被关闭：读到第 {line} 行为止的合格行已保存，其余没有读。"),
            format!(
                "Standard output was closed: good lines up to line {line} are saved, the rest was not read."
            ),
        ),
        Say::NoStore(path) => (
            format!(
                "{path} 里还没有台账。请先运行：jinguo init --name 姓名 --unit 区划代码；想先看看：jinguo demo"
            ),
            format!(
                "There is no store in {path} yet. Run: jinguo init --name NAME --unit CODE; to look around first: jinguo demo"
            ),
        ),
        Say::StoreExists(path) => (
            format!("{path} 里已经有台账，没有改动它。"),
            format!("There already is a store in {path}; it was not changed."),
        ),
        Say::NoHome => fixed(
            "不知道数据放在哪里：没有 HOME。请设置 JINGUO_STORE。",
            "No folder for data is known: HOME is not set. Set JINGUO_STORE.",
        ),
        Say::File { path, why } => (format!("{path}：{why}"), format!("{path}: {why}")),
        Say::NobodyToAsk => fixed(
            "这一步要您确认，但没有终端可以问；确定要做请加 --yes。什么都没有改动。",
            "This needs a yes and there is no terminal to ask at; add --yes if you mean it. Nothing was changed.",
        ),
        Say::AskTrust => fixed(
            "请核对指纹。认可吗？(y/N) ",
            "Compare the fingerprint. Accept? (y/N) ",
        ),
        Say::AskRemove(name) => (
            format!("不再接受 {name} 的新内容？已合并的保留。(y/N) "),
            format!("Accept nothing new of {name}? What is merged stays. (y/N) "),
        ),
        Say::NothingDone => fixed("什么都没有改动。", "Nothing was changed."),
        Say::BadScale => fixed(
            "--scale 要在 0.01 到 1000 之间。",
            "--scale must lie between 0.01 and 1000.",
        ),
        Say::NotADemo(path) => (
            format!("{path} 里有别的东西，不是演示数据，没有动它。请用 --dir 换一个文件夹。"),
            format!(
                "{path} holds something that is not a demonstration; it was not touched. Choose another --dir."
            ),
        ),
        Say::DemoAt(path) => (
            format!("演示数据在 {path}"),
            format!("The demonstration is in {path}"),
        ),
        Say::MakingDemo => fixed("生成演示数据", "making the demonstration"),
        Say::Adding => fixed("保存", "adding"),
        Say::Listing => fixed("列出", "listing"),
        Say::Merging => fixed("合并", "merging"),
        Say::Checking => fixed("核对", "checking"),
        Say::Rebuilding => fixed("重建", "rebuilding"),
        Say::NoConflict { field } => (
            format!("“{field}”没有不一致，没有什么要选的；什么都没有改动。"),
            format!("“{field}” is not in conflict; nothing was changed."),
        ),
        Say::NoChoice(choice) => (
            format!(
                "“{choice}”不在所列序号里；请用 conflicts 列出的序号，或 =值。什么都没有改动。"
            ),
            format!(
                "“{choice}” is not a number listed; use one that conflicts lists, or =VALUE. Nothing was changed."
            ),
        ),
        Say::NoKeymap(name) => (
            format!("没有叫“{name}”的键位方案。有：standard"),
            format!("There is no keymap “{name}”. There are: standard"),
        ),
        Say::Fault(why) => (
            format!("程序自身出错：{why}。已保存的没有受影响；请把这行字发给维护人。"),
            format!(
                "A fault of the program: {why}. What is saved is not affected; please send this line to its keepers."
            ),
        ),
    }
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

    #[test]
    fn words_carry_what_they_are_about() {
        let say = Say::NoRecord("ab12");
        assert!(words(Lang::Zh, &say).contains("ab12") && words(Lang::En, &say).contains("ab12"));
    }
}
