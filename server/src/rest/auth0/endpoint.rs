//! One way to ask for something in this dialect, and the one handler that serves them all.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, Request as HttpRequest};
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use axum::routing::MethodFilter;
use futures::future::BoxFuture;
use guildhall::caller::Request;
use guildhall::error::Error;
use guildhall::input;
use guildhall::operation::{Operation, Runs};
use guildhall::policy::Permission;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::super::input::read;
use super::super::{Entered, Rest};
use super::ids::{InPath, in_path};
use super::refusal::{Place, Refusal};
use crate::authorize;
use crate::console::Console;

/// A query or a body without fields.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// What an endpoint answers: its body's schema, and whether it has one.
pub(super) trait Said: Serialize + Send {
    /// The body's schema; `None` for an answer without one.
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema>;

    /// Whether there is a body.
    const HAS_BODY: bool = true;
}

impl Said for () {
    fn schema(_: &mut SchemaGenerator) -> Option<Schema> {
        None
    }
    const HAS_BODY: bool = false;
}

/// An endpoint.
#[derive(Clone)]
pub struct Endpoint {
    pub method: Method,
    /// The path after the prefix.
    pub path: &'static str,
    /// Unique among the endpoints.
    pub id: &'static str,
    pub summary: &'static str,
    /// The rights of which the token must have every one.
    pub permissions: &'static [Permission],
    pub success: StatusCode,
    /// Refusals beside those that every endpoint has.
    pub refusals: &'static [u16],
    pub tag: &'static str,
    pub query: fn(&mut SchemaGenerator) -> Schema,
    pub body: fn(&mut SchemaGenerator) -> Schema,
    pub answer: fn(&mut SchemaGenerator) -> Option<Schema>,
    /// The names that the operations' fields have here.
    names: &'static [(&'static str, &'static str)],
    /// What is said where there is no organization, if it is not the usual.
    without_organization: Option<&'static str>,
    run: Run,
}

type Answering = BoxFuture<'static, Result<Option<Vec<u8>>, Refusal>>;
type Run = Arc<dyn Fn(Raw) -> Answering + Send + Sync>;

/// A request as it came.
struct Raw {
    console: Console,
    request: Arc<Request>,
    path: BTreeMap<String, String>,
    query: Map<String, Value>,
    body: Map<String, Value>,
    names: &'static [(&'static str, &'static str)],
}

/// A request that was read.
pub(super) struct Asked<Q, B> {
    console: Console,
    request: Arc<Request>,
    path: BTreeMap<String, String>,
    names: &'static [(&'static str, &'static str)],
    pub(super) query: Q,
    pub(super) body: B,
}

impl<Q, B> Asked<Q, B> {
    /// Runs an operation.
    pub(super) async fn run<Op: Operation>(&self, operation: Op) -> Result<Op::Output, Refusal>
    where
        Console: Runs<Op>,
    {
        self.try_run(operation)
            .await
            .map_err(|error| self.refusal(&error))
    }

    /// The same where a refusal is not the end of it.
    pub(super) async fn try_run<Op: Operation>(&self, operation: Op) -> Result<Op::Output, Error>
    where
        Console: Runs<Op>,
    {
        self.console.run(&self.request, operation).await
    }

    /// A refusal with this endpoint's names for fields.
    pub(super) fn refusal(&self, error: &Error) -> Refusal {
        Refusal::of(error, self.names)
    }

    /// Refuses a token that lacks a right that this request asks for beside the usual.
    pub(super) fn require(&self, permission: Permission) -> Result<(), Refusal> {
        authorize::may_hold(&self.request.caller, permission).map_err(|_| Refusal::without_scope(permission))
    }

    /// An id in the path.
    pub(super) fn id<T: InPath>(&self, name: &str) -> Result<T, Refusal> {
        in_path(name, self.text(name))
    }

    /// A text in the path.
    pub(super) fn text(&self, name: &str) -> &str {
        self.path.get(name).map(String::as_str).unwrap_or_default()
    }
}

