//! A board as a person sees and uses it: found by role, state and accessible name.

use std::collections::BTreeMap;

use fantoccini::{
    actions::{InputSource, MouseActions, PointerAction},
    elements::Element,
    key::Key,
};
use lockstep_model::Value;
use serde::Deserialize;
use serde_json::json;

use crate::fixture::{Window, until, until_is};

/// A card on the screen.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Card {
    /// The name of the column that it is in.
    pub column: String,
    /// `saved`, `syncing`, …
    pub state: String,
    /// How solid its title stands there, in percent.
    pub opacity: u32,
    /// What is said about it.
    pub alert: Option<String>,
    pub selected: bool,
}

const FINDING: &str = r#"
    const cardOf = (id) => [...document.querySelectorAll("[role=option]")].find((card) => card.dataset.id === id);
    const listOf = (name) => [...document.querySelectorAll("[role=listbox]")].find((list) => list.ariaLabel === name);
    const columnOf = (name) => listOf(name)?.closest("[data-column]")
        ?? document.querySelector(`[aria-label="Unfold ${name}"]`)?.closest("[data-column]");
"#;

/// The board in a window.
#[derive(Clone, Copy)]
pub struct Board<'a>(pub &'a Window);

impl<'a> Board<'a> {
    /// Shows the collection's board, by its entry in the sidebar and the switch.
    pub async fn open(window: &'a Window, collection: &str) -> Self {
        window.open_collection(collection).await;
        window.click("Board").await;
        let board = Self(window);
        board.until_there().await;
        board
    }

    /// Returns when there are columns, with their cards.
    pub async fn until_there(self) {
        let script = r#"
            return document.querySelectorAll("[role=listbox]").length > 0
                && !document.querySelector(".skeleton, [role=option][aria-busy]");"#;
        until_is("the board", true, async || self.0.read(script, json!([])).await).await;
    }

    async fn read<T: serde::de::DeserializeOwned>(self, script: &str, arguments: serde_json::Value) -> T {
        self.0.read(&format!("{FINDING}{script}"), arguments).await
    }

    async fn element(self, what: &str, script: &str, arguments: serde_json::Value) -> Element {
        self.0.element(what, &format!("{FINDING}{script}"), arguments).await
    }

    /// The names of the columns that are not folded, from left to right.
    pub async fn columns(self) -> Vec<String> {
        self.read(
            "return [...document.querySelectorAll('[role=listbox]')].map((list) => list.ariaLabel)",
            json!([]),
        )
        .await
    }

    /// How many cards stand in each column, as its header says.
    pub async fn counts(self) -> BTreeMap<String, String> {
        let script = r#"
            const columns = [...document.querySelectorAll("[data-column]")];
            return Object.fromEntries(columns.map((column) =>
                [column.querySelector(".board-name").textContent, column.querySelector(".board-count")?.textContent ?? ""]));"#;
        self.read(script, json!([])).await
    }

    /// The `_id`s of a column's cards that are mounted, from top to bottom.
    pub async fn ids(self, column: &str) -> Vec<String> {
        let script = r#"
            const cards = [...(listOf(arguments[0])?.querySelectorAll("[role=option]") ?? [])];
            return cards.sort((a, b) => a.ariaPosInSet - b.ariaPosInSet).map((card) => card.dataset.id);"#;
        self.read(script, json!([column])).await
    }

    /// A document's card; `None` where none is mounted.
    pub async fn card(self, id: &Value) -> Option<Card> {
        let script = r#"
            const card = cardOf(arguments[0]);
            if (!card) return null;
            let opacity = 1;
            for (let part = card.firstElementChild; part; part = part.parentElement) opacity *= getComputedStyle(part).opacity;
            return {
                column: card.closest("[role=listbox]").ariaLabel,
                state: card.dataset.state,
                opacity: Math.round(opacity * 100),
                alert: card.parentElement.querySelector("[role=alert]")?.textContent ?? null,
                selected: card.ariaSelected === "true",
            };"#;
        self.read(script, json!([id.to_string()])).await
    }

    /// Returns when the card stands in that column, in that state.
    pub async fn until_card(self, id: &Value, column: &str, state: &str) -> Card {
        let expected = Some((column.to_owned(), state.to_owned()));
        until_is(&format!("the card of {id}"), expected, async || {
            self.card(id).await.map(|card| (card.column, card.state))
        })
        .await;
        self.card(id).await.expect("it was there a moment ago")
    }

    /// The text of a field on a card.
    pub async fn field(self, id: &Value, field: &str) -> Option<String> {
        let script = "return cardOf(arguments[0])?.querySelector(`[data-field=\"${arguments[1]}\"]`)?.textContent ?? null";
        self.read(script, json!([id.to_string(), field])).await
    }

    /// The column and the `_id` of the card that has the focus.
    pub async fn focused(self) -> Option<(String, String)> {
        let script = r#"
            const card = document.activeElement;
            return card?.matches("[role=option]") ? [card.closest("[role=listbox]").ariaLabel, card.dataset.id] : null;"#;
        self.read(script, json!([])).await
    }

    /// Returns when that card has the focus, in that column.
    pub async fn until_focused(self, id: &Value, column: &str) {
        let expected = Some((column.to_owned(), id.to_string()));
        until_is("the card with the focus", expected, async || self.focused().await).await;
    }

    /// Clicks a card, with these keys held.
    pub async fn click(self, id: &Value, held: &[Key]) {
        use fantoccini::actions::{KeyAction, KeyActions};
        let card = self.card_element(id).await;
        let client = self.0.client().await;
        let keys = |down: bool| {
            let actions = held.iter().map(|key| char::from(*key)).map(move |value| match down {
                true => KeyAction::Down { value },
                false => KeyAction::Up { value },
            });
            actions.fold(KeyActions::new("keyboard".into()), InputSource::then)
        };
        client.perform_actions(keys(true)).await.unwrap();
        client.perform_actions(moves([over(card, 0.0, 0.0), press(), release()])).await.unwrap();
        client.perform_actions(keys(false)).await.unwrap();
    }

