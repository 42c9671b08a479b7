//! The grid: which rows are mounted, where the person is (`moving`), which editor is open (`editing`), and what is copied and
//! pasted (`clipboard`).
//!
//! A component with messages rather than hooks: keys, clicks and blurs come close together, and each has to find what
//! the one before has left, not what was drawn last.

mod clipboard;
mod editing;
mod moving;

use std::{cell::RefCell, ops::Range, rc::Rc, time::Duration};

use bson::RawBsonRef;
use lockstep_model::{DocumentId, ListQuery, Namespace, Path, Value, order, shape::display_text};
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{Element, FocusOptions, HtmlElement, ResizeObserver};
use yew::prelude::*;

use super::{
    cell::Editor,
    column_menu::ColumnMenu,
    columns::Columns,
    cursor::{Cursor, Move},
    group_head::GroupHead,
    header::{Header, HeaderEvent},
    many::{Many, ManyForm, open_many},
    row::{Row, RowEvent, column_at},
    row_menu::RowMenu,
    selection::Selection,
    shown::{Line, Shown},
    viewport::{ROW_HEIGHT, Reach, Viewport},
};
use crate::{
    browser::{self, Listening, Timer},
    edit::{Editing, Seed, narrowed},
    navigation,
    parts::{EditorEvent, MenuItem, grouped, shortened, style},
    store,
};
use clipboard::{Bulk, Copyable, Postponed};
use moving::{cursor_at, message_of_key};

/// A longer value is cut in the name of an action, in characters.
const VALUE_LONGEST: usize = 24;
/// The first rows are on the screen by then.
const SPREAD_AFTER: Duration = Duration::from_millis(50);

#[derive(Clone, Properties, PartialEq)]
pub struct GridProps {
    pub namespace: Namespace,
    pub query: ListQuery,
    /// The rows, in lines.
    pub rows: Shown,
    /// The field by which they stand in groups, if they do.
    pub grouped: Option<Path>,
    pub columns: Columns,
    /// Whether the rows are those of a list that is no longer asked for.
    pub busy: bool,
    /// There are more rows than these.
    pub has_more: bool,
    /// Called whenever the last rows come near, where more can be read.
    pub on_near_end: Option<Callback<()>>,
    /// Why nothing can be written, if so.
    pub read_only: Option<String>,
    /// Called with the document of the row where the person is, whenever that is another one.
    pub on_row: Option<Callback<DocumentId>>,
    /// The line to begin with.
    pub top_row: u32,
    /// What a person is about to do to many documents.
    pub many: Option<Many>,
}

/// Something that happened in the grid.
#[derive(Debug)]
pub enum Message {
    /// It was scrolled, or has another size.
    Viewport,
    /// What is on the screen is drawn: what is beyond it comes next.
    Spread,
    /// In a row.
    Row(DocumentId, usize, RowEvent),
    /// The pointer's button is up again.
    Released,
    /// In the open editor.
    Editor(EditorEvent),
    /// A key that moves the cursor.
    Move(Move),
    /// A key that selects from the cursor on.
    Extend(Move),
    /// Nothing but the cursor's cell is to be selected.
    Collapse,
    /// What is selected is to be changed.
    Bulk(Bulk),
    /// The rows of what was to be changed may be read by now.
    BulkAgain,
    /// Everything is to be selected.
    SelectAll,
    /// The pointer is held beyond an edge, so many rows and columns away.
    Beyond(isize, isize),
    /// A key that opens the editor of the cursor's cell.
    EditHere(Seed),
    /// A key that opens the menu of the cursor's row.
    MenuHere,
    /// The menu is closed.
    MenuClosed,
    /// A row's document is to be shown beside the table.
    Beside(DocumentId),
    /// In the header.
    Header(HeaderEvent),
    /// The menu of a column is closed.
    ColumnMenuClosed,
    /// A group is opened or closed.
    Toggle(usize),
}

/// The grid of a table. See the [module](self).
pub struct Grid {
    node: NodeRef,
    viewport: Viewport,
    /// Until rows are drawn, no further than the screen: a person waits for them.
    reach: Reach,
    spread: Option<Timer>,
    mounted: Range<usize>,
    mounted_columns: Range<usize>,
    cursor: Option<Cursor>,
    /// The other end of the selection, which begins at the cursor.
    head: Option<Cursor>,
    /// The pointer was pressed on a cell, and is held.
    dragging: bool,
    /// Goes on selecting while the pointer is held beyond an edge.
    dragging_on: Option<Timer>,
    editing: Option<Rc<Editing>>,
    text: Rc<RefCell<String>>,
    /// The row that keeps its place, since the person is in it and has edited it.
    held: Option<DocumentId>,
    menu: Option<(DocumentId, Element)>,
    /// Rows with their documents have been drawn.
    filled: bool,
    /// The cursor's cell is to have the focus once it is drawn.
    focus_cell: bool,
    on_row: Callback<(DocumentId, usize, RowEvent)>,
    on_editor: Callback<EditorEvent>,
    on_header: Callback<HeaderEvent>,
    on_toggle: Callback<usize>,
    column_menu: Option<(usize, Element)>,
    /// The row that was told last.
    told: Option<DocumentId>,
    resized: Option<(ResizeObserver, Closure<dyn FnMut()>)>,
    copyable: Copyable,
    postponed: Option<Postponed>,
    listening: Vec<Listening>,
}

