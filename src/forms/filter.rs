//! `jinguo list --where`: an expression over the records of a register.

use super::content::Contents;
use super::context::Context;
use super::expression::{Expression, Names};
use super::kinds::Kind;
use super::load::Registers;
use super::register::Register;
use crate::record::Tag;

/// A compiled filter.
#[derive(Debug)]
pub struct Filter {
    register: u32,
    expression: Expression,
}

impl Names for Registers {
    fn field(&self, register: u32, name: &str) -> Option<(Tag, &Kind)> {
        let field = self.by_number(register)?.field(name)?;
        Some((field.tag, &field.kind))
    }

    fn environment(&self) -> &'static minijinja::Environment<'static> {
        self.environment
    }
}

impl Filter {
    /// Compiles an expression over a register's fields; the error is one sentence.
    pub fn compile(
        registers: &Registers,
        register: &Register,
        expression: &str,
    ) -> Result<Self, String> {
        let expression = Expression::compile(expression, register.number, registers)?;
        Ok(Self {
            register: register.number,
            expression,
        })
    }

    /// Whether it is true of a record.
    pub fn holds(&self, contents: &Contents, context: &Context) -> bool {
        context
            .registers
            .by_number(self.register)
            .is_some_and(|register| self.expression.is_true(register, contents, context))
    }
}
