//! Trouble on purpose: every call of the database passes here, and is held up or turned back as the query inspector says.
//!
//! Not the trouble that comes by itself, and nothing that outlives the app.

use std::{io, sync::Arc, time::Duration};

use lockstep_model::{Failure, contract::Disturbance};
use tokio::sync::watch;

/// What stands in the way while it is as if no server could be reached.
pub const OFFLINE: &str = "switched off in the query inspector";

const REFUSED: &str = "failed on purpose from the query inspector";

/// What is done on purpose, as all calls of all connections see it. Cheap to clone.
#[derive(Clone, Default)]
pub struct Disturbing(Arc<watch::Sender<Disturbance>>);

impl Disturbing {
    /// From now on it is so.
    pub fn set(&self, disturbance: Disturbance) {
        self.0.send_replace(disturbance);
    }

    /// What is done, now and from now on: a write that was refused ends what refused it.
    pub fn watch(&self) -> watch::Receiver<Disturbance> {
        self.0.subscribe()
    }

    /// Before every call.
    pub(super) async fn pass(&self) -> io::Result<()> {
        let slow_ms = self.0.borrow().slow_ms;
        if slow_ms > 0 {
            tokio::time::sleep(Duration::from_millis(slow_ms.into())).await;
        }
        if self.0.borrow().offline { Err(io::Error::other(OFFLINE)) } else { Ok(()) }
    }

    /// Before every write: why it is not sent, if so.
    pub(super) fn refuse_write(&self) -> Option<Failure> {
        let refuses = |disturbance: &mut Disturbance| std::mem::take(&mut disturbance.fail_next_write);
        self.0
            .send_if_modified(refuses)
            .then(|| Failure::Rejected { message: REFUSED.into(), fields: Vec::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_write_is_refused_and_the_next_is_not() {
        let disturbing = Disturbing::default();
        assert_eq!(disturbing.refuse_write(), None);
        disturbing.set(Disturbance { fail_next_write: true, slow_ms: 5, ..Disturbance::default() });
        let watch = disturbing.watch();
        let refused = disturbing.refuse_write().map(|failure| failure.to_string());
        assert_eq!(refused.as_deref(), Some(REFUSED));
        assert_eq!(*watch.borrow(), Disturbance { slow_ms: 5, ..Disturbance::default() });
        assert_eq!(disturbing.refuse_write(), None);
    }

    #[tokio::test]
    async fn a_call_waits_as_long_as_is_said_and_is_turned_back_while_offline() {
        let disturbing = Disturbing::default();
        assert!(disturbing.pass().await.is_ok());
        let start = tokio::time::Instant::now();
        disturbing.set(Disturbance { slow_ms: 30, offline: true, ..Disturbance::default() });
        assert_eq!(disturbing.pass().await.map_err(|error| error.to_string()), Err(OFFLINE.to_owned()));
        assert!(start.elapsed() >= Duration::from_millis(30));
    }
}
