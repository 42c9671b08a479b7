//! What is done to many documents at once: one of their fields gets another value, or they are deleted. Before it is done,
//! the dialog says what it will come to.

use std::{rc::Rc, time::Duration};

use lockstep_model::{DocumentId, Key, Path, mutation::EDITS_MOST, shape::display_text};
use lockstep_query::{Input, Options};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::{columns::Columns, shown::Shown, tools::FilterValue};
use crate::{
    browser::Timer,
    edit::{
        conditions::{Condition, Test, field_at, single_field_names},
        many::{Preview, is_read},
    },
    hooks::Mutations,
    navigation,
    parts::{Confirm, Dialog, capitalised, counted, grouped, toast},
    signal::{Signal, use_signal},
    store,
    views::collections::use_of_status,
};

/// So many of them are named.
const EXAMPLES: usize = 3;
/// How often is looked whether more of them are read, and how many times.
const LOOK_AGAIN: Duration = Duration::from_millis(100);
const LOOKS_MOST: u32 = 150;

/// What is done to many documents.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Many {
    /// A field of them gets another value.
    Change,
    /// They are deleted.
    Delete,
}

thread_local! {
    static OPEN: Signal<Option<Many>> = Signal::default();
}

/// Asks a person for it, in the table on the screen.
pub fn open_many(many: Many) {
    OPEN.with(|open| open.set(Some(many)));
}

/// What a person is asked for, as long as the table is there; nothing where there is a reason against it, which is told.
#[hook]
pub fn use_many(reason: Option<String>) -> Option<Many> {
    let open = use_signal(OPEN.with(Signal::clone));
    use_effect_with((open, reason.clone()), |(open, reason)| {
        if let (Some(_), Some(reason)) = (open, reason) {
            toast::show(reason);
            close();
        }
    });
    use_effect_with((), |()| close);
    open.filter(|_| reason.is_none())
}

fn close() {
    OPEN.with(|open| open.set(None));
}

#[derive(Properties, PartialEq)]
pub struct ManyFormProps {
    pub many: Many,
    pub rows: Shown,
    /// The documents of the selected rows.
    pub selected: Vec<DocumentId>,
    pub columns: Columns,
    /// There are more rows than these.
    pub has_more: bool,
}

/// The dialog. What it is about is what was there when it opened.
#[component]
pub fn ManyForm(props: &ManyFormProps) -> Html {
    let selected = use_memo((), |()| Some(props.selected.clone()).filter(|selected| selected.len() > 1));
    let all = use_memo((), |()| props.rows.iter().cloned().collect::<Vec<_>>());
    let has_more = *use_memo((), |()| props.has_more);
    match props.many {
        Many::Change => html! {
            <ChangeForm {selected} {all} columns={props.columns.clone()} {has_more} />
        },
        Many::Delete => html! { <DeleteForm documents={(*selected).clone().unwrap_or_default()} /> },
    }
}

/// How far the reading of documents is.
#[derive(Clone, Copy, PartialEq)]
struct Reading {
    /// So many are not read into this window yet.
    unread: usize,
    /// They did not come in time.
    given_up: bool,
}

impl Reading {
    fn words(self) -> String {
        let documents = counted(self.unread as u64, "document");
        match self.given_up {
            true => format!("{documents} could not be read. Close this, and try again."),
            false => format!("Reading {documents}"),
        }
    }
}

/// Asks for those that are not read into this window yet, if it is `enabled`; the component is drawn again until all are there.
#[hook]
fn use_reading(documents: &Rc<Vec<DocumentId>>, enabled: bool) -> Reading {
    let unread = match enabled {
        true => documents.iter().filter(|id| !is_read(&store::entity(id))).count(),
        false => 0,
    };
    let looked = use_state_eq(|| 0_u32);
    use_effect_with((documents.as_ptr(), enabled), {
        let (documents, looked) = (documents.clone(), looked.setter());
        move |(_, enabled)| {
            looked.set(0);
            for id in documents.iter().filter(|id| *enabled && !is_read(&store::entity(id))) {
                store::dispatch(Input::Ensure(Key::Document(id.clone()), Options::default()));
            }
        }
    });
    let given_up = *looked >= LOOKS_MOST;
    use_effect_with((*looked, unread > 0 && !given_up), move |(times, reading)| {
        let again = reading.then(|| {
            let next = times + 1;
            Timer::after(LOOK_AGAIN, move || looked.set(next))
        });
        move || drop(again)
    });
    Reading { unread, given_up }
}

#[derive(Properties, PartialEq)]
struct ChangeFormProps {
    selected: Rc<Option<Vec<DocumentId>>>,
    all: Rc<Vec<DocumentId>>,
    columns: Columns,
    has_more: bool,
}

