//! What the exchange room says to people: what happened, what it means for her data, what to do.

use crate::exchange::keys::fingerprint;
use crate::exchange::ledger::Notice;
use crate::exchange::{ExchangeError, Fault, Refusal};
use crate::forms::Lang;

use super::{clean, journal, store};

/// An error, in words.
pub fn words(lang: Lang, error: &ExchangeError) -> String {
    let text = match (lang, error) {
        (Lang::Zh, ExchangeError::Random) => {
            "系统给不出随机数，密钥或编号没有生成，什么也没有保存。请重启电脑后再试，或联系信息员。".into()
        }
        (Lang::En, ExchangeError::Random) => {
            "The system gives no random bytes, so nothing was made or saved. Restart the computer and try again, or ask your IT staff.".into()
        }
        (Lang::Zh, ExchangeError::NoKey(dir)) => format!(
            "{} 不是台账文件夹：里面没有密钥。请先建立台账（jinguo init），或检查路径。",
            dir.display()
        ),
        (Lang::En, ExchangeError::NoKey(dir)) => format!(
            "{} is not a store: it has no key. Make one (jinguo init), or check the path.",
            dir.display()
        ),
        (Lang::Zh, ExchangeError::Exists(dir)) => format!(
            "{} 已经是一个台账，没有改动它。要新建，请换一个文件夹。",
            dir.display()
        ),
        (Lang::En, ExchangeError::Exists(dir)) => format!(
            "{} is a store already and was left as it is. Choose another folder for a new one.",
            dir.display()
        ),
        (Lang::Zh, ExchangeError::Key) => {
            "签名密钥读不出来（文件 key 损坏，或设了密码）。已有数据没有受影响，但不能签名。请用备份恢复 key 文件。".into()
        }
        (Lang::En, ExchangeError::Key) => {
            "The author key cannot be read (the file `key` is damaged, or has a password). Your data is not affected, but nothing can be signed. Restore `key` from a backup.".into()
        }
        (Lang::Zh, ExchangeError::Name(name)) => format!(
            "「{name}」不能作姓名：1到64个字，不带空格和 @ , * ? ! \" ' / \\ : # < > | - 这些符号。"
        ),
        (Lang::En, ExchangeError::Name(name)) => format!(
            "\"{name}\" cannot be a name: 1 to 64 characters without blanks or any of @ , * ? ! \" ' / \\ : # < > | -"
        ),
        (Lang::Zh, ExchangeError::Unit(unit)) => {
            format!("「{unit}」不是单位的区划代码。请填12位代码，如 500101028008。")
        }
        (Lang::En, ExchangeError::Unit(unit)) => format!(
            "\"{unit}\" is not the code of a unit. Give its 12 digits, such as 500101028008."
        ),
        (Lang::Zh, ExchangeError::Nobody(who)) => {
            format!("信任名单里没有「{who}」。用 jinguo trust list 看名单，或用 jinguo trust add 添加。")
        }
        (Lang::En, ExchangeError::Nobody(who)) => format!(
            "Nobody called \"{who}\" is in the trust list. See it with jinguo trust list, or add her with jinguo trust add."
        ),
        (Lang::Zh, ExchangeError::Several(who, people)) => format!(
            "「{who}」不止一人：{}。请写成 姓名@单位 的样子。",
            people.join("、")
        ),
        (Lang::En, ExchangeError::Several(who, people)) => format!(
            "\"{who}\" is more than one person: {}. Write NAME@UNIT.",
            people.join(", ")
        ),
        (Lang::Zh, ExchangeError::Settings(why)) => {
            format!("设置文件 settings.toml 有误：{why}。数据没有受影响，请改正或删掉该文件。")
        }
        (Lang::En, ExchangeError::Settings(why)) => format!(
            "settings.toml is not right: {why}. Your data is not affected; correct the file or remove it."
        ),
        (Lang::Zh, ExchangeError::File { path, why }) => format!(
            "{} 读写失败（{why}）。已经保存的数据没有受影响，这一步没有完成。请检查磁盘空间和权限后再做一次。",
            path.display()
        ),
        (Lang::En, ExchangeError::File { path, why }) => format!(
            "{} could not be read or written ({why}). What is saved is not affected; this step was not done. Check room and permissions, then do it again.",
            path.display()
        ),
        (lang, ExchangeError::Refused { path, why }) => refused(lang, &path.display().to_string(), why),
        (Lang::Zh, ExchangeError::Unsealed(log)) => {
            format!("日志 {log} 有一段太长，没有签章，不能导出。数据没有受影响，请联系信息员。")
        }
        (Lang::En, ExchangeError::Unsealed(log)) => format!(
            "Log {log} has a run too long without a seal, so it cannot be exported. Your data is not affected; ask your IT staff."
        ),
        (lang, ExchangeError::Journal(why)) => return journal::words(lang, why),
        (lang, ExchangeError::Store(why)) => return store::words(lang, why),
        (Lang::Zh, ExchangeError::AliveFirst) => {
            "这条记录一边删除了、一边修改了：请先定删不删，再定各项。".into()
        }
        (Lang::En, ExchangeError::AliveFirst) => {
            "This record was deleted by one and changed by another: settle first whether it is deleted, then its fields.".into()
        }
        (Lang::Zh, ExchangeError::NoConflict) => "这一项没有分歧，不用选。".into(),
        (Lang::En, ExchangeError::NoConflict) => "There is no conflict here to settle.".into(),
        (Lang::Zh, ExchangeError::NoChoice(number)) => {
            format!("没有第 {number} 个值。请按列出的编号选，或写 =值。")
        }
        (Lang::En, ExchangeError::NoChoice(number)) => {
            format!("There is no value number {number}. Give a number that is listed, or =VALUE.")
        }
    };
    clean(&text).into_owned()
}

