//! The row of column names. A click on one sorts: ascending, descending, as before; with Shift behind what is sorted by
//! already. Names are dragged to other places, and their edges to other widths.
//!
//! By keyboard: Left and Right go from name to name, with Alt they move the column; Down goes into the rows; Shift+F10 opens
//! the menu.

use std::ops::Range;

use lockstep_model::{ListQuery, Path, key::Direction};
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, HtmlElement};
use yew::prelude::*;

use super::columns::{Column, Columns, Look, NARROWEST_CHOSEN, WIDEST_CHOSEN, frozen_style, room};
use crate::{navigation, parts::Icon};

/// So far, in px, a name is dragged before that is no click any more.
const DRAGGED_LEAST: i32 = 5;

/// Something that a person does in the header.
#[derive(Clone, Debug)]
pub enum HeaderEvent {
    /// Opens the menu of a column beside something.
    Menu(usize, Element),
    /// Goes down into the rows.
    Leave,
}

#[derive(Properties, PartialEq)]
pub struct HeaderProps {
    pub columns: Columns,
    /// Those of them that are on the screen, or near.
    pub mounted: Range<usize>,
    pub query: ListQuery,
    /// The name that the Tab key comes to.
    pub tab_stop: usize,
    pub on_event: Callback<HeaderEvent>,
}

/// What the pointer does with a column while its button is held.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Held {
    /// Pressed at that x; nothing yet.
    Pressed { at: usize, x: i32 },
    /// Dragged, and over that column.
    Dragged { at: usize, over: usize },
    /// Its edge is dragged from that x; and how wide it is by now.
    Resized { at: usize, x: i32, width: f64 },
}

/// The header of a grid.
#[component]
pub fn Header(props: &HeaderProps) -> Html {
    let HeaderProps { columns, query, tab_stop, on_event, .. } = props;
    let held = use_mut_ref(|| None::<Held>);
    // What is seen of that: the column that is dragged, and the one that it is over.
    let dragged = use_state_eq(|| None::<(usize, usize)>);

    // What ends a drag is a click to the browser.
    let suppress_click = use_mut_ref(|| false);

    let onpointerdown = {
        let (held, columns, suppress_click) = (held.clone(), columns.clone(), suppress_click.clone());
        move |event: PointerEvent| {
            suppress_click.replace(false);
            let Some((at, target)) = column_of(event.target()).filter(|_| event.button() == 0) else {
                return;
            };
            let Some(column) = columns.get(at) else { return };
            let x = event.client_x();
            let resized = target.class_list().contains("column-resize");
            held.replace(Some(match resized {
                true => Held::Resized { at, x, width: column.width },
                false => Held::Pressed { at, x },
            }));
            if resized {
                event.prevent_default();
                let _ = target.set_pointer_capture(event.pointer_id());
            }
        }
    };
    let onpointermove = {
        let (held, columns, dragged) = (held.clone(), columns.clone(), dragged.setter());
        move |event: PointerEvent| {
            let now = *held.borrow();
            let x = event.client_x();
            let next = match now {
                Some(Held::Pressed { at, x: from }) if (x - from).abs() >= DRAGGED_LEAST => {
                    if let Some((_, target)) = column_of(event.target()) {
                        let _ = target.set_pointer_capture(event.pointer_id());
                    }
                    Held::Dragged { at, over: at }
                }
                Some(Held::Dragged { at, .. }) => match under(&event) {
                    Some(over) => Held::Dragged { at, over },
                    None => return,
                },
                Some(Held::Resized { at, x: from, .. }) => {
                    let Some(column) = columns.get(at) else { return };
                    let width = (column.width + f64::from(x - from)).clamp(NARROWEST_CHOSEN, WIDEST_CHOSEN);
                    // The rows are as wide as the grid says: none of them is drawn anew for that.
                    show_width(&event, &columns, at, width);
                    Held::Resized { at, x: from, width }
                }
                _ => return,
            };
            held.replace(Some(next));
            if let Held::Dragged { at, over } = next {
                dragged.set(Some((at, over)));
            }
        }
    };
    let onpointerup = {
        let (held, columns, dragged) = (held.clone(), columns.clone(), dragged.setter());
        let suppress_click = suppress_click.clone();
        move |_: PointerEvent| {
            dragged.set(None);
            match held.take() {
                Some(Held::Dragged { at, over }) => {
                    suppress_click.replace(true);
                    move_column(&columns, at, over);
                }
                Some(Held::Resized { at, width, .. })
                    if columns.get(at).is_some_and(|column| column.width != width) =>
                {
                    resize_column(&columns, at, Some(width));
                }
                _ => {}
            }
        }
    };
    let onpointercancel = {
        let (held, dragged) = (held.clone(), dragged.setter());
        move |_: PointerEvent| {
            dragged.set(None);
            held.take();
        }
    };
    let ondblclick = {
        let columns = columns.clone();
        move |event: MouseEvent| {
            let on_edge =
                column_of(event.target()).filter(|(_, target)| target.class_list().contains("column-resize"));
            if let Some((at, _)) = on_edge {
                resize_column(&columns, at, None);
            }
        }
    };
    let onclick = {
        let (query, columns, on_event) = (query.clone(), columns.clone(), on_event.clone());
        move |event: MouseEvent| {
            let Some((at, target)) = column_of(event.target()) else { return };
            if suppress_click.replace(false) {
                return;
            }
            if let Ok(Some(menu)) = target.closest(".column-menu") {
                on_event.emit(HeaderEvent::Menu(at, menu));
            } else if let (Ok(Some(_)), Some(column)) = (target.closest(".sort"), columns.get(at)) {
                let sort = sorted_next(&query.sort, &column.path, event.shift_key());
                navigation::change_table(|query, _| query.sort = sort);
            }
        }
    };
    let oncontextmenu = {
        let on_event = on_event.clone();
        move |event: MouseEvent| {
            if let Some((at, target)) = column_of(event.target()) {
                event.prevent_default();
                on_event.emit(HeaderEvent::Menu(at, target));
            }
        }
    };
    let onkeydown = {
        let (columns, on_event) = (columns.clone(), on_event.clone());
        move |event: KeyboardEvent| {
            let Some((at, target)) = column_of(event.target()) else { return };
            match event.key().as_str() {
                "ArrowLeft" if event.alt_key() => move_column(&columns, at, at.saturating_sub(1)),
                "ArrowRight" if event.alt_key() => move_column(&columns, at, at + 1),
                "ArrowLeft" => focus_name(&target, at.checked_sub(1)),
                "ArrowRight" => focus_name(&target, Some(at + 1)),
                "ArrowDown" => on_event.emit(HeaderEvent::Leave),
                "F10" if event.shift_key() => on_event.emit(HeaderEvent::Menu(at, target)),
                "ContextMenu" => on_event.emit(HeaderEvent::Menu(at, target)),
                _ => return,
            }
            event.stop_propagation();
            event.prevent_default();
        }
    };

    let cells = columns.drawn(&props.mounted, None).flat_map(|(at, left_out, column)| {
        let drop = dragged.filter(|(from, over)| *over == at && from != over);
        let cell = name_cell(&Name {
            column,
            at,
            stays_at: columns.stays_at(at),
            sorted: sorted(query, &column.path),
            is_tab_stop: *tab_stop == at,
            is_dragged: dragged.is_some_and(|(from, _)| from == at),
            drop: drop.map(|(from, over)| if over > from { "after" } else { "before" }),
        });
        room(left_out, at).into_iter().chain([cell])
    });
    html! {
        <div
            role="row"
            class="row row-header"
            aria-rowindex="1"
            {onpointerdown}
            {onpointermove}
            {onpointerup}
            {onpointercancel}
            {onclick}
            {ondblclick}
            {oncontextmenu}
            {onkeydown}
        >
            <div role="columnheader" class="cell gutter"><span class="visually-hidden">{ "Row" }</span></div>
            { cells.collect::<Html>() }
        </div>
    }
}

