//! Tokens: from where they come, and that no fault shows one.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use leverframe::config::Token;
use leverframe::secrets::{Fault, resolve, resolve_within};
use secrecy::ExposeSecret as _;

fn command(words: &[&str]) -> Token {
    Token::Command(words.iter().map(|word| (*word).to_owned()).collect())
}

async fn fault(token: Token) -> Fault {
    resolve(&token).await.unwrap_err()
}

fn file(folder: &Path, content: &str, mode: u32) -> PathBuf {
    let path = folder.join("token");
    std::fs::write(&path, content).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    path
}

#[tokio::test]
async fn a_command_prints_the_token_and_blanks_around_it_do_not_count() {
    let token = resolve(&command(&["printf", " s3cr3t\n\n"])).await.unwrap();
    assert_eq!(token.expose_secret(), "s3cr3t");
    assert!(!format!("{token:?}").contains("s3cr3t"));
}

#[tokio::test]
async fn a_command_that_fails_is_quoted_by_what_it_says_and_never_by_what_it_printed() {
    let fault = fault(command(&["sh", "-c", "echo s3cr3t; echo 'not signed in' >&2; exit 3"])).await;
    assert_eq!(fault.message.as_str(), "the token's command sh failed (exit status: 3): not signed in");
    assert!(fault.hint.as_str().starts_with("try it by hand: sh -c"));
}

#[tokio::test]
async fn a_command_that_does_not_end_is_stopped() {
    let fault = resolve_within(&command(&["sleep", "1000"]), Duration::from_millis(50)).await.unwrap_err();
    assert_eq!(fault.message.as_str(), "the token's command sleep printed nothing in 50ms");
}

#[tokio::test]
async fn a_command_that_is_not_there_or_prints_no_token() {
    let missing = fault(command(&["leverframe-no-such-program"])).await;
    assert!(missing.message.as_str().starts_with("the token's command leverframe-no-such-program does not run: "));
    let empty = fault(command(&["true"])).await;
    assert_eq!(empty.message.as_str(), "the output of the token's command true is empty");
    let two = fault(command(&["echo", "s3cr3t and more"])).await;
    assert_eq!(
        two.message.as_str(),
        "the output of the token's command echo is no token: a token is one word of ASCII"
    );
}

#[tokio::test]
async fn a_file_that_others_may_read_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let open = file(folder.path(), "s3cr3t", 0o640);
    let refused = fault(Token::File(open.clone())).await;
    let shown = open.display();
    assert_eq!(refused.message.as_str(), format!("others may read the token file {shown} (mode 640)"));
    assert_eq!(refused.hint.as_str(), format!("close it: chmod 600 {shown}"));
    let closed = file(folder.path(), "s3cr3t\n", 0o600);
    assert_eq!(resolve(&Token::File(closed)).await.unwrap().expose_secret(), "s3cr3t");
}

#[tokio::test]
async fn what_is_missing_is_named() {
    let unset = fault(Token::Env("LEVERFRAME_NO_SUCH_VARIABLE".to_owned())).await;
    assert_eq!(unset.message.as_str(), "the variable LEVERFRAME_NO_SUCH_VARIABLE with the token is not set");
    assert_eq!(unset.hint.as_str(), "export LEVERFRAME_NO_SUCH_VARIABLE=… before the start");
    let gone = fault(Token::File("/no/such/token".into())).await;
    assert_eq!(
        gone.message.as_str(),
        "the token file /no/such/token cannot be read: No such file or directory (os error 2)"
    );
}
