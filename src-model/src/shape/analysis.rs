//! What a sample of documents is, field by field, beside what the schema says.
//!
//! It takes one document after the other and keeps none; of whatever a document is, it keeps a bounded part.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use bson::{RawBsonRef, RawDocument};

use super::{Field, Rule, Shape, Type};
use crate::{
    Value,
    contract::schema::{Declared, Disagreement, SCHEMA_FIELDS_MOST, SchemaField},
    order::compare,
};

/// What is further inside is not told.
const DEPTH_MOST: u32 = 20;
/// Of a field so many values are shown in all, and of each type.
const EXAMPLES_MOST: usize = 5;
const EXAMPLES_OF_A_TYPE: usize = 3;
/// A larger value is no example.
const EXAMPLE_MOST_BYTES: usize = 200;
/// Of a field so many different wrong values are told.
const WRONG_MOST: usize = 20;

/// What the documents so far are.
#[derive(Debug)]
pub struct Analysis {
    documents: u64,
    root: Inner,
    fields: usize,
    has_more: bool,
}

/// The fields of documents.
#[derive(Debug, Default)]
struct Inner {
    nodes: Vec<Node>,
    by_name: HashMap<Arc<str>, usize>,
    /// The schema knows fields of it, so that others are unknown; whether it forbids those.
    known: Option<Known>,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    closed: bool,
}

/// A field, or the items of an array.
#[derive(Debug, Default)]
struct Node {
    name: Arc<str>,
    declared: Option<Field>,
    unknown: Option<Known>,
    present: u64,
    types: BTreeMap<Type, u64>,
    examples: Vec<Value>,
    range: Option<(Value, Value)>,
    length: Option<(Type, u64, u64)>,
    wrong: Vec<(Disagreement, u64)>,
    inner: Inner,
    items: Option<Box<Node>>,
}

impl Analysis {
    /// Of no document yet; `shape` is what the schema says, if there is one.
    pub fn new(shape: Option<&Shape>) -> Self {
        let mut analysis = Self { documents: 0, root: Inner::default(), fields: 0, has_more: false };
        if let Some(shape) = shape {
            analysis.root = analysis.declare(shape, 0);
        }
        analysis
    }

    fn declare(&mut self, shape: &Shape, depth: u32) -> Inner {
        let mut inner = Inner { known: Some(Known { closed: shape.closed }), ..Inner::default() };
        for field in &shape.fields {
            if self.is_full(depth) {
                break;
            }
            let node = self.declare_field(field, depth);
            inner.add(node);
        }
        inner
    }

    fn declare_field(&mut self, field: &Field, depth: u32) -> Node {
        self.fields += 1;
        let inner = field.inner.as_ref().map(|shape| self.declare(shape, depth + 1)).unwrap_or_default();
        let items = match &field.items {
            Some(items) if !self.is_full(depth + 1) => Some(Box::new(self.declare_field(items, depth + 1))),
            _ => None,
        };
        // What is inside has its own node.
        let declared = Field { inner: None, items: None, ..field.clone() };
        Node { name: field.name.clone(), declared: Some(declared), inner, items, ..Node::default() }
    }

    fn is_full(&mut self, depth: u32) -> bool {
        let full = self.fields >= SCHEMA_FIELDS_MOST || depth > DEPTH_MOST;
        self.has_more |= full;
        full
    }

    /// Takes one more document.
    pub fn add(&mut self, document: &RawDocument) {
        self.documents += 1;
        let mut root = std::mem::take(&mut self.root);
        self.add_fields(&mut root, document, 0);
        self.root = root;
    }

    fn add_fields(&mut self, inner: &mut Inner, document: &RawDocument, depth: u32) {
        for (name, value) in document.iter().flatten() {
            let at = match inner.by_name.get(name.as_str()) {
                Some(at) => *at,
                None if self.is_full(depth) => continue,
                None => {
                    self.fields += 1;
                    // Every document has an `_id`, and few schemas name it.
                    let is_id = depth == 0 && name.as_str() == "_id";
                    let unknown = inner.known.filter(|known| known.closed || !is_id);
                    inner.add(Node { name: name.as_str().into(), unknown, ..Node::default() })
                }
            };
            self.add_value(&mut inner.nodes[at], value, depth);
        }
    }

