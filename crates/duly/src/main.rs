//! The program `duly`: one binary that serves, migrates, places files and shows itself in a demo.

use std::process::ExitCode;

fn main() -> ExitCode {
    duly::cli::run()
}
