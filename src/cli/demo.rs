//! `jinguo demo`: makes the demonstration once, and opens it where there is a terminal.

use std::io::IsTerminal as _;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;

use super::args;
use super::env::{self, Env};
use super::fault::{Fault, Outcome};
use super::out::{Format, Object};
use super::place;
use super::progress::Progress;
use crate::demo::{self, DemoError, Wish};
use crate::text::cli::{Say, words};

/// Makes it where it is not there yet; without a terminal it says where, else it opens the district's store.
pub(crate) fn run(env: &mut Env, args: &args::Demo) -> Result<Outcome, Fault> {
    if !(0.01..=1_000.0).contains(&args.scale) {
        return Err(Fault::usage(env.lang, &Say::BadScale));
    }
    let dir = args
        .dir
        .clone()
        .or_else(place::demo)
        .ok_or_else(|| Fault::store(env.lang, &Say::NoHome))?;
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let wish = Wish {
        registers: env.registers()?,
        files: env::disk(),
        now: since.map_or(0, |since| since.as_millis() as u64),
        scale: args.scale,
        fresh: args.fresh,
    };
    let mut progress = Progress::new(words(env.lang, &Say::MakingDemo));
    let made = demo::ready(&dir, &wish, &mut |done, total| progress.at(done, total));
    drop(progress);
    let district = made.map_err(|error| match &error {
        DemoError::NotADemo(path) => {
            Fault::usage(env.lang, &Say::NotADemo(&path.display().to_string()))
        }
        DemoError::File { path, why } => Fault::store(
            env.lang,
            &Say::File {
                path: &path.display().to_string(),
                why,
            },
        ),
        DemoError::Refused(why) => Fault::store(env.lang, &Say::Fault(why)),
        DemoError::Exchange(error) => env.exchange(error),
        DemoError::Store(error) => env.store(error),
    })?;
    if std::io::stdout().is_terminal() && std::io::stdin().is_terminal() {
        return super::screens::open(env, &district);
    }
    let (path, district) = (dir.display().to_string(), district.display().to_string());
    let mut row = Object::new();
    row.insert("dir".to_owned(), json!(path));
    row.insert("district".to_owned(), json!(district));
    env.print(Format::Text, &row, || words(env.lang, &Say::DemoAt(&path)))?;
    Ok(Outcome::Done)
}
