//! Text as people paste it, made plain: full-width signs as ASCII, ① and 1️⃣ as `1.`, no invisible characters, no emoji.

use unicode_normalization::UnicodeNormalization;

/// One line, plain.
pub(super) fn plain(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        match c {
            '\u{20e3}' => out.push_str(". "),
            '\u{1f51f}' => out.push_str("10. "),
            _ if invisible(c) => {}
            _ => match ringed(c) {
                Some(number) => out.push_str(&format!("{number}. ")),
                None if pictured(c) || c.is_whitespace() || c.is_control() => out.push(' '),
                None => out.push(c),
            },
        }
    }
    let folded: String = out.nfkc().map(sign).collect();
    folded.trim().to_owned()
}

/// Signs that compatibility leaves apart.
fn sign(c: char) -> char {
    match c {
        '•' | '‧' | '・' | '∙' | '⋅' | '●' | '▪' | '᛫' => '·',
        '—' | '–' | '−' | '―' | '‐' | '‑' | '﹣' | '~' => '-',
        '。' => '.',
        '【' | '〔' | '〖' | '《' | '「' | '『' | '[' | '{' | '<' => '(',
        '】' | '〕' | '〗' | '》' | '」' | '』' | ']' | '}' | '>' => ')',
        _ => c,
    }
}

fn invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e007f}')
}

fn pictured(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{25a0}'..='\u{25ce}' | '\u{25d0}'..='\u{27bf}'
        | '\u{2900}'..='\u{297f}' | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' | '√')
}

/// The number that a ringed, bracketed or dotted digit stands for.
fn ringed(c: char) -> Option<u32> {
    let code = c as u32;
    let runs = [
        (0x2460, 20, 1),  // ①
        (0x2474, 20, 1),  // ⑴
        (0x2488, 20, 1),  // ⒈
        (0x2776, 10, 1),  // ❶
        (0x2780, 10, 1),  // ➀
        (0x278a, 10, 1),  // ➊
        (0x24eb, 10, 11), // ⓫
        (0x24f5, 10, 1),  // ⓵
        (0x3251, 15, 21), // ㉑
        (0x32b1, 15, 36), // ㊱
        (0x3220, 10, 1),  // ㈠
        (0x3280, 10, 1),  // ㊀
    ];
    let run = runs
        .iter()
        .find(|(first, many, _)| (*first..first + many).contains(&code))?;
    Some(code - run.0 + run.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pasted_becomes_plain() {
        for (pasted, wanted) in [
            ("１．张三（天城）", "1.张三(天城)"),
            ("①张三", "1. 张三"),
            ("1️⃣张三", "1. 张三"),
            ("🔟张三", "10. 张三"),
            ("\u{feff}张\u{200b}三\u{3000}👍", "张三"),
            ("㉑李四【五桥】", "21. 李四(五桥)"),
            ("买买提•艾力", "买买提·艾力"),
        ] {
            assert_eq!(plain(pasted), wanted);
        }
    }
}
