//! Acting on files and jobs: each is a call of the host, whose failure goes to whoever asked.

use lockstep_model::{
    Failure, Key,
    contract::{Command, FileChoice, Job, JobRequest, command, transfer::JobId},
};
use lockstep_query::{Data, Options, Trigger};
use lockstep_sync::Plain;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::use_selected;
use crate::{host, parts::toast};

/// All imports and exports of the connection, the newest first.
#[hook]
pub fn use_jobs() -> Vec<Job> {
    // They are fed.
    let options = Options { on_focus: Trigger::Never, ..Options::default() };
    use_selected(Key::Jobs, options, |query| match query.data {
        Some(Data::Value(plain)) => match &*plain {
            Plain::Jobs(list) => list.jobs.clone(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    })
}

/// Asks the host, and hands its answer to `then`.
pub fn ask<C: Command + 'static>(
    request: C::Request,
    then: impl FnOnce(Result<C::Reply, Failure>) + 'static,
) {
    spawn_local(async move { then(host::call::<C>(&request).await) });
}

/// Has the system ask the person for a file, and hands its path to `then`, unless the person turns away.
pub fn choose_file(save: bool, name: &str, then: impl FnOnce(String) + 'static) {
    let choice = FileChoice { save, name: name.to_owned() };
    ask::<command::ChooseFile>(choice, |chosen| match chosen {
        Ok(chosen) => {
            if let Some(path) = chosen.path {
                then(path);
            }
        }
        Err(failure) => toast::show(&format!("No file was chosen: {failure}")),
    });
}

/// Ends a job, goes on with it, or puts it away.
pub fn act_on_job<C: Command<Request = JobRequest> + 'static>(id: &JobId) {
    ask::<C>(JobRequest { id: id.clone() }, |acted| {
        if let Err(failure) = acted {
            toast::show(&failure.to_string());
        }
    });
}
