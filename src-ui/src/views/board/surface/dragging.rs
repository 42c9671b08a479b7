//! Cards in the person's hand: lifted by a press that moves, dropped on the column under the pointer.

use std::{rc::Rc, time::Duration};

use web_sys::Element;
use yew::prelude::*;

use super::{
    super::{
        cursor::Cursor,
        drag::{Lift, Press, pull},
        spot::{Spot, column_of},
    },
    Message, Surface,
};
use crate::browser;

impl Surface {
    /// The pointer went down on a card. Returns whether that changes what is drawn.
    pub(super) fn press(&mut self, ctx: &Context<Self>, spot: &Spot, press: Press) -> bool {
        let Some(cursor) = self.cursor_at(ctx, spot) else { return false };
        if press.held.extends {
            // The focus comes to the card that is pressed: what is selected begins where it was before.
            let before = self.cursor.as_ref().filter(|before| before.column == cursor.column);
            let row = before.map_or(cursor.row, |before| before.row);
            self.anchor.get_or_insert(row);
        }
        self.press = Some((cursor, press));
        false
    }

    /// It moved to there, with its button held. Returns whether that changes what is drawn.
    pub(super) fn drag(&mut self, ctx: &Context<Self>, at: (f64, f64)) -> bool {
        let Some((Cursor { id: Some(id), .. }, press)) = &self.press else { return false };
        if self.lift.is_none() {
            if !press.lifts(at) || ctx.props().read_only.is_some() {
                return false;
            }
            // From here on the pointer is the board's, wherever it goes.
            if let Some(node) = self.node.cast::<Element>() {
                let _ = node.set_pointer_capture(press.pointer);
            }
            self.lifted = Rc::new(self.taken_with(ctx, id.clone()).into_iter().collect());
            self.pulled = Pulled { at: browser::since_beginning(), ..Pulled::default() };
            next_frame(ctx);
        }
        self.lift = Some(Lift { at, over: self.column_at(at) });
        true
    }

    /// It went up: a click, or a drop.
    pub(super) fn release(&mut self, ctx: &Context<Self>) {
        let Some((cursor, press)) = self.press.clone() else { return };
        let over = self.lift.as_ref().map(|lift| lift.over);
        self.let_go();
        match (over, cursor.id.clone()) {
            (Some(Some(column)), Some(id)) => {
                let ids = self.taken_with(ctx, id);
                self.cursor = Some(cursor);
                self.focus_card = true;
                self.move_to(ctx, &ids, column);
            }
            (Some(_), _) => {}
            (None, _) if press.held.extends => self.select_to(ctx, &cursor),
            (None, Some(id)) if press.held.toggles => self.toggle(id),
            (None, _) => self.deselect(),
        }
    }

    /// Nothing is in the person's hand any more. Returns whether something was.
    pub(super) fn let_go(&mut self) -> bool {
        if let (Some((_, press)), Some(_), Some(node)) =
            (&self.press, &self.lift, self.node.cast::<Element>())
        {
            // Fails where the pointer is gone by itself.
            let _ = node.release_pointer_capture(press.pointer);
        }
        self.press = None;
        self.lifted = Rc::default();
        self.lift.take().is_some()
    }

    /// Scrolls what the pointer is at the edge of. Returns whether another column has come under it.
    pub(super) fn pull(&mut self, ctx: &Context<Self>) -> bool {
        let Some(at) = self.lift.as_ref().map(|lift| lift.at) else { return false };
        next_frame(ctx);
        let now = browser::since_beginning();
        let seconds = now.saturating_sub(std::mem::replace(&mut self.pulled.at, now)).as_secs_f64();
        if let Some(node) = self.element(".board-columns") {
            let edges = node.get_bounding_client_rect();
            let by = whole(&mut self.pulled.left, pull(at.0, edges.left(), edges.right(), seconds));
            node.set_scroll_left(node.scroll_left() + by);
        }
        let cards = under(at).and_then(|element| element.closest(".board-cards").ok().flatten());
        if let Some(cards) = cards {
            let edges = cards.get_bounding_client_rect();
            let by = whole(&mut self.pulled.down, pull(at.1, edges.top(), edges.bottom(), seconds));
            cards.set_scroll_top(cards.scroll_top() + by);
        }
        let over = self.column_at(at);
        self.lift.as_mut().is_some_and(|lift| std::mem::replace(&mut lift.over, over) != over)
    }

    /// The column under the pointer.
    fn column_at(&self, at: (f64, f64)) -> Option<usize> {
        let node = self.node.cast::<Element>()?;
        column_of(&under(at).filter(|element| node.contains(Some(element)))?)
    }
}

/// When the board was scrolled last under lifted cards, and by which parts of a px it is behind.
#[derive(Debug, Default)]
pub(super) struct Pulled {
    at: Duration,
    left: f64,
    down: f64,
}

/// The whole px of what is to be scrolled by now; the rest is kept for the next time.
fn whole(behind: &mut f64, by: f64) -> i32 {
    *behind += by;
    let whole = behind.trunc();
    *behind -= whole;
    whole as i32
}

fn under((x, y): (f64, f64)) -> Option<Element> {
    browser::document().element_from_point(x as f32, y as f32)
}

fn next_frame(ctx: &Context<Surface>) {
    let link = ctx.link().clone();
    browser::before_next_frame(move || link.send_message(Message::Frame));
}
