//! What the command line says to a person.

use crate::forms::Lang;

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
    /// A batch is being written.
    Exporting,
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
    /// The balance of a merge.
    Balance {
        /// All changes in the files.
        total: u64,
        /// Those that were not held.
        new: u64,
        /// Those that were.
        known: u64,
        /// Those that wait.
        waiting: u64,
        /// Those of refused files.
        refused: u64,
    },
    /// What a merge did to records.
    Applied {
        /// New ones.
        created: u64,
        /// Others that changed.
        changed: u64,
        /// Those newly in conflict.
        conflicted: u64,
    },
    /// A dry run changed nothing.
    DryRun,
    /// Someone's changes wait.
    Waits {
        /// Whose.
        who: &'a str,
        /// From which seq to which.
        range: &'a str,
        /// Why.
        why: &'a str,
    },
    /// Nothing is held before it.
    WaitsForGap,
    /// It goes on from another branch.
    WaitsForFork,
    /// Its author is not trusted.
    WaitsForTrust,
    /// A log has two branches.
    Forked {
        /// Whose.
        who: &'a str,
        /// Where they part.
        seq: u64,
    },
    /// The store had been restored from a backup.
    Restored,
    /// A batch was written.
    Exported {
        /// Where.
        path: &'a str,
        /// How many changes.
        changes: u64,
        /// For whom.
        receiver: &'a str,
    },
    /// For anybody.
    Anybody,
    /// What a batch is.
    Inspected {
        /// Who made it.
        sender: &'a str,
        /// Its number.
        number: u64,
        /// When.
        made: &'a str,
        /// How many changes.
        changes: u64,
    },
    /// A log in a batch.
    LogIn {
        /// Whose.
        who: &'a str,
        /// How many changes.
        changes: u64,
        /// How many of them are new here.
        new: u64,
    },
    /// Not in the trust list.
    Unknown,
    /// A key of someone who has another one.
    SecondKey,
    /// Accepted before.
    KnownKey,
    /// Accepted now.
    Trusted(&'a str),
    /// Accepted no longer.
    Distrusted(&'a str),
    /// A store that is sound.
    Sound {
        /// How many logs.
        logs: u64,
        /// How many changes.
        changes: u64,
    },
    /// A log that is damaged.
    Damaged {
        /// Which.
        log: &'a str,
        /// From where on.
        seq: u64,
        /// What.
        what: &'a str,
    },
    /// The view does not agree with the logs.
    ViewDamaged(&'a str),
    /// The view was rebuilt.
    Rebuilt,
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
        Say::Exporting => fixed("导出", "exporting"),
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
        Say::Balance {
            total,
            new,
            known,
            waiting,
            refused,
        } => (
            format!("收到 {total} = 新 {new} + 已有 {known} + 等待 {waiting} + 拒收 {refused}"),
            format!(
                "in {total} = new {new} + known {known} + waiting {waiting} + refused {refused}"
            ),
        ),
        Say::Applied {
            created,
            changed,
            conflicted,
        } => (
            format!("新增记录 {created}，改动 {changed}，新的不一致 {conflicted}"),
            format!("records created {created}, changed {changed}, newly in conflict {conflicted}"),
        ),
        Say::DryRun => fixed("只是试算，没有写入。", "A dry run; nothing was written."),
        Say::Waits { who, range, why } => (
            format!("等待：{who} 的 {range}，{why}"),
            format!("waiting: {range} of {who}, {why}"),
        ),
        Say::WaitsForGap => fixed(
            "前面的还没到；收到后再合并一次即可",
            "what comes before is not here yet; merge again when it is",
        ),
        Say::WaitsForFork => fixed(
            "接在另一分支上，等那一分支到",
            "it goes on from another branch that is not here yet",
        ),
        Say::WaitsForTrust => fixed(
            "作者还未认可；请用 trust add",
            "its author is not accepted yet; use trust add",
        ),
        Say::Forked { who, seq } => (
            format!(
                "{who} 的日志从第 {seq} 条起有两个分支，都已保留：她可能在两台机器上用了同一份台账"
            ),
            format!(
                "the log of {who} has two branches from seq {seq} on; both are kept: she may use one store on two machines"
            ),
        ),
        Say::Restored => fixed(
            "您自己以前的修改也回来了：台账像是从备份恢复的，已另起新日志。",
            "Changes of your own came back: this store was restored from a backup; a new log has begun.",
        ),
        Say::Exported {
            path,
            changes,
            receiver,
        } => (
            format!("{path}\n给{receiver}，{changes} 条修改"),
            format!("{path}\nfor {receiver}, {changes} changes"),
        ),
        Say::Anybody => fixed("任何人（全部）", "anybody (everything)"),
        Say::Inspected {
            sender,
            number,
            made,
            changes,
        } => (
            format!("{sender} 的第 {number} 批，{made}，{changes} 条修改，签名有效"),
            format!("batch {number} of {sender}, {made}, {changes} changes, the signature holds"),
        ),
        Say::LogIn { who, changes, new } => (
            format!("  {who}：{changes} 条，其中新的 {new}"),
            format!("  {who}: {changes} changes, {new} of them new"),
        ),
        Say::Unknown => fixed("未认", "not accepted"),
        Say::SecondKey => fixed(
            "此人另有一把密钥，这是第二把",
            "a second key of someone who has one",
        ),
        Say::KnownKey => fixed("早已认可", "accepted before"),
        Say::Trusted(who) => (format!("已认可 {who}"), format!("accepted: {who}")),
        Say::Distrusted(who) => (
            format!("不再接受 {who} 的新内容；已合并的保留"),
            format!("nothing new of {who} is accepted; what is merged stays"),
        ),
        Say::Sound { logs, changes } => (
            format!("完好：{logs} 本日志，{changes} 条修改，视图一致"),
            format!("sound: {logs} logs, {changes} changes, the view agrees"),
        ),
        Say::Damaged { log, seq, what } => (
            format!(
                "日志 {log} 从第 {seq} 条起损坏：{what}。之前的完好；请从同事的批次里合并回来。"
            ),
            format!(
                "log {log} is damaged from seq {seq} on: {what}. What is before it is sound; merge the rest back from a colleague's batch."
            ),
        ),
        Say::ViewDamaged(what) => (
            format!("视图与日志不一致：{what}。数据没有丢；请运行 jinguo rebuild。"),
            format!(
                "The view does not agree with the logs: {what}. No data is lost; run jinguo rebuild."
            ),
        ),
        Say::Rebuilt => fixed("视图已从日志重建。", "The view was rebuilt from the logs."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_carry_what_they_are_about() {
        let say = Say::NoRecord("ab12");
        assert!(words(Lang::Zh, &say).contains("ab12") && words(Lang::En, &say).contains("ab12"));
    }
}
