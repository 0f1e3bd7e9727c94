//! Resolves what files name and compiles their expressions, once all registers are known.

use std::collections::BTreeMap;

use super::fields::{Lists, Of, Raw};
use super::grids;
use super::reader::{At, Mistake, Source};
use super::registers::{Files, RawRegister};
use crate::forms::expression::{self, Expression, Names, Template};
use crate::forms::kinds::Kind;
use crate::forms::lang::Label;
use crate::forms::register::{Constraint, Field, Register, SecondVisit, Start, Step, UNSTORED};
use crate::record::Tag;

/// Which fields there are, while expressions are compiled.
pub(super) struct Known {
    /// Register name to its number.
    numbers: BTreeMap<String, u32>,
    fields: BTreeMap<(u32, String), (Tag, Kind)>,
    environment: &'static minijinja::Environment<'static>,
}

impl Known {
    /// The number of a register.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        self.numbers.get(name).copied()
    }

    /// The tag of a field.
    pub(super) fn tag(&self, register: u32, name: &str) -> Option<Tag> {
        self.field(register, name).map(|(tag, _)| tag)
    }

    /// Whether the list of a field has a code; `None` where it has no list.
    pub(super) fn has_code(&self, register: u32, tag: Tag, code: &str) -> Option<bool> {
        let fields = self.fields.range((register, String::new())..);
        let mut fields = fields.take_while(|((number, _), _)| *number == register);
        match &fields.find(|(_, (known, _))| *known == tag)?.1.1 {
            Kind::SelectOne(list) => Some(list.get(code).is_some()),
            _ => None,
        }
    }
}

impl Names for Known {
    fn field(&self, register: u32, name: &str) -> Option<(Tag, &Kind)> {
        self.fields
            .get(&(register, name.to_owned()))
            .map(|(tag, kind)| (*tag, kind))
    }

    fn environment(&self) -> &'static minijinja::Environment<'static> {
        self.environment
    }
}

/// Where mistakes go.
pub(super) struct Out<'a> {
    sources: &'a [Source],
    mistakes: &'a mut Vec<Mistake>,
}

impl Out<'_> {
    pub(super) fn wrong(&mut self, file: usize, line: usize, zh: String, en: String) {
        self.mistakes.push(Mistake {
            file: self.sources[file].name.clone(),
            line: self.sources[file].line(line),
            message: Label { zh, en },
            warning: false,
        });
    }

    pub(super) fn no_field(&mut self, file: usize, line: usize, name: &str) {
        self.wrong(
            file,
            line,
            format!("没有字段 {name}。"),
            format!("There is no field {name}."),
        );
    }
}

pub(super) fn compile(
    mut files: Files,
    environment: &'static minijinja::Environment<'static>,
    sources: &[Source],
    mistakes: &mut Vec<Mistake>,
) -> (Vec<Register>, Lists) {
    let mut out = Out { sources, mistakes };
    let numbers = files
        .registers
        .iter()
        .map(|register| (register.name.clone(), register.number))
        .collect();
    let mut known = Known {
        numbers,
        fields: BTreeMap::new(),
        environment,
    };
    for register in &mut files.registers {
        for (place, raw) in register.fields.iter_mut().enumerate() {
            if raw.field.tag == 0 {
                raw.field.tag = UNSTORED + place as Tag;
            }
            let place = (register.number, raw.field.name.clone());
            known
                .fields
                .insert(place, (raw.field.tag, raw.field.kind.clone()));
        }
    }
    for register in &mut files.registers {
        for raw in &mut register.fields {
            resolve(raw, &known, &mut out);
            let place = (register.number, raw.field.name.clone());
            known
                .fields
                .insert(place, (raw.field.tag, raw.field.kind.clone()));
        }
    }
    let all = files
        .registers
        .into_iter()
        .map(|raw| register(raw, &known, &mut out))
        .collect();
    (all, files.lists)
}

/// Puts numbers where a type names registers.
fn resolve(raw: &mut Raw, known: &Known, out: &mut Out) {
    let file = raw.file;
    let mut number = |at: &At<String>| {
        let number = known.numbers.get(&at.it).copied();
        if number.is_none() {
            let name = &at.it;
            out.wrong(
                file,
                at.line,
                format!("没有台账 {name}。"),
                format!("There is no register {name}."),
            );
        }
        number.unwrap_or_default()
    };
    match (&mut raw.field.kind, &raw.of) {
        (Kind::Ref { to } | Kind::RefMultiple { to }, Of::Register(name)) => *to = number(name),
        (Kind::Rows { of, by }, Of::Rows(register, field)) => {
            *of = number(register);
            match known.field(*of, &field.it) {
                Some((tag, _)) => *by = tag,
                None => out.no_field(file, field.line, &field.it),
            }
        }
        _ => {}
    }
}

