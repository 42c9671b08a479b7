//! Which documents go to which file, and how.

use std::collections::BTreeSet;

use lockstep_model::{
    Key, ListQuery, Namespace, Path,
    contract::{
        CollectionSchema, ExportReply, ExportRequest, command, schema::SchemaField, transfer::FileFormat,
    },
    shape::Type,
};
use lockstep_query::{Data, Options, Trigger};
use lockstep_sync::Plain;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{close, jobs};
use crate::{
    hooks::{ask, choose_file, use_selected},
    parts::{Dialog, capitalised},
    store,
};

/// The columns to choose from are those of so many documents.
const SAMPLE: u32 = 200;

const FORMATS: [(FileFormat, &str); 3] = [
    (FileFormat::Csv, "for spreadsheets: the columns that you choose"),
    (FileFormat::Json, "an array of whole documents, every value exact"),
    (FileFormat::Ndjson, "a whole document a line, every value exact"),
];

#[derive(Properties, PartialEq)]
pub struct ExportFormProps {
    pub namespace: Namespace,
    pub query: ListQuery,
}

/// What the host says of a try.
#[derive(Clone, PartialEq)]
enum Reply {
    Exists,
    Refused(String),
}

/// The form.
#[component]
pub fn ExportForm(props: &ExportFormProps) -> Html {
    let format = use_state(|| FileFormat::Csv);
    // What a person typed; until then the name follows the format.
    let typed = use_state(|| None::<String>);
    let left_out = use_state(BTreeSet::<String>::new);
    let reply = use_state(|| None::<Reply>);
    let columns = use_columns(props.namespace.clone());

    let name = format!("{}.{}", props.namespace.collection, format.extension());
    let path = (*typed).clone().unwrap_or_else(|| format!("~/{name}"));
    let set_path = {
        let (typed, reply) = (typed.setter(), reply.setter());
        move |path: String| {
            typed.set(Some(path));
            reply.set(None);
        }
    };
    let oninput = {
        let set_path = set_path.clone();
        move |event: InputEvent| set_path(event.target_unchecked_into::<HtmlInputElement>().value())
    };
    let onchoose = move |_: MouseEvent| choose_file(true, &name, set_path.clone());

    let chosen: Vec<_> = columns
        .iter()
        .flatten()
        .filter(|path| !left_out.contains(*path))
        .map(|path| Path::dotted(path))
        .collect();
    let exists = *reply == Some(Reply::Exists);
    let onsubmit = {
        let request = ExportRequest {
            namespace: props.namespace.clone(),
            query: props.query.clone(),
            path: path.clone(),
            format: *format,
            columns: if *format == FileFormat::Csv { chosen.clone() } else { Vec::new() },
            replace: exists,
        };
        let reply = reply.setter();
        move |event: SubmitEvent| {
            event.prevent_default();
            let reply = reply.clone();
            ask::<command::StartExport>(request.clone(), move |replied| match replied {
                Ok(ExportReply::Started(id)) => {
                    jobs::begun_here(id);
                    close();
                }
                Ok(ExportReply::Exists) => reply.set(Some(Reply::Exists)),
                Err(failure) => reply.set(Some(Reply::Refused(failure.to_string()))),
            });
        }
    };
    let pending = {
        let counts = store::counts().get();
        counts.saving + counts.queued
    };
    html! {
        <Dialog title={format!("Export {}", props.namespace.collection)} on_close={|()| close()} class="transfer export">
            <form {onsubmit} novalidate=true>
                <div class="transfer-body">
                    <p class="quiet">{ what(&props.query) }</p>
                    if pending > 0 {
                        <p class="transfer-note">{ not_yet(pending) }</p>
                    }
                    <div class="formats" role="radiogroup" aria-label="Format">
                        { for FORMATS.map(|(of, words)| {
                            let (set, reply) = (format.setter(), reply.setter());
                            let onchange = move |_: Event| {
                                set.set(of);
                                reply.set(None);
                            };
                            html! {
                                <label class={classes!("format", (*format == of).then_some("chosen"))}>
                                    <input type="radio" name="format" checked={*format == of} {onchange} />
                                    <strong>{ of.label() }</strong>
                                    <span class="quiet">{ words }</span>
                                </label>
                            }
                        }) }
                    </div>
                    if *format == FileFormat::Csv {
                        { columns_to_choose(columns.as_deref(), &left_out) }
                    }
                    <label class="file-line">
                        <span>{ "File" }</span>
                        <input
                            type="text"
                            value={path}
                            {oninput}
                            autocomplete="off"
                            spellcheck="false"
                            aria-invalid={matches!(*reply, Some(Reply::Refused(_))).to_string()}
                        />
                        <button type="button" class="button" onclick={onchoose}>{ "Choose…" }</button>
                    </label>
                    { match &*reply {
                        None => html! {},
                        Some(Reply::Exists) => html! {
                            <p class="transfer-note" role="alert">{ "There is such a file already." }</p>
                        },
                        Some(Reply::Refused(reason)) => html! {
                            <p class="form-error" role="alert">{ capitalised(reason) }</p>
                        },
                    } }
                </div>
                <div class="dialog-actions">
                    <button type="button" class="button" onclick={|_| close()}>{ "Cancel" }</button>
                    <button
                        type="submit"
                        class={classes!("button", if exists { "button-destructive" } else { "button-primary" })}
                        disabled={*format == FileFormat::Csv && chosen.is_empty()}
                    >
                        { if exists { "Replace it" } else { "Export" } }
                    </button>
                </div>
            </form>
        </Dialog>
    }
}

