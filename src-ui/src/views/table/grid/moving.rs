//! Where in the grid the person is, and what of it is on the screen.

use std::{ops::Range, time::Duration};

use lockstep_model::contract::View;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use super::{
    super::{
        cursor::{Cursor, Move},
        selection::Selection,
        shown::Shown,
        viewport::{ROW_HEIGHT, Reach, Viewport, reveal},
    },
    Grid, GridProps, Message,
    clipboard::Bulk,
    clipboard::ids,
};
use crate::{browser::Timer, edit::Seed, navigation};

/// A selection that is dragged beyond an edge goes on that often.
const DRAG_ON_EVERY: Duration = Duration::from_millis(60);

/// So many rows before the last one, more are asked for: a second of fast scrolling, and some.
const NEAR_END: usize = 2_000;

impl Grid {
    pub(super) fn measure(&mut self, ctx: &Context<Self>) -> bool {
        let GridProps { rows, columns, .. } = ctx.props();
        let Some(scroll) = self.node.cast::<Element>() else { return false };
        let viewport = Viewport {
            top: scroll.scroll_top().into(),
            height: f64::from(scroll.client_height()) - ROW_HEIGHT,
            left: scroll.scroll_left().into(),
            width: scroll.client_width().into(),
        };
        if viewport.top_row() != self.viewport.top_row() {
            let top = u32::try_from(viewport.top_row()).unwrap_or(u32::MAX);
            navigation::remember_scrolled(|view| {
                if let View::Table { top_row, .. } = view {
                    *top_row = top;
                }
            });
        }
        self.viewport = viewport;
        let mounted = (
            viewport.mounted(rows.line_count(), self.reach),
            viewport.mounted_columns(columns.left_edges(), self.reach),
        );
        // The few that are drawn already, and turn out to be beyond the screen, will be wanted there.
        let covers = |drawn: &Range<usize>, wanted: &Range<usize>| {
            drawn.start <= wanted.start && wanted.end <= drawn.end
        };
        let suffices = match self.reach {
            Reach::Screen => covers(&self.mounted, &mounted.0) && covers(&self.mounted_columns, &mounted.1),
            Reach::Beyond => (&mounted.0, &mounted.1) == (&self.mounted, &self.mounted_columns),
        };
        if !suffices {
            (self.mounted, self.mounted_columns) = mounted;
        }
        self.read_on(ctx);
        !suffices
    }

    /// Asks for more rows where the last ones come near.
    pub(super) fn read_on(&self, ctx: &Context<Self>) {
        let GridProps { rows, on_near_end, .. } = ctx.props();
        if let Some(on_near_end) =
            on_near_end.as_ref().filter(|_| self.mounted.end + NEAR_END > rows.line_count())
        {
            on_near_end.emit(());
        }
    }

    /// Moves the cursor by a key.
    pub(super) fn step(&mut self, ctx: &Context<Self>, movement: Move) {
        let GridProps { rows, columns, .. } = ctx.props();
        if rows.is_empty() || columns.is_empty() {
            return;
        }
        let from = self
            .cursor
            .as_ref()
            .map_or((rows.row_at(self.viewport.top_row()), 0), |cursor| (cursor.row, cursor.column));
        let (row, column) = movement.from(from, (rows.len(), columns.len()));
        if let Some(cursor) = cursor_at(rows, row, column) {
            self.go(cursor);
            self.show(ctx);
        }
    }

    pub(super) fn go(&mut self, cursor: Cursor) {
        if self.held.as_ref().is_some_and(|held| *held != cursor.id) {
            self.hold(None);
        }
        self.cursor = Some(cursor);
        self.head = None;
        self.focus_cell = true;
    }

    /// A cell got the focus. Returns whether that is new.
    pub(super) fn focused(&mut self, ctx: &Context<Self>, cursor: Cursor) -> bool {
        if self.cursor.as_ref() == Some(&cursor) {
            return false;
        }
        if self.commit(ctx) {
            self.go(cursor);
            self.focus_cell = false;
        }
        true
    }

    /// The rows are others: the cursor and the selection stay with their documents.
    pub(super) fn stay(&mut self, rows: &Shown, before: &Shown) {
        let selected = self.head.as_ref().and_then(|_| self.selection());
        if let Some(cursor) = &mut self.cursor {
            match cursor.row_in(rows) {
                Some(row) => cursor.row = row,
                // Its document has gone: the next one takes the place.
                None => self.cursor = cursor_at(rows, cursor.row, cursor.column),
            }
        }
        self.head = self.head.take().and_then(|head| Some(Cursor { row: head.row_in(rows)?, ..head }));
        // Where other rows have come between, or these stand elsewhere, nobody has selected what is there now.
        let now = self.head.as_ref().and_then(|_| self.selection());
        if !selected.zip(now).is_some_and(|(then, now)| ids(before, &then).eq(ids(rows, &now))) {
            self.head = None;
        }
    }

