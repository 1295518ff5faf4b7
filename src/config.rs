//! Settings: `config.default.toml` < `baton.toml` < `BATON_SECTION__KEY` < flags.
//!
//! The defaults file is the documentation and the schema: a key that it does not have does not exist, and a
//! value must have the type of its default. An error says where the value came from and what to write.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use toml::{Table, Value};

/// The defaults, compiled in.
pub const DEFAULTS: &str = include_str!("../config.default.toml");

/// All settings, checked.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub queue: Queue,
    pub record: Record,
    pub worker: Worker,
    pub model: Model,
    pub context: Context,
    pub contracts: Contracts,
    pub prompt: Prompt,
    pub qa: Qa,
    pub privacy: Privacy,
    pub log: Log,
}

/// Section `queue`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    pub url: ServerUrl,
    pub name: String,
    pub retry_seconds: Vec<u64>,
    pub max_attempts: u32,
    pub max_message_bytes: usize,
}

/// Section `record`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    pub url: ServerUrl,
    pub max_connections: u32,
}

/// Section `worker`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Worker {
    pub concurrency: u16,
    pub event_seconds: u64,
    pub grace_seconds: u64,
}

/// Section `model`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    pub engine: Engine,
    pub base_url: String,
    pub name: String,
    pub api_key: SecretString,
    pub server: String,
    pub timeout_seconds: u64,
    pub max_output_tokens: u32,
    pub max_corrections: u32,
    pub max_handoff_tokens: u64,
    pub max_daily_usd: f64,
    pub temperature: f64,
    pub reasoning_effort: String,
    pub input_usd_per_million: f64,
    pub output_usd_per_million: f64,
    pub recordings: String,
}

/// Who writes the brief.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    Extractive,
    Openai,
    Recorded,
}

/// Section `context`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Context {
    pub token_budget: usize,
    pub token_margin: f64,
    pub map_over: f64,
    pub encoding: String,
    pub our_domains: Vec<String>,
    pub max_source_bytes: usize,
    pub max_handoff_bytes: usize,
    pub max_parts: usize,
    pub max_nesting: usize,
    pub max_decoded_bytes: usize,
}

/// Section `contracts`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contracts {
    pub folder: String,
}

/// Section `prompt`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prompt {
    pub folder: String,
    pub name: String,
    pub version: String,
    pub pick_name: String,
    pub pick_version: String,
    pub judge_name: String,
    pub judge_version: String,
}

/// Section `qa`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Qa {
    pub judge: Judge,
}

/// Which claims of a brief a second model call judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judge {
    Off,
    Uncertain,
    Always,
}

/// Section `privacy`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Privacy {
    pub mask_before_model: bool,
}

/// Section `log`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub level: String,
    pub format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Text,
    Json,
}

/// A URL that may hold a password: `Debug` and `Display` leave it out.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct ServerUrl(SecretString);

impl ServerUrl {
    /// The whole URL, password included: for connecting only.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// For example `sqlite` or `amqps`; empty if there is none.
    pub fn scheme(&self) -> &str {
        self.expose().split_once(':').map_or("", |(scheme, _)| scheme)
    }

    /// What follows `sqlite:`.
    pub fn path(&self) -> &str {
        let rest = self.expose().split_once(':').map_or("", |(_, rest)| rest);
        rest.strip_prefix("//").unwrap_or(rest)
    }
}

impl From<&str> for ServerUrl {
    fn from(url: &str) -> Self {
        Self(SecretString::from(url))
    }
}

impl std::fmt::Display for ServerUrl {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let url = self.expose();
        let without_query = url.split('?').next().unwrap_or(url);
        match without_query.split_once("://").and_then(|(scheme, rest)| rest.rsplit_once('@').map(|(_, host)| (scheme, host))) {
            Some((scheme, host)) => write!(out, "{scheme}://…@{host}"),
            None => out.write_str(without_query),
        }
    }
}

impl std::fmt::Debug for ServerUrl {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "ServerUrl({self})")
    }
}

/// What is wrong with a setting, and where it was set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{origin}: {message}")]
pub struct ConfigError {
    /// `baton.toml:3`, an environment variable, or a flag.
    pub origin: String,
    pub message: String,
}

/// One layer above the defaults.
#[derive(Debug, Clone, Copy)]
pub struct SettingsFile<'a> {
    pub name: &'a str,
    pub text: &'a str,
}

