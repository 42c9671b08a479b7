//! All imports and exports of the connection: how far each is, and what can be done about it.

use std::{cell::RefCell, collections::BTreeSet};

use lockstep_model::contract::{
    Job, command,
    transfer::{JobId, JobKind, JobState},
};
use yew::prelude::*;

use super::{Open, close, open, show_jobs};
use crate::{
    hooks::{act_on_job, use_jobs},
    parts::{Dialog, capitalised, counted, grouped, style, toast},
};

thread_local! {
    /// Begun in this window, and not told of as ended yet.
    static BEGUN_HERE: RefCell<BTreeSet<JobId>> = RefCell::default();
}

/// This window tells when the job has ended.
pub(super) fn begun_here(id: JobId) {
    BEGUN_HERE.with_borrow_mut(|begun| begun.insert(id));
}

/// For the status bar: what is at work, or has ended and was not put away.
#[component]
pub fn JobsButton() -> Html {
    let jobs = use_jobs();
    use_effect_with(jobs.clone(), |jobs| {
        for job in jobs.iter().filter(|job| !job.is_under_way()) {
            if BEGUN_HERE.with_borrow_mut(|begun| begun.remove(&job.id)) {
                tell_end(job);
            }
        }
    });
    let Some(words) = words_of_all(&jobs) else { return html! {} };
    let stopped = jobs.iter().any(|job| !matches!(job.state, JobState::Running | JobState::Done));
    html! {
        <button
            class={classes!("status-jobs", stopped.then_some("status-reviews"))}
            title="Imports and exports"
            onclick={|_| show_jobs()}
        >
            { words }
        </button>
    }
}

fn words_of_all(jobs: &[Job]) -> Option<String> {
    let at_work: Vec<_> = jobs.iter().filter(|job| job.is_under_way()).collect();
    match (&at_work[..], jobs) {
        ([], []) => None,
        ([], [job]) => Some(format!("{} {}", noun(job.kind), state_word(job))),
        ([], jobs) => Some(format!("{} jobs ended", jobs.len())),
        ([job], _) if matches!(job.state, JobState::Waiting(_)) => {
            Some(format!("{} waits for the server", noun(job.kind)))
        }
        ([job], _) => Some(format!("{} {}", verb(job.kind), rows(job))),
        (jobs, _) => Some(format!("{} jobs at work", jobs.len())),
    }
}

fn noun(kind: JobKind) -> &'static str {
    match kind {
        JobKind::Import => "import",
        JobKind::Export => "export",
    }
}

fn verb(kind: JobKind) -> &'static str {
    match kind {
        JobKind::Import => "importing",
        JobKind::Export => "exporting",
    }
}

fn state_word(job: &Job) -> &'static str {
    match &job.state {
        JobState::Running => "running",
        JobState::Waiting(_) => "waits for the server",
        JobState::Done if job.tally.refused > 0 => "done, with refused rows",
        JobState::Done => "done",
        JobState::Cancelled => "cancelled",
        JobState::Failed(_) => "failed",
        JobState::Interrupted => "interrupted",
    }
}

/// `45,000 of 100,000`.
fn rows(job: &Job) -> String {
    match job.total {
        Some(total) => format!("{} of {}", grouped(job.tally.read), grouped(total.max(job.tally.read))),
        None => grouped(job.tally.read),
    }
}

/// In the window where it was begun, and where nobody may look at the panel.
fn tell_end(job: &Job) {
    let (written, collection) = (counted(job.tally.written, "row"), &job.namespace.collection);
    let show = |open_what: Open, label: &'static str, message: String| {
        let act = Callback::from(move |()| open(open_what.clone()));
        toast::show_with(&message, toast::Action { label, act });
    };
    let show_jobs = |message: String| show(Open::Jobs, "Show", message);
    match (&job.state, job.kind) {
        (JobState::Done, JobKind::Import) if job.tally.refused > 0 => {
            let message =
                format!("{written} imported into {collection}, {} refused", grouped(job.tally.refused));
            show(Open::Report(job.id.clone()), "Report", message);
        }
        (JobState::Done, JobKind::Import) => {
            toast::show_done(&format!("{written} imported into {collection}"))
        }
        (JobState::Done, JobKind::Export) if job.tally.inexact > 0 => {
            show_jobs(format!("{written} written to {}, {}", job.path, inexact(job.tally.inexact)));
        }
        (JobState::Done, JobKind::Export) => toast::show_done(&format!("{written} written to {}", job.path)),
        (JobState::Failed(failure), kind) => {
            show_jobs(format!("The {} of {collection} failed: {failure}", noun(kind)));
        }
        _ => {}
    }
}

