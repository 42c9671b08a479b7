//! Trouble on purpose: from the window that asks for it to the database's calls, and told to all windows.

use lockstep_model::contract::Disturbance;

use super::{Host, Input};

impl Host {
    /// From now on the way to the database is so.
    pub fn disturb(&self, disturbance: Disturbance) {
        self.0.disturbing.set(disturbance);
    }

    /// Tells the windows what is done on purpose, for as long as the host lives.
    pub(super) async fn tell_disturbance(self) {
        let mut disturbing = self.0.disturbing.watch();
        loop {
            let disturbance = *disturbing.borrow_and_update();
            self.take(Input::Disturbed(disturbance));
            if disturbing.changed().await.is_err() {
                return;
            }
        }
    }
}
