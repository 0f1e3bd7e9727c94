//! How a form begins: new, for a record, like an earlier one, with a record that is there, from a draft.

use sha2::{Digest, Sha256};

use crate::forms::{Content, Contents, Context, Entry, Kind, Register};
use crate::record::{RecordId, Tag, Value};
use crate::tui::effect::{Effect, Opening};
use crate::tui::screen::{Cx, Screen};

use super::sheet::{Place, Sheet, reference};
use super::{Form, draft, find, forms, show, undo};
use crate::text::form::FormWord;
use crate::tui::theme::Role;

/// What a form's entry begins with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Start {
    /// Defaults.
    New,
    /// What the record before carries.
    Carrying(Contents),
    /// All that an earlier record held but what changes.
    Like(Contents),
    /// A record that is there.
    Stored,
}

impl Start {
    /// The entry; of a record that is there a blank one.
    pub fn entry(&self, register: &Register, context: &Context) -> Entry {
        match self {
            Self::New | Self::Stored => Entry::new(register, context),
            Self::Carrying(contents) => Entry::carrying(register, contents, context),
            Self::Like(contents) => Entry::like(register, contents, context),
        }
    }
}

/// The ids of the records and drafts that a form makes: from 16 random bytes that it is given, so that a form is as pure as
/// every screen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ids {
    seed: [u8; 16],
    count: u64,
}

impl Ids {
    /// Ids from a seed.
    pub fn new(seed: [u8; 16]) -> Self {
        Self { seed, count: 0 }
    }

    fn bytes(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(self.seed);
        hash.update(self.count.to_le_bytes());
        hash.finalize().into()
    }

    /// A new id at a moment.
    pub fn next(&mut self, now: u64) -> RecordId {
        self.count += 1;
        let bytes = self.bytes();
        let mut random = [0; 10];
        random.copy_from_slice(&bytes[..10]);
        RecordId::v7(now, random)
    }

    /// The name of the next form's draft.
    pub fn name(&self) -> String {
        crate::record::id::hex(&self.bytes()[16..])
    }
}

/// Opens a form. `seed`: 16 random bytes, from which the ids of new records come. `None` for a register that is not loaded
/// or a record or draft that is not there.
pub fn open(opening: &Opening, seed: [u8; 16], cx: &Cx) -> Option<Box<dyn Screen>> {
    let ids = Ids::new(seed);
    let form = match opening {
        Opening::New(register) => blank(*register, ids, cx)?,
        Opening::For { register, tag, to } => for_record(*register, *tag, *to, ids, cx)?,
        Opening::Filled {
            register,
            like,
            fill,
        } => filled(*register, *like, fill, ids, cx)?,
        Opening::Again(register, record) => {
            let contents = cx.reader.lookup().contents(*register, *record)?;
            like(*register, contents, ids, cx)?
        }
        Opening::Edit(register, record) => stored(*register, *record, ids, cx)?,
        Opening::Draft(name) => draft::restore(name, &cx.reader.draft(name)?, ids, cx)?,
    };
    Some(Box::new(form))
}

/// A new record; it carries what the last one of the own hand carries.
fn blank(register: u32, ids: Ids, cx: &Cx) -> Option<Form> {
    let carried = cx
        .reader
        .recent(50)
        .into_iter()
        .find(|touched| touched.register == register);
    let carried = carried.and_then(|touched| cx.reader.lookup().contents(register, touched.record));
    let start = carried.map_or(Start::New, Start::Carrying);
    begin(register, start, ids, cx)
}

fn like(register: u32, contents: Contents, ids: Ids, cx: &Cx) -> Option<Form> {
    begin(register, Start::Like(contents), ids, cx)
}

fn begin(register: u32, start: Start, mut ids: Ids, cx: &Cx) -> Option<Form> {
    let context = forms(cx);
    let register = context.registers.by_number(register)?;
    let mut entry = start.entry(register, &context);
    entry.set_id(ids.next(cx.now));
    let mut sheet = Sheet::new(entry);
    sheet.again = matches!(start, Start::Like(_));
    Some(Form::new(sheet, start, ids, cx))
}

/// The next one for a record: like the newest that refers to it, else new with the reference filled in.
fn for_record(register: u32, tag: Tag, to: RecordId, ids: Ids, cx: &Cx) -> Option<Form> {
    let lookup = cx.reader.lookup();
    if let Some(last) = lookup.newest_referring(register, tag, to)
        && let Some(contents) = lookup.contents(register, last)
    {
        return like(register, contents, ids, cx);
    }
    let mut form = blank(register, ids, cx)?;
    let context = forms(cx);
    let place = Place::own(tag);
    let content = Content::One(Value::reference(to));
    form.sheet.set(place, content, &context);
    // Taking a person of a household fills the household too.
    let own = context.registers.by_number(register)?;
    let bound = own.fields.iter().find(|field| field.also == Some(tag));
    if let (Some(first), Some((_, back))) = (bound, own.by_tag(tag).and_then(|field| field.within))
        && let Some(Kind::Ref { to: of }) = own.by_tag(tag).map(|field| field.kind.clone())
        && let Some(id) = lookup
            .contents(of, to)
            .as_ref()
            .and_then(|held| held.get(&back))
            .and_then(reference)
    {
        let household = Content::One(Value::reference(id));
        form.sheet.set(Place::own(first.tag), household, &context);
        form.sheet
            .set(place, Content::One(Value::reference(to)), &context);
    }
    let sheet = form.sheet;
    Some(Form::new(sheet, form.start, form.ids, cx))
}

