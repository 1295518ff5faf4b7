//! The published schemas equal the types. After a change: `BATON_BLESS=1 cargo test schemas`.

use std::path::Path;

use baton::domain::brief::BriefDocument;
use baton::domain::contract;
use baton::domain::event::HandoffEvent;
use baton::prompt::{judge_schema, lint_strict, pick_schema, reply_schema};

fn published() -> Vec<(String, serde_json::Value)> {
    let mut schemas = vec![
        ("event.schema.json".to_owned(), schemars::schema_for!(HandoffEvent).to_value()),
        ("brief.schema.json".to_owned(), schemars::schema_for!(BriefDocument).to_value()),
        ("judgements.schema.json".to_owned(), judge_schema()),
    ];
    for contract in contract::bundled().unwrap() {
        let (kind, version) = (&contract.kind, contract.version);
        schemas.push((format!("reply/{kind}.v{version}.schema.json"), reply_schema(&contract)));
        schemas.push((format!("picks/{kind}.v{version}.schema.json"), pick_schema(&contract)));
    }
    schemas
}

#[test]
fn published_schemas_equal_the_types() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    let mut different = Vec::new();
    for (name, schema) in published() {
        let file = folder.join(&name);
        let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if std::env::var_os("BATON_BLESS").is_some() {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, &text).unwrap();
        }
        if std::fs::read_to_string(&file).ok().as_deref() != Some(&text) {
            different.push(name);
        }
    }
    assert!(
        different.is_empty(),
        "differ from the types: {different:?}; run `BATON_BLESS=1 cargo test schemas`, and say in CHANGELOG.md what changed"
    );
}

#[test]
fn the_schemas_sent_to_models_obey_the_strict_subset() {
    assert_eq!(lint_strict(&judge_schema()), Vec::<String>::new());
    for contract in contract::bundled().unwrap() {
        assert_eq!(lint_strict(&reply_schema(&contract)), Vec::<String>::new(), "{}", contract.kind);
        assert_eq!(lint_strict(&pick_schema(&contract)), Vec::<String>::new(), "{}", contract.kind);
    }
}
