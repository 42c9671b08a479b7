//! Which file is imported, how it is read, and what comes of it: seen before anything is written.

use std::rc::Rc;

use lockstep_model::{
    Namespace,
    contract::{
        ImportRequest, Preview, PreviewRequest, command,
        transfer::{EmptyCell, Encoding, FileFormat, ImportPlan, PreviewOutcome},
    },
};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::{close, jobs, mapping::Mapping, preview::PreviewTable};
use crate::{
    hooks::{ask, choose_file},
    parts::{Dialog, bytes, capitalised},
};

#[derive(Properties, PartialEq)]
pub struct ImportFormProps {
    pub namespace: Namespace,
}

/// What is known of the file.
#[derive(Clone, Default, PartialEq)]
struct Looked {
    preview: Option<Rc<Preview>>,
    /// How it was last asked to be read, if it was said.
    plan: Option<Rc<ImportPlan>>,
    /// Why it cannot be read so.
    refused: Option<String>,
    busy: bool,
}

/// The form.
#[component]
pub fn ImportForm(props: &ImportFormProps) -> Html {
    let namespace = props.namespace.clone();
    let path = use_state(String::new);
    let looked = use_state(Looked::default);
    // Of several questions the last answer counts.
    let asked = use_mut_ref(|| 0_u32);
    // And it changes what is known then, not what was drawn last.
    let known = use_mut_ref(Looked::default);

    let set = {
        let (looked, known) = (looked.setter(), known.clone());
        move |change: &dyn Fn(&mut Looked)| {
            let next = {
                let mut known = known.borrow_mut();
                change(&mut known);
                known.clone()
            };
            looked.set(next);
        }
    };
    let look = {
        let (asked, set, namespace) = (asked.clone(), set.clone(), namespace.clone());
        move |path: String, plan: Option<ImportPlan>| {
            *asked.borrow_mut() += 1;
            let (number, asked, set) = (*asked.borrow(), asked.clone(), set.clone());
            let kept = plan.clone().map(Rc::new);
            set(&|looked| {
                looked.busy = true;
                looked.plan = kept.clone();
            });
            let request = PreviewRequest { namespace: namespace.clone(), path, plan };
            ask::<command::PreviewImport>(request, move |preview| {
                if *asked.borrow() != number {
                    return;
                }
                let preview = preview.map(Rc::new);
                set(&|looked| {
                    looked.busy = false;
                    looked.refused = preview.as_ref().err().map(ToString::to_string);
                    if let Ok(preview) = &preview {
                        looked.preview = Some(preview.clone());
                        looked.plan = Some(Rc::new(preview.plan.clone()));
                    }
                });
            });
        }
    };
    // Another file is another matter.
    let begin = {
        let (look, set, current) = (look.clone(), set.clone(), path.setter());
        move |path: String| {
            current.set(path.clone());
            set(&|looked| *looked = Looked::default());
            look(path, None);
        }
    };
    let onpath = {
        let begin = begin.clone();
        move |event: Event| begin(event.target_unchecked_into::<HtmlInputElement>().value())
    };
    let onchoose = {
        let begin = begin.clone();
        move |_: MouseEvent| choose_file(false, "", begin.clone())
    };
    let again = {
        let (look, path) = (look.clone(), (*path).clone());
        Callback::from(move |plan: ImportPlan| look(path.clone(), Some(plan)))
    };
    let Looked { preview, plan, refused, busy } = (*looked).clone();
    let can_begin = preview.is_some() && refused.is_none() && !busy;
    let onsubmit = {
        let (preview, set) = (preview.clone(), set.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let Some(preview) = preview.clone().filter(|_| can_begin) else { return };
            let request = ImportRequest {
                namespace: namespace.clone(),
                source: preview.source.clone(),
                plan: preview.plan.clone(),
            };
            let set = set.clone();
            ask::<command::StartImport>(request, move |started| match started {
                Ok(started) => {
                    jobs::begun_here(started.id);
                    close();
                }
                Err(failure) => set(&|looked| looked.refused = Some(failure.to_string())),
            });
        }
    };
    html! {
        <Dialog title={format!("Import into {}", props.namespace.collection)} on_close={|()| close()} class="transfer wide">
            <form {onsubmit} novalidate=true>
                <div class="transfer-body">
                    <label class="file-line">
                        <span>{ "File" }</span>
                        <input
                            type="text"
                            value={(*path).clone()}
                            placeholder="CSV, JSON or NDJSON, as ~/offers.csv"
                            onchange={onpath}
                            autocomplete="off"
                            spellcheck="false"
                            aria-invalid={refused.is_some().to_string()}
                        />
                        <button type="button" class="button" onclick={onchoose}>{ "Choose…" }</button>
                    </label>
                    if let Some(reason) = &refused {
                        <p class="form-error" role="alert">{ capitalised(reason) }</p>
                    }
                    if let Some(plan) = &plan {
                        { how(plan, &again) }
                        if plan.format == FileFormat::Csv {
                            { mapping(plan, &again) }
                        }
                    }
                    if let Some(preview) = &preview {
                        <p class="quiet transfer-heading" aria-busy={busy.to_string()}>{ summary(preview) }</p>
                        <PreviewTable rows={Rc::new(preview.rows.clone())} />
                    } else if refused.is_none() {
                        <p class="quiet">
                            { "Rows are shown before anything is written. A row has at most 16 MB in CSV and 64 MB in JSON, a document 16 MB." }
                        </p>
                    }
                </div>
                <div class="dialog-actions">
                    <button type="button" class="button" onclick={|_| close()}>{ "Cancel" }</button>
                    <button type="submit" class="button button-primary" disabled={!can_begin}>{ "Import" }</button>
                </div>
            </form>
        </Dialog>
    }
}

