//! The command line as it is parsed. Names, flags and exit codes are a contract (`product.md`); the help's words stand in
//! `text`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args as ClapArgs, Command as Clap, CommandFactory, Parser, Subcommand, ValueEnum};

use super::out::Format;
use crate::forms::Lang;
use crate::text::help as words;

/// The whole command line.
#[derive(Parser, Debug)]
#[command(name = "jinguo", version, disable_help_subcommand = true)]
pub(crate) struct Args {
    #[arg(long, global = true, value_enum)]
    pub lang: Option<Tongue>,
    #[arg(long, global = true, value_enum)]
    pub format: Option<Format>,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// `--lang`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Tongue {
    Zh,
    En,
}

impl From<Tongue> for Lang {
    fn from(tongue: Tongue) -> Self {
        match tongue {
            Tongue::Zh => Self::Zh,
            Tongue::En => Self::En,
        }
    }
}

/// What is to be done.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    Init(Init),
    Demo(Demo),
    Add(Add),
    Import(Import),
    Edit(One),
    Delete(One),
    List(List),
    Show(Show),
    Export(Export),
    Inspect(Inspect),
    Merge(Merge),
    Conflicts(Conflicts),
    #[command(subcommand)]
    Trust(Trust),
    #[command(subcommand)]
    Report(Report),
    Check,
    Rebuild,
    #[command(subcommand)]
    Forms(Forms),
    Keys(Keys),
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Init {
    #[arg(long, value_name = "NAME")]
    pub name: String,
    #[arg(long, value_name = "CODE")]
    pub unit: String,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Demo {
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
    #[arg(long, value_name = "N", default_value_t = 1.0)]
    pub scale: f64,
    #[arg(long)]
    pub fresh: bool,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Add {
    #[arg(value_name = "REGISTER")]
    pub register: String,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Import {
    #[arg(value_name = "REGISTER")]
    pub register: String,
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub map: Option<PathBuf>,
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct One {
    #[arg(value_name = "ID")]
    pub id: String,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct List {
    #[arg(value_name = "REGISTER")]
    pub register: String,
    #[arg(long = "where", value_name = "EXPR")]
    pub filter: Option<String>,
    #[arg(long, value_name = "FIELD", allow_hyphen_values = true)]
    pub sort: Option<String>,
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    #[arg(long)]
    pub labels: bool,
    #[arg(long)]
    pub deleted: bool,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Show {
    #[arg(value_name = "ID")]
    pub id: String,
    #[arg(long)]
    pub history: bool,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Export {
    #[arg(short = 'o', long = "output", value_name = "FILE|DIR")]
    pub output: Option<PathBuf>,
    #[arg(long)]
    pub all: bool,
    #[arg(long = "for", value_name = "AUTHOR")]
    pub receiver: Option<String>,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Inspect {
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Merge {
    #[arg(value_name = "FILE|DIR", required = true)]
    pub files: Vec<PathBuf>,
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Conflicts {
    #[arg(long, num_args = 3, value_names = ["ID", "FIELD", "CHOICE"], allow_hyphen_values = true)]
    pub resolve: Option<Vec<String>>,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Report {
    SignIn(Sheet),
    Roll(Sheet),
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Sheet {
    #[arg(value_name = "ID")]
    pub id: String,
    #[arg(short = 'o', long = "output", value_name = "FILE.xlsx|csv")]
    pub output: PathBuf,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Trust {
    Add {
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[arg(long, short = 'y')]
        yes: bool,
    },
    List,
    Remove {
        #[arg(value_name = "NAME")]
        name: String,
        #[arg(long, short = 'y')]
        yes: bool,
    },
}

#[derive(Subcommand, Debug)]
pub(crate) enum Forms {
    Check {
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
}

#[derive(ClapArgs, Debug)]
pub(crate) struct Keys {
    #[arg(long, value_name = "NAME")]
    pub keymap: Option<String>,
}

/// The language asked for on a command line that may not even parse.
pub(crate) fn lang(args: &[OsString]) -> Option<Lang> {
    let mut args = args.iter().filter_map(|arg| arg.to_str());
    let mut lang = None;
    while let Some(arg) = args.next() {
        let word = match arg {
            "--" => break,
            "--lang" => args.next(),
            arg => arg.strip_prefix("--lang="),
        };
        match word {
            Some("zh") => lang = Some(Lang::Zh),
            Some("en") => lang = Some(Lang::En),
            _ => {}
        }
    }
    lang
}

/// The command line with its help in one language.
pub(crate) fn command(lang: Lang) -> Clap {
    localised(Args::command(), "", lang)
}

fn localised(mut command: Clap, path: &str, lang: Lang) -> Clap {
    if let Some(about) = words::help(path, lang) {
        command = command.about(about);
    }
    let within = |name: &str| match path {
        "" => name.to_owned(),
        path => format!("{path} {name}"),
    };
    let names: Vec<String> = command
        .get_subcommands()
        .map(|sub| sub.get_name().to_owned())
        .collect();
    for name in names {
        command = command.mut_subcommand(&name, |sub| localised(sub, &within(&name), lang));
    }
    let ids: Vec<String> = command
        .get_arguments()
        .map(|arg| arg.get_id().to_string())
        .collect();
    for id in ids {
        if let Some(help) = words::help(&within(&format!("<{id}>")), lang) {
            command = command.mut_arg(&id, |arg| arg.help(help));
        }
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without_words(command: &Clap, path: &str, missing: &mut Vec<String>) {
        for lang in [Lang::Zh, Lang::En] {
            if words::help(path, lang).is_none() {
                missing.push(path.to_owned());
            }
            for arg in command
                .get_arguments()
                .filter(|arg| !["help", "version"].contains(&arg.get_id().as_str()))
            {
                let of_arg = format!("{path} <{}>", arg.get_id());
                if words::help(of_arg.trim(), lang).is_none() {
                    missing.push(of_arg);
                }
            }
        }
        for sub in command.get_subcommands() {
            without_words(sub, format!("{path} {}", sub.get_name()).trim(), missing);
        }
    }

    #[test]
    fn every_command_and_argument_has_help_in_both_languages() {
        Args::command().debug_assert();
        let mut missing = Vec::new();
        without_words(&Args::command(), "", &mut missing);
        assert_eq!(missing, Vec::<String>::new());
        assert!(command(Lang::Zh).render_help().to_string().contains("台账"));
    }

    #[test]
    fn the_language_is_found_wherever_it_stands() {
        let lang =
            |line: &str| super::lang(&line.split(' ').map(OsString::from).collect::<Vec<_>>());
        assert_eq!(lang("list visit --lang en"), Some(Lang::En));
        assert_eq!(lang("--lang=zh nonsense"), Some(Lang::Zh));
        assert_eq!(lang("list -- --lang en"), None);
    }

    #[test]
    fn the_contract_parses() {
        for line in [
            "jinguo",
            "jinguo init --name 王芳 --unit 500101028008",
            "jinguo demo --dir d --scale 2 --fresh",
            "jinguo add visit",
            "jinguo import visit f.xlsx --map m --dry-run",
            "jinguo edit 00",
            "jinguo delete 00",
            "jinguo list visit --where true --sort -visit_date --limit 3 --labels --deleted --format csv",
            "jinguo show 00 --history",
            "jinguo export -o d --all --for 王芳",
            "jinguo inspect f",
            "jinguo merge f g --dry-run",
            "jinguo conflicts --resolve 00 phone =1",
            "jinguo conflicts --resolve 00 amount -1",
            "jinguo trust add f --yes",
            "jinguo trust list",
            "jinguo trust remove 王芳 --lang en",
            "jinguo report sign-in 00 -o f.xlsx",
            "jinguo report roll 00 -o f.csv",
            "jinguo check",
            "jinguo rebuild",
            "jinguo forms check f",
            "jinguo keys --keymap vim",
        ] {
            let parsed = Args::try_parse_from(line.split(' '));
            assert!(parsed.is_ok(), "{line}: {parsed:?}");
        }
    }
}
