//! Building the client, with TLS only where it is needed.

use std::time::Duration;

use reqwest::{Certificate, Client, ClientBuilder, NoProxy, Proxy, redirect, retry};

use crate::capabilities::CapabilityError;
use crate::capabilities::error::Kind;
use crate::config::Source;

/// How long making a connection may take.
const CONNECT: Duration = Duration::from_secs(5);

/// Builds the client of a source. Reading the platform's authorities takes a while, so it happens aside.
pub async fn build(source: &Source) -> Result<Client, CapabilityError> {
    let source = source.clone();
    let built = tokio::task::spawn_blocking(move || build_now(&source)).await;
    built.map_err(|error| CapabilityError::new(Kind::Unsupported, format!("the client cannot be built: {error}")))?
}

fn build_now(source: &Source) -> Result<Client, CapabilityError> {
    // The first thing that the program does; a second time it changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let connect = source.timeout.map_or(CONNECT, |limit| CONNECT.min(limit / 2));
    let builder = Client::builder()
        .user_agent(concat!("leverframe/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(connect)
        .pool_idle_timeout(Duration::from_mins(1))
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false);
    let builder = trust(proxied(builder, source)?, source)?;
    builder.build().map_err(|error| {
        let message = format!("no secure connection can be made: {}", super::answer::innermost(&error));
        let hint = "install the platform's CA certificates, or name them: ca_file = \"…\"";
        CapabilityError::new(Kind::Unreachable, message).hint(hint)
    })
}

/// Whom the client trusts. Without encryption it needs nobody, and the platform's authorities stay unread.
fn trust(builder: ClientBuilder, source: &Source) -> Result<ClientBuilder, CapabilityError> {
    let encrypted = |url: &url::Url| url.scheme() == "https";
    if let Some(path) = &source.ca_file {
        let failed = |why: String| {
            let message = format!("the certificates in {} cannot be used: {why}", path.display());
            CapabilityError::new(Kind::Unreachable, message).hint("ca_file names a file with PEM certificates")
        };
        let pem = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
        let certificates = Certificate::from_pem_bundle(&pem).map_err(|error| failed(error.to_string()))?;
        if certificates.is_empty() {
            return Err(failed("there is none".to_owned()));
        }
        return Ok(builder.tls_certs_only(certificates));
    }
    let needed = encrypted(&source.url) || source.proxy.as_ref().is_some_and(encrypted);
    Ok(if needed { builder } else { builder.tls_certs_only([]) })
}

/// The way to the source: straight on this machine, else through the source's own proxy or the environment's.
fn proxied(builder: ClientBuilder, source: &Source) -> Result<ClientBuilder, CapabilityError> {
    if source.is_local() {
        return Ok(builder.no_proxy());
    }
    let Some(proxy) = &source.proxy else { return Ok(builder) };
    let proxy = Proxy::all(proxy.clone()).map_err(|error| {
        CapabilityError::new(
            Kind::Unreachable,
            format!("the proxy cannot be used: {}", super::answer::innermost(&error)),
        )
    })?;
    Ok(builder.proxy(proxy.no_proxy(NoProxy::from_env())))
}
