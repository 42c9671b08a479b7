//! A filter as a form has it: fields, what is asked of each, and whether all or one of it has to be so. To MongoDB's filter
//! and back, where it is one that the form can say. Pure.

use bson::{
    RawArrayBuf, RawBson, RawBsonRef, RawDocument, RawDocumentBuf,
    raw::{CStr, CString, cstr},
    rawdoc,
};
use lockstep_model::{
    Path, Step, Value,
    shape::{Field, Shape, Type, calendar::DAY_MS, edit_text, parse_text},
};

/// Between the values of "is any of".
const BETWEEN: &str = ", ";

/// All conditions of a filter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conditions {
    /// One of them is enough.
    pub any: bool,
    /// From top to bottom.
    pub each: Vec<Condition>,
}

/// What is asked of one field.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The field, as MongoDB's filters name it.
    pub field: String,
    pub test: Test,
    /// What is typed; a test such as "is empty" takes nothing.
    pub text: String,
}

/// How a field is tested.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Test {
    Is,
    IsNot,
    AnyOf,
    Contains,
    Lacks,
    Begins,
    Ends,
    More,
    AtLeast,
    Less,
    AtMost,
    Empty,
    NotEmpty,
}

impl Test {
    /// Those that make sense for a field; of one that nothing is known of, all do.
    pub fn of(field: Option<&Field>) -> &'static [Self] {
        use Test::{
            AnyOf, AtLeast, AtMost, Begins, Contains, Empty, Ends, Is, IsNot, Lacks, Less, More, NotEmpty,
        };
        let types = field.map(tested).map(Field::types).unwrap_or_default();
        let all = |test: fn(Type) -> bool| {
            !types.is_empty() && types.iter().all(|of| *of == Type::Null || test(*of))
        };
        match field {
            Some(field) if tested(field).options().is_some() => &[Is, IsNot, AnyOf, Empty, NotEmpty],
            _ if all(Type::is_number) => &[Is, IsNot, More, AtLeast, Less, AtMost, AnyOf, Empty, NotEmpty],
            _ if all(|of| of == Type::Date) => &[Is, IsNot, More, AtLeast, Less, AtMost, Empty, NotEmpty],
            _ if all(|of| of == Type::Bool) => &[Is, IsNot, Empty, NotEmpty],
            _ if all(|of| of == Type::ObjectId) => &[Is, IsNot, AnyOf, Empty, NotEmpty],
            _ if all(|of| matches!(of, Type::Object | Type::Array)) => &[Empty, NotEmpty],
            _ if all(|of| of == Type::String) => {
                &[Contains, Lacks, Is, IsNot, Begins, Ends, AnyOf, Empty, NotEmpty]
            }
            _ => &[
                Is, IsNot, Contains, Lacks, Begins, Ends, More, AtLeast, Less, AtMost, AnyOf, Empty, NotEmpty,
            ],
        }
    }

    /// In words, for a field of that kind.
    pub fn words(self, field: Option<&Field>) -> &'static str {
        let is_date = field.is_some_and(|field| tested(field).types().contains(&Type::Date));
        match (self, is_date) {
            (Self::Is, true) => "is on",
            (Self::IsNot, true) => "is not on",
            (Self::More, true) => "is after",
            (Self::AtLeast, true) => "is on or after",
            (Self::Less, true) => "is before",
            (Self::AtMost, true) => "is on or before",
            (Self::Is, false) => "is",
            (Self::IsNot, false) => "is not",
            (Self::More, false) => "is more than",
            (Self::AtLeast, false) => "is at least",
            (Self::Less, false) => "is less than",
            (Self::AtMost, false) => "is at most",
            (Self::AnyOf, _) => "is any of",
            (Self::Contains, _) => "contains",
            (Self::Lacks, _) => "does not contain",
            (Self::Begins, _) => "begins with",
            (Self::Ends, _) => "ends with",
            (Self::Empty, _) => "is empty",
            (Self::NotEmpty, _) => "is not empty",
        }
    }

    /// Whether something has to be typed for it.
    pub fn takes_text(self) -> bool {
        !matches!(self, Self::Empty | Self::NotEmpty)
    }
}

