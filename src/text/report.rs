//! What `jinguo report` says, and the words on printed sheets that no register has.

use crate::forms::Lang;
use crate::report::sheet::Words;

/// The words of the sheets of a grid.
pub fn sheet(lang: Lang) -> Words {
    match lang {
        Lang::Zh => Words {
            sign_in: "签到表",
            roll: "花名册",
            record: "班次",
            people: "人数",
            meetings: "课次",
            hours: "学时",
            rate: "出勤率",
            signature: "签名",
            page: "第 {} 页 共 {} 页",
        },
        Lang::En => Words {
            sign_in: "Sign-in",
            roll: "Roll",
            record: "Record",
            people: "People",
            meetings: "Meetings",
            hours: "Hours",
            rate: "Attendance",
            signature: "Signature",
            page: "Page {} of {}",
        },
    }
}

/// What `jinguo report` says to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Say<'a> {
    /// A record of this register is no grid.
    NoRoll {
        /// What the register is called.
        register: &'a str,
        /// The names of those that are.
        known: &'a str,
    },
    /// A file whose ending names no format that can be written.
    NoFormat(&'a str),
    /// A sheet cannot be made.
    NoSheet(&'a str),
    /// A file was written.
    Wrote {
        /// Where.
        path: &'a str,
        /// How many rows.
        rows: u64,
    },
}

/// In one language.
pub fn words(lang: Lang, say: &Say<'_>) -> String {
    let (zh, en) = match say {
        Say::NoRoll { register, known } => (
            format!("“{register}”没有签到表和花名册；有的是：{known}。"),
            format!("“{register}” has no sheet to sign and no roll; these have: {known}."),
        ),
        Say::NoFormat(path) => (
            format!("{path}：只写 .xlsx 和 .csv，请改文件名。"),
            format!("{path}: only .xlsx and .csv are written; name it so."),
        ),
        Say::NoSheet(why) => (
            format!("这张表做不出来：{why}。什么都没有写。"),
            format!("This sheet cannot be made: {why}. Nothing was written."),
        ),
        Say::Wrote { path, rows } => (format!("{path}\n{rows} 行"), format!("{path}\n{rows} rows")),
    };
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}
