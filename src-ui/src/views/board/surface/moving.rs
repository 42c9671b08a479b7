//! Where on the board the person is, what is selected, and moving it to another column.

use std::{collections::HashSet, rc::Rc};

use lockstep_model::{
    Action, Change, DocumentId, Edit, Key, MutationId, Value, mutation::EDITS_MOST, shape::Type,
};
use lockstep_query::{App, Input, Options, Place};
use lockstep_sync::{Lockstep, window::expectation};
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

use super::{
    super::{
        cursor::{Cursor, Move, beside},
        spot::Spot,
    },
    Surface, SurfaceProps,
};
use crate::{
    browser,
    edit::{Assignment, assign},
    hooks::{Mutations, is_made_here},
    navigation,
    parts::{grouped, toast},
    store,
    sync_state::{SyncState, failure_at},
    views::table::Rows,
};

/// The card where the person is, or the empty column.
const CURRENT: &str = ".board-card.current, [role=listbox].current";

impl Surface {
    /// The card at a spot of the screen, as the lists are now.
    pub(super) fn cursor_at(&self, ctx: &Context<Self>, spot: &Spot) -> Option<Cursor> {
        let column = spot.column;
        let Some((row, _)) = &spot.card else { return Some(Cursor { column, row: 0, id: None }) };
        let rows = self.rows(ctx, column)?;
        let row = match rows.get(*row).is_some_and(|id| spot.is_of(id)) {
            true => *row,
            false => rows.iter().position(|id| spot.is_of(id))?,
        };
        Some(Cursor { column, row, id: rows.get(row).cloned() })
    }

    fn at(&self, ctx: &Context<Self>, column: usize, row: usize) -> Cursor {
        let rows = self.rows(ctx, column).unwrap_or_default();
        let row = row.min(rows.len().saturating_sub(1));
        Cursor { column, row, id: rows.get(row).cloned() }
    }

    /// How many cards the columns have; `None` for a folded one.
    fn lengths(&self, ctx: &Context<Self>) -> Vec<Option<usize>> {
        let length = |at| (!self.is_folded(ctx, at)).then(|| self.rows(ctx, at).map_or(0, |rows| rows.len()));
        (0..ctx.props().columns.len()).map(length).collect()
    }

    fn go(&mut self, cursor: Cursor) {
        self.cursor = Some(cursor);
        self.focus_card = true;
    }

    /// Moves the cursor by a key, and selects on the way if it `extends`.
    pub(super) fn step(&mut self, ctx: &Context<Self>, by: Move, extends: bool) {
        let Some(from) = self.cursor.clone() else { return };
        let (column, row) = by.from((from.column, from.row), &self.lengths(ctx));
        let cursor = self.at(ctx, column, row);
        if extends && column == from.column {
            self.anchor.get_or_insert(from.row);
            self.select_to(ctx, &cursor);
        } else {
            self.deselect();
        }
        self.go(cursor);
    }

    /// Selects from where that was begun to there.
    pub(super) fn select_to(&mut self, ctx: &Context<Self>, cursor: &Cursor) {
        let anchor = *self.anchor.get_or_insert(cursor.row);
        let Some(rows) = self.rows(ctx, cursor.column) else { return };
        self.select(
            (anchor.min(cursor.row)..=anchor.max(cursor.row)).filter_map(|row| rows.get(row).cloned()),
        );
    }

    pub(super) fn select_column(&mut self, ctx: &Context<Self>) {
        let rows = self.cursor.as_ref().and_then(|cursor| self.rows(ctx, cursor.column));
        self.select(rows.unwrap_or_default().iter().cloned());
    }

    /// Selects just these, and reads those of them that never were on the screen: what is moved has to be known.
    fn select(&mut self, ids: impl Iterator<Item = DocumentId>) {
        let ids: HashSet<_> = ids.collect();
        let unread = ids.iter().take(EDITS_MOST).filter(|id| store::entity(id).doc.is_none());
        unread.for_each(read);
        self.selected = Rc::new(ids);
    }

    pub(super) fn toggle(&mut self, id: DocumentId) {
        let mut selected = (*self.selected).clone();
        if !selected.remove(&id) {
            selected.insert(id);
        }
        self.selected = Rc::new(selected);
        self.anchor = None;
    }

