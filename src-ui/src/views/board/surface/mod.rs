//! The surface of a board: where the person is and which cards are selected (`moving`), which are in their hand
//! (`dragging`), and what keys and pointers say (`events`).
//!
//! A component with messages rather than hooks, as the grid of a table is: events come close together, and each has to find
//! what the one before has left. The lists are the columns' own; here they are looked up in the store, so that all of them
//! are of the same moment.

mod dragging;
mod events;
mod moving;

use std::{collections::HashSet, rc::Rc};

use bson::{RawDocumentBuf, raw::CString};
use lockstep_model::{
    Document, DocumentId, Namespace, Path, Value,
    contract::{BoardScroll, View},
    shape::Shape,
};
use lockstep_query::{Data, Options};
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

use super::{
    card::{Faces, content},
    card_menu::CardMenu,
    column::Column,
    columns,
    cursor::{Cursor, Move},
    drag::{Lift, Press},
    spot::Spot,
};
use crate::{
    navigation,
    parts::style,
    store,
    views::{open_insert, table::Rows},
};

#[derive(Clone, Properties, PartialEq)]
pub struct SurfaceProps {
    pub namespace: Namespace,
    /// The field that the columns are by.
    pub by: Path,
    pub columns: Vec<columns::Column>,
    pub faces: Faces,
    /// The field that is summed up above each column, if any is.
    pub sum: Option<Path>,
    pub shape: Rc<Shape>,
    /// The columns that are folded.
    pub collapsed: Vec<Option<Value>>,
    /// One is to be folded, or unfolded.
    pub on_collapse: Callback<Option<Value>>,
    /// Why nothing can be written, if so.
    pub read_only: Option<String>,
    /// How far it was scrolled when it was shown last.
    pub scrolled: BoardScroll,
}

/// Something that happened on the board.
#[derive(Debug)]
pub enum Message {
    /// It has another size.
    Resized,
    /// A column's list is another one.
    Listed,
    /// The focus came to a card or an empty column.
    Focused(Spot),
    /// The pointer went down on a card.
    Pressed(Spot, Press),
    /// It moved, with its button held.
    Dragged((f64, f64)),
    /// It went up.
    Released,
    /// The drag ended otherwise.
    Cancelled,
    /// A frame is about to be drawn while cards are lifted.
    Frame,
    /// A key that moves the cursor, and selects on the way if it `extends`.
    Move { by: Move, extends: bool },
    /// A key that moves the selected cards to the next column, before or behind.
    Carry(isize),
    /// A key that selects the cursor's card, or no longer does.
    Toggle,
    /// A key that selects the whole column.
    SelectColumn,
    /// A key that ends what is going on: the drag, else the selection.
    Escape,
    /// A document is to be opened, that of the cursor's card if none is named; in a window of its own if `apart`.
    Open { at: Option<Spot>, apart: bool },
    /// The menu of a card is wanted beside that, or that of the cursor's card.
    Menu(Option<(Spot, Element)>),
    /// The menu is closed.
    MenuClosed,
    /// A card is to be moved to that column, and what is selected with it.
    Send(DocumentId, usize),
    /// A new document is wanted in that column.
    Insert(Option<Value>),
}

/// The surface of a board. See the [module](self).
pub struct Surface {
    node: NodeRef,
    columns: NodeRef,
    /// How high it is, in px.
    height: f64,
    cursor: Option<Cursor>,
    selected: Rc<HashSet<DocumentId>>,
    /// The place in the cursor's column from which Shift selects.
    anchor: Option<usize>,
    press: Option<(Cursor, Press)>,
    lift: Option<Lift>,
    pulled: dragging::Pulled,
    lifted: Rc<HashSet<DocumentId>>,
    menu: Option<(DocumentId, Element)>,
    /// The cursor's card is to have the focus once it is drawn.
    focus_card: bool,
    /// What was done last, for those who do not see it.
    said: AttrValue,
    on_listed: Callback<()>,
    on_insert: Callback<Option<Value>>,
    resized: Option<(ResizeObserver, Closure<dyn FnMut()>)>,
}

impl Component for Surface {
    type Message = Message;
    type Properties = SurfaceProps;

