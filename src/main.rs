//! The program `cairn`: reads its command line and does as it says.

/// The system's allocator gives pages of 64 KiB back to the kernel after each answer, and asks for them
/// again for the next one.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cairn::cli::run()
}