    pub(super) fn deselect(&mut self) {
        self.selected = Rc::default();
        self.anchor = None;
    }

    /// What moves with a card: all that is selected, if it is one of them. In the order of the board, the card first.
    pub(super) fn taken_with(&self, ctx: &Context<Self>, id: DocumentId) -> Vec<DocumentId> {
        if !self.selected.contains(&id) {
            return vec![id];
        }
        let lists: Vec<_> = (0..ctx.props().columns.len()).filter_map(|at| self.rows(ctx, at)).collect();
        let others = lists.iter().flat_map(Rows::iter).filter(|other| **other != id);
        let others = others.filter(|other| self.selected.contains(other)).cloned();
        std::iter::once(id.clone()).chain(others).collect()
    }

    /// Moves the selected cards, or that of the cursor, to the next column, by a key.
    pub(super) fn carry(&mut self, ctx: &Context<Self>, by: isize) {
        let Some(Cursor { column, id: Some(id), .. }) = self.cursor.clone() else { return };
        if let Some(column) = beside(column, by, &self.lengths(ctx)) {
            let ids = self.taken_with(ctx, id);
            self.focus_card = true;
            self.move_to(ctx, &ids, column);
        }
    }

    /// Moves cards to a column, as one mutation.
    pub(super) fn move_to(&mut self, ctx: &Context<Self>, ids: &[DocumentId], column: usize) {
        let SurfaceProps { columns, read_only, .. } = ctx.props();
        let Some(to) = columns.get(column) else { return };
        if let Some(reason) = read_only {
            return toast::show(&format!("This collection cannot be edited: {reason}"));
        }
        let is_there = |id: &DocumentId| {
            let document = store::entity(id).doc;
            document.is_some_and(|document| matches!(Lockstep::place(&to.key, id, &document), Place::In(_)))
        };
        let ids: Vec<_> = ids.iter().filter(|id| !is_there(id)).collect();
        if ids.len() > EDITS_MOST {
            let most = grouped(EDITS_MOST as u64);
            return toast::show(&format!("Not moved: at most {most} cards can be moved at once."));
        }
        let unread: Vec<_> = ids.iter().filter(|id| store::entity(id).doc.is_none()).collect();
        if !unread.is_empty() {
            unread.iter().for_each(|id| read(id));
            return toast::show("Not moved: some of these cards are still being read.");
        }
        let target = match &to.value {
            Some(value) => Ok(Some(value.clone())),
            None => self.nothing(ctx),
        };
        let target = match target {
            Ok(target) => target,
            Err(reason) => return toast::show(&format!("Not moved: {} {reason}.", ctx.props().by)),
        };
        let edits: Vec<_> = ids.iter().filter_map(|id| edit(ctx.props(), id, target.clone())).collect();
        if edits.is_empty() {
            return;
        }
        let refused: Vec<_> = ids.iter().flat_map(|id| refused_moves(ctx.props(), id)).collect();
        let what = match &*edits {
            [edit] => navigation::document_title(&edit.document),
            edits => format!("{} cards", edits.len()),
        };
        self.said = format!("{what} moved to {}", to.name).into();
        Mutations.change_all(edits);
        refused.into_iter().for_each(|id| Mutations.discard(id));
        self.stay(ctx);
    }

    /// What stands for "none of the columns": the field is missing, or null where it has to be there.
    fn nothing(&self, ctx: &Context<Self>) -> Result<Option<Value>, String> {
        let SurfaceProps { by, shape, .. } = ctx.props();
        let missing = shape.check(by, None);
        let takes_null = shape.at(by).is_some_and(|field| field.types().contains(&Type::Null));
        match missing {
            Err(_) if takes_null => Ok(Some(bson::RawBson::Null.into())),
            missing => missing.map(|()| None),
        }
    }