    async fn card_element(self, id: &Value) -> Element {
        let script = r#"
            const card = cardOf(arguments[0]);
            card?.scrollIntoView({ block: "nearest", inline: "nearest" });
            return card;"#;
        self.element("the card", script, json!([id.to_string()])).await
    }

    async fn column(self, name: &str) -> Element {
        let script = r#"
            const column = columnOf(arguments[0]);
            return column?.querySelector(".board-head, button") ?? null;"#;
        self.element(&format!("the column {name}"), script, json!([name])).await
    }

    /// Lifts a card and takes it over a column, with the pointer still down. Where that is out of sight, it waits at the board's
    /// edge until it comes.
    pub async fn lift(self, id: &Value, column: &str) {
        let card = self.card_element(id).await;
        let steps = [over(card.clone(), 0.0, 0.0), press(), over(card, 12.0, 6.0)];
        self.0.client().await.perform_actions(moves(steps)).await.unwrap();
        let script = "return document.querySelectorAll('.board-hand').length";
        until_is("cards in the hand", 1, async || self.read::<usize>(script, json!([])).await).await;
        if !self.is_in_sight(column).await {
            let script = r#"
                const board = document.querySelector(".board-columns").getBoundingClientRect();
                const isLeft = columnOf(arguments[0]).getBoundingClientRect().left < board.left;
                return [isLeft ? board.left + 3 : board.right - 3, board.top + board.height / 2];"#;
            let (x, y): (f64, f64) = self.read(script, json!([column])).await;
            let mut up = 0.0;
            let comes = async || {
                // No hand is quite still, and a page that is busy may miss a movement.
                up = 1.0 - up;
                let edge = PointerAction::MoveTo { duration: None, x, y: y - up };
                self.0.client().await.perform_actions(moves([edge])).await.unwrap();
                self.is_in_sight(column).await.then_some(())
            };
            until(&format!("{column} comes into sight"), comes).await;
        }
        let column = self.column(column).await;
        self.0.client().await.perform_actions(moves([over(column, 0.0, 10.0)])).await.unwrap();
    }

    /// Whether all of a column is between the window's edges.
    pub async fn is_in_sight(self, column: &str) -> bool {
        let script = r#"
            const board = document.querySelector(".board-columns").getBoundingClientRect();
            const place = columnOf(arguments[0])?.getBoundingClientRect();
            return Boolean(place && place.left >= board.left && place.right <= board.right);"#;
        self.read(script, json!([column])).await
    }

    /// Lets the pointer's button go.
    pub async fn drop(self) {
        self.0.client().await.perform_actions(moves([release()])).await.unwrap();
    }

    /// Drags a card to a column.
    pub async fn drag(self, id: &Value, column: &str) {
        self.lift(id, column).await;
        self.drop().await;
    }

    /// The column that is told from the others as the one that the card would fall on.
    pub async fn target(self) -> Option<String> {
        self.read(
            "return document.querySelector('.board-column.target .board-name')?.textContent ?? null",
            json!([]),
        )
        .await
    }

    /// Chooses from the menu of a card.
    pub async fn choose(self, id: &Value, items: &[&str]) {
        let script =
            "return cardOf(arguments[0])?.parentElement.querySelector('[aria-label=\"Card actions\"]')";
        self.element("the card's menu", script, json!([id.to_string()])).await.click().await.unwrap();
        for item in items {
            let script = "const menu = document.querySelector('[role=menu]'); return menu && named(menu, arguments[0])";
            self.element(&format!("{item} in the menu"), script, json!([item])).await.click().await.unwrap();
        }
    }

    /// Clicks a button that belongs to a card.
    pub async fn click_at(self, id: &Value, name: &str) {
        let script =
            "const card = cardOf(arguments[0]); return card && named(card.parentElement, arguments[1])";
        self.element(name, script, json!([id.to_string(), name])).await.click().await.unwrap();
    }

    /// Chooses from a list of the layout, which is open.
    pub async fn lay_out(self, label: &str, option: &str) {
        let script = r#"
            const labels = [...document.querySelectorAll("[popover] label")];
            const of = labels.find((label) => label.firstElementChild?.textContent === arguments[0]);
            const option = [...(of?.querySelectorAll("option") ?? [])].find((option) => option.textContent === arguments[1]);
            if (!option) return false;
            of.control.value = option.value;
            of.control.dispatchEvent(new Event("change", { bubbles: true }));
            return true;"#;
        until(&format!("{label} by {option}"), async || {
            self.read::<bool>(script, json!([label, option])).await.then_some(())
        })
        .await;
    }

    /// What is said to those who do not see the board.
    pub async fn said(self) -> String {
        self.read("return document.querySelector('.board [aria-live=polite]').textContent", json!([])).await
    }
}

fn moves<const N: usize>(steps: [PointerAction; N]) -> MouseActions {
    steps.into_iter().fold(MouseActions::new("mouse".into()), InputSource::then)
}

fn over(element: Element, x: f64, y: f64) -> PointerAction {
    PointerAction::MoveToElement { element, duration: None, x, y }
}

fn press() -> PointerAction {
    PointerAction::Down { button: fantoccini::actions::MOUSE_BUTTON_LEFT }
}

fn release() -> PointerAction {
    PointerAction::Up { button: fantoccini::actions::MOUSE_BUTTON_LEFT }
}