/// An endpoint with its query, body and answer.
pub(super) fn endpoint<Q, B, A, F, H>(
    (method, path): (Method, &'static str),
    (id, summary): (&'static str, &'static str),
    permissions: &'static [Permission],
    success: StatusCode,
    handle: H,
) -> Endpoint
where
    Q: DeserializeOwned + JsonSchema + Send + 'static,
    B: DeserializeOwned + JsonSchema + Send + 'static,
    A: Said + 'static,
    F: Future<Output = Result<A, Refusal>> + Send + 'static,
    H: Fn(Asked<Q, B>) -> F + Send + Sync + 'static,
{
    let handle = Arc::new(handle);
    Endpoint {
        method,
        path,
        id,
        summary,
        permissions,
        success,
        refusals: &[],
        tag: "",
        query: Q::json_schema,
        body: B::json_schema,
        answer: A::schema,
        names: &[],
        without_organization: None,
        run: Arc::new(move |raw: Raw| -> Answering {
            let handle = handle.clone();
            Box::pin(async move {
                let query = input::parse::<Q>(Value::Object(raw.query))
                    .map_err(|error| Refusal::unreadable(Place::Query, &error))?;
                let body = input::parse::<B>(Value::Object(raw.body))
                    .map_err(|error| Refusal::unreadable(Place::Body, &error))?;
                let asked = Asked {
                    console: raw.console,
                    request: raw.request,
                    path: raw.path,
                    names: raw.names,
                    query,
                    body,
                };
                let answer = handle(asked).await?;
                if !A::HAS_BODY {
                    return Ok(None);
                }
                let mut bytes = Vec::with_capacity(4096);
                serde_json::to_writer(&mut bytes, &answer).map_err(|cause| {
                    tracing::error!(error.cause = %cause, "an answer could not be written");
                    Refusal::from(Error::internal("unwritten"))
                })?;
                Ok(Some(bytes))
            })
        }),
    }
}

impl Endpoint {
    /// The method, as axum's router wants it.
    pub(super) fn filter(&self) -> MethodFilter {
        MethodFilter::try_from(self.method.clone()).unwrap_or(MethodFilter::GET)
    }

    /// The names of the path's parameters, in its order.
    pub fn parameters(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.path
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split('}').next())
    }

    pub(super) fn refuses(mut self, statuses: &'static [u16]) -> Self {
        self.refusals = statuses;
        self
    }

    pub(super) fn under(mut self, tag: &'static str) -> Self {
        self.tag = tag;
        self
    }

    pub(super) fn naming(mut self, names: &'static [(&'static str, &'static str)]) -> Self {
        self.names = names;
        self
    }

    pub(super) fn without_organization(mut self, sentence: &'static str) -> Self {
        self.without_organization = Some(sentence);
        self
    }
}

/// Serves any endpoint.
pub(super) async fn serve(
    rest: Rest,
    endpoint: Arc<Endpoint>,
    params: Result<RawPathParams, RawPathParamsRejection>,
    http: HttpRequest,
) -> Response {
    let (mut parts, body) = http.into_parts();
    let Some(entered) = parts.extensions.remove::<Entered>() else {
        // Only `enter` leads here, and it leaves this behind.
        return Refusal::from(Error::internal("unentered")).answer();
    };
    let answered = async {
        for permission in endpoint.permissions {
            authorize::may_hold(&entered.request.caller, *permission)
                .map_err(|_| Refusal::without_scope(*permission))?;
        }
        let params = params.map_err(|_| Refusal::invalid(Place::Path, "", "The path is no text"))?;
        let raw = Raw {
            console: rest.console().clone(),
            request: entered.request.clone(),
            path: params
                .iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            query: query_of(&parts.uri)?,
            body: body_of(&parts.method, &parts.headers, body).await?,
            names: endpoint.names,
        };
        (endpoint.run)(raw).await
    };
    match answered.await {
        Ok(body) => done(endpoint.success, body),
        Err(refusal) => match endpoint.without_organization {
            Some(sentence) => refusal.saying(sentence).answer(),
            None => refusal.answer(),
        },
    }
}

fn done(success: StatusCode, body: Option<Vec<u8>>) -> Response {
    let mut response = Response::new(axum::body::Body::empty());
    *response.status_mut() = success;
    if let Some(body) = body {
        *response.body_mut() = body.into();
        response.headers_mut().insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/json; charset=utf-8"),
        );
    }
    response
}

/// The query's parameters, each once.
fn query_of(uri: &Uri) -> Result<Map<String, Value>, Refusal> {
    let mut fields = Map::new();
    for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        if fields.contains_key(name.as_ref()) {
            return Err(Refusal::invalid(
                Place::Query,
                &name,
                "The parameter is given more than once",
            ));
        }
        fields.insert(name.into_owned(), Value::from(value.into_owned()));
    }
    Ok(fields)
}

async fn body_of(
    method: &Method,
    headers: &HeaderMap,
    body: axum::body::Body,
) -> Result<Map<String, Value>, Refusal> {
    if method.is_safe() {
        return Ok(Map::new());
    }
    read(false, headers, body)
        .await
        .map_err(|error| Refusal::unreadable(Place::Body, &error))
}