fn what(query: &ListQuery) -> &'static str {
    match (query.takes_all(), query.sort.is_empty()) {
        (true, true) => "All documents of the collection, as the database has them.",
        (true, false) => "All documents of the collection, sorted as the table is.",
        (false, true) => "The documents that the table's filter lets through.",
        (false, false) => "The documents that the table's filter lets through, sorted as the table is.",
    }
}

fn not_yet(pending: usize) -> String {
    match pending {
        1 => "1 edit is not in the database yet, and so not in the file.".into(),
        pending => format!("{pending} edits are not in the database yet, and so not in the file."),
    }
}

/// The fields that a column can show; `None` until they are known.
#[hook]
fn use_columns(namespace: Namespace) -> Option<Vec<String>> {
    let options = Options { on_focus: Trigger::Never, ..Options::default() };
    use_selected(Key::Schema(namespace, SAMPLE), options, |query| match query.data {
        Some(Data::Value(plain)) => match &*plain {
            Plain::Schema(schema) => Some(columns(schema)),
            _ => None,
        },
        // Whoever cannot sample can still export what is whole.
        _ => query.error.map(|_| Vec::new()),
    })
}

/// Every field that is no document, and none inside of an array. A name with a dot in it is no column: nobody could tell it
/// from a path.
fn columns(schema: &CollectionSchema) -> Vec<String> {
    let is_document = |field: &SchemaField| {
        let declared = field.declared.as_ref().map_or(&[][..], |declared| &declared.types);
        let seen: Vec<_> = field.types.iter().map(|(of, _)| *of).collect();
        let types = if seen.is_empty() { declared } else { &seen };
        types.contains(&Type::Object) && types.iter().all(|of| matches!(of, Type::Object | Type::Null))
    };
    let plain = |field: &&SchemaField| {
        let steps = field.path.split('.').count();
        !field.path.contains("[]") && steps == field.depth as usize + 1 && !is_document(field)
    };
    schema.fields.iter().filter(plain).map(|field| field.path.clone()).collect()
}

fn columns_to_choose(columns: Option<&[String]>, left_out: &UseStateHandle<BTreeSet<String>>) -> Html {
    let Some(columns) = columns else {
        return html! { <p class="quiet" aria-busy="true">{ "Looking at the fields" }</p> };
    };
    let all = {
        let left_out = left_out.setter();
        move |_: MouseEvent| left_out.set(BTreeSet::new())
    };
    let none = {
        let (left_out, columns) = (left_out.setter(), columns.to_vec());
        move |_: MouseEvent| left_out.set(columns.iter().cloned().collect())
    };
    html! {
        // No fieldset: WebKit first gives one that scrolls inside more room than it takes.
        <div class="export-columns" role="group" aria-label="Columns">
            <div class="export-columns-head">
                { format!("{} of {} columns", columns.len() - left_out.len(), columns.len()) }
                <button type="button" class="button button-small" onclick={all}>{ "All" }</button>
                <button type="button" class="button button-small" onclick={none}>{ "None" }</button>
            </div>
            <div class="export-columns-list">
                { for columns.iter().map(|path| {
                    let onchange = {
                        let (left_out, path) = (left_out.clone(), path.clone());
                        move |_: Event| {
                            let mut next = (*left_out).clone();
                            if !next.remove(&path) {
                                next.insert(path.clone());
                            }
                            left_out.set(next);
                        }
                    };
                    html! {
                        <label key={path.clone()} class="check">
                            <input type="checkbox" checked={!left_out.contains(path)} {onchange} />
                            <span>{ path }</span>
                        </label>
                    }
                }) }
            </div>
        </div>
    }
}
