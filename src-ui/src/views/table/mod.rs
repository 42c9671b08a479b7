//! A collection as a table: its list, its columns, its toolbar, and the grid of them.

mod cell;
mod column_menu;
pub(super) mod columns;
mod cursor;
mod grid;
mod group_head;
mod header;
mod many;
mod row;
mod row_menu;
mod selection;
mod shown;
mod toolbar;
mod tools;
mod viewport;

use std::time::Duration;

use lockstep_model::{
    DocumentId, Failure, Key, ListQuery, Namespace,
    contract::{Link, TableLayout},
    order::SortKey,
};
use lockstep_query::{Data, Options, Placeholder};
use yew::prelude::*;

use super::{
    collections::{SAMPLED, use_collection, use_of_status},
    document::DocumentView,
    zone::Zone,
};
use crate::{hooks::use_infinite_query, store};
use columns::Columns;
use grid::Grid;
use shown::Shown;
use toolbar::Toolbar;

use many::use_many;
pub use many::{Many, open_many};
pub use row_menu::RowMenu;
pub use tools::{Tool, Tools, open_tool};

#[derive(Properties, PartialEq)]
pub struct TableProps {
    /// Which collection.
    pub namespace: Namespace,
    /// Which documents, in which order.
    pub query: ListQuery,
    /// Which columns, and where.
    pub layout: TableLayout,
    /// The line to begin with.
    pub top_row: u32,
}

/// The rows of a list.
pub type Rows = lockstep_query::Rows<SortKey, DocumentId>;

/// What a table shows of its list.
#[derive(Clone, PartialEq)]
struct Listed {
    rows: Option<Shown>,
    /// How many documents there are in all.
    count: usize,
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
    let key = Key::List(props.namespace.clone(), props.layout.listed(&props.query));
    let grouping = props.layout.group.clone();
    let list = use_infinite_query(key.clone(), Options::default(), Placeholder::Previous, move |list| {
        let rows = match &list.data {
            Some(Data::List(rows)) => Some(rows.clone()),
            _ => None,
        };
        Listed {
            is_previous: list.is_placeholder,
            has_more: list.has_next_page,
            unread_since: store::unread_since(list.updated_at),
            more_failed: list.error.clone().filter(|_| list.is_fetch_next_page_error()),
            count: rows.as_ref().map_or(0, Rows::len),
            // Those of another list may be sorted otherwise.
            rows: rows.map(|rows| Shown::new(rows, grouping.as_ref().filter(|_| !list.is_placeholder))),
        }
    });
    let Listed { rows, count, is_previous, has_more, unread_since, more_failed } = list.selected;
    let known = use_collection(props.namespace.clone());
    let offline = use_of_status(|status| status.link == Link::Offline) == Some(true);

    let shape = known.as_ref().map(|known| known.shape.clone().unwrap_or_default());
    // Once there are documents, the columns stay as they are, also when other documents come first, or none do. More of them,
    // as those that are read after a start with a few kept ones, only add columns at the end.
    let sample = use_mut_ref(Vec::new);
    let is_undescribed = shape.as_ref().is_some_and(|shape| shape.fields.is_empty());
    let of = (count > 0, is_undescribed.then_some((count.min(SAMPLED as usize), unread_since.is_none())));
    use_memo(of, |_| {
        let documents =
            rows.iter().flat_map(Shown::iter).take(SAMPLED as usize).filter_map(|id| store::entity(id).doc);
        let documents: Vec<_> = documents.collect();
        if documents.len() > sample.borrow().len() {
            sample.replace(documents);
        }
    });
    let columns = use_memo((shape, of, props.layout.columns.clone(), props.layout.frozen), |(shape, ..)| {
        shape.clone().map(|shape| Columns::new(shape, &sample.borrow(), &props.layout))
    });

    // The row where the person is, as long as its document is shown beside the table.
    let beside = use_state_eq(|| None::<DocumentId>);
    let on_row = {
        let beside = beside.setter();
        use_callback((), move |id, ()| beside.set(Some(id)))
    };

    let what = format!("The list of {}", props.namespace);
    let read_only = known.as_ref().and_then(|known| known.collection.read_only.clone());
    let unchangeable = match &read_only {
        Some(reason) => Some(format!("This collection cannot be edited: {reason}")),
        None if is_previous || rows.is_none() => Some("The list is still being read.".into()),
        None => (count == 0).then(|| "There are no documents to change.".into()),
    };
    let many = use_many(unchangeable);
    let known_count = rows.as_ref().map(|_| count);
    let more_failed = more_failed.map(|failure| (failure, list.fetch_next_page.clone()));
    let on_near_end = (has_more && more_failed.is_none()).then_some(list.fetch_next_page);
    let shape = (*columns).as_ref().map(|columns| columns.described().clone());
    let shown = rows.zip((*columns).clone()).map(|(rows, columns)| match count {
        0 if props.query.takes_all() && offline => {
            html! { <div class="zone-empty">{ "There were no documents when the server was last heard." }</div> }
        }
        0 if props.query.takes_all() => {
            html! { <div class="zone-empty">{ "No documents yet. “New” makes the first one." }</div> }
        }
        0 => nothing_matches(),
        _ => html! {
            <Grid
                namespace={props.namespace.clone()}
                query={props.query.clone()}
                {rows}
                grouped={props.layout.group.as_ref().map(|group| group.path.clone())}
                {columns}
                busy={is_previous}
                {has_more}
                {on_near_end}
                read_only={read_only.clone()}
                on_row={props.layout.beside.then(|| on_row.clone())}
                top_row={props.top_row}
                {many}
            />
        },
    });
    html! {
        <section class="table" aria-label={props.namespace.to_string()}>
            <Toolbar
                namespace={props.namespace.clone()}
                query={props.query.clone()}
                layout={props.layout.clone()}
                columns={(*columns).clone()}
                count={known_count}
                {has_more}
                {unread_since}
                {more_failed}
                {shape}
                {read_only}
            />
            <div class="table-body">
                <Zone query={key} {what} {shown} skeletons=24 />
                if props.layout.beside {
                    <aside class="table-beside" aria-label="Document">
                        if let Some(id) = &*beside {
                            <DocumentView key={format!("{id:?}")} id={id.clone()} is_beside=true />
                        } else {
                            <p class="zone-empty">{ "The document of the row that you go to." }</p>
                        }
                    </aside>
                }
            </div>
        </section>
    }
}

fn nothing_matches() -> Html {
    let clear =
        |_: MouseEvent| crate::navigation::change_query(|query| query.filter = ListQuery::all().filter);
    html! {
        <div class="zone-empty">
            { "No document matches the filter." }
            <button class="button" onclick={clear}>{ "Remove the filter" }</button>
        </div>
    }
}