#[component]
fn ChangeForm(props: &ChangeFormProps) -> Html {
    let ChangeFormProps { selected, all, columns, has_more } = props;
    let shape = columns.described();
    let names: Vec<_> = single_field_names(shape).into_iter().filter(|name| name != "_id").collect();
    let takes_all = use_state(|| selected.is_none());
    let empties = use_state(|| false);
    let condition = use_state(|| Condition {
        field: names.first().cloned().unwrap_or_default(),
        test: Test::Is,
        text: String::new(),
    });
    let documents = use_memo(*takes_all, |takes_all| match selected.as_ref() {
        Some(selected) if !takes_all => selected.clone(),
        _ => (**all).clone(),
    });
    let too_many = match (*takes_all && *has_more, documents.len() > EDITS_MOST) {
        (true, _) => {
            Some("The table has more rows than were read. Filter it first, or scroll to its end.".into())
        }
        (false, true) => Some(format!("At most {} documents change at once.", grouped(EDITS_MOST as u64))),
        (false, false) => None,
    };
    let reading = use_reading(&documents, too_many.is_none());
    let path = Path::dotted(&condition.field);
    // The text that they get, or that the field goes; nothing, until that is said.
    let target = match (*empties, condition.text.is_empty()) {
        (true, _) => Some(None),
        (false, true) => None,
        (false, false) => Some(Some(condition.text.clone())),
    };
    let is_possible = too_many.is_none();
    let preview = use_memo(
        (documents.as_ptr(), path.clone(), target.clone(), reading.unread, is_possible),
        |(_, path, target, _, is_possible)| {
            let target = target.as_ref().filter(|_| *is_possible)?;
            let text = target.as_deref();
            Some(Preview::new(documents.iter(), store::entity, columns.shape(), path, text))
        },
    );
    let is_ready = preview.as_ref().as_ref().is_some_and(Preview::is_ready);

    let onfield = {
        let (condition, empties, names) = (condition.clone(), empties.clone(), names.clone());
        move |event: Event| {
            empties.set(false);
            let at = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
            if let Some(field) = usize::try_from(at).ok().and_then(|at| names.get(at).cloned()) {
                condition.set(Condition { field, test: Test::Is, text: String::new() });
            }
        }
    };
    let on_change = {
        let condition = condition.clone();
        Callback::from(move |text| condition.set(Condition { text, ..(*condition).clone() }))
    };
    let onempty = {
        let (condition, empties) = (condition.clone(), empties.clone());
        move |_: Event| {
            empties.set(!*empties);
            condition.set(Condition { text: String::new(), ..(*condition).clone() });
        }
    };
    let onsubmit = {
        let preview = preview.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            // What others change after it was said here is a conflict, and not overwritten unseen.
            if let Some(preview) = preview.as_ref().as_ref().filter(|preview| preview.is_ready()) {
                Mutations.change_all(preview.edits.clone());
                close();
            }
        }
    };
    let scope = |of_all: bool, label: String| {
        let takes_all = takes_all.clone();
        html! {
            <label class="check">
                <input
                    type="radio"
                    name="many-scope"
                    checked={*takes_all == of_all}
                    onchange={move |_: Event| takes_all.set(of_all)}
                />
                { label }
            </label>
        }
    };
    let changes = preview.as_ref().as_ref().map_or(0, |preview| preview.edits.len());
    let is_invalid = preview.as_ref().as_ref().is_some_and(|preview| !preview.refused.is_empty());
    html! {
        <Dialog title="Change many documents" on_close={|()| close()} class="many-form">
            <form {onsubmit}>
                <div class="form-fields">
                    if let Some(selected) = selected.as_ref() {
                        <div class="form-field" role="radiogroup" aria-label="Which documents">
                            <span>{ "Which" }</span>
                            <div>
                                { scope(false, format!("The {} selected", grouped(selected.len() as u64))) }
                                { scope(true, format!("All {} that are shown", grouped(all.len() as u64))) }
                            </div>
                        </div>
                    }
                    <label class="form-field">
                        <span>{ "Field" }</span>
                        <select aria-label="Field" onchange={onfield}>
                            { for names.iter().map(|name| html! {
                                <option selected={*name == condition.field}>{ name }</option>
                            }) }
                        </select>
                    </label>
                    <div class="form-field">
                        <span>{ "New value" }</span>
                        <div>
                            if !*empties {
                                <FilterValue
                                    condition={(*condition).clone()}
                                    field={field_at(shape, &condition.field).cloned()}
                                    invalid={is_invalid}
                                    {on_change}
                                />
                            }
                            <label class="check">
                                <input type="checkbox" checked={*empties} onchange={onempty} />
                                { "Remove the field" }
                            </label>
                        </div>
                    </div>
                </div>
                <div class="many-preview" aria-live="polite">
                    { match (too_many, preview.as_ref()) {
                        (Some(reason), _) => html! { <p class="form-error">{ reason }</p> },
                        (None, Some(preview)) => said(preview, documents.len(), &path, reading),
                        (None, None) => html! {
                            <p class="quiet">{ "What it comes to is said here before anything is changed." }</p>
                        },
                    } }
                </div>
                <div class="dialog-actions">
                    <button type="button" class="button" onclick={|_: MouseEvent| close()}>{ "Cancel" }</button>
                    <button class="button button-primary" disabled={!is_ready}>
                        { format!("Change {}", counted(changes as u64, "document")) }
                    </button>
                </div>
            </form>
        </Dialog>
    }
}

