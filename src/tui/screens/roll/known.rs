//! The register of people as the reader of pasted names asks it: everybody of exactly one name.

use crate::forms::{Content, Kind, UNIT};
use crate::intake;
use crate::tui::screen::Cx;
use crate::tui::show;

use super::{Roll, load};

/// How many of one name are looked at.
const NAMESAKES: usize = 50;

/// The register of people, asked by name.
pub(super) struct Known<'a, 'c> {
    pub(super) roll: &'a Roll,
    pub(super) cx: &'a Cx<'c>,
}

impl intake::people::People for Known<'_, '_> {
    fn named(&self, name: &str) -> Vec<intake::people::Candidate> {
        let cx = self.cx;
        let people = load::part(cx, self.roll.of.0).and_then(|(_, roll)| load::people(cx, roll));
        let Some(people) = people else {
            return Vec::new();
        };
        let found = cx.reader.search(&[people], name, NAMESAKES).into_iter();
        found
            .filter_map(|(_, id)| {
                let contents = cx.reader.lookup().contents(people, id)?;
                let register = cx.reader.registers().by_number(people)?;
                let text = |content: &Content| Some(content.value()?.as_text()?.to_owned());
                // A search finds more than those who are called so.
                let called = contents.values().filter_map(text).any(|text| text == name);
                let phone = register.fields.iter().find_map(|field| match field.kind {
                    Kind::Phone { .. } => text(contents.get(&field.tag)?),
                    _ => None,
                });
                let unit = contents.get(&UNIT).and_then(text).unwrap_or_default();
                let unit = cx.reader.registers().divisions().place(&unit).to_string();
                called.then(|| intake::people::Candidate {
                    id,
                    name: name.to_owned(),
                    unit: format!("{unit} {}", register.line(&contents, &show::context(cx))),
                    phone: phone.unwrap_or_default(),
                })
            })
            .collect()
    }
}
