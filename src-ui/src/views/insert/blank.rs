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
    /// What is there without being filled in: what cannot be typed, from the document that this one begins like.
    begin: RawDocumentBuf,
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
        let mut blank = Self { fields: Vec::new(), begin: RawDocumentBuf::new(), shape: shape.clone() };
        let typed_id = shape.field("_id").is_some_and(|field| field.types() != [Type::ObjectId]);
        if !typed_id {
            blank.begin.append(bson::raw::cstr!("_id"), ObjectId::new());
        }
        for field in shape.fields.iter().filter(|field| &*field.name != "_id" || typed_id) {
            blank.add(Path::field(&field.name), field, like);
        }
        blank
    }

    fn add(&mut self, path: Path, field: &shape::Field, like: Option<&Document>) {
        let may_be_else = field.types().iter().any(|of| !matches!(of, Type::Object | Type::Null));
        if let Some(inner) = field.inner.as_ref().filter(|inner| !inner.fields.is_empty() && !may_be_else) {
            for field in &inner.fields {
                self.add(path.then(Step::Field(field.name.clone())), field, like);
            }
            return;
        }
        let value =
            like.filter(|_| *path.head() != Step::Field("_id".into())).and_then(|like| like.value(&path));
        let is_array = field.types() == [Type::Array];
        let text = value.as_ref().and_then(|value| edit_text(value.get()));
        match (&value, &text) {
            (Some(value), None) => return self.begin_with(path, value.clone()),
            (None, _) if is_array => {
                if field.required {
                    self.begin_with(path, RawBson::Array(bson::RawArrayBuf::new()).into());
                }
                return;
            }
            _ => {}
        }
        let choices = field
            .options()
            .map(|options| options.iter().filter_map(|option| edit_text(option.get())).collect::<Vec<_>>());
        let kind = match field.types() {
            [kind] => Some(*kind),
            _ => None,
        };
        let text = text.or_else(|| usual(field.required, choices.as_deref(), kind)).unwrap_or_default();
        let description = field.description.clone();
        self.fields.push(Field { path, text, choices, kind, required: field.required, description });
    }

    fn begin_with(&mut self, path: Path, value: Value) {
        self.begin = reduce::apply(&self.begin, &[assignment(path, Some(value))]);
    }

    /// The document that these texts make, one for each field.
    ///
    /// # Errors
    /// What is wrong, at each field.
    pub fn fill(&self, texts: &[String]) -> Result<RawDocumentBuf, Refused> {
        let mut refused = Refused { fields: vec![None; self.fields.len()], whole: None };
        let mut document = self.begin.clone();
        for (at, (field, text)) in self.fields.iter().zip(texts).enumerate() {
            if text.is_empty() {
                // An empty text would fit most schemas, and is hardly what is meant.
                refused.fields[at] = field.required.then(|| REQUIRED.into());
                continue;
            }
            match edit::target(text, &self.shape, &field.path, None) {
                Ok(None) => {}
                // One by one: several at once would be put in the order in which the server adds fields.
                Ok(target) => document = reduce::apply(&document, &[assignment(field.path.clone(), target)]),
                Err(reason) => refused.fields[at] = Some(reason),
            }
        }
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

fn assignment(path: Path, target: Option<Value>) -> Change {
    Change { path, target, expected: Expectation::Value(None) }
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
}
