//! Building the clients, with TLS only where it is needed.

use std::path::Path;
use std::time::Duration;

use reqwest::{Certificate, Client, ClientBuilder, NoProxy, Proxy, redirect, retry};

use super::limits::Limits;
use super::wire::innermost;
use crate::capabilities::CapabilityError;
use crate::capabilities::error::Kind;
use crate::config::Source;

/// How long a connection is kept that nobody uses: what most servers keep one for (nginx `keepalive_timeout`, 75 s), less
/// the time in which one may be closed under a request.
const IDLE: Duration = Duration::from_mins(1);

/// Builds the client of a source. Reading the platform's authorities takes a while, so it happens aside.
pub async fn build(source: &Source, limits: &Limits) -> Result<Client, CapabilityError> {
    let (source, limits) = (source.clone(), *limits);
    aside(move || finish(trust(proxied(builder(&limits), &source)?, &source)?)).await
}

/// Builds the client for what a source leads to elsewhere: it trusts the platform's authorities beside the source's own.
pub async fn build_abroad(source: &Source, limits: &Limits) -> Result<Client, CapabilityError> {
    let (source, limits) = (source.clone(), *limits);
    aside(move || {
        let builder = through(builder(&limits), &source)?;
        finish(match &source.ca_file {
            Some(path) => builder.tls_certs_merge(authorities(path)?),
            None => builder,
        })
    })
    .await
}

async fn aside(
    building: impl FnOnce() -> Result<Client, CapabilityError> + Send + 'static,
) -> Result<Client, CapabilityError> {
    let built = tokio::task::spawn_blocking(building).await;
    built.map_err(|error| CapabilityError::new(Kind::Unsupported, format!("the client cannot be built: {error}")))?
}

fn builder(limits: &Limits) -> ClientBuilder {
    // The first thing that the program does; a second time it changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .user_agent(concat!("leverframe/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(limits.connect)
        .pool_idle_timeout(IDLE)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
}

fn finish(builder: ClientBuilder) -> Result<Client, CapabilityError> {
    builder.build().map_err(|error| {
        let message = format!("no secure connection can be made: {}", innermost(&error));
        let hint = "install the platform's CA certificates, or name them: ca_file = \"…\"";
        CapabilityError::new(Kind::Unreachable, message).hint(hint)
    })
}

/// Whom the client trusts. Without encryption it needs nobody, and the platform's authorities stay unread.
fn trust(builder: ClientBuilder, source: &Source) -> Result<ClientBuilder, CapabilityError> {
    let encrypted = |url: &url::Url| url.scheme() == "https";
    if let Some(path) = &source.ca_file {
        return Ok(builder.tls_certs_only(authorities(path)?));
    }
    let needed = encrypted(&source.url) || source.proxy.as_ref().is_some_and(encrypted);
    Ok(if needed { builder } else { builder.tls_certs_only([]) })
}

/// The authorities in a file.
fn authorities(path: &Path) -> Result<Vec<Certificate>, CapabilityError> {
    let failed = |why: String| {
        let message = format!("the certificates in {} cannot be used: {why}", path.display());
        CapabilityError::new(Kind::Unreachable, message).hint("ca_file names a file with PEM certificates")
    };
    let pem = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
    let certificates = Certificate::from_pem_bundle(&pem).map_err(|error| failed(error.to_string()))?;
    if certificates.is_empty() {
        return Err(failed("there is none".to_owned()));
    }
    Ok(certificates)
}

/// The way to the source: straight on this machine, else through the source's own proxy or the environment's.
fn proxied(builder: ClientBuilder, source: &Source) -> Result<ClientBuilder, CapabilityError> {
    if source.is_local() {
        return Ok(builder.no_proxy());
    }
    through(builder, source)
}

/// The source's own proxy, or the environment's.
fn through(builder: ClientBuilder, source: &Source) -> Result<ClientBuilder, CapabilityError> {
    let Some(proxy) = &source.proxy else { return Ok(builder) };
    let proxy = Proxy::all(proxy.clone()).map_err(|error| {
        let message = format!("the proxy cannot be used: {}", innermost(&error));
        CapabilityError::new(Kind::Unreachable, message).hint("proxy = \"http://proxy.example:3128\"")
    })?;
    Ok(builder.proxy(proxy.no_proxy(NoProxy::from_env())))
}