/// What a person should be told when her ledger was opened.
pub fn notice(lang: Lang, notice: &Notice) -> String {
    let text = match (lang, notice) {
        (lang, Notice::Store(notice)) => return store::notice(lang, notice),
        (Lang::Zh, Notice::Copied { .. }) => {
            "这份台账是复制或搬来的，另起了一本日志；一条不少，合并时两份并到一起。".into()
        }
        (Lang::En, Notice::Copied { .. }) => {
            "A copied or moved store: a new log has begun. Nothing is missing.".into()
        }
        (Lang::Zh, Notice::Settings(why)) => {
            format!("设置文件 settings.toml 读不出来（{why}），先按默认设置打开。记录没有受影响。")
        }
        (Lang::En, Notice::Settings(why)) => format!(
            "settings.toml cannot be read ({why}); the defaults hold for now. Your records are not affected."
        ),
    };
    clean(&text).into_owned()
}

/// Why a batch was not taken, with the file's name.
pub fn refused(lang: Lang, file: &str, why: &Refusal) -> String {
    let because = refusal(lang, why);
    let text = match (lang, why) {
        (Lang::Zh, Refusal::Stranger { .. }) => format!(
            "{file}：{because}。文件没有合并。请当面或打电话核对指纹，对得上再用 jinguo trust add 信任她。"
        ),
        (Lang::En, Refusal::Stranger { .. }) => format!(
            "{file}: {because}. It was not merged. Compare the fingerprint with her in person or by telephone; if it is the same, trust her with jinguo trust add."
        ),
        (Lang::Zh, _) => {
            format!("{file}：{because}。整个文件没有合并，您的数据没有变。请让对方重新导出一份。")
        }
        (Lang::En, _) => format!(
            "{file}: {because}. Nothing of the file was merged and your data is as it was. Ask the sender to export it again."
        ),
    };
    clean(&text).into_owned()
}

