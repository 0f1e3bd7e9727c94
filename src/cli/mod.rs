//! The command line: one file a command. It knows no screen, except that without a command it opens them.

mod add;
mod args;
mod ask;
mod check;
mod conflicts;
mod demo;
mod edit;
mod env;
mod export;
mod fault;
mod forms_check;
mod held;
mod import;
mod init;
mod keys;
mod lines;
mod list;
mod memory;
mod merge;
mod out;
mod place;
mod progress;
mod reader;
mod report;
mod row;
mod screens;
mod show;
mod trust;
mod typed;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::FromArgMatches as _;
use clap::error::ErrorKind;

use args::{Args, Command};
use env::Env;
use fault::{Fault, Outcome, tell};

use crate::text::cli::{Say, words};

/// Runs one command line, the program's name first, and gives the exit code: 0 done, 1 done but something needs a
/// person, 2 wrong usage, 3 bad input, 4 store unusable or in use.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().collect();
    let lang = args::lang(&args);
    let shown = lang.unwrap_or_default();
    let parsed = args::command(shown)
        .try_get_matches_from(args)
        .and_then(|matches| Args::from_arg_matches(&matches));
    let args = match parsed {
        Ok(args) => args,
        Err(error) => {
            // Help and version are answers, on standard output; all else is wrong usage.
            if matches!(
                error.kind(),
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
            ) {
                let _ = error.print();
                return ExitCode::SUCCESS;
            }
            tell(&words(shown, &Say::Usage));
            let _ = error.print();
            return ExitCode::from(2);
        }
    };
    let mut env = Env::new(args.lang.map(Into::into).or(lang), args.format);
    match dispatch(&mut env, args.command) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::NeedsPerson) => ExitCode::from(1),
        Err(fault) => {
            fault.say();
            ExitCode::from(fault.code)
        }
    }
}

fn dispatch(env: &mut Env, command: Option<Command>) -> Result<Outcome, Fault> {
    match command {
        Some(Command::Init(args)) => init::run(env, &args),
        Some(Command::Add(args)) => add::run(env, &args),
        Some(Command::Import(args)) => import::run(env, &args),
        Some(Command::Edit(args)) => edit::edit(env, &args),
        Some(Command::Delete(args)) => edit::delete(env, &args),
        Some(Command::List(args)) => list::run(env, &args),
        Some(Command::Show(args)) => show::run(env, &args),
        Some(Command::Export(args)) => export::export(env, &args),
        Some(Command::Inspect(args)) => export::inspect(env, &args),
        Some(Command::Merge(args)) => merge::run(env, &args),
        Some(Command::Trust(args)) => trust::run(env, &args),
        Some(Command::Report(args)) => report::run(env, &args),
        Some(Command::Check) => check::check(env),
        Some(Command::Rebuild) => check::rebuild(env),
        Some(Command::Conflicts(args)) => conflicts::run(env, &args),
        Some(Command::Forms(args::Forms::Check { file })) => forms_check::run(env, file.as_deref()),
        Some(Command::Keys(args)) => keys::run(env, &args),
        Some(Command::Demo(args)) => demo::run(env, &args),
        None => {
            let dir = env.store_dir()?;
            screens::open(env, &dir)
        }
    }
}
