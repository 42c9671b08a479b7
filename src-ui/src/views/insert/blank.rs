//! A document to be filled in: its fields as texts, and back to a document. Nothing is drawn here.

use std::rc::Rc;

use bson::{DateTime, RawBson, RawBsonRef, RawDocumentBuf, oid::ObjectId};
use lockstep_model::{
    Change, Document, Expectation, Path, Step, Value, reduce,
    shape::{self, REQUIRED, Shape, Type, edit_text},
};

use crate::edit;

/// One field of the form.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Where the value goes.
    pub path: Path,
    /// What it begins with.
    pub text: String,
    /// The texts to choose from, where the field takes only these.
    pub choices: Option<Vec<String>>,
    /// The type that it takes, where that is one.
    pub kind: Option<Type>,
    /// Whether it must be filled in.
    pub required: bool,
    /// What the schema says of it.
    pub description: Option<String>,
}

/// A form, not filled in yet.
#[derive(Debug, PartialEq)]
pub struct Blank {
    /// The fields, in the order of the shape.
    pub fields: Vec<Field>,
    shape: Rc<Shape>,
    /// What is there without being filled in: its id, and all that the document has that this one begins like.
    begin: Document,
}

/// Why a filled form is no document of the collection.
#[derive(Debug, PartialEq)]
pub struct Refused {
    /// For each field, what is wrong with it.
    pub fields: Vec<Option<String>>,
    /// What is wrong outside of all fields.
    pub whole: Option<String>,
}

impl Blank {
    /// A form for a document of that shape, with the values of `like`, if there is one.
    pub fn new(shape: Rc<Shape>, like: Option<&Document>) -> Self {
        let mut begin = RawDocumentBuf::new();
        let id_types = shape.field("_id").map(shape::Field::types).unwrap_or_default();
        if id_types.is_empty() || id_types.contains(&Type::ObjectId) {
            begin.append(bson::raw::cstr!("_id"), ObjectId::new());
        }
        for (name, value) in like.iter().flat_map(|like| like.raw().iter().flatten()) {
            if name != "_id" {
                begin.append(name, value.to_owned());
            }
        }
        let mut blank = Self { fields: Vec::new(), begin: Document::whole(&begin), shape: shape.clone() };
        for field in &shape.fields {
            blank.add(Path::field(&field.name), field);
        }
        blank
    }

    fn add(&mut self, path: Path, field: &shape::Field) {
        let may_be_else = field.types().iter().any(|of| !matches!(of, Type::Object | Type::Null));
        if let Some(inner) = field.inner.as_ref().filter(|inner| !inner.fields.is_empty() && !may_be_else) {
            for field in &inner.fields {
                self.add(path.then(Step::Field(field.name.clone())), field);
            }
            return;
        }
        let is_id = *path.head() == Step::Field("_id".into());
        let kind = match field.types() {
            [kind] => Some(*kind),
            _ => None,
        };
        let (value, is_array) = (self.begin.get(&path), kind == Some(Type::Array));
        let text = match value {
            // The one that it has got is nobody's business, and may be another.
            Some(_) if is_id && kind == Some(Type::ObjectId) => return,
            Some(_) if is_id => Some(String::new()),
            Some(value) => match edit_text(value) {
                Some(text) => Some(text),
                None => return,
            },
            None if is_array => {
                if field.required {
                    let empty = RawBson::Array(bson::RawArrayBuf::new()).into();
                    self.begin = begun(&self.begin, path, Some(empty));
                }
                return;
            }
            None => None,
        };
        let required = field.required || is_id && value.is_none();
        let choices = field
            .options()
            .map(|options| options.iter().filter_map(|option| edit_text(option.get())).collect::<Vec<_>>());
        let text = text.or_else(|| usual(required, choices.as_deref(), kind)).unwrap_or_default();
        let description = field.description.clone();
        self.fields.push(Field { path, text, choices, kind, required, description });
    }

    /// The document that these texts make, one for each field.
    ///
    /// # Errors
    /// What is wrong, at each field.
    pub fn fill(&self, texts: &[String]) -> Result<RawDocumentBuf, Refused> {
        let mut refused = Refused { fields: vec![None; self.fields.len()], whole: None };
        let mut document = self.begin.clone();
        for (at, (field, text)) in self.fields.iter().zip(texts).enumerate() {
            let value = self.begin.get(&field.path);
            if *text == field.text && value.is_some() {
                // As it is there, its type included.
                continue;
            }
            if text.is_empty() {
                // An empty text would fit most schemas, and is hardly what is meant.
                match field.required {
                    true => refused.fields[at] = Some(REQUIRED.into()),
                    false => document = begun(&document, field.path.clone(), None),
                }
                continue;
            }
            match edit::target(text, &self.shape, &field.path, value) {
                // One by one: several at once would be put in the order in which the server adds fields.
                Ok(target) => document = begun(&document, field.path.clone(), target),
                Err(reason) => refused.fields[at] = Some(reason),
            }
        }
        let document = document.raw().to_owned();
        for failure in self.shape.validate(&document) {
            match self.fields.iter().position(|field| field.path == failure.path) {
                Some(at) => drop(refused.fields[at].get_or_insert(failure.message)),
                // Said at the fields inside, where there are some.
                None if self.fields.iter().any(|field| field.path.overlaps(&failure.path)) => {}
                None => refused.whole = Some(format!("{} {}", failure.path, failure.message)),
            }
        }
        if refused.whole.is_none() && refused.fields.iter().all(Option::is_none) {
            Ok(document)
        } else {
            Err(refused)
        }
    }
}

