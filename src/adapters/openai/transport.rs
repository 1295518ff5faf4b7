//! One HTTP exchange: our deadlines, our size limit, our reading of status and headers.

use std::time::Duration;

use async_openai::Client;
use async_openai::config::Config;
use async_openai::error::OpenAIError;
use async_openai::middleware::HttpRequestFactory;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{Response, Url};
use secrecy::{ExposeSecret, SecretString};

use super::fault::{ErrorAnswer, ErrorBody, Fault, retry_after};
use super::wire::ChatReply;
use super::{OpenAiSettings, OpenAiSettingsError, ServerProfile};
use crate::ports::ModelError;

/// Bytes of an answer: some ten times the longest reply a model can write.
const BODY_BYTES: usize = 2 * 1024 * 1024;
const CONNECT: Duration = Duration::from_secs(5);

/// Who is asked, as errors name it.
#[derive(Debug, Clone)]
pub(super) struct Endpoint {
    /// Host and port only: a path or a query may hold a key.
    pub(super) name: String,
    pub(super) model: String,
    timeout: Duration,
}

impl Endpoint {
    pub(super) fn with_model(self, model: &str, timeout: Duration) -> Self {
        Self { model: model.to_owned(), timeout, ..self }
    }
}

/// Address and headers. async-openai's own configuration reads the environment and always sends a key.
pub(super) struct ServerConfig {
    base_url: String,
    endpoint: String,
    headers: HeaderMap,
    api_key: SecretString,
}

impl ServerConfig {
    pub(super) fn new(settings: &OpenAiSettings) -> Result<Self, OpenAiSettingsError> {
        let url = Url::parse(settings.base_url.trim()).map_err(|_| OpenAiSettingsError::BaseUrl)?;
        let has_login = !url.username().is_empty() || url.password().is_some();
        let (Some(host), Some(port), false) = (url.host_str(), url.port_or_known_default(), has_login) else {
            return Err(OpenAiSettingsError::BaseUrl);
        };
        if !matches!(url.scheme(), "http" | "https") || url.query().is_some() {
            return Err(OpenAiSettingsError::BaseUrl);
        }
        Ok(Self {
            base_url: url.as_str().trim_end_matches('/').to_owned(),
            endpoint: format!("{host}:{port}"),
            headers: key_header(settings)?,
            api_key: settings.api_key.clone(),
        })
    }

    pub(super) fn endpoint(&self) -> Endpoint {
        Endpoint { name: self.endpoint.clone(), model: String::new(), timeout: Duration::ZERO }
    }
}

fn key_header(settings: &OpenAiSettings) -> Result<HeaderMap, OpenAiSettingsError> {
    let key = settings.api_key.expose_secret().trim();
    let mut headers = HeaderMap::new();
    if key.is_empty() {
        return Ok(headers);
    }
    let header = |text: &str| {
        let mut value = HeaderValue::from_str(text).map_err(|_| OpenAiSettingsError::ApiKey)?;
        value.set_sensitive(true);
        Ok(value)
    };
    match settings.profile {
        ServerProfile::Azure => headers.insert("api-key", header(key)?),
        ServerProfile::OpenAi
        | ServerProfile::Vllm
        | ServerProfile::Ollama
        | ServerProfile::LlamaCpp
        | ServerProfile::Compatible => headers.insert(AUTHORIZATION, header(&format!("Bearer {key}"))?),
    };
    Ok(headers)
}

impl Config for ServerConfig {
    fn headers(&self) -> HeaderMap {
        self.headers.clone()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }

    fn query(&self) -> Vec<(&str, &str)> {
        Vec::new()
    }

    fn api_base(&self) -> &str {
        &self.base_url
    }

    fn api_key(&self) -> &SecretString {
        &self.api_key
    }
}

