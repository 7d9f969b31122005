//! Passing requests on, for servers of tests that stand in front of others.

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