impl Conditions {
    /// The conditions of a filter; `None` for one that the form cannot say.
    pub fn of(filter: &RawDocument, shape: &Shape) -> Option<Self> {
        let elements: Vec<_> = filter.iter().collect::<Result<_, _>>().ok()?;
        let listed = |clauses: RawBsonRef<'_>| {
            let each = clauses.as_array()?.into_iter().map(|clause| {
                let mut elements = clause.ok()?.as_document()?.iter();
                let (name, value) = elements.next()?.ok()?;
                elements.next().is_none().then(|| Condition::of(name.as_str(), value))?
            });
            each.collect::<Option<Vec<_>>>()
        };
        let found = match &elements[..] {
            [(name, clauses)] if *name == "$or" => Self { any: true, each: listed(*clauses)? },
            [(name, clauses)] if *name == "$and" => Self { any: false, each: listed(*clauses)? },
            _ => {
                let each = elements.iter().map(|(name, value)| Condition::of(name.as_str(), *value));
                Self { any: false, each: each.collect::<Option<_>>()? }
            }
        };
        // Text may mean another value than the one that it was made of.
        found.filter(shape).is_ok_and(|again| *again == *filter).then_some(found)
    }

    /// The filter. What is not complete asks nothing.
    ///
    /// # Errors
    /// Which condition, from 0, cannot be, and why.
    pub fn filter(&self, shape: &Shape) -> Result<RawDocumentBuf, (usize, String)> {
        let complete = self.each.iter().enumerate().filter(|(_, condition)| condition.is_complete());
        let clauses = complete
            .map(|(at, condition)| Ok((condition, condition.clause(shape).map_err(|reason| (at, reason))?)));
        let clauses: Vec<_> = clauses.collect::<Result<_, _>>()?;
        let mut names: Vec<_> = clauses.iter().map(|(condition, _)| &condition.field).collect();
        names.sort_unstable();
        names.dedup();
        let is_flat = clauses.len() <= 1 || !self.any && names.len() == clauses.len();
        let mut filter = RawDocumentBuf::new();
        let mut listed = RawArrayBuf::new();
        for (at, (condition, clause)) in clauses.into_iter().enumerate() {
            let name =
                CString::try_from(condition.field.as_str()).map_err(|error| (at, error.to_string()))?;
            match is_flat {
                true => filter.append(&*name, clause),
                false => {
                    let mut one = RawDocumentBuf::new();
                    one.append(&*name, clause);
                    listed.push(one);
                }
            }
        }
        if !is_flat {
            return Ok(if self.any {
                rawdoc! { "$or": listed }
            } else {
                rawdoc! { "$and": listed }
            });
        }
        Ok(filter)
    }

    /// How many of them ask something.
    pub fn count(&self) -> usize {
        self.each.iter().filter(|condition| condition.is_complete()).count()
    }
}

impl Condition {
    /// A new one, which asks nothing yet.
    pub fn new(field: &str, shape: &Shape) -> Self {
        let test = Test::of(field_at(shape, field)).first().copied().unwrap_or(Test::Is);
        Self { field: field.into(), test, text: String::new() }
    }

    fn is_complete(&self) -> bool {
        !self.field.is_empty() && (!self.test.takes_text() || !self.text.is_empty())
    }

    /// The values of "is any of".
    pub fn values(&self) -> Vec<String> {
        self.text
            .split(BETWEEN.trim())
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
            .collect()
    }

    /// The text of "is any of" these.
    pub fn text_of(values: &[String]) -> String {
        values.join(BETWEEN)
    }