fn register(mut raw: RawRegister, known: &Known, out: &mut Out) -> Register {
    let mut fields: Vec<Field> = Vec::new();
    let raws = std::mem::take(&mut raw.fields);
    for mut field in raws {
        expressions(&mut field, raw.number, known, out);
        fields.push(field.field);
    }
    let places: BTreeMap<Tag, usize> = fields
        .iter()
        .enumerate()
        .map(|(place, field)| (field.tag, place))
        .collect();
    let names = fields
        .iter()
        .enumerate()
        .map(|(place, field)| (field.name.clone(), place))
        .collect();
    for place in 0..fields.len() {
        for tag in moved_by(&fields[place]) {
            if let Some(&mover) = places.get(&tag).filter(|&&mover| mover != place) {
                let moves = &mut fields[mover].moves;
                if !moves.contains(&place) {
                    moves.push(place);
                }
            }
        }
    }
    let file = raw.file;
    let tag = |name: &str, line: usize, out: &mut Out| {
        let tag = known.field(raw.number, name).map(|(tag, _)| tag);
        if tag.is_none() {
            out.no_field(file, line, name);
        }
        tag
    };
    let sort = raw.sort.as_ref().and_then(|at| {
        let name = at.it.trim_start_matches('-');
        Some((tag(name, at.line, out)?, at.it.starts_with('-')))
    });
    let mut key = Vec::new();
    for name in raw.key.iter().flat_map(|at| &at.it) {
        let line = raw.key.as_ref().map_or(raw.line, |at| at.line);
        key.extend(tag(name, line, out));
    }
    for field in &mut fields {
        field.key = key.contains(&field.tag);
        if field.key && !matches!(field.kind.wire(), 2..=4) {
            let line = raw.key.as_ref().map_or(raw.line, |at| at.line);
            let name = &field.name;
            out.wrong(
                file,
                line,
                format!("{name} 不能作自然键：只用引用、日期、代码。"),
                format!("{name} cannot be a key: references, dates and codes only."),
            );
        }
    }
    for group in raw.together.iter().flat_map(|at| &at.it) {
        let line = raw.together.as_ref().map_or(raw.line, |at| at.line);
        let tags: Vec<Tag> = group
            .iter()
            .filter_map(|name| tag(name, line, out))
            .collect();
        for field in fields.iter_mut().filter(|field| tags.contains(&field.tag)) {
            field.together = tags.clone();
        }
    }
    let second_visit = raw
        .second_visit
        .as_ref()
        .map(|(same, within_days, line)| SecondVisit {
            same: same
                .iter()
                .filter_map(|name| tag(name, *line, out))
                .collect(),
            within_days: *within_days,
        });
    let lifecycle = raw
        .lifecycle
        .as_ref()
        .and_then(|at| tag(&at.it, at.line, out));
    let mut steps = Vec::new();
    for step in std::mem::take(&mut raw.steps) {
        steps.push(Step {
            needs: step
                .needs
                .iter()
                .filter_map(|name| tag(name, step.line, out))
                .collect(),
            relevant: step
                .relevant
                .as_ref()
                .and_then(|at| one(at, file, raw.number, known, out)),
            from: step.from,
            to: step.to,
            label: step.label,
            who: step.who,
        });
        check_step(
            &fields,
            lifecycle,
            steps.last().expect("invariant: just pushed"),
            file,
            step.line,
            out,
        );
    }
    let roll = (raw.roll.as_ref())
        .and_then(|roll| grids::resolve_roll(roll, file, raw.number, known, out));
    let calendar = raw.calendar.as_ref().and_then(|calendar| {
        grids::resolve_calendar(calendar, file, raw.number, lifecycle, known, out)
    });
    let title = template(&raw.title, file, raw.number, known, out);
    let line = match raw.line_of {
        None => template(
            &raw.title,
            file,
            raw.number,
            known,
            &mut Out {
                sources: out.sources,
                mistakes: &mut Vec::new(),
            },
        ),
        given => template(&given, file, raw.number, known, out),
    };
    Register {
        number: raw.number,
        name: raw.name,
        label: raw.label,
        counter: raw.counter.map(|at| at.it).unwrap_or_default(),
        home: raw.home,
        sort,
        key,
        fields,
        second_visit,
        lifecycle,
        steps,
        roll,
        calendar,
        title,
        line,
        places,
        names,
    }
}

/// A step goes between choices of the lifecycle's list.
fn check_step(
    fields: &[Field],
    lifecycle: Option<Tag>,
    step: &Step,
    file: usize,
    line: usize,
    out: &mut Out,
) {
    let field = fields.iter().find(|field| Some(field.tag) == lifecycle);
    let Some(Kind::SelectOne(list)) = field.map(|field| &field.kind) else {
        return;
    };
    for code in step.from.iter().chain([&step.to]) {
        if list.get(code).is_none() {
            out.wrong(
                file,
                line,
                format!("{} 没有代码 {code}。", list.name),
                format!("{} has no code {code}.", list.name),
            );
        }
    }
}

