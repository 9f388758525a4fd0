//! Builds what is embedded in the binary.
fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
