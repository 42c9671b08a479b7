//! How a table is laid out: what a person chose, over what the shape says.

use serde::{Deserialize, Serialize};

use crate::{ListQuery, Path, Value, key::Direction};

/// How a table is laid out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct TableLayout {
    /// Columns in their order. Fields of the shape that are not named here follow, in the shape's order.
    pub columns: Vec<ColumnLayout>,
    /// So many more columns than the first stay in sight when the rest is scrolled.
    pub frozen: u8,
    /// The rows stand in groups.
    pub group: Option<Grouping>,
    /// The document of the row where the person is stands beside the table.
    pub beside: bool,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ColumnLayout {
    /// Its field, which may be one inside a document.
    pub path: Path,
    /// In px; `None` is as the content needs it.
    pub width: Option<u16>,
    /// It is not shown.
    pub hidden: bool,
}

/// Rows of the same value stand together, below a line that says so.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Grouping {
    /// The field.
    pub path: Path,
    /// Values whose rows are not shown; null is also that of rows without the field.
    pub collapsed: Vec<Value>,
}

impl TableLayout {
    /// The list that a table with this layout reads for a query: groups are the first to be sorted by, in the direction that
    /// the query itself has for that field.
    pub fn listed(&self, query: &ListQuery) -> ListQuery {
        let Some(Grouping { path, .. }) = &self.group else { return query.clone() };
        let direction = query.sort.iter().find(|(sorted, _)| sorted == path).map(|(_, direction)| *direction);
        let others = query.sort.iter().filter(|(sorted, _)| sorted != path).cloned();
        let first = (path.clone(), direction.unwrap_or(Direction::Ascending));
        ListQuery { sort: std::iter::once(first).chain(others).collect(), ..query.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_sorted_by_first() {
        use Direction::{Ascending, Descending};
        let sorted = |sort: &[(&str, Direction)]| ListQuery {
            sort: sort.iter().map(|(path, direction)| (Path::dotted(path), *direction)).collect(),
            ..ListQuery::all()
        };
        for (group, sort, listed) in [
            (None, &[("a", Descending)][..], &[("a", Descending)][..]),
            (Some("b"), &[], &[("b", Ascending)]),
            (Some("b"), &[("a", Descending)], &[("b", Ascending), ("a", Descending)]),
            (Some("b"), &[("a", Ascending), ("b", Descending)], &[("b", Descending), ("a", Ascending)]),
        ] {
            let group = group.map(|path| Grouping { path: Path::dotted(path), collapsed: Vec::new() });
            let layout = TableLayout { group, ..TableLayout::default() };
            assert_eq!(layout.listed(&sorted(sort)), sorted(listed), "{layout:?}");
        }
    }
}
