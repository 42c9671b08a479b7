//! Where on the board an element is, as the board itself has written it there.

use lockstep_model::DocumentId;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget};

/// A card on the screen, or an empty column.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    /// Which column.
    pub column: usize,
    /// The card: its place when it was drawn, and its `data-id`.
    pub card: Option<(usize, String)>,
}

impl Spot {
    /// Of what an event has happened to.
    pub fn of(target: Option<EventTarget>) -> Option<Self> {
        let element = target?.dyn_into::<Element>().ok()?;
        let place = element.closest(".board-place").ok().flatten();
        let card = place.and_then(|place| place.query_selector("[role=option]").ok()?);
        let card = match card {
            Some(card) => {
                Some((card.get_attribute("data-row")?.parse().ok()?, card.get_attribute("data-id")?))
            }
            None if element.matches("[role=listbox]").unwrap_or(false) => None,
            None => return None,
        };
        Some(Self { column: column_of(&element)?, card })
    }

    /// Whether the spot's card is that one.
    pub fn is_of(&self, id: &DocumentId) -> bool {
        self.card.as_ref().is_some_and(|(_, written)| *written == id.id.to_string())
    }
}

/// The column that an element is in.
pub fn column_of(element: &Element) -> Option<usize> {
    element.closest("[data-column]").ok().flatten()?.get_attribute("data-column")?.parse().ok()
}

/// Whether an event has happened to a card or a column itself, and not to something on it.
pub fn is_itself(target: Option<EventTarget>) -> bool {
    let element = target.and_then(|target| target.dyn_into::<Element>().ok());
    element.is_some_and(|element| element.matches("[role=option], [role=listbox]").unwrap_or(false))
}

/// Whether an event has happened to something that is pressed for itself.
pub fn is_on_control(target: Option<EventTarget>) -> bool {
    let element = target.and_then(|target| target.dyn_into::<Element>().ok());
    element.is_some_and(|element| {
        element.closest("button, .callout, [popover], dialog").is_ok_and(|found| found.is_some())
    })
}