/// A new one of which more is known than its defaults say.
fn filled(
    register: u32,
    like: Option<RecordId>,
    fill: &[(Tag, Content)],
    ids: Ids,
    cx: &Cx,
) -> Option<Form> {
    let last = like.and_then(|last| cx.reader.lookup().contents(register, last));
    let mut form = match last {
        Some(contents) => self::like(register, contents, ids, cx)?,
        None => blank(register, ids, cx)?,
    };
    let context = forms(cx);
    for (tag, content) in fill {
        form.sheet.set(Place::own(*tag), content.clone(), &context);
    }
    Some(Form::new(form.sheet, form.start, form.ids, cx))
}

/// A record that is there; what was seen of it is taken now.
fn stored(register: u32, record: RecordId, ids: Ids, cx: &Cx) -> Option<Form> {
    let context = forms(cx);
    context.registers.by_number(register)?;
    let base = cx.reader.record(register, record)?;
    let mut form = Form::new(
        Sheet::new(Entry::of(&base, &context)),
        Start::Stored,
        ids,
        cx,
    );
    form.seen = cx.reader.seen(register, record);
    form.base = Some(base);
    // The hand begins at what is in conflict, else at the lifecycle, else at the first field.
    let own = context.registers.by_number(register)?;
    let places = form.sheet.places(false, &context);
    let first = places
        .iter()
        .copied()
        .find(|place| form.in_conflict(*place))
        .or_else(|| {
            places
                .iter()
                .copied()
                .find(|place| own.lifecycle == Some(place.tag))
        })
        .or_else(|| places.first().copied())?;
    form.arrive(first, cx);
    Some(form)
}

impl Form {
    /// The newest record of the same thing: of the first reference that the search looks at. `None` without one.
    fn before_of_it(&self, place: Place, cx: &Cx) -> Option<Option<Contents>> {
        let context = forms(cx);
        let register = self.sheet.register(place, &context);
        let lookup = cx.reader.lookup();
        let field = register
            .fields
            .iter()
            .filter(|field| {
                field.search && field.tag != place.tag && matches!(field.kind, Kind::Ref { .. })
            })
            .find(|field| reference(self.sheet.entry(place.row).get(field.tag)).is_some())?;
        let id = reference(self.sheet.entry(place.row).get(field.tag))?;
        let newest = lookup.newest_referring(register.number, field.tag, id);
        let newest = newest.filter(|id| Some(*id) != self.sheet.entry.id());
        Some(newest.and_then(|newest| lookup.contents(register.number, newest)))
    }

    /// The record before this one: the newest of the same thing, else the own hand's last one.
    fn before(&self, place: Place, cx: &Cx) -> Option<Contents> {
        if let Some(Some(contents)) = self.before_of_it(place, cx) {
            return Some(contents);
        }
        let of = self.sheet.entry(place.row).register();
        let own = self.sheet.entry.id();
        let mut recent = cx.reader.recent(50).into_iter();
        let last = recent.find(|touched| touched.register == of && Some(touched.record) != own)?;
        cx.reader.lookup().contents(of, last.record)
    }

    /// The last value of a text field, and when it was written.
    pub(super) fn last_value(&self, place: Place, cx: &Cx) -> Option<(String, String)> {
        let context = forms(cx);
        let field = self.sheet.field(place, &context);
        let Kind::Text { .. } = field.kind else {
            return None;
        };
        // What was written about someone else is nobody's business here.
        let contents = match self.before_of_it(place, cx) {
            Some(contents) => contents?,
            None => return None,
        };
        let register = self.sheet.register(place, &context);
        let when = find::dated(register, &contents, &context)?;
        let value = contents.get(&place.tag)?;
        Some((
            when,
            show::value(field, value, false, &context).replace('\n', " "),
        ))
    }

    /// F7: this field as in the last record.
    pub(super) fn same(&mut self, cx: &Cx) -> Vec<Effect> {
        let content = self
            .before(self.at, cx)
            .and_then(|contents| contents.get(&self.at.tag).cloned());
        match content {
            Some(content) => {
                self.mark_undo(undo::Kind::Take);
                self.put(self.at, content, cx);
                self.arrive(self.at, cx);
                Vec::new()
            }
            None => vec![Effect::Say(
                FormWord::NoLast.get(cx.lang).into(),
                Role::Quiet,
            )],
        }
    }

    /// F3 where no reference is: one more row, where the hand is in rows.
    pub(super) fn one_more_row(&mut self, cx: &Cx) -> Vec<Effect> {
        let context = forms(cx);
        let Some((rows, _)) = self.at.row else {
            return vec![Effect::Say(
                FormWord::NotNew.get(cx.lang).into(),
                Role::Quiet,
            )];
        };
        self.settle(cx);
        self.mark_undo(undo::Kind::Take);
        if let Some(at) = self.sheet.entry.add_row(rows, &context) {
            self.changed(cx);
            let first = self
                .sheet
                .places(false, &context)
                .into_iter()
                .find(|place| place.row == Some((rows, at)));
            if let Some(first) = first {
                self.arrive(first, cx);
            }
        }
        Vec::new()
    }

    /// What a new record of the register looked for asks for.
    pub(super) fn asked_of(&self, context: &Context) -> Vec<String> {
        match self.sheet.field(self.at, context).kind {
            Kind::Ref { to } | Kind::RefMultiple { to } => context
                .registers
                .by_number(to)
                .map(|register| super::typing::asked(register, context))
                .unwrap_or_default(),
            _ => Vec::new(),
        }
    }
}
