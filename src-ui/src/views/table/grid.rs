//! The grid: which rows are mounted, where the person is, and which editor is open.
//!
//! A component with messages rather than hooks: keys, clicks and blurs come close together, and each has to find what
//! the one before has left, not what was drawn last.

use std::{cell::RefCell, ops::Range, rc::Rc};

use lockstep_model::{DocumentId, ListQuery, Namespace, contract::View};
use lockstep_query::Input;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{Element, FocusOptions, HtmlElement, ResizeObserver};
use yew::prelude::*;

use super::{
    Rows,
    cell::Editor,
    columns::{Columns, GUTTER},
    cursor::{Cursor, Move},
    header::Header,
    row::{Row, RowEvent},
    row_menu::RowMenu,
    viewport::{ROW_HEIGHT, Viewport, reveal},
};
use crate::{
    browser,
    edit::{self, Draft, Editing, NotEditable, Seed},
    hooks::Mutations,
    navigation,
    parts::{EditorEvent, style, toast},
    store,
};

#[derive(Clone, Properties, PartialEq)]
pub struct GridProps {
    pub namespace: Namespace,
    pub query: ListQuery,
    /// All rows of the list.
    pub rows: Rows,
    pub columns: Columns,
    /// Whether the rows are those of a list that is no longer asked for.
    pub busy: bool,
    /// Why nothing can be written, if so.
    pub read_only: Option<String>,
    /// The row to begin with.
    pub top_row: u32,
}

/// Something that happened in the grid.
#[derive(Debug)]
pub enum Message {
    /// It was scrolled, or has another size.
    Viewport,
    /// In a row.
    Row(DocumentId, usize, RowEvent),
    /// In the open editor.
    Editor(EditorEvent),
    /// A key that moves the cursor.
    Move(Move),
    /// A key that opens the editor of the cursor's cell.
    EditHere(Seed),
    /// A key that opens the menu of the cursor's row.
    MenuHere,
    /// The menu is closed.
    MenuClosed,
    /// The list is wanted in another order.
    Sort(ListQuery),
}

/// The grid of a table. See the [module](self).
pub struct Grid {
    node: NodeRef,
    viewport: Viewport,
    mounted: Range<usize>,
    cursor: Option<Cursor>,
    editing: Option<Rc<Editing>>,
    text: Rc<RefCell<String>>,
    /// The row that keeps its place, since the person is in it and has edited it.
    held: Option<DocumentId>,
    menu: Option<(DocumentId, Element)>,
    /// The cursor's cell is to have the focus once it is drawn.
    focus_cell: bool,
    on_row: Callback<(DocumentId, usize, RowEvent)>,
    on_editor: Callback<EditorEvent>,
    on_sort: Callback<ListQuery>,
    resized: Option<(ResizeObserver, Closure<dyn FnMut()>)>,
}

impl Component for Grid {
    type Message = Message;
    type Properties = GridProps;

