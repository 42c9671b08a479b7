//! A collection as a board: its plan, its toolbar, and the surface with the columns and cards.

mod card;
mod card_menu;
mod column;
mod columns;
mod cursor;
mod drag;
mod layout_form;
mod offered;
mod plan;
mod spot;
mod surface;
mod toolbar;

use std::rc::Rc;

use lockstep_model::{
    Key, ListQuery, Namespace, Value,
    contract::{BoardLayout, BoardScroll, View, board::others},
};
use lockstep_query::{Data, Options};
use yew::prelude::*;

use super::{collections::use_collection, zone::Zone};
use crate::{hooks::use_selected, navigation};
use card::Faces;
use columns::columns;
use plan::{Plan, Planned, use_plan};
use surface::Surface;
use toolbar::Toolbar;

#[derive(Clone, Properties, PartialEq)]
pub struct BoardProps {
    /// Which collection.
    pub namespace: Namespace,
    /// Which documents, and in which order within a column.
    pub query: ListQuery,
    /// What its columns are, and what its cards show.
    pub layout: BoardLayout,
    /// How far it was scrolled when it was shown last.
    pub scrolled: BoardScroll,
}

/// A collection as a board.
#[component]
pub fn Board(props: &BoardProps) -> Html {
    let BoardProps { namespace, query, layout, .. } = props;
    let is_choosing = use_state_eq(|| false);
    let plan = use_plan(namespace.clone(), query.clone(), layout.clone(), *is_choosing);
    let read_only = use_collection(namespace.clone()).and_then(|known| known.collection.read_only.clone());

    let planned = match &plan {
        Plan::Of(planned) => Some(planned.clone()),
        Plan::Waits(_) | Plan::Unsuited => None,
    };
    // What was offered is what is shown from now on: also at the next start, before anything is known, and also once the last
    // card of a value is gone.
    let kept = planned.as_ref().map(|planned| planned.layout.clone()).filter(|kept| kept != layout);
    use_effect_with((namespace.clone(), kept), |(namespace, kept)| {
        if let Some(kept) = kept.clone() {
            navigation::change(|view| match view {
                View::Board { namespace: shown, layout, .. } if shown == namespace => *layout = kept,
                _ => {}
            });
        }
    });

    let body = match &plan {
        Plan::Waits(query) => html! {
            <Zone query={query.clone()} what={format!("The board of {namespace}")} shown={None::<Html>} skeletons=12 />
        },
        Plan::Unsuited => html! {
            <div class="zone-empty">{ "No field has few enough values to be the columns of a board." }</div>
        },
        Plan::Of(planned) => html! {
            <Columns board={props.clone()} planned={planned.clone()} read_only={read_only.clone()} />
        },
    };
    html! {
        <section class="board" aria-label={format!("{namespace} as a board")}>
            <Toolbar
                board={props.clone()}
                {planned}
                {read_only}
                on_choosing={move |open| is_choosing.set(open)}
            />
            { body }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct ColumnsProps {
    board: BoardProps,
    planned: Rc<Planned>,
    read_only: Option<String>,
}

/// The surface, with the column of all other values where there are such documents.
#[component]
fn Columns(props: &ColumnsProps) -> Html {
    let ColumnsProps { board: BoardProps { namespace, query, scrolled, .. }, planned, read_only } = props;
    let Planned { shape, layout, by, faces, sum, .. } = &**planned;
    let rest = Key::List(namespace.clone(), others(query, by, &layout.columns));
    let has_rest = use_selected(rest, Options::default(), |list| match list.data {
        Some(Data::List(rows)) => !rows.is_empty(),
        _ => false,
    });
    let faces = use_memo((shape.clone(), faces.clone()), |(shape, faces)| Faces::new(shape, faces));
    let on_collapse = {
        let planned = planned.clone();
        Callback::from(move |value: Option<Value>| {
            lay_out(&planned, |layout| {
                let folded = layout.collapsed.len();
                layout.collapsed.retain(|other| *other != value);
                if layout.collapsed.len() == folded {
                    layout.collapsed.push(value);
                }
            });
        })
    };
    html! {
        <Surface
            key={by.to_string()}
            namespace={namespace.clone()}
            by={by.clone()}
            columns={columns((namespace, query), (by, shape.at(by)), &layout.columns, has_rest)}
            faces={(*faces).clone()}
            sum={sum.clone()}
            shape={shape.clone()}
            collapsed={layout.collapsed.clone()}
            {on_collapse}
            read_only={read_only.clone()}
            scrolled={scrolled.clone()}
        />
    }
}

/// Lays the board that is on the screen out in another way.
fn lay_out(planned: &Planned, change: impl FnOnce(&mut BoardLayout)) {
    navigation::change(|view| {
        if let View::Board { layout, .. } = view {
            *layout = planned.layout.clone();
            change(layout);
        }
    });
}
