//! The draft of a form: all that is typed, also what is no value yet, the field and the caret, and what was seen when the
//! form opened. On disk at most a quarter of a second behind the keyboard.
//!
//! The file is JSON with a version. Values stand in it as logs write them (`<wire>:<hex>`), so that no change of a list or a
//! language loses one.

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::forms::{Content, Contents, Context, Entry, Kind as FieldKind, Origin};
use crate::record::id::{hex, unhex};
use crate::record::{Element, RecordId, Tag, Value};
use crate::tui::effect::Effect;
use crate::tui::screen::Cx;

use super::open::{Ids, Start};
use super::sheet::{Place, Sheet};
use super::{Form, forms};

/// How long after the first key a draft is written, in milliseconds. With one fsync it is within 250 ms.
const BEHIND: u64 = 200;

/// The version of the file.
const VERSION: u8 = 1;

/// How far the disk is behind the screen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Keeping {
    name: String,
    dirty: Option<u64>,
    /// A change since the draft on its way was made.
    on_its_way: bool,
    kept: Option<u64>,
    ever: bool,
}

impl Keeping {
    /// Nothing typed yet.
    pub fn new(name: String) -> Self {
        Self {
            name,
            dirty: None,
            on_its_way: false,
            kept: None,
            ever: false,
        }
    }

    /// The draft's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Something changed at this moment of the program's clock.
    pub fn dirty(&mut self, at: u64) {
        self.dirty.get_or_insert(at);
        self.on_its_way = false;
        self.kept = None;
    }

    /// The hand moved: a draft that was begun follows it.
    pub fn moved(&mut self, at: u64) {
        if self.dirty.is_some() || self.ever() {
            self.dirty(at);
        }
    }

    /// When the draft is to be written.
    pub fn due(&self) -> Option<u64> {
        self.dirty.map(|at| at + BEHIND)
    }

    /// The draft of this name is on disk since a wall clock's moment.
    pub fn kept(&mut self, name: &str, at: u64) {
        if name == self.name && self.on_its_way {
            self.on_its_way = false;
            self.kept = Some(at);
            self.ever = true;
        }
    }

    /// Since when the disk holds what the screen shows.
    pub fn on_disk(&self) -> Option<u64> {
        self.kept
    }

    /// Whether a draft was written.
    pub fn ever(&self) -> bool {
        self.ever || self.on_its_way
    }
}

#[derive(Serialize, Deserialize)]
struct File {
    version: u8,
    register: u32,
    record: Option<String>,
    title: String,
    kept_at: u64,
    seen: Vec<String>,
    start: String,
    from: Json,
    id: Option<String>,
    again: bool,
    fields: Json,
    rows: Vec<(Tag, Vec<Json>)>,
    raw: Vec<(At, String)>,
    opened: Vec<At>,
    told: Vec<At>,
    at: At,
    text: String,
    caret: usize,
    touched: bool,
    digits: String,
    more: bool,
    tried: bool,
}

/// A place: the rows field and the row, the field.
type At = (Option<(Tag, usize)>, Tag);

/// What the head of a draft says, for lists: register, record, title, when it was kept (milliseconds since 1970).
pub fn head(bytes: &[u8]) -> Option<(u32, Option<RecordId>, String, u64)> {
    let file: File = serde_json::from_slice(bytes).ok()?;
    let record = file.record.as_deref().and_then(RecordId::parse);
    (file.version == VERSION).then_some((file.register, record, file.title, file.kept_at))
}

fn at(place: &Place) -> At {
    (place.row, place.tag)
}

fn place(at: &At) -> Place {
    Place {
        row: at.0,
        tag: at.1,
    }
}

fn content_json(content: &Content) -> Json {
    match content {
        Content::Empty => Json::Null,
        Content::One(value) => value.raw().into(),
        Content::Many(chosen) => chosen
            .iter()
            .map(|element| Json::from(hex(element)))
            .collect(),
    }
}