/// Builds the settings from their layers. `flags` are `section.key=value`. Environment variables count if they start
/// with `BATON_` and hold `__`.
pub fn load(
    file: Option<SettingsFile<'_>>,
    environment: impl IntoIterator<Item = (String, String)>,
    flags: &[String],
) -> Result<Config, ConfigError> {
    let mut merged: Table = toml::from_str(DEFAULTS).map_err(|error| fail("config.default.toml", error.message()))?;
    let mut origins = std::collections::BTreeMap::new();
    let mut openai_key = None;
    let mut settings = file.map(read_file).transpose()?.unwrap_or_default();
    let mut environment: Vec<(String, String)> = environment.into_iter().collect();
    environment.sort();
    for (name, text) in environment {
        if name == "OPENAI_API_KEY" {
            openai_key = Some(text);
        } else if let Some(path) = name.strip_prefix("BATON_").and_then(|rest| rest.split_once("__")) {
            let path = format!("{}.{}", path.0.to_lowercase(), path.1.to_lowercase());
            settings.push(Setting { path, value: Given::Text(text), origin: format!("environment variable {name}") });
        }
    }
    for flag in flags {
        let (path, text) = flag.split_once('=').ok_or_else(|| fail(&format!("--set {flag}"), "write --set section.key=value"))?;
        settings.push(Setting { path: path.to_owned(), value: Given::Text(text.to_owned()), origin: format!("--set {path}") });
    }
    for setting in settings {
        let (section, key) = place(&merged, &setting)?;
        let Some(slot) = merged.get_mut(&section).and_then(Value::as_table_mut).and_then(|table| table.get_mut(&key)) else {
            continue;
        };
        *slot = typed(&setting, slot)?;
        origins.insert(format!("{section}.{key}"), setting.origin);
    }
    if let (Some(key), Some(slot)) = (openai_key, merged.get_mut("model").and_then(|model| model.get_mut("api_key")))
        && slot.as_str() == Some("")
    {
        *slot = Value::String(key);
    }
    let config = read_sections(merged, &origins)?;
    check(&config, &origins)?;
    Ok(config)
}

/// Limits that types do not express.
fn check(config: &Config, origins: &std::collections::BTreeMap<String, String>) -> Result<(), ConfigError> {
    let origin = |path: &str| origins.get(path).map_or("config.default.toml", String::as_str);
    let at_least_one = [
        ("worker.concurrency", u64::from(config.worker.concurrency)),
        ("worker.event_seconds", config.worker.event_seconds),
        ("queue.max_attempts", u64::from(config.queue.max_attempts)),
        ("queue.retry_seconds", config.queue.retry_seconds.iter().copied().min().unwrap_or(0)),
        ("record.max_connections", u64::from(config.record.max_connections)),
        ("model.timeout_seconds", config.model.timeout_seconds),
        ("context.token_budget", config.context.token_budget as u64),
        ("context.max_parts", config.context.max_parts as u64),
        ("context.max_nesting", config.context.max_nesting as u64),
        ("context.max_decoded_bytes", config.context.max_decoded_bytes as u64),
    ];
    for (path, value) in at_least_one {
        if value == 0 {
            return Err(fail(origin(path), &format!("`{path}` must be at least 1")));
        }
    }
    for (path, url, schemes) in [
        ("queue.url", &config.queue.url, ["sqlite", "amqp", "amqps"].as_slice()),
        ("record.url", &config.record.url, ["sqlite", "postgres", "postgresql"].as_slice()),
    ] {
        if !schemes.contains(&url.scheme()) {
            return Err(fail(origin(path), &format!("`{path}` must start with one of: {}", schemes.join(":, ") + ":")));
        }
    }
    // Ranges: a TOML float may be nan.
    if !(0.0..=10.0).contains(&config.context.token_margin) {
        return Err(fail(origin("context.token_margin"), "`context.token_margin` must be between 0 (no margin) and 10"));
    }
    if config.context.map_over != 0.0 && !(1.0..=1e6).contains(&config.context.map_over) {
        return Err(fail(origin("context.map_over"), "`context.map_over` must be 0 (never) or at least 1 (token budget)"));
    }
    // RabbitMQ takes an unacknowledged delivery back after 30 minutes.
    if config.worker.event_seconds > 900 {
        return Err(fail(
            origin("worker.event_seconds"),
            "`worker.event_seconds` may be at most 900: RabbitMQ takes a message back after 30 minutes",
        ));
    }
    Ok(())
}

