//! Each effect of the store, carried out.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use lockstep_model::{
    Document, Failure, Mutation,
    contract::{Acceptance, Missed, MutateRequest, Since, Watching, command},
};
use lockstep_query::{Effect, End, Input};
use lockstep_sync::{Lockstep, window as translate};
use wasm_bindgen_futures::spawn_local;

use super::{dispatch, fetch, now, observers, start};
use crate::{
    browser::{self, Timer},
    host,
};

/// How often a batch of mutations is sent again when its answer did not get through.
const SUBMIT_AGAIN: u32 = 3;

/// Who hears of what happens to mutations.
#[derive(Clone, Copy)]
pub struct Witness {
    /// One shows that was not made here, and what was shown before of each document that it touches.
    pub joined: fn(&Mutation, &[Option<Rc<Document>>]),
    /// One has ended.
    pub ended: fn(&Mutation, End<Failure>),
}

/// From now on this one hears of it.
pub fn witness(witness: Witness) {
    WITNESS.set(Some(witness));
}

thread_local! {
    static WITNESS: Cell<Option<Witness>> = const { Cell::new(None) };
    static ALARM: RefCell<Option<Timer>> = const { RefCell::new(None) };
}

pub(super) fn carry_out(effect: Effect<Lockstep>) {
    match effect {
        Effect::Fetch(fetches) => fetch::fetch(fetches),
        // The host leaves a read to finish, since its driver wants that; an answer that comes is ignored.
        Effect::Cancel(_) => {}
        Effect::Joined { mutation, before } => {
            if let Some(witness) = WITNESS.get() {
                (witness.joined)(&mutation, &before);
            }
        }
        Effect::Ended { mutation, end } => {
            if let Some(witness) = WITNESS.get() {
                (witness.ended)(&mutation, end);
            }
        }
        Effect::Submit(mutations) => spawn_local(submit(mutations)),
        Effect::Watch { added, removed } => spawn_local(async {
            let watching = Watching { page: start::page(), added, removed };
            let told = host::call::<command::Watch>(&watching).await;
            if let Err(failure) = &told {
                browser::warn(&format!("watch: {failure}"));
            }
            dispatch(Input::Watched(told.is_ok()));
        }),
        Effect::Attach => spawn_local(start::attach()),
        Effect::FeedSince(boot, seq) => spawn_local(async move {
            dispatch(match host::call::<command::FeedSince>(&Since { boot, seq }).await {
                Ok(Missed::Batch(batch)) => Input::Feed(translate::batch(batch)),
                Ok(Missed::Resync) => Input::FeedLost,
                Err(_) => Input::FeedUnanswered,
            });
        }),
        Effect::Acknowledge(boot, seq) => spawn_local(async move {
            // Lost, it costs nothing: the next one covers it.
            let _ = host::call::<command::Acknowledge>(&Since { boot, seq }).await;
        }),
        Effect::RequestFlush => spawn_local(async { dispatch(Input::Flush) }),
        Effect::RequestFrame => browser::before_next_frame(|| dispatch(Input::Frame)),
        Effect::Notify(ids) => observers::notify(&ids),
        Effect::Wake(at) => wake_at(at),
    }
}

fn wake_at(at: Duration) {
    let timer = Timer::after(at.saturating_sub(now()), || dispatch(Input::Wake));
    ALARM.replace(Some(timer));
}

async fn submit(mutations: Vec<Rc<Mutation>>) {
    let ids: Vec<_> = mutations.iter().map(|mutation| mutation.id).collect();
    let request =
        MutateRequest { mutations: mutations.iter().map(|mutation| (**mutation).clone()).collect() };
    let mut reply = host::call::<command::Mutate>(&request).await;
    for _ in 0..SUBMIT_AGAIN {
        // It may have been accepted, and only the answer lost. Sending it twice accepts it once.
        if !matches!(reply, Err(Failure::Internal { .. })) {
            break;
        }
        reply = host::call::<command::Mutate>(&request).await;
    }
    let results = match reply {
        Ok(reply) => reply
            .results
            .into_iter()
            .map(|acceptance| match acceptance {
                Acceptance::Accepted(number) => Ok(number),
                Acceptance::Refused(failure) => Err(failure),
            })
            .collect(),
        Err(failure) => vec![Err::<u64, Failure>(failure); ids.len()],
    };
    dispatch(Input::Submitted(ids.into_iter().zip(results).collect()));
}