    fn clause(&self, shape: &Shape) -> Result<RawBson, String> {
        let field = field_at(shape, &self.field).map(tested);
        let value = || parse_text(&self.text, field, None);
        let operator = |name: &CStr, value: Value| {
            let mut operators = RawDocumentBuf::new();
            operators.append(name, value.get());
            RawBson::from(operators)
        };
        let text = |pattern: String| rawdoc! { "$regex": pattern, "$options": "i" };
        let escaped = escaped(&self.text);
        Ok(match self.test {
            Test::Is | Test::IsNot => match (day(&self.text, field), self.test) {
                (Some((from, to)), Test::Is) => rawdoc! { "$gte": from, "$lt": to }.into(),
                (Some((from, to)), _) => rawdoc! { "$not": { "$gte": from, "$lt": to } }.into(),
                (None, Test::Is) => value()?.get().into(),
                (None, _) => operator(cstr!("$ne"), value()?),
            },
            Test::More => match day(&self.text, field) {
                Some((_, to)) => rawdoc! { "$gte": to }.into(),
                None => operator(cstr!("$gt"), value()?),
            },
            Test::AtMost => match day(&self.text, field) {
                Some((_, to)) => rawdoc! { "$lt": to }.into(),
                None => operator(cstr!("$lte"), value()?),
            },
            Test::AtLeast => operator(cstr!("$gte"), value()?),
            Test::Less => operator(cstr!("$lt"), value()?),
            Test::AnyOf => {
                let mut values = RawArrayBuf::new();
                for text in self.values() {
                    values.push(parse_text(&text, field, None)?.get());
                }
                rawdoc! { "$in": values }.into()
            }
            Test::Contains => text(escaped).into(),
            Test::Lacks => rawdoc! { "$not": text(escaped) }.into(),
            Test::Begins => text(format!("^{escaped}")).into(),
            Test::Ends => text(format!("{escaped}$")).into(),
            Test::Empty => rawdoc! { "$in": [null, ""] }.into(),
            Test::NotEmpty => rawdoc! { "$nin": [null, ""] }.into(),
        })
    }

    fn of(field: &str, clause: RawBsonRef<'_>) -> Option<Self> {
        let condition = |test, text: String| Some(Self { field: field.into(), test, text });
        let RawBsonRef::Document(operators) = clause else {
            return condition(Test::Is, edit_text(clause)?);
        };
        let elements: Vec<_> = operators.iter().collect::<Result<_, _>>().ok()?;
        let named: Vec<_> = elements.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        match named[..] {
            [("$ne", value)] => condition(Test::IsNot, edit_text(value)?),
            [("$gt", value)] => condition(Test::More, edit_text(value)?),
            [("$gte", value)] => condition(Test::AtLeast, edit_text(value)?),
            [("$lt", value)] => condition(Test::Less, edit_text(value)?),
            [("$lte", value)] => condition(Test::AtMost, edit_text(value)?),
            [("$gte", from), ("$lt", RawBsonRef::DateTime(_))] => condition(Test::Is, edit_text(from)?),
            [("$in" | "$nin", RawBsonRef::Array(items))] => {
                let items: Vec<_> = items.into_iter().collect::<Result<_, _>>().ok()?;
                match (named[0].0, &items[..]) {
                    ("$in", [RawBsonRef::Null, RawBsonRef::String("")]) => {
                        condition(Test::Empty, String::new())
                    }
                    ("$nin", [RawBsonRef::Null, RawBsonRef::String("")]) => {
                        condition(Test::NotEmpty, String::new())
                    }
                    ("$in", _) => {
                        let texts: Option<Vec<_>> = items.into_iter().map(edit_text).collect();
                        condition(Test::AnyOf, Self::text_of(&texts?))
                    }
                    _ => None,
                }
            }
            [("$regex", RawBsonRef::String(pattern)), ("$options", RawBsonRef::String("i"))] => {
                let (test, inside) = match (pattern.strip_prefix('^'), pattern.strip_suffix('$')) {
                    (Some(inside), _) => (Test::Begins, inside),
                    (None, Some(inside)) if !inside.ends_with('\\') => (Test::Ends, inside),
                    _ => (Test::Contains, pattern),
                };
                condition(test, unescaped(inside))
            }
            [("$not", RawBsonRef::Document(negated))] => {
                let condition = Self::of(field, RawBsonRef::Document(negated))?;
                let test = match condition.test {
                    Test::Contains => Test::Lacks,
                    Test::Is => Test::IsNot,
                    _ => return None,
                };
                Some(Self { test, ..condition })
            }
            _ => None,
        }
    }
}

/// What the shape says of a field that a filter names: dotted, and through arrays as MongoDB goes through them.
pub fn field_at<'s>(shape: &'s Shape, name: &str) -> Option<&'s Field> {
    let mut steps = Path::dotted(name).steps().to_vec().into_iter();
    let Some(Step::Field(first)) = steps.next() else { return None };
    steps.try_fold(shape.field(&first)?, |field, step| match step {
        Step::Field(name) => tested(field).inner.as_ref()?.field(&name),
        Step::Index(_) => None,
    })
}

/// A filter on an array is one on its items.
fn tested(field: &Field) -> &Field {
    field.items.as_deref().unwrap_or(field)
}

