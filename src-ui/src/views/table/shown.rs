//! The rows that a table shows, one below the other: all of its list, or in groups, of which some are closed. Pure.

use std::{ops::Range, rc::Rc};

use lockstep_model::{DocumentId, Value, contract::Grouping, order};

use super::Rows;

/// Rows by their number from the top, those of closed groups left out. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Shown {
    rows: Rows,
    groups: Option<Rc<[Group]>>,
}

/// Rows of the same value.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Their value; null also of rows without the field.
    pub value: Value,
    /// Its rows in the list.
    list: Range<usize>,
    /// The number of its first row among those that are shown.
    first: usize,
    /// Its rows are not shown.
    pub closed: bool,
}

impl Group {
    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.list.len()
    }
}

/// What stands in one line of the grid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Line {
    /// The head of a group, by its place.
    Group(usize),
    /// A row, by its number.
    Row(usize),
}

/// Two are equal when they show the same rows in the same lines.
impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        self.rows == other.rows && self.groups == other.groups
    }
}

impl Shown {
    /// All rows of a list; in groups by the value that it is sorted by first, where there is a grouping.
    pub fn new(rows: Rows, grouping: Option<&Grouping>) -> Self {
        let groups = grouping.map(|grouping| groups(&rows, grouping).into());
        Self { rows, groups }
    }

    /// How many rows are shown.
    pub fn len(&self) -> usize {
        match self.groups.as_deref() {
            None => self.rows.len(),
            Some(groups) => groups.last().map_or(0, |last| last.first + shown_of(last)),
        }
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The document of a row.
    pub fn get(&self, row: usize) -> Option<&DocumentId> {
        let Some(groups) = self.groups.as_deref() else { return self.rows.get(row) };
        let group = &groups[groups.partition_point(|group| group.first <= row).checked_sub(1)?];
        let within = row - group.first;
        (within < shown_of(group)).then(|| self.rows.get(group.list.start + within)).flatten()
    }

    /// All documents that are shown, in order.
    pub fn iter(&self) -> impl Iterator<Item = &DocumentId> {
        (0..self.len()).map_while(|row| self.get(row))
    }

    /// How many lines there are, heads of groups included.
    pub fn line_count(&self) -> usize {
        self.len() + self.groups.as_deref().map_or(0, <[Group]>::len)
    }

    /// What stands in a line.
    pub fn line(&self, line: usize) -> Option<Line> {
        let Some(groups) = self.groups.as_deref() else {
            return (line < self.rows.len()).then_some(Line::Row(line));
        };
        // The line of a group's head is that of its first row, and one for each group before.
        let mut low = 0;
        let mut high = groups.len();
        while low < high {
            let middle = usize::midpoint(low, high);
            if groups[middle].first + middle <= line { low = middle + 1 } else { high = middle }
        }
        let at = low.checked_sub(1)?;
        match line - (groups[at].first + at) {
            0 => Some(Line::Group(at)),
            within if within <= shown_of(&groups[at]) => Some(Line::Row(groups[at].first + within - 1)),
            _ => None,
        }
    }

    /// The line in which a row stands.
    pub fn line_of(&self, row: usize) -> usize {
        let groups = self.groups.as_deref().unwrap_or_default();
        row + groups.iter().take_while(|group| group.first <= row).count()
    }

    /// The first row at or below a line; the last one where there is none.
    pub fn row_at(&self, line: usize) -> usize {
        let last = self.len().saturating_sub(1);
        let row = (line..self.line_count()).find_map(|line| match self.line(line)? {
            Line::Row(row) => Some(row),
            Line::Group(_) => None,
        });
        row.unwrap_or(last).min(last)
    }

    /// A group by its place.
    pub fn group(&self, at: usize) -> Option<&Group> {
        self.groups.as_deref()?.get(at)
    }

    /// All groups; `None` where the rows are not in groups.
    pub fn groups(&self) -> Option<&[Group]> {
        self.groups.as_deref()
    }
}

fn shown_of(group: &Group) -> usize {
    if group.closed { 0 } else { group.list.len() }
}

fn groups(rows: &Rows, grouping: &Grouping) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (at, (order, _)) in rows.pairs().enumerate() {
        match groups.last_mut() {
            // What MongoDB sorts as equal is one group: 1 and 1.0.
            Some(last) if order::compare(last.value.get(), order.first()).is_eq() => last.list.end += 1,
            _ => groups.push(Group {
                value: Value::from_ref(order.first()),
                list: at..at + 1,
                first: 0,
                closed: false,
            }),
        }
    }
    let mut first = 0;
    for group in &mut groups {
        group.first = first;
        let is_group = |closed: &Value| order::compare(closed.get(), group.value.get()).is_eq();
        group.closed = grouping.collapsed.iter().any(is_group);
        first += shown_of(group);
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use lockstep_model::{ListQuery, Namespace, Path, key::Direction, order::sort_key, shape::display_text};

    /// Rows with these values of a field, which the list is sorted by; numbered from 0.
    fn rows(values: &[i32]) -> Rows {
        let query = ListQuery { sort: vec![(Path::field("v"), Direction::Ascending)], ..ListQuery::all() };
        let row = |(at, value): (usize, &i32)| {
            let id = Value::from(at as i32);
            let order = sort_key(&query, &id, &bson::rawdoc! { "v": *value });
            (order, DocumentId { namespace: Namespace::new("d", "c"), id })
        };
        values.iter().enumerate().map(row).collect()
    }

    fn closed(values: &[i32]) -> Grouping {
        Grouping {
            path: Path::field("v"),
            collapsed: values.iter().map(|value| Value::from(*value)).collect(),
        }
    }

    /// `g0` for the head of a group, else the number of a document.
    fn lines(shown: &Shown) -> Vec<String> {
        let line = |line| match shown.line(line)? {
            Line::Group(at) => Some(format!("g{at}")),
            Line::Row(row) => Some(display_text(shown.get(row)?.id.get())),
        };
        (0..shown.line_count()).map(|at| line(at).unwrap_or_else(|| "?".into())).collect()
    }

    #[test]
    fn groups_stand_above_their_rows_and_closed_ones_alone() {
        let values = [5, 5, 7, 9, 9, 9];
        for (grouping, expected) in [
            (None, &["0", "1", "2", "3", "4", "5"][..]),
            (Some(closed(&[])), &["g0", "0", "1", "g1", "2", "g2", "3", "4", "5"]),
            (Some(closed(&[7])), &["g0", "0", "1", "g1", "g2", "3", "4", "5"]),
            (Some(closed(&[5, 9])), &["g0", "g1", "2", "g2"]),
            (Some(closed(&[5, 7, 9])), &["g0", "g1", "g2"]),
        ] {
            let shown = Shown::new(rows(&values), grouping.as_ref());
            assert_eq!(lines(&shown), expected, "{grouping:?}");
            assert_eq!(shown.line(shown.line_count()), None);
            assert_eq!((shown.iter().count(), shown.get(shown.len())), (shown.len(), None));
            for row in 0..shown.len() {
                assert_eq!(shown.line(shown.line_of(row)), Some(Line::Row(row)));
                assert_eq!(shown.row_at(shown.line_of(row)), row);
            }
        }
    }

    #[test]
    fn a_head_leads_to_the_row_below_it() {
        let shown = Shown::new(rows(&[5, 7, 7]), Some(&closed(&[5])));
        assert_eq!([0, 1, 2, 3, 9].map(|line| shown.row_at(line)), [0, 0, 0, 1, 1]);
        let group = shown.group(1).unwrap();
        assert_eq!((group.value.clone(), group.len()), (Value::from(7), 2));
    }
}