/// In whole seconds. `DateTime::now` asks the platform's own clock, which there is none of in a window.
fn now() -> DateTime {
    DateTime::from_millis((js_sys::Date::now() / 1_000.0) as i64 * 1_000)
}

/// What most people would fill in: the first of a few words, not, or now.
fn usual(required: bool, choices: Option<&[String]>, kind: Option<Type>) -> Option<String> {
    match (choices, kind) {
        _ if !required => None,
        (Some(choices), _) => choices.first().cloned(),
        (None, Some(Type::Bool)) => Some("false".into()),
        (None, Some(Type::Date)) => edit_text(RawBsonRef::DateTime(now())),
        _ => None,
    }
}

/// The document with that at the path, or without it.
fn begun(document: &Document, path: Path, target: Option<Value>) -> Document {
    let change = Change { path, target, expected: Expectation::Value(None) };
    Document::whole(&reduce::apply(document.raw(), &[change]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bson::rawdoc;

    fn blank(like: Option<&Document>) -> Blank {
        let customer = rawdoc! { "bsonType": "object", "required": ["name"], "properties": { "name": { "bsonType": "string", "minLength": 1 } } };
        let schema = rawdoc! {
            "required": ["number", "status", "customer", "lines"],
            "properties": {
                "_id": { "bsonType": "objectId" },
                "number": { "bsonType": "string", "minLength": 1 },
                "status": { "enum": ["draft", "sent"] },
                "customer": customer,
                "lines": { "bsonType": "array" },
                "notes": { "bsonType": "string" },
            }
        };
        let shape = Shape::of_validator(&rawdoc! { "$jsonSchema": schema }).unwrap();
        Blank::new(Rc::new(shape), like)
    }

    fn texts(texts: [&str; 4]) -> Vec<String> {
        texts.map(str::to_owned).to_vec()
    }

    #[test]
    fn a_filled_form_is_a_document_in_the_order_of_the_schema() {
        let document = blank(None).fill(&texts(["A-1", "sent", "Ada", ""])).unwrap();
        let names: Vec<_> = document.iter().flatten().map(|(name, _)| name.as_str().to_owned()).collect();
        assert_eq!(names, ["_id", "lines", "number", "status", "customer"]);
        let name = document.get_document("customer").unwrap().get("name").unwrap();
        assert_eq!(name, Some(RawBsonRef::String("Ada")));
    }

    #[test]
    fn what_is_missing_is_said_at_its_field() {
        let refused = blank(None).fill(&texts(["", "sent", "", ""])).unwrap_err();
        let wrong: Vec<_> = refused.fields.iter().map(Option::is_some).collect();
        assert_eq!((wrong, refused.whole), (vec![true, false, true, false], None));
    }

    #[test]
    fn a_copy_has_the_values_but_another_id() {
        let original = rawdoc! { "_id": 1, "number": "A-1", "status": "sent", "customer": { "name": "Ada" }, "lines": [1] };
        let blank = blank(Some(&Document::whole(&original)));
        let found: Vec<_> = blank.fields.iter().map(|field| field.text.clone()).collect();
        assert_eq!(found, texts(["A-1", "sent", "Ada", ""]));
        let copy = blank.fill(&found).unwrap();
        assert_ne!(copy.get("_id").unwrap(), original.get("_id").unwrap());
        assert_eq!(copy.get("lines").unwrap(), original.get("lines").unwrap());
    }

    #[test]
    fn a_copy_has_what_the_shape_does_not_name_and_all_types_stay() {
        let original = rawdoc! {
            "_id": 1, "weight": 7_i64, "stops": [{ "at": "A" }], "route": { "from": "Graz", "unseen": [1_i64] }, "late": 1.0,
        };
        let seen = rawdoc! { "_id": "x", "weight": 1.5, "stops": [{ "at": "B" }], "route": { "from": "Wien" }, "due": "soon" };
        let shape = Rc::new(Shape::sampled([&*seen]));
        let blank = Blank::new(shape, Some(&Document::whole(&original)));
        let names: Vec<_> = blank.fields.iter().map(|field| field.path.to_string()).collect();
        assert_eq!(names, ["_id", "weight", "route.from", "due"]);
        let filled = |texts: [&str; 4]| blank.fill(&texts.map(str::to_owned));
        let copy = filled(["B-7", "7", "Graz", ""]).unwrap();
        for name in ["stops", "route", "late", "weight"] {
            assert_eq!(copy.get(name).unwrap(), original.get(name).unwrap(), "{name}");
        }
        let changed = filled(["B-7", "8", "", "today"]).unwrap();
        assert_eq!(changed.get("weight").unwrap(), Some(RawBsonRef::Int64(8)));
        assert_eq!(changed.get("due").unwrap(), Some(RawBsonRef::String("today")));
        let names: Vec<_> = changed
            .get_document("route")
            .unwrap()
            .iter()
            .flatten()
            .map(|(name, _)| name.as_str().to_owned())
            .collect();
        assert_eq!(names, ["unseen"]);
        assert!(filled(["", "7", "Graz", ""]).is_err(), "no id");
    }
}
