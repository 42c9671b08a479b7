//! What always holds, looked at after everything that happens to a window, and what holds at the end.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use lockstep_model::{Key, MutationId, Stamp};
use lockstep_query::{App, EntityView};
use lockstep_sync::{Lockstep, outbox::Kept};

use crate::{
    database::offer,
    machine::Machine,
    text,
    window::OFFERS,
    world::{Broken, MACHINES, WINDOWS, World},
};

impl World {
    /// Something has happened to a window.
    pub fn look_at(&mut self, machine: usize, window: usize) {
        let page = &mut self.machines[machine].windows[window];
        let views: Vec<_> = (1..=OFFERS).map(|number| (number, page.entity(number))).collect();
        let pending =
            views.iter().flat_map(|(_, view)| &view.pending).map(|(mutation, _)| mutation.id).collect();
        let before = std::mem::replace(&mut page.pending, pending);
        let gone: Vec<_> = before.difference(&page.pending).copied().collect();
        if let Some(id) = gone.into_iter().find(|id| !self.has_ended(machine, *id)) {
            self.fail(Broken::Ghost, || {
                format!(
                    "window {machine}.{window}: the layer of {} went, and it has not ended",
                    text::name(id)
                )
            });
        }
        for (number, view) in views {
            self.look_at_document(machine, window, number, view);
        }
    }

    /// Whether its host has decided on it.
    fn has_ended(&self, machine: usize, id: MutationId) -> bool {
        let refused = self.mutations.get(&id).is_some_and(|made| made.refused);
        let host = &self.machines[machine].host;
        refused || self.arrived.contains(&id) && host.pending().all(|layer| layer.mutation.id != id)
    }

    fn look_at_document(&mut self, machine: usize, window: usize, number: i32, view: EntityView<Lockstep>) {
        let id = offer(number);
        let page = &mut self.machines[machine].windows[window];
        let folded = view.pending.iter().fold(view.base.clone(), |document, (mutation, _)| {
            Lockstep::reduce(&id, document.as_ref(), mutation)
        });
        if folded.as_deref() != view.doc.as_deref() {
            let shown = view.doc.clone();
            return self.fail(Broken::Ghost, || {
                format!(
                    "window {machine}.{window}: {number} is not its base with all layers in order: {shown:?}"
                )
            });
        }
        let (Some(base), Some(stamp)) = (view.base, page.store.stamp(&id)) else { return };
        let last = match page.bases.get(&id) {
            Some((known, last)) if Rc::ptr_eq(known, &base) && *last == stamp => return,
            Some((_, last)) => *last,
            None => Stamp::ZERO,
        };
        // Whatever was changed by then is in it.
        let versions = self.versions.get(&id).map_or(&[][..], Vec::as_slice);
        let from = versions.partition_point(|(changed, _)| *changed <= stamp).saturating_sub(1);
        let is_true = versions[from..].iter().any(|(_, version)| version.raw() == base.raw());
        page.bases.insert(id, (base.clone(), stamp));
        if stamp < last || !is_true {
            self.fail(Broken::Diverged, || {
                format!("window {machine}.{window}: {number} as of {stamp:?} came after {last:?}: {base:?}")
            });
        }
    }

    /// Everything has come to rest.
    pub fn look_at_all(&mut self) {
        for machine in 0..MACHINES {
            for window in 0..WINDOWS {
                self.look_at_rest(machine, window);
            }
            self.look_at_disk(machine);
        }
        let ids: Vec<_> = self.mutations.keys().copied().collect();
        ids.into_iter().for_each(|id| self.look_at_mutation(id));
    }