/// The document among those of its collection.
fn called(id: &DocumentId) -> String {
    let text = store::entity(id).doc.and_then(|document| navigation::naming_text(&document));
    text.unwrap_or_else(|| display_text(id.id.get()))
}

fn share(some: usize, all: usize) -> String {
    match (some, all) {
        (1, 1) => "1".into(),
        (some, all) if some == all => format!("All {}", grouped(all as u64)),
        (some, all) => format!("{} of {}", grouped(some as u64), grouped(all as u64)),
    }
}

/// What it will come to.
fn said(preview: &Preview, documents: usize, path: &Path, reading: Reading) -> Html {
    let Preview { edits, same, unread, refused } = preview;
    if *unread > 0 {
        return html! { <p class="quiet">{ reading.words() }</p> };
    }
    if let Some((id, reason)) = refused.first() {
        let (cannot, all) = (grouped(refused.len() as u64), grouped(documents as u64));
        return html! {
            <>
                <p class="form-error">{ format!("{cannot} of {all} cannot have it, so none is changed.") }</p>
                <p class="quiet">{ format!("{}: {}", called(id), capitalised(reason)) }</p>
            </>
        };
    }
    let have = match same {
        0 => String::new(),
        1 => " 1 has this value already.".into(),
        same => format!(" {} have this value already.", grouped(*same as u64)),
    };
    let example = |(id, target): (&DocumentId, Option<&_>)| {
        let document = store::entity(id).doc;
        let value =
            |value: Option<bson::RawBsonRef<'_>>| value.map_or_else(|| "nothing".into(), display_text);
        let before = value(document.as_ref().and_then(|document| document.get(path)));
        let after = value(target.map(lockstep_model::Value::get));
        html! {
            <li>
                <span>{ called(id) }</span>
                <span class="quiet">{ format!("{before} → {after}") }</span>
            </li>
        }
    };
    let left = edits.len().saturating_sub(EXAMPLES);
    html! {
        <>
            <p>{ format!("{} will change.{have}", share(edits.len(), documents)) }</p>
            <ul class="many-examples">
                { for preview.examples(EXAMPLES).map(example) }
                if left > 0 {
                    <li class="quiet">{ format!("and {} more", grouped(left as u64)) }</li>
                }
            </ul>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct DeleteFormProps {
    documents: Vec<DocumentId>,
}

#[component]
fn DeleteForm(props: &DeleteFormProps) -> Html {
    let documents = use_memo((), |()| props.documents.clone());
    let is_possible = documents.len() <= EDITS_MOST;
    let reading = use_reading(&documents, is_possible);
    let production = use_of_status(|status| status.production) == Some(true);
    let Some(first) = documents.first() else { return html! {} };
    let collection = first.namespace.collection.clone();
    let word = production.then(|| collection.clone());
    let is_whole =
        |id: &&DocumentId| store::entity(id).doc.is_some_and(|document| document.omitted().is_empty());
    // Which of them are whole is known once they are read.
    let lost = match reading.unread {
        0 => documents.len() - documents.iter().filter(is_whole).count(),
        _ => 0,
    };
    let left = documents.len().saturating_sub(EXAMPLES);
    let on_confirm = {
        let (documents, word) = (documents.clone(), word.clone());
        move |()| {
            Mutations.delete_all(&documents, word.clone());
            close();
        }
    };
    html! {
        <Confirm
            title={format!("Delete {} of {collection}?", counted(documents.len() as u64, "document"))}
            message="They are deleted for everybody who uses this database. Ctrl+Z in this window brings them back."
            action="Delete"
            word={word.map(|word| AttrValue::from(word.to_string()))}
            disabled={!is_possible || reading.unread > 0}
            {on_confirm}
            on_close={|()| close()}
        >
            <ul class="many-examples">
                { for documents.iter().take(EXAMPLES).map(|id| html! { <li>{ called(id) }</li> }) }
                if left > 0 {
                    <li class="quiet">{ format!("and {} more", grouped(left as u64)) }</li>
                }
            </ul>
            if lost > 0 {
                <p>{ format!("{} of them cannot be brought back from here.", grouped(lost as u64)) }</p>
            }
            if reading.unread > 0 {
                <p class="quiet">{ reading.words() }</p>
            }
            if !is_possible {
                <p class="form-error" role="alert">{ format!("At most {} go at once.", counted(EDITS_MOST as u64, "document")) }</p>
            }
        </Confirm>
    }
}
