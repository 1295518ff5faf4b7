//! The `baton` binary. Everything is in the library; see `baton::cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    baton::cli::main()
}