struct Setting {
    path: String,
    value: Given,
    origin: String,
}

enum Given {
    Toml(Value),
    Text(String),
}

/// Keys and values of a settings file, each with its line.
fn read_file(file: SettingsFile<'_>) -> Result<Vec<Setting>, ConfigError> {
    let line_of = |offset: usize| file.text[..offset.min(file.text.len())].matches('\n').count() + 1;
    let origin = |offset: usize| format!("{}:{}", file.name, line_of(offset));
    let parsed = toml::de::DeTable::parse(file.text).map_err(|error| {
        fail(&origin(error.span().map_or(0, |span| span.start)), error.message().lines().next().unwrap_or("not TOML"))
    })?;
    let mut settings = Vec::new();
    for (section, value) in parsed.get_ref() {
        let toml::de::DeValue::Table(table) = value.get_ref() else {
            let message = format!("`{}` stands outside of a section; put it under its [section]", section.get_ref());
            return Err(fail(&origin(section.span().start), &message));
        };
        for (key, value) in table {
            let path = format!("{}.{}", section.get_ref(), key.get_ref());
            let at = origin(key.span().start);
            let text = &file.text[value.span()];
            let value = toml::from_str::<Table>(&format!("v = {text}")).ok().and_then(|mut table| table.remove("v"));
            let value = value.ok_or_else(|| fail(&at, &format!("the value of `{path}` cannot be read")))?;
            settings.push(Setting { path, value: Given::Toml(value), origin: at });
        }
    }
    Ok(settings)
}

/// Section and key of a setting, if the defaults have it.
fn place(defaults: &Table, setting: &Setting) -> Result<(String, String), ConfigError> {
    let found = setting
        .path
        .split_once('.')
        .filter(|(section, key)| defaults.get(*section).is_some_and(|table| table.get(*key).is_some()));
    if let Some((section, key)) = found {
        return Ok((section.to_owned(), key.to_owned()));
    }
    let all = defaults.iter().filter_map(|(section, table)| Some((section, table.as_table()?)));
    let paths = all.flat_map(|(section, table)| table.keys().map(move |key| format!("{section}.{key}")));
    let nearest = paths.min_by_key(|path| strsim::damerau_levenshtein(path, &setting.path));
    let hint = nearest.map(|path| format!("; did you mean `{path}`?")).unwrap_or_default();
    Err(fail(&setting.origin, &format!("there is no setting `{}`{hint}", setting.path)))
}

/// The given value in the type of the default.
fn typed(setting: &Setting, default: &Value) -> Result<Value, ConfigError> {
    let wanted = |what: &str| fail(&setting.origin, &format!("`{}` must be {what}", setting.path));
    match (&setting.value, default) {
        (Given::Toml(Value::Integer(number)), Value::Float(_)) => Ok(Value::Float(*number as f64)),
        (Given::Toml(value), default) if value.same_type(default) => Ok(value.clone()),
        (Given::Text(text), Value::String(_)) => Ok(Value::String(text.clone())),
        (Given::Text(text), Value::Integer(_)) => text.trim().parse().map(Value::Integer).map_err(|_| wanted("a whole number")),
        (Given::Text(text), Value::Float(_)) => text.trim().parse().map(Value::Float).map_err(|_| wanted("a number")),
        (Given::Text(text), Value::Boolean(_)) => text.trim().parse().map(Value::Boolean).map_err(|_| wanted("true or false")),
        (Given::Text(text), Value::Array(default)) => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            let numbers = matches!(default.first(), Some(Value::Integer(_)));
            let one = |part: &str| match numbers {
                true => part.parse().map(Value::Integer).map_err(|_| wanted("whole numbers with commas between them")),
                false => Ok(Value::String(part.to_owned())),
            };
            parts.map(one).collect::<Result<Vec<_>, _>>().map(Value::Array)
        }
        (_, default) => Err(wanted(match default {
            Value::String(_) => "a text in quotes",
            Value::Integer(_) => "a whole number",
            Value::Float(_) => "a number",
            Value::Boolean(_) => "true or false",
            Value::Array(_) => "a list in [ ]",
            Value::Datetime(_) | Value::Table(_) => "of another type",
        })),
    }
}

