//! Which rows and columns are mounted, of all that there are. Pure.

use std::ops::Range;

/// The height of a row, and of the header, in px; `styles/table.css` says the same.
pub const ROW_HEIGHT: f64 = 32.0;
/// Rows mounted beyond the edges, and the step in which the mounted range moves: scrolling by less draws nothing.
const STEP: usize = 8;

/// How far rows and columns are mounted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// As far as the screen: what a person waits for.
    Screen,
    /// Beyond its edges, so that scrolling shows nothing empty.
    Beyond,
}

/// What of the rows is on the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Viewport {
    /// How far it is scrolled, in px.
    pub top: f64,
    /// How high it is, header excluded, in px.
    pub height: f64,
    /// How far it is scrolled to the right, in px.
    pub left: f64,
    /// How wide it is, in px.
    pub width: f64,
}

impl Viewport {
    /// The rows to mount, of `count`.
    pub fn mounted(self, count: usize, reach: Reach) -> Range<usize> {
        let first = (self.top / ROW_HEIGHT).max(0.0) as usize;
        let last = ((self.top + self.height) / ROW_HEIGHT).max(0.0).ceil() as usize;
        let (from, to) = match reach {
            Reach::Screen => (first, last),
            Reach::Beyond => ((first / STEP).saturating_sub(1) * STEP, (last / STEP + 2) * STEP),
        };
        from.min(count)..to.min(count)
    }

    /// The columns to mount, of those with these left edges, from left to right. Beyond the screen, it is one screen's width
    /// on both sides, moved in steps of half a width.
    pub fn mounted_columns(self, edges: impl Iterator<Item = f64> + Clone, reach: Reach) -> Range<usize> {
        let (left, right) = match reach {
            Reach::Screen => (self.left, self.left + self.width),
            Reach::Beyond => {
                let step = (self.width / 2.0).max(1.0);
                let left = (self.left / step).floor() * step - self.width;
                (left, left + 3.5 * self.width)
            }
        };
        let before = |end: f64| edges.clone().take_while(|edge| *edge < end).count();
        // The column that holds the edge begins before it.
        before(left).saturating_sub(1)..before(right)
    }

    /// The first row that is on the screen.
    pub fn top_row(self) -> usize {
        (self.top / ROW_HEIGHT).max(0.0).round() as usize
    }

    /// How many rows a page key moves.
    pub fn page(self) -> usize {
        ((self.height / ROW_HEIGHT) as usize).saturating_sub(1).max(1)
    }

    /// How far to scroll so that the row is on the screen.
    pub fn to_show(self, row: usize) -> f64 {
        reveal(self.top, self.height, row as f64 * ROW_HEIGHT, ROW_HEIGHT)
    }
}

/// How far to scroll, so that what begins at `start` and is `length` long is seen in a view that is `size` long.
pub fn reveal(scrolled: f64, size: f64, start: f64, length: f64) -> f64 {
    if start < scrolled || length > size {
        start
    } else if start + length > scrolled + size {
        start + length - size
    } else {
        scrolled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_on_the_screen_is_mounted() {
        let height = 320.0;
        let viewport = Viewport { height, ..Viewport::default() };
        for count in [0, 1, 9, 10, 11, 10_000] {
            for top_row in 0..count.min(50) {
                let viewport = Viewport { top: top_row as f64 * ROW_HEIGHT, ..viewport };
                let seen = top_row..(top_row + 10).min(count);
                assert_eq!(viewport.mounted(count, Reach::Screen), seen);
                let mounted = viewport.mounted(count, Reach::Beyond);
                assert!(mounted.start <= seen.start && seen.end <= mounted.end, "{seen:?} in {mounted:?}");
                assert!(mounted.end <= count && mounted.len() <= 10 + 4 * STEP);
            }
        }
    }

    #[test]
    fn scrolling_by_less_than_a_step_mounts_the_same_rows() {
        let at = |top| Viewport { top, height: 320.0, ..Viewport::default() }.mounted(10_000, Reach::Beyond);
        assert_eq!(at(64.0 * ROW_HEIGHT), at(66.0 * ROW_HEIGHT));
        assert_ne!(at(64.0 * ROW_HEIGHT), at(80.0 * ROW_HEIGHT));
    }

    #[test]
    fn of_many_columns_those_near_the_screen_are_mounted() {
        let (width, column) = (1000.0, 100.0);
        let edges = (0..200).map(|at| f64::from(at) * column);
        for left in [0.0, 99.0, 550.0, 5_000.0, 18_990.0] {
            let viewport = Viewport { left, width, ..Viewport::default() };
            let mounted = viewport.mounted_columns(edges.clone(), Reach::Beyond);
            let first = (left / column) as usize;
            let seen = first..(first + 11).min(200);
            assert!(mounted.start <= seen.start && seen.end <= mounted.end, "{seen:?} in {mounted:?}");
            assert!(mounted.len() <= 37, "{mounted:?}");
            let mounted = viewport.mounted_columns(edges.clone(), Reach::Screen);
            assert!(mounted.start <= seen.start && seen.end <= mounted.end + 1, "{seen:?} in {mounted:?}");
            assert!(mounted.len() <= 12, "{mounted:?}");
        }
        let at = |left| {
            Viewport { left, width, ..Viewport::default() }.mounted_columns(edges.clone(), Reach::Beyond)
        };
        assert_eq!(at(5_000.0), at(5_499.0));
        assert_eq!(Viewport::default().mounted_columns(edges, Reach::Beyond), 0..0);
    }

    #[test]
    fn a_row_is_revealed_by_the_least_movement() {
        let viewport = Viewport { top: 320.0, height: 320.0, ..Viewport::default() };
        for (row, scrolled) in [(12, 320.0), (9, 288.0), (20, 352.0), (0, 0.0)] {
            assert_eq!(viewport.to_show(row), scrolled, "row {row}");
        }
    }
}
