//! One column: it observes its own list, and mounts those of its cards that are on the screen.

use std::{collections::HashSet, ops::Range, rc::Rc, time::Duration};

use lockstep_model::{DocumentId, Failure, Figure, FiguresQuery, Key, Measure, Path, Value, contract::View};
use lockstep_query::{Data, Options, Placeholder, StaleTime};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::{
    card::{Card, Faces},
    columns,
};
use crate::{
    hooks::{use_infinite_query, use_selected},
    navigation,
    parts::{Icon, grouped, number, style},
    views::{table::Rows, zone::Zone},
};

/// Cards mounted beyond the edges, and the step in which the mounted range moves: scrolling by less draws nothing.
const STEP: usize = 6;

/// So many cards before the last one, more are asked for.
const NEAR_END: usize = 2_000;

#[derive(Properties, PartialEq)]
pub struct ColumnProps {
    /// Its place on the board, from 0.
    pub at: usize,
    pub column: columns::Column,
    pub faces: Faces,
    /// The field that the columns are by.
    pub by: Path,
    /// The field that is summed up, if any is.
    pub sum: Option<Path>,
    /// How high the board is, in px.
    pub height: f64,
    /// The card where the person is, if that is here.
    pub cursor: Option<usize>,
    pub selected: Rc<HashSet<DocumentId>>,
    /// The cards that are in the person's hand.
    pub lifted: Rc<HashSet<DocumentId>>,
    /// What is in the person's hand would fall here.
    pub is_target: bool,
    pub is_collapsed: bool,
    /// The card with which it begins on the screen, from 0.
    pub first_card: u32,
    pub read_only: bool,
    /// Its list is another one now.
    pub on_listed: Callback<()>,
    /// It is to be folded, or unfolded.
    pub on_collapse: Callback<Option<Value>>,
    /// A new document is wanted here.
    pub on_insert: Callback<Option<Value>>,
}

/// What a column shows of its list.
#[derive(Clone, PartialEq)]
struct Listed {
    rows: Option<Rows>,
    is_previous: bool,
    has_more: bool,
    more_failed: Option<Failure>,
}

