//! The open editor of the grid, and the row that keeps its place because of it.

use std::{cell::RefCell, rc::Rc};

use lockstep_model::{DocumentId, contract::View};
use lockstep_query::Input;
use yew::prelude::*;

use super::{super::cursor::Cursor, Grid, GridProps};
use crate::{
    edit::{self, Draft, Editing, NotEditable, Seed},
    hooks::Mutations,
    navigation,
    parts::toast,
    store,
};

impl Grid {
    /// What was being typed when the window was reloaded.
    pub(super) fn resume(&mut self, ctx: &Context<Self>) {
        let GridProps { namespace, rows, columns, .. } = ctx.props();
        let Some(draft) = Draft::kept().filter(|draft| draft.id.namespace == *namespace) else { return };
        let row = rows.iter().position(|id| *id == draft.id);
        let column = columns.iter().position(|column| column.path == draft.path);
        if let (Some(row), Some(column)) = (row, column) {
            self.go(Cursor { id: draft.id.clone(), row, column });
            self.show(ctx);
            let editing = draft.resume(&columns[column].field);
            self.edit(editing);
        }
    }

    /// Opens the editor of the cursor's cell.
    pub(super) fn open(&mut self, ctx: &Context<Self>, seed: Seed) {
        let GridProps { columns, read_only, .. } = ctx.props();
        let Some(cursor) = &self.cursor else { return };
        let Some(column) = columns.get(cursor.column) else { return };
        if let Some(reason) = read_only {
            return toast::show(&format!("This collection cannot be edited: {reason}"));
        }
        let id = cursor.id.clone();
        // A letter typed by chance neither opens another view nor changes what takes no letters.
        let deliberate = matches!(&seed, Seed::Value) || matches!(&seed, Seed::Typed(text) if text == " ");
        match Editing::open(&store::entity(&id), &id, &column.path, Some(&column.field), seed) {
            Ok(editing) => {
                self.edit(editing);
                self.show(ctx);
            }
            Err(_) if !deliberate => {}
            Err(NotEditable::Toggle(value)) => {
                self.hold(Some(id.clone()));
                Mutations.toggle(&id, &column.path, value);
            }
            Err(NotEditable::Composite) => navigation::go(View::Document { id }),
            Err(NotEditable::Identity) => toast::show("The _id of a document never changes."),
            Err(NotEditable::Gone) => {}
        }
    }

    pub(super) fn edit(&mut self, editing: Editing) {
        self.hold(Some(editing.id.clone()));
        self.text = Rc::new(RefCell::new(editing.text.clone()));
        self.editing = Some(Rc::new(editing));
        self.focus_cell = false;
    }

    /// Takes what the open editor has, if one is open. False where the text was refused: then it stays open.
    pub(super) fn commit(&mut self, ctx: &Context<Self>) -> bool {
        let Some(editing) = self.editing.clone() else { return true };
        let view = store::entity(&editing.id);
        let text = self.text.borrow().clone();
        let assignment = match &view.doc {
            Some(document) => edit::assignment(&editing, &text, ctx.props().columns.shape(), document),
            None => Err("This document was deleted meanwhile".into()),
        };
        match assignment {
            Ok(assignment) => {
                if let Some(assignment) = assignment {
                    Mutations.commit(&editing, assignment);
                }
                self.close();
                true
            }
            Err(reason) => {
                self.editing = Some(Rc::new(Editing { error: Some(reason.into()), ..(*editing).clone() }));
                false
            }
        }
    }

    pub(super) fn close(&mut self) {
        Draft::forget();
        self.editing = None;
        self.focus_cell = true;
    }

    /// The row that keeps its place from now on.
    pub(super) fn hold(&mut self, id: Option<DocumentId>) {
        if self.held == id {
            return;
        }
        if let Some(held) = self.held.take() {
            store::dispatch(Input::Release(held));
        }
        if let Some(id) = &id {
            store::dispatch(Input::Hold(id.clone()));
        }
        self.held = id;
    }
}
