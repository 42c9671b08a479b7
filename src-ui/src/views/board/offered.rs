//! What a collection's shape offers a board: fields whose values can be its columns, fields to sum up, and what a card shows.
//! Pure.

use std::rc::Rc;

use lockstep_model::{
    Document, Path, Value, order,
    shape::{Field, Rule, Shape, Type},
};

use crate::edit::conditions::single_field_names;

/// More values than these are no columns that anybody could look at.
pub const MOST_COLUMNS: usize = 50;
/// Texts of a sample are columns where they are so few, and so short in characters.
const FEW_TEXTS: usize = 12;
const SHORT_TEXT: usize = 40;
/// A text that may be longer is not read on a card, in characters.
const CARD_TEXT: usize = 200;
/// A card shows so many fields below its title.
pub const MOST_FIELDS: usize = 4;
/// Names that say that a field is what people call the document by.
const TITLES: [&str; 6] = ["title", "name", "subject", "label", "summary", "number"];

/// The fields whose values can be columns: those with an `enum`, then those that are true or false, then those whose texts are
/// few and short in the sample.
pub fn groupings(shape: &Shape, sample: &[Rc<Document>]) -> Vec<Path> {
    let rank = |path: &Path, field: &Field| match () {
        () if !options(field).is_empty() => Some(0),
        () if is_boolean(field) => Some(1),
        () if has_few_texts(path, field, sample) => Some(2),
        () => None,
    };
    let ranked = plain(shape).into_iter().filter_map(|(path, field)| Some((rank(&path, field)?, path)));
    let mut ranked: Vec<_> = ranked.collect();
    // Those at the top first.
    ranked.sort_by_key(|(rank, path)| (*rank, path.steps().len()));
    ranked.into_iter().map(|(_, path)| path).collect()
}

/// The values that are columns whatever the documents have: those of the `enum`, in its order, or false and true. None where
/// the documents have to say it.
pub fn fixed_values(field: &Field) -> Option<Vec<Value>> {
    let options = options(field);
    match options.is_empty() {
        false => Some(options),
        true => is_boolean(field).then(|| [false, true].map(Value::from).to_vec()),
    }
}

/// The columns of a field whose values the documents have to say: those `known` stay where they are, and what is there
/// besides follows in order.
pub fn found_values(known: &[Value], found: impl IntoIterator<Item = Value>) -> Vec<Value> {
    let is_same = |a: &Value, b: &Value| order::compare(a.get(), b.get()).is_eq();
    let mut values = known.to_vec();
    let mut new: Vec<Value> = Vec::new();
    for value in found.into_iter().filter(is_scalar) {
        if !values.iter().chain(&new).any(|other| is_same(other, &value)) {
            new.push(value);
        }
    }
    new.sort_by(|a, b| order::compare(a.get(), b.get()));
    values.append(&mut new);
    values.truncate(MOST_COLUMNS);
    values
}

/// The fields that can be summed up; those of money come first.
pub fn sums(shape: &Shape) -> Vec<Path> {
    let mut numbers: Vec<_> = plain(shape).into_iter().filter(|(_, field)| is_number(field)).collect();
    numbers.sort_by_key(|(_, field)| !field.types().contains(&Type::Decimal));
    numbers.into_iter().map(|(path, _)| path).collect()
}

/// The field that is summed up where nobody has chosen: decimals are mostly money.
pub fn first_sum(shape: &Shape) -> Option<Path> {
    let is_money = |field: &Field| is_number(field) && field.types().contains(&Type::Decimal);
    plain(shape).into_iter().find(|(_, field)| is_money(field)).map(|(path, _)| path)
}

/// The fields that a card can show.
pub fn faces(shape: &Shape) -> Vec<Path> {
    plain(shape).into_iter().map(|(path, _)| path).collect()
}

/// What a card shows where nobody has chosen: what people call the document by, and what is short, but for the field that the
/// column says already.
pub fn first_faces(shape: &Shape, by: &Path) -> Vec<Path> {
    let mut others = plain(shape);
    others.retain(|(path, _)| path != by && path.steps().len() == 1);
    let named = |name: &&str| others.iter().find(|(_, field)| field.name.eq_ignore_ascii_case(name));
    let is_text = |(_, field): &&(Path, &Field)| is_only(field, &[Type::String]) && options(field).is_empty();
    let title = TITLES.iter().find_map(named).or_else(|| others.iter().find(is_text));
    let title = title.map_or_else(|| Path::field("_id"), |(path, _)| path.clone());
    let short = others.iter().filter(|(path, field)| is_short(field) && *path != title);
    let short: Vec<_> = short.map(|(path, _)| path.clone()).take(MOST_FIELDS).collect();
    std::iter::once(title).chain(short).collect()
}

/// The fields that MongoDB's dotted paths can name, and of which a document has one value.
fn plain(shape: &Shape) -> Vec<(Path, &Field)> {
    let names = single_field_names(shape).into_iter().filter(|name| !name.split('.').any(str::is_empty));
    let paths = names.map(|name| Path::dotted(&name));
    paths.filter_map(|path| shape.at(&path).map(|field| (path, field))).collect()
}

/// The values of an `enum` that can be columns.
fn options(field: &Field) -> Vec<Value> {
    let options = field.options().unwrap_or_default();
    let all = options.len() <= MOST_COLUMNS && options.iter().all(|value| is_scalar(value) || is_null(value));
    options.iter().filter(|value| all && !is_null(value)).cloned().collect()
}

