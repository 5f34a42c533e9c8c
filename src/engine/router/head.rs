//! Heads of messages: what is refused before anything is forwarded, what belongs to one connection only and is taken off,
//! and what is added for the instance.

use std::net::IpAddr;

use hyper::header::{CONTENT_LENGTH, EXPECT, HOST, TRANSFER_ENCODING, UPGRADE};
use hyper::http::request::Parts;
use hyper::http::uri::PathAndQuery;
use hyper::{HeaderMap, Method, StatusCode, Uri, Version};

use super::limits::Limits;

/// Fields that belong to one connection (RFC 9110, 7.6.1), beside those that `Connection` names.
const OF_THE_CONNECTION: [&str; 8] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "upgrade",
];

/// Why a request is not forwarded: the status, and what to say.
pub type Refusal = (StatusCode, &'static str);

/// Whether a request can be forwarded.
pub fn check(head: &Parts, limits: &Limits) -> Result<(), Refusal> {
    let bad = |says| Err((StatusCode::BAD_REQUEST, says));
    let hosts = head.headers.get_all(HOST).iter().count();
    if hosts > 1 || (hosts == 0 && head.version > Version::HTTP_10) {
        return bad("a request names one host");
    }
    let mut codings = head.headers.get_all(TRANSFER_ENCODING).iter();
    if codings.next().is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"chunked"))
        || codings.next().is_some()
    {
        return bad("no transfer coding but chunked is known here");
    }
    if head.method == Method::CONNECT || head.headers.get(UPGRADE).is_some_and(|to| to.as_bytes() != b"h2c") {
        return Err((StatusCode::NOT_IMPLEMENTED, "only plain HTTP/1.1 passes here"));
    }
    let length = head.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > limits.body) {
        return Err((StatusCode::PAYLOAD_TOO_LARGE, "the body is too large"));
    }
    Ok(())
}

/// Makes a client's head the one that the instance gets.
pub fn prepare(head: &mut Parts, peer: IpAddr) {
    strip(&mut head.headers);
    // The library has answered it by asking for the body.
    head.headers.remove(EXPECT);
    let path = head.uri.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
    head.uri = Uri::from(path);
    head.version = Version::HTTP_11;
    forwarded(&mut head.headers, peer);
}

/// Takes off what belongs to the connection that a message came over.
pub fn strip(headers: &mut HeaderMap) {
    let named: Vec<String> = headers
        .get_all("connection")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        // These belong to the message whatever a sender says.
        .filter(|name| !matches!(name.as_str(), "" | "host" | "content-length"))
        .collect();
    for name in named.iter().map(String::as_str).chain(OF_THE_CONNECTION) {
        headers.remove(name);
    }
    headers.remove(TRANSFER_ENCODING);
}

/// Says whom the request came from and how.
fn forwarded(headers: &mut HeaderMap, peer: IpAddr) {
    let before = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let list = before.map(str::to_owned).chain([peer.to_string()]).collect::<Vec<_>>().join(", ");
    if let Ok(list) = list.parse() {
        headers.insert("x-forwarded-for", list);
    }
    if let Some(host) = headers.get(HOST).cloned() {
        headers.entry("x-forwarded-host").or_insert(host);
    }
    headers.entry("x-forwarded-proto").or_insert(hyper::header::HeaderValue::from_static("http"));
}

/// Whether a request that may have been worked on already may be sent again (RFC 9110, 9.2.2).
pub fn idempotent(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS | Method::PUT | Method::DELETE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(fields: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn what_belongs_to_a_connection_stays_there() {
        let mut headers = map(&[
            ("connection", "close, X-Mine ,Host"),
            ("connection", "content-length"),
            ("x-mine", "1"),
            ("host", "a"),
            ("content-length", "3"),
            ("te", "trailers"),
            ("keep-alive", "timeout=5"),
            ("transfer-encoding", "chunked"),
            ("x-yours", "2"),
        ]);
        strip(&mut headers);
        assert_eq!(headers, map(&[("host", "a"), ("content-length", "3"), ("x-yours", "2")]));
    }

    #[test]
    fn an_instance_learns_whom_a_request_came_from() {
        let mut headers = map(&[("host", "shop"), ("x-forwarded-for", "10.0.0.1"), ("x-forwarded-proto", "https")]);
        forwarded(&mut headers, IpAddr::from([127, 0, 0, 1]));
        assert_eq!(headers["x-forwarded-for"], "10.0.0.1, 127.0.0.1");
        assert_eq!(
            (&headers["x-forwarded-proto"], &headers["x-forwarded-host"]),
            (&"https".parse().unwrap(), &"shop".parse().unwrap())
        );
    }
}
