//! Columns for a collection without a schema: the fields that a sample of its documents has.

use bson::RawDocument;

use super::{Field, Shape, Type};

/// A document may have a million keys; a table has no more columns than this.
const MOST_FIELDS: usize = 200;

impl Shape {
    /// The top-level fields of the documents, in the order in which they first appear, with the types that they had.
    /// Nothing is required and nothing forbidden.
    pub fn sampled<'a>(documents: impl IntoIterator<Item = &'a RawDocument>) -> Self {
        let mut shape = Self::default();
        for (name, value) in documents.into_iter().flat_map(|document| document.iter().flatten()) {
            let full = shape.fields.len() == MOST_FIELDS;
            let known = shape.fields.iter().position(|field| *field.name == *name.as_str());
            match known.map(|at| &mut shape.fields[at].seen) {
                Some(seen) if seen.contains(&Type::of(value)) => {}
                Some(seen) => seen.push(Type::of(value)),
                None if full => {}
                None => shape.fields.push(Field {
                    name: name.as_str().into(),
                    seen: vec![Type::of(value)],
                    ..Field::default()
                }),
            }
        }
        shape
    }
}

#[cfg(test)]
mod tests {
    use bson::{RawDocumentBuf, raw::CString, rawdoc};

    use super::*;

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
    fn a_document_of_many_keys_gives_no_more_columns_than_a_table_has() {
        let many = (0..1_000).map(|i| (CString::try_from(format!("f{i}")).unwrap(), i));
        let shape = Shape::sampled([&*many.collect::<RawDocumentBuf>()]);
        assert_eq!(shape.fields.len(), MOST_FIELDS);
    }
}