impl Component for Grid {
    type Message = Message;
    type Properties = GridProps;

    fn create(ctx: &Context<Self>) -> Self {
        let (link, GridProps { rows, columns, .. }) = (ctx.link(), ctx.props());
        let viewport = expected_viewport(ctx.props().top_row);
        let reach = Reach::Screen;
        Self {
            node: NodeRef::default(),
            viewport,
            reach,
            spread: None,
            mounted: viewport.mounted(rows.line_count(), reach),
            mounted_columns: viewport.mounted_columns(columns.left_edges(), reach),
            cursor: None,
            head: None,
            dragging: false,
            dragging_on: None,
            editing: None,
            text: Rc::default(),
            held: None,
            menu: None,
            filled: false,
            focus_cell: false,
            on_row: link.callback(|(id, row, event)| Message::Row(id, row, event)),
            on_editor: link.callback(Message::Editor),
            on_header: link.callback(Message::Header),
            on_toggle: link.callback(Message::Toggle),
            column_menu: None,
            told: None,
            resized: None,
            copyable: Copyable::default(),
            postponed: None,
            listening: Vec::new(),
        }
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Viewport => return self.measure(ctx),
            Message::Spread => {
                self.reach = Reach::Beyond;
                return self.measure(ctx);
            }
            Message::Row(id, row, RowEvent::Focus(column)) => {
                return self.focused(ctx, Cursor { id, row, column });
            }
            Message::Row(id, row, RowEvent::Press(column)) => {
                self.dragging = true;
                let collapsed = self.head.take().is_some();
                return self.focused(ctx, Cursor { id, row, column }) || collapsed;
            }
            Message::Row(id, row, RowEvent::Extend(column)) => {
                return self.commit(ctx) && self.extend_to(ctx, Cursor { id, row, column });
            }
            Message::Row(id, row, RowEvent::Drag(column)) => {
                return self.dragging && self.extend_to(ctx, Cursor { id, row, column });
            }
            Message::Released => {
                self.dragging = false;
                self.dragging_on = None;
                return false;
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
            Message::Extend(movement) => self.extend(ctx, movement),
            Message::Collapse => self.head = None,
            Message::Bulk(what) => self.bulk(ctx, what),
            Message::BulkAgain => self.bulk_again(ctx),
            Message::SelectAll => self.select_all(ctx),
            Message::Beyond(rows, columns) => return self.drag_beyond(ctx, rows, columns),
            Message::EditHere(seed) => self.open(ctx, seed),
            Message::MenuHere => {
                let cell = self.element(CURRENT);
                self.menu = self.cursor.as_ref().map(|cursor| cursor.id.clone()).zip(cell);
            }
            Message::MenuClosed => {
                self.menu = None;
                self.focus_cell = self.cursor.is_some();
            }
            Message::Beside(id) => {
                let row = ctx.props().rows.iter().position(|other| *other == id);
                let column = self.cursor.as_ref().map_or(0, |cursor| cursor.column);
                if let Some(row) = row.filter(|_| self.commit(ctx)) {
                    self.go(Cursor { id, row, column });
                }
                navigation::toggle_beside();
            }
            Message::Header(HeaderEvent::Menu(at, anchor)) => self.column_menu = Some((at, anchor)),
            Message::Header(HeaderEvent::Leave) => {
                if self.cursor.is_none() {
                    self.cursor =
                        cursor_at(&ctx.props().rows, ctx.props().rows.row_at(self.viewport.top_row()), 0);
                }
                self.focus_cell = true;
            }
            Message::ColumnMenuClosed => self.column_menu = None,
            Message::Toggle(at) => {
                let Some(group) = ctx.props().rows.group(at) else { return false };
                let (value, closed) = (group.value.clone(), group.closed);
                navigation::change_table(|_, layout| {
                    let Some(grouping) = &mut layout.group else { return };
                    grouping.collapsed.retain(|other| order::compare(other.get(), value.get()).is_ne());
                    if !closed {
                        grouping.collapsed.push(value);
                    }
                });
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
            self.head = None;
        }
        self.mounted_columns = self.viewport.mounted_columns(ctx.props().columns.left_edges(), self.reach);
        if *rows != old.rows {
            self.mounted = self.viewport.mounted(rows.line_count(), self.reach);
            self.read_on(ctx);
            self.stay(rows, &old.rows);
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
            let more = self.menu_of_cell(ctx, &id, &anchor);
            html! {
                <RowMenu
                    {id}
                    {anchor}
                    shape={props.columns.described().clone()}
                    read_only={props.read_only.is_some()}
                    {more}
                    on_close={link.callback(|()| Message::MenuClosed)}
                />
            }
        });
        let column_menu = self.column_menu.clone().map(|(at, anchor)| {
            html! {
                <ColumnMenu
                    {at}
                    {anchor}
                    columns={props.columns.clone()}
                    query={props.query.clone()}
                    is_grouped={props.rows.groups().is_some()}
                    on_close={link.callback(|()| Message::ColumnMenuClosed)}
                />
            }
        });
        let many = props.many.map(|many| {
            html! {
                <ManyForm
                    key={format!("{many:?}")}
                    {many}
                    rows={props.rows.clone()}
                    selected={self.selected_rows(&props.rows).unwrap_or_default()}
                    columns={props.columns.clone()}
                    has_more={props.has_more}
                />
            }
        });
        let selection = self.selection();
        self.copyable.replace(
            selection.clone().map(|selection| (selection, props.rows.clone(), props.columns.clone())),
        );
        let selection = selection.filter(|_| self.head.is_some());
        let width = props.columns.width();
        let lines = props.rows.line_count();
        let height = lines as f64 * ROW_HEIGHT;
        // ARIA's word for a number that nobody knows.
        let row_count = if props.has_more { -1 } else { lines as i64 + 1 };
        html! {
            <div ref={&self.node} class="grid-scroll" onscroll={link.callback(|_| Message::Viewport)}>
                <div
                    role="grid"
                    class="grid"
                    aria-label={props.namespace.to_string()}
                    aria-multiselectable="true"
                    aria-rowcount={row_count.to_string()}
                    aria-colcount={(props.columns.len() + 1).to_string()}
                    aria-busy={props.busy.then_some("true")}
                    aria-readonly={props.read_only.is_some().then_some("true")}
                    ~style={style(&format!("--columns: {}; width: {width}px", props.columns.template()))}
                    {onkeydown}
                >
                    <Header
                        columns={props.columns.clone()}
                        mounted={self.mounted_columns.clone()}
                        query={props.query.clone()}
                        tab_stop={self.cursor.as_ref().map_or(0, |cursor| cursor.column)}
                        on_event={&self.on_header}
                    />
                    <div role="rowgroup" class="rows" ~style={style(&format!("height: {height}px"))}>
                        { for self.drawn(&props.rows).map(|line| self.line(props, line, selection.as_ref())) }
                    </div>
                </div>
                // One child, there or not: with another number of children Yew makes the grid anew.
                { menu.or(column_menu).or(many).unwrap_or_default() }
            </div>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first {
            self.begin(ctx);
        }
        if !self.filled
            && let Some(id) = ctx.props().rows.get(ctx.props().rows.row_at(self.mounted.start))
            && !self.mounted.is_empty()
            && store::entity(id).doc.is_some()
        {
            self.filled = true;
            browser::mark("first-rows");
            let link = ctx.link().clone();
            self.spread = Some(Timer::after(SPREAD_AFTER, move || link.send_message(Message::Spread)));
        }
        let row = self.cursor.as_ref().map(|cursor| &cursor.id);
        if let (Some(id), Some(on_row)) =
            (row.filter(|id| self.told.as_ref() != Some(*id)), &ctx.props().on_row)
        {
            on_row.emit(id.clone());
            self.told = Some(id.clone());
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
        self.drop_postponed("the table was left");
        if let Some((observer, _)) = &self.resized {
            observer.disconnect();
        }
    }
}

/// The cell of the cursor.
const CURRENT: &str = "[role=gridcell][tabindex='0']";

impl Grid {
    /// The mounted lines, and that of the cursor, so that the focus is not lost by scrolling.
    fn drawn(&self, rows: &Shown) -> impl Iterator<Item = usize> + use<> {
        let current = self.cursor.as_ref().map(|cursor| cursor.row).filter(|row| *row < rows.len());
        let current = current.map(|row| rows.line_of(row));
        let before = current.filter(|line| *line < self.mounted.start);
        let after = current.filter(|line| *line >= self.mounted.end);
        before.into_iter().chain(self.mounted.clone()).chain(after)
    }

    fn line(&self, props: &GridProps, line: usize, selection: Option<&Selection>) -> Html {
        let row = match props.rows.line(line) {
            Some(Line::Row(row)) => row,
            Some(Line::Group(at)) => return self.group(props, line, at),
            None => return html! {},
        };
        let Some(id) = props.rows.get(row) else { return html! {} };
        let cursor = self.cursor.as_ref().filter(|cursor| cursor.id == *id);
        // Without a cursor, the Tab key comes to the first cell on the screen.
        let first = self.cursor.is_none() && row == props.rows.row_at(self.viewport.top_row());
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
                {line}
                columns={props.columns.clone()}
                mounted={self.mounted_columns.clone()}
                tab_stop={cursor.map(|cursor| cursor.column).or(first.then_some(0))}
                is_current={cursor.is_some()}
                selected={selection.filter(|selected| selected.rows.contains(&row)).map(|selected| selected.columns.clone())}
                {editor}
                on_event={&self.on_row}
            />
        }
    }

    fn group(&self, props: &GridProps, line: usize, at: usize) -> Html {
        let Some((group, grouped)) = props.rows.group(at).zip(props.grouped.as_ref()) else {
            return html! {};
        };
        // More of the last one may be behind the rows that were read.
        let goes_on = props.has_more && props.rows.groups().is_some_and(|groups| at + 1 == groups.len());
        html! {
            <GroupHead
                key={format!("group {}", group.value)}
                {at}
                {line}
                value={group.value.clone()}
                count={group.len()}
                closed={group.closed}
                {goes_on}
                field={props.columns.described().at(grouped).cloned().unwrap_or_default()}
                name={grouped.to_string()}
                on_toggle={&self.on_toggle}
            />
        }
    }

    /// What can be done with the row where it is in a table, and with the cell at which its menu is wanted.
    fn menu_of_cell(&self, ctx: &Context<Self>, id: &DocumentId, anchor: &Element) -> Vec<MenuItem> {
        let GridProps { query, columns, on_row, read_only, rows, .. } = ctx.props();
        let item = |label: AttrValue, act: Box<dyn Fn()>| {
            let closed = ctx.link().callback(|()| Message::MenuClosed);
            let action = Callback::from(move |()| {
                closed.emit(());
                act();
            });
            MenuItem { label, destructive: false, action }
        };
        let mut items = Vec::new();
        if on_row.is_none() {
            let (link, id) = (ctx.link().clone(), id.clone());
            let beside = move || link.send_message(Message::Beside(id.clone()));
            items.push(item("Open beside the table".into(), Box::new(beside)));
        }
        let column = column_at(anchor).and_then(|at| columns.get(at));
        let document = store::entity(id).doc;
        let value = column.and_then(|column| Some((column, document.as_ref()?.get(&column.path)?)));
        // What is empty is asked for in many ways: the filter itself knows them.
        let is_said = |value: &RawBsonRef<'_>| !matches!(value, RawBsonRef::Null | RawBsonRef::String(""));
        if let Some((column, value)) = value.filter(|(_, value)| is_said(value)) {
            let asked = query.filter.get().as_document();
            let asked = asked.and_then(|filter| narrowed(filter, &column.path, value));
            let asked = asked.map(|filter| Value::document(&filter)).filter(|asked| *asked != query.filter);
            if let Some(filter) = asked {
                let is = shortened(&display_text(value), VALUE_LONGEST);
                let only = move || navigation::change_query(|query| query.filter = filter.clone());
                items.push(item(format!("Only where {} is {is}", column.name).into(), Box::new(only)));
            }
        }
        let selected = self.selected_rows(rows).filter(|rows| rows.len() > 1);
        if let Some(rows) = selected.filter(|rows| read_only.is_none() && rows.contains(id)) {
            let count = grouped(rows.len() as u64);
            items.push(item(
                format!("Change the {count} selected…").into(),
                Box::new(|| open_many(Many::Change)),
            ));
            let delete =
                item(format!("Delete the {count} selected…").into(), Box::new(|| open_many(Many::Delete)));
            items.push(MenuItem { destructive: true, ..delete });
        }
        items
    }

    /// The documents of the rows that are selected.
    fn selected_rows(&self, rows: &Shown) -> Option<Vec<DocumentId>> {
        let selection = self.selection()?;
        Some(clipboard::ids(rows, &selection).cloned().collect())
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
        self.listening = clipboard::listen(&scroll, &self.copyable, ctx.link());
        self.resume(ctx);
        ctx.link().send_message(Message::Viewport);
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

/// What of the rows will be on the screen, or a little more, as far as that is known before the grid has its place: a person
/// waits for them, so they come with the grid, and not after it was measured.
fn expected_viewport(top_row: u32) -> Viewport {
    let around = browser::document().query_selector("main").ok().flatten();
    Viewport {
        top: f64::from(top_row) * ROW_HEIGHT,
        height: around.as_ref().map_or(0, Element::client_height).into(),
        left: 0.0,
        width: around.as_ref().map_or(0, Element::client_width).into(),
    }
}
