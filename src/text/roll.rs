//! The words of the roll: a grid of people by meetings.

crate::words! {
    /// A word of the roll.
    pub enum RollWord {
        Frozen: "名册已定", "frozen";
        OpenRoll: "名册未定", "open";
        Expected: "应到 {}", "{} due";
        Rate: "到课 {}%", "{}% there";
        Number: "号", "No.";
        Hours: "学时", "Hours";
        MarkThis: "标这一格，下移", "marks, goes down";
        NoMeetings: "还没有课次。F6 加一次", "No meeting yet. F6 adds one";
        NoPeople: "还没有人。打字找人，或 F3 粘贴名单", "Nobody yet. Type to find people, or F3 and paste names";
        NamesOf: "点名单  其余 {} 人都到", "names  the other {} are present";
        TypeNames: "打首字母、姓名或号", "initials, name or number";
        TypeToAdd: "打姓名、首字母或手机尾号加人", "name, initials or end of phone: adds";
        NobodyFits: "没有这个人", "Nobody like that";
        NobodyFitsAdd: "干部名册里没有：F3 加成只有姓名的一行", "Not among the cadres: F3 adds a line with the name alone";
        Already: "{} 已在名册上", "{} is on the roll already";
        Added: "加了 {}", "{} added";
        AddedMany: "加了 {} 人", "{} people added";
        Unread: "没认出名字：{}", "No name read in: {}";
        AddedSome: "加了 {} 人，{} 位没加：重复、已在册或不要", "{} people added, {} not: named twice, on the roll already, or left out";
        PickOne: "同名的有几位：按前面的数字", "Several of that name: press the digit";
        Deciding: "{}  还有 {} 位要定", "{}  {} to decide";
        AloneOrOut: "Enter 加成只有姓名的一行   0 不加", "Enter adds the name alone   0 leaves it out";
        DigitOrOut: "按数字选   0 不加", "a digit picks   0 leaves it out";
        NothingToUndo: "没有可撤的", "Nothing to take back";
        NoPasteHere: "格子里不能粘贴：F3 再粘", "Nothing is pasted into the grid: F3, then paste";
        Replace: "替换 {}：谁来", "Instead of {}: who";
        Reason: "为什么替换", "Why";
        ReasonMissing: "要写为什么替换", "Say why she is replaced";
        DraftKept: "随标随存", "saved as you mark";
        ResultHere: "考核，下移", "result, goes down";
        NotSaved: "没存上：{}", "Not saved: {}";
    }
}
