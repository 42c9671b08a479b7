//! Import and export: the dialogs in which they are begun, and the panel in which they are followed.
//!
//! | module | idea |
//! | --- | --- |
//! | `more_menu` | the ways to all of it from a table |
//! | `export_form` | what goes to which file |
//! | `import_form` | which file, how it is read, and what comes of it |
//! | `mapping` | which column fills which field |
//! | `preview` | the first rows as they would be written |
//! | `jobs` | all jobs of the connection |
//! | `report` | the rows that an import refused |

mod export_form;
mod import_form;
mod jobs;
mod mapping;
mod more_menu;
mod preview;
mod report;

use lockstep_model::{
    ListQuery, Namespace,
    contract::{View, schema::SAMPLE_USUAL, transfer::JobId},
};
use yew::prelude::*;

use crate::signal::{Signal, use_signal};
use export_form::ExportForm;
use import_form::ImportForm;
use jobs::JobsPanel;
use report::ReportPanel;

pub use jobs::JobsButton;
pub use more_menu::MoreMenu;

/// What is open of it.
#[derive(Clone, PartialEq)]
enum Open {
    Import(Namespace),
    Export(Namespace, ListQuery),
    Jobs,
    Report(JobId),
}

thread_local! {
    static OPEN: Signal<Option<Open>> = Signal::default();
}

/// Opens the form of an import into a collection.
pub fn open_import(namespace: Namespace) {
    open(Open::Import(namespace));
}

/// Opens the form of an export of what a list has.
pub fn open_export(namespace: Namespace, query: ListQuery) {
    open(Open::Export(namespace, query));
}

/// Opens the panel of all jobs.
pub fn show_jobs() {
    open(Open::Jobs);
}

/// The view of a collection's schema.
pub fn schema(namespace: Namespace) -> View {
    View::Schema { namespace, sample: SAMPLE_USUAL }
}

fn open(what: Open) {
    OPEN.with(|open| open.set(Some(what)));
}

fn close() {
    OPEN.with(|open| open.set(None));
}

/// Draws what is open.
#[component]
pub fn Transfers() -> Html {
    match use_signal(OPEN.with(Signal::clone)) {
        None => html! {},
        Some(Open::Import(namespace)) => html! { <ImportForm {namespace} /> },
        Some(Open::Export(namespace, query)) => html! { <ExportForm {namespace} {query} /> },
        Some(Open::Jobs) => html! { <JobsPanel /> },
        Some(Open::Report(id)) => html! { <ReportPanel {id} /> },
    }
}