/// Why a batch was not taken, as part of a sentence.
pub fn refusal(lang: Lang, why: &Refusal) -> String {
    let text = match (lang, why) {
        (Lang::Zh, Refusal::NotABatch) => "这不是巾帼的批次文件".into(),
        (Lang::En, Refusal::NotABatch) => "this is not a batch of jinguo".into(),
        (Lang::Zh, Refusal::Short(part)) => format!("文件不完整（在 {part} 处断了），可能没有拷完"),
        (Lang::En, Refusal::Short(part)) => format!("the file is cut short (in {part}); perhaps it was not copied to its end"),
        (Lang::Zh, Refusal::Large(part)) => format!("{part} 大得不正常"),
        (Lang::En, Refusal::Large(part)) => format!("{part} is larger than it may be"),
        (Lang::Zh, Refusal::Changed(part)) => format!("文件在 {part} 处被改动或损坏"),
        (Lang::En, Refusal::Changed(part)) => format!("the file was changed or damaged at {part}"),
        (Lang::Zh, Refusal::Signature) => "签名不对：签名之后文件被改动过，或不是署名的人签的".into(),
        (Lang::En, Refusal::Signature) => "the signature does not hold: the file was changed after it was signed, or someone else signed it".into(),
        (Lang::Zh, Refusal::Stranger { name, unit, key }) => {
            format!("发来的人还没有被信任：{name}({unit})，指纹 {}", fingerprint(key))
        }
        (Lang::En, Refusal::Stranger { name, unit, key }) => {
            format!("its sender is not trusted yet: {name}({unit}), fingerprint {}", fingerprint(key))
        }
        (Lang::Zh, Refusal::Manifest(part)) => format!("清单 manifest.toml 不对（{part}）"),
        (Lang::En, Refusal::Manifest(part)) => format!("its manifest.toml is not right ({part})"),
        (Lang::Zh, Refusal::Checksum(part)) => format!("{part} 的校验和不对，文件损坏"),
        (Lang::En, Refusal::Checksum(part)) => format!("the checksum of {part} does not match; the file is damaged"),
        (Lang::Zh, Refusal::Frame { log, seq, why }) => format!("日志 {log} 第 {seq} 条不对（{why}）"),
        (Lang::En, Refusal::Frame { log, seq, why }) => format!("log {log}, seq {seq}: {why}"),
        (Lang::Zh, Refusal::Piece { log, from, why }) => {
            format!("日志 {log} 从第 {from} 条起：{}", fault(lang, *why))
        }
        (Lang::En, Refusal::Piece { log, from, why }) => {
            format!("log {log} from {from}: {}", fault(lang, *why))
        }
        (Lang::Zh, Refusal::Io { what, why }) => format!("{what} 读不下去（{why}）"),
        (Lang::En, Refusal::Io { what, why }) => format!("{what} cannot be read ({why})"),
    };
    clean(&text).into_owned()
}

fn fault(lang: Lang, why: Fault) -> String {
    match (lang, why) {
        (Lang::En, why) => why.to_string(),
        (Lang::Zh, Fault::Zstd) => "解不开".into(),
        (Lang::Zh, Fault::Length) => "长度和清单不一致".into(),
        (Lang::Zh, Fault::Frames) => "条数和文件名不一致".into(),
        (Lang::Zh, Fault::Group) => "断在一组记录中间".into(),
        (Lang::Zh, Fault::Chain) => "链条接不上".into(),
        (Lang::Zh, Fault::First) => "第一条不是这条链的".into(),
        (Lang::Zh, Fault::Seal) => "作者的签章不对：有人改动了她写的内容".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_is_named_with_her_fingerprint_and_no_escape_reaches_a_terminal() {
        let why = Refusal::Stranger {
            name: "李静".into(),
            unit: "500101028008".into(),
            key: [7; 32],
        };
        for lang in [Lang::Zh, Lang::En] {
            let said = refused(lang, "a\u{1b}[2J.jgb", &why);
            assert!(said.contains("李静(500101028008)"), "{said}");
            assert!(said.contains(&fingerprint(&[7; 32])), "{said}");
            assert!(said.contains("jinguo trust add"), "{said}");
            assert!(!said.contains('\u{1b}'), "{said}");
        }
    }

    #[test]
    fn a_refusal_says_what_happened_what_it_means_and_what_to_do() {
        let said = refused(Lang::Zh, "a.jgb", &Refusal::Signature);
        for part in ["a.jgb", "签名不对", "您的数据没有变", "重新导出"] {
            assert!(said.contains(part), "{said}");
        }
    }
}
