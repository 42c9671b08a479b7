//! How a board lays out a collection: the field whose values are its columns, the documents of each column, and what stands
//! on its cards.

use bson::{
    RawArrayBuf, RawBsonRef, RawDocumentBuf,
    raw::{CStr, CString, cstr},
};
use serde::{Deserialize, Serialize};

use crate::{Key, ListQuery, Namespace, Path, Value};

/// The layout of a board. The default is: all as the collection's shape offers it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BoardLayout {
    /// The field whose values are the columns; `None` is: the one that is offered first.
    pub by: Option<Path>,
    /// The values, in the order of the columns, as far as they are known: with these a window begins.
    pub columns: Vec<Value>,
    /// What is summed up above each column.
    pub sum: Sum,
    /// What a card shows, its title first; `None` is: what is offered.
    pub cards: Option<Vec<Path>>,
    /// The columns that are folded; `None` among them is the one of all other values.
    pub collapsed: Vec<Option<Value>>,
}

/// What is summed up above each column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sum {
    /// The field that is offered first, if any is.
    #[default]
    Offered,
    /// Nothing.
    Nothing,
    /// That field.
    Of(Path),
}

/// How far a board is scrolled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BoardScroll {
    /// To the right, in px.
    pub left: u32,
    /// The first card on the screen of each column that is scrolled, from 0; `None` is the column of all other values.
    pub cards: Vec<(Option<Value>, u32)>,
}

impl BoardScroll {
    /// The first card of a column.
    pub fn card(&self, column: &Option<Value>) -> u32 {
        self.cards.iter().find(|(other, _)| other == column).map_or(0, |(_, card)| *card)
    }

    /// Another one is the first card of that column.
    pub fn set_card(&mut self, column: &Option<Value>, card: u32) {
        self.cards.retain(|(other, _)| other != column);
        if card > 0 {
            self.cards.push((column.clone(), card));
        }
    }
}

impl BoardLayout {
    /// The lists of its columns, as far as these are known.
    pub fn lists(&self, namespace: &Namespace, query: &ListQuery) -> Vec<Key> {
        let Some(by) = self.by.as_ref().filter(|_| !self.columns.is_empty()) else { return Vec::new() };
        let columns = self.columns.iter().map(|value| column(query, by, value));
        columns
            .chain([others(query, by, &self.columns)])
            .map(|query| Key::List(namespace.clone(), query))
            .collect()
    }
}

/// The documents of one column: those of the query whose field has that value. One whose field is an array stands in the
/// column of each of its items, as MongoDB finds it.
pub fn column(query: &ListQuery, by: &Path, value: &Value) -> ListQuery {
    narrowed(query, by, cstr!("$eq"), value.get())
}

/// The documents that stand in none of these columns: the field is missing, or null, or has another value.
pub fn others(query: &ListQuery, by: &Path, values: &[Value]) -> ListQuery {
    let mut all = RawArrayBuf::new();
    values.iter().for_each(|value| all.push(value.get()));
    narrowed(query, by, cstr!("$nin"), RawBsonRef::Array(&all))
}

fn narrowed(query: &ListQuery, by: &Path, operator: &'static CStr, operand: RawBsonRef<'_>) -> ListQuery {
    // MongoDB has no field with a NUL in its name.
    let Ok(name) = CString::try_from(by.to_string()) else { return query.clone() };
    let mut condition = RawDocumentBuf::new();
    condition.append(operator, operand);
    let mut filter = RawDocumentBuf::new();
    filter.append(name, condition);
    if let Some(own) = query.filter.get().as_document().filter(|own| !own.is_empty()) {
        filter = bson::rawdoc! { "$and": [own.to_owned(), filter] };
    }
    ListQuery { filter: Value::document(&filter), sort: query.sort.clone() }
}

#[cfg(test)]
mod tests {
    use bson::{RawBson, rawdoc};

    use super::*;
    use crate::{filter, key::Direction};

    fn values() -> Vec<Value> {
        ["open", "done"].map(Value::from).to_vec()
    }

    #[test]
    fn a_document_stands_in_the_column_of_its_value_or_in_that_of_all_others() {
        let by = Path::field("status");
        let queries: Vec<_> = values()
            .iter()
            .map(|value| column(&ListQuery::all(), &by, value))
            .chain([others(&ListQuery::all(), &by, &values())])
            .collect();
        for (document, expected) in [
            (rawdoc! { "status": "open" }, vec![0]),
            (rawdoc! { "status": "done" }, vec![1]),
            (rawdoc! { "status": "Done" }, vec![2]),
            (rawdoc! { "status": RawBson::Null }, vec![2]),
            (rawdoc! { "status": 1 }, vec![2]),
            (rawdoc! {}, vec![2]),
            (rawdoc! { "status": ["open", "done"] }, vec![0, 1]),
        ] {
            let takes = |query: &ListQuery| {
                filter::matches(query.filter.get().as_document().unwrap(), &document).unwrap()
            };
            let found: Vec<_> = (0..queries.len()).filter(|at| takes(&queries[*at])).collect();
            assert_eq!(found, expected, "{document:?}");
        }
    }

    #[test]
    fn a_column_keeps_the_filter_and_the_sort_of_the_board() {
        let sort = vec![(Path::field("amount"), Direction::Descending)];
        let board = ListQuery { filter: Value::document(&rawdoc! { "owner": "Ada" }), sort: sort.clone() };
        let open = column(&board, &Path::field("status"), &Value::from("open"));
        let filter = rawdoc! { "$and": [{ "owner": "Ada" }, { "status": { "$eq": "open" } }] };
        assert_eq!(open, ListQuery { filter: Value::document(&filter), sort });
    }

    #[test]
    fn the_lists_of_a_board_are_known_once_its_columns_are() {
        let namespace = Namespace::new("sample", "offers");
        let mut layout = BoardLayout { by: Some(Path::field("status")), ..BoardLayout::default() };
        assert_eq!(layout.lists(&namespace, &ListQuery::all()), []);
        layout.columns = values();
        let lists = layout.lists(&namespace, &ListQuery::all());
        let written: Vec<_> = lists.iter().map(ToString::to_string).collect();
        assert_eq!(
            written,
            [
                r#"["sample.offers", "list", {filter: {"status":{"$eq":"open"}}}]"#,
                r#"["sample.offers", "list", {filter: {"status":{"$eq":"done"}}}]"#,
                r#"["sample.offers", "list", {filter: {"status":{"$nin":["open","done"]}}}]"#,
            ]
        );
    }
}
