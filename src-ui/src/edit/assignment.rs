//! A change of an element of an array, as a change of the array.
//!
//! An index hits the wrong element after somebody else's insert, so the outermost array is assigned and expected whole.

use lockstep_model::{Change, Document, Expectation, Path, Value, reduce};

/// What is to be assigned where.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// Where.
    pub path: Path,
    /// What; `None` removes the field.
    pub target: Option<Value>,
}

/// The assignment that gives the field of that document that value.
pub fn assign(document: &Document, path: &Path, target: Option<Value>) -> Assignment {
    match path.guarded() {
        Some(array) if array != *path => {
            let change = Change { path: path.clone(), target, expected: Expectation::Value(None) };
            let changed = document.with_content(&reduce::apply(document.raw(), &[change]));
            Assignment { target: changed.value(&array), path: array }
        }
        _ => Assignment { path: path.clone(), target },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bson::rawdoc;
    use lockstep_model::Step;

    #[test]
    fn an_element_is_assigned_by_its_outermost_array() {
        let document = Document::whole(&rawdoc! { "lines": [{ "price": 1, "quantity": 2 }, { "price": 3 }] });
        let price = Path::field("lines").then(Step::Index(1)).then(Step::Field("price".into()));
        let expected = Document::whole(&rawdoc! { "lines": [{ "price": 1, "quantity": 2 }, { "price": 4 }] });
        let lines = Path::field("lines");
        assert_eq!(
            assign(&document, &price, Some(Value::from(4))),
            Assignment { target: expected.value(&lines), path: lines }
        );
    }

    #[test]
    fn a_field_outside_of_arrays_is_assigned_itself() {
        let document = Document::whole(&rawdoc! { "customer": { "name": "a" } });
        let name = Path::dotted("customer.name");
        let target = Some(Value::from("b".to_owned()));
        assert_eq!(assign(&document, &name, target.clone()), Assignment { path: name, target });
    }
}
