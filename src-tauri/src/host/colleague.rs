//! The simulated colleague on the sample workspace: begun and ended by a window, and told to all.

use std::time::Duration;

use lockstep_model::{Failure, contract};
use tokio::sync::watch;

use super::{Host, Input, lock};
use crate::{
    address::Address,
    sample::colleague::{Colleague, MOST_PER_SECOND},
};

/// After a write that failed: the database may be away.
const REST: Duration = Duration::from_secs(1);

impl Host {
    /// The sample workspace is there to be worked on.
    pub(super) fn open_to_colleague(&self, address: &Address) {
        self.0.sample.send_replace(Some(address.clone()));
        if lock(&self.0.colleague).is_none() {
            self.take(Input::Colleague(contract::Colleague::Idle));
        }
    }

    /// Has it make so many edits a second from now on; none ends it.
    ///
    /// # Errors
    /// [`Failure::InvalidInput`] where there is no sample workspace, or for too many.
    pub fn set_colleague(&self, per_second: u32) -> Result<(), Failure> {
        if self.0.sample.borrow().is_none() {
            return Err(Failure::invalid("the simulated colleague works on the sample workspace only"));
        }
        if per_second > MOST_PER_SECOND {
            return Err(Failure::invalid(format!("at most {MOST_PER_SECOND} edits a second")));
        }
        let task =
            (per_second > 0).then(|| self.0.runtime.spawn(work(self.0.sample.subscribe(), per_second)));
        let state = match task {
            Some(_) => contract::Colleague::Working { per_second },
            None => contract::Colleague::Idle,
        };
        if let Some(before) = std::mem::replace(&mut *lock(&self.0.colleague), task) {
            before.abort();
        }
        self.take(Input::Colleague(state));
        Ok(())
    }
}

/// For ever: a database that goes comes back, perhaps at another address.
async fn work(address: watch::Receiver<Option<Address>>, per_second: u32) {
    for number in 0.. {
        let Some(address) = address.borrow().clone() else { return };
        let error = match Colleague::at(&address, number).await {
            Ok(mut colleague) => colleague.work(per_second, || ()).await,
            Err(error) => error,
        };
        log::warn!("the simulated colleague: {}", error.kind);
        tokio::time::sleep(REST).await;
    }
}
