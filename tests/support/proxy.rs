//! A proxy that passes connections through to a server that only it can find.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// What a proxy does when it is asked for a connection.
#[derive(Clone, Debug)]
pub enum Connects {
    /// It connects to this address, whatever it was asked for.
    To(String),
    /// It answers with this status.
    Status(u16),
    /// It goes away.
    Never,
}

/// A running proxy; it stops when this is dropped.
pub struct ConnectProxy {
    /// Its address.
    pub url: String,
    heads: Arc<Mutex<Vec<String>>>,
    is_stopped: Arc<AtomicBool>,
}

impl ConnectProxy {
    /// Starts a proxy that does this.
    pub fn start(connects: Connects) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let heads = Arc::new(Mutex::new(Vec::new()));
        let is_stopped = Arc::new(AtomicBool::new(false));
        let proxy = Self { url, heads: heads.clone(), is_stopped: is_stopped.clone() };
        thread::spawn(move || {
            for stream in listener.incoming() {
                if is_stopped.load(Ordering::SeqCst) {
                    break;
                }
                let (connects, heads) = (connects.clone(), heads.clone());
                // A client that goes away is no failure of the proxy.
                thread::spawn(move || drop(serve(stream.unwrap(), &connects, &heads)));
            }
        });
        proxy
    }

    /// The heads of all requests so far.
    pub fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

impl Drop for ConnectProxy {
    fn drop(&mut self) {
        self.is_stopped.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.url.trim_start_matches("http://"));
    }
}

fn serve(mut stream: TcpStream, connects: &Connects, heads: &Mutex<Vec<String>>) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.extend(byte);
    }
    heads.lock().unwrap().push(String::from_utf8(head).unwrap());
    let server = match connects {
        Connects::To(address) => TcpStream::connect(address)?,
        Connects::Status(status) => {
            let answer = format!("HTTP/1.1 {status} Status\r\nContent-Length: 0\r\n\r\n");
            return stream.write_all(answer.as_bytes());
        }
        Connects::Never => return Ok(()),
    };
    stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n")?;
    let (mut up, mut down) = (server.try_clone()?, stream.try_clone()?);
    thread::spawn(move || {
        let _ = io::copy(&mut stream, &mut up);
        let _ = up.shutdown(Shutdown::Write);
    });
    let mut server = server;
    io::copy(&mut server, &mut down)?;
    down.shutdown(Shutdown::Write)
}
