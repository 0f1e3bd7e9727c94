//! The words of the frame and of every screen but the form.

crate::words! {
    /// A word of the interface.
    pub enum Word {
        Name: "巾帼", "Jinguo";
        Owed: "待交", "To hand over";
        Conflicts: "冲突", "Conflicts";
        TooSmall: "窗口太小，请拉大到 60 列 16 行以上。什么都没丢。", "Window too small: 60 columns by 16 rows. Nothing is lost.";
        DigitsHere: "输入法开着：这里按数字", "Input method is on: press a digit here";
        KeysHere: "这里不打字，按最下面一行的键", "No typing here: use the keys in the last row";
        PasteHere: "这里不能粘贴", "Nothing can be pasted here";
        NoSuchKey: "这个键这里没有用，F1 看有哪些键", "This key does nothing here, F1 lists those that do";
    }
}
