//! [`OpenAi`]: any server that speaks OpenAI's Chat Completions.
//!
//! One HTTP request for each call: no retry here, none in the libraries below. Every deadline, every limit and
//! the meaning of every fault are ours: async-openai would retry three times, follow any `Retry-After`, lose the status of
//! an error body it cannot read, and log bodies (its log target `async_openai` must stay off).

mod fault;
mod prices;
mod transport;
mod wire;

use std::time::Duration;

use async_openai::Client;
use async_openai::error::OpenAIError;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use secrecy::SecretString;
use serde::Deserialize;

pub use prices::Price;

use self::fault::Fault;
use self::transport::{Endpoint, ServerConfig};
use crate::domain::brief::Usage;
use crate::ports::{Finish, LanguageModel, ModelError, ModelReply};
use crate::prompt::ModelRequest;

/// What is needed to talk to a server.
#[derive(Debug, Clone)]
pub struct OpenAiSettings {
    /// For example `https://api.openai.com/v1`.
    pub base_url: String,
    /// Empty: no key is sent. Right for most servers on one's own machine.
    pub api_key: SecretString,
    pub model: String,
    pub profile: ServerProfile,
    /// From the first byte sent to the last byte read.
    pub timeout: Duration,
    /// Not sent to models that refuse it.
    pub temperature: Option<f32>,
    /// For example `none`, `low`. Sent only if set. `auto`: `none` for OpenAI's models that reason (a brief needs no
    /// reasoning, which is paid for), else not sent.
    pub reasoning_effort: Option<String>,
    /// Overrides the price list that is compiled in.
    pub price: Option<Price>,
}

/// Which fields of a request a server knows. An unknown field is an error on some and silently ignored on others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerProfile {
    #[serde(rename = "openai")]
    OpenAi,
    Azure,
    Vllm,
    Ollama,
    LlamaCpp,
    /// Anything else that speaks Chat Completions.
    #[default]
    Compatible,
}

/// Settings that cannot work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenAiSettingsError {
    #[error("`model.base_url` is no http or https address without user and password, such as https://api.openai.com/v1")]
    BaseUrl,
    #[error("`model.api_key` holds characters that no HTTP header can carry")]
    ApiKey,
    #[error("the HTTP client cannot be set up: {what}")]
    Client { what: &'static str },
}

/// A model behind HTTP.
pub struct OpenAi {
    client: Client<ServerConfig>,
    endpoint: Endpoint,
    settings: OpenAiSettings,
    price: Option<Price>,
}

/// Installs ring as the TLS provider of this process. Once is enough, more does no harm; every TLS client needs it.
pub fn init_crypto() {
    // An error means that a provider is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

impl OpenAi {
    /// Sets up the client. Nothing is sent.
    pub fn new(settings: OpenAiSettings) -> Result<Self, OpenAiSettingsError> {
        init_crypto();
        let settings = decided(settings);
        let config = ServerConfig::new(&settings)?;
        let endpoint = config.endpoint().with_model(&settings.model, settings.timeout);
        let client = transport::client(config, endpoint.clone(), settings.timeout)?;
        let price = settings.price.or_else(|| match settings.profile {
            ServerProfile::OpenAi | ServerProfile::Azure | ServerProfile::Compatible => prices::listed(&settings.model),
            ServerProfile::Vllm | ServerProfile::Ollama | ServerProfile::LlamaCpp => None,
        });
        Ok(Self { client, endpoint, settings, price })
    }

    async fn send(&self, request: &ModelRequest) -> Result<ModelReply, ModelError> {
        let answer = self.client.chat().create_byot(wire::ChatRequest::new(&self.settings, request)).await;
        match answer {
            Ok(reply) => Ok(wire::ChatReply::into_reply(reply)),
            Err(error) => match fault_of(error) {
                Some(Fault::Filtered) => {
                    Ok(ModelReply { text: String::new(), finish: Finish::ContentFilter, usage: Usage::default() })
                }
                Some(Fault::Model(error)) => Err(error),
                // The transport hands on only bodies that it could read, so nothing else should come.
                None => Err(ModelError::NotAnAnswer { endpoint: self.endpoint.name.clone() }),
            },
        }
    }
}

/// What depends on the model alone is decided once, not at every call.
fn decided(mut settings: OpenAiSettings) -> OpenAiSettings {
    let is_openai = matches!(settings.profile, ServerProfile::OpenAi | ServerProfile::Azure);
    // An unknown name at OpenAI is newer than our list, and all newer models reason.
    let reasons = prices::reasons(&settings.model).unwrap_or(is_openai);
    if settings.reasoning_effort.as_deref() == Some("auto") {
        settings.reasoning_effort = (is_openai && reasons).then(|| "none".to_owned());
    }
    let effort = settings.reasoning_effort.as_deref();
    // Models that reason refuse sampling parameters unless their effort is `none`. Elsewhere names say little: who
    // sets an effort has a model that reasons.
    let refuses = (reasons || effort.is_some()) && effort != Some("none");
    settings.temperature = settings.temperature.filter(|_| !refuses);
    settings
}

fn fault_of(error: OpenAIError) -> Option<Fault> {
    match error {
        OpenAIError::Boxed(inner) => inner.downcast::<Fault>().ok().map(|fault| *fault),
        _ => None,
    }
}

impl LanguageModel for OpenAi {
    fn engine(&self) -> &str {
        "openai"
    }

    fn model(&self) -> &str {
        &self.settings.model
    }

    fn repeats_itself(&self) -> bool {
        false
    }

    fn complete<'a>(&'a self, request: &'a ModelRequest) -> BoxFuture<'a, Result<ModelReply, ModelError>> {
        self.send(request).boxed()
    }

    fn price(&self, usage: &Usage) -> Option<f64> {
        self.price.map(|price| price.of(usage))
    }
}

impl std::fmt::Debug for OpenAi {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("OpenAi")
            .field("endpoint", &self.endpoint.name)
            .field("model", &self.settings.model)
            .finish_non_exhaustive()
    }
}
