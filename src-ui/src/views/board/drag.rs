//! A card in the person's hand: from the press to the drop, by pointer events. Pure.
//!
//! Not the platform's own drag and drop, which WebView2 keeps from the page.

/// A press that moves by more px than this lifts the card; less is a click.
const LIFT: f64 = 5.0;
/// So near to an edge, in px, what is under the pointer is scrolled, by at most so many px a second.
const EDGE: f64 = 48.0;
const FASTEST: f64 = 1_080.0;
/// A frame that took longer counts as this long, in seconds: nobody saw where it went.
const LONGEST: f64 = 0.1;

/// The pointer is down on a card.
#[derive(Clone, Debug, PartialEq)]
pub struct Press {
    /// Which pointer.
    pub pointer: i32,
    /// Where it went down, in px of the window.
    pub at: (f64, f64),
    /// Where in the card that is, and how wide the card is, in px.
    pub grip: (f64, f64),
    pub width: f64,
    /// Which keys are held beside it.
    pub held: Held,
}

/// Which keys are held beside the pointer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Held {
    /// Shift: from the cursor on.
    pub extends: bool,
    /// Control: one more.
    pub toggles: bool,
}

/// Cards are lifted.
#[derive(Clone, Debug, PartialEq)]
pub struct Lift {
    /// Where the pointer is now, in px of the window.
    pub at: (f64, f64),
    /// The column under it.
    pub over: Option<usize>,
}

impl Press {
    /// Whether the pointer has gone far enough to mean more than a click.
    pub fn lifts(&self, (x, y): (f64, f64)) -> bool {
        (x - self.at.0).hypot(y - self.at.1) > LIFT
    }
}

/// By how many px to scroll what reaches from `start` to `end`, with the pointer at `at`, after so many seconds: faster towards
/// the edge, and beyond it.
pub fn pull(at: f64, start: f64, end: f64, seconds: f64) -> f64 {
    let depth = |distance: f64| (1.0 - distance / EDGE).clamp(0.0, 1.0) * FASTEST;
    // Where both edges are near, neither is meant.
    if end - start < 3.0 * EDGE { 0.0 } else { (depth(end - at) - depth(at - start)) * seconds.min(LONGEST) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearer_the_edge_the_faster_it_scrolls() {
        for (at, expected) in [
            (500.0, 0.0),
            (952.0, 0.0),
            (976.0, 27.0),
            (1000.0, 54.0),
            (1400.0, 54.0),
            (24.0, -27.0),
            (-30.0, -54.0),
        ] {
            assert_eq!(pull(at, 0.0, 1000.0, 0.05), expected, "at {at}");
        }
        assert_eq!(pull(99.0, 0.0, 100.0, 0.05), 0.0);
        assert_eq!(pull(1000.0, 0.0, 1000.0, 9.0), 108.0, "after a frame that took long");
    }
}
