//! Words for what the store reports: what happened, what it means for her data, what to do.

use super::{clean, journal};
use crate::forms::{Lang, day};
use crate::store::{Holder, Notice, StoreError, Why};
use crate::words;

words! {
    /// Sentences.
    enum Say {
        InUse: "这份台账正在使用：进程 {}{}{}。数据没有问题。请先在那边退出，再打开。",
            "This store is in use: process {}{}{}. The data is fine. Leave it there first, then open it here.";
        Tty: "，终端 {}", ", terminal {}";
        Since: "，自 {} 起", ", since {}";
        Folder: "台账文件夹用不了，什么都没有改动。请检查路径、权限和磁盘空间：{}（{}）",
            "The store's folder cannot be used; nothing was changed. Check path, permissions and free space: {} ({})";
        View: "索引建不起来，但记录都在日志里，没有丢。请检查磁盘空间，再重新打开。（{}）",
            "The index cannot be built, but every record is safe in the logs. Check the free space, then open again. ({})";
        Random: "系统给不出随机数，没有保存，已输入的内容还在屏幕上。请再试一次。（{}）",
            "The system gives no random bytes; nothing was saved, and what you typed is still on the screen. Try again. ({})";
        Rebuilt: "已从日志重建索引，记录一条不少。原因：{}。",
            "The index was made anew from the logs; no record is missing. Why: {}.";
        NoView: "已经保存，记录在日志里；但索引暂时建不起来，列表可能不全。请检查磁盘空间，再重新打开。（{}）",
            "Saved, and safe in the logs; but the index cannot be built right now, so lists may lack something. Check the free space, then open again. ({})";
        Missing: "没有索引", "there was none";
        Other: "程序、台账定义或区划表有更新", "the program, the registers or the divisions are new";
        Unfinished: "上次合并没有做完", "the last merge was broken off";
        Disagrees: "与日志不一致（上次可能是突然断电）", "it did not agree with the logs (perhaps the power failed)";
        Forked: "有日志分叉、缺段或补上了缺段", "a log has a fork or a gap, or a gap was closed";
        Damaged: "索引损坏（{}）", "it was damaged ({})";
        Asked: "按要求重建", "it was asked for";
    }
}

/// Words for an error of the store.
pub fn words(lang: Lang, error: &StoreError) -> String {
    match error {
        StoreError::InUse(holder) => in_use(lang, holder),
        StoreError::Folder { path, source } => Say::Folder.with(
            lang,
            &[&clean(&path.to_string_lossy()), &clean(&source.to_string())],
        ),
        StoreError::Journal(error) => journal::words(lang, error),
        StoreError::View(error) => Say::View.with(lang, &[&clean(&error.to_string())]),
        StoreError::Random(said) => Say::Random.with(lang, &[&clean(said)]),
    }
}

fn in_use(lang: Lang, holder: &Holder) -> String {
    let tty = match holder.tty.as_str() {
        "" => String::new(),
        tty => Say::Tty.with(lang, &[&clean(tty)]),
    };
    let since = match holder.since {
        0 => String::new(),
        since => Say::Since.with(lang, &[&moment(since)]),
    };
    Say::InUse.with(lang, &[&holder.pid.to_string(), &tty, &since])
}

/// Seconds since 1970 as date and time in China (+08:00).
fn moment(seconds: u64) -> String {
    let day = day::iso(day::of_millis(seconds * 1_000));
    let minutes = (seconds + 8 * 3_600) / 60 % (24 * 60);
    format!("{day} {:02}:{:02}", minutes / 60, minutes % 60)
}

/// Words for what a person should be told.
pub fn notice(lang: Lang, notice: &Notice) -> String {
    let why = match notice {
        Notice::Journal(notice) => return journal::notice(lang, notice),
        Notice::NoView(said) => return Say::NoView.with(lang, &[&clean(said)]),
        Notice::Rebuilt(why) => why,
    };
    let why = match why {
        Why::Missing => Say::Missing.get(lang).to_owned(),
        Why::Other => Say::Other.get(lang).to_owned(),
        Why::Unfinished => Say::Unfinished.get(lang).to_owned(),
        Why::Disagrees => Say::Disagrees.get(lang).to_owned(),
        Why::Forked => Say::Forked.get(lang).to_owned(),
        Why::Damaged(said) => Say::Damaged.with(lang, &[&clean(said)]),
        Why::Asked => Say::Asked.get(lang).to_owned(),
    };
    Say::Rebuilt.with(lang, &[&why])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_holder_is_named_as_far_as_it_is_known() {
        let holder = Holder {
            pid: 42,
            tty: "pts/3".into(),
            since: 1_795_536_000,
        };
        let said = words(Lang::Zh, &StoreError::InUse(holder));
        assert!(
            said.contains("进程 42，终端 pts/3，自 2026-11-25 00:00 起"),
            "{said}"
        );
        let said = words(Lang::En, &StoreError::InUse(Holder::default()));
        assert!(said.contains("process 0. The data"), "{said}");
    }

    #[test]
    fn a_rebuilt_view_says_why_and_that_nothing_is_lost() {
        let said = notice(Lang::En, &Notice::Rebuilt(Why::Unfinished));
        assert!(said.contains("no record is missing") && said.contains("broken off"));
    }
}
