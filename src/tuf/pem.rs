//! PEM text as Go reads and writes it: blocks of any type may carry header lines.
//!
//! Key files need headers (`role`, `gun`) on PKCS#8 blocks, which RFC 7468 forbids, and header
//! values with colons. Certificates in metadata must come out byte for byte as Go writes them,
//! because key ids are computed over the text (`formats.md` §0, §2.1).

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use data_encoding::{BASE64, Specification};
use zeroize::Zeroizing;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";
const COLUMNS: usize = 64;

/// One block of a PEM text.
#[derive(Clone, Eq, PartialEq)]
pub struct Block {
    /// For instance `CERTIFICATE`.
    pub label: String,
    /// The lines before the data, by name.
    pub headers: BTreeMap<String, String>,
    /// The decoded data, wiped when dropped since it may be a private key.
    pub contents: Zeroizing<Vec<u8>>,
}

impl Block {
    /// A block without headers.
    pub fn new(label: &str, contents: Vec<u8>) -> Self {
        Self {
            label: label.to_owned(),
            headers: BTreeMap::new(),
            contents: Zeroizing::new(contents),
        }
    }

    /// The block as text: headers with `Proc-Type` first and the others by name, a blank line
    /// behind them, 64 columns of base64, and a final newline.
    pub fn encode(&self) -> Zeroizing<String> {
        let mut out = Zeroizing::new(format!("{BEGIN}{}{DASHES}\n", self.label));
        let (first, others): (Vec<_>, Vec<_>) =
            self.headers.iter().partition(|(name, _)| *name == "Proc-Type");
        for (name, value) in first.into_iter().chain(others) {
            out.push_str(&format!("{name}: {value}\n"));
        }
        if !self.headers.is_empty() {
            out.push('\n');
        }
        let data = Zeroizing::new(BASE64.encode(&self.contents));
        for start in (0..data.len()).step_by(COLUMNS) {
            out.push_str(&data[start..data.len().min(start + COLUMNS)]);
            out.push('\n');
        }
        out.push_str(&format!("{END}{}{DASHES}\n", self.label));
        out
    }
}

impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The contents may be a private key.
        let Self { label, headers, .. } = self;
        f.debug_struct("Block")
            .field("label", label)
            .field("headers", headers)
            .finish_non_exhaustive()
    }
}

/// Returns every block of `text`; whatever is no block is passed over.
///
/// As in Go, a block ends at the first `END` line, whatever its label, and lines of another block
/// are no data. So one that lacks its end is given up at the next `BEGIN` line, and each line is
/// looked at once, however hostile the text is.
pub fn decode_all(text: &[u8]) -> Vec<Block> {
    locate_all(text).into_iter().map(|located| located.block).collect()
}

/// A block, and where in the text it is: from its first line to its last, with the end of that.
#[derive(Debug)]
pub struct Located {
    /// The block.
    pub block: Block,
    /// The bytes of it.
    pub range: Range<usize>,
}

/// Like [`decode_all`], with the place of each block.
pub fn locate_all(text: &[u8]) -> Vec<Located> {
    let mut blocks = Vec::new();
    let mut open: Option<OpenBlock> = None;
    let mut start = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let end = start + line.len();
        // Header values of our own files are UTF-8; a stray byte elsewhere must not hide a block.
        // Good text is not copied.
        let line = String::from_utf8_lossy(line);
        let line = line.strip_suffix('\n').unwrap_or(&line);
        if let Some(label) = label_of(line, BEGIN) {
            open = Some(OpenBlock::new(label, start));
        } else if let Some(label) = label_of(line, END) {
            blocks.extend(open.take().and_then(|block| block.close(label, end)));
        } else if let Some(block) = &mut open {
            block.add(line);
        }
        start = end;
    }
    blocks
}

/// A block whose last line has not come yet.
struct OpenBlock {
    label: String,
    headers: BTreeMap<String, String>,
    data: Zeroizing<String>,
    start: usize,
}

impl OpenBlock {
    fn new(label: &str, start: usize) -> Self {
        let (headers, data) = (BTreeMap::new(), Zeroizing::default());
        Self { label: label.to_owned(), headers, data, start }
    }

    fn add(&mut self, line: &str) {
        match line.split_once(':') {
            Some((name, value)) if self.data.is_empty() => {
                self.headers.insert(name.trim().to_owned(), value.trim().to_owned());
            }
            _ => self.data.push_str(line.trim()),
        }
    }

