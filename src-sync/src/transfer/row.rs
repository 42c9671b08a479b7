//! A row of a file as a document, with an `_id` that it has before it is first sent, and keeps.

use bson::{RawBsonRef, RawDocument, RawDocumentBuf, oid::ObjectId, raw::CString};
use lockstep_model::{
    Path, Value,
    contract::transfer::{DOCUMENT_MOST_BYTES, ImportPlan},
    shape::visible,
};

use super::{cell::Reading, columns::names, json};

/// A row as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// The cells of CSV.
    Cells(Vec<String>),
    /// A document in Extended JSON.
    Json(String),
}

/// Makes documents of rows.
#[derive(Debug)]
pub struct Rows {
    columns: Vec<Option<(Path, Reading)>>,
}

impl Rows {
    /// As the plan says.
    pub fn new(plan: &ImportPlan) -> Self {
        let columns = plan.columns.iter().map(|column| {
            let path = Path::dotted(column.path.as_deref()?);
            Some((path, Reading::new(column.of, plan.empty)))
        });
        Self { columns: columns.collect() }
    }

    /// The document that a row becomes, without an `_id` where it has none.
    ///
    /// # Errors
    /// Why it becomes none, in words for the person who looks at the file.
    pub fn document(&self, row: &Text) -> Result<RawDocumentBuf, String> {
        match row {
            Text::Json(text) => json::document(text),
            Text::Cells(cells) => self.of_cells(cells),
        }
    }

    /// The same as it is written: with its own `_id`, else with the one made for it, and of a size that the database takes.
    ///
    /// # Errors
    /// Those of [`document`](Self::document), and where it is too large.
    pub fn written(&self, row: &Text, made: ObjectId) -> Result<RawDocumentBuf, String> {
        let document = with_id(&self.document(row)?, made);
        match document.as_bytes().len() > DOCUMENT_MOST_BYTES {
            true => Err("is over MongoDB's limit of 16 MB for a document".into()),
            false => Ok(document),
        }
    }

    fn of_cells(&self, cells: &[String]) -> Result<RawDocumentBuf, String> {
        if cells.len() != self.columns.len() {
            return Err(format!(
                "has {}, and the header {}",
                counted(cells.len()),
                counted(self.columns.len())
            ));
        }
        let mut fields = Vec::new();
        for (column, cell) in self.columns.iter().zip(cells) {
            let Some((path, reading)) = column else { continue };
            let value = reading.value(cell).map_err(|reason| format!("{path}: {reason}"))?;
            if let Some(value) = value {
                put(&mut fields, &names(path).collect::<Vec<_>>(), value);
            }
        }
        build(&fields)
    }
}

fn counted(cells: usize) -> String {
    format!("{cells} cell{}", if cells == 1 { "" } else { "s" })
}

/// A field of a document that is being made.
enum Node {
    Value(Value),
    Inner(Vec<(String, Node)>),
}

/// The columns never have a field and one inside of it.
fn put(fields: &mut Vec<(String, Node)>, names: &[&str], value: Value) {
    let [name, inside @ ..] = names else { return };
    if inside.is_empty() {
        return fields.push(((*name).to_owned(), Node::Value(value)));
    }
    let at = fields.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
        fields.push(((*name).to_owned(), Node::Inner(Vec::new())));
        fields.len() - 1
    });
    if let Node::Inner(inner) = &mut fields[at].1 {
        put(inner, inside, value);
    }
}

fn build(fields: &[(String, Node)]) -> Result<RawDocumentBuf, String> {
    let mut document = RawDocumentBuf::new();
    for (name, node) in fields {
        let key = field_name(name)?;
        match node {
            Node::Value(value) => document.append(&key, value.get()),
            Node::Inner(inner) => document.append(&key, build(inner)?),
        }
    }
    Ok(document)
}

fn field_name(name: &str) -> Result<CString, String> {
    CString::try_from(name).map_err(|_| format!("no field can be called {}", visible(name)))
}

/// The document with its `_id` first, as the database keeps it: its own, else the one made for the row.
fn with_id(document: &RawDocument, made: ObjectId) -> RawDocumentBuf {
    let own = document.get("_id").ok().flatten();
    let mut with_id = RawDocumentBuf::new();
    with_id.append(bson::raw::cstr!("_id"), own.unwrap_or(RawBsonRef::ObjectId(made)));
    for element in document.iter_elements().flatten() {
        if element.key().as_str() != "_id"
            && let Ok(value) = element.value()
        {
            with_id.append(element.key(), value);
        }
    }
    with_id
}

