//! Compiles the evaluation cases in: `baton demo` and `baton eval` run where only the binary is.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let cases = root.join("eval/cases");
    println!("cargo:rerun-if-changed={}", cases.display());
    let mut files = Vec::new();
    list_files(&cases, &mut files);
    files.sort();
    let mut list = String::from("/// Path under `eval/cases`, and content.\npub(super) const FILES: &[(&str, &[u8])] = &[\n");
    for file in files {
        let name = file.strip_prefix(&cases).expect("listed under it").to_string_lossy().replace('\\', "/");
        writeln!(list, "    ({name:?}, include_bytes!({file:?})),").expect("a String takes all");
        println!("cargo:rerun-if-changed={}", file.display());
    }
    list.push_str("];\n");
    let out = PathBuf::from(std::env::var("OUT_DIR").expect("cargo sets it"));
    std::fs::write(out.join("cases.rs"), list).expect("the build directory can be written");
}

fn list_files(dir: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { list_files(&path, files) } else { files.push(path) }
    }
}
