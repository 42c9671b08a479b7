//! Cells as the text that spreadsheets give and take: a line for each row, tabs between cells, and in quotes what holds a tab,
//! a line break or a quote at its beginning.
//!
//! Not a library for CSV: those skip empty lines, which are rows here.

/// The rows of such a text, of which not all need have as many cells.
pub fn parse(text: &str) -> Vec<Vec<String>> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    // The last line ends, and none follows it.
    let text = text.strip_suffix('\n').unwrap_or(&text);
    let (mut rows, mut row) = (Vec::new(), Vec::new());
    let mut rest = text;
    loop {
        let (cell, behind) = match rest.strip_prefix('"').and_then(quoted) {
            Some(found) => found,
            None => {
                let end = rest.find(['\t', '\n']).unwrap_or(rest.len());
                (rest[..end].to_owned(), &rest[end..])
            }
        };
        row.push(cell);
        match behind.chars().next() {
            Some('\t') => rest = &behind[1..],
            Some(_) => {
                rows.push(std::mem::take(&mut row));
                rest = &behind[1..];
            }
            None => {
                rows.push(row);
                return rows;
            }
        }
    }
}

/// What stands before the closing quote, and what behind it; `None` where there is none that ends a cell.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut cell = String::new();
    let mut rest = text;
    loop {
        let (before, behind) = rest.split_once('"')?;
        cell.push_str(before);
        match behind.chars().next() {
            Some('"') => {
                cell.push('"');
                rest = &behind[1..];
            }
            None | Some('\t' | '\n') => return Some((cell, behind)),
            Some(_) => return None,
        }
    }
}

/// The text of these rows.
pub fn format(rows: &[Vec<String>]) -> String {
    let lines = rows.iter().map(|row| row.iter().map(|cell| written(cell)).collect::<Vec<_>>().join("\t"));
    lines.collect::<Vec<_>>().join("\n")
}

fn written(cell: &str) -> String {
    if cell.contains(['\t', '\n', '\r']) || cell.starts_with('"') {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[&[&str]]) -> Vec<Vec<String>> {
        rows.iter().map(|row| row.iter().map(ToString::to_string).collect()).collect()
    }

    #[test]
    fn what_spreadsheets_write_is_read() {
        for (text, expected) in [
            ("a", &[&["a"][..]][..]),
            ("", &[&[""]]),
            ("a\tb\r\nc\td\r\n", &[&["a", "b"], &["c", "d"]]),
            ("a\n\nb\n", &[&["a"], &[""], &["b"]]),
            ("\t\n", &[&["", ""]]),
            ("\"two\nlines\"\tb", &[&["two\nlines", "b"]]),
            ("\"a \"\"quote\"\"\"\nb", &[&["a \"quote\""], &["b"]]),
            ("5\" pipe\t\"so\" he said", &[&["5\" pipe", "\"so\" he said"]]),
            ("\"open\tb", &[&["\"open", "b"]]),
        ] {
            assert_eq!(parse(text), rows(expected), "{text:?}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let table = rows(&[&["a\tb", "\"", "\"a\"", "c\r\nd"], &["", "e", "5\"", ""], &["", "", "", ""]]);
        // Line breaks are all of one kind in a clipboard.
        let expected = rows(&[&["a\tb", "\"", "\"a\"", "c\nd"], &["", "e", "5\"", ""], &["", "", "", ""]]);
        assert_eq!(parse(&format(&table)), expected);
    }
}
