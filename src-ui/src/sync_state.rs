//! In which state a document or one of its fields is, in the words that a person and a test read.
//!
//! Saved shows nothing: only what is not in the database is marked.

use std::rc::Rc;

use lockstep_model::{Action, DocumentId, Failure, Mutation, Path, Value};
use lockstep_query::EntityView;
use lockstep_sync::Lockstep;

/// The state of a document or a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SyncState {
    /// In the database.
    Saved,
    /// On its way.
    Syncing,
    /// Waits for the server.
    Queued,
    /// Refused, and waits for a person.
    Failed,
    /// Somebody else changed it meanwhile, and it waits for a person.
    Conflict,
}

impl SyncState {
    /// As `data-state` has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::Syncing => "syncing",
            Self::Queued => "queued",
            Self::Failed => "failed",
            Self::Conflict => "conflict",
        }
    }

    /// Of a whole document: the state of what is worst off in it.
    pub fn of(view: &EntityView<Lockstep>, id: &DocumentId) -> Self {
        Self::worst(view, id, |_| true)
    }

    /// Of one field.
    pub fn of_field(view: &EntityView<Lockstep>, id: &DocumentId, path: &Path) -> Self {
        Self::worst(view, id, |mutation| changes(mutation, id, path))
    }

    fn worst(view: &EntityView<Lockstep>, id: &DocumentId, concerns: impl Fn(&Mutation) -> bool) -> Self {
        let pending = view
            .pending
            .iter()
            .map(|(mutation, paused)| (mutation, if *paused { Self::Queued } else { Self::Syncing }));
        let failed = view.failed.iter();
        let failed =
            failed.map(|(mutation, failure)| (mutation, Self::of_failure(failure_at(mutation, failure, id))));
        pending
            .chain(failed)
            .filter(|(mutation, _)| concerns(mutation))
            .map(|(_, state)| state)
            .max()
            .unwrap_or(Self::Saved)
    }

    /// Of a mutation that failed so. Of several documents one conflict is enough for a person to have to compare.
    pub fn of_failure(failure: &Failure) -> Self {
        match failure {
            Failure::Conflict { .. } => Self::Conflict,
            Failure::Several { failures }
                if failures.iter().any(|one| Self::of_failure(one) == Self::Conflict) =>
            {
                Self::Conflict
            }
            _ => Self::Failed,
        }
    }
}

/// A failed mutation.
pub type Failed = (Rc<Mutation>, Failure);

/// Why a failed mutation did not change that document.
pub fn failure_at<'a>(mutation: &Mutation, failure: &'a Failure, id: &DocumentId) -> &'a Failure {
    let place = mutation.touches().position(|touched| touched == id);
    place.map_or(failure, |place| failure.of(place))
}

/// The failed mutations that show at this field.
///
/// A failed insert or delete concerns the whole document, and shows at its `first` field only.
pub fn failed_at(view: &EntityView<Lockstep>, id: &DocumentId, path: &Path, first: bool) -> Vec<Failed> {
    let shows = |mutation: &Mutation| match mutation.edit(id).map(|edit| &edit.action) {
        Some(Action::Update(_)) => changes(mutation, id, path),
        Some(Action::Insert(_) | Action::Delete { .. }) => first,
        None => false,
    };
    view.failed.iter().filter(|(mutation, _)| shows(mutation)).cloned().collect()
}

/// What a mutation was to make of a field; `None` where it does not assign it, or removes it.
pub fn target(mutation: &Mutation, id: &DocumentId, path: &Path) -> Option<Value> {
    match &mutation.edit(id)?.action {
        Action::Update(changes) => changes.iter().find(|change| change.path == *path)?.target.clone(),
        Action::Insert(_) | Action::Delete { .. } => None,
    }
}

/// Whether the document is on its way out.
pub fn is_being_deleted(view: &EntityView<Lockstep>, id: &DocumentId) -> bool {
    let deletes = |mutation: &Mutation| {
        mutation.edit(id).is_some_and(|edit| matches!(edit.action, Action::Delete { .. }))
    };
    view.pending.iter().any(|(mutation, _)| deletes(mutation))
}

/// Whether a mutation changes a field. An insert changes all of them.
pub fn changes(mutation: &Mutation, id: &DocumentId, path: &Path) -> bool {
    match mutation.edit(id).map(|edit| &edit.action) {
        Some(Action::Update(changes)) => changes.iter().any(|change| change.path.overlaps(path)),
        Some(Action::Insert(_) | Action::Delete { .. }) => true,
        None => false,
    }
}
