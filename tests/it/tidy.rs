//! Rules about the repository itself. A rule that reviewers repeat becomes a test here.

use std::path::{Path, PathBuf};

/// Layers, lowest first. A module may use its own layer's own module and everything below.
const LAYERS: [&[&str]; 7] = [
    &["domain", "config"],
    &["telemetry", "context"],
    &["prompt", "qa"],
    &["ports"],
    &["pipeline", "adapters"],
    &["worker", "backfill", "eval"],
    &["cli"],
];

const FORBIDDEN_NAMES: [&str; 8] = ["utils", "util", "common", "types", "helpers", "manager", "service", "imp"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(below: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![below.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false if path.extension().is_some_and(|ending| ending == "rs") => found.push(path),
                false => {}
            }
        }
    }
    found.sort();
    found
}

/// The top-level module a file belongs to, and the text before its tests and without comments.
fn module_and_code(path: &Path) -> (String, String) {
    let relative = path.strip_prefix(root().join("src")).unwrap();
    let first = relative.iter().next().unwrap().to_string_lossy().replace(".rs", "");
    let text = std::fs::read_to_string(path).unwrap();
    let code = if is_test_only(path) { "" } else { text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default() };
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    (first, lines.collect::<Vec<_>>().join("\n"))
}

/// Whether the module above declares this file for tests only.
fn is_test_only(path: &Path) -> bool {
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    let above = std::fs::read_to_string(path.with_file_name("mod.rs")).unwrap_or_default();
    above.contains(&format!("#[cfg(test)]\nmod {name};"))
}

/// Names that follow `crate::` in the code, one level deep, groups included.
fn used_modules(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let names = match rest.strip_prefix('{') {
            Some(group) => group.split('}').next().unwrap_or_default().split(',').collect(),
            None => vec![rest],
        };
        for name in names {
            found.push(name.trim().chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect());
        }
    }
    found
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

#[test]
fn a_module_uses_only_lower_layers() {
    let mut wrong = Vec::new();
    for path in rust_files(&root().join("src")) {
        let (module, code) = module_and_code(&path);
        let Some(own) = layer(&module) else {
            assert!(["lib", "main"].contains(&module.as_str()), "`{module}` belongs to no layer; add it to LAYERS");
            continue;
        };
        for used in used_modules(&code) {
            let is_fine = used == module || layer(&used).is_some_and(|used| used < own);
            if !is_fine {
                wrong.push(format!("{}: uses `{used}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "imports against the layers:\n{}", wrong.join("\n"));
}

#[test]
fn the_layer_rule_can_fail() {
    assert_eq!(used_modules("use crate::cli::x; crate::{qa::y, ports}"), ["cli", "qa", "ports"]);
    assert!(layer("cli") > layer("domain"));
}

/// No adapter, but how two of them open the same kind of file.
const SHARED_BY_ADAPTERS: &str = "sqlite_file";

#[test]
fn adapters_do_not_use_each_other() {
    let mut wrong = Vec::new();
    for path in rust_files(&root().join("src/adapters")) {
        let relative = path.strip_prefix(root().join("src/adapters")).unwrap();
        let own = relative.iter().next().unwrap().to_string_lossy().replace(".rs", "");
        let (_, code) = module_and_code(&path);
        for (at, _) in code.match_indices("adapters::") {
            let used: String = code[at + 10..].chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            if used != own && used != SHARED_BY_ADAPTERS {
                wrong.push(format!("{}: uses `{used}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pure_modules_do_no_io_are_not_async_and_read_no_clock() {
    let forbidden =
        ["std::fs", "std::net", "std::env", "tokio::", "async fn", "Timestamp::now", "Instant::now", "SystemTime", "Zoned::now"];
    let mut wrong = Vec::new();
    for module in ["domain", "context", "prompt", "qa"] {
        for path in rust_files(&root().join("src").join(module)) {
            let (_, code) = module_and_code(&path);
            wrong.extend(
                forbidden.iter().filter(|word| code.contains(**word)).map(|word| format!("{}: `{word}`", path.display())),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_file_has_a_name_that_says_nothing() {
    for path in rust_files(&root().join("src")) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(!FORBIDDEN_NAMES.contains(&name.as_str()), "{}: name it for its thing", path.display());
    }
}

/// Whether a mark stands in a text, and not only at the end of a longer word (RFC 5545 has its own to-do).
fn is_word_of(text: &str, mark: &str) -> bool {
    text.match_indices(mark).any(|(at, _)| !text[..at].ends_with(char::is_alphanumeric))
}

#[test]
fn no_test_is_ignored_and_no_work_is_left_as_a_mark() {
    let marks = [
        concat!("#[ign", "ore"),
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("todo", "!("),
        concat!("unimplemented", "!("),
    ];
    let mut wrong = Vec::new();
    for folder in ["src", "tests", "benches"] {
        for path in rust_files(&root().join(folder)) {
            let text = std::fs::read_to_string(&path).unwrap();
            wrong.extend(marks.iter().filter(|mark| is_word_of(&text, mark)).map(|mark| format!("{}: `{mark}`", path.display())));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_dependency_has_its_reason() {
    let text = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let section = text.split("[dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    let mut reason_above = false;
    for line in section.lines() {
        let is_heading = line.starts_with("# ---");
        if line.starts_with('#') || line.is_empty() {
            reason_above = line.starts_with('#') && !is_heading;
            continue;
        }
        let obvious = ["tokio ", "serde ", "tracing ", "tracing-subscriber ", "thiserror ", "clap ", "clap_complete ", "regex "];
        let is_obvious = obvious.iter().any(|name| line.starts_with(name));
        assert!(line.contains('#') || reason_above || is_obvious, "say why in Cargo.toml: {line}");
    }
}

#[test]
fn the_tests_that_documents_name_exist() {
    let mut code = String::new();
    for folder in ["src", "tests"] {
        rust_files(&root().join(folder)).iter().for_each(|path| code += &std::fs::read_to_string(path).unwrap());
    }
    let mut named = 0;
    for document in ["README.md", "docs/architecture.md", "docs/logging.md", "docs/operations.md", "docs/prompts.md"] {
        let text = std::fs::read_to_string(root().join(document)).unwrap();
        // Names of tests are sentences: five words at the least.
        let is_sentence = |word: &&str| {
            word.matches('_').count() >= 4 && word.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit())
        };
        for name in text.split('`').filter(is_sentence) {
            named += 1;
            assert!(code.contains(&format!("fn {name}(")), "{document} names `{name}`, which is no test");
        }
    }
    assert!(named > 20, "only {named} names were found");
}
