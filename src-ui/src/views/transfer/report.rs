//! The rows that an import refused: each with its reason, and what stands in the file.

use lockstep_model::{
    Failure,
    contract::{
        JobRequest, RefusedRows, command,
        transfer::{JobId, REFUSED_ROWS_SHOWN},
    },
    shape::visible,
};
use yew::prelude::*;

use super::{close, show_jobs};
use crate::{
    hooks::ask,
    parts::{Dialog, capitalised, grouped},
};

#[derive(Properties, PartialEq)]
pub struct ReportPanelProps {
    pub id: JobId,
}

/// The report.
#[component]
pub fn ReportPanel(props: &ReportPanelProps) -> Html {
    let report = use_state(|| None::<Result<RefusedRows, Failure>>);
    use_effect_with(props.id.clone(), {
        let report = report.setter();
        move |id| {
            ask::<command::ReadReport>(JobRequest { id: id.clone() }, move |read| report.set(Some(read)))
        }
    });
    let shown = match &*report {
        None => html! { <p class="quiet" aria-busy="true">{ "Reading the report" }</p> },
        Some(Err(failure)) => {
            html! { <p class="form-error" role="alert">{ capitalised(&failure.to_string()) }</p> }
        }
        Some(Ok(RefusedRows { rows, path })) => html! {
            <>
                <p class="quiet">
                    { if rows.len() == REFUSED_ROWS_SHOWN {
                        format!("The first {REFUSED_ROWS_SHOWN} of them. All are in ")
                    } else {
                        "They are in ".into()
                    } }
                    <code class="job-path">{ path }</code>
                </p>
                <div class="transfer-table">
                    <table aria-label="Refused rows">
                        <thead><tr><th>{ "Row" }</th><th>{ "Reason" }</th><th>{ "In the file" }</th></tr></thead>
                        <tbody>
                            { for rows.iter().map(|refused| html! {
                                <tr key={refused.row}>
                                    <td class="cell-number">{ grouped(refused.row) }</td>
                                    <td class="refused-reason">{ &refused.reason }</td>
                                    <td><code title={visible(&refused.text)}>{ visible(&refused.text) }</code></td>
                                </tr>
                            }) }
                        </tbody>
                    </table>
                </div>
            </>
        },
    };
    html! {
        <Dialog title="Refused rows" on_close={|()| close()} class="transfer wide">
            <div class="transfer-body">{ shown }</div>
            <div class="dialog-actions">
                <button class="button" onclick={|_| show_jobs()}>{ "All imports and exports" }</button>
                <button class="button" onclick={|_| close()}>{ "Close" }</button>
            </div>
        </Dialog>
    }
}
