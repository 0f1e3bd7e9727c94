//! Words for what the journal and the drafts report: what happened, what it means for her data, what to do.

use std::io::{self, ErrorKind};
use std::path::Path;

use super::clean;
use crate::drafts::DraftError;
use crate::forms::Lang;
use crate::journal::{Ended, JournalError, Notice};
use crate::record::LogId;
use crate::words;

words! {
    /// Sentences.
    enum Say {
        Full: "磁盘已满，没有保存。已输入的内容还在屏幕上。请腾出空间后再按一次保存。{}",
            "The disk is full; nothing was saved. What you typed is still on the screen. Free some room, then save again. {}";
        ReadOnly: "磁盘只读，没有保存。已输入的内容还在屏幕上。请找管理员恢复写入后再保存。{}",
            "The disk is read-only; nothing was saved. What you typed is still on the screen. Have it made writable, then save again. {}";
        Denied: "没有权限读写台账文件，没有保存。请找管理员检查文件夹的归属。{}",
            "The store's files may not be read or written by you; nothing was saved. Have the folder's owner checked. {}";
        Gone: "找不到台账文件，没有保存。U盘或网络盘是否已断开？接回后再试。{}",
            "A file of the store is not there; nothing was saved. Is a stick or network disk gone? Connect it and try again. {}";
        Broken: "磁盘出错，没有保存。已保存的内容不受影响。请再试一次；若仍出错，请先备份台账文件夹。{} ({})",
            "The disk failed; nothing was saved. What was saved before is not touched. Try again; if it fails again, back up the store's folder first. {} ({})";
        Damage: "日志 {} 第 {} 条已损坏，读不出来。其他记录不受影响。请运行 jinguo check，再从别人的包里合并回来。({})",
            "Change {} of log {} is damaged and cannot be read. Other records are not touched. Run jinguo check, then merge a batch that holds it. ({})";
        NotHeld: "索引与日志不一致，数据没有丢。请退出后重新打开，索引会自动重建。({})",
            "The index does not agree with the logs; no data is lost. Leave and open again: the index is made anew. ({})";
        NoOwn: "还没有自己的日志，没有保存。请退出后重新打开，会自动开始新的日志。",
            "There is no log of your own yet; nothing was saved. Leave and open again: a new log begins by itself.";
        TooLarge: "这次内容太大，装不下，没有保存。请缩短文字或少选一些。({})",
            "This is too large to be saved; nothing was saved. Shorten the text or choose less. ({})";
        Refused: "日志 {} 第 {} 条不能接收：{}。什么都没有并入。请让对方重新导出。",
            "Log {}, change {} cannot be taken: {}. Nothing was merged. Have it exported again.";
        Sign: "签名没有成功，没有封存，数据没有丢。请检查密钥文件。({})",
            "Signing failed; nothing was sealed, and no data is lost. Check the key's file. ({})";
        Torn: "上次有一条没写完（当时没有显示已保存），已从日志末尾移到 {}。之前保存的都在。",
            "An unfinished save, which was never shown as saved, was moved from the log's end to {}. All that was saved is there.";
        Hurt: "日志 {} 在第 {} 条之后有损坏：{}。之前的都在。请从别人的包或备份里合并回来。{}",
            "Log {} is damaged behind change {}: {}. What stands before is there. Merge a batch or backup that holds the rest. {}";
        Kept: "损坏的部分留在 {}。", "The damaged part is kept in {}.";
        EndedDamaged: "自己的日志 {} 因损坏到此为止，会开始一个新的日志。已有的都在，照常使用。",
            "Your log {} ends here because it is damaged; a new one begins. What is there stays; work on as usual.";
        EndedCopied: "这份台账是复制或搬动过来的。日志 {} 到此为止，会开始一个新的日志，免得两处写乱。",
            "This store is a copy, or was moved. Log {} ends here and a new one begins, so that two places do not write one log.";
        EndedRestored: "合并带回了本机没有的自己的记录（台账曾从旧备份恢复）。日志 {} 到此为止，会开始一个新的日志。",
            "The merge brought back changes of your own that this store lacked (it was restored from an older backup). Log {} ends here and a new one begins.";
        EndedMissing: "找不到自己的日志 {}，会开始一个新的日志。若有备份，请合并回来。",
            "Your log {} is not there; a new one begins. If there is a backup, merge it.";
        Unsealed: "上次合并没有做完，日志 {} 只算到第 {} 条。请把同一个包再合并一次。",
            "The last merge was broken off: log {} counts up to change {}. Merge the same file again.";
        NotALog: "文件夹 {} 不是日志或已损坏，没有读取，原样留着。请找管理员看看。",
            "The folder {} is no log, or is damaged. It was not read and is left as it is. Have someone look at it.";
        BrokenDraft: "有一份草稿读不出来，留在 {}。其他草稿都在。",
            "A draft could not be read; it is kept in {}. The other drafts are there.";
        DraftFailed: "草稿没有存下，屏幕上的内容还在。请尽快保存表单。{}",
            "The draft was not kept; what is on the screen is still there. Save the form soon. {}";
        DraftName: "草稿名不合规，没有存下，屏幕上的内容还在。({})",
            "That cannot be a draft's name; it was not kept. What is on the screen is still there. ({})";
    }
}

