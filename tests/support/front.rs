//! Passing requests on, for servers of tests that stand in front of others.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use super::{Request, Response};

/// Lets the server at `url` answer a request.
pub fn pass_on(url: &str, request: &Request) -> Response {
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
    // In HTTP/1.0 the answer ends with the connection, and is never in chunks.
    let mut head = format!("{} {} HTTP/1.0\r\n", request.method, request.path);
    for name in ["content-type", "content-length"] {
        if let Some(value) = request.header(name) {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    head.push_str("\r\n");
    stream.write_all(&[head.as_bytes(), &request.body].concat()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Response::status(status, &answer[end + 4..])
}

/// What the server at `url` has under a name in a collection, for instance `targets.json`.
pub fn served(url: &str, gun: &str, name: &str) -> Option<Vec<u8>> {
    let request = Request {
        method: "GET".into(),
        path: format!("/v2/{gun}/_trust/tuf/{name}"),
        headers: Vec::new(),
        body: Vec::new(),
        connection: 0,
    };
    match pass_on(url, &request) {
        Response::Answer { status: 200, body, .. } => Some(body),
        _ => None,
    }
}

/// The files of an upload, by role.
#[track_caller]
pub fn uploaded(request: &Request) -> BTreeMap<String, Vec<u8>> {
    let kind = request.header("content-type").unwrap();
    let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
    let length: usize = request.header("content-length").unwrap().parse().unwrap();
    assert_eq!(length, request.body.len());
    let delimiter = format!("\r\n--{boundary}");
    // The line break before the first delimiter may be missing.
    let body =
        [if request.body.starts_with(b"--") { "\r\n" } else { "" }.as_bytes(), &request.body];
    let body = body.concat();
    let mut rest = body.as_slice();
    let mut files = BTreeMap::new();
    loop {
        rest = rest.strip_prefix(delimiter.as_bytes()).unwrap();
        if rest == b"--\r\n" {
            return files;
        }
        let end = find(rest, b"\r\n\r\n");
        let head = std::str::from_utf8(&rest[..end]).unwrap();
        let name = head
            .strip_prefix("\r\nContent-Disposition: form-data; name=\"files\"; filename=\"")
            .unwrap();
        let name = name.strip_suffix("\"\r\nContent-Type: application/octet-stream").unwrap();
        rest = &rest[end + 4..];
        let length = find(rest, delimiter.as_bytes());
        assert!(files.insert(name.to_owned(), rest[..length].to_vec()).is_none(), "{name}");
        rest = &rest[length..];
    }
}

fn find(text: &[u8], word: &[u8]) -> usize {
    text.windows(word.len()).position(|window| window == word).unwrap()
}