/// The fields of the record whose change makes a field be looked at again.
fn moved_by(field: &Field) -> Vec<Tag> {
    let start = match &field.start {
        Start::Formula(formula) => Some(formula),
        _ => None,
    };
    let shown = match &field.start {
        Start::Shown(template) => template.tags(),
        _ => Vec::new(),
    };
    let expressions = [&field.relevant, &field.required]
        .into_iter()
        .flatten()
        .chain(start);
    let mut tags: Vec<Tag> = expressions
        .flat_map(|expression| expression.tags().iter().copied())
        .collect();
    tags.extend(field.within.map(|(within, _)| within));
    tags.extend(shown);
    tags
}

pub(super) fn one(
    at: &At<String>,
    file: usize,
    register: u32,
    known: &Known,
    out: &mut Out,
) -> Option<Expression> {
    match Expression::compile(&at.it, register, known) {
        Ok(expression) => Some(expression),
        Err(why) => {
            expression_wrong(&at.it, &why, file, at.line, out);
            None
        }
    }
}

fn expression_wrong(source: &str, why: &str, file: usize, line: usize, out: &mut Out) {
    let zh = match why.strip_prefix("unknown name: ") {
        Some(name) => format!("不认识的名字 {name}"),
        None => why.to_owned(),
    };
    out.wrong(
        file,
        line,
        format!("表达式 {source} 编译不了：{zh}。"),
        format!("{source} does not compile: {why}."),
    );
}

fn expressions(raw: &mut Raw, register: u32, known: &Known, out: &mut Out) {
    let file = raw.file;
    let compile = |at: &Option<At<String>>, out: &mut Out| {
        at.as_ref()
            .and_then(|at| one(at, file, register, known, out))
    };
    // `true` everywhere and always is no condition at all.
    raw.field.relevant = compile(&raw.relevant, out);
    raw.field.required = compile(&raw.required, out);
    let default = compile(&raw.default, out).or_else(|| compile(&raw.calculation, out));
    raw.field.start = match default {
        None => Start::Empty,
        Some(Expression::Today) if matches!(raw.field.kind, Kind::Date { .. }) => Start::Today,
        Some(Expression::Fixed(value)) => match expression::fixed(&raw.field.kind, &value) {
            Some(content) => Start::Fixed(content),
            None => {
                let (name, line) = (
                    &raw.field.name,
                    raw.default.as_ref().map_or(raw.line, |at| at.line),
                );
                out.wrong(
                    file,
                    line,
                    format!("{name} 的默认值不合它的类型。"),
                    format!("The default of {name} is not of its type."),
                );
                Start::Empty
            }
        },
        Some(formula) => Start::Formula(formula),
    };
    if let Some(at) = &raw.default_shown {
        match Template::compile(&at.it, register, known) {
            Ok(template) => raw.field.start = Start::Shown(template),
            Err(whys) => {
                for why in whys {
                    expression_wrong(&at.it, &why, file, at.line, out);
                }
            }
        }
    }
    for (holds, message, warning) in &raw.constraints {
        if let Some(holds) = one(holds, file, register, known, out) {
            raw.field.constraints.push(Constraint {
                holds,
                message: message.clone(),
                warning: *warning,
            });
        }
    }
    if let Some(at) = &raw.also {
        match known.field(register, &at.it) {
            Some((tag, _)) => raw.field.also = Some(tag),
            None => out.no_field(file, at.line, &at.it),
        }
    }
    if let Some(at) = &raw.within {
        raw.field.within = within(raw, at, register, known);
        if raw.field.within.is_none() {
            let name = &at.it;
            out.wrong(
                file,
                at.line,
                format!("within {name} 对不上：两项都要是引用，且目标台账里有指向它的引用。"),
                format!("within {name} does not fit: both are references, and the target register refers to its register."),
            );
        }
    }
}

/// The field that narrows, and the reference of the target register that points to the same register.
fn within(raw: &Raw, at: &At<String>, register: u32, known: &Known) -> Option<(Tag, Tag)> {
    let (tag, kind) = known.field(register, &at.it)?;
    let (Kind::Ref { to: narrow }, Kind::Ref { to }) = (kind, &raw.field.kind) else {
        return None;
    };
    let back = known
        .fields
        .range((*to, String::new())..)
        .take_while(|((number, _), _)| number == to)
        .find(|(_, (_, kind))| matches!(kind, Kind::Ref { to } if to == narrow));
    back.map(|(_, (back, _))| (tag, *back))
}

fn template(
    at: &Option<At<Label>>,
    file: usize,
    register: u32,
    known: &Known,
    out: &mut Out,
) -> [Template; 2] {
    let Some(at) = at else {
        return Default::default();
    };
    let mut compile = |source: &str, tell: bool| match Template::compile(source, register, known) {
        Ok(template) => template,
        Err(whys) => {
            for why in whys.iter().filter(|_| tell) {
                expression_wrong(source, why, file, at.line, out);
            }
            Template::default()
        }
    };
    [
        compile(&at.it.zh, true),
        compile(&at.it.en, at.it.en != at.it.zh),
    ]
}
