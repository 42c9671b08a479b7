//! Where in the grid the person is, and how keys move it. Pure.

use lockstep_model::DocumentId;

use super::shown::Shown;

/// A cell: the row by its document, so that it stays there when the list moves.
#[derive(Clone, Debug, PartialEq)]
pub struct Cursor {
    /// The row's document.
    pub id: DocumentId,
    /// Where the row was last.
    pub row: usize,
    /// The column.
    pub column: usize,
}

/// A movement of the cursor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Move {
    /// By so many rows.
    Rows(isize),
    /// By so many columns, and on to the next row at the end of one.
    Columns(isize),
    /// To the first or last column.
    RowEnd {
        /// The last.
        last: bool,
    },
    /// To the first or last row.
    TableEnd {
        /// The last.
        last: bool,
    },
}

impl Move {
    /// What a key does in the grid; `page` is a page's rows.
    pub fn of_key(key: &str, control: bool, page: usize) -> Option<Self> {
        let page = page.cast_signed();
        Some(match key {
            "ArrowUp" if control => Self::TableEnd { last: false },
            "ArrowDown" if control => Self::TableEnd { last: true },
            "ArrowLeft" if control => Self::RowEnd { last: false },
            "ArrowRight" if control => Self::RowEnd { last: true },
            "ArrowUp" => Self::Rows(-1),
            "ArrowDown" => Self::Rows(1),
            "ArrowLeft" => Self::Columns(-1),
            "ArrowRight" => Self::Columns(1),
            "PageUp" => Self::Rows(-page),
            "PageDown" => Self::Rows(page),
            "Home" if control => Self::TableEnd { last: false },
            "End" if control => Self::TableEnd { last: true },
            "Home" => Self::RowEnd { last: false },
            "End" => Self::RowEnd { last: true },
            _ => return None,
        })
    }

    /// From a cell to another, in a grid of that size, which is not empty.
    pub fn from(self, (row, column): (usize, usize), (rows, columns): (usize, usize)) -> (usize, usize) {
        let last_row = rows.saturating_sub(1);
        let last_column = columns.saturating_sub(1);
        match self {
            Self::Rows(by) => (row.saturating_add_signed(by).min(last_row), column),
            Self::Columns(1) if column == last_column && row < last_row => (row + 1, 0),
            Self::Columns(-1) if column == 0 && row > 0 => (row - 1, last_column),
            Self::Columns(by) => (row, column.saturating_add_signed(by).min(last_column)),
            Self::RowEnd { last } => (row, if last { last_column } else { 0 }),
            Self::TableEnd { last } => (if last { last_row } else { 0 }, column),
        }
    }
}

impl Move {
    /// The same, but that it stays in its row at the end of one: a selection is a rectangle.
    pub fn within(self, (row, column): (usize, usize), (rows, columns): (usize, usize)) -> (usize, usize) {
        match self {
            Self::Columns(by) => (row, column.saturating_add_signed(by).min(columns.saturating_sub(1))),
            other => other.from((row, column), (rows, columns)),
        }
    }
}

impl Cursor {
    /// The row that the cursor's document is at now. Cheap as long as the list did not move.
    pub fn row_in(&self, ids: &Shown) -> Option<usize> {
        if ids.get(self.row) == Some(&self.id) {
            return Some(self.row);
        }
        ids.iter().position(|id| *id == self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_move_within_the_grid() {
        const SIZE: (usize, usize) = (10, 3);
        for (key, control, from, to) in [
            ("ArrowUp", false, (0, 1), (0, 1)),
            ("ArrowDown", false, (0, 1), (1, 1)),
            ("ArrowDown", false, (9, 1), (9, 1)),
            ("ArrowRight", false, (4, 2), (5, 0)),
            ("ArrowRight", false, (9, 2), (9, 2)),
            ("ArrowLeft", false, (4, 0), (3, 2)),
            ("ArrowRight", false, (4, 1), (4, 2)),
            ("PageDown", false, (4, 1), (9, 1)),
            ("Home", false, (4, 1), (4, 0)),
            ("End", true, (4, 1), (9, 1)),
            ("ArrowDown", true, (4, 1), (9, 1)),
            ("ArrowLeft", true, (4, 1), (4, 0)),
        ] {
            let movement = Move::of_key(key, control, 6).unwrap();
            assert_eq!(movement.from(from, SIZE), to, "{key} from {from:?}");
        }
        assert_eq!(Move::Columns(1).within((4, 2), SIZE), (4, 2));
        assert_eq!(Move::Columns(-1).within((4, 1), SIZE), (4, 0));
        assert_eq!(Move::Rows(2).within((4, 1), SIZE), (6, 1));
    }
}
