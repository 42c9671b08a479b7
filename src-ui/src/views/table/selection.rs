//! Which cells are selected. Pure.

use std::ops::RangeInclusive;

/// A rectangle of cells.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    pub rows: RangeInclusive<usize>,
    pub columns: RangeInclusive<usize>,
}

impl Selection {
    /// From one cell to another, each as row and column.
    pub fn between((row, column): (usize, usize), (other_row, other_column): (usize, usize)) -> Self {
        let range = |a: usize, b: usize| a.min(b)..=a.max(b);
        Self { rows: range(row, other_row), columns: range(column, other_column) }
    }

    /// How many rows and columns it has.
    pub fn size(&self) -> (usize, usize) {
        let length = |range: &RangeInclusive<usize>| range.end() - range.start() + 1;
        (length(&self.rows), length(&self.columns))
    }

    /// What a block of that size covers when it is pasted here: all of the selection, as often as it fits, or once from its
    /// first cell on.
    pub fn covered_by(&self, (rows, columns): (usize, usize)) -> Self {
        let (height, width) = self.size();
        let fits = height.is_multiple_of(rows) && width.is_multiple_of(columns);
        let (height, width) = if fits { (height, width) } else { (rows, columns) };
        let (row, column) = (*self.rows.start(), *self.columns.start());
        Self { rows: row..=row + height - 1, columns: column..=column + width - 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_covers_the_selection_where_it_fits_and_else_its_own_size() {
        let selected = Selection::between((5, 3), (2, 1));
        assert_eq!((selected.size(), &selected.rows), ((4, 3), &(2..=5)));
        for (block, rows, columns) in [
            ((1, 1), 2..=5, 1..=3),
            ((2, 3), 2..=5, 1..=3),
            ((2, 1), 2..=5, 1..=3),
            ((3, 3), 2..=4, 1..=3),
            ((6, 1), 2..=7, 1..=1),
        ] {
            assert_eq!(selected.covered_by(block), Selection { rows, columns }, "{block:?}");
        }
        let cell = Selection::between((7, 2), (7, 2));
        assert_eq!(cell.covered_by((2, 2)), Selection { rows: 7..=8, columns: 2..=3 });
    }
}