/// What is drawn of a column's name.
struct Name<'a> {
    column: &'a Column,
    at: usize,
    stays_at: Option<f64>,
    /// Its place among the fields that are sorted by, from 1, and the direction.
    sorted: Option<(usize, Direction)>,
    is_tab_stop: bool,
    is_dragged: bool,
    /// On which side a dragged column would come to stand.
    drop: Option<&'static str>,
}

fn name_cell(name: &Name<'_>) -> Html {
    let Name { column, at, stays_at, sorted, drop, .. } = *name;
    let (sort, icon) = match sorted {
        None => ("none", None),
        Some((_, Direction::Ascending)) => ("ascending", Some(Icon::Up)),
        Some((_, Direction::Descending)) => ("descending", Some(Icon::Down)),
    };
    let number = (column.look == Look::Number).then_some("cell-number");
    let tabindex = if name.is_tab_stop { "0" } else { "-1" };
    html! {
        <div
            key={at}
            role="columnheader"
            class={classes!(
                "cell",
                "column-header",
                number,
                stays_at.map(|_| "cell-frozen"),
                name.is_dragged.then_some("dragged"),
            )}
            ~style={frozen_style(stays_at)}
            data-header={at.to_string()}
            data-drop={drop}
            aria-colindex={(at + 2).to_string()}
            aria-sort={sort}
        >
            <button class="sort" {tabindex} title={column.field.description.clone()}>
                <span class="cell-text">{ &*column.name }</span>
                { for icon }
                if let Some((place, _)) = sorted.filter(|(place, _)| *place > 1) {
                    <span class="sort-place">{ place }</span>
                }
            </button>
            <button
                class="icon-button column-menu"
                tabindex="-1"
                aria-label={format!("Column {}", column.name)}
                aria-haspopup="menu"
            >
                { Icon::Open }
            </button>
            <span class="column-resize" aria-hidden="true" />
        </div>
    }
}

/// The column in whose name something is, and the element itself.
fn column_of(target: Option<EventTarget>) -> Option<(usize, Element)> {
    let element = target?.dyn_into::<Element>().ok()?;
    let at = element.closest("[data-header]").ok().flatten()?.get_attribute("data-header")?.parse().ok()?;
    Some((at, element))
}