/// The `_id` for the row of that number: the job's own, counted up. Its first four bytes are the time of the job's begin, as
/// in every ObjectId; the other eight are random, and two jobs never come to count the same.
pub fn made_id(job: ObjectId, row: u64) -> ObjectId {
    let mut bytes = job.bytes();
    let (_, counted) = bytes.split_at_mut(4);
    let random: [u8; 8] = (&*counted).try_into().expect("an ObjectId has twelve bytes");
    counted.copy_from_slice(&u64::from_be_bytes(random).wrapping_add(row).to_be_bytes());
    ObjectId::from_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use bson::rawdoc;
    use lockstep_model::{
        contract::transfer::{Column, EmptyCell, Encoding, FileFormat},
        shape::Type,
    };

    use super::*;

    fn rows(columns: &[(Option<&str>, Type)], empty: EmptyCell) -> Rows {
        let column = |(path, of): &(Option<&str>, Type)| Column {
            header: String::new(),
            path: path.map(str::to_owned),
            of: Some(*of),
        };
        Rows::new(&ImportPlan {
            format: FileFormat::Csv,
            encoding: Encoding::Utf8,
            separator: ',',
            empty,
            columns: columns.iter().map(column).collect(),
        })
    }

    fn cells<const N: usize>(cells: [&str; N]) -> Text {
        Text::Cells(cells.map(str::to_owned).into())
    }

    #[test]
    fn dotted_names_make_documents_and_a_column_can_be_left_out() {
        let columns = [
            (Some("name"), Type::String),
            (None, Type::String),
            (Some("address.city"), Type::String),
            (Some("n"), Type::Int),
            (Some("address.geo.lat"), Type::Double),
        ];
        let missing = rows(&columns, EmptyCell::Missing);
        let document = missing.document(&cells(["A", "?", "Bern", "7", "46.9"]));
        assert_eq!(
            document,
            Ok(rawdoc! { "name": "A", "address": { "city": "Bern", "geo": { "lat": 46.9 } }, "n": 7 })
        );
        assert_eq!(missing.document(&cells(["A", "", "", "", ""])), Ok(rawdoc! { "name": "A" }));
        let null = rows(&columns, EmptyCell::Null).document(&cells(["A", "", "", "1", "1"]));
        assert_eq!(
            null,
            Ok(rawdoc! { "name": "A", "address": { "city": null, "geo": { "lat": 1.0 } }, "n": 1 })
        );
        for (row, reason) in [
            (cells(["A", "", "", "x", ""]), "n: 'x' is no Int32; write a whole number, as 42"),
            (Text::Cells(vec!["A".into()]), "has 1 cell, and the header 5 cells"),
            (Text::Json("5".into()), "is no document: one begins with { and ends with }"),
        ] {
            assert_eq!(missing.document(&row), Err(reason.to_owned()));
        }
    }

    #[test]
    fn a_document_over_the_limit_is_refused() {
        let text = format!("{{\"a\":\"{}\"}}", "x".repeat(DOCUMENT_MOST_BYTES));
        let refused = rows(&[], EmptyCell::Missing).written(&Text::Json(text), ObjectId::from_bytes([1; 12]));
        assert_eq!(refused, Err("is over MongoDB's limit of 16 MB for a document".into()));
    }

    #[test]
    fn every_row_has_an_id_of_its_own_that_it_keeps() {
        let job = ObjectId::from_bytes([1, 2, 3, 4, 255, 255, 255, 255, 255, 255, 255, 255]);
        let ids: Vec<_> = (0..3).map(|row| made_id(job, row).bytes()).collect();
        assert_eq!(ids[0], job.bytes());
        assert_eq!(ids[1], [1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(ids[2], [1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 1]);
        let made = made_id(job, 1);
        assert_eq!(with_id(&rawdoc! { "a": 1 }, made), rawdoc! { "_id": made, "a": 1 });
        assert_eq!(with_id(&rawdoc! { "a": 1, "_id": "own" }, made), rawdoc! { "_id": "own", "a": 1 });
    }
}