/// All fields that can be filtered and sorted by, nested ones behind what they are in; those in the items of arrays, too.
pub fn field_names(shape: &Shape) -> Vec<String> {
    names_of(shape, |field| tested(field).inner.as_ref())
}

/// Those of them that have one value in a document, or none: all but what is in the items of arrays.
pub fn single_field_names(shape: &Shape) -> Vec<String> {
    names_of(shape, |field| field.inner.as_ref())
}

/// By what is inside of a field, if anything.
type Inside = fn(&Field) -> Option<&Shape>;

fn names_of(shape: &Shape, inside: Inside) -> Vec<String> {
    /// Deeper ones are left to the raw filter.
    const DEEPEST: usize = 4;
    fn add(shape: &Shape, prefix: &str, depth: usize, inside: Inside, names: &mut Vec<String>) {
        // MongoDB reads a dot or a dollar in a name otherwise.
        let plain =
            shape.fields.iter().filter(|field| !field.name.contains('.') && !field.name.starts_with('$'));
        for field in plain {
            let name = format!("{prefix}{}", field.name);
            names.push(name.clone());
            if let Some(inner) = inside(field).filter(|_| depth < DEEPEST) {
                add(inner, &format!("{name}."), depth + 1, inside, names);
            }
        }
    }
    let mut names = Vec::new();
    add(shape, "", 1, inside, &mut names);
    names
}

/// From midnight to midnight, UTC, where a date is typed without a time for a field of dates.
fn day(text: &str, field: Option<&Field>) -> Option<(bson::DateTime, bson::DateTime)> {
    let is_date = field.is_some_and(|field| field.types().contains(&Type::Date));
    if !is_date || text.trim().len() != "2026-03-01".len() {
        return None;
    }
    let value = parse_text(text, field, None).ok()?;
    let from = value.get().as_datetime()?;
    Some((from, bson::DateTime::from_millis(from.timestamp_millis() + DAY_MS)))
}

/// The text as a regular expression that matches just it.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if r"\.^$|?*+()[]{}".contains(letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

