//! A document as lines, one for each field and element, nested ones below what they are in. Pure.

use bson::{RawBsonRef, RawDocument};
use lockstep_model::{
    Document, Path, Step,
    shape::{Field, Shape, Type, display_text},
};
use yew::AttrValue;

use crate::parts::counted;

/// More lines than these help nobody, and a hostile document may have a million fields.
const MOST_LINES: usize = 2_000;
/// Deeper than this, a document or an array is shown as one line.
const DEEPEST: usize = 12;

/// One field or element.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Where it is.
    pub path: Path,
    /// How deep, from 0.
    pub depth: usize,
    /// As a person reads it.
    pub value: AttrValue,
    /// Its type.
    pub kind: Type,
}

/// The lines of a document, and how many were left out.
pub fn lines(document: &RawDocument) -> (Vec<Line>, usize) {
    let mut lines = Lines::default();
    for (name, value) in document.iter().flatten() {
        lines.add(Path::field(name.as_str()), 0, value);
    }
    (lines.kept, lines.left_out)
}

/// Fields that the shape knows and the document has not: there is a place to write them.
pub fn missing(document: &Document, shape: &Shape) -> Vec<Line> {
    let is_there = |field: &Field| {
        document.get(&Path::field(&field.name)).is_some()
            || document.omitted().iter().any(|omitted| omitted.field == field.name)
    };
    let missing = shape.fields.iter().filter(|field| !is_there(field)).map(|field| Line {
        path: Path::field(&field.name),
        depth: 0,
        value: AttrValue::default(),
        kind: field.types().first().copied().unwrap_or(Type::Null),
    });
    missing.collect()
}

#[derive(Default)]
struct Lines {
    kept: Vec<Line>,
    left_out: usize,
}

impl Lines {
    fn add(&mut self, path: Path, depth: usize, value: RawBsonRef<'_>) {
        if self.kept.len() >= MOST_LINES {
            self.left_out += 1;
            return;
        }
        let kind = Type::of(value);
        // What has lines of its own below is not written out twice.
        let text = inside(value).filter(|_| depth < DEEPEST).unwrap_or_else(|| display_text(value));
        self.kept.push(Line { path: path.clone(), depth, value: text.into(), kind });
        if depth == DEEPEST {
            return;
        }
        match value {
            RawBsonRef::Document(inner) => {
                for (name, value) in inner.iter().flatten() {
                    self.add(path.then(Step::Field(name.as_str().into())), depth + 1, value);
                }
            }
            RawBsonRef::Array(items) => {
                for (index, value) in (0..).zip(items.into_iter().flatten()) {
                    self.add(path.then(Step::Index(index)), depth + 1, value);
                }
            }
            _ => {}
        }
    }
}

/// How much is in a document or an array in which something is.
fn inside(value: RawBsonRef<'_>) -> Option<String> {
    let (count, noun) = match value {
        RawBsonRef::Document(inner) => (inner.iter_elements().count(), "field"),
        RawBsonRef::Array(items) => (items.into_iter().count(), "item"),
        _ => return None,
    };
    (count > 0).then(|| counted(count as u64, noun))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bson::{RawBson, RawDocumentBuf, rawdoc};

    #[test]
    fn nested_fields_follow_what_they_are_in() {
        let (lines, left_out) = lines(&rawdoc! { "a": { "b": [1, { "c": true }] }, "d": null });
        let found: Vec<_> = lines.iter().map(|line| (line.path.to_string(), line.depth)).collect();
        let expected = [("a", 0), ("a.b", 1), ("a.b.0", 2), ("a.b.1", 2), ("a.b.1.c", 3), ("d", 0)];
        assert_eq!(found, expected.map(|(path, depth)| (path.to_owned(), depth)));
        assert_eq!(left_out, 0);
        let texts: Vec<_> = lines.iter().map(|line| line.value.as_str()).collect();
        assert_eq!(texts, ["1 field", "2 items", "1", "1 field", "true", "null"]);
    }

    #[test]
    fn what_the_shape_knows_and_the_document_has_not_has_a_line_too() {
        let schema = rawdoc! { "properties": { "a": {}, "b": { "bsonType": "date" }, "c": {} } };
        let shape = Shape::of_validator(&rawdoc! { "$jsonSchema": schema }).unwrap();
        let missing = missing(&Document::whole(&rawdoc! { "a": null, "z": 1 }), &shape);
        let found: Vec<_> = missing.iter().map(|line| (line.path.to_string(), line.kind)).collect();
        assert_eq!(found, [("b".to_owned(), Type::Date), ("c".to_owned(), Type::Null)]);
    }

    #[test]
    fn hostile_documents_give_a_bounded_number_of_lines() {
        let many: bson::RawArrayBuf = (0..5_000).map(RawBson::from).collect();
        let (wide, left_out) = lines(&rawdoc! { "many": many });
        assert_eq!((wide.len(), left_out), (MOST_LINES, 5_001 - MOST_LINES));

        let deep = (0..100).fold(RawDocumentBuf::new(), |inner, _| rawdoc! { "in": inner });
        assert_eq!(lines(&deep).0.len(), DEEPEST + 1);
    }
}