fn mapping(plan: &Rc<ImportPlan>, again: &Callback<ImportPlan>) -> Html {
    let on_change = {
        let plan = plan.clone();
        again.reform(move |columns| ImportPlan { columns, ..(*plan).clone() })
    };
    html! { <Mapping plan={plan.clone()} {on_change} /> }
}

/// How the file is read. What changes its columns has them guessed anew.
fn how(plan: &Rc<ImportPlan>, again: &Callback<ImportPlan>) -> Html {
    let choice =
        |label: &'static str, options: &[(&'static str, bool)], change: fn(&mut ImportPlan, usize)| {
            let (plan, again) = (plan.clone(), again.clone());
            let onchange = move |event: Event| {
                let at = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
                let mut plan = (*plan).clone();
                change(&mut plan, usize::try_from(at).unwrap_or_default());
                again.emit(plan);
            };
            html! {
                <label>
                    <span>{ label }</span>
                    <select {onchange}>
                        { for options.iter().map(|(words, selected)| html! {
                            <option selected={*selected}>{ *words }</option>
                        }) }
                    </select>
                </label>
            }
        };
    let of = |format: FileFormat| (format.label(), plan.format == format);
    let between = |words: &'static str, separator: char| (words, plan.separator == separator);
    html! {
        <div class="import-how">
            { choice("Format", &FORMATS.map(of), |plan, at| {
                plan.format = FORMATS[at];
                plan.columns.clear();
            }) }
            { choice(
                "Encoding",
                &[
                    ("UTF-8", plan.encoding == Encoding::Utf8),
                    ("Windows-1252", plan.encoding == Encoding::Windows1252),
                ],
                |plan, at| plan.encoding = [Encoding::Utf8, Encoding::Windows1252][at],
            ) }
            if plan.format == FileFormat::Csv {
                { choice("Separator", &SEPARATORS.map(|(words, separator)| between(words, separator)), |plan, at| {
                    plan.separator = SEPARATORS[at].1;
                    plan.columns.clear();
                }) }
                { choice(
                    "Empty cells",
                    &[
                        ("missing", plan.empty == EmptyCell::Missing),
                        ("null", plan.empty == EmptyCell::Null),
                    ],
                    |plan, at| plan.empty = [EmptyCell::Missing, EmptyCell::Null][at],
                ) }
            }
        </div>
    }
}

const FORMATS: [FileFormat; 3] = [FileFormat::Csv, FileFormat::Json, FileFormat::Ndjson];
const SEPARATORS: [(&str, char); 4] = [("comma", ','), ("semicolon", ';'), ("tab", '\t'), ("bar |", '|')];

fn summary(preview: &Preview) -> String {
    let rows = preview.rows.len();
    let refused = preview.rows.iter().filter(|row| matches!(row.outcome, PreviewOutcome::Refused(_))).count();
    let broken = preview
        .rows
        .iter()
        .filter(|row| matches!(&row.outcome, PreviewOutcome::Document(_, broken) if !broken.is_empty()))
        .count();
    let mut words = format!(
        "The first {rows} row{} of {}, as written",
        if rows == 1 { "" } else { "s" },
        bytes(preview.source.bytes)
    );
    if refused + broken > 0 {
        words += &format!("; {} of them will be refused", refused + broken);
    }
    words
}
