//! The form in which a tile is made or changed.
//!
//! What is typed is checked at once; before it is saved, the database is asked for it, so that a filter that it refuses is
//! refused here, with the reason.

use std::rc::Rc;

use lockstep_model::{
    Failure, Key, Namespace, Span, WorkspaceChange,
    contract::{FiguresRequest, ListRequest, command},
    key::Direction,
    workspace::{DashboardId, Tile, Width},
};
use lockstep_sync::Plain;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::draft::{Draft, Look, Part, Told, id_of};
use crate::{
    edit::conditions::field_names,
    hooks::{change_workspace_then, new_name},
    host,
    parts::Dialog,
    views::collections::{use_collections, use_described},
};

/// In seconds, with what each is called.
const INTERVALS: [(Option<u32>, &str); 6] = [
    (None, "when something changes"),
    (Some(5), "and every 5 s"),
    (Some(30), "and every 30 s"),
    (Some(60), "and every minute"),
    (Some(300), "and every 5 min"),
    (Some(3_600), "and every hour"),
];

#[derive(Properties, PartialEq)]
pub struct TileFormProps {
    pub dashboard: DashboardId,
    /// The one to change; `None` makes a new one.
    pub tile: Option<Rc<Tile>>,
    pub on_close: Callback<()>,
}

/// What the form knows besides what is typed.
#[derive(Clone, Default, PartialEq)]
struct Refused {
    /// Which part, where it is of one.
    part: Option<Part>,
    reason: AttrValue,
}

/// The form.
#[component]
pub fn TileForm(props: &TileFormProps) -> Html {
    let plain = use_collections();
    let names: Vec<String> =
        plain.as_deref().and_then(|plain| plain.collections()).map_or_else(Vec::new, |list| {
            list.collections.iter().map(|collection| collection.namespace.to_string()).collect()
        });
    let draft = use_state(|| {
        props
            .tile
            .as_deref()
            .map_or_else(|| Draft::new(names.first().cloned().unwrap_or_default()), Draft::of)
    });
    let refused = use_state(|| None::<Refused>);
    let listed = plain.as_deref().and_then(Plain::collections);
    let collection = listed.and_then(|list| {
        let mut namespaces = list.collections.iter().map(|collection| &collection.namespace);
        namespaces.find(|namespace| namespace.to_string() == draft.collection).cloned()
    });
    let shape = use_described(&collection.unwrap_or_else(|| Namespace::new("", "")));

    let change = Change { draft: draft.clone(), refused: refused.setter() };
    let onsubmit = {
        let (draft, refused) = (draft.clone(), refused.setter());
        let (dashboard, on_close, tile) =
            (props.dashboard.clone(), props.on_close.clone(), props.tile.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            match draft.tile(id_of(tile.as_deref(), new_name)) {
                Ok(tile) => save(dashboard.clone(), tile, on_close.clone(), refused.clone()),
                Err((part, reason)) => refused.set(Some(Refused { part: Some(part), reason: reason.into() })),
            }
        }
    };
    let reason = |part: Part| {
        let told = refused.as_ref().filter(|refused| refused.part == Some(part));
        draft.problem(part).map(AttrValue::from).or_else(|| told.map(|told| told.reason.clone()))
    };
    let text = |label: &'static str,
                part: Option<Part>,
                value: &str,
                hint: String,
                write: fn(&mut Draft, String)| {
        let reason = part.and_then(reason);
        let fields = matches!(part, Some(Part::Field | Part::By)).then_some("tile-fields");
        html! {
            <label class="form-field">
                <span>{ label }</span>
                <div>
                    <input
                        type="text"
                        value={value.to_owned()}
                        placeholder={hint}
                        list={fields}
                        autocomplete="off"
                        spellcheck="false"
                        aria-invalid={reason.is_some().to_string()}
                        oninput={change.on_text(write)}
                    />
                    if let Some(reason) = reason {
                        <p class="form-error" role="alert">{ reason }</p>
                    }
                </div>
            </label>
        }
    };
    let has_number = draft.look != Look::List;
    let title = if props.tile.is_some() { "Edit tile" } else { "Add tile" };
    let unlisted = Some(draft.collection.clone()).filter(|name| !name.is_empty() && !names.contains(name));
    let collections = names.iter().cloned().chain(unlisted).map(|name| (name.clone(), name));
    html! {
        <Dialog {title} on_close={&props.on_close} class="tile-form">
            <form {onsubmit}>
                <div class="form-fields">
                    { text("Title", None, &draft.title, draft.own_title(), |draft, text| draft.title = text) }
                    { choice("Collection", collections.collect(), &draft.collection, &change, |draft, name| draft.collection = name.into()) }
                    if let Some(reason) = reason(Part::Collection) {
                        <p class="form-error" role="alert">{ reason }</p>
                    }
                    { choice_of("Shows", &Look::ALL, draft.look, &change, |draft, look| draft.look = look) }
                    if has_number {
                        { choice_of("Number", &Told::ALL, draft.told, &change, |draft, told| draft.told = told) }
                        if draft.told.has_field() {
                            { text("Of field", Some(Part::Field), &draft.field, "amount".into(), |draft, text| draft.field = text) }
                        }
                        if draft.told == Told::Rate {
                            { text("Counted", Some(Part::Portion), &draft.portion, "{ status: \"won\" }".into(), |draft, text| draft.portion = text) }
                            { text("Of all", Some(Part::Whole), &draft.whole, "{ status: { $in: [\"won\", \"lost\"] } }".into(), |draft, text| draft.whole = text) }
                        }
                    }
                    { match draft.look {
                        Look::Number => html! {},
                        Look::Bars => text("By field", Some(Part::By), &draft.by, "status".into(), |draft, text| draft.by = text),
                        Look::Line => html! {
                            <>
                                { text("Date field", Some(Part::By), &draft.by, "created_at".into(), |draft, text| draft.by = text) }
                                { choice_of("Per", &SPANS, draft.span, &change, |draft, span| draft.span = span) }
                            </>
                        },
                        Look::List => html! {
                            <>
                                { text("Ordered by", Some(Part::By), &draft.by, "valid_until".into(), |draft, text| draft.by = text) }
                                { choice_of("Order", &DIRECTIONS, draft.direction, &change, |draft, direction| draft.direction = direction) }
                                { text("Fields", None, &draft.fields, "number, title, owner".into(), |draft, text| draft.fields = text) }
                            </>
                        },
                    } }
                    { text("Filter", Some(Part::Filter), &draft.filter, "all, or { owner: \"Anna\" }".into(), |draft, text| draft.filter = text) }
                    { choice_of("Width", &WIDTHS, draft.width, &change, |draft, width| draft.width = width) }
                    { choice_of("Refreshed", &INTERVALS, draft.interval_seconds, &change, |draft, interval| draft.interval_seconds = interval) }
                </div>
                <datalist id="tile-fields">
                    { for shape.iter().flat_map(|shape| field_names(shape)).map(|name| html! { <option value={name} /> }) }
                </datalist>
                if let Some(refused) = refused.as_ref().filter(|refused| refused.part.is_none()) {
                    <p class="form-error" role="alert">{ &refused.reason }</p>
                }
                <div class="dialog-actions">
                    <button type="button" class="button" onclick={props.on_close.reform(|_: MouseEvent| ())}>{ "Cancel" }</button>
                    <button class="button button-primary">{ if props.tile.is_some() { "Save" } else { "Add" } }</button>
                </div>
            </form>
        </Dialog>
    }
}

