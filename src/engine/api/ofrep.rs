//! The OpenFeature Remote Evaluation Protocol, for each environment below `/environments/NAME`.

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::App;
use super::asker::bearer;
use super::freshness;
use crate::domain::chain::hex;
use crate::domain::ids::{EnvironmentName, FlagKey};
use crate::engine::deeds::set_flag::setting;
use crate::engine::state::flag::Flag;

/// The protocol's two questions: all flags, and one.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/environments/{environment}/ofrep/v1/evaluate/flags", post(all))
        .route("/environments/{environment}/ofrep/v1/evaluate/flags/{key}", post(one))
}

/// Who may evaluate: the environment's own instances, and people.
fn allowed(app: &App, environment: &EnvironmentName, headers: &HeaderMap) -> bool {
    let key = headers.get("x-api-key").and_then(|value| value.to_str().ok());
    let Some(token) = bearer(headers).or(key) else { return false };
    let hash = crate::engine::deeds::people::hash(token);
    let known = app.ledger.state().people.values().any(|person| person.hash == hash);
    known || hash == crate::engine::deeds::people::hash(&app.flag_token(environment))
}

/// The targeting key of a request's context; an empty body is an empty context.
fn target(body: &Bytes) -> Result<Option<String>, &'static str> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(None);
    }
    let value: Value = serde_json::from_slice(body).map_err(|_| "PARSE_ERROR")?;
    match value.get("context").and_then(|context| context.get("targetingKey")) {
        Some(Value::String(key)) if !key.is_empty() => Ok(Some(key.clone())),
        None | Some(Value::Null | Value::String(_)) => Ok(None),
        Some(_) => Err("INVALID_CONTEXT"),
    }
}

/// One flag's value for a target, in the protocol's shape; or the protocol's error code.
fn evaluate(flag: &Flag, environment: &EnvironmentName, target: Option<&str>) -> Result<Value, &'static str> {
    let setting = setting(flag, environment);
    let on = setting.on_for(&flag.key, target).ok_or("TARGETING_KEY_MISSING")?;
    let split = setting.enabled && setting.percent.is_some_and(|percent| percent.percent() < 100);
    let reason = match (setting.enabled, split) {
        (false, _) => "DISABLED",
        (true, true) => "SPLIT",
        (true, false) => "STATIC",
    };
    let variant = if on { "on" } else { "off" };
    let metadata = json!({ "version": setting.version });
    Ok(json!({ "key": flag.key.as_str(), "value": on, "reason": reason, "variant": variant, "metadata": metadata }))
}

fn failed(status: StatusCode, key: Option<&str>, code: &str, details: &str) -> Response {
    let mut body = json!({ "errorCode": code, "errorDetails": details });
    if let Some(key) = key {
        body["key"] = json!(key);
    }
    (status, Json(body)).into_response()
}

fn details(code: &str) -> &'static str {
    match code {
        "TARGETING_KEY_MISSING" => "the flag is on for a share of the targeting keys, and the context has none",
        "INVALID_CONTEXT" => "context.targetingKey must be a string",
        _ => "the body is not a JSON document of the protocol",
    }
}

async fn one(
    State(app): State<App>,
    Path((environment, key)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let environment = EnvironmentName::new(environment);
    if !allowed(&app, &environment, &headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let state = app.ledger.state();
    let Some(flag) = state.flags.get(&FlagKey::new(&key)) else {
        return failed(StatusCode::NOT_FOUND, Some(&key), "FLAG_NOT_FOUND", "there is no such flag");
    };
    match target(&body).and_then(|target| evaluate(flag, &environment, target.as_deref())) {
        Ok(value) => Json(value).into_response(),
        Err(code) => failed(StatusCode::BAD_REQUEST, Some(&key), code, details(code)),
    }
}

async fn all(State(app): State<App>, Path(environment): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    let environment = EnvironmentName::new(environment);
    if !allowed(&app, &environment, &headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let target = match target(&body) {
        Ok(target) => target,
        Err(code) => return failed(StatusCode::BAD_REQUEST, None, code, details(code)),
    };
    let state = app.ledger.state();
    let flags: Vec<Value> = state
        .flags
        .values()
        .map(|flag| {
            evaluate(flag, &environment, target.as_deref()).unwrap_or_else(
                |code| json!({ "key": flag.key.as_str(), "errorCode": code, "errorDetails": details(code) }),
            )
        })
        .collect();
    let body = json!({ "flags": flags }).to_string();
    // The same for the same context and settings, so that a provider that polls is told so.
    let tag = format!("\"{}\"", &hex(&Sha256::digest(body.as_bytes()))[..32]);
    if freshness::has(&headers, &tag) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    ([(header::ETAG, tag), (header::CONTENT_TYPE, "application/json".to_owned())], body).into_response()
}
