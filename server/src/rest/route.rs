//! A route of the API, and the one handler that serves them all; which there are is in `table`.

use std::borrow::Cow;
use std::sync::Arc;

use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, Request as HttpRequest};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use axum::routing::MethodFilter;
use futures::future::BoxFuture;
use guildhall::caller::Request;
use guildhall::error::{Code, Error};
use guildhall::operation::{Operation, Runs};
use guildhall::policy::Permission;
use guildhall::{Kind, input};
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value};

use super::reply::Answered;
pub use super::table::table;
pub use super::without_route::WITHOUT_ROUTE;
use super::{Entered, Rest, reply};
use crate::auth::rate_limit::Key;
use crate::authorize;
use crate::console::Console;

/// One way to ask for one operation.
#[derive(Clone)]
pub struct Route {
    pub method: Method,
    /// The path after the prefix.
    pub path: &'static str,
    /// The operation's name.
    pub operation: &'static str,
    /// Unique among the routes: the operation's name, unless an operation has two routes.
    pub id: &'static str,
    pub permission: Permission,
    pub kind: Kind,
    pub success: StatusCode,
    /// Refusals beside those that every route has.
    pub refusals: Vec<u16>,
    pub tag: &'static str,
    /// Whether the answer has an entity tag.
    pub tagged: bool,
    /// The operation's type, which names the body in the OpenAPI document.
    pub type_name: fn() -> Cow<'static, str>,
    pub input: fn(&mut SchemaGenerator) -> Schema,
    pub output: fn(&mut SchemaGenerator) -> Option<Schema>,
    needs_body: bool,
    /// Fields that are a must in this API, and not in the operation.
    pub musts: &'static [&'static str],
    /// The field that says whose password is tried, for an operation with which one could be guessed.
    guarded: Option<&'static str>,
    run: Run,
}

type Run = for<'a> fn(&'a Console, Asked<'a>) -> BoxFuture<'a, Result<Response, Error>>;

/// What an operation is asked with, and what its answer depends on.
pub struct Asked<'a> {
    request: &'a Request,
    fields: Map<String, Value>,
    musts: &'static [&'static str],
    success: StatusCode,
    method: &'a Method,
    headers: &'a HeaderMap,
}

/// A route of an operation. It says 401, 403 and 429 by nature; 400, 404, 413 and 415 by its parameters and body.
pub(super) fn route<Op: Operation<Output: Answered>>(
    method: Method,
    path: &'static str,
    success: StatusCode,
) -> Route
where
    Console: Runs<Op>,
{
    let schema = Op::json_schema(&mut SchemaGenerator::default());
    let required = schema
        .get("required")
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    Route {
        path,
        operation: Op::NAME,
        id: Op::NAME,
        permission: Op::PERMISSION,
        kind: Op::KIND,
        success,
        refusals: Vec::new(),
        tag: "",
        tagged: <Op::Output as Answered>::TAGGED,
        type_name: Op::schema_name,
        input: Op::json_schema,
        output: <Op::Output as Answered>::schema,
        needs_body: !method.is_safe() && required > path.matches('{').count(),
        musts: &[],
        guarded: None,
        run: run::<Op>,
        method,
    }
}

fn run<'a, Op: Operation<Output: Answered>>(
    console: &'a Console,
    asked: Asked<'a>,
) -> BoxFuture<'a, Result<Response, Error>>
where
    Console: Runs<Op>,
{
    Box::pin(async move {
        let missing = asked.musts.iter().find(|must| !asked.fields.contains_key(**must));
        let operation = input::parse::<Op>(Value::Object(asked.fields))?;
        if let Some(missing) = missing {
            return Err(Error::field(*missing, "is required"));
        }
        let output = console.run(asked.request, operation).await?;
        Ok(reply::done(&output, asked.success, asked.method, asked.headers))
    })
}

impl Route {
    /// The method, as axum's router wants it.
    pub fn filter(&self) -> MethodFilter {
        MethodFilter::try_from(self.method.clone()).unwrap_or(MethodFilter::GET)
    }

    /// The names of the path's parameters, in its order.
    pub fn parameters(&self) -> impl Iterator<Item = &'static str> {
        self.path
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split('}').next())
    }

    pub(super) fn named(mut self, id: &'static str) -> Self {
        self.id = id;
        self
    }

    pub(super) fn under(mut self, tag: &'static str) -> Self {
        self.tag = tag;
        self
    }

    pub(super) fn guarded(mut self, field: &'static str) -> Self {
        self.guarded = Some(field);
        self
    }

    pub(super) fn demanding(mut self, musts: &'static [&'static str]) -> Self {
        self.musts = musts;
        self
    }

    pub(super) fn refuses(mut self, statuses: &[u16]) -> Self {
        self.refusals.extend(statuses);
        self
    }
}

/// Serves any route.
pub async fn serve(
    rest: Rest,
    route: Arc<Route>,
    params: Result<RawPathParams, RawPathParamsRejection>,
    http: HttpRequest,
) -> Response {
    let (mut parts, body) = http.into_parts();
    let Some(entered) = parts.extensions.remove::<Entered>() else {
        // Only `enter` leads here, and it leaves this behind.
        return reply::refusal(&Error::internal("unentered"), false);
    };
    let answer = async {
        authorize::may_ever(&entered.request.caller, route.permission)?;
        // Characters that are no text are in no id.
        let params = params.map_err(|_| Error::not_found("path"))?;
        let asked = Asked {
            request: &entered.request,
            fields: super::input::gather(
                &params,
                route.needs_body,
                &parts.method,
                &parts.uri,
                &parts.headers,
                body,
            )
            .await?,
            musts: route.musts,
            success: route.success,
            method: &parts.method,
            headers: &parts.headers,
        };
        let whose = route.guarded.and_then(|field| asked.fields.get(field)?.as_str());
        let attempt = whose
            .map(|whose| rest.attempts().begin_account(whose, &Key::of(&entered.request)))
            .transpose()?;
        let answer = (route.run)(rest.console(), asked).await;
        if let Some(attempt) = attempt
            && !matches!(&answer, Err(error) if error.reason.as_deref() == Some("wrong_credentials"))
        {
            attempt.succeeded();
        }
        answer.map_err(|error| without_such_a_thing(&route, error))
    };
    match answer.await {
        Ok(response) => response,
        Err(error) => reply::refusal(&error, entered.presented),
    }
}

/// A malformed id in the path names nothing: 404, as for an id that nothing has.
fn without_such_a_thing(route: &Route, error: Error) -> Error {
    let named = |param: &&str| error.code == Code::Invalid && error.message_at(param).is_some();
    match route.parameters().find(named) {
        Some("app_id") => Error::not_found("application"),
        Some("email" | "username" | "external_user_id") => Error::not_found("user"),
        Some("name") => Error::not_found("name"),
        Some("slug") => Error::not_found("organization"),
        Some("event_id") => Error::not_found("delivery"),
        Some("discovery_domain_id") => Error::not_found("domain"),
        Some(param) => Error::not_found(&param.trim_end_matches("_id").replace('_', " ")),
        None => error,
    }
}