    fn look_at_rest(&mut self, machine: usize, window: usize) {
        let page = &self.machines[machine].windows[window];
        let now = self.now;
        if let Some(id) = page.pending.first() {
            let id = *id;
            return self.fail(Broken::Ghost, || {
                format!("window {machine}.{window}: {} is still pending", text::name(id))
            });
        }
        let mut wrong = None;
        for key in page.observed.values().collect::<BTreeSet<_>>() {
            let differs = match key {
                Key::List(_, query) => {
                    let (rows, expected) = (page.rows(key, now), self.database.list(query));
                    (rows.as_ref() != Some(&expected)).then(|| format!("{rows:?} instead of {expected:?}"))
                }
                Key::Document(id) => {
                    let (shown, expected) = (page.store.entity(id).doc, self.database.get(id));
                    let same = shown.as_ref().map(|document| document.raw())
                        == expected.map(|document| document.raw());
                    (!same).then(|| format!("{shown:?} instead of {expected:?}"))
                }
                _ => None,
            };
            wrong = wrong.or(differs.map(|differs| format!("{}: {differs}", text::key_text(key))));
        }
        if let Some(wrong) = wrong {
            self.fail(Broken::Diverged, || format!("window {machine}.{window}: {wrong}"));
        }
    }

    /// The disk holds what the host has, and nothing else: it would come back at the next start.
    fn look_at_disk(&mut self, machine: usize) {
        let Machine { host, disk, .. } = &self.machines[machine];
        let pending = host.pending().map(|layer| (layer.number, None));
        let known: BTreeMap<_, _> =
            pending.chain(host.reviews().map(|review| (review.number, Some(review.failure)))).collect();
        let (_, entries) = disk.contents();
        let kept: BTreeMap<_, _> = entries
            .into_iter()
            .map(|(number, _, kept)| match kept {
                Kept::Review(failure) => (number, Some(failure)),
                Kept::Queued | Kept::Sending { .. } => (number, None),
            })
            .collect();
        let differs = |number: &&u64| kept.get(*number) != known.get(*number);
        if let Some(number) = kept.keys().chain(known.keys()).find(differs) {
            let (on_disk, in_host) = (kept.get(number), known.get(number));
            self.fail(Broken::Ghost, || {
                format!("machine {machine}: of {number} the disk holds {on_disk:?}, and the host {in_host:?}")
            });
        }
    }

    /// Once in the database, or shown as failed, or never accepted.
    fn look_at_mutation(&mut self, id: MutationId) {
        let made = &self.mutations[&id];
        let Some(mutation) = &made.mutation else { return };
        let disks = || self.machines.iter().map(|machine| &machine.disk);
        let superseded = disks().find_map(|disk| disk.accepted().get(&id).copied());
        let accepted = superseded.is_some();
        let superseded = superseded.flatten().is_some();
        let mut windows = self.machines.iter().flat_map(|machine| &machine.windows);
        let review = windows.find_map(|window| window.review(id));
        let mut wrong = None;
        for (place, edit) in mutation.edits.iter().enumerate() {
            let in_review = review.as_ref().is_some_and(|review| review.edit(&edit.document).is_some());
            let applied = self.database.applied((id, place));
            let done = applied > 0 || self.database.satisfied.contains(&(id, place));
            let unknowable = self.database.unknowable.contains(&(id, place));
            wrong = wrong.or(match (applied, done) {
                // One that arrives late, after somebody has set back just what it changed, nobody can tell from the first.
                (2.., _) if !self.late.contains(&(id, place)) => Some((Broken::Lost, "was applied twice")),
                (_, false) if made.accepted && !accepted => {
                    Some((Broken::Lost, "was accepted and is not on disk"))
                }
                (_, false) if accepted && !in_review && !made.given_up && !superseded => {
                    Some((Broken::Lost, "has vanished"))
                }
                (1.., _) if !accepted => Some((Broken::Ghost, "was not accepted, and is in the database")),
                (1.., _) if in_review && !unknowable => {
                    Some((Broken::Ghost, "is shown as failed, and is in the database"))
                }
                (1.., _)
                    if made.given_up
                        && !made.withdrawn
                        && !made.committed.contains(&place)
                        && !unknowable =>
                {
                    Some((Broken::Ghost, "was shown as failed, and is in the database"))
                }
                _ => None,
            });
        }
        if let Some((broken, what)) = wrong {
            let mutation = mutation.clone();
            self.fail(broken, || format!("{} {what}", text::mutation(&mutation)));
        }
    }
}