    /// What is selected: the cursor's cell, if nothing more.
    pub(super) fn selection(&self) -> Option<Selection> {
        let cursor = self.cursor.as_ref()?;
        let head = self.head.as_ref().unwrap_or(cursor);
        Some(Selection::between((cursor.row, cursor.column), (head.row, head.column)))
    }

    /// Selects from the cursor on, by a key.
    pub(super) fn extend(&mut self, ctx: &Context<Self>, movement: Move) {
        let GridProps { rows, columns, .. } = ctx.props();
        let Some(from) = self.head.as_ref().or(self.cursor.as_ref()) else { return };
        let (row, column) = movement.within((from.row, from.column), (rows.len(), columns.len()));
        if let Some(head) = cursor_at(rows, row, column) {
            self.extend_to(ctx, head);
            self.show(ctx);
        }
    }

    /// Selects from the cursor to that cell. Returns whether that is new.
    pub(super) fn extend_to(&mut self, ctx: &Context<Self>, head: Cursor) -> bool {
        let Some(cursor) = &self.cursor else {
            self.go(head);
            return true;
        };
        let head = (head != *cursor).then_some(head);
        if self.head == head || self.editing.is_some() {
            return false;
        }
        let before = self.selection();
        self.head = head;
        // At each step only what it brought.
        self.read_selected(ctx, |row| !before.as_ref().is_some_and(|before| before.rows.contains(&row)));
        true
    }

    pub(super) fn select_all(&mut self, ctx: &Context<Self>) {
        let GridProps { rows, columns, .. } = ctx.props();
        let last = cursor_at(rows, rows.len(), columns.len().saturating_sub(1));
        if let (Some(first), Some(last)) = (cursor_at(rows, 0, 0), last) {
            self.go(first);
            self.extend_to(ctx, last);
        }
    }

    /// The pointer is held beyond an edge: the selection goes on there, for as long as it is.
    pub(super) fn drag_beyond(&mut self, ctx: &Context<Self>, rows: isize, columns: isize) -> bool {
        self.dragging_on = None;
        if !self.dragging || (rows, columns) == (0, 0) {
            return false;
        }
        self.extend(ctx, Move::Rows(rows));
        self.extend(ctx, Move::Columns(columns));
        let link = ctx.link().clone();
        let again = move || link.send_message(Message::Beyond(rows, columns));
        self.dragging_on = Some(Timer::after(DRAG_ON_EVERY, again));
        true
    }

    /// Scrolls to the cursor, or to where the selection ends.
    pub(super) fn show(&mut self, ctx: &Context<Self>) {
        let cursor = self.head.as_ref().or(self.cursor.as_ref());
        let (Some(cursor), Some(scroll)) = (cursor, self.node.cast::<Element>()) else { return };
        let rows = &ctx.props().rows;
        scroll.set_scroll_top(self.viewport.to_show(rows.line_of(cursor.row)) as i32);
        // What is frozen lies over the others.
        let columns = &ctx.props().columns;
        if let Some(column) = columns.get(cursor.column).filter(|_| cursor.column >= columns.frozen()) {
            let fixed = columns.frozen_width();
            let size = f64::from(scroll.client_width()) - fixed;
            let left = reveal(scroll.scroll_left().into(), size, column.left - fixed, column.width);
            scroll.set_scroll_left(left as i32);
        }
    }
}

/// The cell there, or in the last row where there are fewer.
pub(super) fn cursor_at(rows: &Shown, row: usize, column: usize) -> Option<Cursor> {
    let row = row.min(rows.len().checked_sub(1)?);
    Some(Cursor { id: rows.get(row)?.clone(), row, column })
}

/// What a key on a cell does.
pub(super) fn message_of_key(event: &KeyboardEvent, page: usize) -> Option<Message> {
    let (key, control) = (event.key(), event.ctrl_key() || event.meta_key());
    if event.alt_key() || event.is_composing() || !is_cell(event) {
        return None;
    }
    match key.as_str() {
        "F10" if event.shift_key() => Some(Message::MenuHere),
        "Escape" => Some(Message::Collapse),
        "d" | "D" if control => Some(Message::Bulk(Bulk::FillDown)),
        "a" | "A" if control => Some(Message::SelectAll),
        "Delete" | "Backspace" if !control => Some(Message::Bulk(Bulk::Clear)),
        "ContextMenu" => Some(Message::MenuHere),
        "Enter" | "F2" => Some(Message::EditHere(Seed::Value)),
        // One character: typing replaces the value.
        text if !control && text.chars().count() == 1 => Some(Message::EditHere(Seed::Typed(key))),
        _ => {
            let message = if event.shift_key() { Message::Extend } else { Message::Move };
            Move::of_key(&key, control, page).map(message)
        }
    }
}

/// Whether the key was pressed on a cell, and not in something that lies over it.
fn is_cell(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.matches("[role=gridcell]").unwrap_or(false))
}