fn unescaped(pattern: &str) -> String {
    let mut text = String::with_capacity(pattern.len());
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        text.extend(if letter == '\\' { letters.next() } else { Some(letter) });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape() -> Shape {
        let schema = rawdoc! { "properties": {
            "title": { "bsonType": "string" },
            "amount": { "bsonType": "decimal" },
            "count": { "bsonType": "int" },
            "status": { "enum": ["draft", "sent"] },
            "due": { "bsonType": "date" },
            "open": { "bsonType": "bool" },
            "tags": { "bsonType": "array", "items": { "bsonType": "string" } },
            "lines": { "bsonType": "array", "items": { "bsonType": "object", "properties": { "price": { "bsonType": "int" } } } },
            "owner": { "bsonType": "object", "properties": { "name": { "bsonType": "string" } } },
        } };
        Shape::of_validator(&rawdoc! { "$jsonSchema": schema }).unwrap()
    }

    fn all(each: &[(&str, Test, &str)]) -> Conditions {
        let each = each.iter().map(|(field, test, text)| Condition {
            field: (*field).into(),
            test: *test,
            text: (*text).into(),
        });
        Conditions { any: false, each: each.collect() }
    }

    #[test]
    fn conditions_become_a_filter_and_come_back() {
        let day = |text: &str| bson::DateTime::parse_rfc3339_str(format!("{text}T00:00:00Z")).unwrap();
        let won = || rawdoc! { "status": { "$ne": "sent" } };
        for (conditions, filter) in [
            (all(&[]), rawdoc! {}),
            (
                all(&[("title", Test::Contains, "a.b*")]),
                rawdoc! { "title": { "$regex": r"a\.b\*", "$options": "i" } },
            ),
            (
                all(&[("title", Test::Begins, "a$")]),
                rawdoc! { "title": { "$regex": r"^a\$", "$options": "i" } },
            ),
            (all(&[("title", Test::Ends, "x")]), rawdoc! { "title": { "$regex": "x$", "$options": "i" } }),
            (
                all(&[("title", Test::Lacks, "x")]),
                rawdoc! { "title": { "$not": { "$regex": "x", "$options": "i" } } },
            ),
            (
                all(&[("count", Test::More, "5"), ("status", Test::Is, "draft")]),
                rawdoc! { "count": { "$gt": 5 }, "status": "draft" },
            ),
            (
                all(&[("count", Test::AtLeast, "5"), ("count", Test::Less, "9")]),
                rawdoc! { "$and": [{ "count": { "$gte": 5 } }, { "count": { "$lt": 9 } }] },
            ),
            (
                all(&[("status", Test::AnyOf, "draft, sent")]),
                rawdoc! { "status": { "$in": ["draft", "sent"] } },
            ),
            (all(&[("status", Test::IsNot, "sent")]), won()),
            (all(&[("owner.name", Test::Empty, "")]), rawdoc! { "owner.name": { "$in": [null, ""] } }),
            (all(&[("tags", Test::NotEmpty, "")]), rawdoc! { "tags": { "$nin": [null, ""] } }),
            (all(&[("tags", Test::Is, "x")]), rawdoc! { "tags": "x" }),
            (all(&[("lines.price", Test::More, "5")]), rawdoc! { "lines.price": { "$gt": 5 } }),
            (all(&[("open", Test::Is, "true")]), rawdoc! { "open": true }),
            (
                all(&[("due", Test::Is, "2026-03-01")]),
                rawdoc! { "due": { "$gte": day("2026-03-01"), "$lt": day("2026-03-02") } },
            ),
            (
                all(&[("due", Test::IsNot, "2026-03-01")]),
                rawdoc! { "due": { "$not": { "$gte": day("2026-03-01"), "$lt": day("2026-03-02") } } },
            ),
            (
                Conditions { any: true, ..all(&[("count", Test::Is, "1"), ("count", Test::Is, "2")]) },
                rawdoc! { "$or": [{ "count": 1 }, { "count": 2 }] },
            ),
        ] {
            assert_eq!(conditions.filter(&shape()).as_deref(), Ok(&*filter), "{conditions:?}");
            assert_eq!(Conditions::of(&filter, &shape()), Some(conditions));
        }
        // A day is as long as it is, also where that reads otherwise when it comes back.
        let after = all(&[("due", Test::More, "2026-03-01")]).filter(&shape()).unwrap();
        assert_eq!(after, rawdoc! { "due": { "$gte": day("2026-03-02") } });
        assert_eq!(Conditions::of(&after, &shape()), Some(all(&[("due", Test::AtLeast, "2026-03-02")])));
    }

    #[test]
    fn what_is_not_complete_asks_nothing_and_what_cannot_be_is_said_at_its_place() {
        let conditions = all(&[("title", Test::Is, ""), ("", Test::Empty, ""), ("count", Test::Is, "1")]);
        assert_eq!((conditions.filter(&shape()), conditions.count()), (Ok(rawdoc! { "count": 1 }), 1));
        let (at, reason) =
            all(&[("title", Test::Is, "x"), ("count", Test::Is, "many")]).filter(&shape()).unwrap_err();
        assert!(at == 1 && reason.contains("'many' is no Int32"), "{at}: {reason}");
    }

    #[test]
    fn what_the_form_cannot_say_stays_a_raw_filter() {
        for filter in [
            rawdoc! { "$nor": [{ "a": 1 }] },
            rawdoc! { "a": { "$exists": true } },
            rawdoc! { "a": { "b": 1 } },
            rawdoc! { "title": { "$regex": "a.*b", "$options": "i" } },
            rawdoc! { "title": { "$regex": "a" } },
            rawdoc! { "status": { "$in": ["a, b"] } },
            rawdoc! { "count": 5_i64 },
            rawdoc! { "$or": [{ "a": 1, "b": 2 }] },
        ] {
            assert_eq!(Conditions::of(&filter, &shape()), None, "{filter:?}");
        }
    }

    #[test]
    fn the_fields_to_choose_from_are_those_of_the_shape_and_what_is_in_them() {
        let names = field_names(&shape());
        assert_eq!(names[6..], ["tags", "lines", "lines.price", "owner", "owner.name"]);
        assert_eq!(single_field_names(&shape())[6..], ["tags", "lines", "owner", "owner.name"]);
        assert!(Test::of(field_at(&shape(), "lines.price")).contains(&Test::AtLeast));
        assert_eq!(Test::of(field_at(&shape(), "owner")), [Test::Empty, Test::NotEmpty]);
    }
}
