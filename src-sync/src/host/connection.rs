//! How host and database stand to each other, as the status bar shows it.

use lockstep_model::{
    Failure, Mutation,
    contract::{Colleague, Disturbance, Link, SyncStatus},
};

#[derive(Debug, Default)]
pub(super) struct Connection {
    server: String,
    /// What destroys has to be confirmed.
    production: bool,
    /// A database was opened in this run.
    pub is_open: bool,
    reachable: bool,
    /// Something stood in the way, or the server answered: it is no longer being opened for the first time.
    tried: bool,
    trouble: Option<Failure>,
    contact_ms: Option<i64>,
    disturbance: Disturbance,
    colleague: Colleague,
    /// Why nothing may be written, if so.
    read_only: Option<String>,
    /// What the windows were told last.
    told: Option<SyncStatus>,
}

impl Connection {
    /// With something that went wrong before there was any connection.
    pub fn new(trouble: Option<Failure>) -> Self {
        Self { trouble, ..Self::default() }
    }

    pub fn is_reachable(&self) -> bool {
        self.is_open && self.reachable
    }

    pub fn trouble(&self) -> Option<&Failure> {
        self.trouble.as_ref()
    }

    pub fn set_server(&mut self, name: String, production: bool) {
        (self.server, self.production) = (name, production);
    }

    /// # Errors
    /// [`Failure::Unconfirmed`] for what destroys something of production and was not confirmed.
    pub fn allows(&self, mutation: &Mutation) -> Result<(), Failure> {
        if !self.production || !mutation.is_destructive() || mutation.is_confirmed() {
            return Ok(());
        }
        Err(Failure::Unconfirmed {
            message: format!(
                "{} is production: the name of the collection has to be typed first",
                self.server
            ),
        })
    }

    pub fn set_trouble(&mut self, failure: Failure) {
        self.trouble = Some(failure);
        self.tried = true;
    }

    pub fn set_preparing(&mut self, message: String) {
        self.trouble = Some(Failure::Unreachable { message });
    }

    pub fn set_disturbance(&mut self, disturbance: Disturbance) {
        self.disturbance = disturbance;
    }

    pub fn set_read_only(&mut self, reason: Option<String>) {
        self.read_only = reason;
    }

    /// Whether edits can be sent.
    pub fn is_writable(&self) -> bool {
        self.is_reachable() && self.read_only.is_none()
    }

    pub fn set_colleague(&mut self, colleague: Colleague) {
        self.colleague = colleague;
    }

    /// Returns whether it is otherwise than before.
    pub fn set_reachable(&mut self, trouble: Option<String>, contact_ms: Option<i64>) -> bool {
        let reachable = trouble.is_none();
        self.contact_ms = contact_ms.or(self.contact_ms);
        self.trouble = trouble.map(|message| Failure::Unreachable { message });
        self.tried = true;
        std::mem::replace(&mut self.reachable, reachable) != reachable
    }

    /// With so many mutations pending and in review.
    pub fn status(&self, polling: bool, (pending, reviews): (u32, u32)) -> SyncStatus {
        let (saving, queued) = if self.is_writable() { (pending, 0) } else { (0, pending) };
        let link = match (self.reachable, polling) {
            (false, _) if !self.tried => Link::Opening,
            (false, _) => Link::Offline,
            (true, true) => Link::Polling,
            (true, false) => Link::Live,
        };
        SyncStatus {
            server: self.server.clone(),
            production: self.production,
            link,
            saving,
            queued,
            reviews,
            contact_ms: self.contact_ms,
            trouble: self.trouble.clone(),
            read_only: self.read_only.clone(),
            disturbance: self.disturbance,
            colleague: self.colleague,
        }
    }

    /// Whether the windows are to hear of this status: more than the time of contact is new.
    pub fn is_news(&mut self, status: &SyncStatus) -> bool {
        let same = |told: &SyncStatus| {
            let contact_ms = told.contact_ms;
            *told == SyncStatus { contact_ms, ..status.clone() }
        };
        if self.told.as_ref().is_some_and(same) {
            return false;
        }
        self.told = Some(status.clone());
        true
    }
}
