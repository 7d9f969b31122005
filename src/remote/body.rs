//! The bodies of uploads: multipart forms whose parts are not copied, and which tell how far they
//! got.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use uuid::Uuid;

use crate::progress::Task;
use crate::tuf::sign::OutgoingFile;

/// Pieces of this size are handed to the connection, so that progress can be seen.
const PIECE_BYTES: usize = 64 << 10;

/// A `multipart/form-data` body with one part for each file (`formats.md` §7.2).
///
/// Made by hand because a form without parts is meaningful here, it makes the server put out a new
/// snapshot, and must still end with its closing boundary.
pub struct Form {
    boundary: String,
    pieces: VecDeque<Bytes>,
    length: u64,
    sent: Arc<AtomicU64>,
    task: Box<dyn Task>,
}

/// How much of a form was sent.
pub struct Sent {
    bytes: Arc<AtomicU64>,
    length: u64,
}

impl Sent {
    /// The number of bytes.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Whether that is all.
    pub fn is_all(&self) -> bool {
        self.bytes() == self.length
    }
}

impl Form {
    /// Makes a form of `files`; `task` is told how much of it is sent.
    pub fn new(files: &[OutgoingFile], task: Box<dyn Task>) -> Self {
        let boundary = Uuid::new_v4().simple().to_string();
        let (pieces, sent) = (VecDeque::new(), Arc::default());
        let mut form = Self { boundary, pieces, length: 0, sent, task };
        let boundary = form.boundary.clone();
        for file in files {
            // Role names consist of characters that need no quoting.
            form.push(Bytes::from(format!(
                "\r\n--{boundary}\r\n\
                 Content-Disposition: form-data; name=\"files\"; filename=\"{}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n",
                file.role
            )));
            form.push(Bytes::from(file.bytes.clone()));
        }
        form.push(Bytes::from(format!("\r\n--{boundary}--\r\n")));
        form
    }

    /// The value of the `Content-Type` header.
    pub fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }

    fn push(&mut self, mut data: Bytes) {
        self.length += data.len() as u64;
        while data.len() > PIECE_BYTES {
            self.pieces.push_back(data.split_to(PIECE_BYTES));
        }
        self.pieces.push_back(data);
    }

    /// How many bytes the body has.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Follows the sending.
    pub fn sent(&self) -> Sent {
        Sent { bytes: self.sent.clone(), length: self.length }
    }
}

impl Body for Form {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = self.pieces.pop_front();
        let length = piece.as_ref().map_or(0, Bytes::len) as u64;
        self.sent.fetch_add(length, Ordering::Relaxed);
        self.task.advance(length);
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length - self.sent.load(Ordering::Relaxed))
    }
}
