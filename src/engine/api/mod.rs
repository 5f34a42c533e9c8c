//! The HTTP API: who asks, what they may, what they get. Nothing is decided here.

mod admin;
mod answer;
mod asker;
mod changes;
mod confirmations;
mod freshness;
mod logs;
mod ofrep;
mod orders;
mod reads;
mod traffic;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::routing::{get, post, put};
use axum::{Extension, Router};

use crate::engine::core::Core;
use crate::engine::deeds::refuse;
use crate::protocol::paths;

/// The most that a request's body may hold; bytes.
const BODY: usize = 64 << 10;

/// What handlers work with.
pub type App = Arc<Core>;

/// All routes.
pub fn router(app: App) -> Router {
    Router::new()
        .merge(reading())
        .merge(changing())
        .merge(confirming())
        .merge(ofrep::routes())
        .route(paths::HEALTH, get(|| async { "ok\n" }))
        .fallback(|| async { answer::Refused(refuse::not_found("there is nothing at this path")) })
        .method_not_allowed_fallback(|| async {
            (StatusCode::METHOD_NOT_ALLOWED, answer::Refused(refuse::invalid("this path does not know this method")))
        })
        .layer(DefaultBodyLimit::max(BODY))
        .layer(Extension(changes::Known::default()))
        .layer(Extension(confirmations::Guesses::default()))
        .with_state(app)
}

fn reading() -> Router<App> {
    Router::new()
        .route(paths::OVERVIEW, get(reads::overview))
        .route(paths::STATUS, get(admin::status))
        .route("/v1/audit", get(admin::audit))
        .route("/v1/seals/{journal}", get(admin::seals))
        .route("/v1/services/{service}", get(reads::service))
        .route("/v1/services/{service}/runs", get(reads::runs).post(orders::start))
        .route("/v1/services/{service}/runs/{run}", get(reads::run))
        .route("/v1/services/{service}/runs/{run}/jobs/{job}/log", get(logs::log))
        .route("/v1/services/{service}/runs/{run}/jobs/{job}/log/times", get(logs::times))
        .route("/v1/services/{service}/changes", get(changes::changes))
        .route("/v1/services/{service}/environments/{environment}", get(reads::environment))
        .route("/v1/services/{service}/environments/{environment}/signals", get(traffic::signals))
        .route("/v1/gates/{gate}", get(reads::gate))
        .route(paths::STOP, get(reads::stop).put(orders::freeze))
        .route(paths::METRICS, get(traffic::metrics))
}

fn confirming() -> Router<App> {
    Router::new()
        .route(paths::CONFIRMATIONS, post(confirmations::ask))
        .route(paths::CONFIRMATION_FIND, post(confirmations::find))
        .route(paths::CONFIRMATION_CONFIRM, post(confirmations::confirm))
        .route("/v1/confirmations/by-id/{id}", get(confirmations::look))
        .route("/v1/confirmations/by-id/{id}/withdraw", post(confirmations::withdraw))
        .route("/v1/confirmations/by-id/{id}/use", post(confirmations::take))
}

fn changing() -> Router<App> {
    let environment = |deed: &str| format!("/v1/services/{{service}}/environments/{{environment}}/{deed}");
    Router::new()
        .route(paths::SERVICES, post(admin::register))
        .route(paths::PEOPLE, post(admin::new_token))
        .route("/v1/services/{service}/runs/{run}/retry", post(orders::retry))
        .route("/v1/services/{service}/runs/{run}/cancel", post(orders::cancel))
        .route(&environment("promote"), post(orders::promote))
        .route(&environment("rollback"), post(orders::roll_back))
        .route(&environment("hold"), put(orders::hold))
        .route(&environment("rollout"), post(orders::shift))
        .route("/v1/gates/{gate}/decision", post(orders::decide))
        .route(paths::FLAGS, get(reads::flags).post(orders::make_flag))
        .route("/v1/flags/{flag}/environments/{environment}", put(orders::set_flag))
}