fn read_sections(merged: Table, origins: &std::collections::BTreeMap<String, String>) -> Result<Config, ConfigError> {
    Value::Table(merged.clone()).try_into::<Config>().map_err(|error| {
        // A value of the right TOML type may still be outside of its range or list: find which one.
        let text = error.message().lines().next().unwrap_or("not a value").to_owned();
        let guilty = origins.iter().find(|(path, _)| {
            let mut only: Table = toml::from_str(DEFAULTS).unwrap_or_default();
            let (section, key) = path.split_once('.').unwrap_or_default();
            let given = merged.get(section).and_then(|table| table.get(key)).cloned();
            let slot = only.get_mut(section).and_then(|table| table.get_mut(key));
            if let (Some(given), Some(slot)) = (given, slot) {
                *slot = given;
            }
            Value::Table(only).try_into::<Config>().is_err()
        });
        match guilty {
            Some((path, origin)) => fail(origin, &format!("`{path}`: {text}")),
            None => fail("config.default.toml", &text),
        }
    })
}

fn fail(origin: &str, message: &str) -> ConfigError {
    ConfigError { origin: origin.to_owned(), message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{Engine, ServerUrl, SettingsFile, load};

    fn with_file(text: &str) -> Result<super::Config, super::ConfigError> {
        load(Some(SettingsFile { name: "baton.toml", text }), [], &[])
    }

    #[test]
    fn the_defaults_are_complete() {
        let config = load(None, [], &[]).unwrap();
        assert_eq!(config.model.engine, Engine::Extractive);
        assert_eq!(config.queue.retry_seconds, [10, 60, 600, 3600]);
    }

    #[test]
    fn a_flag_beats_the_environment_which_beats_the_file() {
        let file =
            Some(SettingsFile { name: "baton.toml", text: "[worker]\nconcurrency = 2\ngrace_seconds = 2\nevent_seconds = 2" });
        let environment =
            [("BATON_WORKER__GRACE_SECONDS".into(), "3".into()), ("BATON_WORKER__EVENT_SECONDS".into(), "3".into())];
        let worker = load(file, environment, &["worker.event_seconds=4".to_owned()]).unwrap().worker;
        assert_eq!((worker.concurrency, worker.grace_seconds, worker.event_seconds), (2, 3, 4));
    }

    #[test]
    fn the_key_of_the_environment_fills_an_empty_one_only() {
        use secrecy::ExposeSecret as _;
        let key = |file: &str| {
            let environment = [("OPENAI_API_KEY".to_owned(), "from-environment".to_owned())];
            let config = load(Some(SettingsFile { name: "f", text: file }), environment, &[]).unwrap();
            config.model.api_key.expose_secret().to_owned()
        };
        assert_eq!(key(""), "from-environment");
        assert_eq!(key("[model]\napi_key = \"mine\""), "mine");
    }

    #[test]
    fn a_wrong_setting_is_named_with_its_place_and_a_mend() {
        let errors = [
            with_file("[queue]\nulr = \"amqp://x\"").unwrap_err(),
            with_file("\n[queue]\nurl = 5").unwrap_err(),
            with_file("[worker]\nconcurrency = 0").unwrap_err(),
            with_file("[worker]\nconcurrency = 70000").unwrap_err(),
            with_file("[context]\ntoken_margin = -0.1").unwrap_err(),
            with_file("[context]\ntoken_margin = nan").unwrap_err(),
            with_file("[context]\nmap_over = 0.5").unwrap_err(),
            with_file("[model]\nengine = \"gpt\"").unwrap_err(),
            with_file("[queue]\nurl = \"http://x\"").unwrap_err(),
            with_file("[queue\n").unwrap_err(),
            with_file("name = 1").unwrap_err(),
            load(None, [("BATON_QUEUE__URI".into(), "x".into())], &[]).unwrap_err(),
            load(None, [("BATON_WORKER__CONCURRENCY".into(), "many".into())], &[]).unwrap_err(),
            load(None, [], &["queue.retry_seconds=1,x".to_owned()]).unwrap_err(),
            load(None, [], &["queue.url".to_owned()]).unwrap_err(),
        ];
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(lines.join("\n"));
    }

    #[test]
    fn a_url_never_shows_its_password() {
        let url = ServerUrl::from("postgres://baton:s3cr@t@db.example:5432/records?password=s3cr");
        assert_eq!(url.to_string(), "postgres://…@db.example:5432/records");
        assert!(!format!("{url:?}").contains("s3cr"));
    }
}