    fn create(ctx: &Context<Self>) -> Self {
        let link = ctx.link();
        Self {
            node: NodeRef::default(),
            columns: NodeRef::default(),
            height: 0.0,
            cursor: None,
            selected: Rc::default(),
            anchor: None,
            press: None,
            lift: None,
            pulled: dragging::Pulled::default(),
            lifted: Rc::default(),
            menu: None,
            focus_card: false,
            said: AttrValue::default(),
            on_listed: link.callback(|()| Message::Listed),
            on_insert: link.callback(Message::Insert),
            resized: None,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Resized => {
                let height = self.node.cast::<Element>().map_or(0.0, |node| node.client_height().into());
                return std::mem::replace(&mut self.height, height) != height;
            }
            Message::Listed => return self.stay(ctx),
            Message::Focused(spot) => {
                let cursor = self.cursor_at(ctx, &spot);
                if cursor.is_none() || self.cursor == cursor {
                    return false;
                }
                self.cursor = cursor;
            }
            Message::Pressed(spot, press) => return self.press(ctx, &spot, press),
            Message::Dragged(at) => return self.drag(ctx, at),
            Message::Released => self.release(ctx),
            Message::Cancelled => return self.let_go(),
            Message::Frame => return self.pull(ctx),
            Message::Move { by, extends } => self.step(ctx, by, extends),
            Message::Carry(by) => self.carry(ctx, by),
            Message::Toggle => {
                if let Some(id) = self.cursor.as_ref().and_then(|cursor| cursor.id.clone()) {
                    self.toggle(id);
                }
            }
            Message::SelectColumn => self.select_column(ctx),
            Message::Escape => {
                if !self.let_go() {
                    self.deselect();
                }
            }
            Message::Open { at, apart } => {
                let cursor = at.map_or_else(|| self.cursor.clone(), |spot| self.cursor_at(ctx, &spot));
                if let Some(id) = cursor.and_then(|cursor| cursor.id) {
                    let view = View::Document { id };
                    if apart { navigation::open_window(view) } else { navigation::go(view) }
                }
                return false;
            }
            Message::Menu(at) => {
                let anchor = match at {
                    // The person is where they have opened it.
                    Some((spot, anchor)) => {
                        self.cursor = self.cursor_at(ctx, &spot);
                        Some(anchor)
                    }
                    None => self.current(),
                };
                self.menu = self.cursor.as_ref().and_then(|cursor| cursor.id.clone()).zip(anchor);
            }
            Message::MenuClosed => {
                self.menu = None;
                self.focus_card = self.cursor.is_some();
            }
            Message::Send(id, column) => {
                self.menu = None;
                self.focus_card = self.cursor.is_some();
                let ids = self.taken_with(ctx, id);
                self.move_to(ctx, &ids, column);
            }
            Message::Insert(value) => {
                let SurfaceProps { namespace, by, shape, .. } = ctx.props();
                let mut like = RawDocumentBuf::new();
                if let (Some(value), Ok(name)) = (&value, CString::try_from(by.to_string())) {
                    like.append(name, value.get());
                }
                open_insert(namespace.clone(), shape.clone(), Some(&Document::whole(&like)), None);
                return false;
            }
        }
        true
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &SurfaceProps) -> bool {
        let columns = &ctx.props().columns;
        if *columns != old.columns {
            // The cursor stays in its column, wherever that is now.
            if let Some(cursor) = &mut self.cursor {
                let value = old.columns.get(cursor.column).map(|column| &column.value);
                let now = columns.iter().position(|column| Some(&column.value) == value);
                cursor.column = now.unwrap_or(cursor.column).min(columns.len().saturating_sub(1));
            }
            self.stay(ctx);
        }
        if self.cursor.as_ref().is_some_and(|cursor| self.is_folded(ctx, cursor.column)) {
            self.cursor = None;
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let SurfaceProps { columns, faces, by, sum, collapsed, on_collapse, read_only, scrolled, .. } =
            ctx.props();
        let over = self.lift.as_ref().and_then(|lift| lift.over);
        let column = |(at, column): (usize, &columns::Column)| {
            html! {
                <Column
                    key={column.value.as_ref().map(ToString::to_string).unwrap_or_default()}
                    {at}
                    column={column.clone()}
                    faces={faces.clone()}
                    by={by.clone()}
                    sum={sum.clone()}
                    height={self.height}
                    cursor={self.cursor.as_ref().filter(|cursor| cursor.column == at).map(|cursor| cursor.row)}
                    selected={self.selected.clone()}
                    lifted={self.lifted.clone()}
                    is_target={over == Some(at)}
                    first_card={scrolled.card(&column.value)}
                    is_collapsed={collapsed.contains(&column.value)}
                    read_only={read_only.is_some()}
                    on_listed={&self.on_listed}
                    {on_collapse}
                    on_insert={&self.on_insert}
                />
            }
        };
        let columns = html! {
            <div ref={&self.columns} class="board-columns" onscroll={remember_left}>{ for columns.iter().enumerate().map(column) }</div>
        };
        // Each of them one child, there or not: with another number of children Yew makes the columns anew.
        let children = html! {
            <>
                { columns }
                { self.hand(ctx).unwrap_or_default() }
                { self.open_menu(ctx).unwrap_or_default() }
                <p class="visually-hidden" aria-live="polite">{ &self.said }</p>
            </>
        };
        let page = ((self.height / faces.pitch()) as isize - 1).max(1);
        events::listened(ctx.link(), &self.node, self.lift.is_some(), page, children)
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first && let Some(columns) = self.columns.cast::<Element>() {
            columns.set_scroll_left(i32::try_from(ctx.props().scrolled.left).unwrap_or(i32::MAX));
        }
        if first && let Some(node) = self.node.cast::<Element>() {
            let resized = Closure::<dyn FnMut()>::new({
                let link = ctx.link().clone();
                move || link.send_message(Message::Resized)
            });
            if let Ok(observer) = ResizeObserver::new(resized.as_ref().unchecked_ref()) {
                observer.observe(&node);
                self.resized = Some((observer, resized));
            }
            ctx.link().send_message(Message::Resized);
        }
        match std::mem::take(&mut self.focus_card) {
            true => self.focus(true),
            // Taken away by drawing: it comes back, and nothing is scrolled for it.
            false if self.has_lost_focus() => self.focus(false),
            false => {}
        }
    }

    fn destroy(&mut self, _: &Context<Self>) {
        if let Some((observer, _)) = &self.resized {
            observer.disconnect();
        }
    }
}

impl Surface {
    /// The cards of a column, as they are now; `None` where they are not known.
    fn rows(&self, ctx: &Context<Self>, column: usize) -> Option<Rows> {
        let key = &ctx.props().columns.get(column)?.key;
        match store::view(key, &Options::default()).data {
            Some(Data::List(rows)) => Some(rows),
            _ => None,
        }
    }

