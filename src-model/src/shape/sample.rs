//! Columns for a collection without a schema: the fields that a sample of its documents has.

use std::collections::HashMap;

use bson::{RawBsonRef, RawDocument};

use super::{Field, Shape, Type};

/// A document may have a million keys; a table has no more columns than this.
const MOST_FIELDS: usize = 200;
/// Fields inside of one of those: so many in all…
const MOST_INNER: usize = 100;
/// …in documents and arrays inside of each other so often.
const DEPTH_MOST: usize = 5;

impl Shape {
    /// The fields of the documents, and those inside of them, in the order in which they first appear, with the types that
    /// they had. Nothing is required and nothing forbidden.
    pub fn sampled<'a>(documents: impl IntoIterator<Item = &'a RawDocument>) -> Self {
        let mut shape = Self::default();
        let (mut left, mut inner_left) = (MOST_FIELDS, HashMap::new());
        for (name, value) in documents.into_iter().flat_map(|document| document.iter().flatten()) {
            if let Some(field) = shape.seen(name.as_str(), &mut left) {
                let inner_left = inner_left.entry(field.name.clone()).or_insert(MOST_INNER);
                field.see(value, 1, inner_left);
            }
        }
        shape
    }

    /// The field of that name; a new one, if there may be more: so many are left.
    fn seen(&mut self, name: &str, left: &mut usize) -> Option<&mut Field> {
        let at = match self.fields.iter().position(|field| *field.name == *name) {
            Some(at) => at,
            None => {
                *left = left.checked_sub(1)?;
                self.fields.push(Field { name: name.into(), ..Field::default() });
                self.fields.len() - 1
            }
        };
        self.fields.get_mut(at)
    }
}

impl Field {
    /// Another value of it, that deep in the document; inside of it, so many fields are left to be added.
    fn see(&mut self, value: RawBsonRef<'_>, depth: usize, inner_left: &mut usize) {
        if !self.seen.contains(&Type::of(value)) {
            self.seen.push(Type::of(value));
        }
        match value {
            _ if depth == DEPTH_MOST => {}
            RawBsonRef::Document(document) => {
                let inner = self.inner.get_or_insert_default();
                for (name, value) in document.iter().flatten() {
                    if let Some(field) = inner.seen(name.as_str(), inner_left) {
                        field.see(value, depth + 1, inner_left);
                    }
                }
            }
            RawBsonRef::Array(items) => {
                for item in items.into_iter().flatten() {
                    self.items.get_or_insert_default().see(item, depth + 1, inner_left);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use bson::{RawDocumentBuf, raw::CString, rawdoc};

    use super::*;
    use crate::Path;

    #[test]
    fn a_sample_gives_columns_and_forbids_nothing() {
        let documents = [
            rawdoc! { "_id": 1, "b": "x" },
            rawdoc! { "_id": 2, "a": 1, "b": 5 },
            rawdoc! { "_id": "3", "b": "y" },
        ];
        let shape = Shape::sampled(documents.iter().map(|document| &**document));
        let fields: Vec<_> = shape.fields.iter().map(|field| (&*field.name, field.types())).collect();
        let expected: [(&str, &[Type]); 3] =
            [("_id", &[Type::Int, Type::String]), ("b", &[Type::String, Type::Int]), ("a", &[Type::Int])];
        assert_eq!(fields, expected);
        assert_eq!(shape.validate(&rawdoc! { "a": "other", "z": null }), []);
    }

    #[test]
    fn what_is_inside_of_documents_and_arrays_is_told_too() {
        let documents = [
            rawdoc! { "at": { "city": "Graz", "geo": { "lat": 1.5 } }, "lines": [{ "q": 1 }, { "q": "2" }] },
            rawdoc! { "at": "Graz", "lines": [7] },
            rawdoc! { "at": { "zip": 8010 } },
        ];
        let shape = Shape::sampled(documents.iter().map(|document| &**document));
        let types = |path: &str| shape.at(&Path::dotted(path)).map(Field::types);
        assert_eq!(types("at"), Some(&[Type::Object, Type::String][..]));
        assert_eq!(types("at.city"), Some(&[Type::String][..]));
        assert_eq!(types("at.geo.lat"), Some(&[Type::Double][..]));
        assert_eq!(types("at.zip"), Some(&[Type::Int][..]));
        assert_eq!(types("at.street"), None);
        let items = shape.field("lines").and_then(|lines| lines.items.as_deref()).unwrap();
        assert_eq!(items.types(), [Type::Object, Type::Int]);
        let quantity = items.inner.as_ref().and_then(|inner| inner.field("q")).unwrap();
        assert_eq!(quantity.types(), [Type::Int, Type::String]);
        assert_eq!(shape.validate(&rawdoc! { "at": { "city": 5, "other": 1 }, "lines": ["x"] }), []);
    }

    #[test]
    fn a_document_of_many_keys_gives_no_more_columns_than_a_table_has() {
        let many = || {
            let keys = (0..1_000).map(|i| (CString::try_from(format!("f{i}")).unwrap(), i));
            keys.collect::<RawDocumentBuf>()
        };
        let shape = Shape::sampled([&*many()]);
        assert_eq!(shape.fields.len(), MOST_FIELDS);
        let twice = rawdoc! { "a": many(), "b": [many()], "c": 1 };
        let shape = Shape::sampled([&*twice]);
        let inner = |field: &Field| {
            let of = field.items.as_deref().unwrap_or(field);
            of.inner.as_ref().map_or(0, |inner| inner.fields.len())
        };
        // One that is a map of many keys leaves room for what is in the others.
        assert_eq!(shape.fields.iter().map(inner).collect::<Vec<_>>(), [MOST_INNER, MOST_INNER, 0]);
        let deep = (0..90).fold(RawDocumentBuf::new(), |inner, _| rawdoc! { "a": inner });
        let mut depth = 0;
        let shape = Shape::sampled([&*deep]);
        let mut field = shape.field("a");
        while let Some(inner) = field {
            depth += 1;
            field = inner.inner.as_ref().and_then(|inner| inner.field("a"));
        }
        assert_eq!(depth, DEPTH_MOST);
    }
}