    /// The lists are others: the cursor stays with its card where that is, or follows it where this window has moved it.
    /// A card that somebody else has taken away leaves the cursor to its neighbour. Returns whether the cursor is another.
    pub(super) fn stay(&mut self, ctx: &Context<Self>) -> bool {
        let Some(cursor) = self.cursor.clone() else { return false };
        // In another order it is not known yet.
        let Some(rows) = self.rows(ctx, cursor.column) else { return false };
        let place = |rows: &Rows, id: &DocumentId| rows.iter().position(|other| other == id);
        let now = match &cursor.id {
            Some(id) if rows.get(cursor.row) == Some(id) => return false,
            Some(id) => {
                let here = place(&rows, id).map(|row| (cursor.column, row));
                let elsewhere = || {
                    let columns = (0..ctx.props().columns.len()).filter(|at| !self.is_folded(ctx, *at));
                    let mut places = columns.filter_map(|at| Some((at, place(&self.rows(ctx, at)?, id)?)));
                    is_moved_here(id).then(|| places.next()).flatten()
                };
                here.or_else(elsewhere).unwrap_or((cursor.column, cursor.row))
            }
            None => (cursor.column, cursor.row),
        };
        let now = self.at(ctx, now.0, now.1);
        let changed = now != cursor;
        let is_elsewhere = (now.column, &now.id) != (cursor.column, &cursor.id);
        // Only where the person is: a list that moves takes the focus from nothing else.
        self.focus_card |= is_elsewhere && self.has_focus();
        self.cursor = Some(now);
        changed
    }

    /// The element of the cursor.
    pub(super) fn current(&self) -> Option<Element> {
        self.element(CURRENT)
    }

    pub(super) fn element(&self, selector: &str) -> Option<Element> {
        self.node.cast::<Element>()?.query_selector(selector).ok().flatten()
    }

    /// Gives the cursor's card the focus, and `shows` it where it is not in sight.
    pub(super) fn focus(&self, shows: bool) {
        let Some(card) = self.current().and_then(|card| card.dyn_into::<HtmlElement>().ok()) else { return };
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = card.focus_with_options(&options);
        if shows {
            let nearest = ScrollIntoViewOptions::new();
            nearest.set_block(ScrollLogicalPosition::Nearest);
            nearest.set_inline(ScrollLogicalPosition::Nearest);
            card.scroll_into_view_with_scroll_into_view_options(&nearest);
        }
    }

    fn has_focus(&self) -> bool {
        let (active, node) = (browser::document().active_element(), self.node.cast::<Element>());
        self.has_lost_focus() || node.is_some_and(|node| node.contains(active.as_deref()))
    }

    /// Whether the element that had the focus was taken away by drawing.
    pub(super) fn has_lost_focus(&self) -> bool {
        let document = browser::document();
        let body = document.body().map(Element::from);
        self.cursor.is_some() && self.menu.is_none() && document.active_element() == body
    }
}

fn read(id: &DocumentId) {
    store::dispatch(Input::Ensure(Key::Document(id.clone()), Options::default()));
}

/// The edit that moves a card; `None` where it is there already.
fn edit(props: &SurfaceProps, id: &DocumentId, target: Option<Value>) -> Option<Edit> {
    let view = store::entity(id);
    let document = view.doc.as_ref()?;
    if document.value(&props.by) == target {
        return None;
    }
    let Assignment { path, target } = assign(document, &props.by, target);
    let expected = expectation(&view, id, &path);
    let action = Action::Update(vec![Change { path, target, expected }]);
    Some(Edit { document: id.clone(), action })
}

/// Earlier moves of just this card that were refused: the new one takes their place.
fn refused_moves(props: &SurfaceProps, id: &DocumentId) -> Vec<MutationId> {
    let view = store::entity(id);
    let failed = view.failed.iter().filter(|(mutation, failure)| {
        let is_move = matches!(&mutation.edits[..], [Edit { action: Action::Update(changes), .. }]
            if changes.iter().all(|change| change.path == props.by));
        is_move && SyncState::of_failure(failure_at(mutation, failure, id)) == SyncState::Failed
    });
    failed.map(|(mutation, _)| mutation.id).collect()
}

/// Whether what was done to the card last was done in this window, and is not settled.
fn is_moved_here(id: &DocumentId) -> bool {
    let view = store::entity(id);
    let pending = view.pending.iter().map(|(mutation, _)| mutation.id);
    pending.chain(view.failed.iter().map(|(mutation, _)| mutation.id)).any(is_made_here)
}
