//! Every action, declared once. Hints, help, the keymap's check and `jinguo keys` are derived from this table.

use crate::forms::{Label, Lang};

macro_rules! actions {
    ($($name:ident $key:literal [$zh:literal, $en:literal] [$zh_help:literal, $en_help:literal];)*) => {
        /// What a key can do. Which key does it is said by a keymap, what a screen makes of it by the screen.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Action {
            $(#[doc = $en_help] $name,)*
        }

        impl Action {
            /// Every action, in the order of the table.
            pub const ALL: &'static [Action] = &[$(Action::$name,)*];

            /// Its name in keymap files.
            pub const fn name(self) -> &'static str {
                match self { $(Action::$name => $key,)* }
            }

            /// One or two words for the hint row.
            pub const fn hint(self, lang: Lang) -> &'static str {
                match lang {
                    Lang::Zh => match self { $(Action::$name => $zh,)* },
                    Lang::En => match self { $(Action::$name => $en,)* },
                }
            }

            /// What it does, for the help screen.
            pub const fn help(self, lang: Lang) -> &'static str {
                match lang {
                    Lang::Zh => match self { $(Action::$name => $zh_help,)* },
                    Lang::En => match self { $(Action::$name => $en_help,)* },
                }
            }
        }
    };
}

actions! {
    // Everywhere.
    Help "help" ["帮助", "help"] ["帮助", "Help of this screen"];
    Back "back" ["返回", "back"] ["退一步，什么都不丢", "Back, nothing is lost"];
    Quit "quit" ["退出", "quit"] ["退出，草稿都留着", "Quit, drafts are kept"];
    Redraw "redraw" ["重画", "redraw"] ["重画屏幕", "Draw the screen anew"];
    // Moving.
    Up "up" ["上", "up"] ["上一行", "One row up"];
    Down "down" ["下", "down"] ["下一行", "One row down"];
    Left "left" ["左", "left"] ["往左一个字", "One character left"];
    Right "right" ["右", "right"] ["往右一个字", "One character right"];
    PageUp "page_up" ["上页", "page up"] ["上一页", "One page up"];
    PageDown "page_down" ["下页", "page down"] ["下一页", "One page down"];
    First "first" ["头", "first"] ["到头", "To the beginning"];
    Last "last" ["尾", "last"] ["到尾", "To the end"];
    // A line of text.
    Erase "erase" ["退格", "erase"] ["删前一个字", "Erase one before"];
    Empty "empty" ["清空", "empty"] ["清空这一行", "Empty the line"];
    BreakLine "break_line" ["换行", "new line"] ["换一行", "A new line"];
    Undo "undo" ["撤销", "undo"] ["撤销", "Undo"];
    Redo "redo" ["重做", "redo"] ["重做", "Redo"];
    // Home and lists.
    Open "open" ["打开", "open"] ["打开", "Open"];
    New "new" ["新建", "new"] ["新建", "A new record"];
    Again "again" ["照此再录", "one more like it"] ["照这一条再录一条", "One more like this"];
    Remove "remove" ["删除", "remove"] ["删除，先问一次", "Remove, after one question"];
    Aside "aside" ["详情", "detail"] ["到详情，再按回来", "To the detail and back"];
    NextSign "next_sign" ["下一个 ! ?", "next ! or ?"] ["下一个等不得或有冲突的", "The next one that cannot wait or is in conflict"];
    // Forms.
    Next "next" ["下一处要填", "next"] ["下一处要填的；最后一处存", "Next field that needs you; at the end save"];
    Forward "forward" ["下一项", "next field"] ["下一项", "Next field"];
    Backward "backward" ["上一项", "previous field"] ["上一项", "Previous field"];
    Take "take" ["取", "take"] ["取标着的", "Take the marked one"];
    Toggle "toggle" ["选中", "toggle"] ["选中，再按取消", "Take in, once more leaves out"];
    Save "save" ["存", "save"] ["存；有提醒时再按一次", "Save; once more over warnings"];
    SaveMore "save_more" ["存并再录", "save, next"] ["存并再录一条", "Save and one more"];
    Jump "jump" ["跳到", "go to"] ["跳到某项", "Go to a field"];
    Same "same" ["同上次", "as last"] ["这项同上次", "As in the last record"];
    NextWrong "next_wrong" ["下一处错", "next error"] ["下一处错误或提醒", "Next error or warning"];
    Reveal "reveal" ["显号", "reveal"] ["显示遮住的号", "Show what is masked"];
    // A year of days.
    GoMonth "go_month" ["到某月", "month"] ["到某月，按月份的数字", "To a month, by its digits"];
    NextPlanned "next_planned" ["下一场计划", "next planned"] ["下一场计划了还没办的", "The next one planned and not held"];
    Yearly "yearly" ["今年的评定", "this year's record"] ["今年的那一张：打开，没有就新建", "This year's record: open it, or make it"];
    // The roll.
    Names "names" ["点名单", "names"] ["这次课的点名单", "The names of this meeting"];
    Present "present" ["到", "present"] ["标成到，下移", "Marks her present, goes down"];
    NextMeeting "next_meeting" ["下一次课", "next meeting"] ["下一次课", "The next meeting"];
    LastMeeting "last_meeting" ["上一次课", "meeting before"] ["上一次课", "The meeting before"];
    AddPerson "add_person" ["加人", "add"] ["加人，可以粘贴名单", "Add people, names may be pasted"];
    Alike "alike" ["下次同此", "next alike"] ["下一次课照这次标", "Marks the next meeting like this one"];
    Sort "sort" ["排序", "sort"] ["换一种排序", "Sort by the next column"];
    NewMeeting "new_meeting" ["加课次", "meeting"] ["加一次课", "Adds a meeting"];
    Above "above" ["同上", "as above"] ["和上一行一样，下移", "As in the row above, goes down"];
    NextBlank "next_blank" ["未标", "unmarked"] ["下一个没标的", "The next one not marked"];
    Card "card" ["班级", "card"] ["打开这个班的表", "Opens the form of the class itself"];
    // Exchange and conflicts.
    Mark "mark" ["选中", "mark"] ["选中这一行，再按取消", "Mark the row, once more unmarks it"];
    Write "write" ["另写", "write"] ["另写一个值", "Write another value"];
    Later "later" ["先放着", "later"] ["先放着，看下一处", "Leave it, go to the next"];
    Earlier "earlier" ["前一处", "previous"] ["前一处没定的", "The undecided one before"];
    NextConflict "next_conflict" ["下一处", "next"] ["下一处，定没定都看", "The next, decided or not"];
    SameForAll "same_for_all" ["同类照办", "same for alike"] ["同项同人的冲突都这样定", "All alike the same way"];
    Finish "finish" ["存", "save"] ["把定了的存下", "Save what is decided"];
}

