//! Parses the command line, runs it, gives the exit code.

use std::process::ExitCode;

/// Filling in a form is thousands of small allocations: with the C library's allocator they cost a third of the time of
/// `jinguo add`. The library leaves the choice to whoever uses it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    jinguo::cli::run(std::env::args_os())
}
