//! The program `cairn`: reads its command line and does as it says.

fn main() -> std::process::ExitCode {
    cairn::cli::run()
}