fn is_null(value: &Value) -> bool {
    Type::of(value.get()) == Type::Null
}

fn is_scalar(value: &Value) -> bool {
    let of = Type::of(value.get());
    of.is_number() || matches!(of, Type::String | Type::Bool | Type::Date | Type::ObjectId)
}

/// Whether the field has these types, and perhaps null.
fn is_only(field: &Field, types: &[Type]) -> bool {
    let mut of = field.types().iter().filter(|of| **of != Type::Null).peekable();
    of.peek().is_some() && of.all(|of| types.contains(of))
}

fn is_boolean(field: &Field) -> bool {
    is_only(field, &[Type::Bool])
}

fn is_number(field: &Field) -> bool {
    is_only(field, &[Type::Int, Type::Long, Type::Double, Type::Decimal])
}

fn has_few_texts(path: &Path, field: &Field, sample: &[Rc<Document>]) -> bool {
    let texts: Vec<_> =
        sample.iter().filter_map(|document| document.get(path)?.as_str().map(str::to_owned)).collect();
    let mut different = texts.clone();
    different.sort_unstable();
    different.dedup();
    // A value that nobody shares is a name.
    is_only(field, &[Type::String])
        && (1..=FEW_TEXTS).contains(&different.len())
        && different.len() < texts.len()
        && different.iter().all(|text| text.chars().count() <= SHORT_TEXT)
}

fn is_short(field: &Field) -> bool {
    let may_be_long = |rule: &Rule| matches!(rule, Rule::MaxLength(most) if *most > CARD_TEXT);
    let is_long =
        [Type::Object, Type::Array, Type::Binary, Type::ObjectId].iter().any(|of| field.types().contains(of));
    &*field.name != "_id" && !is_long && !field.rules.iter().any(may_be_long)
}

#[cfg(test)]
mod tests {
    use bson::{RawDocumentBuf, rawdoc};

    use super::*;

    fn shape() -> Shape {
        let schema = rawdoc! {
            "properties": {
                "_id": { "bsonType": "objectId" },
                "number": { "bsonType": "string" },
                "title": { "bsonType": "string" },
                "owner": { "bsonType": "string" },
                "paid": { "bsonType": ["bool", "null"] },
                "status": { "enum": ["draft", "sent", bson::RawBson::Null] },
                "kinds": { "enum": [["a"], ["b"]] },
                "hours": { "bsonType": "int" },
                "amount": { "bsonType": "decimal" },
                "tags": { "bsonType": "array" },
                "notes": { "bsonType": "string", "maxLength": 5_000 },
                "a.b": { "enum": [1] },
            }
        };
        Shape::of_validator(&rawdoc! { "$jsonSchema": schema }).unwrap()
    }

    fn documents(documents: impl IntoIterator<Item = RawDocumentBuf>) -> Vec<Rc<Document>> {
        documents.into_iter().map(|document| Rc::new(Document::whole(&document))).collect()
    }

    fn names(paths: &[Path]) -> Vec<String> {
        paths.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn enums_are_offered_first_then_booleans_then_few_short_texts() {
        let sample = documents([
            rawdoc! { "title": "A", "owner": "Ada", "number": "1", "at": { "city": "Graz", "new": true } },
            rawdoc! { "title": "B", "owner": "Ada", "number": "2", "at": { "city": "Graz" } },
            rawdoc! { "title": "C", "owner": "Bo", "number": "3" },
        ]);
        assert_eq!(names(&groupings(&shape(), &sample)), ["status", "paid", "owner"]);
        assert_eq!(names(&groupings(&shape(), &[])), ["status", "paid"]);
        let sampled = Shape::sampled(sample.iter().map(|document| document.raw()));
        assert_eq!(names(&groupings(&sampled, &sample)), ["at.new", "owner", "at.city"]);
        assert_eq!(names(&first_faces(&sampled, &Path::field("owner"))), ["title", "number"]);
    }

    #[test]
    fn the_columns_are_those_of_the_schema_or_what_is_there() {
        let fixed = |name: &str| fixed_values(shape().field(name).unwrap());
        assert_eq!(fixed("status"), Some(["draft", "sent"].map(Value::from).to_vec()));
        assert_eq!(fixed("paid"), Some([false, true].map(Value::from).to_vec()));
        assert_eq!(fixed("owner"), None);
        let known = [Value::from("Zoe")];
        let found = ["Bo", "Zoe", "Ada", "Bo"].map(Value::from);
        assert_eq!(found_values(&known, found), ["Zoe", "Ada", "Bo"].map(Value::from));
        let found = [Value::from(1), Value::from(1.0), Value::from(bson::RawBson::Null)];
        assert_eq!(found_values(&[], found), [Value::from(1)]);
    }

    #[test]
    fn a_card_shows_what_a_document_is_called_by_and_what_is_short() {
        let status = Path::field("status");
        assert_eq!(names(&first_faces(&shape(), &status)), ["title", "number", "owner", "paid", "kinds"]);
        assert_eq!(names(&first_faces(&Shape::default(), &status)), ["_id"]);
        assert_eq!(names(&sums(&shape())), ["amount", "hours"]);
        assert_eq!(first_sum(&shape()), Some(Path::field("amount")));
    }
}
