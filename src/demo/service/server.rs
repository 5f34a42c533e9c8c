//! The server of a sample service: HTTP/1.1 on the port that the engine gave it.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode, header};
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};

use super::behaviour::Behaviour;
use super::flags::Flags;
use crate::domain::text::Text;

/// How long answers that are under way may take once the service is told to end.
const LAST_ANSWERS: Duration = Duration::from_secs(2);

/// What a running instance knows of itself.
struct Instance {
    service: String,
    environment: String,
    version: String,
    commit: String,
    behaviour: Behaviour,
    flags: Flags,
}

/// Why a sample service does not run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The file that says how the release behaves.
    #[error("{path} cannot be used: {said}")]
    Release {
        /// Where it lies.
        path: Text,
        /// Why.
        said: Text,
    },
    /// No port is given, or it cannot be listened on.
    #[error("the port {port} cannot be used: {said}")]
    Port {
        /// As it was given.
        port: Text,
        /// Why.
        said: Text,
    },
}

/// Serves until it is told to end. `release` is the file that says how; `variable` reads the environment.
pub async fn serve(release: &Path, variable: impl Fn(&str) -> Option<String>) -> Result<(), Fault> {
    let behaviour = read(release)?;
    tokio::time::sleep(Duration::from_millis(behaviour.start_ms)).await;
    let text = variable("PORT").unwrap_or_default();
    let refused = |said: String| Fault::Port { port: Text::new(&text), said: Text::new(said) };
    let port: u16 = text.parse().map_err(|error: std::num::ParseIntError| refused(error.to_string()))?;
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    let listener = listener.await.map_err(|error| refused(error.to_string()))?;
    let mut told = signal(SignalKind::terminate()).map_err(|error| refused(error.to_string()))?;
    let instance = Arc::new(instance(behaviour, variable));
    let connections = GracefulShutdown::new();
    loop {
        tokio::select! {
            _ = told.recv() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => connect(stream, &instance, &connections),
                // Too many open files: those that are open will close.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
        }
    }
    drop(listener);
    let _ = tokio::time::timeout(LAST_ANSWERS, connections.shutdown()).await;
    Ok(())
}

fn read(release: &Path) -> Result<Behaviour, Fault> {
    let refused = |said: String| Fault::Release { path: Text::new(release.to_string_lossy()), said: Text::new(said) };
    let text = std::fs::read_to_string(release).map_err(|error| refused(error.to_string()))?;
    toml::from_str(&text).map_err(|error| refused(error.message().to_owned()))
}

fn instance(behaviour: Behaviour, variable: impl Fn(&str) -> Option<String>) -> Instance {
    let named = |name: &str| variable(name).unwrap_or_default();
    let (url, token) = (variable("LEVERFRAME_FLAGS_URL"), variable("LEVERFRAME_FLAGS_TOKEN"));
    Instance {
        service: named("LEVERFRAME_SERVICE"),
        environment: named("LEVERFRAME_ENVIRONMENT"),
        version: named("LEVERFRAME_VERSION"),
        commit: named("LEVERFRAME_COMMIT"),
        flags: Flags::new(behaviour.flags.clone(), url.as_deref(), token.as_deref()),
        behaviour,
    }
}

fn connect(stream: TcpStream, instance: &Arc<Instance>, connections: &GracefulShutdown) {
    // Without it answers only come a little later.
    let _ = stream.set_nodelay(true);
    let instance = Arc::clone(instance);
    let answer = service_fn(move |request| {
        let instance = Arc::clone(&instance);
        async move { Ok::<_, Infallible>(instance.answer(request).await) }
    });
    let connection = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), answer);
    tokio::spawn(connections.watch(connection));
}

impl Instance {
    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let path = request.uri().path();
        if path == "/healthz" {
            return json_response(StatusCode::OK, &json!({ "status": "ok" }));
        }
        let (latency, fails) = {
            let mut random = rand::rng();
            (self.behaviour.latency(&mut random), self.behaviour.fails(path, &mut random))
        };
        tokio::time::sleep(latency).await;
        if fails {
            let error = format!("{} lost its way to the database", self.service);
            return json_response(StatusCode::INTERNAL_SERVER_ERROR, &json!({ "error": error }));
        }
        let user = request.headers().get("x-user").and_then(|user| user.to_str().ok());
        json_response(StatusCode::OK, &self.about(path, user).await)
    }

    /// What the service says of itself; on its front page with its flags.
    async fn about(&self, path: &str, user: Option<&str>) -> Value {
        let mut about = json!({
            "service": self.service,
            "environment": self.environment,
            "version": self.version,
            "commit": self.commit,
        });
        if path == "/" {
            about["flags"] = json!(self.flags.evaluate(user).await);
        }
        about
    }
}

fn json_response(status: StatusCode, body: &Value) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(format!("{body}\n"))));
    *response.status_mut() = status;
    let kind = header::HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
