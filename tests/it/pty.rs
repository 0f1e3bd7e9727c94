//! The real binary in a terminal: what a cadre would notice if it broke, and nothing else. What a screen looks like is
//! tested in process.

use std::path::Path;
use std::process::Command;

use portable_pty::CommandBuilder;
use rustix::process::Signal;

use crate::terminal::Terminal;

/// The terminal itself: wide characters, the cursor in cells, the answer to where the cursor is, and modes left behind.
#[test]
fn the_terminal_shows_what_is_drawn() {
    let mut command = CommandBuilder::new("sh");
    command.args([
        "-c",
        r"stty raw -echo; printf '\033[?1049h\033[?25l\033[2J\033[3;4H张秀华\033[6n'; dd bs=1 count=6 2>/dev/null",
    ]);
    let mut terminal = Terminal::run(command);
    terminal.wait_for("张秀华");
    assert_eq!(terminal.cursor(), (2, 3 + 6));
    assert_eq!(terminal.row(), "   张秀华");
    assert_eq!(terminal.ended(), 0);
    let left = terminal.left_behind();
    assert_eq!(
        left,
        [
            "the alternate screen",
            "a hidden cursor",
            "changed terminal modes"
        ]
    );
}

/// Waits until the hand is at the field of this label.
fn at(terminal: &mut Terminal, label: &str) {
    terminal.wait(&format!("the hand at {label}"), |terminal| {
        terminal.row().contains(label)
    });
}

/// Answers the two questions of the first start; Home is on the screen then.
fn first_start(home: &Path) -> Terminal {
    let mut terminal = Terminal::start(home, &[]);
    terminal.wait_for("第一次打开");
    at(&mut terminal, "姓名");
    terminal.keys("李静<Enter>");
    at(&mut terminal, "单位");
    terminal.keys("诗仙");
    terminal.wait_for("诗仙社区");
    terminal.keys("<Enter>");
    terminal.wait_for("建账本");
    terminal.keys("<Enter>");
    terminal.wait_for("等您处理");
    terminal
}

#[test]
fn a_day_is_typed_and_a_killed_form_comes_back() {
    let home = tempfile::tempdir().expect("a folder");
    let mut terminal = first_start(home.path());

    // A household and its woman, through their forms.
    terminal.keys("<F3>8");
    at(&mut terminal, "户主");
    terminal.keys("张秀华<Enter>");
    at(&mut terminal, "门牌");
    terminal.keys("3组12号<F2>");
    terminal.wait_for("已存");
    terminal.keys("<F3>7");
    at(&mut terminal, "姓名");
    terminal.keys("张秀华<Enter>");
    at(&mut terminal, "出生日期");
    terminal.keys("19790512");
    at(&mut terminal, "重点人群");
    terminal.keys("11<Enter>");
    at(&mut terminal, "所属家庭");
    terminal.keys("zxh");
    terminal.wait_for("诗仙社区");
    terminal.keys("<Enter>");
    terminal.wait_for("已存");

    // A complete visit to her, found by her initials.
    terminal.keys("<F3>1");
    at(&mut terminal, "走访家庭");
    terminal.keys("zxh");
    terminal.wait_for("3组");
    terminal.keys("<Enter>");
    at(&mut terminal, "走访情况");
    terminal.keys("丈夫外出务工，女儿今年初三<Enter>");
    at(&mut terminal, "有无诉求");
    terminal.keys("<Enter>");
    terminal.wait_for("已存");

    // Half way through the next one the power goes.
    terminal.keys("<F3>1");
    at(&mut terminal, "走访家庭");
    terminal.keys("zxh");
    terminal.wait_for("3组");
    terminal.keys("<Enter>");
    at(&mut terminal, "走访情况");
    terminal.keys("想办助学补贴<Left><Left>");
    // The time behind 草稿 stands only while the disk holds what the screen shows.
    terminal.wait("a draft on disk", |terminal| {
        terminal.row().contains("想办助学补贴") && drafted(terminal)
    });
    let (row, cursor) = (terminal.row(), terminal.cursor());
    terminal.kill();

    let mut terminal = Terminal::start(home.path(), &[]);
    terminal.wait_for("未写完");
    // The first is saved: it stands among what she did lately.
    let lately =
        |line: &str| line.contains("走访") && line.contains("张秀华") && !line.contains('~');
    assert!(terminal.text().lines().any(lately), "{}", terminal.text());
    terminal.keys("<Down><Enter>");
    terminal.wait("the draft at the same field and character", |terminal| {
        terminal.row() == row && terminal.cursor() == cursor
    });
    terminal.keys("款");
    terminal.wait_for("想办助学款补贴");
    terminal.keys("<Ctrl-Q>");
    assert_eq!(terminal.ended(), 0);
    assert_eq!(terminal.left_behind(), Vec::<&str>::new());

    let listed = Command::new(env!("CARGO_BIN_EXE_jinguo"))
        .args(["list", "visit", "--format", "json"])
        .env("HOME", home.path())
        .env("JINGUO_STORE", home.path().join("store"))
        .output()
        .expect("the binary runs");
    let listed = String::from_utf8(listed.stdout).expect("UTF-8");
    assert_eq!(
        listed.lines().count(),
        1,
        "the draft is not saved: {listed}"
    );
    assert!(
        listed.contains(r#""summary":"丈夫外出务工，女儿今年初三""#),
        "{listed}"
    );
}

fn drafted(terminal: &Terminal) -> bool {
    let text = terminal.text();
    let top = text.lines().next().unwrap_or_default();
    top.split("草稿 ")
        .nth(1)
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

#[test]
fn the_terminal_is_left_as_it_was() {
    let home = tempfile::tempdir().expect("a folder");
    let mut terminal = first_start(home.path());
    terminal.keys("<Ctrl-Q>");
    assert_eq!(terminal.ended(), 0);
    assert_eq!(terminal.left_behind(), Vec::<&str>::new());

    for signal in [Signal::HUP, Signal::TERM] {
        let mut terminal = Terminal::start(home.path(), &[]);
        terminal.wait_for("等您处理");
        terminal.signal(signal);
        terminal.ended();
        assert_eq!(terminal.left_behind(), Vec::<&str>::new(), "{signal:?}");
    }
}
