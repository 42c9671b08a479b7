//! How a board is laid out, as a form: what its columns are by, what is summed up, in which order the cards stand, and what is
//! on them. Each choice holds at once.

use std::rc::Rc;

use lockstep_model::{
    Path,
    contract::{BoardLayout, Sum, View},
    key::Direction,
};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::{
    BoardProps, lay_out,
    offered::{self, MOST_FIELDS},
    plan::Planned,
};
use crate::navigation;

#[derive(Properties, PartialEq)]
pub struct LayoutFormProps {
    pub board: BoardProps,
    pub planned: Rc<Planned>,
}

/// The form.
#[component]
pub fn LayoutForm(props: &LayoutFormProps) -> Html {
    let Planned { shape, groupings, by, faces, sum, .. } = &*props.planned;
    let all = offered::faces(shape);
    let on = |change: fn(&mut BoardLayout, &Planned, Option<Path>)| {
        let planned = props.planned.clone();
        Callback::from(move |chosen| lay_out(&planned, |layout| change(layout, &planned, chosen)))
    };
    let group = on(|layout, planned, by| {
        // What was folded, and what the cards left out, was said of the other field.
        if layout.cards.as_ref() == Some(&offered::first_faces(&planned.shape, &planned.by)) {
            layout.cards = None;
        }
        (layout.by, layout.columns, layout.collapsed) = (by, Vec::new(), Vec::new());
    });
    let add_up = on(|layout, _, path| layout.sum = path.map_or(Sum::Nothing, Sum::Of));
    let entitle = on(|layout, _, title| {
        if let (Some(title), Some(faces)) = (title, &mut layout.cards) {
            faces.retain(|face| *face != title);
            faces.splice(..faces.len().min(1), [title]);
        }
    });
    let show = on(|layout, _, field| {
        if let (Some(field), Some(faces)) = (field, &mut layout.cards) {
            let shown = faces.len();
            faces.retain(|face| *face != field);
            if faces.len() == shown {
                faces.push(field);
            }
        }
    });
    let sorted = props.board.query.sort.first();
    let direction = sorted.map_or(Direction::Ascending, |(_, direction)| *direction);
    let sort = Callback::from(|sort: Vec<(Path, Direction)>| {
        navigation::change(|view| {
            if let View::Board { query, .. } = view {
                query.sort = sort;
            }
        });
    });
    let by_field =
        sort.reform(move |path: Option<Path>| path.map(|path| (path, direction)).into_iter().collect());
    let turn = {
        let path = sorted.map(|(path, _)| path.clone());
        sort.reform(move |_: MouseEvent| {
            let turned = match direction {
                Direction::Ascending => Direction::Descending,
                Direction::Descending => Direction::Ascending,
            };
            path.clone().map(|path| (path, turned)).into_iter().collect()
        })
    };

    let title = faces.first();
    let is_full = faces.len() > MOST_FIELDS;
    let fields = all.iter().filter(|path| Some(*path) != title).map(|path| {
        let is_shown = faces.contains(path);
        let onchange = {
            let path = path.clone();
            show.reform(move |_: Event| Some(path.clone()))
        };
        html! {
            <label key={path.to_string()} class="check">
                <input type="checkbox" checked={is_shown} disabled={is_full && !is_shown} {onchange} />
                { path.to_string() }
            </label>
        }
    });
    html! {
        <>
            { choice("Columns by", None, groupings, Some(by), &group) }
            { choice("Sum", Some("nothing"), &offered::sums(shape), sum.as_ref(), &add_up) }
            <div class="board-order">
                { choice("Order", Some("as they were made"), &all, sorted.map(|(path, _)| path), &by_field) }
                <button class="button" disabled={sorted.is_none()} onclick={turn}>
                    { if direction == Direction::Ascending { "Ascending" } else { "Descending" } }
                </button>
            </div>
            { choice("Title", None, &all, title, &entitle) }
            <fieldset>
                <legend>{ format!("On each card, up to {MOST_FIELDS}") }</legend>
                <div class="board-checks">{ for fields }</div>
            </fieldset>
        </>
    }
}

/// One of these fields, or `none` of them where there is a word for it.
fn choice(
    label: &'static str,
    none: Option<&'static str>,
    options: &[Path],
    chosen: Option<&Path>,
    on_choice: &Callback<Option<Path>>,
) -> Html {
    // What is shown is among the options, whatever these are.
    let unknown = chosen.filter(|chosen| !options.contains(chosen));
    let options: Vec<Path> = unknown.into_iter().chain(options).cloned().collect();
    let onchange = {
        let options = options.clone();
        on_choice.reform(move |event: Event| {
            let at = event.target_unchecked_into::<HtmlSelectElement>().value();
            at.parse::<usize>().ok().and_then(|at| options.get(at).cloned())
        })
    };
    html! {
        <label class="board-choice">
            <span>{ label }</span>
            <select {onchange}>
                if let Some(none) = none {
                    <option value="" selected={chosen.is_none()}>{ none }</option>
                }
                { for options.iter().enumerate().map(|(at, path)| html! {
                    <option key={at} value={at.to_string()} selected={Some(path) == chosen}>{ path.to_string() }</option>
                }) }
            </select>
        </label>
    }
}
