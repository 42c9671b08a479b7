//! One card: it observes its own document, so an edit draws this card and no other.

use std::rc::Rc;

use bson::RawBsonRef;
use lockstep_model::{
    Action, Document, DocumentId, Key, Path,
    shape::{Field, Shape, display_text},
};
use lockstep_query::{EntityView, Input};
use lockstep_sync::Lockstep;
use yew::prelude::*;

use crate::{
    hooks::{Fetched, use_document, use_held_while},
    parts::{FailureCallout, Icon, badge, style},
    store,
    sync_state::{Failed, SyncState, is_being_deleted},
    views::table::columns::{cell_text, tone},
};

/// The height of a card without fields, and of each field, and what is between two cards, in px; `styles/board.css` says the
/// same.
const BARE: f64 = 42.0;
const FIELD: f64 = 20.0;
const GAP: f64 = 8.0;

/// What a card shows, its title first; shared: two are equal only when they are the same.
#[derive(Clone, Debug)]
pub struct Faces(Rc<[Face]>);

/// One field of a card.
#[derive(Debug)]
struct Face {
    path: Path,
    /// As `data-field` has it.
    name: AttrValue,
    /// What the shape says of it, if anything.
    field: Option<Field>,
}

impl PartialEq for Faces {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Faces {
    /// These fields of documents of that shape, the title first.
    pub fn new(shape: &Shape, paths: &[Path]) -> Self {
        let face = |path: &Path| Face {
            path: path.clone(),
            name: path.to_string().into(),
            field: shape.at(path).cloned(),
        };
        Self(paths.iter().map(face).collect())
    }

    /// From the top of a card to that of the next, in px.
    pub fn pitch(&self) -> f64 {
        BARE + FIELD * self.0.len().saturating_sub(1) as f64 + GAP
    }
}

#[derive(Properties, PartialEq)]
pub struct CardProps {
    /// The card's document.
    pub id: DocumentId,
    /// Its place in the column, from 0, of so many.
    pub row: usize,
    pub count: usize,
    pub faces: Faces,
    /// The field that the columns are by: what failed of the whole document shows there.
    pub by: Path,
    /// The Tab key comes to this card.
    pub is_tab_stop: bool,
    /// The person is here.
    pub is_current: bool,
    pub is_selected: bool,
    /// It is in the person's hand.
    pub is_lifted: bool,
}

/// One card.
#[component]
pub fn Card(props: &CardProps) -> Html {
    let CardProps { id, row, faces, .. } = props;
    let Fetched { view, error } = use_document(id.clone());
    let view = view.as_ref();
    let state = view.map_or(SyncState::Saved, |view| SyncState::of(view, id));
    let deleting = view.is_some_and(|view| is_being_deleted(view, id));
    use_held_while(deleting, id.clone());

    // A document that is being deleted stays on the screen until that is settled.
    let document = view.and_then(|view| view.doc.as_ref().or(view.base.as_ref()));
    let (shown, retry) = match (document, &error) {
        (Some(document), _) => (content(document, faces), None),
        (None, Some(failure)) => {
            let key = Key::Document(id.clone());
            let retry = move |_: MouseEvent| store::dispatch(Input::refetch(key.segments()));
            (html! { <span class="quiet">{ format!("Not read: {failure}") }</span> }, Some(retry))
        }
        (None, None) if view.is_some() => (html! { <span class="quiet">{ "Deleted" }</span> }, None),
        (None, None) => (html! { <span class="skeleton skeleton-cell" /> }, None),
    };
    let class = classes!(
        "board-card",
        format!("board-card-{}", state.name()),
        deleting.then_some("deleting"),
        props.is_current.then_some("current"),
        props.is_selected.then_some("selected"),
        props.is_lifted.then_some("away"),
    );
    let failed = view.map(|view| view.failed.clone()).unwrap_or_default();
    html! {
        <div
            class={classes!("board-place", (!failed.is_empty()).then_some("raised"))}
            role="none"
            ~style={style(&format!("top: {}px", *row as f64 * faces.pitch()))}
        >
            <div
                role="option"
                {class}
                data-id={id.id.to_string()}
                data-row={row.to_string()}
                data-state={state.name()}
                aria-selected={props.is_selected.to_string()}
                aria-posinset={(row + 1).to_string()}
                aria-setsize={props.count.to_string()}
                aria-busy={document.is_none().then_some("true")}
                tabindex={if props.is_tab_stop { "0" } else { "-1" }}
            >
                { shown }
                { badge(state) }
            </div>
            // For the pointer alone: a list box has nothing but options, and by keys the menu opens on the card itself.
            <button class="icon-button board-actions" tabindex="-1" aria-hidden="true" aria-label="Card actions">{ Icon::More }</button>
            { for retry.map(|onclick| html! { <button class="button button-small" {onclick}>{ "Retry" }</button> }) }
            { for view.map(|view| callouts(view, id, &props.by)) }
        </div>
    }
}

/// Why what was done to the card is not in the database, each where it was done.
fn callouts(view: &EntityView<Lockstep>, id: &DocumentId, by: &Path) -> Html {
    let callout = |failed: &Failed| {
        let path = match failed.0.edit(id).map(|edit| &edit.action) {
            Some(Action::Update(changes)) => changes.first().map(|change| &change.path),
            _ => None,
        };
        html! {
            <FailureCallout
                key={format!("{:?}", failed.0.id)}
                failed={failed.clone()}
                id={id.clone()}
                path={path.unwrap_or(by).clone()}
            />
        }
    };
    view.failed.iter().map(callout).collect()
}

/// What stands on the card of a document.
pub fn content(document: &Document, faces: &Faces) -> Html {
    let field = |face: &Face| {
        html! {
            <span class="board-field">
                <span class="board-label">{ &face.name }</span>
                { value(document, face) }
            </span>
        }
    };
    let Some((title, fields)) = faces.0.split_first() else { return html! {} };
    html! {
        <>
            <span class="board-title">{ value(document, title) }</span>
            { for fields.iter().map(field) }
        </>
    }
}

fn value(document: &Document, face: &Face) -> Html {
    let name = face.name.clone();
    let choice = face.field.as_ref().filter(|field| field.options().is_some());
    match (document.get(&face.path), choice) {
        (None, _) => html! { <span data-field={name} class="quiet">{ "—" }</span> },
        (Some(RawBsonRef::Null), _) => html! { <span data-field={name} class="quiet">{ "null" }</span> },
        (Some(value), Some(field)) => {
            let tone = format!("pill-{}", tone(field, value));
            html! { <span data-field={name} class={classes!("pill", tone)}>{ display_text(value) }</span> }
        }
        (Some(value), None) => {
            let text = cell_text(value);
            html! { <span data-field={name} title={text.clone()}>{ text }</span> }
        }
    }
}
