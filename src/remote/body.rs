//! The bodies of uploads: multipart forms whose parts are not copied, and which tell how far they
//! got.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
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
    remaining: u64,
    task: Box<dyn Task>,
}

impl Form {
    /// Makes a form of `files`; `task` is told how much of it is sent.
    pub fn new(files: &[OutgoingFile], task: Box<dyn Task>) -> Self {
        let boundary = Uuid::new_v4().simple().to_string();
        let mut form = Self { boundary, pieces: VecDeque::new(), remaining: 0, task };
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
        self.remaining += data.len() as u64;
        while data.len() > PIECE_BYTES {
            self.pieces.push_back(data.split_to(PIECE_BYTES));
        }
        self.pieces.push_back(data);
    }

    /// How many bytes the body has.
    pub fn length(&self) -> u64 {
        self.remaining
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
        self.remaining -= length;
        self.task.advance(length);
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.remaining)
    }
}