const SPANS: [(Span, &str); 3] = [(Span::Day, "day"), (Span::Week, "week"), (Span::Month, "month")];
const DIRECTIONS: [(Direction, &str); 2] =
    [(Direction::Ascending, "least or soonest first"), (Direction::Descending, "greatest or newest first")];
const WIDTHS: [(Width, &str); 3] =
    [(Width::One, "one column"), (Width::Two, "two columns"), (Width::Three, "three columns")];

/// How what is typed comes into the draft. What was refused is past then.
#[derive(Clone)]
struct Change {
    draft: UseStateHandle<Draft>,
    refused: UseStateSetter<Option<Refused>>,
}

impl Change {
    fn make(&self, change: impl FnOnce(&mut Draft)) {
        let mut draft = (*self.draft).clone();
        change(&mut draft);
        self.draft.set(draft);
        self.refused.set(None);
    }

    fn on_text(&self, write: fn(&mut Draft, String)) -> Callback<InputEvent> {
        let change = self.clone();
        Callback::from(move |event: InputEvent| {
            let typed = event.target_unchecked_into::<HtmlInputElement>().value();
            change.make(|draft| write(draft, typed));
        })
    }
}

/// One of a few things, by their names.
fn choice_of<T: Copy + PartialEq + 'static>(
    label: &'static str,
    all: &'static [(T, &'static str)],
    chosen: T,
    change: &Change,
    write: fn(&mut Draft, T),
) -> Html {
    let options = all.iter().enumerate().map(|(at, (_, name))| (at.to_string(), (*name).to_owned()));
    let at = all.iter().position(|(one, _)| *one == chosen).unwrap_or_default();
    choice(label, options.collect(), &at.to_string(), change, move |draft, at| {
        if let Some((one, _)) = at.parse().ok().and_then(|at: usize| all.get(at)) {
            write(draft, *one);
        }
    })
}

fn choice(
    label: &'static str,
    options: Vec<(String, String)>,
    chosen: &str,
    change: &Change,
    write: impl Fn(&mut Draft, &str) + 'static,
) -> Html {
    let change = change.clone();
    let onchange = move |event: Event| {
        let value = event.target_unchecked_into::<HtmlSelectElement>().value();
        change.make(|draft| write(draft, &value));
    };
    html! {
        <label class="form-field">
            <span>{ label }</span>
            <select {onchange}>
                { for options.into_iter().map(|(value, name)| {
                    let selected = value == chosen;
                    html! { <option {value} {selected}>{ name }</option> }
                }) }
            </select>
        </label>
    }
}

/// Asks the database for what the tile shows, and keeps the tile unless it is refused. One that cannot be asked now may be
/// asked later.
fn save(
    dashboard: DashboardId,
    tile: Tile,
    on_close: Callback<()>,
    refused: UseStateSetter<Option<Refused>>,
) {
    spawn_local(async move {
        if let Err(failure @ Failure::InvalidInput { .. }) = ask(&tile).await {
            let part = Some(Part::Filter);
            return refused.set(Some(Refused { part, reason: failure.to_string().into() }));
        }
        change_workspace_then(WorkspaceChange::SaveTile { dashboard, tile, place: None }, move |saved| {
            match saved {
                Ok(()) => on_close.emit(()),
                Err(failure) => refused.set(Some(Refused { part: None, reason: failure.to_string().into() })),
            }
        });
    });
}

async fn ask(tile: &Tile) -> Result<(), Failure> {
    match tile.key() {
        Key::Figures(namespace, query) => {
            host::call::<command::GetFigures>(&FiguresRequest { namespace, query }).await.map(drop)
        }
        Key::First(namespace, query, _) => {
            let request = ListRequest { namespace, query, skip: 0, first: 0, most: Some(1) };
            host::call::<command::List>(&request).await.map(drop)
        }
        _ => Ok(()),
    }
}