    fn add_value(&mut self, node: &mut Node, value: RawBsonRef<'_>, depth: u32) {
        node.take(value);
        match value {
            RawBsonRef::Document(document) => self.add_fields(&mut node.inner, document, depth + 1),
            RawBsonRef::Array(array) => {
                for item in array.into_iter().flatten() {
                    if node.items.is_none() {
                        if self.is_full(depth + 1) {
                            return;
                        }
                        self.fields += 1;
                        node.items = Some(Box::default());
                    }
                    if let Some(items) = &mut node.items {
                        self.add_value(items, item, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }

    /// Every field, and whether there are more than those.
    pub fn finish(self) -> (Vec<SchemaField>, bool) {
        let mut fields = Vec::new();
        self.root.tell("", 0, self.documents, &mut fields);
        (fields, self.has_more)
    }
}

impl Inner {
    fn add(&mut self, node: Node) -> usize {
        self.by_name.insert(node.name.clone(), self.nodes.len());
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    fn tell(self, path: &str, depth: u32, holders: u64, fields: &mut Vec<SchemaField>) {
        for node in self.nodes {
            let path = if path.is_empty() { node.name.to_string() } else { format!("{path}.{}", node.name) };
            node.tell(path, depth, holders, fields);
        }
    }
}

impl Node {
    fn take(&mut self, value: RawBsonRef<'_>) {
        let of = Type::of(value);
        self.present += 1;
        *self.types.entry(of).or_default() += 1;
        self.judge(value);
        let is_example = |known: &Value| known.get() == value;
        let of_type = self.examples.iter().filter(|known| Type::of(known.get()) == of).count();
        if self.examples.len() < EXAMPLES_MOST
            && of_type < EXAMPLES_OF_A_TYPE
            && !self.examples.iter().any(is_example)
        {
            let example = Value::from_ref(value);
            if example.size_bytes() <= EXAMPLE_MOST_BYTES
                && !matches!(of, Type::Object | Type::Array | Type::Null)
            {
                self.examples.push(example);
            }
        }
        if of.is_number() || of == Type::Date {
            self.widen(value);
        }
        let length = match value {
            RawBsonRef::String(text) => Some(text.chars().count()),
            RawBsonRef::Array(array) => Some(array.into_iter().count()),
            _ => None,
        };
        if let Some(length) = length.map(|length| length as u64) {
            match &mut self.length {
                None => self.length = Some((of, length, length)),
                Some((known, least, most)) if *known == of => {
                    (*least, *most) = (length.min(*least), length.max(*most));
                }
                Some(_) => {}
            }
        }
    }

    /// Numbers among numbers, dates among dates: what came first has the range.
    fn widen(&mut self, value: RawBsonRef<'_>) {
        let is_date = |value: RawBsonRef<'_>| Type::of(value) == Type::Date;
        match &mut self.range {
            None => self.range = Some((Value::from_ref(value), Value::from_ref(value))),
            Some((least, _)) if is_date(least.get()) != is_date(value) => {}
            Some((least, _)) if compare(value, least.get()).is_lt() => *least = Value::from_ref(value),
            Some((_, most)) if compare(value, most.get()).is_gt() => *most = Value::from_ref(value),
            Some(_) => {}
        }
    }

    /// A value of a wrong type breaks no other rule.
    fn judge(&mut self, value: RawBsonRef<'_>) {
        let Some(declared) = &self.declared else { return };
        let broken = |rule: &&Rule| !rule.holds(value);
        let of_type =
            declared.rules.iter().filter(|rule| matches!(rule, Rule::Types(_))).any(|rule| broken(&rule));
        let wrong: Vec<_> = match of_type {
            true => vec![Disagreement::Type(Type::of(value), 0)],
            false => declared.rules.iter().filter(broken).map(|rule| wrong(rule, value)).collect(),
        };
        for wrong in wrong {
            match self.wrong.iter().position(|(known, _)| *known == wrong) {
                Some(at) => self.wrong[at].1 += 1,
                None if self.wrong.len() < WRONG_MOST => self.wrong.push((wrong, 1)),
                None => {}
            }
        }
    }

    fn tell(self, path: String, depth: u32, holders: u64, fields: &mut Vec<SchemaField>) {
        let count = |of: Type| self.types.get(&of).copied().unwrap_or_default();
        let (documents, arrays) = (count(Type::Object), count(Type::Array));
        let declared = self.declared.as_ref().map(declared);
        let missing = holders - self.present.min(holders);
        let is_missing = declared.as_ref().is_some_and(|declared| declared.required) && missing > 0;
        let counted = self.wrong.into_iter().map(|(wrong, count)| match wrong {
            Disagreement::Type(of, _) => Disagreement::Type(of, count),
            Disagreement::Option(value, _) => Disagreement::Option(value, count),
            Disagreement::Rule(rule, _) => Disagreement::Rule(rule, count),
            other => other,
        });
        let unknown = self.unknown.map(|Known { closed }| Disagreement::Unknown { forbidden: closed });
        let disagreements =
            is_missing.then_some(Disagreement::Missing(missing)).into_iter().chain(counted).chain(unknown);
        let mut types: Vec<_> = self.types.into_iter().collect();
        types.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        fields.push(SchemaField {
            path: path.clone(),
            depth,
            declared,
            types,
            present: self.present,
            holders,
            examples: self.examples,
            range: self.range,
            length: self.length.map(|(_, least, most)| (least, most)),
            disagreements: disagreements.collect(),
        });
        self.inner.tell(&path, depth + 1, documents, fields);
        if let Some(items) = self.items {
            items.tell(format!("{path}[]"), depth + 1, arrays, fields);
        }
    }
}

/// Not counted yet.
fn wrong(rule: &Rule, value: RawBsonRef<'_>) -> Disagreement {
    let short = || Some(Value::from_ref(value)).filter(|value| value.size_bytes() <= EXAMPLE_MOST_BYTES);
    match (rule, short()) {
        (Rule::Options(_), Some(value)) => Disagreement::Option(value, 0),
        _ => Disagreement::Rule(rule.to_string(), 0),
    }
}

fn declared(field: &Field) -> Declared {
    let words = field.rules.iter().filter(|rule| !matches!(rule, Rule::Types(_) | Rule::Options(_)));
    Declared {
        types: field.types().to_vec(),
        options: field.options().map(<[Value]>::to_vec),
        required: field.required,
        description: field.description.clone(),
        rules: words.map(ToString::to_string).collect(),
    }
}

#[cfg(test)]
mod tests {
    use bson::{RawDocumentBuf, raw::CString, rawbson, rawdoc};

    use super::*;

    fn analysed(shape: Option<&Shape>, documents: &[RawDocumentBuf]) -> (Vec<SchemaField>, bool) {
        let mut analysis = Analysis::new(shape);
        documents.iter().for_each(|document| analysis.add(document));
        analysis.finish()
    }

    fn field<'a>(fields: &'a [SchemaField], path: &str) -> &'a SchemaField {
        fields.iter().find(|field| field.path == path).unwrap_or_else(|| panic!("{path} in {fields:?}"))
    }

    #[test]
    fn documents_are_told_field_by_field() {
        let documents = [
            rawdoc! { "_id": 1, "n": 1, "name": "Ann", "lines": [{ "q": 1 }, { "q": 2.5, "note": "x" }] },
            rawdoc! { "_id": 2, "n": 2.0, "name": "Bo", "lines": [] },
            rawdoc! { "_id": 3, "n": 7_i64, "name": null, "at": { "city": "Bern" } },
            rawdoc! { "_id": 4, "n": "7" },
        ];
        let (fields, has_more) = analysed(None, &documents);
        assert!(!has_more);
        let paths: Vec<_> = fields.iter().map(|field| (field.path.as_str(), field.depth)).collect();
        let expected = [
            ("_id", 0),
            ("n", 0),
            ("name", 0),
            ("lines", 0),
            ("lines[]", 1),
            ("lines[].q", 2),
            ("lines[].note", 2),
            ("at", 0),
            ("at.city", 1),
        ];
        assert_eq!(paths, expected);
        let n = field(&fields, "n");
        assert_eq!(n.types, [(Type::Double, 1), (Type::String, 1), (Type::Int, 1), (Type::Long, 1)]);
        assert_eq!((n.present, n.holders), (4, 4));
        assert_eq!(n.range, Some((Value::from(1), Value::from(7_i64))));
        assert_eq!(
            n.examples,
            [Value::from(1), Value::from(2.0), Value::from(7_i64), Value::from("7".to_owned())]
        );
        let name = field(&fields, "name");
        assert_eq!((name.present, name.length), (3, Some((2, 3))));
        assert_eq!(field(&fields, "lines").length, Some((0, 2)));
        let items = field(&fields, "lines[]");
        assert_eq!((items.present, items.holders), (2, 2));
        let note = field(&fields, "lines[].note");
        assert_eq!((note.present, note.holders), (1, 2));
        assert_eq!(field(&fields, "at.city").holders, 1);
        assert!(fields.iter().all(|field| field.declared.is_none() && field.disagreements.is_empty()));
    }

    #[test]
    fn where_data_and_schema_disagree_is_marked() {
        let line = rawdoc! { "bsonType": "object", "properties": { "q": { "bsonType": "int" } } };
        let schema = rawdoc! {
            "required": ["name"],
            "properties": {
                "name": { "bsonType": "string", "maxLength": 3, "description": "Who" },
                "status": { "enum": ["draft", "sent"] },
                "lines": { "bsonType": "array", "items": line },
                "never": { "bsonType": "date" },
            }
        };
        let shape = Shape::of_validator(&rawdoc! { "$jsonSchema": schema }).unwrap();
        let documents = [
            rawdoc! { "_id": 1, "name": "Anna", "status": "sent", "lines": [{ "q": 1 }, { "q": 1.0 }] },
            rawdoc! { "_id": 2, "status": "lost", "extra": { "a": 1 } },
            rawdoc! { "_id": 3, "name": 5, "status": "lost", "lines": 1 },
        ];
        let (fields, _) = analysed(Some(&shape), &documents);
        let of = |path: &str| field(&fields, path).disagreements.clone();
        assert_eq!(of("_id"), []);
        assert_eq!(
            of("name"),
            [
                Disagreement::Missing(1),
                Disagreement::Rule("must have at most 3 characters".into(), 1),
                Disagreement::Type(Type::Int, 1),
            ]
        );
        assert_eq!(of("status"), [Disagreement::Option(rawbson!("lost").into(), 2)]);
        assert_eq!(of("lines"), [Disagreement::Type(Type::Int, 1)]);
        assert_eq!(of("lines[].q"), [Disagreement::Type(Type::Double, 1)]);
        assert_eq!(of("extra"), [Disagreement::Unknown { forbidden: false }]);
        assert_eq!(of("extra.a"), []);
        let never = field(&fields, "never");
        assert_eq!((never.present, never.holders, &never.disagreements[..]), (0, 3, &[][..]));
        let name = field(&fields, "name").declared.clone().unwrap();
        assert_eq!(name.description.as_deref(), Some("Who"));
        assert_eq!((name.types, name.required, name.rules.len()), (vec![Type::String], true, 1));
    }

    #[test]
    fn a_closed_schema_forbids_what_it_does_not_know() {
        let schema = rawdoc! { "properties": { "a": {} }, "additionalProperties": false };
        let shape = Shape::of_validator(&rawdoc! { "$jsonSchema": schema }).unwrap();
        let (fields, _) = analysed(Some(&shape), &[rawdoc! { "_id": 1, "b": 1 }]);
        for path in ["_id", "b"] {
            assert_eq!(field(&fields, path).disagreements, [Disagreement::Unknown { forbidden: true }]);
        }
    }

    #[test]
    fn a_hostile_document_is_told_in_part() {
        let many = (0..10_000).map(|i| (CString::try_from(format!("f{i}")).unwrap(), i));
        let deep = (0..90).fold(RawDocumentBuf::new(), |inner, _| rawdoc! { "a": inner });
        let (fields, has_more) = analysed(None, &[deep, many.collect::<RawDocumentBuf>()]);
        assert!(has_more);
        assert_eq!(fields.len(), SCHEMA_FIELDS_MOST);
        assert_eq!(fields.iter().map(|field| field.depth).max(), Some(DEPTH_MOST));
    }
}