    fn create(ctx: &Context<Self>) -> Self {
        let link = ctx.link();
        Self {
            node: NodeRef::default(),
            viewport: Viewport { top: f64::from(ctx.props().top_row) * ROW_HEIGHT, height: 0.0 },
            mounted: 0..0,
            cursor: None,
            editing: None,
            text: Rc::default(),
            held: None,
            menu: None,
            focus_cell: false,
            on_row: link.callback(|(id, row, event)| Message::Row(id, row, event)),
            on_editor: link.callback(Message::Editor),
            on_sort: link.callback(Message::Sort),
            resized: None,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Viewport => return self.measure(ctx),
            Message::Row(id, row, RowEvent::Focus(column)) => {
                let cursor = Cursor { id, row, column };
                if self.cursor.as_ref() == Some(&cursor) {
                    return false;
                }
                if self.commit(ctx) {
                    self.go(cursor);
                    self.focus_cell = false;
                }
            }
            Message::Row(id, row, RowEvent::Edit(column, seed)) => {
                if self.commit(ctx) {
                    self.go(Cursor { id, row, column });
                    self.open(ctx, seed);
                }
            }
            Message::Row(id, _, RowEvent::Menu(anchor)) => self.menu = Some((id, anchor)),
            Message::Editor(EditorEvent::Cancel) => self.close(),
            Message::Editor(event) => {
                if self.commit(ctx) {
                    match event {
                        EditorEvent::Down => self.step(ctx, Move::Rows(1)),
                        EditorEvent::Aside { back: false } => self.step(ctx, Move::Columns(1)),
                        EditorEvent::Aside { back: true } => self.step(ctx, Move::Columns(-1)),
                        EditorEvent::Left | EditorEvent::Cancel => self.focus_cell = false,
                    }
                }
            }
            Message::Move(movement) => self.step(ctx, movement),
            Message::EditHere(seed) => self.open(ctx, seed),
            Message::MenuHere => {
                let cell = self.element(CURRENT);
                self.menu = self.cursor.as_ref().map(|cursor| cursor.id.clone()).zip(cell);
            }
            Message::MenuClosed => {
                self.menu = None;
                self.focus_cell = self.cursor.is_some();
            }
            Message::Sort(query) => {
                let namespace = ctx.props().namespace.clone();
                navigation::go(View::Table { namespace, query, top_row: 0 });
                return false;
            }
        }
        true
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &GridProps) -> bool {
        let rows = &ctx.props().rows;
        if ctx.props().query != old.query
            && let Some(scroll) = self.node.cast::<Element>()
        {
            scroll.set_scroll_top(0);
        }
        if *rows != old.rows {
            self.mounted = self.viewport.mounted(rows.len());
            if let Some(cursor) = &mut self.cursor {
                match cursor.row_in(rows) {
                    Some(row) => cursor.row = row,
                    // Its document has gone: the next one takes the place.
                    None => self.cursor = cursor_at(rows, cursor.row, cursor.column),
                }
            }
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let link = ctx.link();
        let page = self.viewport.page();
        let onkeydown = link.batch_callback(move |event: KeyboardEvent| {
            let message = message_of_key(&event, page);
            if message.is_some() {
                event.prevent_default();
            }
            message
        });
        let menu = self.menu.clone().map(|(id, anchor)| {
            html! {
                <RowMenu
                    {id}
                    {anchor}
                    shape={props.columns.shape().clone()}
                    read_only={props.read_only.is_some()}
                    on_close={link.callback(|()| Message::MenuClosed)}
                />
            }
        });
        let width = props.columns.width();
        let height = props.rows.len() as f64 * ROW_HEIGHT;
        html! {
            <div ref={&self.node} class="grid-scroll" onscroll={link.callback(|_| Message::Viewport)}>
                <div
                    role="grid"
                    class="grid"
                    aria-label={props.namespace.to_string()}
                    aria-rowcount={(props.rows.len() + 1).to_string()}
                    aria-colcount={(props.columns.len() + 1).to_string()}
                    aria-busy={props.busy.then_some("true")}
                    aria-readonly={props.read_only.is_some().then_some("true")}
                    ~style={style(&format!("--columns: {}; width: {width}px", props.columns.template()))}
                    {onkeydown}
                >
                    <Header columns={props.columns.clone()} query={props.query.clone()} on_sort={&self.on_sort} />
                    <div role="rowgroup" class="rows" ~style={style(&format!("height: {height}px"))}>
                        { for self.drawn(&props.rows).map(|row| self.row(props, row)) }
                    </div>
                </div>
                { for menu }
            </div>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first {
            self.begin(ctx);
        }
        if (std::mem::take(&mut self.focus_cell) || self.has_lost_focus())
            && let Some(cell) = self.element(CURRENT).and_then(|cell| cell.dyn_into::<HtmlElement>().ok())
        {
            // Scrolling is done by `show`, which knows what lies over the cells.
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            let _ = cell.focus_with_options(&options);
        }
    }

    fn destroy(&mut self, _: &Context<Self>) {
        self.hold(None);
        if let Some((observer, _)) = &self.resized {
            observer.disconnect();
        }
    }
}

/// The cell of the cursor.
const CURRENT: &str = "[role=gridcell][tabindex='0']";

impl Grid {
    /// The mounted rows, and that of the cursor, so that the focus is not lost by scrolling.
    fn drawn(&self, rows: &Rows) -> impl Iterator<Item = usize> + use<> {
        let current = self.cursor.as_ref().map(|cursor| cursor.row).filter(|row| *row < rows.len());
        let before = current.filter(|row| *row < self.mounted.start);
        let after = current.filter(|row| *row >= self.mounted.end);
        before.into_iter().chain(self.mounted.clone()).chain(after)
    }

    fn row(&self, props: &GridProps, row: usize) -> Html {
        let Some(id) = props.rows.get(row) else { return html! {} };
        let cursor = self.cursor.as_ref().filter(|cursor| cursor.id == *id);
        // Without a cursor, the Tab key comes to the first cell on the screen.
        let first = self.cursor.is_none() && row == self.viewport.top_row();
        let editor = self.editing.as_ref().filter(|editing| editing.id == *id).map(|editing| Editor {
            editing: editing.clone(),
            text: self.text.clone(),
            on_event: self.on_editor.clone(),
        });
        html! {
            <Row
                key={format!("{:?}", id)}
                id={id.clone()}
                {row}
                columns={props.columns.clone()}
                tab_stop={cursor.map(|cursor| cursor.column).or(first.then_some(0))}
                is_current={cursor.is_some()}
                {editor}
                on_event={&self.on_row}
            />
        }
    }

    /// The first drawing is done: the size can be read, the place of before taken, and the draft of before opened.
    fn begin(&mut self, ctx: &Context<Self>) {
        let Some(scroll) = self.node.cast::<Element>() else { return };
        scroll.set_scroll_top(self.viewport.top as i32);
        let resized = Closure::<dyn FnMut()>::new({
            let link = ctx.link().clone();
            move || link.send_message(Message::Viewport)
        });
        if let Ok(observer) = ResizeObserver::new(resized.as_ref().unchecked_ref()) {
            observer.observe(&scroll);
            self.resized = Some((observer, resized));
        }
        self.resume(ctx);
        ctx.link().send_message(Message::Viewport);
    }

    /// What was being typed when the window was reloaded.
    fn resume(&mut self, ctx: &Context<Self>) {
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

    fn measure(&mut self, ctx: &Context<Self>) -> bool {
        let GridProps { namespace, query, rows, .. } = ctx.props();
        let Some(scroll) = self.node.cast::<Element>() else { return false };
        let viewport = Viewport {
            top: scroll.scroll_top().into(),
            height: f64::from(scroll.client_height()) - ROW_HEIGHT,
        };
        if viewport.top_row() != self.viewport.top_row() {
            navigation::remember(View::Table {
                namespace: namespace.clone(),
                query: query.clone(),
                top_row: u32::try_from(viewport.top_row()).unwrap_or(u32::MAX),
            });
        }
        self.viewport = viewport;
        let mounted = viewport.mounted(rows.len());
        let changed = mounted != self.mounted;
        self.mounted = mounted;
        changed
    }

    /// Moves the cursor by a key.
    fn step(&mut self, ctx: &Context<Self>, movement: Move) {
        let GridProps { rows, columns, .. } = ctx.props();
        if rows.is_empty() || columns.is_empty() {
            return;
        }
        let from =
            self.cursor.as_ref().map_or((self.viewport.top_row(), 0), |cursor| (cursor.row, cursor.column));
        let (row, column) = movement.from(from, (rows.len(), columns.len()));
        if let Some(cursor) = cursor_at(rows, row, column) {
            self.go(cursor);
            self.show(ctx);
        }
    }

    fn go(&mut self, cursor: Cursor) {
        if self.held.as_ref().is_some_and(|held| *held != cursor.id) {
            self.hold(None);
        }
        self.cursor = Some(cursor);
        self.focus_cell = true;
    }

    /// Scrolls to the cursor.
    fn show(&mut self, ctx: &Context<Self>) {
        let (Some(cursor), Some(scroll)) = (&self.cursor, self.node.cast::<Element>()) else { return };
        scroll.set_scroll_top(self.viewport.to_show(cursor.row) as i32);
        // The first column and what is left of it stay in sight.
        let columns = &ctx.props().columns;
        if let Some(column) = columns.get(cursor.column).filter(|_| cursor.column > 0) {
            let fixed = GUTTER + columns.first().map_or(0.0, |first| first.width);
            let size = f64::from(scroll.client_width()) - fixed;
            let left = reveal(scroll.scroll_left().into(), size, column.left - fixed, column.width);
            scroll.set_scroll_left(left as i32);
        }
    }

    /// Opens the editor of the cursor's cell.
    fn open(&mut self, ctx: &Context<Self>, seed: Seed) {
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
            Ok(editing) => self.edit(editing),
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

    fn edit(&mut self, editing: Editing) {
        self.hold(Some(editing.id.clone()));
        self.text = Rc::new(RefCell::new(editing.text.clone()));
        self.editing = Some(Rc::new(editing));
        self.focus_cell = false;
    }

    /// Takes what the open editor has, if one is open. False where the text was refused: then it stays open.
    fn commit(&mut self, ctx: &Context<Self>) -> bool {
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

    fn close(&mut self) {
        Draft::forget();
        self.editing = None;
        self.focus_cell = true;
    }

    /// The row that keeps its place from now on.
    fn hold(&mut self, id: Option<DocumentId>) {
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

    /// Whether the element that had the focus was taken away, or moved, by drawing.
    fn has_lost_focus(&self) -> bool {
        let document = browser::document();
        let body = document.body().map(Element::from);
        self.cursor.is_some()
            && self.editing.is_none()
            && self.menu.is_none()
            && document.active_element() == body
    }

    fn element(&self, selector: &str) -> Option<Element> {
        self.node.cast::<Element>()?.query_selector(selector).ok().flatten()
    }
}

fn cursor_at(rows: &Rows, row: usize, column: usize) -> Option<Cursor> {
    let row = row.min(rows.len().checked_sub(1)?);
    Some(Cursor { id: rows.get(row)?.clone(), row, column })
}

fn message_of_key(event: &KeyboardEvent, page: usize) -> Option<Message> {
    let (key, control) = (event.key(), event.ctrl_key() || event.meta_key());
    if event.alt_key() || event.is_composing() || !is_cell(event) {
        return None;
    }
    match key.as_str() {
        "F10" if event.shift_key() => Some(Message::MenuHere),
        "ContextMenu" => Some(Message::MenuHere),
        "Enter" | "F2" => Some(Message::EditHere(Seed::Value)),
        // One character: typing replaces the value.
        text if !control && text.chars().count() == 1 => Some(Message::EditHere(Seed::Typed(key))),
        _ => Move::of_key(&key, control, page).map(Message::Move),
    }
}

/// Whether the key was pressed on a cell, and not in something that lies over it.
fn is_cell(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.matches("[role=gridcell]").unwrap_or(false))
}
