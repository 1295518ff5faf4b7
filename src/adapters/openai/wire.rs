//! The two JSON bodies. What we send follows the server's profile; what we read is tolerant: servers that call
//! themselves compatible leave out, rename and retype almost everything.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{OpenAiSettings, ServerProfile};
use crate::domain::brief::Usage;
use crate::ports::{Finish, ModelReply};
use crate::prompt::{Message, ModelRequest};

#[derive(Serialize)]
pub(super) struct ChatRequest<'a> {
    model: &'a str,
    messages: &'a [Message],
    response_format: ResponseFormat<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning_effort: Option<&'a str>,
    /// The provider keeps nothing for its dashboards.
    #[serde(skip_serializing_if = "Option::is_none")]
    store: Option<bool>,
    /// Sends requests with the same beginning to the same cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt_cache_key: Option<&'a str>,
}

#[derive(Serialize)]
struct ResponseFormat<'a> {
    #[serde(rename = "type")]
    format: &'static str,
    json_schema: JsonSchema<'a>,
}

#[derive(Serialize)]
struct JsonSchema<'a> {
    name: &'a str,
    strict: bool,
    schema: &'a Json,
}

impl<'a> ChatRequest<'a> {
    pub(super) fn new(settings: &'a OpenAiSettings, request: &'a ModelRequest) -> Self {
        use ServerProfile::{Azure, Compatible, LlamaCpp, Ollama, OpenAi, Vllm};
        let (max_completion_tokens, max_tokens) = match settings.profile {
            OpenAi | Azure => (Some(request.output_tokens), None),
            Vllm | Ollama | LlamaCpp | Compatible => (None, Some(request.output_tokens)),
        };
        let is_openai = settings.profile == OpenAi;
        Self {
            model: &settings.model,
            messages: &request.messages,
            response_format: ResponseFormat {
                format: "json_schema",
                json_schema: JsonSchema { name: &request.schema_name, strict: true, schema: &request.schema },
            },
            max_completion_tokens,
            max_tokens,
            temperature: settings.temperature,
            reasoning_effort: settings.reasoning_effort.as_deref(),
            store: is_openai.then_some(false),
            prompt_cache_key: is_openai.then(|| request.contract.digest.get(..32)).flatten(),
        }
    }
}

/// Everything optional; unknown members ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ChatReply {
    pub(super) choices: Option<Vec<Choice>>,
    usage: Json,
    /// Some gateways send errors with status 200.
    pub(super) error: Json,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Choice {
    message: Option<Said>,
    finish_reason: Json,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Said {
    /// A string, or parts with text.
    content: Json,
    refusal: Json,
}

impl ChatReply {
    pub(super) fn into_reply(self) -> ModelReply {
        let usage = read_usage(&self.usage);
        let Some(choice) = self.choices.into_iter().flatten().next() else {
            return ModelReply { text: String::new(), finish: Finish::Empty, usage };
        };
        let said = choice.message.unwrap_or_default();
        let text = text_of(&said.content, "text");
        let refusal = said.refusal.as_str().map_or_else(|| text_of(&said.content, "refusal"), str::to_owned);
        let finish = match choice.finish_reason.as_str().unwrap_or_default() {
            "length" | "max_tokens" => Finish::Length,
            "content_filter" => Finish::ContentFilter,
            "refusal" => Finish::Refusal,
            _ if !refusal.trim().is_empty() => Finish::Refusal,
            _ if text.trim().is_empty() => Finish::Empty,
            // `stop`, and whatever else servers call it: an empty string, `eos_token`, nothing at all.
            _ => Finish::Stop,
        };
        ModelReply { text, finish, usage }
    }
}

fn text_of(content: &Json, part: &str) -> String {
    match content {
        Json::String(text) if part == "text" => text.clone(),
        Json::Array(parts) => parts.iter().filter_map(|one| one.get(part)?.as_str()).collect(),
        _ => String::new(),
    }
}

fn read_usage(usage: &Json) -> Usage {
    let tokens = |pointer: &str| {
        let number = usage.pointer(pointer).and_then(Json::as_f64).unwrap_or(0.0);
        // Floats do occur; negative ones and such saturate at 0.
        number as u64
    };
    Usage {
        prompt_tokens: tokens("/prompt_tokens"),
        cached_prompt_tokens: tokens("/prompt_tokens_details/cached_tokens"),
        completion_tokens: tokens("/completion_tokens"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::ChatReply;
    use crate::domain::brief::Usage;
    use crate::ports::{Finish, ModelReply};

    fn read(body: Json) -> ModelReply {
        serde_json::from_value::<ChatReply>(body).unwrap().into_reply()
    }

    #[test]
    fn answers_of_servers_that_call_themselves_compatible_are_read() {
        let message = json!({ "content": "hi" });
        for body in [
            json!({ "choices": [{ "message": message, "finish_reason": "stop" }] }),
            json!({ "choices": [{ "message": message, "finish_reason": "" }], "created": 1.5, "service_tier": "odd" }),
            json!({ "choices": [{ "message": message, "finish_reason": null }], "usage": null }),
            json!({ "choices": [{ "message": message, "finish_reason": "eos_token" }], "usage": { "prompt_tokens": 1 } }),
            json!({ "choices": [{ "message": message }], "error": null }),
            json!({ "choices": [{ "message": { "content": "hi", "refusal": null, "tool_calls": [] }, "finish_reason": 7 }] }),
            json!({ "choices": [{ "message": { "content": [{ "type": "text", "text": "h" }, { "text": "i" }] } }] }),
        ] {
            let reply = read(body.clone());
            assert_eq!((reply.text.as_str(), reply.finish), ("hi", Finish::Stop), "{body}");
        }
    }

    #[test]
    fn an_answer_that_is_none_says_why() {
        let choice = |message: Json, reason: &str| json!({ "choices": [{ "message": message, "finish_reason": reason }] });
        for (body, finish) in [
            (json!({ "choices": [] }), Finish::Empty),
            (json!({ "choices": [{}] }), Finish::Empty),
            (choice(json!({ "content": null }), "stop"), Finish::Empty),
            (choice(json!({ "content": " " }), "tool_calls"), Finish::Empty),
            (choice(json!({ "content": "{\"a\":" }), "length"), Finish::Length),
            (choice(json!({ "content": null }), "length"), Finish::Length),
            (choice(json!({ "content": "{\"a\":" }), "content_filter"), Finish::ContentFilter),
            (choice(json!({ "content": null, "refusal": "no" }), "stop"), Finish::Refusal),
            (choice(json!({ "content": [{ "type": "refusal", "refusal": "no" }] }), "stop"), Finish::Refusal),
        ] {
            assert_eq!(read(body.clone()).finish, finish, "{body}");
        }
    }

    #[test]
    fn usage_may_be_partial_or_in_floats() {
        let usage = |usage: Json| read(json!({ "choices": [], "usage": usage })).usage;
        let whole = json!({ "prompt_tokens": 10.0, "completion_tokens": 5, "prompt_tokens_details": { "cached_tokens": 8 } });
        assert_eq!(usage(whole), Usage { prompt_tokens: 10, cached_prompt_tokens: 8, completion_tokens: 5 });
        assert_eq!(usage(json!({ "completion_tokens": -3, "prompt_tokens": "x" })), Usage::default());
    }
}
