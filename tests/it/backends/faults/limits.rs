//! What is too large.

use leverframe::capabilities::error::Kind;

use super::super::http::zeros;
use super::{Fault, UNKNOWN, fault};
use crate::support::faulty::{Step, answer, head};

/// All of them.
pub fn faults() -> Vec<Fault> {
    let large = "{answer} is larger than 32 MB";
    vec![
        // Nobody waits for what is known to be too much.
        fault("length_of_33_mb", |_| vec![Step::Send(head("200 OK", &["content-length: 34603008"])), Step::Stall])
            .reads(Kind::Malformed, large)
            .writes(UNKNOWN),
        fault("length_of_an_exabyte", |_| {
            vec![Step::Send(head("200 OK", &["content-length: 1152921504606846976"])), Step::Stall]
        })
        .reads(Kind::Malformed, large)
        .writes(UNKNOWN),
        fault("33_mb_in_chunks", |_| {
            let mut megabyte = b"100000\r\n".to_vec();
            megabyte.extend(vec![b' '; 1 << 20]);
            megabyte.extend(b"\r\n");
            let chunked = Step::Send(head("200 OK", &["transfer-encoding: chunked"]));
            std::iter::once(chunked).chain((0..33).map(|_| Step::Send(megabyte.clone()))).collect()
        })
        .reads(Kind::Malformed, large)
        .writes(UNKNOWN),
        fault("64_mb_in_a_few_bytes", |_| {
            vec![Step::Send(answer("200 OK", &["content-encoding: gzip"], zeros(64 << 20)))]
        })
        .reads(Kind::Malformed, large)
        .writes(UNKNOWN),
        fault("refusal_of_33_mb", |_| {
            vec![Step::Send(head("500 Internal Server Error", &["content-length: 34603008"])), Step::Stall]
        })
        .reads(Kind::Malformed, large)
        .writes(UNKNOWN),
    ]
}