fn inexact(rows: u64) -> String {
    format!("{} of them not exactly: Extended JSON has no words for all of it", grouped(rows))
}

/// The panel.
#[component]
pub fn JobsPanel() -> Html {
    let jobs = use_jobs();
    html! {
        <Dialog title="Imports and exports" on_close={|()| close()} class="transfer jobs">
            <div class="transfer-body">
                if jobs.is_empty() {
                    <p class="quiet">{ "Nothing is at work." }</p>
                }
                { for jobs.iter().map(|job| html! { <JobCard key={job.id.to_string()} job={job.clone()} /> }) }
            </div>
            <div class="dialog-actions">
                <button class="button" onclick={|_| close()}>{ "Close" }</button>
            </div>
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct JobCardProps {
    job: Job,
}

#[component]
fn JobCard(props: &JobCardProps) -> Html {
    let job = &props.job;
    let title = match job.kind {
        JobKind::Import => format!("Import into {}", job.namespace.collection),
        JobKind::Export => format!("Export of {}", job.namespace.collection),
    };
    let button = |label: &'static str, act: fn(&JobId)| {
        let id = job.id.clone();
        html! { <button class="button button-small" onclick={move |_: MouseEvent| act(&id)}>{ label }</button> }
    };
    html! {
        <article class="job" aria-label={title.clone()} data-state={state_name(&job.state)}>
            <header>
                <strong>{ title }</strong>
                <span class="job-state">{ state_word(job) }</span>
            </header>
            <p class="job-path" title={job.path.clone()}>{ &job.path }</p>
            { bar(job) }
            <p class="job-numbers">{ numbers(job) }</p>
            { match &job.state {
                JobState::Waiting(reason) => html! { <p class="transfer-note">{ capitalised(reason) }</p> },
                JobState::Failed(failure) => {
                    html! { <p class="form-error" role="alert">{ capitalised(&failure.to_string()) }</p> }
                }
                JobState::Interrupted => html! {
                    <p class="transfer-note">{ "Lockstep ended before it was done. It goes on where it stopped, and no row is written twice." }</p>
                },
                _ => html! {},
            } }
            <div class="job-actions">
                if job.is_resumable() {
                    { button("Resume", act_on_job::<command::ResumeImport>) }
                }
                if job.report.is_some() {
                    { button("Report", |id| open(Open::Report(id.clone()))) }
                }
                if job.is_under_way() {
                    { button("Cancel", act_on_job::<command::CancelJob>) }
                } else {
                    { button("Remove from the list", act_on_job::<command::ForgetJob>) }
                }
            </div>
        </article>
    }
}

/// As `data-state` has it.
fn state_name(state: &JobState) -> &'static str {
    match state {
        JobState::Running => "running",
        JobState::Waiting(_) => "waiting",
        JobState::Done => "done",
        JobState::Cancelled => "cancelled",
        JobState::Failed(_) => "failed",
        JobState::Interrupted => "interrupted",
    }
}

fn bar(job: &Job) -> Html {
    let Some(total) = job.total else {
        return html! { <div class="job-bar" role="progressbar" aria-label="Rows" /> };
    };
    let percent = (100 * job.tally.read).checked_div(total).map_or(100, |percent| percent.min(100));
    html! {
        <div
            class="job-bar"
            role="progressbar"
            aria-label="Rows"
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow={percent.to_string()}
        >
            <div class="job-bar-done" ~style={style(&format!("width: {percent}%"))} />
        </div>
    }
}

fn numbers(job: &Job) -> String {
    let mut parts = vec![format!("{} rows", rows(job))];
    if job.kind == JobKind::Import {
        parts.push(format!("{} written", grouped(job.tally.written)));
        parts.push(format!("{} refused", grouped(job.tally.refused)));
    }
    if job.tally.inexact > 0 {
        parts.push(inexact(job.tally.inexact));
    }
    if job.state == JobState::Running && job.per_second > 0 {
        parts.push(format!("{} a second", counted(job.per_second.into(), "row")));
    }
    parts.join(" · ")
}