    fn close(self, label: &str, end: usize) -> Option<Located> {
        if label != self.label {
            return None;
        }
        let contents = Zeroizing::new(decode_base64(&self.data)?);
        let block = Block { label: self.label, headers: self.headers, contents };
        Some(Located { block, range: self.start..end })
    }
}

fn label_of<'a>(line: &'a str, marker: &str) -> Option<&'a str> {
    line.trim_end().strip_prefix(marker)?.strip_suffix(DASHES)
}

fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let mut specification: Specification = BASE64.specification();
    specification.ignore.push_str(" \t");
    specification.encoding().ok()?.decode(text.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_with_headers_round_trip() {
        let text = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n\
            gun: registry.example:5000/app\n\
            role: targets\n\
            \n\
            MIHuMEkGCSqGSIb3DQEFDTA8MBsGCSqGSIb3DQEFDDAOBAh22Ev5ZgMmIAICCAAw\n\
            AAEC\n\
            -----END ENCRYPTED PRIVATE KEY-----\n";
        let blocks = decode_all(text.as_bytes());
        assert_eq!(blocks.len(), 1);
        assert_eq!(blocks[0].headers["gun"], "registry.example:5000/app");
        assert_eq!(*blocks[0].encode(), text);
    }

    #[test]
    fn proc_type_comes_first() {
        let mut block = Block::new("EC PRIVATE KEY", vec![1, 2, 3]);
        for (name, value) in [("DEK-Info", "AES-128-CBC,00"), ("Proc-Type", "4,ENCRYPTED")] {
            block.headers.insert(name.into(), value.into());
        }
        let text = block.encode();
        assert!(
            text.starts_with("-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info")
        );
        assert_eq!(decode_all(text.as_bytes()), [block]);
    }

    #[test]
    fn text_around_blocks_and_line_ends_do_not_matter() {
        let text = "junk\r\n-----BEGIN A-----\r\nAAEC\r\n-----END A-----\r\nmore\n-----BEGIN B-----\nAw==\n-----END B-----";
        let blocks = decode_all(text.as_bytes());
        assert_eq!(blocks, [Block::new("A", vec![0, 1, 2]), Block::new("B", vec![3])]);
    }

    #[test]
    fn the_place_of_a_block_is_that_of_its_lines() {
        let texts = [
            "junk \u{e9}\n",
            "-----BEGIN A-----\r\nname: value\r\n\r\nAAEC\r\n-----END A-----\r\n",
            "-----BEGIN C-----\nbroken\n-----BEGIN B-----\nAw==\n-----END B-----",
        ];
        let text = texts.concat();
        let mut bytes = text.clone().into_bytes();
        // What is no text has places as well.
        bytes[0] = 0xff;
        let located = locate_all(&bytes);
        let parts: Vec<_> = located.iter().map(|found| &text[found.range.clone()]).collect();
        assert_eq!(parts, [texts[1], &texts[2][texts[2].find("-----BEGIN B").unwrap()..]]);
        let blocks: Vec<_> = located.into_iter().map(|found| found.block).collect();
        assert_eq!(blocks, decode_all(&bytes));
    }

    #[test]
    fn broken_blocks_are_passed_over() {
        for text in [
            "",
            "-----BEGIN A-----\nAAEC\n",
            "-----BEGIN A-----\nAAEC\n-----END B-----\n",
            "-----BEGIN A-----\n!!!!\n-----END A-----\n",
            "-----BEGIN A-----\nAAEC\n-----END B-----\nAAEC\n-----END A-----\n",
        ] {
            assert_eq!(decode_all(text.as_bytes()), [], "{text:?}");
        }
        let text = "-----BEGIN A-----\n-----BEGIN B-----\nAw==\n-----END B-----\n";
        assert_eq!(decode_all(text.as_bytes()), [Block::new("B", vec![3])]);
    }

    #[test]
    fn each_line_is_looked_at_once_also_when_blocks_do_not_end() {
        // What is quadratic takes hours for this.
        let text = "-----BEGIN A-----\n".repeat(1 << 20);
        assert_eq!(decode_all(text.as_bytes()), []);
        let text = text + "AAEC\n-----END A-----\n";
        assert_eq!(decode_all(text.as_bytes()), [Block::new("A", vec![0, 1, 2])]);
    }
}
