//! A collection as a table: its list, its columns, its toolbar, and the grid of them.

mod cell;
mod columns;
mod cursor;
mod grid;
mod header;
mod row;
mod row_menu;
mod selection;
mod toolbar;
mod viewport;

use std::time::Duration;

use lockstep_model::{DocumentId, Failure, Key, ListQuery, Namespace, order::SortKey};
use lockstep_query::{Data, Options, Placeholder};
use yew::prelude::*;

use super::{collections::use_collection, zone::Zone};
use crate::{hooks::use_infinite_query, store};
use columns::Columns;
use grid::Grid;
use toolbar::Toolbar;

/// Widths come from so many of the first documents, and columns too, where there is no validator.
const SAMPLED: usize = 50;

#[derive(Properties, PartialEq)]
pub struct TableProps {
    /// Which collection.
    pub namespace: Namespace,
    /// Which documents, in which order.
    pub query: ListQuery,
    /// The row to begin with.
    pub top_row: u32,
}

/// The rows of a list.
type Rows = lockstep_query::Rows<SortKey, DocumentId>;

/// What a table shows of its list.
#[derive(Clone, PartialEq)]
struct Listed {
    rows: Option<Rows>,
    /// They are those of another order or filter, since these are on their way.
    is_previous: bool,
    /// There are more rows behind these.
    has_more: bool,
    /// From when they are, where that is from before this page.
    unread_since: Option<Duration>,
    /// Why those could not be read, if so.
    more_failed: Option<Failure>,
}

/// A collection as a table.
#[component]
pub fn Table(props: &TableProps) -> Html {
    let key = Key::List(props.namespace.clone(), props.query.clone());
    let list = use_infinite_query(key.clone(), Options::default(), Placeholder::Previous, |list| Listed {
        is_previous: list.is_placeholder,
        has_more: list.has_next_page,
        unread_since: store::unread_since(list.updated_at),
        more_failed: list.error.clone().filter(|_| list.is_fetch_next_page_error()),
        rows: match list.data {
            Some(Data::List(rows)) => Some(rows),
            _ => None,
        },
    });
    let Listed { rows, is_previous, has_more, unread_since, more_failed } = list.selected;
    let known = use_collection(props.namespace.clone());

    // Once there are documents, the columns stay as they are, also when other documents come first.
    let has_rows = rows.as_ref().is_some_and(|rows| !rows.is_empty());
    let shape = known.as_ref().map(|known| known.shape.clone().unwrap_or_default());
    let columns = use_memo((shape, has_rows), |(shape, _)| {
        let rows = rows.as_ref();
        let sample: Vec<_> = rows
            .into_iter()
            .flat_map(Rows::iter)
            .take(SAMPLED)
            .filter_map(|id| store::entity(id).doc)
            .collect();
        shape.clone().map(|shape| Columns::new(shape, &sample))
    });

    let what = format!("The list of {}", props.namespace);
    let read_only = known.as_ref().and_then(|known| known.collection.read_only.clone());
    let count = rows.as_ref().map(|rows| rows.len());
    let more_failed = more_failed.map(|failure| (failure, list.fetch_next_page.clone()));
    let on_near_end = (has_more && more_failed.is_none()).then_some(list.fetch_next_page);
    let shape = (*columns).as_ref().map(|columns| columns.shape().clone());
    let shown = rows.zip((*columns).clone()).map(|(rows, columns)| match rows.is_empty() {
        true => html! { <div class="zone-empty">{ "No documents yet. “New” makes the first one." }</div> },
        false => html! {
            <Grid
                namespace={props.namespace.clone()}
                query={props.query.clone()}
                {rows}
                {columns}
                busy={is_previous}
                {has_more}
                {on_near_end}
                read_only={read_only.clone()}
                top_row={props.top_row}
            />
        },
    });
    html! {
        <section class="table" aria-label={props.namespace.to_string()}>
            <Toolbar
                namespace={props.namespace.clone()}
                query={props.query.clone()}
                {count}
                {has_more}
                {unread_since}
                {more_failed}
                {shape}
                {read_only}
            />
            <Zone query={key} {what} {shown} skeletons=24 />
        </section>
    }
}
