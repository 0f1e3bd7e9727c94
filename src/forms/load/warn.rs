//! What the files should say better, though they load.

use super::Registers;
use super::reader::{Mistake, Source};
use crate::forms::content::Contents;
use crate::forms::context::{Context, Me, Nothing};
use crate::forms::lang::{Label, Lang};
use crate::forms::register::{Field, Register};

/// Warns of each `relevant` that is true on an all-empty record: it compares something with nothing.
pub(super) fn warn(registers: &Registers, sources: &[Source]) -> Vec<Mistake> {
    let me = Me::default();
    let context = Context {
        registers,
        now_millis: 0,
        me: &me,
        lookup: &Nothing,
        lang: Lang::Zh,
    };
    let nothing = Contents::new();
    let mut warnings = Vec::new();
    for register in registers.all() {
        for field in &register.fields {
            let always = field.relevant.as_ref().is_some_and(|relevant| {
                !relevant.tags().is_empty() && relevant.is_true(register, &nothing, &context)
            });
            if always {
                let (file, line) = find(sources, register, field);
                let name = &field.name;
                warnings.push(Mistake {
                    file,
                    line,
                    message: Label {
                        zh: format!("{name} 的 relevant 在空白记录上也成立，请先写明哪一项要有值。"),
                        en: format!("The relevant of {name} holds on an empty record; guard it with the field it needs."),
                    },
                    warning: true,
                });
            }
        }
    }
    warnings
}

/// Where a field stands: the line of its name in a file that has both.
fn find(sources: &[Source], register: &Register, field: &Field) -> (String, usize) {
    let quoted = |name: &str| format!("\"{name}\"");
    let named = |line: &str, name: &str| {
        line.trim_start()
            .strip_prefix("name")
            .is_some_and(|rest| rest.contains(&quoted(name)))
    };
    for source in sources
        .iter()
        .filter(|source| source.text.contains(&quoted(&register.name)))
    {
        if let Some(at) = source
            .text
            .lines()
            .position(|line| named(line, &field.name))
        {
            return (source.name.clone(), at + 1);
        }
    }
    (String::new(), 0)
}