/// Words for an error of the journal.
pub fn words(lang: Lang, error: &JournalError) -> String {
    match error {
        JournalError::Disk { path, source } => disk(lang, path, source),
        JournalError::Damage {
            log, seq, source, ..
        } => {
            let (log, seq) = (short(log), seq.to_string());
            match lang {
                Lang::Zh => Say::Damage.with(lang, &[&log, &seq, &source.to_string()]),
                Lang::En => Say::Damage.with(lang, &[&seq, &log, &source.to_string()]),
            }
        }
        JournalError::NotHeld(what) => Say::NotHeld.with(lang, &[what]),
        JournalError::NoOwn => Say::NoOwn.get(lang).to_owned(),
        JournalError::Change(source) => Say::TooLarge.with(lang, &[&source.to_string()]),
        JournalError::Refused { log, seq, why } => Say::Refused.with(
            lang,
            &[&short(log), &seq.to_string(), &clean(&why.to_string())],
        ),
        JournalError::Sign(why) => Say::Sign.with(lang, &[&clean(why)]),
    }
}

/// Words for what the journal or the drafts noticed.
pub fn notice(lang: Lang, notice: &Notice) -> String {
    match notice {
        Notice::TornTail { aside, .. } => Say::Torn.with(lang, &[&show(aside)]),
        Notice::Damage {
            log,
            seq,
            what,
            aside,
        } => {
            let kept = aside.as_deref().map(show);
            let kept = kept.map_or(String::new(), |path| Say::Kept.with(lang, &[&path]));
            let parts: [&str; 4] = [&short(log), &seq.to_string(), &clean(what), &kept];
            let said = Say::Hurt.with(lang, &parts);
            said.trim_end().to_owned()
        }
        Notice::OwnEnded { log, why } => {
            let say = match why {
                Ended::Damaged => Say::EndedDamaged,
                Ended::Copied => Say::EndedCopied,
                Ended::Restored => Say::EndedRestored,
                Ended::Missing => Say::EndedMissing,
            };
            say.with(lang, &[&short(log)])
        }
        Notice::Unsealed { log, seq } => Say::Unsealed.with(lang, &[&short(log), &seq.to_string()]),
        Notice::NotALog { path } => Say::NotALog.with(lang, &[&show(path)]),
        Notice::BrokenDraft { aside } => Say::BrokenDraft.with(lang, &[&show(aside)]),
    }
}

/// Words for an error of the drafts.
pub fn draft(lang: Lang, error: &DraftError) -> String {
    match error {
        DraftError::Disk { path, source } => {
            let why = format!("{} ({})", show(path), clean(&source.to_string()));
            Say::DraftFailed.with(lang, &[&why])
        }
        DraftError::Name(name) => Say::DraftName.with(lang, &[&clean(name)]),
    }
}

/// Words for a disk that failed.
pub fn disk(lang: Lang, path: &Path, source: &io::Error) -> String {
    let path = show(path);
    let say = match source.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Say::Full,
        ErrorKind::ReadOnlyFilesystem => Say::ReadOnly,
        ErrorKind::PermissionDenied => Say::Denied,
        ErrorKind::NotFound => Say::Gone,
        _ => return Say::Broken.with(lang, &[&path, &clean(&source.to_string())]),
    };
    say.with(lang, &[&path])
}

fn short(log: &LogId) -> String {
    log.to_string()[..8].to_owned()
}

fn show(path: &Path) -> String {
    clean(&path.display().to_string()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_has_as_many_places_in_both_languages() {
        for say in Say::ALL {
            let places = |lang| say.get(lang).matches("{}").count();
            assert_eq!(places(Lang::Zh), places(Lang::En), "{say:?}");
            for lang in [Lang::Zh, Lang::En] {
                let unsure = say.get(lang).find(|c| "·…—●■→←↑↓✓×“”‘’".contains(c));
                assert_eq!(unsure, None, "{say:?}");
            }
        }
    }

    #[test]
    fn a_damaged_frame_is_named_by_log_and_number() {
        let error = JournalError::Damage {
            log: LogId([0xab; 16]),
            seq: 7,
            segment: 1,
            offset: 0,
            source: crate::codec::FrameError::Digest,
        };
        let said = words(Lang::En, &error);
        assert!(said.starts_with("Change 7 of log abababab is damaged"));
        assert!(words(Lang::Zh, &error).starts_with("日志 abababab 第 7 条已损坏"));
    }
}