/// A client that sends each request once, through [`exchange`].
pub(super) fn client(
    config: ServerConfig,
    endpoint: Endpoint,
    timeout: Duration,
) -> Result<Client<ServerConfig>, OpenAiSettingsError> {
    // HTTP/2 would put all calls on one connection, whose stream limit caps them. There is no read timeout: a server
    // says nothing until its whole answer is written, and the total deadline holds for slow drips too.
    let http = reqwest::Client::builder()
        .http1_only()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(CONNECT.min(timeout))
        .timeout(timeout)
        .user_agent(concat!("baton/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|_| OpenAiSettingsError::Client { what: "TLS has no certificates or no provider" })?;
    let service = {
        let http = http.clone();
        tower::service_fn(move |factory: HttpRequestFactory| {
            let (http, endpoint) = (http.clone(), endpoint.clone());
            async move {
                let request = factory.build().await?;
                exchange(&http, request, &endpoint).await.map_err(|fault| OpenAIError::Boxed(Box::new(fault)))
            }
        })
    };
    Ok(Client::build(http, config).with_http_service(service))
}

/// Sends one request. A response comes back only if its body is a chat completion within the size limit: everything else
/// is told apart here, before async-openai could log a body or lose a status.
async fn exchange(http: &reqwest::Client, request: reqwest::Request, endpoint: &Endpoint) -> Result<Response, Fault> {
    let mut response = http.execute(request).await.map_err(|error| broken(&error, endpoint))?;
    let status = response.status();
    let wait = retry_after(response.headers());
    let body = read_body(&mut response, endpoint).await;
    if !status.is_success() {
        // The status counts even when the body cannot be read.
        let body = body.map(|bytes| ErrorBody::read(&bytes)).unwrap_or_default();
        return Err(ErrorAnswer { status: status.as_u16(), retry_after: wait, body }.into_fault(endpoint));
    }
    let body = body?;
    let not_an_answer = || Fault::Model(ModelError::NotAnAnswer { endpoint: endpoint.name.clone() });
    let reply: ChatReply = serde_json::from_slice(&body).map_err(|_| not_an_answer())?;
    match (reply.choices, hidden_status(&reply.error)) {
        (Some(_), _) => Ok(Response::from(http::Response::new(body))),
        (None, Some(status)) => {
            Err(ErrorAnswer { status, retry_after: wait, body: ErrorBody::of(&reply.error) }.into_fault(endpoint))
        }
        (None, None) => Err(not_an_answer()),
    }
}

/// The status that a gateway puts into the error of an answer with status 200.
fn hidden_status(error: &serde_json::Value) -> Option<u16> {
    let code = error.get("code")?.as_u64()?;
    u16::try_from(code).ok().filter(|code| (400..600).contains(code))
}

async fn read_body(response: &mut Response, endpoint: &Endpoint) -> Result<Vec<u8>, Fault> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| broken(&error, endpoint))? {
        if body.len() + chunk.len() > BODY_BYTES {
            return Err(Fault::Model(ModelError::NotAnAnswer { endpoint: endpoint.name.clone() }));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Refused, reset, not resolved, not HTTP; or too slow.
fn broken(error: &reqwest::Error, endpoint: &Endpoint) -> Fault {
    let name = endpoint.name.clone();
    Fault::Model(match error.is_timeout() {
        true => ModelError::Timeout { endpoint: name, seconds: endpoint.timeout.as_secs().max(1) },
        false => ModelError::Unreachable { endpoint: name },
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use async_openai::config::Config;
    use secrecy::SecretString;

    use super::ServerConfig;
    use crate::adapters::openai::{OpenAiSettings, OpenAiSettingsError, ServerProfile};

    fn config(base_url: &str, key: &str, profile: ServerProfile) -> Result<ServerConfig, OpenAiSettingsError> {
        ServerConfig::new(&OpenAiSettings {
            base_url: base_url.to_owned(),
            api_key: SecretString::from(key),
            model: "m".to_owned(),
            profile,
            timeout: Duration::from_secs(1),
            temperature: None,
            reasoning_effort: None,
            price: None,
        })
    }

    #[test]
    fn errors_name_host_and_port_and_nothing_of_the_path() {
        let config = config("https://models.example.com/v1/secret-path/", "k", ServerProfile::OpenAi).unwrap();
        assert_eq!(config.endpoint().name, "models.example.com:443");
        assert_eq!(config.url("/chat/completions"), "https://models.example.com/v1/secret-path/chat/completions");
    }

    #[test]
    fn an_address_that_cannot_work_is_refused_before_anything_is_sent() {
        for address in ["", "localhost:8080", "ftp://a/v1", "https://user:pw@a/v1", "https://a/v1?key=1"] {
            let refused = config(address, "k", ServerProfile::OpenAi).err();
            assert!(refused == Some(OpenAiSettingsError::BaseUrl), "{address}: {refused:?}");
        }
        assert_eq!(config("http://a/v1", "k\ney", ServerProfile::OpenAi).err(), Some(OpenAiSettingsError::ApiKey));
    }

    #[test]
    fn the_key_goes_where_the_server_looks_for_it() {
        let headers = |key: &str, profile| config("http://a/v1", key, profile).unwrap().headers();
        assert_eq!(headers("k", ServerProfile::OpenAi)["authorization"], "Bearer k");
        assert_eq!(headers("k", ServerProfile::Azure)["api-key"], "k");
        assert!(headers("", ServerProfile::Ollama).is_empty(), "no key: no header");
        assert!(!format!("{:?}", headers("hunter2", ServerProfile::OpenAi)).contains("hunter2"));
    }
}