fn bytes_of(text: &str) -> Option<Vec<u8>> {
    let pairs: Option<Vec<[u8; 1]>> = (0..text.len())
        .step_by(2)
        .map(|at| unhex::<1>(text.get(at..at + 2)?))
        .collect();
    Some(pairs?.concat())
}

fn content_of(json: &Json) -> Option<Content> {
    match json {
        Json::Null => Some(Content::Empty),
        Json::String(raw) => {
            let (wire, bytes) = raw.split_once(':')?;
            Some(Content::one(Value {
                wire: wire.parse().ok()?,
                bytes: bytes_of(bytes)?,
            }))
        }
        Json::Array(elements) => {
            let elements: Option<Vec<Element>> = elements
                .iter()
                .map(|element| bytes_of(element.as_str()?))
                .collect();
            Some(Content::many(elements?))
        }
        _ => None,
    }
}

fn contents_json(contents: &Contents) -> Json {
    contents
        .iter()
        .map(|(tag, content)| json!([tag, content_json(content)]))
        .collect()
}

fn contents_of(json: &Json) -> Contents {
    let pairs = json.as_array().into_iter().flatten();
    pairs
        .filter_map(|pair| {
            let tag = Tag::try_from(pair.get(0)?.as_u64()?).ok()?;
            Some((tag, content_of(pair.get(1)?)?))
        })
        .collect()
}

/// Tag, value, whether a person typed it. What was emptied by hand is null.
fn entry_json(entry: &Entry, context: &Context) -> Json {
    let Some(register) = context.registers.by_number(entry.register()) else {
        return Json::Null;
    };
    register
        .fields
        .iter()
        .filter(|field| field.stored())
        .filter(|field| {
            !entry.get(field.tag).is_empty() || entry.origin(field.tag) == Origin::Typed
        })
        .map(|field| {
            let typed = entry.origin(field.tag) == Origin::Typed;
            json!([field.tag, content_json(entry.get(field.tag)), typed])
        })
        .collect()
}

/// Types into an entry what a draft says; what the defaults give anyway stays a default. Twice, since a field may stand
/// before the one that makes it relevant.
fn fill(entry: &mut Entry, fields: &Json, only_typed: bool, context: &Context) {
    for pass in 0..2 {
        for field in fields.as_array().into_iter().flatten() {
            let tag = field
                .get(0)
                .and_then(Json::as_u64)
                .and_then(|tag| Tag::try_from(tag).ok());
            let typed = field.get(2).and_then(Json::as_bool).unwrap_or(true);
            let (Some(tag), Some(content)) = (tag, field.get(1).and_then(content_of)) else {
                continue;
            };
            let is_rows = |tag| {
                let register = context.registers.by_number(entry.register());
                register
                    .and_then(|register| register.by_tag(tag))
                    .is_none_or(|field| matches!(field.kind, FieldKind::Rows { .. }))
            };
            let differs =
                *entry.get(tag) != content || (typed && entry.origin(tag) != Origin::Typed);
            let wanted = if pass == 0 {
                typed
            } else {
                typed || !only_typed
            };
            if wanted && differs && !is_rows(tag) {
                entry.set(tag, content, context);
            }
        }
    }
}

impl Form {
    /// The draft of what is on the screen.
    fn draft(&self, cx: &Cx) -> Vec<u8> {
        let context = forms(cx);
        let entry = &self.sheet.entry;
        let register = context.registers.by_number(entry.register());
        let (start, from) = match &self.start {
            Start::New => ("new", Json::Null),
            Start::Carrying(contents) => ("carrying", contents_json(contents)),
            Start::Like(contents) => ("like", contents_json(contents)),
            Start::Stored => ("stored", Json::Null),
        };
        let rows = register
            .into_iter()
            .flat_map(|register| &register.fields)
            .filter_map(|field| {
                let rows = entry.rows(field.tag);
                (!rows.is_empty()).then(|| {
                    (
                        field.tag,
                        rows.iter().map(|row| entry_json(row, &context)).collect(),
                    )
                })
            });
        let file = File {
            version: VERSION,
            register: entry.register(),
            record: self.base.as_ref().map(|base| base.id.to_string()),
            title: register
                .map(|register| register.title(entry.contents(), &context))
                .unwrap_or_default(),
            kept_at: cx.now,
            seen: self.seen.iter().map(ToString::to_string).collect(),
            start: start.into(),
            from,
            id: entry.id().map(|id| id.to_string()),
            again: self.sheet.again,
            fields: entry_json(entry, &context),
            rows: rows.collect(),
            raw: self
                .sheet
                .raw
                .iter()
                .map(|(place, text)| (at(place), text.clone()))
                .collect(),
            opened: self.sheet.opened.iter().map(at).collect(),
            told: self.told.iter().map(at).collect(),
            at: at(&self.at),
            text: self.typing.editor.text().to_owned(),
            caret: self.typing.editor.caret(),
            touched: self.typing.touched,
            digits: self.typing.digits.clone(),
            more: self.more,
            tried: self.tried,
        };
        serde_json::to_vec(&file).expect("invariant: a draft has only keys that are text")
    }