/// One column.
#[component]
pub fn Column(props: &ColumnProps) -> Html {
    let columns::Column { value, name, key, tone } = &props.column;
    let list = use_infinite_query(key.clone(), Options::default(), Placeholder::Previous, |list| Listed {
        is_previous: list.is_placeholder,
        has_more: list.has_next_page,
        more_failed: list.error.clone().filter(|_| list.is_fetch_next_page_error()),
        rows: match list.data {
            Some(Data::List(rows)) => Some(rows),
            _ => None,
        },
    });
    let Listed { rows, is_previous, has_more, more_failed } = list.selected;
    let sum = props.sum.as_ref().filter(|_| !props.is_collapsed);
    let figures = use_column_figures(key, sum, has_more);
    let step = use_state_eq(|| 0_usize);
    let pitch = props.faces.pitch();
    let count = rows.as_ref().map_or(0, Rows::len);
    let mounted = mounted(*step, props.height, pitch, count);

    use_effect_with(rows.clone(), {
        let on_listed = props.on_listed.clone();
        move |_| on_listed.emit(())
    });
    use_effect_with((has_more && more_failed.is_none(), mounted.end + NEAR_END > count, count), {
        let fetch_next_page = list.fetch_next_page.clone();
        move |(can_read, is_near, _)| {
            if *can_read && *is_near {
                fetch_next_page.emit(());
            }
        }
    });
    let cards = use_node_ref();
    let begins_at = use_mut_ref(|| Some(props.first_card));
    use_effect_with((key.clone(), rows.is_some()), {
        let cards = cards.clone();
        // In another order it begins with other cards.
        move |(_, is_read)| {
            if let Some(cards) = cards.cast::<Element>().filter(|_| *is_read) {
                let first = begins_at.borrow_mut().take().unwrap_or_default();
                cards.set_scroll_top((f64::from(first) * pitch) as i32);
            }
        }
    });
    let onscroll = {
        let (step, value) = (step.setter(), value.clone());
        move |event: Event| {
            let top = event.target_dyn_into::<Element>().map_or(0, |cards| cards.scroll_top());
            let first = (f64::from(top) / pitch).max(0.0);
            step.set(first as usize / STEP);
            navigation::remember_scrolled(|view| {
                if let View::Board { scrolled, .. } = view {
                    scrolled.set_card(&value, first.round() as u32);
                }
            });
        }
    };

    let section = use_node_ref();
    let was_clicked = use_mut_ref(|| false);
    use_effect_with(props.is_collapsed, {
        let (section, was_clicked) = (section.clone(), was_clicked.clone());
        // The button that was clicked has gone, and the one that undoes it has come.
        move |_| {
            if was_clicked.take() {
                focus_on(&section, "[aria-expanded]");
            }
        }
    });
    let collapse = {
        let value = value.clone();
        props.on_collapse.reform(move |_: MouseEvent| {
            was_clicked.replace(true);
            value.clone()
        })
    };
    let insert = {
        let value = value.clone();
        props.on_insert.reform(move |_: MouseEvent| value.clone())
    };
    let class = classes!(
        "board-column",
        props.is_target.then_some("target"),
        props.is_collapsed.then_some("collapsed")
    );
    let pill = html! { <span class={format!("board-name pill pill-{tone}")} title={name}>{ name }</span> };
    let counted = rows.as_ref().map(|_| {
        // Of a list that was not read to its end, the database knows how long it is.
        let counted = match (&figures.count, has_more) {
            (_, false) => grouped(count as u64),
            (Some(count), true) => number(count.get()),
            (None, true) => format!("{}+", grouped(count as u64)),
        };
        html! { <span class="board-count">{ counted }</span> }
    });
    let summed = sum.map(|path| {
        let (text, title) = match (&figures.sum, &figures.failed) {
            (Some(sum), _) => (number(sum.get()), None),
            (None, Some(failure)) => ("not known".into(), Some(failure.to_string())),
            (None, None) => ("…".into(), None),
        };
        html! {
            <p class="board-sum" {title}>{ format!("Sum of {path}") }<b>{ text }</b></p>
        }
    });
    if props.is_collapsed {
        return html! {
            <section ref={section} {class} data-column={props.at.to_string()}>
                <button class="board-unfold" aria-expanded="false" aria-label={format!("Unfold {name}")} onclick={collapse}>
                    // A button itself is never written from top to bottom.
                    <span class="board-spine">{ pill }{ for counted }</span>
                </button>
            </section>
        };
    }
    let shown = rows.map(|rows| {
        let cursor = props.cursor.filter(|row| *row < count);
        let first = (*step * STEP).min(count.saturating_sub(1));
        let card = |row: usize| {
            let id = rows.get(row)?;
            Some(html! {
                <Card
                    key={format!("{id:?}")}
                    id={id.clone()}
                    {row}
                    {count}
                    faces={props.faces.clone()}
                    by={props.by.clone()}
                    is_tab_stop={row == cursor.unwrap_or(first)}
                    is_current={cursor == Some(row)}
                    is_selected={props.selected.contains(id)}
                    is_lifted={props.lifted.contains(id)}
                />
            })
        };
        html! {
            <div
                ref={cards}
                role="listbox"
                class={classes!("board-cards", (count == 0 && props.cursor.is_some()).then_some("current"))}
                aria-label={name}
                aria-multiselectable="true"
                aria-busy={is_previous.then_some("true")}
                tabindex={if count == 0 { "0" } else { "-1" }}
                {onscroll}
            >
                <div role="none" class="board-track" ~style={style(&format!("height: {}px", count as f64 * pitch))}>
                    { for drawn(&mounted, cursor).filter_map(card) }
                </div>
            </div>
        }
    });
    html! {
        <section ref={section} {class} data-column={props.at.to_string()}>
            <header class="board-head">
                <h2>{ pill }</h2>
                { for counted }
                <span class="toolbar-space" />
                if !props.read_only {
                    <button class="icon-button" aria-label={format!("New in {name}")} onclick={insert}>{ Icon::Plus }</button>
                }
                <button class="icon-button" aria-expanded="true" aria-label={format!("Fold {name}")} onclick={collapse}>
                    { Icon::Fold }
                </button>
            </header>
            { for summed }
            if let Some(failure) = more_failed {
                <p class="board-trouble" role="alert" title={failure.to_string()}>
                    { "More cards could not be read" }
                    <button class="button button-small" onclick={list.fetch_next_page.reform(|_| ())}>{ "Try again" }</button>
                </p>
            }
            <Zone query={key.clone()} what={format!("The column {name}")} {shown} skeletons=4 />
        </section>
    }
}

