//! Where on the board the person is, and how keys move it. Pure.

use lockstep_model::DocumentId;

/// A card, or an empty column.
#[derive(Clone, Debug, PartialEq)]
pub struct Cursor {
    /// Which column.
    pub column: usize,
    /// The card's place in it.
    pub row: usize,
    /// The card's document, so that the cursor stays there when the list moves; `None` where the column is empty.
    pub id: Option<DocumentId>,
}

/// A movement of the cursor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Move {
    /// By so many cards.
    Rows(isize),
    /// By so many columns.
    Columns(isize),
    /// To the first or last card of the column.
    End {
        /// The last.
        last: bool,
    },
}

impl Move {
    /// What a key does on a board; `page` is how many cards a page key moves by.
    pub fn of_key(key: &str, page: isize) -> Option<Self> {
        Some(match key {
            "ArrowUp" => Self::Rows(-1),
            "ArrowDown" => Self::Rows(1),
            "ArrowLeft" => Self::Columns(-1),
            "ArrowRight" => Self::Columns(1),
            "PageUp" => Self::Rows(-page),
            "PageDown" => Self::Rows(page),
            "Home" => Self::End { last: false },
            "End" => Self::End { last: true },
            _ => return None,
        })
    }

    /// From a place to another, on a board whose columns have so many cards; `None` is a folded one, which is passed over.
    pub fn from(self, (column, row): (usize, usize), lengths: &[Option<usize>]) -> (usize, usize) {
        let (column, row) = match self {
            Self::Rows(by) => (column, row.saturating_add_signed(by)),
            Self::End { last } => (column, if last { usize::MAX } else { 0 }),
            Self::Columns(by) => (beside(column, by, lengths).unwrap_or(column), row),
        };
        let length = lengths.get(column).copied().flatten().unwrap_or_default();
        (column, row.min(length.saturating_sub(1)))
    }
}

/// The next column in that direction that is not folded.
pub fn beside(column: usize, by: isize, lengths: &[Option<usize>]) -> Option<usize> {
    let mut column = column;
    loop {
        column = column.checked_add_signed(by.signum())?;
        if lengths.get(column)?.is_some() {
            return Some(column);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_move_between_cards_and_columns() {
        let lengths = [Some(5), Some(0), None, Some(2)];
        for (key, from, to) in [
            ("ArrowUp", (0, 0), (0, 0)),
            ("ArrowDown", (0, 3), (0, 4)),
            ("ArrowDown", (0, 4), (0, 4)),
            ("PageDown", (0, 1), (0, 4)),
            ("End", (3, 0), (3, 1)),
            ("Home", (0, 4), (0, 0)),
            ("ArrowLeft", (0, 2), (0, 2)),
            ("ArrowRight", (0, 2), (1, 0)),
            ("ArrowRight", (1, 0), (3, 0)),
            ("ArrowRight", (3, 1), (3, 1)),
            ("ArrowLeft", (3, 1), (1, 0)),
            ("ArrowDown", (1, 0), (1, 0)),
        ] {
            let movement = Move::of_key(key, 3).unwrap();
            assert_eq!(movement.from(from, &lengths), to, "{key} from {from:?}");
        }
    }
}