    /// The draft, if it is behind.
    pub(super) fn keep_now(&mut self, cx: &Cx) -> Vec<Effect> {
        if self.keeping.dirty.take().is_none() {
            return Vec::new();
        }
        self.keeping.on_its_way = true;
        vec![Effect::SaveDraft(self.keeping.name.clone(), self.draft(cx))]
    }

    /// The time that was asked for has come.
    pub(super) fn due_now(&mut self, cx: &Cx) -> Vec<Effect> {
        match self.keeping.due() {
            Some(due) if due <= cx.at => self.keep_now(cx),
            _ => Vec::new(),
        }
    }
}

/// The form of a draft: the same field, the same half-typed text, the same caret.
pub fn restore(name: &str, bytes: &[u8], mut ids: Ids, cx: &Cx) -> Option<Form> {
    let context = forms(cx);
    let file: File = serde_json::from_slice(bytes).ok()?;
    if file.version != VERSION {
        return None;
    }
    let register = context.registers.by_number(file.register)?;
    let start = match file.start.as_str() {
        "carrying" => Start::Carrying(contents_of(&file.from)),
        "like" => Start::Like(contents_of(&file.from)),
        "stored" => Start::Stored,
        _ => Start::New,
    };
    let base = match &file.record {
        Some(id) => Some(cx.reader.record(file.register, RecordId::parse(id)?)?),
        None => None,
    };
    let mut entry = match &base {
        Some(base) => Entry::of(base, &context),
        None => {
            let mut entry = start.entry(register, &context);
            let id = file
                .id
                .as_deref()
                .and_then(RecordId::parse)
                .unwrap_or_else(|| ids.next(cx.now));
            entry.set_id(id);
            entry
        }
    };
    fill(&mut entry, &file.fields, base.is_some(), &context);
    for (rows, all) in &file.rows {
        for (n, fields) in all.iter().enumerate() {
            if entry.rows(*rows).len() <= n {
                entry.add_row(*rows, &context);
            }
            entry.in_row(*rows, n, &context, |row, context| {
                fill(row, fields, false, context)
            });
        }
    }
    let mut sheet = Sheet::new(entry);
    sheet.again = file.again;
    sheet.raw = file
        .raw
        .iter()
        .map(|(at, text)| (place(at), text.clone()))
        .collect();
    sheet.opened = file.opened.iter().map(place).collect();
    let mut form = Form::new(sheet, start, ids, cx);
    form.base = base;
    form.seen = file
        .seen
        .iter()
        .filter_map(|seen| seen.parse().ok())
        .collect();
    form.more = file.more;
    form.tried = file.tried;
    form.told = file.told.iter().map(place).collect();
    form.arrive(place(&file.at), cx);
    form.more = file.more;
    form.typing.touched = file.touched;
    form.typing.digits = file.digits;
    form.typing.editor.clear();
    form.typing.editor.insert(&file.text);
    form.typing.editor.set_caret(file.caret);
    form.search(cx);
    form.keeping = Keeping {
        name: name.into(),
        dirty: None,
        on_its_way: false,
        kept: Some(file.kept_at),
        ever: true,
    };
    Some(form)
}
