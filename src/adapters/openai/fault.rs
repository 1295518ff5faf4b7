//! What an answer that is no success means. Status first, then the body: bodies come in every shape, HTML included.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use serde_json::Value as Json;

use super::transport::Endpoint;
use crate::ports::ModelError;

/// Why a call gave no answer. Travels through async-openai in a box.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    #[error(transparent)]
    Model(ModelError),
    /// The provider's filter refused the prompt with an error status, as Azure does. A result, not an error.
    #[error("a filter of the provider cut in")]
    Filtered,
}

/// The facts of an error answer. Holds nothing of the body but known words and short tokens.
#[derive(Debug)]
pub(super) struct ErrorAnswer {
    pub(super) status: u16,
    pub(super) retry_after: Option<Duration>,
    pub(super) body: ErrorBody,
}

/// What an error body says, as far as it matters.
#[derive(Debug, Default)]
pub(super) struct ErrorBody {
    /// `code`, or else `type`, if it is a short token.
    code: Option<String>,
    is_quota: bool,
    is_too_long: bool,
    is_filter: bool,
    is_no_model: bool,
}

impl ErrorAnswer {
    pub(super) fn into_fault(self, endpoint: &Endpoint) -> Fault {
        let Self { status, retry_after, body } = self;
        let name = endpoint.name.clone();
        let client_error = (400..500).contains(&status);
        Fault::Model(match status {
            _ if client_error && body.is_quota => ModelError::QuotaUsedUp { endpoint: name },
            402 => ModelError::QuotaUsedUp { endpoint: name },
            401 | 403 => ModelError::KeyRefused { endpoint: name, status },
            404 => ModelError::NoSuchModel { endpoint: name, model: endpoint.model.clone() },
            408 | 409 | 425 | 429 | 503 | 529 => ModelError::Busy { endpoint: name, status, retry_after },
            500..=599 => ModelError::Server { endpoint: name, status, retry_after },
            413 => ModelError::ContextTooLong,
            _ if client_error && body.is_too_long => ModelError::ContextTooLong,
            _ if client_error && body.is_filter => return Fault::Filtered,
            _ if client_error && body.is_no_model => ModelError::NoSuchModel { endpoint: name, model: endpoint.model.clone() },
            _ => ModelError::Refused { endpoint: name, status, code: body.code.unwrap_or_else(|| "none".to_owned()) },
        })
    }
}

impl ErrorBody {
    /// `{"error": {message, type, code}}`, `{"error": "…"}`, `{"message": …}`, `{"detail": …}`, HTML, nothing.
    pub(super) fn read(body: &[u8]) -> Self {
        let json: Json = serde_json::from_slice(body).unwrap_or_default();
        Self::of(json.get("error").unwrap_or(&json))
    }

    pub(super) fn of(error: &Json) -> Self {
        let word = |key: &str| error.get(key).and_then(Json::as_str).unwrap_or_default();
        let (code, kind) = (word("code"), word("type"));
        let message = error.as_str().unwrap_or_else(|| word("message")).to_lowercase();
        let says = |names: &[&str]| names.iter().any(|name| code == *name || kind == *name);
        Self {
            code: [code, kind].into_iter().find(|word| is_token(word)).map(str::to_owned),
            is_quota: says(&["insufficient_quota", "billing_hard_limit_reached", "billing_not_active"]),
            // Only OpenAI and Azure have a code for it; llama.cpp has a type, vLLM a sentence.
            is_too_long: says(&["context_length_exceeded", "exceed_context_size_error", "string_above_max_length"])
                || message.contains("maximum context length"),
            is_filter: says(&["content_filter", "content_policy_violation"]),
            is_no_model: says(&["model_not_found"]),
        }
    }
}

/// Short and plain, so that it can stand in an error: never a sentence of the provider, which may echo the request.
fn is_token(word: &str) -> bool {
    (1..=40).contains(&word.len())
        && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'.' | b'-'))
}

/// How long the server wants us to wait: `retry-after-ms`, or `Retry-After` (RFC 9110, 10.2.3) in seconds or as a date.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let seconds = |number: &str, unit: f64| Duration::try_from_secs_f64(number.parse::<f64>().ok()? * unit).ok();
    if let Some(wait) = text("retry-after-ms").and_then(|number| seconds(number, 0.001)) {
        return Some(wait);
    }
    let value = text(RETRY_AFTER.as_str())?;
    seconds(value, 1.0).or_else(|| {
        let until = http_date(value)?;
        // The server's own clock, if it says: ours may differ.
        let now = text(DATE.as_str()).and_then(http_date).unwrap_or_else(Timestamp::now);
        Some(Duration::try_from(until.duration_since(now)).unwrap_or(Duration::ZERO))
    })
}

/// An HTTP date is a mail date (RFC 9110, 5.6.7).
fn http_date(text: &str) -> Option<Timestamp> {
    DateTimeParser::new().parse_timestamp(text).ok()
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

    use super::{is_token, retry_after};

    fn wait_ms(headers: &[(&'static str, &'static str)]) -> Option<u128> {
        let pairs = headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        retry_after(&pairs.collect::<HeaderMap>()).map(|wait| wait.as_millis())
    }

    #[test]
    fn retry_after_is_read_in_every_form() {
        assert_eq!(wait_ms(&[("retry-after", "4")]), Some(4_000));
        assert_eq!(wait_ms(&[("retry-after", "0.5")]), Some(500));
        assert_eq!(wait_ms(&[("retry-after", "86400")]), Some(86_400_000));
        assert_eq!(wait_ms(&[("retry-after", "4"), ("retry-after-ms", "120")]), Some(120));
        let date = ("date", "Wed, 21 Oct 2026 07:28:00 GMT");
        assert_eq!(wait_ms(&[date, ("retry-after", "Wed, 21 Oct 2026 07:28:30 GMT")]), Some(30_000));
        assert_eq!(wait_ms(&[date, ("retry-after", "Wed, 21 Oct 2026 07:27:30 GMT")]), Some(0));
        assert_eq!(wait_ms(&[("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT")]), Some(0));
        for nonsense in ["", "-1", "soon", "NaN", "inf", "1e300"] {
            assert_eq!(
                retry_after(&[(HeaderName::from_static("retry-after"), nonsense.parse().unwrap())].into_iter().collect()),
                None
            );
        }
        assert_eq!(wait_ms(&[]), None);
    }

    #[test]
    fn only_short_plain_words_may_stand_in_an_error() {
        assert!(is_token("unsupported_parameter") && is_token("a.b-1"));
        for word in ["", "Bad Request", "Ana", "x@y.z", &"a".repeat(41)] {
            assert!(!is_token(word), "{word}");
        }
    }
}
