//! The columns of a board: one for each value, and one for all other documents. Each is a list of its own. Pure.

use lockstep_model::{
    Key, ListQuery, Namespace, Path, Value,
    contract::board,
    shape::{Field, display_text},
};
use yew::AttrValue;

use super::super::table::columns::tone;

/// As many colours as the style sheet has for them.
const TONES: usize = 6;

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The value that its documents have; `None` is: none of the other columns'.
    pub value: Option<Value>,
    /// The value, for people.
    pub name: AttrValue,
    /// Its list.
    pub key: Key,
    /// The colour of its name.
    pub tone: usize,
}

/// The columns of these values; `others` have one more.
pub fn columns(
    (namespace, query): (&Namespace, &ListQuery),
    (by, field): (&Path, Option<&Field>),
    values: &[Value],
    others: bool,
) -> Vec<Column> {
    let list = |query: ListQuery| Key::List(namespace.clone(), query);
    let of_value = |(at, value): (usize, &Value)| Column {
        value: Some(value.clone()),
        name: name(value),
        key: list(board::column(query, by, value)),
        tone: match field.filter(|field| field.options().is_some()) {
            Some(field) => tone(field, value.get()),
            None => at % TONES,
        },
    };
    let of_others = others.then(|| Column {
        value: None,
        name: format!("No {by}, or another").into(),
        key: list(board::others(query, by, values)),
        tone: 0,
    });
    values.iter().enumerate().map(of_value).chain(of_others).collect()
}

/// A value as the name of its column.
pub fn name(value: &Value) -> AttrValue {
    match display_text(value.get()) {
        text if text.trim().is_empty() => "empty text".into(),
        text => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_is_a_column_and_what_has_none_of_them_another() {
        let (namespace, query) = (Namespace::new("shop", "things"), ListQuery::all());
        let by = Path::field("kind");
        let values = ["a", ""].map(Value::from);
        for (others, expected) in
            [(false, vec!["a", "empty text"]), (true, vec!["a", "empty text", "No kind, or another"])]
        {
            let columns = columns((&namespace, &query), (&by, None), &values, others);
            let names: Vec<_> = columns.iter().map(|column| column.name.as_str()).collect();
            assert_eq!(names, expected);
        }
    }
}
