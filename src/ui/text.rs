//! Text that may contain anything, and tables of it.

use std::borrow::Cow;

use comfy_table::{Attribute, Cell, ContentArrangement, LineStyle, Table as Drawing, presets};

use crate::tuf::role::is_obeyed;

/// Makes text harmless for terminals: control characters and those that change the direction of
/// writing become escapes such as `\x1b` or `\u{202e}`.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_obeyed) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if !is_obeyed(c) => out.push(c),
            c if u32::from(c) < 0x100 => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
        }
    }
    Cow::Owned(out)
}

/// A table with a header; cells are escaped when it is printed.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// The names of the columns.
    pub header: &'static [&'static str],
    /// The cells, row by row.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// The form for programs, which is that of the Go program: columns padded to the widest cell
    /// (in code points) and four more, a line of dashes below the header, the last column as it is.
    pub fn plain(&self) -> String {
        const GAP: usize = 4;
        let header = self.header.iter().map(|name| Cow::Borrowed(*name)).collect();
        let dashes = self.header.iter().map(|name| Cow::Owned("-".repeat(name.len()))).collect();
        let rows = self.rows.iter().map(|row| row.iter().map(|cell| escape(cell)).collect());
        let rows: Vec<Vec<Cow<'_, str>>> = [header, dashes].into_iter().chain(rows).collect();
        let length = |cell: &Cow<'_, str>| cell.chars().count();
        let width = |column: usize| rows.iter().map(|row| length(&row[column])).max().unwrap_or(0);
        let widths: Vec<usize> = (0..self.header.len()).map(width).collect();

        let mut out = String::new();
        for row in &rows {
            for (column, cell) in row.iter().enumerate() {
                out.push_str(cell);
                if column + 1 < row.len() {
                    let gap = widths[column] + GAP - length(cell);
                    out.extend(std::iter::repeat_n(' ', gap));
                }
            }
            out.push('\n');
        }
        out
    }

    /// The width of the drawn form, in characters.
    pub fn drawn_width(&self) -> usize {
        self.drawn(false).lines().map(|line| line.chars().count()).max().unwrap_or(0)
    }

    /// The form for people at a terminal.
    pub fn drawn(&self, colour: bool) -> String {
        let mut drawing = Drawing::new();
        // Lines between the rows would only double the length of long lists.
        drawing.load_style(presets::UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none()));
        // Wrapping would break digests and key ids, which people copy.
        drawing.set_content_arrangement(ContentArrangement::Disabled);
        if colour {
            drawing.enforce_styling();
        } else {
            drawing.force_no_tty();
        }
        // Bold only: colours would be up to an environment that --color has overruled.
        let name = |name: &&str| Cell::new(name).add_attribute(Attribute::Bold);
        drawing.set_header(self.header.iter().map(name));
        for row in &self.rows {
            drawing.add_row(row.iter().map(|cell| escape(cell).into_owned()));
        }
        format!("{}\n", drawing.trim_fmt())
    }
}

/// How many characters fit into a line of the terminal that stdout is.
pub fn terminal_width() -> Option<usize> {
    Drawing::new().width().filter(|width| *width > 0).map(usize::from)
}

/// A number of things, as people say it.
pub fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// A number of bytes as people read it.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    let mut value = bytes as f64;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    if unit == 0 { format!("{bytes} B") } else { format!("{value:.1} {}", UNITS[unit]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_is_left() {
        assert_eq!(escape("plain é漢😀"), "plain é漢😀");
        assert_eq!(escape("a\tb\nc\rd"), "a\\tb\\nc\\rd");
        assert_eq!(escape("\u{1b}[31mred\u{7f}\u{9b}"), "\\x1b[31mred\\x7f\\x9b");
        assert_eq!(escape("abc\u{202e}fdp\u{2028}"), "abc\\u{202e}fdp\\u{2028}");
    }

    #[test]
    fn plain_tables_have_the_form_of_the_go_program() {
        let table = Table {
            header: &["#", "ACTION", "PATH"],
            rows: vec![
                vec!["0".into(), "create".into(), "uni/é漢😀".into()],
                vec!["10".into(), "delete".into(), String::new()],
            ],
        };
        let expected = "#     ACTION    PATH\n\
                        -     ------    ----\n\
                        0     create    uni/é漢😀\n\
                        10    delete    \n";
        assert_eq!(table.plain(), expected);
    }

    #[test]
    fn drawn_tables_have_colour_only_when_asked() {
        let table = Table { header: &["NAME"], rows: vec![vec!["a\u{1b}b".into()]] };
        assert!(!table.drawn(false).contains('\u{1b}'));
        assert!(table.drawn(true).contains("\u{1b}["));
        assert!(table.drawn(true).contains("a\\x1bb"));
    }

    #[test]
    fn drawn_tables_have_a_line_for_each_row() {
        let rows = ["a", "b", "c"].map(|name| vec![name.to_owned()]).to_vec();
        let table = Table { header: &["NAME"], rows };
        assert_eq!(table.drawn(false).lines().count(), 3 + 4, "{}", table.drawn(false));
    }

    #[test]
    fn sizes_are_readable() {
        assert_eq!(size(0), "0 B");
        assert_eq!(size(1023), "1023 B");
        assert_eq!(size(1536), "1.5 KiB");
        assert_eq!(size(5 << 30), "5.0 GiB");
    }
}
