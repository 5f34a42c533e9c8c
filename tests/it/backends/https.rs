//! Encryption: whom the client trusts, what it says where one end speaks it and the other does not, and the one way that
//! leads from a source to elsewhere.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use leverframe::backends::http::Http;
use leverframe::capabilities::CapabilityError;
use leverframe::capabilities::error::Kind;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value;

use super::script::{Script, json, reply};
use super::{ports, source};

/// Where the certificates lie: an authority of these tests alone, whose key is nowhere, and one server of this machine.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/wire/tls");

/// A server that answers every question with the same, encrypted.
struct Secure {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    serving: Option<std::thread::JoinHandle<()>>,
    ends: Arc<std::sync::atomic::AtomicBool>,
}

impl Secure {
    fn new(answer: &'static str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let certificate = CertificateDer::from_pem_file(format!("{FOLDER}/server.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_file(format!("{FOLDER}/server.key")).unwrap();
        let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate], key).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (asked, ends) = (Arc::<Mutex<Vec<String>>>::default(), Arc::<std::sync::atomic::AtomicBool>::default());
        let (keep, end, config) = (Arc::clone(&asked), Arc::clone(&ends), Arc::new(config));
        let serving = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if end.load(std::sync::atomic::Ordering::SeqCst) {
                    return;
                }
                // Who speaks something else, or trusts nobody here, has not asked.
                if let Ok(question) = serve(stream.unwrap(), &config, answer) {
                    keep.lock().unwrap().push(question);
                }
            }
        });
        Self { address, asked, serving: Some(serving), ends }
    }

    fn url(&self) -> String {
        format!("https://localhost:{}", self.address.port())
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Secure {
    fn drop(&mut self) {
        self.ends.store(true, std::sync::atomic::Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        self.serving.take().map(std::thread::JoinHandle::join);
    }
}

fn serve(stream: TcpStream, config: &Arc<ServerConfig>, answer: &str) -> std::io::Result<String> {
    let connection = ServerConnection::new(Arc::clone(config)).map_err(std::io::Error::other)?;
    let mut stream = StreamOwned::new(connection, stream);
    let mut question = Vec::new();
    let mut piece = [0; 4096];
    while !question.ends_with(b"\r\n\r\n") {
        match stream.read(&mut piece)? {
            0 => return Err(ErrorKind::UnexpectedEof.into()),
            read => question.extend(&piece[..read]),
        }
    }
    stream.write_all(answer.as_bytes())?;
    stream.conn.send_close_notify();
    stream.flush()?;
    Ok(String::from_utf8_lossy(&question).to_lowercase())
}

const ONE: &str = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 1\r\n\r\n1";

/// Lines of a source that trusts the tests' authority and has a token.
fn trusting() -> String {
    format!("ca_file = \"{FOLDER}/authority.pem\"\ntoken = {{ command = [\"echo\", \"t0k3n\"] }}")
}

async fn read(url: &str, more: &str) -> Result<Value, CapabilityError> {
    Http::new(&source(url, more), &ports(false), |_| None).read("/v1/thing").await
}

#[tokio::test]
async fn whom_its_authority_signed_for_is_trusted_and_nobody_else() {
    let server = Secure::new(ONE);
    assert_eq!(read(&server.url(), &trusting()).await, Ok(1.into()));
    let error = read(&server.url(), &format!("ca_file = \"{FOLDER}/server.pem\"")).await.unwrap_err();
    assert_eq!(error.kind, Kind::Unreachable);
    assert!(
        error.message.as_str().starts_with(&format!("the certificate of {} is not valid: ", server.url())),
        "{error}"
    );
    assert!(error.hint.unwrap().as_str().contains("ca_file"));
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn who_speaks_in_the_clear_is_not_taken_for_one_who_does_not() {
    let (secure, plain) = (Secure::new(ONE), Script::new([]).await);
    let error = read(&format!("https://localhost:{}", plain.address.port()), &trusting()).await.unwrap_err();
    assert_eq!(error.kind, Kind::Unreachable, "{error}");
    assert!(error.hint.is_some(), "{error}");
    let url = format!("http://127.0.0.1:{}", secure.address.port());
    let error = read(&url, "").await.unwrap_err();
    assert!(matches!(error.kind, Kind::Malformed | Kind::Unreachable), "{error}");
    assert!(error.message.as_str().starts_with(&url) && error.hint.is_some(), "{error}");
}

/// Everything that a stream brings.
async fn all(http: &Http) -> Result<Vec<u8>, CapabilityError> {
    let mut pieces = http.stream_from_elsewhere("/v1/log").await?;
    let mut all = Vec::new();
    while let Some(piece) = pieces.next().await? {
        all.extend(piece);
    }
    Ok(all)
}

#[tokio::test]
async fn what_lies_elsewhere_is_fetched_there_encrypted_and_without_the_credential() {
    let elsewhere = Secure::new(ONE);
    let moved = || reply("302 Found", &[&format!("location: {}/blob?signature=s", elsewhere.url())], "");
    let script = Script::new([moved(), moved()]).await;
    let http = Http::new(&source(&script.url(), &trusting()), &ports(false), |_| None);
    assert_eq!(all(&http).await, Ok(b"1".to_vec()));
    let asked = elsewhere.asked();
    assert!(asked[0].starts_with("get /blob?signature=s http/1.1\r\n"), "{asked:?}");
    assert!(!asked[0].contains("authorization") && !asked[0].contains("t0k3n"), "{asked:?}");
    assert!(script.asked()[0].contains("authorization: bearer t0k3n"));
    // Who does not ask for that gets nothing from there.
    let error = http.stream("/v1/log").await.unwrap_err();
    assert_eq!(
        error.message.as_str(),
        format!("{} redirects to {}, which was not followed", script.url(), elsewhere.url())
    );
    assert_eq!(elsewhere.asked().len(), 1);
}

#[tokio::test]
async fn elsewhere_is_never_asked_in_the_clear() {
    let other = Script::new([]).await;
    let moved = reply("302 Found", &[&format!("location: {}/blob", other.url())], "");
    let script = Script::new([moved, json("1")]).await;
    let http = Http::new(&source(&script.url(), ""), &ports(false), |_| None);
    let error = all(&http).await.unwrap_err();
    assert_eq!(
        error.message.as_str(),
        format!("{} redirects to {}, which was not followed", script.url(), other.url())
    );
    // What does not lead elsewhere is read here.
    assert_eq!(all(&http).await, Ok(b"1".to_vec()));
    assert_eq!(other.asked(), Vec::<String>::new());
}