/// The column whose name is under the pointer.
fn under(event: &PointerEvent) -> Option<usize> {
    let (_, held) = column_of(event.target())?;
    let header = held.closest(".row-header").ok().flatten()?;
    let names = header.query_selector_all("[data-header]").ok()?;
    let x = f64::from(event.client_x());
    (0..names.length()).find_map(|place| {
        let name = names.get(place)?.dyn_into::<Element>().ok()?;
        let rect = name.get_bounding_client_rect();
        (rect.left()..rect.right()).contains(&x).then(|| name.get_attribute("data-header")?.parse().ok())?
    })
}

fn show_width(event: &PointerEvent, columns: &Columns, at: usize, width: f64) {
    let grid = column_of(event.target()).and_then(|(_, target)| target.closest("[role=grid]").ok().flatten());
    let Some(grid) = grid.and_then(|grid| grid.dyn_into::<HtmlElement>().ok()) else { return };
    let wider = width - columns.get(at).map_or(width, |column| column.width);
    // Fail only for names that are no properties.
    let _ = grid.style().set_property("--columns", &columns.template_with(at, width));
    let _ = grid.style().set_property("width", &format!("{}px", columns.width() + wider));
}

fn focus_name(from: &Element, at: Option<usize>) {
    let header = from.closest(".row-header").ok().flatten();
    let name = header.zip(at).and_then(|(header, at)| {
        header.query_selector(&format!("[data-header='{at}'] .sort")).ok().flatten()
    });
    if let Some(name) = name.and_then(|name| name.dyn_into::<HtmlElement>().ok()) {
        let _ = name.focus();
    }
}

/// Moves a column to the place of another.
pub fn move_column(columns: &Columns, from: usize, to: usize) {
    let to = to.min(columns.len().saturating_sub(1));
    let (Some(moved), Some(target)) = (columns.get(from), columns.get(to)) else { return };
    if from == to {
        return;
    }
    let mut layout = columns.layout();
    let place = |layout: &[lockstep_model::contract::ColumnLayout], path: &Path| {
        layout.iter().position(|column| column.path == *path)
    };
    let Some(at) = place(&layout, &moved.path) else { return };
    let taken = layout.remove(at);
    let Some(at) = place(&layout, &target.path) else { return };
    layout.insert(if to > from { at + 1 } else { at }, taken);
    navigation::change_table(|_, table| table.columns = layout);
}

/// Gives a column a width in px, or lets its content say.
pub fn resize_column(columns: &Columns, at: usize, width: Option<f64>) {
    let Some(column) = columns.get(at) else { return };
    let mut layout = columns.layout();
    if let Some(resized) = layout.iter_mut().find(|other| other.path == column.path) {
        resized.width = width.map(|width| width.round() as u16);
    }
    navigation::change_table(|_, table| table.columns = layout);
}

fn sorted(query: &ListQuery, path: &Path) -> Option<(usize, Direction)> {
    let at = query.sort.iter().position(|(sorted, _)| sorted == path)?;
    Some((at + 1, query.sort[at].1))
}

/// What is sorted by after a click on a field: ascending, descending, not at all; alone, or behind the others.
pub fn sorted_next(sort: &[(Path, Direction)], path: &Path, behind: bool) -> Vec<(Path, Direction)> {
    let now = sort.iter().find(|(sorted, _)| sorted == path).map(|(_, direction)| *direction);
    let next = match now {
        None => Some(Direction::Ascending),
        Some(Direction::Ascending) => Some(Direction::Descending),
        Some(Direction::Descending) => None,
    };
    if !behind {
        return next.map(|direction| (path.clone(), direction)).into_iter().collect();
    }
    let mut sort = sort.to_vec();
    match (sort.iter_mut().find(|(sorted, _)| sorted == path), next) {
        (Some(field), Some(direction)) => field.1 = direction,
        (None, Some(direction)) => sort.push((path.clone(), direction)),
        (_, None) => sort.retain(|(sorted, _)| sorted != path),
    }
    sort
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_click_goes_on_and_with_shift_it_keeps_the_others() {
        use Direction::{Ascending, Descending};
        let sort = |sort: &[(&str, Direction)]| {
            sort.iter().map(|(path, direction)| (Path::dotted(path), *direction)).collect::<Vec<_>>()
        };
        for (before, behind, after) in [
            (&[][..], false, &[("a", Ascending)][..]),
            (&[("a", Ascending)], false, &[("a", Descending)]),
            (&[("a", Descending)], false, &[]),
            (&[("b", Ascending)], false, &[("a", Ascending)]),
            (&[("b", Ascending)], true, &[("b", Ascending), ("a", Ascending)]),
            (&[("a", Ascending), ("b", Ascending)], true, &[("a", Descending), ("b", Ascending)]),
            (&[("a", Descending), ("b", Ascending)], true, &[("b", Ascending)]),
        ] {
            assert_eq!(sorted_next(&sort(before), &Path::dotted("a"), behind), sort(after), "{before:?}");
        }
    }
}
