//! The command line: its verbs, its exit codes and how errors are told.

use std::{io::Write as _, process::ExitCode};

use clap::{Parser, Subcommand};
use duly_domain::{Date, DateFormat};

use crate::{
    admin, clients, compliance, demo, digest, explain, frames, generate, home::Common, migrate,
    out, place, rebuild, serve, token,
};

/// Works the claims that creditors place with a collection agency: intake, payments in trust,
/// remittance, reporting.
#[derive(Parser)]
#[command(
    name = "duly",
    version,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = "Begin with `duly demo`, which needs nothing and leaves nothing behind, or with \
                  `duly serve`, which starts an installation of your own. Settings are DULY_* \
                  variables or a TOML file; README.md lists them."
)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    verb: Verb,
}

/// Each verb's arguments carry its help.
#[derive(Subcommand)]
enum Verb {
    Serve(serve::Args),
    Migrate(migrate::Args),
    Token(token::Args),
    Clients(clients::Args),
    Place(place::Args),
    Explain(explain::Args),
    Compliance(compliance::Args),
    Frames(frames::Args),
    Rebuild(rebuild::Args),
    Admin(admin::Args),
    Digest(digest::Args),
    Generate(generate::Args),
    Demo(demo::Args),
}

/// A legal date as an option takes it.
///
/// # Errors
/// Another form, or a day that the calendar does not have.
pub fn day(text: &str) -> Result<Date, String> {
    duly_domain::date::parse_date(text, &DateFormat::iso())
        .map_err(|error| format!("{error}; write YYYY-MM-DD, such as 2026-01-15"))
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(asked) => {
            // Help and usage; a closed pipe is the reader's choice.
            let _ = asked.print();
            return u8::try_from(asked.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from);
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            out::note(format!("error: starting the program's threads: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let done = runtime.block_on(perform(cli));
    // Not waited for: what still blocks belongs to servers that end with this process.
    runtime.shutdown_background();
    let _ = std::io::stdout().flush();
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is::<out::Closed>() => ExitCode::SUCCESS,
        Err(error) => match error.downcast_ref() {
            // What was found is printed already.
            Some(compliance::Ends(code)) => ExitCode::from(*code),
            None => {
                out::note(format!("error: {}", words(&error)));
                ExitCode::FAILURE
            }
        },
    }
}

/// The error with its causes. Some libraries repeat their cause in their own words: it is said once.
fn words(error: &anyhow::Error) -> String {
    let mut said = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if said.is_empty() {
            said = cause;
        } else if !said.contains(&cause) {
            said = format!("{said}: {cause}");
        }
    }
    said
}

async fn perform(Cli { common, verb }: Cli) -> anyhow::Result<()> {
    match verb {
        Verb::Serve(args) => serve::run(&common, args).await,
        Verb::Migrate(args) => migrate::run(&common, &args).await,
        Verb::Token(args) => token::run(&common, args).await,
        Verb::Clients(args) => clients::run(&common, args).await,
        Verb::Place(args) => place::run(&common, args).await,
        Verb::Explain(args) => explain::run(&common, args).await,
        Verb::Compliance(args) => compliance::run(&common, &args).await,
        Verb::Frames(args) => frames::run(&common, args).await,
        Verb::Rebuild(args) => rebuild::run(&common, &args).await,
        Verb::Admin(args) => admin::run(&common, args).await,
        Verb::Digest(args) => digest::run(&common, args).await,
        Verb::Generate(args) => generate::run(&args),
        Verb::Demo(args) => demo::run(&common, args).await,
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn an_error_says_each_cause_once() {
        let error = anyhow::anyhow!("connection refused")
            .context("io: connection refused")
            .context("cannot reach it");
        assert_eq!(words(&error), "cannot reach it: io: connection refused");
    }

    #[test]
    fn a_day_is_written_in_one_form() {
        assert_eq!(day("2026-01-15").unwrap().to_string(), "2026-01-15");
        for text in ["2026-02-30", "15.1.2026", ""] {
            assert!(
                day(text).unwrap_err().ends_with("write YYYY-MM-DD, such as 2026-01-15"),
                "{text}"
            );
        }
    }

    #[test]
    fn every_verb_and_option_has_a_help_text() {
        fn check(command: &clap::Command) {
            let name = command.get_name();
            assert!(command.get_about().is_some(), "{name} has no help");
            for option in command.get_arguments() {
                assert!(option.get_help().is_some(), "{name}: {} has no help", option.get_id());
            }
            command.get_subcommands().for_each(check);
        }
        check(&Cli::command());
    }
}