fn focus_on(node: &NodeRef, selector: &str) {
    let found = node.cast::<Element>().and_then(|node| node.query_selector(selector).ok().flatten());
    if let Some(found) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        let _ = found.focus();
    }
}

/// What the database says of all documents of a column.
#[derive(Clone, Debug, Default, PartialEq)]
struct ColumnFigures {
    count: Option<Value>,
    sum: Option<Value>,
    failed: Option<Failure>,
}

/// The figures of a list: the sum of a field, if one is named, and how long it is, if that is not known otherwise.
#[hook]
fn use_column_figures(list: &Key, sum: Option<&Path>, counts: bool) -> ColumnFigures {
    let figures = sum.map(|path| Figure::Sum(path.clone())).into_iter().chain([Figure::Count]);
    let measures = figures.map(|figure| Measure { figure, filter: None }).collect();
    let key = match list {
        Key::List(namespace, query) => Key::Figures(
            namespace.clone(),
            FiguresQuery { filter: query.filter.clone(), measures, ..FiguresQuery::all(Figure::Count) },
        ),
        other => other.clone(),
    };
    // Windows are told that figures are stale only while somebody shows them, so whoever comes reads them.
    let stale_time = StaleTime::After(Duration::ZERO);
    let options = Options { stale_time, enabled: sum.is_some() || counts, ..Options::DEFAULT };
    let has_sum = sum.is_some();
    use_selected(key, options, move |query| {
        let plain = match query.data {
            Some(Data::Value(plain)) => Some(plain),
            _ => None,
        };
        let group = plain.as_ref().and_then(|plain| plain.figures()?.groups.first());
        let mut values = group.into_iter().flat_map(|group| group.figures.iter().cloned());
        let sum = if has_sum { values.next() } else { None };
        ColumnFigures { sum, count: values.next(), failed: query.error }
    })
}

/// The cards to mount of so many, scrolled by so many steps, on a board that is so high.
fn mounted(step: usize, height: f64, pitch: f64, count: usize) -> Range<usize> {
    let seen = (height.max(0.0) / pitch).ceil() as usize;
    let first = step.saturating_sub(1) * STEP;
    let last = (step + 2) * STEP + seen;
    first.min(count)..last.min(count)
}

/// The mounted cards, and that of the cursor, so that the focus is not lost by scrolling.
fn drawn(mounted: &Range<usize>, cursor: Option<usize>) -> impl Iterator<Item = usize> + use<> {
    let before = cursor.filter(|row| *row < mounted.start);
    let after = cursor.filter(|row| *row >= mounted.end);
    before.into_iter().chain(mounted.clone()).chain(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_on_the_screen_is_mounted_and_the_card_with_the_focus() {
        let (height, pitch) = (400.0, 100.0);
        for count in [0, 1, 5, 40, 100_000] {
            for first in 0..count.min(60) {
                let mounted = mounted(first / STEP, height, pitch, count);
                let seen = first..(first + 5).min(count);
                assert!(mounted.start <= seen.start && seen.end <= mounted.end, "{seen:?} in {mounted:?}");
                assert!(mounted.len() <= 4 + 3 * STEP, "{mounted:?}");
            }
        }
        for (cursor, expected) in
            [(None, vec![2, 3]), (Some(0), vec![0, 2, 3]), (Some(2), vec![2, 3]), (Some(9), vec![2, 3, 9])]
        {
            assert_eq!(drawn(&(2..4), cursor).collect::<Vec<_>>(), expected);
        }
    }
}