    fn is_folded(&self, ctx: &Context<Self>, column: usize) -> bool {
        let SurfaceProps { columns, collapsed, .. } = ctx.props();
        columns.get(column).is_some_and(|column| collapsed.contains(&column.value))
    }

    /// What is in the person's hand, where their pointer is.
    fn hand(&self, ctx: &Context<Self>) -> Option<Html> {
        let (lift, (cursor, press)) = (self.lift.as_ref()?, self.press.as_ref()?);
        let document = store::entity(cursor.id.as_ref()?).doc?;
        let (left, top) = (lift.at.0 - press.grip.0, lift.at.1 - press.grip.1);
        let place = format!("width: {}px; transform: translate({left}px, {top}px)", press.width);
        let more = self.lifted.len() > 1;
        Some(html! {
            <div class={classes!("board-hand", more.then_some("several"))} aria-hidden="true" ~style={style(&place)}>
                <div class="board-card">{ content(&document, &ctx.props().faces) }</div>
                if more {
                    <span class="board-several">{ self.lifted.len() }</span>
                }
            </div>
        })
    }

    fn open_menu(&self, ctx: &Context<Self>) -> Option<Html> {
        let SurfaceProps { columns, shape, read_only, .. } = ctx.props();
        let (id, anchor) = self.menu.clone()?;
        let link = ctx.link();
        let on_move = {
            let id = id.clone();
            link.callback(move |column| Message::Send(id.clone(), column))
        };
        let others = columns.iter().enumerate().filter(|(at, _)| {
            let has = |rows: Rows| rows.iter().any(|other| *other == id);
            !self.rows(ctx, *at).is_some_and(has)
        });
        let columns: Vec<_> = others.map(|(at, column)| (at, column.name.clone())).collect();
        Some(html! {
            <CardMenu
                {id}
                {anchor}
                {columns}
                shape={shape.clone()}
                read_only={read_only.is_some()}
                {on_move}
                on_close={link.callback(|()| Message::MenuClosed)}
            />
        })
    }
}

fn remember_left(event: Event) {
    let left = event.target_dyn_into::<Element>().map_or(0, |columns| columns.scroll_left());
    navigation::remember_scrolled(|view| {
        if let View::Board { scrolled, .. } = view {
            scrolled.left = u32::try_from(left).unwrap_or_default();
        }
    });
}