impl Action {
    /// The action of that name.
    pub fn named(name: &str) -> Option<Action> {
        Self::ALL
            .iter()
            .copied()
            .find(|action| action.name() == name)
    }

    /// Help in both languages, for whoever prints the table.
    pub fn label(self) -> Label {
        Label {
            zh: self.help(Lang::Zh).into(),
            en: self.help(Lang::En).into(),
        }
    }
}

macro_rules! contexts {
    ($($name:ident $key:literal [$zh:literal, $en:literal];)*) => {
        /// Where keys are pressed: each has a table of its own in a keymap, over the one of `Everywhere`.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Context {
            $(#[doc = $en] $name,)*
        }

        impl Context {
            /// Every context, in the order of the table.
            pub const ALL: &'static [Context] = &[$(Context::$name,)*];

            /// Its name in keymap files.
            pub const fn name(self) -> &'static str {
                match self { $(Context::$name => $key,)* }
            }

            /// What people call it.
            pub const fn label(self, lang: Lang) -> &'static str {
                match lang {
                    Lang::Zh => match self { $(Context::$name => $zh,)* },
                    Lang::En => match self { $(Context::$name => $en,)* },
                }
            }
        }
    };
}

contexts! {
    Everywhere "everywhere" ["处处一样", "Everywhere"];
    Start "start" ["第一次打开", "First start"];
    Home "home" ["首页", "Home"];
    List "list" ["列表", "List"];
    Detail "detail" ["详情", "Detail"];
    Form "form" ["填表", "Form"];
    Choice "choice" ["填表，选项", "Form, a choice"];
    Text "text" ["填表，多行", "Form, many lines"];
    Calendar "calendar" ["一年", "A year"];
    Exchange "exchange" ["交换", "Exchange"];
    Conflicts "conflicts" ["冲突", "Conflicts"];
    Settle "settle" ["定一处冲突", "Settle a conflict"];
    Roll "roll" ["花名册", "Roll"];
    Names "names" ["点名单", "Names of a meeting"];
    Question "question" ["问一句", "A question"];
    Working "working" ["正在做", "At work"];
    HelpPage "help_page" ["帮助", "Help"];
}

impl Context {
    /// The context of that name.
    pub fn named(name: &str) -> Option<Context> {
        Self::ALL
            .iter()
            .copied()
            .find(|context| context.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_and_context_is_found_by_its_name_and_worded() {
        for &action in Action::ALL {
            assert_eq!(Action::named(action.name()), Some(action));
            for lang in [Lang::Zh, Lang::En] {
                assert!(!action.hint(lang).is_empty() && !action.help(lang).is_empty());
            }
        }
        for &context in Context::ALL {
            assert_eq!(Context::named(context.name()), Some(context));
        }
        assert_eq!(Action::named("nothing"), None);
    }
}
