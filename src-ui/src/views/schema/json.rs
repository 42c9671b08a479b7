//! The schema as JSON, for whoever takes it elsewhere.

use bson::{RawArrayBuf, RawBson, RawDocumentBuf, rawdoc};
use lockstep_model::{
    Namespace, Value,
    contract::{
        CollectionSchema,
        schema::{Declared, SchemaField},
    },
    shape::Type,
};

use super::words;

/// All of it, over several lines.
pub fn all(namespace: &Namespace, schema: &CollectionSchema) -> String {
    let mut all = rawdoc! {
        "collection": namespace.to_string(),
        "sampled": number(schema.sampled),
        "count": schema.count.map_or(RawBson::Null, |count| number(count).into()),
        "validator": schema.validator.clone().map_or(RawBson::Null, RawBson::Document),
        "fields": array(schema.fields.iter().map(|field| field_document(field).into())),
    };
    let indexes = schema.indexes.iter().map(|index| {
        let mut document =
            rawdoc! { "name": &*index.name, "keys": index.keys.clone(), "unique": index.unique, "sparse": index.sparse };
        if let Some(seconds) = index.expire_after_seconds {
            document.append(bson::raw::cstr!("expireAfterSeconds"), seconds);
        }
        if let Some(filter) = &index.partial {
            document.append(bson::raw::cstr!("partialFilterExpression"), filter.clone());
        }
        RawBson::Document(document)
    });
    all.append(bson::raw::cstr!("indexes"), array(indexes));
    format!("{:#}", Value::document(&all).relaxed())
}

fn field_document(field: &SchemaField) -> RawDocumentBuf {
    let types =
        field.types.iter().map(|(of, count)| rawdoc! { "type": of.name(), "count": number(*count) }.into());
    let mut document = rawdoc! {
        "path": &*field.path,
        "present": number(field.present),
        "of": number(field.holders),
        "types": array(types),
        "examples": values(&field.examples),
    };
    if let Some((least, most)) = &field.range {
        document.append(bson::raw::cstr!("least"), least.get());
        document.append(bson::raw::cstr!("most"), most.get());
    }
    if let Some((least, most)) = field.length {
        document.append(bson::raw::cstr!("shortest"), number(least));
        document.append(bson::raw::cstr!("longest"), number(most));
    }
    if let Some(declared) = &field.declared {
        document.append(bson::raw::cstr!("declared"), declared_document(declared));
    }
    let wrong = field.disagreements.iter().map(|one| words::disagreement(one).into());
    document.append(bson::raw::cstr!("disagreements"), array(wrong));
    document
}

fn declared_document(declared: &Declared) -> RawDocumentBuf {
    let names = |types: &[Type]| array(types.iter().map(|of| of.name().into()));
    let mut document = rawdoc! { "types": names(&declared.types), "required": declared.required };
    if let Some(options) = &declared.options {
        document.append(bson::raw::cstr!("enum"), values(options));
    }
    if let Some(description) = &declared.description {
        document.append(bson::raw::cstr!("description"), &**description);
    }
    document.append(bson::raw::cstr!("rules"), array(declared.rules.iter().map(|rule| rule.as_str().into())));
    document
}

fn array(items: impl Iterator<Item = RawBson>) -> RawArrayBuf {
    items.collect()
}

fn values(values: &[Value]) -> RawArrayBuf {
    let mut array = RawArrayBuf::new();
    values.iter().for_each(|value| array.push(value.get()));
    array
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
