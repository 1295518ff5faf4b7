//! A scripted model server: a plain struct behind real HTTP, read after the fact.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, Uri};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use serde_json::{Value as Json, json};
use tokio::net::TcpListener;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

/// How many requests are kept to look at: a benchmark sends hundreds of thousands.
const KEPT: usize = 256;

/// What the server does with a request.
#[derive(Clone)]
pub(crate) enum Script {
    /// A chat completion with this content.
    Reply(String),
    /// A chat completion whose content is made from the request's body.
    Computed(Arc<dyn Fn(&Json) -> String + Send + Sync>),
    /// A chat completion made from the request's body, usage and all.
    Answered(Arc<dyn Fn(&Json) -> Json + Send + Sync>),
    /// Exactly this.
    Raw { status: u16, headers: Vec<(&'static str, String)>, body: Vec<u8> },
    /// Takes the request and never answers.
    Hang,
    /// A head at once, then one byte of `body` for each `every`.
    Drip { body: String, every: Duration },
    /// A head that announces more than comes: half the body, then the connection breaks.
    ResetMidBody { status: u16, body: String },
    /// The same, but later.
    After(Duration, Box<Script>),
    /// The same, once so many requests wait for it.
    Together(Arc<Barrier>, Box<Script>),
}

impl Script {
    /// `body` with this status, as JSON.
    pub(crate) fn status(status: u16, body: impl ToString) -> Self {
        Self::Raw { status, headers: vec![("content-type", "application/json".to_owned())], body: body.to_string().into() }
    }

    /// The same answer with one more header.
    #[must_use]
    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        match &mut self {
            Self::Raw { headers, .. } => headers.push((name, value.to_owned())),
            _ => panic!("only a raw answer has headers of its own"),
        }
        self
    }
}

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Seen {
    pub(crate) fn json(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// Answers every request by its script, on a free port, until it is dropped.
pub(crate) struct ModelServer {
    address: SocketAddr,
    state: Arc<ServerState>,
    /// Stops the server when it is dropped.
    _tasks: JoinSet<()>,
}

struct ServerState {
    scripts: Vec<Script>,
    count: AtomicUsize,
    seen: Mutex<VecDeque<Seen>>,
}

impl ModelServer {
    /// The same answer for every request.
    pub(crate) async fn start(script: Script) -> Self {
        Self::start_with(vec![script]).await
    }

    /// The first request gets the first script, and so on; the last one stays.
    pub(crate) async fn start_with(scripts: Vec<Script>) -> Self {
        assert!(!scripts.is_empty());
        let state = Arc::new(ServerState { scripts, count: AtomicUsize::new(0), seen: Mutex::default() });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&state));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, state, _tasks: tasks }
    }

    pub(crate) fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Host and port, as errors name it.
    pub(crate) fn endpoint(&self) -> String {
        self.address.to_string()
    }

    /// How many requests have arrived.
    pub(crate) fn count(&self) -> usize {
        self.state.count.load(Ordering::SeqCst)
    }

    /// The last requests that arrived, oldest first; at most 256.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.state.seen.lock().unwrap().iter().cloned().collect()
    }
}

/// The JSON of a chat completion.
pub(crate) fn completion(content: &str) -> Json {
    json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1_777_900_000, "model": "scripted",
        "choices": [{ "index": 0, "message": { "role": "assistant", "content": content, "refusal": null }, "finish_reason": "stop" }],
        "usage": {
            "prompt_tokens": 1200, "completion_tokens": 300, "total_tokens": 1500,
            "prompt_tokens_details": { "cached_tokens": 1024 }
        }
    })
}

async fn answer(State(state): State<Arc<ServerState>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let number = state.count.fetch_add(1, Ordering::SeqCst);
    let mut script = &state.scripts[number.min(state.scripts.len() - 1)];
    keep(&state, Seen { path: uri.path().to_owned(), headers, body: body.clone() });
    loop {
        script = match script {
            Script::After(wait, then) => {
                tokio::time::sleep(*wait).await;
                then
            }
            Script::Together(all, then) => {
                all.wait().await;
                then
            }
            now => return play(now, &body).await,
        };
    }
}

fn keep(state: &ServerState, seen: Seen) {
    let mut all = state.seen.lock().unwrap();
    if all.len() == KEPT {
        all.pop_front();
    }
    all.push_back(seen);
}

async fn play(script: &Script, body: &Bytes) -> Response {
    match script {
        Script::Reply(content) => axum::Json(completion(content)).into_response(),
        Script::Computed(compute) => {
            let request: Json = serde_json::from_slice(body).unwrap();
            axum::Json(completion(&compute(&request))).into_response()
        }
        Script::Answered(answer) => axum::Json(answer(&serde_json::from_slice(body).unwrap())).into_response(),
        Script::Raw { status, headers, body } => {
            let mut response = Response::builder().status(*status);
            for (name, value) in headers {
                response = response.header(HeaderName::from_static(name), value);
            }
            response.body(Body::from(body.clone())).unwrap()
        }
        Script::Hang | Script::After(..) | Script::Together(..) => std::future::pending().await,
        Script::Drip { body, every } => {
            let every = *every;
            let bytes = stream::iter(body.clone().into_bytes()).then(move |byte| async move {
                tokio::time::sleep(every).await;
                Ok::<_, Infallible>(Bytes::from(vec![byte]))
            });
            Body::from_stream(bytes).into_response()
        }
        Script::ResetMidBody { status, body } => {
            let half = Bytes::from(body[..body.len() / 2].to_owned());
            let broken = stream::once(async { Ok(half) }).chain(stream::once(async {
                // Time for the head and the first half to leave.
                tokio::time::sleep(Duration::from_millis(30)).await;
                Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
            }));
            let response = Response::builder().status(*status).header("content-length", body.len());
            response.body(Body::from_stream(broken)).unwrap()
        }
    }
}
